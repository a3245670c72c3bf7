#include "model/kind.h"

#include <math.h>

enum { NAME, KIND, NETWORK, CHAIN_ID, HEAD, HEAD_HASH, HEAD_TIME, AGE, BLOCKS, REORGS, BLOCK_TIME };

static const struct field fields[] = {
	[NAME] = { "name", FIELD_STR, .help = "as the configuration calls it" },
	[KIND] = { "kind", FIELD_STR, .help = "evm ..." },
	[NETWORK] = { "network", FIELD_STR, .help = "the network it belongs to" },
	[CHAIN_ID] = { "chain_id", FIELD_INT, .help = "as the chain says" },
	[HEAD] = { "head", FIELD_INT, .help = "number of the newest block" },
	[HEAD_HASH] = { "head_hash", FIELD_STR, .help = "its hash", .wide = true },
	[HEAD_TIME] = { "head_time", FIELD_TIME, .help = "its time" },
	[AGE] = { "age", FIELD_AGE, "s", "time since the newest block" },
	[BLOCKS] = { "blocks", FIELD_INT, .help = "blocks held", .wide = true },
	[REORGS] = { "reorgs", FIELD_INT, .help = "times that blocks were replaced" },
	[BLOCK_TIME] = { "block_time", FIELD_AGE, "s", "mean over the last blocks", .wide = true },
	{ 0 },
};

static const struct kind kind = { "ledgers", "ledger", "chain", "the chains that are followed",
	.fields = fields };

static uint64_t total(const struct model *m)
{
	return m->ledgers_n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	return ++row < m->ledgers_n ? row : ROW_NONE;
}

/* Over up to 32 blocks of the best chain. */
static double block_time(const struct ledger *l, const struct block *head)
{
	uint64_t s = l->head, n = 0;
	const struct block *b = head;

	while (s-- > l->first && n < 32) {
		const struct block *p = &l->blocks[s % l->cap];

		if (!p->orphaned && p->number + 1 == b->number) {
			b = p;
			n++;
		}
	}
	return n ? (double)(head->at_ms - b->at_ms) / 1000 / (double)n : NAN;
}

static void head_value(const struct model *m, const struct ledger *l, unsigned col,
	struct value *v)
{
	const struct block *b;

	if (!l->has_head)
		return;
	b = &l->blocks[l->head % l->cap];
	switch (col) {
	case HEAD:
		v_int(v, b->number);
		break;
	case HEAD_HASH:
		v_hex(v, b->hash, 32);
		break;
	case HEAD_TIME:
		v_time(v, b->at_ms);
		break;
	case AGE:
		v_age(v, m, b->at_ms);
		break;
	case BLOCK_TIME:
		v_num(v, block_time(l, b));
		break;
	}
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct ledger *l = &m->ledgers[row];

	v->type = V_NONE;
	switch (col) {
	case NAME:
		v_str(v, slice_of(l->name));
		break;
	case KIND:
		v_str(v, slice_of(l->kind));
		break;
	case NETWORK:
		v_str(v, slice_of(l->network));
		break;
	case CHAIN_ID:
		v_int(v, l->chain_id);
		break;
	case BLOCKS:
		v_int(v, l->end - l->first);
		break;
	case REORGS:
		v_int(v, l->reorgs);
		break;
	default:
		head_value(m, l, col, v);
	}
}

const struct rows rows_ledgers = {
	.kind = &kind, .total = total, .next = next, .value = value, .sort = "", .names = { "name" },
};
