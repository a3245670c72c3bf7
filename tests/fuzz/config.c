/* The configuration: what is accepted prints to something that is accepted and prints the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_story(const struct err *e)
{
	if (e->class != ERR_USAGE || strncmp(e->text, "c.yaml", 6) != 0)
		abort();
}

static void check_print(const struct config *c)
{
	struct config *again;
	struct buf a, b;
	struct err e;

	buf_init(&a, 1 << 26);
	buf_init(&b, 1 << 26);
	config_print(c, &a);
	if (!utf8_valid(a.p, a.len))
		abort();
	again = a.len <= 1 << 20 ? config_parse(buf_slice(&a), "c.yaml", "/", &e) : NULL;
	if (!again && a.len <= 1 << 20)
		abort();
	if (again) {
		config_print(again, &b);
		if (!slice_eq(buf_slice(&a), buf_slice(&b)))
			abort();
	}
	config_free(again);
	buf_fini(&a);
	buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err e = { 0 };
	struct config *c = config_parse(slice_mem(data, n), "c.yaml", "/", &e);

	if (!c) {
		check_story(&e);
		return 0;
	}
	check_print(c);
	config_free(c);
	return 0;
}
