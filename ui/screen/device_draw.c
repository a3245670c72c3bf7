/* How one device looks. */
#include <math.h>
#include <stdio.h>

#include "ui/screen/alerts.h"
#include "ui/screen/device.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define WIDE	   100 /* from here on the plots stand beside the values */
#define ALERTS_MAX 3

/* --- who it is --- */

static int put_age(struct device *s, struct term *t, struct rect r, int row, int at,
	const char *what, const char *field)
{
	int64_t then = row_time(s->row, field);
	struct buf b;

	if (!then)
		return at;
	buf_init(&b, 64);
	value_age(&b, moment_ms() - then);
	at += draw_text(t, r, row, at, slice_of(what), ROLE_LABEL) + 1;
	at += draw_text(t, r, row, at, buf_slice(&b), ROLE_TEXT) + 2;
	buf_fini(&b);
	return at;
}

static void draw_identity(struct device *s, struct term *t, struct rect r)
{
	static const char *const names[] = { "network", "kind", "site", "firmware", "source" };
	struct slice status = row_text(s->row, "status");
	struct sign sign = sign_of(status);
	int at = 1;

	at += draw_text(t, r, 0, at, row_text(s->row, "name"), ROLE_TITLE) + 2;
	draw_glyph(t, r, 0, at, sign.glyph, s->st->up ? sign.look : ROLE_DIM);
	at += 2 + draw_text(t, r, 0, at + 2, status, s->st->up ? sign.look : ROLE_DIM) + 1;
	at = put_age(s, t, r, 0, at, "for", "since");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct slice v = row_text(s->row, names[i]);

		if (!v.n)
			continue;
		at += draw_text(t, r, 0, at, slice_of(names[i]), ROLE_LABEL) + 1;
		at += draw_text(t, r, 0, at, v, ROLE_TEXT) + 2;
	}
}

static void draw_state(struct device *s, struct term *t, struct rect r)
{
	double health = row_num(s->row, "health"), lat = row_num(s->row, "lat");
	struct slice reason = row_text(s->row, "reason");
	char text[80];
	int at = 1;

	at = put_age(s, t, r, 1, at, "last seen", "last_seen");
	if (!isnan(health)) {
		snprintf(text, sizeof(text), "%.0f %%", health);
		at += draw_text(t, r, 1, at, slice_of("health"), ROLE_LABEL) + 1;
		at += draw_text(t, r, 1, at, slice_of(text),
			      percent_look(health)) + 2;
	}
	if (!isnan(lat)) {
		snprintf(text, sizeof(text), "%.4f, %.4f", lat, row_num(s->row, "lon"));
		at += draw_text(t, r, 1, at, slice_of("at"), ROLE_LABEL) + 1;
		at += draw_text(t, r, 1, at, slice_of(text), ROLE_TEXT) + 2;
	}
	if (reason.n) {
		at += draw_text(t, r, 1, at, slice_of("because"), ROLE_LABEL) + 1;
		draw_field(t, r, 1, at, r.cols - at - 1, reason, ROLE_WARN, ALIGN_LEFT);
	}
}

/* --- what is wrong with it --- */

/* What is over is among the events. */
static bool is_open(const json_t *alert)
{
	return !slice_is(row_text(alert, "state"), "resolved");
}

static int open_alerts(const struct device *s)
{
	size_t i;
	json_t *a;
	int n = 0;

	json_array_foreach(json_object_get(s->answer, "alerts"), i, a)
		n += is_open(a);
	return n < ALERTS_MAX ? n : ALERTS_MAX;
}

/* "▲ warn  active  5 min  thermal throttling  3 devices at fra-2", or who takes care of it. */
static void draw_alert(struct device *s, struct term *t, struct rect r, int row, const json_t *a)
{
	bool calm = alert_calm(a) || !s->st->up;
	struct slice severity = row_text(a, "severity"), by = row_text(a, "by"), note = row_text(a, "note");
	struct sign sign = sign_of(severity);
	uint16_t look = calm ? ROLE_DIM : sign.look;
	int at = 3;
	struct buf b;

	buf_init(&b, 4096);
	draw_glyph(t, r, row, 1, sign.glyph, look);
	at += draw_text(t, r, row, at, severity, look) + 2;
	at += draw_text(t, r, row, at, row_text(a, "state"), look) + 2;
	value_age(&b, moment_ms() - row_time(a, "since"));
	buf_addf(&b, "  %.*s  ", SLICE_ARG(row_text(a, "summary")));
	if (by.n)
		buf_addf(&b, "%.*s%s%.*s", SLICE_ARG(by), note.n ? ": " : "", SLICE_ARG(note));
	else if (row_num(a, "devices") > 1)
		alert_about(a, &b);
	draw_field(t, r, row, at, r.cols - at - 1, buf_slice(&b), calm ? ROLE_DIM : ROLE_TEXT, ALIGN_LEFT);
	buf_fini(&b);
}

static void draw_alerts(struct device *s, struct term *t, struct rect r)
{
	int row = 0;
	size_t i;
	json_t *a;

	json_array_foreach(json_object_get(s->answer, "alerts"), i, a)
		if (is_open(a) && row < r.rows)
			draw_alert(s, t, r, row++, a);
}

/* --- its values --- */

static const struct table_col cols[] = {
	{ "VALUE OF", 10, 14, 3, false, true },
	{ "NOW", 9, 12, 0, true, false },
	{ "10 MIN", 8, 14, 1, false, false },
	{ "AGE", 5, 6, 0, true, false },
};

