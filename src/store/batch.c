#include "store/batch.h"

#include <string.h>

struct head {
	uint8_t kind, ints_n, texts_n, unused;
	uint32_t lens[RECORD_TEXTS];
};

int batch_add(struct buf *b, const struct record *r)
{
	struct head h = { .kind = (uint8_t)r->kind, .ints_n = r->ints_n, .texts_n = r->texts_n };
	size_t need = sizeof(h) + r->ints_n * sizeof(r->ints[0]);

	for (int i = 0; i < r->texts_n; i++) {
		if (r->texts[i].n > b->max)
			return -1;
		h.lens[i] = (uint32_t)r->texts[i].n;
		need += r->texts[i].n;
	}
	if (need > b->max - b->len)
		return -1;
	buf_add(b, &h, sizeof(h));
	buf_add(b, r->ints, r->ints_n * sizeof(r->ints[0]));
	for (int i = 0; i < r->texts_n; i++)
		buf_addslice(b, r->texts[i]);
	return 0;
}

static struct slice take(struct slice *rest, size_t n)
{
	struct slice s = { rest->p, n };

	rest->p += n;
	rest->n -= n;
	return s;
}

bool batch_next(struct slice *rest, struct record *r)
{
	struct head h;
	struct slice ints;

	if (!rest->n)
		return false;
	memcpy(&h, take(rest, sizeof(h)).p, sizeof(h));
	r->kind = h.kind;
	r->ints_n = h.ints_n;
	r->texts_n = h.texts_n;
	ints = take(rest, h.ints_n * sizeof(r->ints[0]));
	memcpy(r->ints, ints.p, ints.n);
	for (int i = 0; i < h.texts_n; i++)
		r->texts[i] = take(rest, h.lens[i]);
	return true;
}
