/* text_clean(): whatever goes in, what comes out is valid, visible, and cleaned already. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_visible(const struct buf *b, bool ascii)
{
	for (size_t i = 0; i < b->len;) {
		uint32_t cp = 0;
		size_t k = utf8_decode(b->p + i, b->len - i, &cp);

		if (!k || utf8_hidden(cp) || (ascii && cp > 0x7e))
			abort();
		i += k;
	}
	if (!utf8_valid(b->p, b->len))
		abort();
}

static void check_fit(const struct buf *b, int cells)
{
	size_t n = utf8_fit(b->p, b->len, cells);

	if (n > b->len || utf8_width(b->p, n) > cells || !utf8_valid(b->p, n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	bool ascii = n && data[0] & 1;
	struct buf once, twice;

	buf_init(&once, 1 << 24);
	buf_init(&twice, 1 << 24);
	if (text_clean(&once, slice_mem(data, n), ascii) < 0 ||
		text_clean(&twice, buf_slice(&once), ascii) < 0)
		abort();
	check_visible(&once, ascii);
	if (!slice_eq(buf_slice(&once), buf_slice(&twice)))
		abort();
	check_fit(&once, (int)(n % 40));
	buf_fini(&once);
	buf_fini(&twice);
	return 0;
}
