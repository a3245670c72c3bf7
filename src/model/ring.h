/*
 * Records of differing size in a fixed piece of memory: the oldest give way.  A record has a
 * number; numbers rise, with holes where the owner skips some.
 */
#ifndef MODEL_RING_H
#define MODEL_RING_H

#include <stddef.h>
#include <stdint.h>

struct ring;

/* Called before a record is overwritten. */
typedef void ring_evict(void *owner, const void *rec);

struct ring *ring_new(size_t bytes, ring_evict *evict, void *owner);
void ring_free(struct ring *r);
/* Room for `size` bytes (8-aligned) as record n, which must be above all others; NULL when n is
 * not, or size is more than a quarter of the ring. */
void *ring_push(struct ring *r, uint64_t n, size_t size);
const void *ring_get(const struct ring *r, uint64_t n);
/* The first record numbered n or above (UINT64_MAX: none), and the last numbered n or below (0). */
uint64_t ring_at_or_after(const struct ring *r, uint64_t n);
uint64_t ring_at_or_before(const struct ring *r, uint64_t n);
uint64_t ring_first(const struct ring *r); /* 0: empty */
uint64_t ring_last(const struct ring *r);
size_t ring_count(const struct ring *r);
size_t ring_count_upto(const struct ring *r, uint64_t n); /* of those numbered n or below */
size_t ring_bytes(const struct ring *r); /* in use, index included */

#endif
