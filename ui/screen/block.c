/* One block: what it is, what stands at its height besides, what contracts logged in it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/chain.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define SIBLINGS 4 /* blocks of the same height that are told */

struct block {
	struct list logs; /* the cursor is here */
	struct asker asker;
	char *hash;
	json_t *row, *siblings;
	struct err wrong;
	struct pretty pretty;
	bool asked;
};

static const struct list_col cols[] = {
	{ "index", "LOG", SHOW_COUNT, .min = 4, .want = 5, .pinned = true },
	{ "text", "WHAT", SHOW_OWN, .min = 30, .want = 60, .grow = 4, .also = "text,topics" },
	{ "address", "CONTRACT", SHOW_LINK, .min = 12, .want = 20, .grow = 1 },
	{ "tx", "TRANSACTION", SHOW_LINK, .min = 12, .want = 20, .grow = 1 },
};

/* Decoded, or else the topics as they are. */
static void what_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	struct slice text = row_text(row, "text");
	const json_t *topics = json_object_get(row, "topics");
	size_t i;
	json_t *topic;

	if (text.n) {
		buf_addslice(b, text);
		return;
	}
	c->look = ROLE_DIM;
	json_array_foreach((json_t *)topics, i, topic)
		buf_addf(b, "%s%s", i ? " " : "", json_string_value(topic) ? json_string_value(topic) : "");
	if (!json_array_size(topics))
		buf_adds(b, "no topics");
}

static const struct list_spec spec = { .kind = "logs", .id = "", .sort = "index",
	.fields = "ledger,block,index,address,text,topics,data,removed,tx", .cell = what_cell,
	.empty = "no logs of the contracts that are followed (contexts[].ledgers[].addresses)" };

/* --- the block itself --- */

static void ask_blocks(struct block *s, const char *filter, asker_fn *fn)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of("blocks"));
	jw_key(&w, "filter"), jw_str(&w, slice_of(filter));
	jw_key(&w, "fields");
	jw_str(&w, slice_of("ledger,number,hash,parent,time,txs,logs,gas_used,gas_limit,orphaned"));
	jw_key(&w, "limit"), jw_i64(&w, SIBLINGS + 1);
	jw_end(&w);
	asker_call(&s->asker, s->logs.st->client, "query", buf_slice(&b), fn, s);
	buf_fini(&b);
}

static void siblings_came(void *arg, const json_t *answer, const struct err *e)
{
	struct block *s = arg;

	json_decref(s->siblings);
	s->siblings = json_incref(json_object_get(answer, "rows"));
	s->logs.st->dirty(s->logs.st->arg);
}

static bool orphaned(const json_t *row)
{
	return chain_orphaned(row, "orphaned");
}

/* Its place in the ledger: numbers are told to people with commas, to filters without. */
static void place_filter(const struct block *s, const char *number, struct buf *b)
{
	filter_add(b, "ledger", "=", row_text(s->row, "ledger"));
	buf_addf(b, " and %s=%lld", number, (long long)json_i64(s->row, "number", 0));
}

static void block_came(void *arg, const json_t *answer, const struct err *e)
{
	struct block *s = arg;
	const json_t *row = json_array_get(json_object_get(answer, "rows"), 0);
	struct buf b;

	s->wrong = e ? *e : (struct err){ 0 };
	if (answer && !row)
		err_set(&s->wrong, ERR_NO, "no such block is held");
	if (row) {
		json_decref(s->row);
		s->row = json_incref((json_t *)row);
		buf_init(&b, 1 << 16);
		place_filter(s, "number", &b);
		ask_blocks(s, b.p, siblings_came);
		buf_reset(&b);
		place_filter(s, "block", &b);
		buf_adds(&b, orphaned(row) ? " and removed=true" : " and removed=false");
		list_fix(&s->logs, b.p);
		buf_fini(&b);
		list_show(&s->logs, true);
	}
	s->logs.st->dirty(s->logs.st->arg);
}

static void ask(struct block *s)
{
	struct buf b;

	s->asked = true;
	buf_init(&b, 1 << 16);
	filter_add(&b, "hash", "=", slice_of(s->hash));
	ask_blocks(s, b.p, block_came);
	buf_fini(&b);
}

/* --- looks --- */

static int put(struct term *t, struct rect r, int row, int at, const char *label, struct slice v,
	uint16_t look)
{
	at += draw_text(t, r, row, at, slice_of(label), ROLE_LABEL) + 1;
	return at + draw_text(t, r, row, at, v, look) + 2;
}

static int put_count(struct term *t, struct rect r, int row, int at, const char *label, double v)
{
	struct buf b;

	buf_init(&b, 64);
	value_count(&b, v);
	at = put(t, r, row, at, label, buf_slice(&b), ROLE_TEXT);
	buf_fini(&b);
	return at;
}

