/*
 * Ledgers and their blocks.  Blocks stand in a circle in the order they came; an index leads from
 * a number to the block of the best chain.  A block that a reorg replaced stays in the circle,
 * marked, so that people can see what happened.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "model/past_in.h"

#define NAME_LIMIT 255
#define CIRCLE (LEDGER_DEPTH + LEDGER_DEPTH / 4) /* room for orphaned ones beside */

void ledgers_fini(struct model *m)
{
	for (uint32_t i = 0; i < m->ledgers_n; i++) {
		struct ledger *l = &m->ledgers[i];

		free(l->name);
		free(l->kind);
		free(l->network);
		free(l->blocks);
		index_fini(&l->by_number);
	}
	free(m->ledgers);
}

uint32_t model_ledger(const struct model *m, struct slice name)
{
	for (uint32_t i = 0; i < m->ledgers_n; i++)
		if (slice_is(name, m->ledgers[i].name))
			return i;
	return MODEL_NONE;
}

struct slice model_ledger_name(const struct model *m, uint32_t ledger)
{
	return slice_of(ledger < m->ledgers_n ? m->ledgers[ledger].name : "");
}

static void text_set(char **to, struct slice s)
{
	if (!s.n)
		return;
	free(*to);
	*to = xmemdup0(s.p, s.n > NAME_LIMIT ? NAME_LIMIT : s.n);
}

int ledger_apply(struct model *m, struct delta_ledger *d, struct err *e)
{
	struct ledger *l;

	if (!d->name.n || d->name.n > NAME_LIMIT)
		return refuse(m, e, "ledger: a name of 1 to %d bytes is needed", NAME_LIMIT);
	d->ledger = model_ledger(m, d->name);
	if (d->ledger == MODEL_NONE) {
		if (m->ledgers_n == LEDGERS_MAX)
			return refuse(m, e, "ledger: more than %d", LEDGERS_MAX);
		d->ledger = m->ledgers_n++;
		m->ledgers = xreallocarray(m->ledgers, m->ledgers_n, sizeof(*m->ledgers));
		m->ledgers[d->ledger] = (struct ledger){ .name = xmemdup0(d->name.p, d->name.n),
			.kind = xstrdup(""), .network = xstrdup("") };
	}
	l = &m->ledgers[d->ledger];
	text_set(&l->kind, d->kind);
	text_set(&l->network, d->network);
	if (d->chain_id)
		l->chain_id = d->chain_id;
	return 0;
}

/* --- blocks ------------------------------------------------------------------------- */

static struct block *block_at(const struct ledger *l, uint64_t serial)
{
	return &l->blocks[serial % l->cap];
}

static bool number_eq(const void *owner, uint32_t row, const void *key)
{
	return ((const struct ledger *)owner)->blocks[row].number == *(const uint64_t *)key;
}

/* The block of the best chain with this number, NULL when it is not held. */
static struct block *best(const struct ledger *l, uint64_t number)
{
	uint32_t row = index_find(&l->by_number, hash_mix(number, 0), number_eq, l, &number);

	return row == MODEL_NONE ? NULL : &l->blocks[row];
}

static void unlist(struct ledger *l, const struct block *b)
{
	index_remove(&l->by_number, hash_mix(b->number, 0), (uint32_t)(b - l->blocks));
}

static void circle_grow(struct ledger *l)
{
	if (l->end < l->cap || l->cap == CIRCLE)
		return;
	/* nothing has been overwritten yet, so that serial == place */
	l->cap = l->cap ? l->cap * 4 : 64;
	if (l->cap > CIRCLE)
		l->cap = CIRCLE;
	l->blocks = xreallocarray(l->blocks, l->cap, sizeof(*l->blocks));
}

static struct block *block_add(struct ledger *l, const struct delta_block *d)
{
	struct block *b;

	circle_grow(l);
	if (l->end - l->first == l->cap) {
		b = block_at(l, l->first);
		if (!b->orphaned)
			unlist(l, b);
		if (l->has_head && l->head == l->first)
			l->has_head = false;
		l->first++;
	}
	b = block_at(l, l->end++);
	*b = (struct block){ .number = d->number, .gas_used = d->gas_used,
		.gas_limit = d->gas_limit, .at_ms = d->at_ms, .txs = d->txs, .logs = d->logs,
		.backfill = d->backfill };
	memcpy(b->hash, d->hash, 32);
	memcpy(b->parent, d->parent, 32);
	index_put(&l->by_number, hash_mix(d->number, 0), (uint32_t)(b - l->blocks));
	return b;
}

static void orphan(struct model *m, uint32_t ledger, struct block *b)
{
	b->orphaned = true;
	unlist(&m->ledgers[ledger], b);
	logs_remove(m, ledger, b->hash);
}

