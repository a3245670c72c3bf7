/* Ledger: the chains that are followed, their blocks, and which of those a reorg replaced. */
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/chain.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

struct ledger {
	struct list blocks; /* the cursor is here */
	struct list chains;
};

static const struct list_col chain_cols[] = {
	{ "name", "LEDGER", SHOW_TEXT, .min = 8, .want = 12, .pinned = true },
	{ "kind", "KIND", SHOW_TEXT, .min = 4, .want = 6 },
	{ "network", "NETWORK", SHOW_TEXT, .min = 7, .want = 10 },
	{ "chain_id", "CHAIN", SHOW_COUNT, .min = 6, .want = 9 },
	{ "head", "HEAD", SHOW_COUNT, .min = 8, .want = 12 },
	{ "head_time", "AGE", SHOW_AGE, .min = 5, .want = 6 },
	{ "block_time", "BLOCK TIME", SHOW_SECONDS, .min = 8, .want = 10 },
	{ "reorgs", "REORGS", SHOW_ALARM, .min = 6, .want = 6 },
	{ "head_hash", "HEAD HASH", SHOW_LINK, .min = 10, .want = 20, .grow = 1 },
};

static const struct list_col block_cols[] = {
	{ "number", "BLOCK", SHOW_COUNT, .min = 10, .want = 12, .pinned = true },
	{ "ledger", "LEDGER", SHOW_TEXT, .min = 6, .want = 10 },
	{ "orphaned", "STATE", SHOW_OWN, .min = 10, .want = 10, .also = "orphaned" },
	{ "time", "AGE", SHOW_AGE, .min = 5, .want = 6 },
	{ "txs", "TXS", SHOW_COUNT, .min = 4, .want = 6 },
	{ "logs", "LOGS", SHOW_COUNT, .min = 4, .want = 6 },
	{ "gas_used", "GAS", SHOW_OWN, .min = 6, .want = 18, .also = "gas_used,gas_limit" },
	{ "hash", "HASH", SHOW_LINK, .min = 10, .want = 20, .grow = 2 },
	{ "parent", "PARENT", SHOW_LINK, .min = 10, .want = 20, .grow = 1 },
};

static void block_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	double used = row_num(row, "gas_used"), limit = row_num(row, "gas_limit");

	if (strcmp(col->field, "orphaned") == 0) {
		buf_addslice(b, chain_state(chain_orphaned(row, "orphaned"), &c->look));
	} else if (limit > 0) {
		buf_addf(b, "%.0f %%", 100 * used / limit);
		c->bar = used / limit;
	} else {
		buf_addc(b, '-');
		c->look = ROLE_DIM;
	}
}

static const struct list_spec chains_spec = { .kind = "ledgers", .id = "name",
	.empty = "no ledger is configured" };
static const struct list_spec blocks_spec = { .kind = "blocks", .id = "hash", .cell = block_cell,
	.sort = "time:desc,number:desc,orphaned", /* what was replaced stands under its winner */
	.empty = "no blocks yet" };

static int ledger_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct ledger *s = state;

	list_init(&s->blocks, &blocks_spec, st, s);
	list_columns(&s->blocks, block_cols, ARRAY_LEN(block_cols));
	list_init(&s->chains, &chains_spec, st, s);
	list_columns(&s->chains, chain_cols, ARRAY_LEN(chain_cols));
	s->chains.table.passive = true;
	list_open(&s->blocks, arg);
	return 0;
}

static void ledger_close(void *state)
{
	struct ledger *s = state;

	list_fini(&s->blocks);
	list_fini(&s->chains);
}

static void ledger_show(void *state, bool on)
{
	struct ledger *s = state;

	list_show(&s->blocks, on);
	list_show(&s->chains, on);
}

static void ledger_draw(void *state, struct term *t, struct rect r)
{
	struct ledger *s = state;
	int chains = (int)s->chains.table.total + 2, most = r.rows / 3;
	struct rect head = rect_cut_top(&r, 1), top, rule;

	list_headline(&s->chains, t, head, 0, slice_of("Ledgers"));
	top = rect_cut_top(&r, chains > most ? most : chains < 4 ? 4 : chains);
	list_draw(&s->chains, t, top);
	rule = rect_cut_top(&r, 1);
	draw_rule(t, rule, 0, (struct slice){ 0 });
	head = rect_cut_top(&r, 1);
	list_headline(&s->blocks, t, head, 0, slice_of("Blocks"));
	list_draw(&s->blocks, t, r);
}

static bool ledger_tick(void *state)
{
	struct ledger *s = state;
	bool a = list_tick(&s->blocks), b = list_tick(&s->chains);

	return a || b;
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct ledger *s = state;
	struct slice hash = row_text(list_selected(&s->blocks), "hash");
	char *line;

	if (!hash.n)
		return err_set(e, ERR_NO, "no block under the cursor");
	line = xasprintf("block %.*s", SLICE_ARG(hash));
	s->blocks.st->run(s->blocks.st->arg, line);
	free(line);
	return 0;
}

static const struct action actions[] = {
	{ "open", "", "the block under the cursor and its logs", .run = act_open },
	{ 0 },
};

const struct screen screen_ledger = {
	.name = "ledger", .title = "Ledger", .args = "[FILTER]",
	.help = "the chains, their blocks, reorgs", .keys = "list", .tab = true,
	.state_size = sizeof(struct ledger), .actions = { list_moves, list_actions, actions },
	.open = ledger_open, .close = ledger_close, .show = ledger_show, .draw = ledger_draw,
	.tick = ledger_tick, .mouse = list_mouse, .typing = list_typing, .trouble = list_trouble,
	.current = list_current, .back = list_back,
};
