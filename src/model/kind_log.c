#include "model/kind.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hex.h"

enum { LEDGER, BLOCK, INDEX, ADDRESS, TEXT, TOPICS, DATA, REMOVED, TX };

static const struct field fields[] = {
	[LEDGER] = { "ledger", FIELD_STR, .help = "the ledger" },
	[BLOCK] = { "block", FIELD_INT, .help = "number of its block" },
	[INDEX] = { "index", FIELD_INT, .help = "place in the block" },
	[ADDRESS] = { "address", FIELD_STR, .help = "the contract" },
	[TEXT] = { "text", FIELD_STR, .help = "decoded, in words" },
	[TOPICS] = { "topics", FIELD_JSON, .help = "as the chain has them" },
	[DATA] = { "data", FIELD_JSON, .help = "as the chain has it", .wide = true },
	[REMOVED] = { "removed", FIELD_ENUM, .help = "true when its block was orphaned" },
	[TX] = { "tx", FIELD_STR, .help = "hash of its transaction", .wide = true },
	{ 0 },
};

static const struct kind kind = { "logs", "log", NULL,
	"what contracts logged, oldest first; a window without sort counts from the newest",
	.fields = fields };

static const struct word bool_words[] = { { "false", 0 }, { "true", 1 }, { NULL, 0 } };

static uint64_t total(const struct model *m)
{
	return ring_count_upto(m->logs, m->log_last);
}

static uint64_t next(const struct model *m, uint64_t row)
{
	uint64_t n = ring_at_or_after(m->logs, row + 1);

	return n <= m->log_last ? n : ROW_NONE; /* a model of the past shares a longer ring */
}

static uint64_t prev(const struct model *m, uint64_t row)
{
	uint64_t upto = row - 1 < m->log_last ? row - 1 : m->log_last;
	uint64_t n = row == 0 ? 0 : ring_at_or_before(m->logs, upto);

	return n ? n : ROW_NONE;
}

#define TEXT_BYTES 4096 /* of data that filters see */

/* Long at times: these texts are made anew with each call. */
static void data_value(const struct log *l, struct value *v)
{
	static char text[3 + 2 * TEXT_BYTES];
	size_t n = l->data_n > TEXT_BYTES ? TEXT_BYTES : l->data_n;

	v_str(v, slice_mem(text, hex_text(text, l + 1, n)));
}

static void topics_value(const struct log *l, struct value *v)
{
	static char text[4 * 67];
	size_t n = 0;

	for (int i = 0; i < l->topics_n; i++) {
		if (i)
			text[n++] = ' ';
		n += hex_text(text + n, l->topics[i], 32);
	}
	v_str(v, slice_mem(text, n));
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct log *l = ring_get(m->logs, row);

	v->type = V_NONE;
	if (!l)
		return;
	switch (col) {
	case LEDGER:
		v_str(v, model_ledger_name(m, l->ledger));
		break;
	case BLOCK:
		v_int(v, l->block);
		break;
	case INDEX:
		v_int(v, l->index);
		break;
	case ADDRESS:
		v_hex(v, l->address, 20);
		break;
	case TEXT:
		v_str(v, slice_mem((const char *)(l + 1) + l->data_n, l->text_n));
		break;
	case DATA:
		data_value(l, v);
		break;
	case TOPICS:
		topics_value(l, v);
		break;
	case REMOVED:
		v_bool(v, l->removed);
		break;
	case TX:
		v_hex(v, l->tx_hash, 32);
		break;
	}
}

static void data_json(const struct log *l, struct jw *w)
{
	char *text = xmalloc(3 + 2 * (size_t)l->data_n);

	jw_str(w, slice_mem(text, hex_text(text, l + 1, l->data_n)));
	free(text);
}

static void json(const struct model *m, uint64_t row, unsigned col, struct jw *w)
{
	const struct log *l = ring_get(m->logs, row);
	struct value v;

	if (col == DATA && l) {
		data_json(l, w);
		return;
	}
	jw_array(w);
	for (int i = 0; l && i < l->topics_n; i++) {
		v_hex(&v, l->topics[i], 32);
		value_json(&v, w);
	}
	jw_end(w);
}

static const struct word *words(unsigned col)
{
	return bool_words;
}

const struct rows rows_logs = {
	.kind = &kind, .total = total, .next = next, .prev = prev, .value = value, .json = json,
	.words = words, .sort = "", .names = { "address", "tx" }, .tail = true,
};
