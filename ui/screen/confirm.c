#include "ui/screen/confirm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/alerts.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"

struct confirm {
	struct list list;
	char *what, *line, *names;
	size_t targets;
	bool open; /* whatever matches a filter */
};

static const struct list_col cols[] = {
	{ "name", "NAME", SHOW_TEXT, .min = 14, .want = 20, .grow = 1, .pinned = true },
	{ "network", "NETWORK", SHOW_TEXT, .min = 7, .want = 10 },
	{ "site", "SITE", SHOW_TEXT, .min = 5, .want = 8 },
	{ "status", "STATUS", SHOW_WORD, .min = 10, .want = 10 },
	{ "health", "HEALTH", SHOW_PERCENT, .min = 6, .want = 6 },
	{ "last_seen", "AGE", SHOW_AGE, .min = 6, .want = 6 },
	{ "reason", "REASON", SHOW_TEXT, .min = 8, .want = 20, .grow = 1 },
};

static const struct list_spec devices = { .kind = "devices", .id = "id",
	.empty = "none of them is there" };

/* --- asking --- */

static void put_targets(struct jw *w, const struct marks *targets)
{
	jw_key(w, "targets"), jw_array(w);
	for (size_t i = 0; i < targets->n; i++)
		jw_str(w, slice_of(targets->ids[i]));
	jw_end(w);
}

void confirm_ask(struct stage *st, const struct question *q)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 4 << 20);
	buf_adds(&b, "confirm ");
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "what"), jw_str(&w, slice_of(q->what));
	jw_key(&w, "run"), jw_str(&w, slice_of(q->line));
	jw_key(&w, "kind"), jw_str(&w, slice_of(q->kind));
	if (q->filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(q->filter));
	else
		put_targets(&w, q->targets);
	jw_end(&w);
	st->run(st->arg, b.p);
	buf_fini(&b);
}

static void read_targets(struct confirm *s, const json_t *targets)
{
	struct buf b;
	size_t i;
	json_t *v;

	buf_init(&b, 4 << 20);
	json_array_foreach(targets, i, v)
		if (json_is_string(v))
			buf_addf(&b, "%s%s", s->targets++ ? "," : "", json_string_value(v));
	s->names = buf_steal(&b);
	buf_fini(&b);
}

static void use_columns(struct confirm *s, const json_t *o, struct stage *st)
{
	bool alerts = strcmp(json_str(o, "kind", ""), "alerts") == 0;

	list_init(&s->list, alerts ? &alerts_spec : &devices, st, s);
	list_columns(&s->list, alerts ? alerts_cols : cols,
		alerts ? ALERTS_COLS : (int)ARRAY_LEN(cols));
}

static int confirm_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct confirm *s = state;
	json_t *o = json_load(arg.n ? arg : slice_of("null"), e);
	const char *filter = json_str(o, "filter", "");

	use_columns(s, o, st);
	s->what = xstrdup(json_str(o, "what", ""));
	s->line = xstrdup(json_str(o, "run", ""));
	s->open = *filter;
	if (s->open)
		list_fix(&s->list, filter);
	read_targets(s, json_object_get(o, "targets"));
	if (!s->open)
		s->list.only = s->names;
	json_decref(o);
	if (*s->what && *s->line && (s->targets || s->open))
		return 0;
	return err_set(e, ERR_USAGE, "confirm: what, what to run and its targets, as JSON");
}

static void confirm_close(void *state)
{
	struct confirm *s = state;

	list_fini(&s->list);
	free(s->what);
	free(s->line);
	free(s->names);
}

/* --- the page --- */

static void put_count(struct confirm *s, char *out, size_t size)
{
	size_t here = list_matched(&s->list), all = s->open ? here : s->targets;

	snprintf(out, size, list_ready(&s->list) && here < all ? "%zu targets, %zu of them gone"
							       : "%zu targets", all, all - here);
}

static void confirm_draw(void *state, struct term *t, struct rect r)
{
	struct confirm *s = state;
	struct rect head = rect_cut_top(&r, 2);
	char text[200];

	snprintf(text, sizeof(text), "%.150s?", s->what);
	draw_field(t, head, 0, 1, head.cols / 2, slice_of(text), ROLE_WARN, ALIGN_LEFT);
	put_count(s, text, sizeof(text));
	draw_field(t, head, 0, head.cols / 2 + 1, head.cols / 2 - 2, slice_of(text), ROLE_LABEL,
		ALIGN_RIGHT);
	list_draw(&s->list, t, r);
}

/* This page is gone when it comes back from "back". */
static int act_yes(void *state, struct slice arg, struct err *e)
{
	struct confirm *s = state;
	struct stage *st = s->list.st;
	char *line = xstrdup(s->line);

	if (!s->open && !list_matched(&s->list)) {
		free(line);
		return err_set(e, ERR_NO, "none of the targets is there");
	}
	st->run(st->arg, "back");
	st->run(st->arg, line);
	free(line);
	return 0;
}

static const struct action actions[] = {
	{ "yes", "", "do it", .run = act_yes, .acts = true },
	{ 0 },
};

const struct screen screen_confirm = {
	.name = "confirm", .title = "Confirm", .args = "JSON",
	.help = "what is about to be done, and to what", .keys = "confirm",
	.state_size = sizeof(struct confirm), .actions = { list_moves, actions },
	.open = confirm_open, .close = confirm_close, .show = list_show, .draw = confirm_draw,
	.tick = list_tick, .mouse = list_mouse,
};
