/* Governance: what governors and voting tokens logged on the ledgers that are followed. */
#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/chain.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

/* The names that src/evm/logtext.c gives to proposals, votes and delegations begin so. */
#define GOVERNING "text~'^(Proposal|VoteCast|Delegate)'"

struct governance {
	struct list list;
	struct pretty pretty; /* the log under the cursor */
};

static const struct list_col cols[] = {
	{ "block", "BLOCK", SHOW_COUNT, .min = 8, .want = 12, .pinned = true },
	{ "ledger", "LEDGER", SHOW_TEXT, .min = 6, .want = 10 },
	{ "removed", "STATE", SHOW_OWN, .min = 10, .want = 10 },
	{ "text", "WHAT", SHOW_TEXT, .min = 30, .want = 60, .grow = 4 },
	{ "address", "CONTRACT", SHOW_LINK, .min = 12, .want = 20, .grow = 1 },
};

static void state_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	buf_addslice(b, chain_state(chain_orphaned(row, "removed"), &c->look));
}

static const struct list_spec spec = { .kind = "logs", .id = "", .cell = state_cell,
	.sort = "block:desc,index:desc", .fields = "ledger,block,index,address,text,topics,data,removed,tx",
	.empty = "no governor or voting token has logged anything on the ledgers that are followed" };

static int governance_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct governance *s = state;

	list_init(&s->list, &spec, st, s);
	list_columns(&s->list, cols, ARRAY_LEN(cols));
	list_fix(&s->list, GOVERNING);
	list_open(&s->list, arg);
	return 0;
}

static void governance_close(void *state)
{
	struct governance *s = state;

	list_fini(&s->list);
	pretty_fini(&s->pretty);
}

static void governance_draw(void *state, struct term *t, struct rect r)
{
	struct governance *s = state;

	list_headline(&s->list, t, rect_cut_top(&r, 1), 0, slice_of("Governance"));
	chain_logs_draw(&s->list, &s->pretty, t, r);
}

static int act_open(void *state, struct slice arg, struct err *e)
{
	struct governance *s = state;
	const json_t *row = list_selected(&s->list);
	struct buf b;

	if (!row)
		return err_set(e, ERR_NO, "no log under the cursor");
	buf_init(&b, 1 << 12);
	buf_adds(&b, "ledger ");
	filter_add(&b, "ledger", "=", row_text(row, "ledger"));
	buf_addf(&b, " and number=%lld", (long long)json_i64(row, "block", 0));
	s->list.st->run(s->list.st->arg, b.p);
	buf_fini(&b);
	return 0;
}

static const struct action actions[] = {
	{ "open", "", "the block of the log under the cursor", .run = act_open },
	{ 0 },
};

const struct screen screen_governance = {
	.name = "governance", .title = "Governance", .args = "[FILTER]",
	.help = "proposals, votes and delegations, as ledgers logged them",
	.keys = "list", .tab = true, .state_size = sizeof(struct governance),
	.actions = { list_moves, list_actions, actions },
	.open = governance_open, .close = governance_close, .show = list_show,
	.draw = governance_draw, .tick = list_tick, .mouse = list_mouse,
	.typing = list_typing, .trouble = list_trouble, .current = list_current, .back = list_back,
};
