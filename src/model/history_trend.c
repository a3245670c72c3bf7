/* The course of a series in a few numbers, for a sparkline. */
#include <math.h>
#include <string.h>

#include "model/history_in.h"

#define N	 HISTORY_SLOTS
#define WALK_MAX 4096 /* blocks passed on the way to the oldest slot */

static struct history_slot *slot_of(struct history_slots *t, int64_t at_ms)
{
	int64_t i = at_ms < t->from_ms ? 0 : (at_ms - t->from_ms) / t->width_ms + 1;

	return &t->v[i > N ? N : i];
}

static int64_t slot_end(const struct history_slots *t, const struct history_slot *p)
{
	return p == &t->v[N] ? INT64_MAX : t->from_ms + (p - t->v) * t->width_ms;
}

/* --- what is kept ------------------------------------------------------------------- */

/* What leaves at the left is all that lies before. */
static void slots_shift(struct history_slots *t, int k)
{
	for (int i = k; i > 0; i--)
		if (t->v[i].n) {
			t->v[0] = t->v[i];
			break;
		}
	memmove(t->v + 1, t->v + 1 + k, (size_t)(N - k) * sizeof(*t->v));
	/* the one that was the newest goes on growing */
	memset(t->v + N - k, 0, (size_t)(k + 1) * sizeof(*t->v));
	t->from_ms += k * t->width_ms;
}

/* Moves *t to the span asked for; the moment from which on samples are not in it yet. */
static int64_t slots_begin(struct history_slots *t, uint32_t series, int64_t from_ms, int64_t width_ms)
{
	int64_t by = t->width_ms == width_ms ? (from_ms - t->from_ms) / width_ms : -1;

	if (t->series == series && by >= 0 && by < N) {
		slots_shift(t, (int)by);
		return from_ms + (N - 1 - by) * width_ms;
	}
	*t = (struct history_slots){ .series = series, .from_ms = from_ms, .width_ms = width_ms };
	return INT64_MIN;
}

/* --- reading ------------------------------------------------------------------------ */

/* Has every slot that [from,to) touches had samples of a later block? */
static bool slots_known(struct history_slots *t, int64_t from_ms, int64_t to_ms)
{
	struct history_slot *a = slot_of(t, from_ms), *b = slot_of(t, to_ms);

	for (; a <= b; a++)
		if (!a->n)
			return false;
	return true;
}

/* Blocks come newest first, samples oldest first: of a slot that has some already only the mean
 * takes more. */
static void slots_read(struct history_slots *t, const struct model *m, uint32_t at, int64_t since_ms,
	int64_t upto_ms)
{
	struct block_reader r = block_read(m, at);
	struct history_slot *p = NULL;
	int64_t until = INT64_MIN;
	bool later = false;
	struct coded got;

	while (block_next(&r, &got)) {
		if (got.at_ms < since_ms || got.at_ms > upto_ms)
			continue;
		if (got.at_ms >= until) {
			p = slot_of(t, got.at_ms);
			until = slot_end(t, p);
			later = p->n > 0;
		}
		p->brk |= got.brk;
		p->none |= isnan(got.value);
		if (isnan(got.value))
			continue;
		p->sum += got.value;
		p->n++;
		p->last = later ? p->last : got.value;
		p->last_ms = later ? p->last_ms : got.at_ms;
	}
}

static void slots_fill(struct history_slots *t, const struct model *m, int64_t since_ms,
	int64_t upto_ms)
{
	const struct history *h = m->history;
	int64_t end = INT64_MAX, stop = since_ms > t->from_ms ? since_ms : t->from_ms;
	uint32_t at = m->series[t->series].block;

	for (int i = 0; at != MODEL_NONE && i < WALK_MAX; i++, at = h->v[at].prev) {
		int64_t start = block_start_ms(&h->v[at]);

		if (h->v[at].series != t->series || start > end)
			break; /* reused since */
		if (start <= upto_ms && (start < since_ms || !slots_known(t, start, end)))
			slots_read(t, m, at, since_ms, upto_ms);
		end = start;
		if (start < stop)
			break;
	}
}

/* --- telling ------------------------------------------------------------------------ */

/* A counter's growth since the slot before it. */
static double slot_rate(const struct history_slot *was, const struct history_slot *p)
{
	double dt = (double)(p->last_ms - was->last_ms) / 1000;

	return was->n && !p->brk && dt > 0 && p->last >= was->last ? (p->last - was->last) / dt : NAN;
}

void history_trend(const struct model *m, uint32_t series, int64_t from_ms, int64_t width_ms,
	struct history_slots *t, double *out)
{
	bool ramp = series_ramp(m, &m->series[series]);
	const struct history_slot *was = &t->v[0];
	unsigned end = 0;
	double held;

	/* the samples of a moment gone by are those of its live model */
	slots_fill(t, m->live ? m->live : m, slots_begin(t, series, from_ms, width_ms),
		m->live ? m->now_ms : INT64_MAX);
	held = was->n && !ramp ? was->last : NAN;
	for (unsigned i = 0; i < N; i++) {
		const struct history_slot *p = &t->v[i + 1];

		for (unsigned k = i; p->brk && k-- > 0 && !t->v[k + 1].n;)
			out[k] = NAN; /* dead, not still */
		if (p->n) {
			held = ramp ? slot_rate(was, p) : p->sum / p->n;
			was = p;
			end = i + 1;
		} else if (p->none) {
			held = NAN;
		}
		out[i] = held;
	}
	for (unsigned i = end; i < N && !series_current(m, &m->series[series]); i++)
		out[i] = NAN;
}
