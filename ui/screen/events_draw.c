/* How events look. */
#include "ui/screen/events.h"

#include <stdio.h>

#include "base/json.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

#define TAG_WIDTH   16
#define DELTA_CELLS 8
#define BESIDE	    150 /* columns: the event in full stands beside the log */

/* --- rows --- */

const json_t *events_row(struct events *s, uint64_t at)
{
	const struct feed_row *r = feed_row(&s->feed, at);
	size_t i = at % READ_MAX;
	struct err ignored;

	if (s->read[i].at == at + 1)
		return s->read[i].row;
	json_decref(s->read[i].row);
	s->read[i].row = r ? json_load(slice_mem(r->json, r->n), &ignored) : NULL;
	s->read[i].at = at + 1;
	return s->read[i].row;
}

const json_t *events_selected(struct events *s)
{
	return s->log.total ? events_row(s, s->feed.first + s->log.cursor) : NULL;
}

void events_forget(struct events *s)
{
	for (size_t i = 0; i < READ_MAX; i++) {
		json_decref(s->read[i].row);
		s->read[i].row = NULL;
		s->read[i].at = 0;
	}
}

/* What the line says: the message, or else the data. */
static void message(const json_t *row, struct buf *b)
{
	struct slice text = row_text(row, "message"), type = row_text(row, "type");
	const json_t *data = json_object_get(row, "data");
	struct jw w;

	if (text.n) {
		buf_addslice(b, text);
		return;
	}
	buf_addslice(b, type);
	if (json_object_size(data) == 0)
		return;
	buf_addc(b, ' ');
	jw_init(&w, b);
	jw_json(&w, data);
}

/* "+1.2 s" since the row above. */
static void put_delta(struct events *s, uint64_t n, int64_t at)
{
	int64_t before = n ? row_time(events_row(s, s->feed.first + n - 1), "time") : 0;
	size_t from = s->text.len + 1, used;
	char sign = at < before ? '-' : '+';

	buf_addc(&s->text, ' ');
	if (before && at) {
		buf_addc(&s->text, sign);
		value_span(&s->text, (double)(at < before ? before - at : at - before));
	}
	for (used = s->text.len - from; used < DELTA_CELLS; used++)
		buf_addc(&s->text, ' ');
}

void events_line(void *arg, uint64_t n, struct log_line *l)
{
	struct events *s = arg;
	const json_t *row = events_row(s, s->feed.first + n);
	struct slice severity = row_text(row, "severity"), device = row_text(row, "device");
	const struct feed_row *r = feed_row(&s->feed, s->feed.first + n);
	struct sign sign = sign_of(severity);
	int64_t time = row_time(row, "time");
	size_t at;

	buf_reset(&s->text);
	value_time(&s->text, time, moment_ms());
	if (s->deltas) {
		put_delta(s, n, time);
		row = events_row(s, s->feed.first + n); /* the other may have taken its place */
	}
	at = s->text.len;
	buf_addf(&s->text, "%-5.*s ", SLICE_ARG(severity));
	message(row, &s->text);
	l->time = slice_mem(s->text.p, at);
	l->text = slice_mem(s->text.p + at, s->text.len - at);
	l->sign = sign.glyph;
	l->look = s->st->up ? sign.look : ROLE_DIM;
	l->tag = device.n ? device : row_text(row, "source");
	l->marked = r && events_marked(s, r->number);
}

/* Rows came before the first, or went. */
static uint64_t moved(uint64_t n, int64_t by)
{
	return by < 0 && n < (uint64_t)-by ? 0 : n + (uint64_t)by;
}

void events_sync(struct events *s)
{
	int64_t by = (int64_t)(s->first - s->feed.first);

	s->log.cursor = moved(s->log.cursor, by);
	s->log.top = moved(s->log.top, by);
	s->first = s->feed.first;
	if (!s->feed.tail && s->feed.ready)
		s->log.paused = true;
	loglist_set_total(&s->log, s->feed.total - s->feed.first);
	if (s->feed.landed && s->feed.landed <= s->feed.total) {
		loglist_move_to(&s->log, s->feed.landed - 1 - s->feed.first);
		s->log.paused = true;
	}
	s->feed.landed = 0;
}

/* --- drawing --- */

static void add_count(struct buf *b, double n, const char *what)
{
	value_count(b, n);
	buf_adds(b, what);
}

static struct span count_span(struct events *s, struct buf *b)
{
	bool more = events_count(s);

	if (s->hits)
		add_count(b, (double)s->hit_at, " of ");
	add_count(b, (double)s->hits, s->feed.before || more ? "+" : "");
	buf_adds(b, !s->hunt ? " found" : s->hunt < 0 ? ", looking back ..." : ", looking on ...");
	if (more)
		s->st->dirty(s->st->arg);
	return (struct span){ buf_slice(b), ROLE_MATCH };
}