/* All of the best chain from `number` to its head has been replaced. */
static uint32_t orphan_from(struct model *m, uint32_t ledger, uint64_t number)
{
	struct ledger *l = &m->ledgers[ledger];
	uint32_t n = 0;

	for (uint64_t s = l->first; s < l->end; s++) {
		struct block *b = block_at(l, s);

		if (!b->orphaned && b->number >= number) {
			orphan(m, ledger, b);
			n++;
		}
	}
	return n;
}

/* The parent that the new block names is another than the one held: that one is orphaned. */
static uint32_t orphan_parent(struct model *m, const struct delta_block *d)
{
	struct block *p = d->number ? best(&m->ledgers[d->ledger], d->number - 1) : NULL;

	if (!p || memcmp(p->hash, d->parent, 32) == 0)
		return 0;
	orphan(m, d->ledger, p);
	return 1;
}

static void head_apply(struct model *m, struct delta_block *d)
{
	struct ledger *l = &m->ledgers[d->ledger];

	if (l->has_head && d->number <= block_at(l, l->head)->number)
		d->orphaned = orphan_from(m, d->ledger, d->number);
	else if (best(l, d->number)) /* filled in above the head before */
		d->orphaned = orphan_from(m, d->ledger, d->number);
	d->orphaned += orphan_parent(m, d);
	block_add(l, d);
	l->head = l->end - 1;
	l->has_head = true;
	if (d->orphaned)
		l->reorgs++;
	if (d->orphaned > l->reorg_max)
		l->reorg_max = d->orphaned;
}

/* Known already?  Then it tells no news, unless it stands above the head. */
static bool block_known(struct ledger *l, const struct delta_block *d, const struct block *b)
{
	if (!b || memcmp(b->hash, d->hash, 32) != 0)
		return false;
	if (!d->backfill && (!l->has_head || b->number > block_at(l, l->head)->number)) {
		uint64_t place = (uint64_t)(b - l->blocks);

		l->head = l->first + (place + l->cap - l->first % l->cap) % l->cap;
		l->has_head = true;
	}
	return true;
}

int block_apply(struct model *m, struct delta_block *d, struct err *e)
{
	struct ledger *l;
	const struct block *b;

	d->orphaned = 0;
	if (d->ledger >= m->ledgers_n || !time_ok(d->at_ms))
		return refuse(m, e, "block: no such ledger, or time out of range");
	l = &m->ledgers[d->ledger];
	b = best(l, d->number);
	if (block_known(l, d, b))
		return 0;
	if (!d->backfill)
		head_apply(m, d);
	else if (!b)
		block_add(l, d);
	return 0;
}

void block_again(struct model *m, uint32_t ledger, const struct block *b)
{
	struct delta_block d = { .ledger = ledger, .number = b->number, .at_ms = b->at_ms,
		.txs = b->txs, .logs = b->logs, .gas_used = b->gas_used,
		.gas_limit = b->gas_limit, .backfill = b->backfill };
	struct err ignored;

	if (b->at_ms > m->now_ms)
		return;
	memcpy(d.hash, b->hash, 32);
	memcpy(d.parent, b->parent, 32);
	block_apply(m, &d, &ignored);
}

int model_block_hash(const struct model *m, uint32_t ledger, uint64_t number,
	unsigned char hash[32])
{
	const struct block *b = ledger < m->ledgers_n ? best(&m->ledgers[ledger], number) : NULL;

	if (!b)
		return -1;
	memcpy(hash, b->hash, 32);
	return 0;
}

int model_ledger_head(const struct model *m, uint32_t ledger, uint64_t *number,
	unsigned char hash[32])
{
	const struct ledger *l = ledger < m->ledgers_n ? &m->ledgers[ledger] : NULL;

	if (!l || !l->has_head)
		return -1;
	*number = block_at(l, l->head)->number;
	memcpy(hash, block_at(l, l->head)->hash, 32);
	return 0;
}

void model_blocks(const struct model *m, uint32_t ledger, uint64_t last_n,
	void (*fn)(void *arg, const struct delta_block *b), void *arg)
{
	const struct ledger *l = ledger < m->ledgers_n ? &m->ledgers[ledger] : NULL;

	if (!l)
		return;
	for (uint64_t s = l->end - l->first > last_n ? l->end - last_n : l->first; s < l->end; s++) {
		const struct block *b = block_at(l, s);
		struct delta_block d = { .ledger = ledger, .number = b->number, .at_ms = b->at_ms,
			.txs = b->txs, .logs = b->logs, .gas_used = b->gas_used,
			.gas_limit = b->gas_limit };

		memcpy(d.hash, b->hash, 32);
		memcpy(d.parent, b->parent, 32);
		fn(arg, &d);
	}
}
