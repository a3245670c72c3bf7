/* What jtext takes as a value, it can walk to the end, and Jansson's refusal is only for what
 * jtext does not check: how numbers and words of text are spelled. */
#include <stdint.h>
#include <stdlib.h>

#include "base/jtext.h"

static void walk(struct slice v, int depth)
{
	struct jtext_walk w;
	struct slice key, value;
	struct buf b;
	int more;

	buf_init(&b, v.n * 4 + 64);
	if (jtext_plain(v, &b) < 0)
		abort();
	buf_fini(&b);
	if (jtext_open(&w, v) < 0)
		return;
	if (depth > JTEXT_DEPTH)
		abort();
	while ((more = jtext_next(&w, &key, &value)) == 1) {
		if (value.p < v.p || value.p + value.n > v.p + v.n)
			abort();
		walk(value, depth + 1);
	}
	if (more < 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct slice s = slice_mem(p, n), v;

	if (n < 4096 && jtext_value(&s, &v) == 0)
		walk(v, 0);
	return 0;
}
