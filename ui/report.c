/* :report, what a bug report needs: the screen, the version, the terminal, the sources' state. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "ui/keep.h"
#include "ui/shell.h"
#include "ui/term/picture.h"

#define REPORT_MAX (1 << 20)

/* --- its parts --- */

static void put_terminal(const struct shell *s, struct buf *b)
{
	static const char *const vars[] = { "TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE",
		"NO_COLOR" };
	struct term_stats st;
	int rows, cols;

	term_size(s->spec.term, &rows, &cols);
	term_stats(s->spec.term, &st);
	buf_addf(b, "terminal: %dx%d, depth %d, glyphs %d, rtt %d ms, %llu frames, %llu skipped%s\n",
		cols, rows, (int)term_depth(s->spec.term), (int)term_glyphs(s->spec.term), st.rtt_ms,
		(unsigned long long)st.frames, (unsigned long long)st.skipped,
		st.silent ? ", silent" : "");
	for (size_t i = 0; i < ARRAY_LEN(vars); i++)
		if (getenv(vars[i]))
			buf_addf(b, "%s=%.80s\n", vars[i], getenv(vars[i]));
	buf_addf(b, "TMUX or STY: %s, SSH: %s\n", getenv("TMUX") || getenv("STY") ? "yes" : "no",
		getenv("SSH_CONNECTION") ? "yes" : "no");
}

static void put_screen(struct shell *s, struct buf *b)
{
	struct picture picture = { .theme = &s->theme, .title = "", .form = PICTURE_TEXT };

	s->news[0] = '\0';
	shell_draw(s);
	s->dirty = true;
	picture.grid = term_grid(s->spec.term);
	picture_draw(&picture, b);
}

static void put_head(struct shell *s, struct buf *b)
{
	const struct page *p = shell_page(s);
	struct jw w;

	buf_adds(b, "depinctl " DEPINCTL_VERSION "\ntime: ");
	jw_init(&w, b);
	jw_time(&w, clock_wall_ms());
	buf_addf(b, "\nscreen: %s\nline: %s\n", p ? p->screen->name : "none",
		s->stage.up ? "up" : s->down.text);
	put_terminal(s, b);
	buf_adds(b, "\n--- the screen ---\n");
	put_screen(s, b);
}

/* --- the file --- */

static void finish(struct shell *s)
{
	char *path = xasprintf("%s/report-%lld.txt", s->spec.keep, (long long)clock_wall_ms());
	char news[480];
	struct err e;

	if (keep_write(path, buf_slice(&s->report), &e) < 0) {
		shell_say(s, ROLE_ERROR, e.text);
	} else {
		snprintf(news, sizeof(news), "written: %.440s; read it before you send it", path);
		shell_say(s, ROLE_NOTICE, news);
	}
	free(path);
	buf_fini(&s->report);
	s->report = (struct buf){ 0 };
}

static void on_sources(void *arg, const json_t *answer, const struct err *e)
{
	struct shell *s = arg;
	const json_t *row;
	struct jw w;
	size_t i;

	buf_adds(&s->report, "\n--- the sources ---\n");
	if (!answer)
		buf_addf(&s->report, "not known: %s\n", e->text);
	json_array_foreach(json_object_get(answer, "rows"), i, row) {
		jw_init(&w, &s->report);
		jw_json(&w, row);
		buf_addc(&s->report, '\n');
	}
	finish(s);
}

int cmd_report(struct shell *s, struct slice arg, struct err *e)
{
	/* no addresses: they may hold a token */
	static const char fields[] = "{\"kind\":\"sources\",\"limit\":200,"
		"\"fields\":\"name,kind,state,lag_ms,rate,drops,gaps,duplicates,bad,since\"}";

	if (!s->spec.keep)
		return err_set(e, ERR_NO, "nothing is written here: no state folder");
	if (s->report.p)
		return err_set(e, ERR_NO, "a report is being written");
	buf_init(&s->report, REPORT_MAX);
	put_head(s, &s->report);
	if (s->stage.up)
		asker_call(&s->asker, s->stage.client, "query", slice_of(fields), on_sources, s);
	else
		finish(s);
	return 0;
}
