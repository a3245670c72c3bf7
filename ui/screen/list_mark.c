/* Rows of a list picked by hand, or by a filter. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/list_in.h"
#include "ui/screen/value.h"

#define REACH 3000 /* rows between the two ends of a range */

static struct slice id_at(struct list *l, uint64_t n)
{
	return row_text(list_row(l, n), l->spec->id);
}

static int full(struct err *e)
{
	return err_set(e, ERR_REFUSED, "%d rows are marked: no more fit", MARKS_MAX);
}

/* --- all that match --- */

static void on_ids(void *arg, const json_t *answer, const struct err *e)
{
	struct list *l = arg;
	double matched = row_num(answer, "matched");
	const json_t *rows = json_object_get(answer, "rows");
	char text[128];
	size_t i;
	json_t *row;

	json_array_foreach(rows, i, row) {
		struct slice id = row_text(row, l->spec->id);

		if (id.n && !marks_add(&l->marks, id))
			break;
	}
	if (answer)
		snprintf(text, sizeof(text), "%zu marked%s", l->marks.n,
			matched > (double)i ? ", not all that match: no more fit" : "");
	l->st->say(l->st->arg, answer ? text : e->text);
}

static int mark_matching(struct list *l, struct slice filter, struct err *e)
{
	struct buf b;
	struct jw w;

	if (!l->st->up)
		return err_set(e, ERR_UNREACH, "no line to the collector");
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of(l->spec->kind));
	jw_key(&w, "filter"), jw_str(&w, filter);
	jw_key(&w, "fields"), jw_array(&w), jw_str(&w, slice_of(l->spec->id)), jw_end(&w);
	jw_key(&w, "limit"), jw_i64(&w, MARKS_MAX);
	jw_end(&w);
	asker_call(&l->asker, l->st->client, "query", buf_slice(&b), on_ids, l);
	buf_fini(&b);
	return 0;
}

/* --- one --- */

/* A group stands for all in it. */
static int mark_members(struct list *l, struct err *e)
{
	char *filter = l->spec->members ? l->spec->members(l->arg, list_selected(l)) : NULL;
	int rc;

	if (!filter)
		return err_set(e, ERR_NO, "what is in this group cannot be marked at once");
	rc = mark_matching(l, slice_of(filter), e);
	free(filter);
	return rc;
}

static int mark_one(struct list *l, struct err *e)
{
	struct slice id = row_text(list_selected(l), l->spec->id);

	if (!id.n)
		return err_set(e, ERR_NO, "nothing under the cursor to mark");
	if (l->by)
		return mark_members(l, e);
	if (marks_has(&l->marks, id))
		marks_remove(&l->marks, id);
	else if (!marks_add(&l->marks, id))
		return full(e);
	free(l->marked_last);
	l->marked_last = xmemdup0(id.p, id.n);
	list_hold(l);
	table_move(&l->table, 1);
	list_select(l, true);
	list_mind_window(l);
	return 0;
}

static int act_mark(void *state, struct slice arg, struct err *e)
{
	return arg.n ? mark_matching(state, arg, e) : mark_one(state, e);
}

/* The one under the cursor stays there, whatever comes meanwhile and whatever is done to it. */
void list_meant(struct list *l, struct marks *ids)
{
	struct slice id = row_text(list_selected(l), l->spec->id);

	for (size_t i = 0; i < l->marks.n; i++)
		marks_add(ids, slice_of(l->marks.ids[i]));
	if (ids->n || !id.n || l->by)
		return;
	marks_add(ids, id);
	list_hold(l);
	list_select(l, true);
}

/* --- from there to here --- */

static bool find(struct list *l, struct slice id, uint64_t *at)
{
	uint64_t from = l->table.cursor > REACH ? l->table.cursor - REACH : 0;

	for (*at = from; *at <= l->table.cursor + REACH && *at < l->table.total; ++*at)
		if (slice_eq(id_at(l, *at), id))
			return true;
	return false;
}

static int act_mark_range(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	uint64_t at, to = l->table.cursor;

	if (l->by || !l->marked_last || !find(l, slice_of(l->marked_last), &at))
		return err_set(e, ERR_NO, "mark the other end first, not far from here");
	if (at > to) {
		uint64_t swap = at;

		at = to;
		to = swap;
	}
	list_hold(l);
	for (; at <= to; at++)
		if (id_at(l, at).n && !marks_add(&l->marks, id_at(l, at)))
			return full(e);
	return 0;
}

static int act_unmark(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;

	if (!l->marks.n)
		return err_set(e, ERR_NO, "nothing is marked");
	marks_fini(&l->marks);
	free(l->marked_last);
	l->marked_last = NULL;
	return 0;
}

/* Their ids, on one line; without marks the row under the cursor. */
static int act_copy_marks(void *state, struct slice arg, struct err *e)
{
	struct list *l = state;
	struct buf line;

	buf_init(&line, 1 << 20);
	buf_adds(&line, "copy");
	for (size_t i = 0; i < l->marks.n; i++)
		buf_addf(&line, " %s", l->marks.ids[i]);
	l->st->run(l->st->arg, line.p);
	buf_fini(&line);
	return 0;
}

const struct action list_marks[] = {
	{ "mark", "[FILTER]", "mark the row under the cursor or take its mark; or all that match",
		.run = act_mark },
	{ "mark-range", "", "mark all from the row marked last to this one", .run = act_mark_range },
	{ "copy-marks", "", "the ids marked into the clipboard; none marked: the row, as copy",
		.run = act_copy_marks },
	{ "unmark", "", "take all marks away", .run = act_unmark },
	{ 0 },
};
