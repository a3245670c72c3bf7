/* The strip above the log: how many events there were over time, and a way to go there. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/json.h"
#include "ui/screen/events.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define ROOM_ROWS 28 /* from here on it shows without being asked for */
#define EVERY_MS  60000 /* a long span counts a long journal: not too often */

static const int64_t spans[EVENTS_STRIPS] = { 300000, 900000, 3600000, 3 * 3600000, 6 * 3600000,
	24 * 3600000, 3 * 24 * 3600000ll, 7 * 24 * 3600000ll };

static int64_t step_of(const struct strip *p)
{
	int64_t cells = p->cells > 0 ? p->cells : 1;

	return (spans[p->span] / cells + 999) / 1000 * 1000;
}

/* The moment under the cursor; 0: it follows the newest. */
static int64_t here_ms(struct events *s)
{
	return s->log.paused ? row_time(events_selected(s), "time") : 0;
}

/* Ends now, or further back where the cursor is: by halves of the span, so that it stands still
 * while one moves; and on whole pieces, so that bars do not flicker while time goes on. */
static int64_t end_ms(struct events *s, int64_t step)
{
	int64_t now = moment_ms(), span = step * s->strip.cells, at = here_ms(s), to = now;

	if (at && at < now - span) {
		to = (at + span / 4) / (span / 2) * (span / 2) + span / 2;
		to = to > now ? now : to;
	}
	return (to + step) / step * step;
}

/* No longer than what is known, until the user says how long. */
static void fit(struct strip *p)
{
	int64_t span = p->h.step_ms * (int64_t)p->h.n;

	if (p->zoomed || p->span == 0 || !p->h.known_ms)
		return;
	if (p->h.from_ms + span - p->h.known_ms < spans[p->span - 1]) {
		p->span--;
		p->stale = true;
	}
}

static void came(void *arg, const json_t *answer, const struct err *e)
{
	struct events *s = arg;
	struct strip *p = &s->strip;

	p->waiting = false;
	if (!answer)
		return;
	value_bars(answer, &p->h);
	fit(p);
	s->st->dirty(s->st->arg);
}

static void ask(struct events *s)
{
	struct strip *p = &s->strip;
	int64_t step = step_of(p), to = end_ms(s, step);
	struct buf b;
	struct jw w;

	p->stale |= p->waiting; /* asked for again when the answer is here */
	if (p->waiting || !s->st->client || !s->st->up || p->cells < 8 || s->feed.refused.class)
		return;
	p->waiting = true;
	p->stale = false;
	p->asked_ms = clock_mono_ms();
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	if (s->filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(s->filter));
	jw_key(&w, "from"), jw_i64(&w, to - step * p->cells);
	jw_key(&w, "to"), jw_i64(&w, to);
	jw_key(&w, "buckets"), jw_i64(&w, p->cells);
	jw_end(&w);
	asker_call(&p->asker, s->st->client, "histogram", buf_slice(&b), came, s);
	buf_fini(&b);
}

void strip_layout(struct events *s, struct rect *r)
{
	struct strip *p = &s->strip;
	int cells;

	p->rect = (struct rect){ 0 };
	if (!(p->chosen ? p->on : r->rows >= ROOM_ROWS) || r->rows < 10)
		return;
	p->rect = rect_cut_top(r, r->rows >= 40 ? 7 : r->rows >= 20 ? 5 : 4);
	cells = histogram_cells(p->rect);
	if (cells != p->cells)
		p->stale = true;
	p->cells = cells;
	if (p->stale)
		ask(s);
}

void strip_draw(struct events *s, struct term *t)
{
	struct strip *p = &s->strip;

	if (!p->rect.rows)
		return;
	p->h.cursor_ms = here_ms(s);
	histogram_draw(t, p->rect, &p->h);
	if (!p->h.n)
		draw_text(t, p->rect, 0, 8, slice_of("counting ..."), ROLE_DIM);
}

static bool out_of_sight(struct events *s)
{
	int64_t at = here_ms(s), end = s->strip.h.from_ms + s->strip.h.step_ms * (int64_t)s->strip.h.n;

	return at && (at < s->strip.h.from_ms || (at >= end && end < moment_ms()));
}

void strip_tick(struct events *s)
{
	struct strip *p = &s->strip;
	int64_t every = step_of(p), since = clock_mono_ms() - p->asked_ms;

	every = every < 1000 ? 1000 : every > EVERY_MS ? EVERY_MS : every;
	if (p->rect.rows && (p->stale || out_of_sight(s) || since < 0 || since >= every))
		ask(s);
}

void strip_reset(struct events *s)
{
	asker_fini(&s->strip.asker);
	s->strip.waiting = false;
	s->strip.stale = true;
	s->strip.h.n = 0;
}

void strip_end(struct events *s)
{
	asker_fini(&s->strip.asker);
	free(s->strip.h.v);
}

/* --- going there --- */

static void go_to(struct events *s, int64_t i)
{
	const struct histogram *h = &s->strip.h;

	if (i >= 0 && i < (int64_t)h->n)
		events_jump(s, 0, h->from_ms + i * h->step_ms);
}

bool strip_click(struct events *s, int row, int col)
{
	const struct rect *r = &s->strip.rect;

	if (row < r->row || row >= r->row + r->rows)
		return false;
	go_to(s, histogram_at(*r, &s->strip.h, col - r->col));
	return true;
}

/* From piece to piece where there was something. */
static int act_move(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	const struct histogram *h = &s->strip.h;
	int64_t by, i, step;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	if (!s->strip.rect.rows || !h->n)
		return err_set(e, ERR_NO, "the strip is not shown; H shows it");
	step = by < 0 ? -1 : 1;
	i = here_ms(s) ? (here_ms(s) - h->from_ms) / h->step_ms : (int64_t)h->n;
	for (by *= step; by > 0; by--)
		do
			i += step;
		while (i >= 0 && i < (int64_t)h->n && !h->v[i].all);
	if (i < 0 || i >= (int64_t)h->n)
		return err_set(e, ERR_NO, step < 0 ? "nothing earlier in the strip; - makes it longer"
						   : "nothing later in the strip");
	go_to(s, i);
	return 0;
}

static int act_zoom(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;
	int64_t by, to;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	to = s->strip.span - by;
	if (to < 0 || to >= EVENTS_STRIPS)
		return err_set(e, ERR_NO, "no %s span", by > 0 ? "shorter" : "longer");
	s->strip.span = (int)to;
	s->strip.zoomed = true;
	strip_reset(s);
	return 0;
}

static int act_strip(void *state, struct slice arg, struct err *e)
{
	struct events *s = state;

	s->strip.on = !s->strip.rect.rows;
	s->strip.chosen = true;
	s->strip.stale = true;
	return 0;
}

const struct action events_strips[] = {
	{ "strip", "", "show or hide how many events there were over time", .run = act_strip },
	{ "strip-move", "N", "to the next piece of the strip with events, or with -1 the one before",
		.run = act_move },
	{ "strip-zoom", "N", "a shorter span in the strip, or with -1 a longer", .run = act_zoom },
	{ 0 },
};
