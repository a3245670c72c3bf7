/*
 * A server's bytes to a client of ours.  The first says where they are cut; cut or not, the same
 * events come out, no message is beyond its limit, and nothing follows what broke the protocol.
 * The same bytes are read as an answer to a handshake.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "net/ws_frame.h"
#include "net/ws_handshake.h"

#define MAX 1000

struct told {
	uint64_t hash;
	size_t events;
	int code;
};

static void read_on(struct ws_decoder *d, const uint8_t *p, size_t n, struct told *t)
{
	char *own = xmemdup0(p, n); /* so that no slice outlives its piece */
	struct slice in = slice_mem(own, n), msg;

	for (;;) {
		enum ws_event what = ws_decoder_next(d, &in, &msg);

		if (what == WS_WANT && in.n)
			abort();
		if (what == WS_WANT || what == WS_BROKEN)
			break;
		if (msg.n > (what == WS_TEXT || what == WS_BINARY ? MAX : WS_CONTROL_MAX))
			abort();
		t->hash = hash_mix(hash_mix(t->hash, what), hash_bytes(msg.p, msg.n));
		t->events++;
	}
	t->code = d->code;
	free(own);
}

static void frames(const uint8_t *p, size_t n, size_t step)
{
	struct told whole = { 0 }, cut = { 0 };
	struct ws_decoder d;

	ws_decoder_init(&d, MAX);
	read_on(&d, p, n, &whole);
	ws_decoder_reset(&d);
	for (size_t at = 0; at < n; at += step)
		read_on(&d, p + at, n - at < step ? n - at : step, &cut);
	if (whole.hash != cut.hash || whole.events != cut.events || whole.code != cut.code)
		abort();
	ws_decoder_fini(&d);
}

static void handshake(const uint8_t *p, size_t n)
{
	const struct ws_ask a = { .host = "h", .path = "/", .subprotocol = "s",
		.key = "dGhlIHNhbXBsZSBub25jZQ==" };
	char *own = xmemdup0(p, n);
	struct err e = { 0 };
	ssize_t rc = ws_ask_answer(&a, slice_mem(own, n), &e);

	if (rc > (ssize_t)n || (rc < 0) != (e.class != ERR_NONE))
		abort();
	if (rc > 0 && memcmp(own + rc - 4, "\r\n\r\n", 4) != 0)
		abort();
	free(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (!n || n > 4096)
		return 0;
	frames(p + 1, n - 1, p[0] % 16 + 1u);
	handshake(p + 1, n - 1);
	return 0;
}