static void draw_state(struct term *t, struct rect r, int row, int at, const json_t *block)
{
	uint16_t look;
	struct slice state = chain_state(orphaned(block), &look);

	draw_text(t, r, row, at, state, look);
}

static void draw_block(struct block *s, struct term *t, struct rect r)
{
	const json_t *row = s->row;
	int at = put_count(t, r, 0, 1, "block", row_num(row, "number"));
	struct buf b;

	at = put(t, r, 0, at, "of", row_text(row, "ledger"), ROLE_TEXT);
	draw_state(t, r, 0, at, row);
	at += 12;
	buf_init(&b, 64);
	value_time(&b, row_time(row, "time"), row_time(row, "time"));
	at = put(t, r, 0, at, "at", buf_slice(&b), ROLE_TEXT);
	buf_fini(&b);
	at = put_count(t, r, 0, at, "transactions", row_num(row, "txs"));
	put_count(t, r, 0, at, "gas", row_num(row, "gas_used"));
	put(t, r, 1, 1, "hash  ", row_text(row, "hash"), ROLE_LINK);
	put(t, r, 2, 1, "parent", row_text(row, "parent"), ROLE_LINK);
}

/* The others of its height: who took its place, or whose it took.  Returns the rows used. */
static int draw_siblings(struct block *s, struct term *t, struct rect r)
{
	size_t i;
	json_t *other;
	int row = 0;

	json_array_foreach(s->siblings, i, other) {
		if (slice_eq(row_text(other, "hash"), row_text(s->row, "hash")) || row == r.rows)
			continue;
		draw_text(t, r, row, 1, slice_of(orphaned(s->row) && !orphaned(other) ? "replaced by"
						: !orphaned(s->row) ? "in place of"
								    : "beside"), ROLE_LABEL);
		draw_state(t, r, row, 13, other);
		draw_field(t, r, row, 25, r.cols - 26, row_text(other, "hash"), ROLE_LINK, ALIGN_LEFT);
		row++;
	}
	return row;
}

static void block_draw(void *state, struct term *t, struct rect r)
{
	struct block *s = state;
	struct rect head = rect_cut_top(&r, 3), others;

	if (!s->row) {
		draw_text(t, head, 0, 1, s->wrong.class ? slice_of(s->wrong.text)
						       : slice_of("waiting for the collector ..."),
			s->wrong.class ? ROLE_ERROR : ROLE_DIM);
		return;
	}
	draw_block(s, t, head);
	others = r;
	others.rows = others.rows > SIBLINGS ? SIBLINGS : others.rows;
	rect_cut_top(&r, draw_siblings(s, t, others));
	list_headline(&s->logs, t, rect_cut_top(&r, 1), 0, slice_of("Logs"));
	chain_logs_draw(&s->logs, &s->pretty, t, r);
}

/* --- the screen --- */

static int block_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct block *s = state;

	list_init(&s->logs, &spec, st, s);
	list_columns(&s->logs, cols, ARRAY_LEN(cols));
	if (!arg.n)
		return err_set(e, ERR_USAGE, "block what?  Its hash is needed");
	s->hash = xmemdup0(arg.p, arg.n);
	return 0;
}

static void block_close(void *state)
{
	struct block *s = state;

	asker_fini(&s->asker);
	list_fini(&s->logs);
	pretty_fini(&s->pretty);
	json_decref(s->row);
	json_decref(s->siblings);
	free(s->hash);
}

static void block_show(void *state, bool on)
{
	struct block *s = state;

	if (s->row)
		list_show(&s->logs, on);
	if (on && s->logs.st->client)
		ask(s); /* it may have been replaced meanwhile */
}

static bool block_tick(void *state)
{
	struct block *s = state;

	return s->row && list_tick(&s->logs);
}

static void block_travelled(void *state)
{
	struct block *s = state;

	if (s->logs.st->client)
		ask(s);
}

static struct slice block_subject(void *state)
{
	struct block *s = state;
	struct slice hash = slice_of(s->hash ? s->hash : "");

	hash.n = hash.n > 14 ? 14 : hash.n;
	return hash;
}

const struct screen screen_block = {
	.name = "block", .title = "Block", .args = "HASH", .help = "one block and its logs",
	.keys = "list", .state_size = sizeof(struct block),
	.actions = { list_moves, list_actions }, .open = block_open, .close = block_close,
	.show = block_show, .draw = block_draw, .tick = block_tick,
	.travelled = block_travelled, .subject = block_subject, .mouse = list_mouse,
	.typing = list_typing, .trouble = list_trouble, .current = list_current, .back = list_back,
};
