#include "model/kind.h"

enum { LEDGER, NUMBER, HASH, PARENT, TIME, TXS, LOGS, GAS_USED, GAS_LIMIT, ORPHANED, AGE };

static const struct field fields[] = {
	[LEDGER] = { "ledger", FIELD_STR, .help = "the ledger" },
	[NUMBER] = { "number", FIELD_INT, .help = "height" },
	[HASH] = { "hash", FIELD_STR, .help = "its hash" },
	[PARENT] = { "parent", FIELD_STR, .help = "hash of the block before", .wide = true },
	[TIME] = { "time", FIELD_TIME, .help = "as the block says" },
	[TXS] = { "txs", FIELD_INT, .help = "transactions" },
	[LOGS] = { "logs", FIELD_INT, .help = "logs" },
	[GAS_USED] = { "gas_used", FIELD_INT, .help = "gas used", .wide = true },
	[GAS_LIMIT] = { "gas_limit", FIELD_INT, .help = "gas allowed", .wide = true },
	[ORPHANED] = { "orphaned", FIELD_ENUM, .help = "true when a reorg replaced it" },
	[AGE] = { "age", FIELD_AGE, "s", "time since then", .extra = true },
	{ 0 },
};

static const struct kind kind = { "blocks", "block", "blk", "blocks of the ledgers, newest first",
	.fields = fields };

static const struct word bool_words[] = { { "false", 0 }, { "true", 1 }, { NULL, 0 } };

/* A row is ledger << 40 | serial. */
#define SERIAL_BITS 40

static uint64_t total(const struct model *m)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < m->ledgers_n; i++)
		n += m->ledgers[i].end - m->ledgers[i].first;
	return n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	uint64_t ledger = 0, serial = 0;

	if (row != ROW_NONE) {
		ledger = row >> SERIAL_BITS;
		serial = (row & (((uint64_t)1 << SERIAL_BITS) - 1)) + 1;
	}
	for (; ledger < m->ledgers_n; ledger++, serial = 0) {
		const struct ledger *l = &m->ledgers[ledger];

		if (serial < l->first)
			serial = l->first;
		if (serial < l->end)
			return ledger << SERIAL_BITS | serial;
	}
	return ROW_NONE;
}

static const struct block *block_of(const struct model *m, uint64_t row)
{
	const struct ledger *l = &m->ledgers[row >> SERIAL_BITS];
	uint64_t serial = row & (((uint64_t)1 << SERIAL_BITS) - 1);

	return serial >= l->first && serial < l->end ? &l->blocks[serial % l->cap] : NULL;
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct block *b = block_of(m, row);

	v->type = V_NONE;
	if (!b)
		return;
	switch (col) {
	case LEDGER:
		v_str(v, slice_of(m->ledgers[row >> SERIAL_BITS].name));
		break;
	case NUMBER:
		v_int(v, b->number);
		break;
	case HASH:
		v_hex(v, b->hash, 32);
		break;
	case PARENT:
		v_hex(v, b->parent, 32);
		break;
	case TIME:
		v_time(v, b->at_ms);
		break;
	case AGE:
		v_age(v, m, b->at_ms);
		break;
	case TXS:
		v_int(v, b->txs);
		break;
	case LOGS:
		v_int(v, b->logs);
		break;
	case GAS_USED:
		v_int(v, b->gas_used);
		break;
	case GAS_LIMIT:
		v_int(v, b->gas_limit);
		break;
	case ORPHANED:
		v_bool(v, b->orphaned);
		break;
	}
}

static const struct word *words(unsigned col)
{
	return bool_words;
}

const struct rows rows_blocks = {
	.kind = &kind, .total = total, .next = next, .value = value, .words = words,
	.sort = "time:desc,number:desc", .names = { "number", "hash" },
};
