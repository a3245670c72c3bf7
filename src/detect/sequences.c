/*
 * Sequences never seen: the range in eighths is an alphabet of eight; for each of the last one to
 * six symbols a mask says which symbols have followed.  The masks lie in a small hash table: a
 * collision makes a sequence look known, so it forgets alarms and never invents one.
 */
#include <math.h>
#include <string.h>

#include "detect/constants.h"
#include "detect/inside.h"

#define SYMBOLS 8

/* The range grows at once, with a margin; after a block of rows that needed less than half, the
 * symbols are cut anew and all is forgotten. */
static void follow_range(struct sequences *s, float v)
{
	if (s->rows == 0)
		s->low = s->high = s->was_low = s->was_high = s->is_low = s->is_high = v;
	s->is_low = less(s->is_low, v);
	s->is_high = more(s->is_high, v);
	if (v > s->high)
		s->high = v + 0.1f * (v - s->low);
	if (v < s->low)
		s->low = v - 0.1f * (s->high - v);
	if (++s->block < constants.sequence_block)
		return;
	s->was_low = less(s->was_low, s->is_low);
	s->was_high = more(s->was_high, s->is_high);
	if (s->was_high - s->was_low < 0.5f * (s->high - s->low)) {
		s->low = s->was_low;
		s->high = s->was_high;
		memset(s->next, 0, sizeof(s->next));
		s->rows = 0;
	}
	s->was_low = s->is_low;
	s->was_high = s->is_high;
	s->is_low = s->is_high = v;
	s->block = 0;
}

static uint8_t *slot(struct sequences *s, uint32_t *hash, int order)
{
	uint32_t h = (*hash ^ (s->past[order] + 1u)) * 0x85ebca6bu;

	h ^= h >> 13;
	*hash = h;
	return &s->next[((h ^ (h >> 16)) * 0x27d4eb2fu) >> (32 - SEQUENCE_BITS)];
}

/* 0: all as seen before; 1: no context knows this symbol. */
static double novelty(struct sequences *s, uint8_t symbol)
{
	int known = 0, good = 0, fresh = 0, orders = 0;
	uint32_t hash = 0x9e3779b9u;
	uint8_t bit = (uint8_t)(1u << symbol);

	for (; orders < SEQUENCE_ORDER && orders < s->rows; orders++) {
		uint8_t *next = slot(s, &hash, orders);

		known += *next != 0;
		good += (*next & bit) != 0;
		fresh += !(*next & bit);
		*next |= bit;
	}
	if (orders == 0)
		return 0;
	return (1 - (known ? (double)good / known : 0) + (double)fresh / orders) / 2;
}

void sequences_look(struct sequences *s, struct row *r)
{
	float v = (float)(r->x - r->origin);
	double share, width;
	uint8_t symbol;

	follow_range(s, v);
	width = (double)s->high - s->low;
	if (width <= 0) {
		s->rows += s->rows < UINT16_MAX;
		return;
	}
	symbol = (uint8_t)clamp((v - s->low) / width * (SYMBOLS - 1), 0, SYMBOLS - 1);
	share = novelty(s, symbol);
	memmove(s->past + 1, s->past, sizeof(s->past) - 1);
	s->past[0] = symbol;
	s->rows += s->rows < UINT16_MAX;
	signal_set(r, FEATURE_SEQUENCE, (float)(constants.sequence_weight * share), 0, share);
}
