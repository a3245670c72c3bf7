#include "devnet/chain.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "devnet/txindex.h"

#define CACHE_BLOCKS   512
#define ORPHANS_KEPT   64
#define GENESIS_FEE    1000000000ull

struct entry {
	struct evm_hash hash;
	uint64_t base_fee;
	uint32_t gas_used;
	uint32_t branch;
};

struct chain {
	struct block_maker maker;
	struct entry *v; /* by number */
	size_t n, cap;
	struct block *cache[CACHE_BLOCKS];
	struct block *orphans[ORPHANS_KEPT];
	size_t norphans; /* ever */
	const struct scenario *reorged; /* the last reorg done, or NULL */
	struct txindex *txs;
	struct account *accounts;
	uint32_t naccounts;
	const struct chain_ops *ops;
	void *arg;
};

static void push(struct chain *c, uint64_t number, uint32_t branch)
{
	const struct entry *up = number ? &c->v[number - 1] : NULL;
	uint64_t fee = up ? block_next_base_fee(up->base_fee, up->gas_used) : GENESIS_FEE;
	struct block *b = block_make(&c->maker, number, branch, up ? &up->hash : NULL, fee);
	struct block **slot = &c->cache[number % CACHE_BLOCKS];

	if (number == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 1024;
		c->v = xreallocarray(c->v, c->cap, sizeof(*c->v));
	}
	c->v[number] = (struct entry){ b->hash, fee, (uint32_t)b->header.gas_used, branch };
	c->n = number + 1;
	for (size_t i = 0; i < b->ntxs; i++)
		txindex_put(c->txs, &b->txs[i].hash, (uint32_t)number);
	block_free(*slot);
	*slot = b;
	if (c->ops)
		c->ops->won(c->arg, b);
}

struct chain *chain_new(struct world *w, int64_t block_ms, uint32_t accounts)
{
	struct chain *c = xcalloc(1, sizeof(*c));

	block_maker_init(&c->maker, w, block_ms);
	c->txs = txindex_new();
	c->naccounts = accounts;
	c->accounts = xcalloc(accounts, sizeof(*c->accounts));
	for (uint32_t i = 0; i < accounts; i++)
		c->accounts[i] = account_make(w->fleet.seed, i);
	push(c, 0, 0);
	return c;
}

void chain_free(struct chain *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < CACHE_BLOCKS; i++)
		block_free(c->cache[i]);
	for (size_t i = 0; i < ORPHANS_KEPT; i++)
		block_free(c->orphans[i]);
	txindex_free(c->txs);
	free(c->accounts);
	free(c->v);
	free(c);
}

void chain_tell(struct chain *c, const struct chain_ops *ops, void *arg)
{
	c->ops = ops;
	c->arg = arg;
}

/* Takes the head off the chain and keeps it for those who ask by hash. */
static void drop_head(struct chain *c)
{
	uint64_t number = c->n - 1;
	struct block **slot = &c->orphans[c->norphans++ % ORPHANS_KEPT];

	chain_block(c, number); /* into the cache */
	block_free(*slot);
	*slot = c->cache[number % CACHE_BLOCKS];
	c->cache[number % CACHE_BLOCKS] = NULL;
	c->n--;
	if (c->ops)
		c->ops->lost(c->arg, *slot);
}

static void reorg(struct chain *c, const struct scenario *r)
{
	uint32_t branch = (uint32_t)(r - c->maker.world->timeline.scenarios.v) + 1;
	uint64_t head = c->n - 1, keep = head > r->depth ? head - r->depth : 0;

	while (c->n - 1 > keep)
		drop_head(c);
	while (c->n <= head)
		push(c, c->n, branch);
	c->reorged = r;
}

/* Scenarios take effect by time, then by order of asking. */
static bool before(const struct scenario *a, const struct scenario *b)
{
	return a->t0 != b->t0 ? a->t0 < b->t0 : a < b;
}

/* The first reorg not yet done, or NULL. */
static const struct scenario *next_reorg(const struct chain *c)
{
	const struct scenario_list *l = &c->maker.world->timeline.scenarios;
	const struct scenario *first = NULL;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].type->id == SC_REORG && (!c->reorged || before(c->reorged, &l->v[i])) &&
			(!first || before(&l->v[i], first)))
			first = &l->v[i];
	return first;
}

bool chain_advance(struct chain *c, int64_t now, size_t max_blocks)
{
	for (; max_blocks; max_blocks--) {
		const struct scenario *r = next_reorg(c);
		int64_t at = block_time(&c->maker, c->n);

		if (r && r->t0 < at && r->t0 <= now)
			reorg(c, r);
		else if (at <= now)
			push(c, c->n, 0);
		else
			return true;
	}
	return false;
}

uint64_t chain_head(const struct chain *c)
{
	return c->n - 1;
}

uint64_t chain_due(const struct chain *c, int64_t now)
{
	int64_t since = now - c->maker.world->timeline.epoch;

	return since < 0 ? 0 : (uint64_t)(since / c->maker.block_ms);
}

const struct block *chain_block(struct chain *c, uint64_t number)
{
	struct block **slot = &c->cache[number % CACHE_BLOCKS];
	const struct entry *e;

	if (number >= c->n)
		return NULL;
	e = &c->v[number];
	if (*slot && evm_hash_eq(&(*slot)->hash, &e->hash))
		return *slot;
	block_free(*slot);
	*slot = block_make(&c->maker, number, e->branch, number ? &c->v[number - 1].hash : NULL,
		e->base_fee);
	if (!evm_hash_eq(&(*slot)->hash, &e->hash))
		BUG("block %llu came out otherwise than before", (unsigned long long)number);
	return *slot;
}

const struct block *chain_block_by_hash(struct chain *c, const struct evm_hash *h)
{
	for (size_t i = c->n; i-- > 0;)
		if (evm_hash_eq(&c->v[i].hash, h))
			return chain_block(c, i);
	for (size_t i = 0; i < ORPHANS_KEPT; i++)
		if (c->orphans[i] && evm_hash_eq(&c->orphans[i]->hash, h))
			return c->orphans[i];
	return NULL;
}

bool chain_is_canonical(const struct chain *c, const struct block *b)
{
	return b->header.number < c->n && evm_hash_eq(&c->v[b->header.number].hash, &b->hash);
}

const struct block *chain_tx(struct chain *c, const struct evm_hash *h, size_t *index)
{
	uint32_t number;
	const struct block *b;

	if (!txindex_get(c->txs, h, &number) || !(b = chain_block(c, number)))
		return NULL;
	for (size_t i = 0; i < b->ntxs; i++)
		if (evm_hash_eq(&b->txs[i].hash, h)) {
			*index = i;
			return b;
		}
	return NULL;
}

const struct block_maker *chain_maker(const struct chain *c)
{
	return &c->maker;
}

const struct account *chain_accounts(const struct chain *c, uint32_t *n)
{
	*n = c->naccounts;
	return c->accounts;
}
