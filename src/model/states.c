#include "model/states.h"

#include <string.h>

#include "model/state.h"

/* Of the trail, for one row: beyond them the past is not known. */
#define STEPS_MOST 30000

static const char letters[] = "-?udsx"; /* what is later wins: what is known, then what is worse */

struct course_of {
	int64_t from_ms, width_ms;
	uint8_t worst[STATES_SLOTS]; /* places in letters */
};

static uint8_t place_of(uint8_t status)
{
	switch (status) {
	case STATUS_UNKNOWN:
		return 1;
	case STATUS_UP:
		return 2;
	case STATUS_DEGRADED:
		return 3;
	case STATUS_STALE:
		return 4;
	case STATUS_DOWN:
		return 5;
	}
	return 0; /* not born */
}

/* It was so from then on until then. */
static void lay(struct course_of *c, int64_t from_ms, int64_t until_ms, uint8_t status)
{
	int64_t at = from_ms > c->from_ms ? (from_ms - c->from_ms) / c->width_ms : 0;
	int64_t last = (until_ms - c->from_ms) / c->width_ms;
	uint8_t place = place_of(status);

	for (; at <= last && at < STATES_SLOTS && until_ms >= c->from_ms; at++)
		if (c->worst[at] < place)
			c->worst[at] = place;
}

/* Back through what changes replaced, as far as it is held. */
static void walk(struct course_of *c, const struct model *m, uint32_t device, int64_t now)
{
	const struct trail *t = &(m->live ? m->live : m)->trail;
	int64_t reach = trail_reach_ms(t), until = now;
	int64_t known = reach > c->from_ms ? reach : c->from_ms;
	uint64_t least = t->end - t->first > STEPS_MOST ? t->end - STEPS_MOST : t->first;
	uint8_t is = m->devices[device].status;

	for (uint64_t i = t->end; i > least; i--) {
		const struct trail_step *s = trail_at(t, i - 1);

		if (s->at_ms < known)
			break;
		if (i - 1 == least && least > t->first)
			known = s->at_ms;
		if (s->device != device || s->at_ms > now)
			continue;
		lay(c, s->at_ms, until, is);
		until = s->at_ms;
		is = s->was;
	}
	if (known <= now)
		lay(c, known, until, is);
}

void states_json(const struct model *m, uint32_t device, int64_t span_ms, struct jw *w)
{
	struct course_of c = { .width_ms = span_ms / STATES_SLOTS };
	int64_t now = m->now_ms ? m->now_ms : m->devices[device].last_seen_ms;
	char text[STATES_SLOTS];

	c.from_ms = (now / c.width_ms + 1 - STATES_SLOTS) * c.width_ms;
	walk(&c, m, device, now);
	for (int i = 0; i < STATES_SLOTS; i++)
		text[i] = letters[c.worst[i]];
	jw_str(w, slice_mem(text, sizeof(text)));
}
