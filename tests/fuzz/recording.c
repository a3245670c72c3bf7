/*
 * A recording decoded in one piece and in two is the same, its limits hold.  Checksums would
 * keep the fuzzer at the door, so each input is tried as it is and with all of them set right.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "store/recording.h"

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void sum_at(uint8_t *p, size_t n)
{
	uint32_t sum = (uint32_t)crc32_z(0, p, n);

	for (int i = 0; i < 4; i++)
		p[n + i] = (uint8_t)(sum >> 8 * i);
}

static void set_sums(uint8_t *p, size_t n)
{
	size_t at = RECORDING_HEADER;

	if (n < at)
		return;
	sum_at(p, at - 4);
	while (n - at >= RECORDING_FRAME) {
		size_t bytes = get32(p + at);

		if (bytes > n - at - RECORDING_FRAME)
			return;
		sum_at(p + at, bytes + 16);
		at += bytes + RECORDING_FRAME;
	}
}

static int decode(struct recording *r, struct slice *rest, uint64_t *hash)
{
	struct recording_item it;
	int64_t last_ms = r->last_ms;
	struct err e;
	int rc;

	while ((rc = recording_next(r, rest, &it, &e)) == 1) {
		if (it.bytes.n > RECORDING_BYTES_MAX || it.time_ms < last_ms || !it.name[0] ||
			strlen(it.what) > RECORDING_NAME_MAX)
			abort();
		last_ms = it.time_ms;
		*hash = hash_mix(*hash, hash_bytes(it.bytes.p, it.bytes.n));
		*hash = hash_mix(*hash, hash_bytes(it.name, strlen(it.name)) + it.kind);
	}
	return rc;
}

static void compare(const uint8_t *p, size_t n, size_t cut)
{
	struct recording whole, parts;
	struct slice rest = slice_mem(p, n);
	uint64_t a = 0, b = 0;
	int rc_a, rc_b;

	recording_init(&whole);
	recording_init(&parts);
	rc_a = decode(&whole, &rest, &a);
	rest = slice_mem(p, cut);
	rc_b = decode(&parts, &rest, &b);
	if (rc_b == 0) {
		rest.n += n - cut;
		rc_b = decode(&parts, &rest, &b);
	}
	if (a != b || rc_a != rc_b)
		abort();
	recording_fini(&whole);
	recording_fini(&parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *copy = (uint8_t *)xmemdup0(p, n);
	size_t cut = n ? (p[n - 1] * 256u + p[0]) % (n + 1) : 0;

	compare(p, n, cut);
	set_sums(copy, n);
	compare(copy, n, cut);
	free(copy);
	return 0;
}
