#include "ui/screen/marks.h"

#include <stdlib.h>

#include "base/alloc.h"

void marks_fini(struct marks *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->ids[i]);
	free(m->ids);
	*m = (struct marks){ 0 };
}

/* The place of the first id that is not before this one. */
static size_t place(const struct marks *m, struct slice id)
{
	size_t from = 0, to = m->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (slice_cmp(slice_of(m->ids[mid]), id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool marks_has(const struct marks *m, struct slice id)
{
	size_t at = place(m, id);

	return at < m->n && slice_is(id, m->ids[at]);
}

bool marks_add(struct marks *m, struct slice id)
{
	size_t at = place(m, id);

	if (at < m->n && slice_is(id, m->ids[at]))
		return true;
	if (m->n == MARKS_MAX)
		return false;
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 16;
		m->ids = xreallocarray(m->ids, m->cap, sizeof(*m->ids));
	}
	memmove(m->ids + at + 1, m->ids + at, (m->n - at) * sizeof(*m->ids));
	m->ids[at] = xmemdup0(id.p, id.n);
	m->n++;
	return true;
}

void marks_remove(struct marks *m, struct slice id)
{
	size_t at = place(m, id);

	if (at == m->n || !slice_is(id, m->ids[at]))
		return;
	free(m->ids[at]);
	m->n--;
	memmove(m->ids + at, m->ids + at + 1, (m->n - at) * sizeof(*m->ids));
}
