#include "model/region.h"

#include <sys/mman.h>

#include "base/alloc.h"

#define HUGE_PAGE ((size_t)2 << 20)

static size_t rounded(size_t n)
{
	size_t to = n < HUGE_PAGE ? 4096 : HUGE_PAGE;

	return (n + to - 1) & ~(to - 1);
}

void *region_grow(struct region *r, size_t bytes, bool huge)
{
	void *p;

	bytes = rounded(bytes);
	if (bytes <= r->bytes)
		return r->p;
	if (r->p)
		p = mremap(r->p, r->bytes, bytes, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		BUG("no address space for %zu bytes", bytes);
	/* a wish: without them it is only slower */
	if (huge && bytes > 2 * HUGE_PAGE)
		madvise(p, bytes, MADV_HUGEPAGE);
	r->p = p;
	r->bytes = bytes;
	return p;
}

void region_fini(struct region *r)
{
	if (r->p)
		munmap(r->p, r->bytes);
	*r = (struct region){ 0 };
}
