/* Which events are shown: filters that narrow by what is under the cursor; marks; copies. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/events.h"
#include "ui/screen/value.h"

int events_set_filter(struct events *s, struct slice text)
{
	char *filter = text.n ? xmemdup0(text.p, text.n) : NULL; /* may be s->filter itself */

	free(s->filter);
	s->filter = filter;
	events_stay(s);
	strip_reset(s);
	return 0;
}

static void remember(struct events *s)
{
	if (s->n_undo == EVENTS_UNDOS) {
		free(s->undo[0]);
		memmove(s->undo, s->undo + 1, sizeof(s->undo) - sizeof(s->undo[0]));
		s->n_undo--;
	}
	s->undo[s->n_undo++] = s->filter ? xstrdup(s->filter) : NULL;
}

static int act_filter(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	if (!slice_is(arg, s->filter ? s->filter : ""))
		remember(s);
	return events_set_filter(s, arg);
}

bool events_undo_filter(struct events *s)
{
	char *before;

	if (!s->n_undo)
		return false;
	before = s->undo[--s->n_undo];
	events_set_filter(s, slice_of(before ? before : ""));
	free(before);
	return true;
}

static int act_unfilter(void *state, struct slice arg, struct err *e)
{
	return events_undo_filter(state) ? 0 : err_set(e, ERR_NO, "no filter before this one");
}

/* --- in and out --- */

static const char *const fields[] = { "type", "device", "source", "severity", "network", "subject",
	"message" };

/* The field named, or the one that says most of the row. */
static const char *field_of(const json_t *row, struct slice arg, struct err *e)
{
	if (!arg.n)
		return row_text(row, "device").n ? "device" : "source";
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (slice_is(arg, fields[i]))
			return fields[i];
	err_set(e, ERR_USAGE, "'%.*s' is none of type, device, source, severity, network, subject, "
		"message", SLICE_ARG(arg));
	return NULL;
}

/* What stands there is kept whole, whatever binds its words. */
static void add_before(struct buf *b, const char *filter)
{
	bool loose;
	char *low;

	if (!filter)
		return;
	low = xstrdup(filter);
	for (char *p = low; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	loose = strstr(low, "or") != NULL;
	buf_addf(b, loose ? "(%s) and " : "%s and ", filter);
	free(low);
}

static int narrow(struct events *s, struct slice arg, bool in, struct err *e)
{
	const json_t *row = events_selected(s);
	const char *field = row ? field_of(row, arg, e) : NULL;
	struct slice value;
	struct buf b;

	if (!row)
		return err_set(e, ERR_NO, "no event is under the cursor");
	if (!field)
		return -1;
	value = row_text(row, field);
	if (!value.n)
		return err_set(e, ERR_NO, "this event has no %s", field);
	buf_init(&b, 1 << 16);
	add_before(&b, s->filter);
	buf_adds(&b, in ? "" : "not ");
	filter_add(&b, field, "=", value);
	remember(s);
	events_set_filter(s, buf_slice(&b));
	buf_fini(&b);
	return 0;
}

static int act_in(void *state, struct slice arg, struct err *e)
{
	return narrow(state, arg, true, e);
}

static int act_out(void *state, struct slice arg, struct err *e)
{
	return narrow(state, arg, false, e);
}

/* --- marks --- */

static int mark_of(const struct events *s, uint64_t number)
{
	for (int i = 0; i < s->n_marks; i++)
		if (s->marks[i] == number)
			return i;
	return -1;
}

bool events_marked(const struct events *s, uint64_t number)
{
	return s->n_marks && mark_of(s, number) >= 0;
}

static uint64_t number_here(struct events *s)
{
	const struct feed_row *r = feed_row(&s->feed, s->feed.first + s->log.cursor);

	return r ? r->number : 0;
}

static int act_mark(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	uint64_t n = number_here(s);
	int i = mark_of(s, n);

	if (!n)
		return err_set(e, ERR_NO, "no event is under the cursor");
	if (i >= 0)
		s->marks[i] = s->marks[--s->n_marks];
	else if (s->n_marks == EVENTS_MARKS)
		return err_set(e, ERR_REFUSED, "%d marks are the most", EVENTS_MARKS);
	else
		s->marks[s->n_marks++] = n;
	if (i < 0)
		loglist_follow(&s->log, false); /* it is to stay in sight */
	return 0;
}

/* The next older one, and from the oldest the newest. */
static int act_next_mark(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	uint64_t here = number_here(s), best = 0, newest = 0;

	for (int i = 0; i < s->n_marks; i++) {
		if (s->marks[i] < here && s->marks[i] > best)
			best = s->marks[i];
		newest = s->marks[i] > newest ? s->marks[i] : newest;
	}
	if (!newest)
		return err_set(e, ERR_NO, "nothing is marked");
	events_jump(s, best ? best : newest, 0);
	return 0;
}

/* --- copies --- */

static void copy(struct events *s, struct slice text)
{
	char *line = xasprintf("copy %.*s", SLICE_ARG(text));

	s->st->run(s->st->arg, line);
	free(line);
}

static int act_copy_message(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	const json_t *row = events_selected(s);
	struct slice text = row_text(row, "message");

	if (!row)
		return err_set(e, ERR_NO, "no event is under the cursor");
	copy(s, text.n ? text : row_text(row, "type"));
	return 0;
}

static int act_copy_row(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	const json_t *row = events_selected(s);
	struct buf b;
	struct jw w;

	if (!row)
		return err_set(e, ERR_NO, "no event is under the cursor");
	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_json(&w, row);
	copy(s, buf_slice(&b));
	buf_fini(&b);
	return 0;
}

const struct action events_filters[] = {
	{ "filter", "EXPR", "only events that match, as `depinctl events --filter`", .run = act_filter },
	{ "unfilter", "", "the filter before", .run = act_unfilter },
	{ "filter-in", "[FIELD]", "only events with the same type, device, source, severity, network, "
				  "subject or message", .run = act_in },
	{ "filter-out", "[FIELD]", "no events with the same type, device, source ...", .run = act_out },
	{ "mark", "", "mark or unmark the event", .run = act_mark },
	{ "next-mark", "", "to the next mark", .run = act_next_mark },
	{ "copy-message", "", "the message into the terminal's clipboard", .run = act_copy_message },
	{ "copy-row", "", "the event as JSON into the terminal's clipboard", .run = act_copy_row },
	{ 0 },
};