static void spark_cell(struct device *s, struct slice key, struct table_cell *c)
{
	const struct device_series *d = device_spark(s, key);
	size_t n = 0;

	for (size_t i = 0; d && i < d->n && n < SPARK_POINTS; i++)
		s->spark[n++] = d->pts[i].max;
	if (!n)
		return;
	c->spark = s->spark;
	c->n_spark = n;
	c->graph_look = s->st->up ? ROLE_SPARK : ROLE_DIM;
}

/* What is laid over the chosen one wears its line's colour, and a sign. */
static void name_cell(struct device *s, struct slice key, struct table_cell *c)
{
	c->text = key;
	if (device_over(s, key) < 0)
		return;
	buf_addf(&s->text, "+ %.*s", SLICE_ARG(key));
	c->text = buf_slice(&s->text);
	c->look = ROLE_ACCENT;
}

static void value_cell(void *arg, uint64_t n, int col, struct table_cell *c)
{
	struct device *s = arg;
	const json_t *row = s->series[n];
	double v = row_num(row, "value"), rate = row_num(row, "rate");
	bool counter = slice_is(row_text(row, "type"), "counter");
	int64_t at = row_time(row, "at");

	buf_reset(&s->text);
	switch (col) {
	case 0:
		name_cell(s, device_key(s, (size_t)n), c);
		break;
	case 1:
		if (counter && !isnan(rate))
			value_unit(&s->text, rate, slice_of("/s"));
		else
			value_unit(&s->text, v, row_text(row, "unit"));
		c->look = isnan(v) ? ROLE_DIM : ROLE_TEXT;
		c->text = buf_slice(&s->text);
		break;
	case 2:
		spark_cell(s, device_key(s, (size_t)n), c);
		break;
	default:
		if (at)
			value_age(&s->text, moment_ms() - at);
		c->look = ROLE_DIM;
		c->text = buf_slice(&s->text);
	}
	if (!s->st->up)
		c->look = ROLE_DIM;
}

static void draw_values(struct device *s, struct term *t, struct rect r)
{
	struct table_rows rows = { .cell = value_cell, .arg = s };

	s->values = r;
	s->table.cols = cols;
	s->table.n_cols = (int)(sizeof(cols) / sizeof(*cols));
	table_draw(&s->table, t, r, &rows);
}

/* --- the rest --- */

static void draw_span(struct device *s, struct term *t, struct rect r)
{
	struct buf b;

	buf_init(&b, 100);
	buf_adds(&b, "last ");
	value_span(&b, (double)s->span_ms);
	if (s->back_ms) {
		buf_adds(&b, " until ");
		value_time(&b, s->to_ms, moment_ms());
	}
	draw_rule(t, r, 0, buf_slice(&b));
	buf_fini(&b);
}

/* --- events --- */

static void draw_event(struct term *t, struct rect r, int row, const json_t *e)
{
	struct slice text = row_text(e, "message"), severity = row_text(e, "severity");
	struct sign sign = sign_of(severity);
	struct buf b;

	buf_init(&b, 64);
	value_time(&b, row_time(e, "time"), moment_ms());
	draw_field(t, r, row, 1, 12, buf_slice(&b), ROLE_DIM, ALIGN_LEFT);
	draw_glyph(t, r, row, 14, sign.glyph, sign.look);
	draw_field(t, r, row, 16, 6, severity, sign.look, ALIGN_LEFT);
	draw_field(t, r, row, 23, r.cols - 24, text.n ? text : row_text(e, "type"), ROLE_TEXT,
		ALIGN_LEFT);
	buf_fini(&b);
}

static void draw_events(struct device *s, struct term *t, struct rect r)
{
	size_t n = json_array_size(s->events);

	draw_rule(t, r, 0, slice_of("newest events"));
	for (size_t i = 0; i < n && (int)i < r.rows - 1; i++) {
		const json_t *first = json_array_get(s->events, 0), *last = json_array_get(s->events, n - 1);
		bool newest_last = row_num(last, "n") > row_num(first, "n");

		draw_event(t, r, (int)i + 1, json_array_get(s->events, newest_last ? n - 1 - i : i));
	}
	if (!n)
		draw_text(t, r, 1, 1, slice_of("none"), ROLE_DIM);
}

void device_draw(void *state, struct term *t, struct rect r)
{
	struct device *s = state;
	struct rect head = rect_cut_top(&r, 2), foot = { 0 }, left;
	int events = (int)json_array_size(s->events) > 0 ? (int)json_array_size(s->events) : 1;

	if (!s->row) {
		draw_text(t, head, 0, 1, s->wrong.class ? slice_of(s->wrong.text)
						       : slice_of("waiting for the collector ..."),
			s->wrong.class ? ROLE_ERROR : ROLE_DIM);
		return;
	}
	draw_identity(s, t, head);
	draw_state(s, t, head);
	if (r.rows >= 10)
		draw_alerts(s, t, rect_cut_top(&r, open_alerts(s)));
	if (s->registered && r.rows >= 10)
		device_draw_chain(s, t, rect_cut_top(&r, 1));
	if (r.rows >= 12)
		foot = rect_cut_bottom(&r, events + 1 > r.rows / 4 ? r.rows / 4 : events + 1);
	if (r.cols >= WIDE) {
		left = rect_cut_left(&r, r.cols * 2 / 5 < 60 ? r.cols * 2 / 5 : 60);
		left.cols--;
	} else {
		left = rect_cut_top(&r, r.rows / 2);
	}
	draw_values(s, t, left);
	draw_span(s, t, rect_cut_top(&r, 1));
	device_draw_plots(s, t, r);
	if (foot.rows)
		draw_events(s, t, foot);
}