static void draw_headline(struct events *s, struct term *t, struct rect r)
{
	struct span left[5], right[5];
	struct buf filter, search, found, shown, news;
	size_t n = 0, m = 0;

	buf_init(&filter, 1 << 16);
	buf_init(&search, 1 << 16);
	buf_init(&found, 100);
	buf_init(&shown, 100);
	buf_init(&news, 100);
	left[n++] = (struct span){ slice_of("Events"), ROLE_TITLE };
	if (s->filter) {
		buf_addf(&filter, "filter  %s", s->filter);
		left[n++] = (struct span){ buf_slice(&filter),
			s->feed.refused.class ? ROLE_ERROR : ROLE_ACCENT };
	}
	if (s->pattern) {
		buf_addf(&search, "search  %s", s->pattern);
		left[n++] = (struct span){ buf_slice(&search), ROLE_MATCH };
	}
	if (s->feed.refused.class)
		left[n++] = (struct span){ slice_of(s->feed.refused.text), ROLE_ERROR };
	if (s->n_undo && s->filter)
		left[n++] = (struct span){ slice_of("u undoes"), ROLE_DIM };
	add_count(&shown, (double)s->log.total, s->feed.before ? " and older" : "");
	right[m++] = (struct span){ slice_of(s->log.paused ? "paused" : moment_gone() ?
		"as of then" : "following"), s->log.paused ? ROLE_NOTICE : ROLE_OK };
	if (s->pattern)
		right[m++] = count_span(s, &found);
	right[m++] = (struct span){ buf_slice(&shown), ROLE_LABEL };
	if (s->feed.asking_older)
		right[m++] = (struct span){ slice_of("reading the journal ..."), ROLE_DIM };
	if (s->feed.missed) {
		add_count(&news, (double)s->feed.missed, " no longer in the journal");
		right[m++] = (struct span){ buf_slice(&news), ROLE_WARN };
	}
	line_draw(t, r, 0, left, n, right, m);
	buf_fini(&filter);
	buf_fini(&search);
	buf_fini(&found);
	buf_fini(&shown);
	buf_fini(&news);
}

static void draw_detail(struct events *s, struct term *t, struct rect r, bool beside)
{
	uint64_t at = s->feed.first + s->log.cursor;
	int most;

	if (s->pretty_of != at + 1) {
		pretty_read(&s->pretty, events_row(s, at));
		s->pretty_of = at + 1;
		s->pretty_top = 0;
	}
	most = s->pretty.n > r.rows - 1 ? s->pretty.n - (r.rows - 1) : 0;
	s->pretty_top = s->pretty_top > most ? most : s->pretty_top;
	draw_rule(t, r, 0, slice_of("the event under the cursor"));
	rect_cut_top(&r, 1);
	for (int row = 0; beside && row < r.rows; row++)
		draw_glyph(t, r, row, 0, 0x2502, ROLE_BORDER);
	rect_cut_left(&r, 2);
	pretty_draw(&s->pretty, t, r, s->pretty_top);
}

/* Where there is width, beside the log; else under it. */
static struct rect cut_detail(struct events *s, struct rect *r, bool *beside)
{
	*beside = r->cols >= BESIDE;
	if (!s->detail || !s->log.total || r->rows < 8)
		return (struct rect){ 0 };
	if (*beside)
		return rect_cut_right(r, r->cols * 2 / 5);
	return rect_cut_bottom(r, r->rows * 2 / 5 > 16 ? 16 : r->rows * 2 / 5);
}

static const char *nothing(const struct events *s)
{
	if (s->feed.refused.class)
		return "";
	if (!s->feed.ready || s->feed.asking_older || s->feed.asking_newer)
		return "looking ...";
	return s->filter ? "no event matches the filter yet" : "no events yet";
}

void events_draw(void *state, struct term *t, struct rect r)
{
	struct events *s = state;
	struct rect head = rect_cut_top(&r, 1), detail;
	struct log_lines lines = { .line = events_line, .arg = s };
	bool beside;

	events_sync(s);
	strip_layout(s, &r);
	strip_draw(s, t);
	detail = cut_detail(s, &r, &beside);
	s->log.tag_width = r.cols >= 100 ? TAG_WIDTH + 4 : TAG_WIDTH;
	s->rect = r;
	draw_headline(s, t, head);
	loglist_draw(&s->log, t, r, &lines, s->typing ? s->trial : s->match);
	if (detail.rows)
		draw_detail(s, t, detail, beside);
	if (!s->log.total)
		draw_text(t, r, 1, 2, slice_of(nothing(s)), ROLE_DIM);
}
