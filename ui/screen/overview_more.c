/* Beside the networks: how many events there were and how bad, and the heads of the ledgers. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "client/view.h"
#include "ui/screen/moment.h"
#include "ui/screen/overview.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/spark.h"

#define SPAN_MS	 1800000
#define AGAIN_MS 5000
#define BARS_MIN 30
#define BARS_MAX 400
#define LINE_BARS 50 /* where they begin, in one row */

/* --- events --- */

static void bars_come(void *arg, const json_t *answer, const struct err *e)
{
	struct overview *s = arg;

	s->events.waiting = false;
	if (!answer)
		return;
	value_bars(answer, &s->events.h);
	s->events.warn = s->events.error = 0;
	for (size_t i = 0; i < s->events.h.n; i++) {
		s->events.warn += s->events.h.v[i].warn;
		s->events.error += s->events.h.v[i].error;
	}
	s->st->dirty(s->st->arg);
}

void overview_events_ask(struct overview *s)
{
	int64_t now = clock_mono_ms(), step, to;
	char text[120];

	if (s->events.waiting || !s->st->client || !s->st->up || !s->events.cells ||
		(s->events.asked_ms && now - s->events.asked_ms < AGAIN_MS))
		return;
	step = SPAN_MS / s->events.cells;
	to = (moment_ms() / step + 1) * step; /* whole pieces: they do not flicker */
	snprintf(text, sizeof(text), "{\"from\":%lld,\"to\":%lld,\"buckets\":%d}",
		(long long)(to - step * s->events.cells), (long long)to, s->events.cells);
	s->events.waiting = true;
	s->events.asked_ms = now;
	asker_call(&s->asker, s->st->client, "histogram", slice_of(text), bars_come, s);
}

static void want_cells(struct overview *s, int cells)
{
	cells = cells < BARS_MIN ? BARS_MIN : cells > BARS_MAX ? BARS_MAX : cells;
	if (cells == s->events.cells)
		return;
	s->events.cells = cells;
	s->events.asked_ms = 0;
	overview_events_ask(s);
}

static void add_sums(const struct overview *s, struct buf *b)
{
	value_count(b, (double)s->events.error);
	buf_adds(b, s->events.error == 1 ? " error  " : " errors  ");
	value_count(b, (double)s->events.warn);
	buf_adds(b, s->events.warn == 1 ? " warning" : " warnings");
}

/* In one row: sums, and the newest bars that there is room for. */
void overview_events_line(struct overview *s, struct term *t, struct rect r)
{
	uint16_t look = s->events.error ? ROLE_CRIT : s->events.warn ? ROLE_WARN : ROLE_TEXT;
	int width = r.cols - LINE_BARS - 1;
	float v[BARS_MIN], top = 1;
	size_t n = s->events.h.n;
	struct buf b;

	want_cells(s, BARS_MIN);
	if (!n || n > BARS_MIN)
		return;
	for (size_t i = 0; i < n; i++) {
		v[i] = (float)s->events.h.v[i].all;
		top = v[i] > top ? v[i] : top;
	}
	buf_init(&b, 100);
	add_sums(s, &b);
	draw_text(t, r, 0, 1, slice_of("Events"), ROLE_LABEL);
	draw_field(t, r, 0, 19, LINE_BARS - 20, buf_slice(&b), s->st->up ? look : ROLE_DIM, ALIGN_LEFT);
	buf_fini(&b);
	spark_draw(t, r, 0, LINE_BARS, width < BARS_MIN ? width : BARS_MIN, v, n, 0, top,
		s->st->up ? ROLE_SPARK : ROLE_DIM);
}

void overview_events_pane(struct overview *s, struct term *t, struct rect r)
{
	struct buf b;

	if (r.rows < 4)
		return;
	buf_init(&b, 100);
	buf_adds(&b, "Events, 30 minutes  ");
	add_sums(s, &b);
	draw_rule(t, r, 0, buf_slice(&b));
	buf_fini(&b);
	rect_cut_top(&r, 1);
	want_cells(s, histogram_cells(r));
	if (s->events.h.n)
		histogram_draw(t, r, &s->events.h);
}

/* --- ledgers --- */

static void add_age(struct buf *b, const json_t *row)
{
	int64_t at = row_time(row, "head_time"), age = at ? moment_ms() - at : 0;

	if (at)
		value_age(b, age);
	if (at && age >= 3000)
		buf_adds(b, " ago");
}

static void add_head(struct buf *b, const json_t *row)
{
	buf_addslice(b, row_text(row, "name"));
	buf_adds(b, "  head ");
	value_count(b, json_f64(row, "head", 0));
	buf_adds(b, "  ");
	add_age(b, row);
}

void overview_ledgers_text(struct overview *s, struct buf *out)
{
	size_t n = s->ledgers ? client_view_n(s->ledgers) : 0;

	if (!n)
		return;
	add_head(out, client_view_row(s->ledgers, 0));
	if (n > 1)
		buf_addf(out, "  and %zu more", n - 1);
}

static void draw_ledger(struct overview *s, struct term *t, struct rect r, int line, const json_t *row)
{
	double every = row_num(row, "block_time"), reorgs = json_f64(row, "reorgs", 0);
	int64_t at = row_time(row, "head_time");
	bool late = at && every > 0 && (double)(moment_ms() - at) > 10000 + 5000 * every;
	uint16_t look = s->st->up ? ROLE_TEXT : ROLE_DIM;
	struct buf b;

	buf_init(&b, 200);
	draw_field(t, r, line, 1, 14, row_text(row, "name"), look, ALIGN_LEFT);
	value_count(&b, json_f64(row, "head", 0));
	draw_field(t, r, line, 16, 12, buf_slice(&b), look, ALIGN_RIGHT);
	buf_reset(&b);
	add_age(&b, row);
	draw_field(t, r, line, 30, 11, buf_slice(&b), late && s->st->up ? ROLE_WARN : ROLE_DIM,
		ALIGN_LEFT);
	buf_reset(&b);
	value_count(&b, reorgs);
	buf_adds(&b, reorgs == 1 ? " reorg" : " reorgs");
	draw_field(t, r, line, 41, 11, buf_slice(&b), reorgs > 0 && s->st->up ? ROLE_NOTICE : ROLE_DIM,
		ALIGN_LEFT);
	if (r.cols > 66)
		draw_field(t, r, line, 53, r.cols - 54, row_text(row, "head_hash"), ROLE_DIM, ALIGN_LEFT);
	buf_fini(&b);
}

void overview_ledgers_pane(struct overview *s, struct term *t, struct rect r)
{
	size_t n = s->ledgers ? client_view_n(s->ledgers) : 0;

	draw_rule(t, r, 0, slice_of("Ledgers"));
	for (size_t i = 0; i < n && (int)i < r.rows - 1; i++)
		draw_ledger(s, t, r, (int)i + 1, client_view_row(s->ledgers, i));
	if (!n && s->ledgers && client_view_ready(s->ledgers))
		draw_text(t, r, 1, 1, slice_of("no ledger is configured"), ROLE_DIM);
}
