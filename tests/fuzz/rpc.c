/* A hostile other side: each line of the input is a message.  Every request is answered, some at
 * once and some late, and every call gets exactly one answer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "rpc/rpc.h"

struct fuzz {
	struct rpc_peer *p;
	struct rpc_req *held[64];
	int held_n;
	unsigned answers;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What we send must be JSON, whatever came in. */
static int on_send(void *arg, struct slice msg)
{
	json_t *v = json_load(msg, NULL);

	if (!v)
		BUG("sent what is not JSON: %.*s", SLICE_ARG(msg));
	json_decref(v);
	return 0;
}

static void on_request(void *arg, struct rpc_req *r, const char *method, const json_t *params)
{
	struct fuzz *f = arg;

	if (method[0] == 'l' && f->held_n < 64)
		f->held[f->held_n++] = r;
	else if (method[0] == 'e')
		rpc_reply_err(r, RPC_REFUSED, "%s", method);
	else
		rpc_reply_text(r, slice_of("[1]"));
}

static void on_notice(void *arg, const char *method, const json_t *params)
{
	struct fuzz *f = arg;

	if (method[0] == 'a' && f->held_n)
		rpc_reply_text(f->held[--f->held_n], slice_of("{}"));
}

static void on_answer(void *arg, const json_t *v, int code, const struct err *e)
{
	struct fuzz *f = arg;

	if (!v != (e != NULL))
		BUG("an answer is a result or an error");
	f->answers++;
}

static void on_raw(void *arg, struct slice v, int code, const struct err *e)
{
	on_answer(arg, e ? NULL : json_true(), code, e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct loop *l;
	const struct rpc_ops ops = { on_send, on_request, on_notice, NULL };
	struct fuzz f = { 0 };
	const char *p = (const char *)data, *end = p + n;

	if (!l)
		l = loop_new();
	f.p = rpc_new(l, &ops, &f);
	for (int i = 0; i < 3; i++) {
		rpc_call(f.p, "m", NULL, 0, on_answer, &f);
		rpc_call_raw(f.p, "m", slice_of("[]"), 0, on_raw, &f);
	}
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *to = nl ? nl : end;

		rpc_feed(f.p, slice_mem(p, (size_t)(to - p)));
		p = to + 1;
	}
	if (n % 2)
		rpc_free(f.p);
	while (f.held_n)
		rpc_reply_text(f.held[--f.held_n], slice_of("0"));
	if (n % 2 == 0)
		rpc_free(f.p);
	if (f.answers != 6)
		BUG("%u answers to 6 calls", f.answers);
	return 0;
}
