/* A hostile user of the devnet: commands, scenario texts, state lines and JSON-RPC calls.  Each
 * line of the input is one of them, by its first byte; what comes back must be JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "devnet/control.h"
#include "devnet/ethrpc.h"

#define EPOCH 1795341136000ll

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct world w;
static struct eth eth;

static void start(void)
{
	const struct run_spec spec = { .seed = 1, .epoch = EPOCH, .devices = 60, .sign_share = 16,
		.rate = 5, .block_ms = 2000, .scenarios = "" };

	world_init(&w, &spec);
	timeline_advance(&w.timeline, EPOCH);
	eth = (struct eth){ .chain = chain_new(&w, 2000, 2), .now = EPOCH };
}

static void stop(void)
{
	chain_free(eth.chain);
	world_fini(&w);
}

static void must_be_json(const struct buf *b)
{
	json_t *v = json_loadb(b->p, b->len, JSON_DECODE_ANY, NULL);

	if (!v)
		BUG("answered what is not JSON: %s", b->p);
	json_decref(v);
}

static void command(struct slice s, int64_t now)
{
	struct control c = { .world = &w };
	struct buf out;
	struct err e;

	buf_init(&out, 65536);
	if (control_command(&c, s, now, &out, &e) == 0)
		must_be_json(&out);
	buf_fini(&out);
}

/* "method params" */
static void call(struct slice s)
{
	const char *blank = s.n ? memchr(s.p, ' ', s.n) : NULL;
	size_t n = blank ? (size_t)(blank - s.p) : s.n;
	char *method = xmemdup0(s.p, n);
	struct err e = { 0 };
	json_t *params = blank ? json_load(slice_mem(blank + 1, s.n - n - 1), &e) : NULL;
	struct buf out;

	buf_init(&out, ETHRPC_ANSWER_MAX);
	if (ethrpc_call(&eth, method, params, &out, &e) == 0)
		must_be_json(&out);
	buf_fini(&out);
	json_decref(params);
	free(method);
}

static void text(struct slice s)
{
	char *t = xmemdup0(s.p, s.n);
	struct scenario_list l = { 0 };
	struct err e;

	scenario_add_text(&l, &w.fleet, t, EPOCH, &e);
	scenario_list_fini(&l);
	free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n;
	int64_t now = EPOCH;

	start();
	for (int lines = 0; p < end && lines < 40; lines++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		struct slice s = slice_mem(p, (size_t)((nl ? nl : end) - p));

		now += 3000;
		if (s.n && *s.p == '{')
			command(s, now);
		else if (s.n && *s.p == ':')
			text(slice_mem(s.p + 1, s.n - 1));
		else
			call(s);
		timeline_advance(&w.timeline, now);
		chain_advance(eth.chain, now, 100);
		p = s.p + s.n + 1;
	}
	stop();
	return 0;
}
