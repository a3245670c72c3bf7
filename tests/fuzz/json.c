/* json_load() and the writer: what was read, written and read again is written the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void write_value(struct buf *b, const json_t *v)
{
	struct jw w;

	jw_init(&w, b);
	jw_json(&w, v);
	if (b->full)
		abort();
	for (size_t i = 0; i < b->len;) {
		uint32_t cp = 0;
		size_t k = utf8_decode(b->p + i, b->len - i, &cp);

		if (!k || utf8_hidden(cp))
			abort();
		i += k;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *v, *back;
	struct buf a, b;
	struct err e;

	v = json_load(slice_mem(data, n), &e);
	if (!v) {
		if (!utf8_valid(e.text, strlen(e.text)))
			abort();
		return 0;
	}
	buf_init(&a, 1 << 24);
	buf_init(&b, 1 << 24);
	write_value(&a, v);
	back = json_load(buf_slice(&a), &e);
	if (!back)
		abort();
	write_value(&b, back);
	if (!slice_eq(buf_slice(&a), buf_slice(&b)))
		abort();
	json_decref(v);
	json_decref(back);
	buf_fini(&a);
	buf_fini(&b);
	return 0;
}
