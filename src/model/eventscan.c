#include "model/eventscan.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/filter.h"

struct eventscan {
	struct filter *filter;
	uint64_t at, upto;
	bool older;
};

struct eventscan *eventscan_new(const struct eventscan_spec *spec, size_t *at, struct err *e)
{
	struct eventscan *s = xcalloc(1, sizeof(*s));
	size_t nowhere;

	s->at = spec->from;
	s->upto = spec->upto ? spec->upto : UINT64_MAX - 1;
	s->older = spec->older;
	if (s->older && s->at > s->upto)
		s->at = s->upto + 1;
	s->filter = filter_new(&rows_events, spec->filter, at ? at : &nowhere, e);
	if (s->filter)
		return s;
	free(s);
	return NULL;
}

void eventscan_free(struct eventscan *s)
{
	if (!s)
		return;
	filter_free(s->filter);
	free(s);
}

/* 0: none. */
static uint64_t neighbour(const struct eventscan *s, const struct model *m)
{
	uint64_t n;

	if (s->older)
		return s->at > 1 ? ring_at_or_before(m->events, s->at - 1) : 0;
	n = ring_at_or_after(m->events, s->at + 1);
	return n > s->upto ? 0 : n;
}

enum eventscan_end eventscan_next(struct eventscan *s, const struct model *m, unsigned *most,
	uint64_t *n)
{
	filter_prepare(s->filter, m);
	for (; *most; (*most)--) {
		uint64_t next = neighbour(s, m);

		if (!next)
			return EVENTSCAN_END;
		s->at = next;
		if (filter_match(s->filter, m, next)) {
			(*most)--;
			*n = next;
			return EVENTSCAN_FOUND;
		}
	}
	return EVENTSCAN_MORE;
}

uint64_t eventscan_at(const struct eventscan *s)
{
	return s->at;
}

bool eventscan_severities(struct eventscan *s, uint32_t *out)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = MODEL_NONE,
		.device = MODEL_NONE } };
	struct model *m;
	struct err e;

	if (!filter_alone(s->filter, "severity"))
		return false;
	m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	*out = 0;
	for (int i = 0; i < SEVERITIES; i++) {
		d.event.n = 0;
		d.event.severity = i;
		if (model_apply(m, &d, &e) < 0)
			continue;
		filter_prepare(s->filter, m);
		*out |= (uint32_t)filter_match(s->filter, m, d.event.n) << i;
	}
	model_free(m);
	return true;
}

bool model_event(const struct model *m, uint64_t n, int64_t *at_ms, int *severity)
{
	const struct event *ev = ring_get(m->events, n);

	if (!ev)
		return false;
	*at_ms = ev->at_ms;
	*severity = ev->severity;
	return true;
}

uint64_t model_event_since(const struct model *m, int64_t at_ms)
{
	uint64_t lo = model_events_first(m), hi = m->event_last + 1;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2, n = ring_at_or_after(m->events, mid);
		const struct event *ev = n < hi ? ring_get(m->events, n) : NULL;

		if (ev && ev->at_ms < at_ms)
			lo = n + 1;
		else
			hi = mid;
	}
	lo = ring_at_or_after(m->events, lo);
	return lo == UINT64_MAX ? m->event_last + 1 : lo;
}
