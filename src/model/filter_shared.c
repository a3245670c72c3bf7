#include <stdlib.h>

#include "base/alloc.h"
#include "model/filter_in.h"

#define EPOCHS 32767

bool column_is_shared(const struct rows *r, int col)
{
	return col >= 0 && col < 32 && r->shared >> col & 1;
}

struct verdicts *verdicts_new(const struct rows *r, const uint8_t *cols, unsigned n)
{
	struct verdicts *x;

	if (!r->codes)
		return NULL;
	x = xcalloc(n, sizeof(*x));
	for (unsigned i = 0; i < n; i++)
		x[i].col = cols[i];
	return x;
}

void verdicts_free(struct verdicts *x, unsigned n)
{
	for (unsigned i = 0; x && i < n; i++)
		free(x[i].v);
	free(x);
}

/* The next epoch: whatever was found out may be about another text by now. */
static void begin(struct verdicts *x, const struct rows *r, const struct model *m)
{
	uint32_t n;

	r->codes(m, x->col, &x->codes);
	n = x->codes.top + 1;
	if (n > x->n) {
		free(x->v);
		x->v = xcalloc(n, sizeof(*x->v));
		x->n = n;
		x->epoch = 0;
	} else if (x->epoch == EPOCHS) {
		memset(x->v, 0, x->n * sizeof(*x->v));
		x->epoch = 0;
	}
	x->epoch++;
}

void verdicts_begin(struct verdicts *x, unsigned n, const struct rows *r, const struct model *m)
{
	for (unsigned i = 0; x && i < n; i++)
		begin(&x[i], r, m);
}
