/*
 * Results held for paging: the rows of a query in their order, so that a reader of a long list
 * gets each of them once while the model moves on, and pays for the order once.  A connection
 * holds a few; a result goes with its last page, after a minute of neglect, or with the line.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"

#define HELD_MAX     4
#define HELD_IDLE_MS 60000
#define HELD_MOST_MS 300000 /* rows of forgotten devices become those of others after twice this */

struct held {
	struct held *next;
	uint32_t id;
	const struct kind *kind;
	struct fields *fields;
	uint64_t *rows;
	size_t n;
	int64_t used_ms, born_ms;
};

static void held_free(struct held *h)
{
	fields_free(h->fields);
	free(h->rows);
	free(h);
}

static void drop(struct held **at)
{
	struct held *h = *at;

	*at = h->next;
	held_free(h);
}

uint32_t conn_hold(struct conn *c, const struct kind *k, const struct query *q, struct fields *f)
{
	struct held *h = xcalloc(1, sizeof(*h)), **at = &c->held;
	const uint64_t *rows = query_rows(q, &h->n);
	int older = 0;

	h->id = ++c->api->last_id;
	h->kind = k;
	h->fields = f;
	h->rows = xreallocarray(NULL, h->n, sizeof(*h->rows));
	memcpy(h->rows, rows, h->n * sizeof(*h->rows));
	h->used_ms = h->born_ms = clock_mono_ms();
	h->next = c->held;
	c->held = h;
	while (*at && older++ < HELD_MAX)
		at = &(*at)->next;
	while (*at)
		drop(at);
	return h->id;
}

void conn_tick_held(struct conn *c)
{
	int64_t now = clock_mono_ms();

	for (struct held **at = &c->held; *at;)
		if (now - (*at)->used_ms > HELD_IDLE_MS || now - (*at)->born_ms > HELD_MOST_MS)
			drop(at);
		else
			at = &(*at)->next;
}

void conn_end_held(struct conn *c)
{
	while (c->held)
		drop(&c->held);
}

static struct held **find(struct conn *c, uint64_t id)
{
	struct held **at = &c->held;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void answer(struct conn *c, struct rpc_req *req, struct held **at, uint64_t offset,
	uint64_t limit)
{
	struct held *h = *at;
	size_t n = offset >= h->n ? 0 : h->n - offset < limit ? h->n - offset : limit;
	struct buf b;

	buf_init(&b, ANSWER_MAX);
	buf_addf(&b, "{\"kind\":\"%s\",\"held\":%u,\"matched\":%zu,\"offset\":%llu,\"rows\":",
		h->kind->name, h->id, h->n, (unsigned long long)offset);
	ids_write(conn_model(c), h->kind, h->rows + (n ? offset : 0), n, h->fields, &b);
	buf_addc(&b, '}');
	h->used_ms = clock_mono_ms();
	if (b.full)
		rpc_reply_err(req, RPC_REFUSED, "more than %u MiB of rows; ask for fewer at a time",
			ANSWER_MAX >> 20);
	else
		rpc_reply_text(req, buf_slice(&b));
	if (!b.full && offset + n >= h->n)
		drop(at);
	buf_fini(&b);
}

void call_page(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const char *const known[] = { "held", "offset", "limit", NULL };
	uint64_t id = 0, offset = 0, limit = QUERY_LIMIT_DEFAULT;
	struct err e = { 0 };
	struct held **at;

	if (params_known(params, known, &e) < 0 ||
		params_uint(params, "held", UINT32_MAX, &id, &e) < 0 ||
		params_uint(params, "offset", UINT32_MAX, &offset, &e) < 0 ||
		params_uint(params, "limit", QUERY_LIMIT_MAX, &limit, &e) < 0) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "%s", e.text);
		return;
	}
	at = find(c, id);
	if (*at)
		answer(c, req, at, offset, limit);
	else
		rpc_reply_err(
			req, RPC_NOT_FOUND, "no such held result; it goes with its last page");
}
