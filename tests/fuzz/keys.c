/*
 * Bytes from a terminal: whatever comes, in whatever pieces, memory stays bounded, events are
 * well-formed, and the events do not depend on where the bytes were cut.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "ui/term/input.h"
#include "ui/term/keys.h"

static void check(const struct term_event *ev)
{
	uint32_t k = TERM_KEY_OF(ev->key);

	switch (ev->type) {
	case TERM_EV_KEY:
		if (k == 0 || k >= TERM_KEY_LAST || k == 0x1b || k == 0x7f)
			abort();
		if (k < TERM_KEY_FIRST && (k < 0x20 || utf8_hidden(k)))
			abort();
		break;
	case TERM_EV_MOUSE:
		if (ev->row < 0 || ev->col < 0 || ev->button < 0 || ev->button > 3)
			abort();
		break;
	case TERM_EV_PASTE:
		if (ev->text.n > INPUT_PASTE_MAX)
			abort();
		break;
	case TERM_EV_ACK:
	case TERM_EV_FENCE:
	case TERM_EV_MODE:
		break;
	default:
		abort();
	}
}

static uint64_t fold(uint64_t sum, const struct term_event *ev)
{
	check(ev);
	sum = hash_mix(sum, (uint64_t)ev->type << 32 | ev->key);
	sum = hash_mix(sum, (uint64_t)(uint32_t)ev->row << 32 | (uint32_t)ev->col);
	sum = hash_mix(sum, (uint64_t)ev->mouse << 8 | (uint64_t)ev->button);
	return ev->text.n ? hash_mix(sum, hash_bytes(ev->text.p, ev->text.n)) : sum;
}

static uint64_t run(const char *p, size_t n, size_t piece)
{
	struct input in;
	struct term_event ev;
	uint64_t sum = 1;

	input_init(&in);
	while (n) {
		size_t took = input_feed(&in, p, n < piece ? n : piece, 0);

		while (input_next(&in, &ev))
			sum = fold(sum, &ev);
		p += took;
		n -= took;
	}
	for (int i = 0; i < 4 && input_deadline(&in) >= 0; i++)
		if (input_tick(&in, INT64_MAX, &ev))
			sum = fold(sum, &ev);
	if (input_deadline(&in) >= 0)
		abort(); /* nothing waits for ever */
	input_fini(&in);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t whole = run((const char *)data, size, INPUT_CHUNK);

	if (run((const char *)data, size, 1) != whole || run((const char *)data, size, 3) != whole)
		abort();
	return 0;
}
