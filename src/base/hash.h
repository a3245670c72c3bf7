/*
 * A fast 64-bit string hash for tables in memory, keyed once a process with
 * random bytes so that hostile keys cannot be chosen to collide.  Never stored,
 * never sent.  Not for security beyond that.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *p, size_t n);
uint64_t hash_mix(uint64_t a, uint64_t b); /* combines two hashes or integers */

#endif
