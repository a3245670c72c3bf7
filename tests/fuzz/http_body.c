/*
 * A packed body.  The first byte says where it is cut, the second how much room there is a turn:
 * cut or not, in one turn or many, the same bytes come out, never more than there is room for.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "net/http_body.h"

#define MOST (4u << 20) /* a bomb is given up there */

struct told {
	uint64_t hash;
	size_t n;
	bool broken, whole, cut;
};

static int on_piece(void *arg, struct slice chunk)
{
	struct told *t = arg;

	for (size_t i = 0; i < chunk.n; i++)
		t->hash = hash_mix(t->hash, (unsigned char)chunk.p[i]);
	t->n += chunk.n;
	return t->n > MOST ? -1 : 0;
}

/* Until nothing waits, a turn after the other; false: it ended. */
static bool take(struct http_body *b, const uint8_t *p, size_t n, size_t most, struct told *t)
{
	char *own = xmemdup0(p, n); /* so that nothing points into it afterwards */
	struct slice more = slice_mem(own, n);
	enum http_body_verdict v;

	do {
		size_t room = most, was = t->n;

		v = http_body_take(b, more, &room, on_piece, t);
		if (t->n - was > most || room != most - (t->n - was))
			abort();
		if ((v == BODY_WAITS) != (http_body_waits(b) && v != BODY_BROKEN && v != BODY_STOPPED))
			abort();
		more = (struct slice){ 0 };
		free(own);
		own = NULL;
	} while (v == BODY_WAITS);
	t->broken = v == BODY_BROKEN;
	t->cut = v == BODY_STOPPED;
	return v == BODY_TAKEN;
}

static struct told read_all(const uint8_t *p, size_t n, size_t step, size_t most)
{
	struct http_body b = { 0 };
	struct told t = { 0 };
	bool more = true;

	if (http_body_begin(&b, "gzip") < 0)
		abort();
	while (n && more) {
		size_t k = n < step ? n : step;

		more = take(&b, p, k, most, &t);
		p += k;
		n -= k;
	}
	t.whole = http_body_is_whole(&b);
	http_body_fini(&b);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct told one, many;

	if (size < 2 || size > 1 << 16)
		return 0;
	one = read_all(data + 2, size - 2, size, MOST + 65536);
	many = read_all(data + 2, size - 2, (size_t)data[0] * 16 + 1, (size_t)data[1] * 256 + 1);
	if (one.cut != many.cut || one.broken != many.broken)
		abort();
	if (!one.cut && !one.broken && (one.n != many.n || one.hash != many.hash || one.whole != many.whole))
		abort();
	return 0;
}
