/* How events look. */
#include "ui/screen/events.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

#define TAG_WIDTH 16

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

void events_line(void *arg, uint64_t n, struct log_line *l)
{
	struct events *s = arg;
	const json_t *row = events_row(s, s->feed.first + n);
	struct slice severity = row_text(row, "severity"), device = row_text(row, "device");
	struct sign sign = sign_of(severity);
	size_t at;

	buf_reset(&s->text);
	value_time(&s->text, row_time(row, "time"), clock_wall_ms());
	at = s->text.len;
	buf_addf(&s->text, "%-5.*s ", SLICE_ARG(severity));
	message(row, &s->text);
	l->time = slice_mem(s->text.p, at);
	l->text = slice_mem(s->text.p + at, s->text.len - at);
	l->sign = sign.glyph;
	l->look = s->st->up ? sign.look : ROLE_DIM;
	l->tag = device.n ? device : row_text(row, "source");
}

/* The numbers of the log move when old rows are dropped. */
void events_sync(struct events *s)
{
	uint64_t gone = s->feed.first >= s->first ? s->feed.first - s->first : 0;

	s->log.cursor = s->log.cursor > gone ? s->log.cursor - gone : 0;
	s->log.top = s->log.top > gone ? s->log.top - gone : 0;
	s->first = s->feed.first;
	loglist_set_total(&s->log, s->feed.total - s->feed.first);
}

/* --- drawing --- */

static void draw_headline(struct events *s, struct term *t, struct rect r)
{
	struct span left[4], right[3];
	char filter[400], shown[64], search[200], news[80];
	size_t n = 0, m = 0;
	struct buf b;

	left[n++] = (struct span){ slice_of("Events"), ROLE_TITLE };
	if (s->filter) {
		snprintf(filter, sizeof(filter), "filter  %s", s->filter);
		left[n++] = (struct span){ slice_of(filter),
			s->feed.refused.class ? ROLE_ERROR : ROLE_ACCENT };
	}
	if (s->pattern) {
		snprintf(search, sizeof(search), "search  %s", s->pattern);
		left[n++] = (struct span){ slice_of(search), ROLE_MATCH };
	}
	if (s->feed.refused.class)
		left[n++] = (struct span){ slice_of(s->feed.refused.text), ROLE_ERROR };
	buf_init(&b, 64);
	value_count(&b, (double)s->log.total);
	snprintf(shown, sizeof(shown), "%s", b.p);
	right[m++] = (struct span){ slice_of(s->log.paused ? "paused" : "following"),
		s->log.paused ? ROLE_NOTICE : ROLE_OK };
	right[m++] = (struct span){ slice_of(shown), ROLE_LABEL };
	if (s->feed.missed) {
		buf_reset(&b);
		value_count(&b, (double)s->feed.missed);
		snprintf(news, sizeof(news), "%s no longer in the journal", b.p);
		right[m++] = (struct span){ slice_of(news), ROLE_WARN };
	}
	line_draw(t, r, 0, left, n, right, m);
	buf_fini(&b);
}

static void draw_detail(struct events *s, struct term *t, struct rect r)
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
	rect_cut_left(&r, 2);
	pretty_draw(&s->pretty, t, r, s->pretty_top);
}

void events_draw(void *state, struct term *t, struct rect r)
{
	struct events *s = state;
	struct rect head = rect_cut_top(&r, 1), detail = { 0 };
	struct log_lines lines = { .line = events_line, .arg = s };

	s->log.tag_width = r.cols >= 100 ? TAG_WIDTH + 4 : TAG_WIDTH;
	draw_headline(s, t, head);
	if (s->detail && s->log.total && r.rows >= 8)
		detail = rect_cut_bottom(&r, r.rows * 2 / 5 > 16 ? 16 : r.rows * 2 / 5);
	s->rect = r;
	events_sync(s);
	loglist_draw(&s->log, t, r, &lines, s->typing ? s->trial : s->match);
	if (detail.rows)
		draw_detail(s, t, detail);
	if (!s->log.total)
		draw_text(t, r, 1, 2, slice_of(s->filter ? "no event matches the filter yet"
							 : "no events yet"), ROLE_DIM);
}
