#include "ui/memory.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "ui/keep.h"
#include "ui/shell.h"

#define QUIET_MS 2000 /* so long a change waits for others before it is written */

/* Actions that say how a screen looks; in this order a window is asked for but once. */
static const char *const choices[] = { "filter", "group", "columns", "sort" };

/* --- a page --- */

static struct slice chosen(const struct page *p, const char *what)
{
	const struct screen *sc = p->screen;

	if (!page_action(p, slice_of(what)))
		return slice_of("");
	if (sc->chosen)
		return sc->chosen(p->state, what);
	return sc->current ? sc->current(p->state, what) : slice_of("");
}

json_t *memory_chosen(const struct page *p)
{
	json_t *o = json_object();

	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		struct slice v = chosen(p, choices[i]);

		if (v.n && v.n < PROMPT_MAX)
			json_object_set_new(o, choices[i], json_stringn(v.p, v.n));
	}
	if (json_object_size(o))
		return o;
	json_decref(o);
	return NULL;
}

void memory_choose(const struct page *p, const json_t *o)
{
	struct err ignored;

	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		const struct action *a = page_action(p, slice_of(choices[i]));
		struct slice want = slice_of(json_str(o, choices[i], ""));

		if (a && want.n < PROMPT_MAX && !slice_eq(want, chosen(p, choices[i])))
			a->run(p->state, want, &ignored);
	}
}

void memory_restore(struct shell *s, struct page *p)
{
	const json_t *o = json_object_get(s->memory.screens, p->screen->name);

	if (o)
		memory_choose(p, o);
}

/* --- reading --- */

static void learn_lines(struct prompt *p, const json_t *lines)
{
	size_t i;
	json_t *v;

	json_array_foreach(lines, i, v)
		if (json_is_string(v) && json_string_length(v) < PROMPT_MAX)
			prompt_remember(p, slice_of(json_string_value(v)));
}

/* Of screens that are not there (any more) nothing is kept. */
static void learn_screens(struct memory *m, const json_t *all)
{
	for (size_t i = 0; screens[i]; i++) {
		json_t *o = json_object_get(all, screens[i]->name);

		if (json_is_object(o))
			json_object_set(m->screens, screens[i]->name, o);
	}
}

void memory_open(struct shell *s)
{
	struct memory *m = &s->memory;
	const char *context = s->spec.title ? s->spec.title : "default";
	struct err e;
	json_t *j;

	m->screens = json_object();
	if (!s->spec.keep || !config_name_ok(context))
		return;
	m->path = xasprintf("%s/%s.json", s->spec.keep, context);
	j = keep_read(m->path, &e);
	if (!j && e.class != ERR_NONE) {
		err_prefix(&e, "ignored");
		shell_say(s, ROLE_WARN, e.text);
		return;
	}
	m->screen = xstrdup(json_str(j, "screen", ""));
	learn_screens(m, json_object_get(j, "screens"));
	learn_lines(&s->command, json_object_get(j, "commands"));
	learn_lines(&s->line, json_object_get(j, "lines"));
	json_decref(j);
}

void memory_fini(struct memory *m)
{
	json_decref(m->screens);
	free(m->path);
	free(m->screen);
	free(m->written);
	*m = (struct memory){ 0 };
}

/* --- writing --- */

static void note_screens(struct shell *s)
{
	for (size_t i = 0; i < s->n_tabs; i++) {
		const struct page *p = s->tabs[i].top;
		json_t *o;

		while (p && p->below)
			p = p->below;
		if (!p)
			continue; /* not opened: as it was */
		o = memory_chosen(p);
		if (o)
			json_object_set_new(s->memory.screens, p->screen->name, o);
		else
			json_object_del(s->memory.screens, p->screen->name);
	}
}

static void put_lines(struct jw *w, const char *key, const struct prompt *p)
{
	jw_key(w, key);
	jw_array(w);
	for (size_t i = 0; i < p->n_history; i++)
		jw_str(w, slice_of(p->history[i]));
	jw_end(w);
}

static void put_all(struct shell *s, struct buf *b)
{
	struct jw w;

	note_screens(s);
	jw_init(&w, b);
	jw_object(&w);
	jw_key(&w, "screen"), jw_str(&w, slice_of(s->tabs[s->on].screen->name));
	jw_key(&w, "screens"), jw_json(&w, s->memory.screens);
	put_lines(&w, "commands", &s->command);
	put_lines(&w, "lines", &s->line);
	jw_end(&w);
	buf_addc(b, '\n');
}

void memory_save(struct shell *s)
{
	struct memory *m = &s->memory;
	struct err e;
	struct buf b;

	m->touched_ms = 0;
	if (!m->path || !s->opened)
		return;
	buf_init(&b, KEEP_BYTES);
	put_all(s, &b);
	if (b.full || (m->written && strcmp(m->written, b.p) == 0))
		goto out;
	if (keep_write(m->path, buf_slice(&b), &e) < 0) {
		err_prefix(&e, "what you do here is not remembered");
		shell_say(s, ROLE_WARN, e.text);
		free(m->path);
		m->path = NULL; /* told once */
	}
	free(m->written);
	m->written = buf_steal(&b);
out:
	buf_fini(&b);
}

void memory_touch(struct shell *s)
{
	if (!s->memory.touched_ms)
		s->memory.touched_ms = clock_mono_ms();
}

void memory_tick(struct shell *s, int64_t now_ms)
{
	if (s->memory.touched_ms && now_ms - s->memory.touched_ms >= QUIET_MS)
		memory_save(s);
}
