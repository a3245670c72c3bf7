/* The leaves: buffers, errors, clock, hash, suggestions, YAML trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "base/ydoc.h"

static void a_buffer_stops_at_its_limit(void **state)
{
	struct buf b;

	buf_init(&b, 10);
	assert_string_equal(b.p, "");
	assert_int_equal(buf_adds(&b, "12345678"), 0);
	assert_int_equal(buf_adds(&b, "90x"), -1);
	assert_string_equal(b.p, "12345678");
	assert_true(b.full);
	assert_int_equal(buf_addc(&b, 'y'), -1); /* full stays full: no holes in the middle */
	buf_reset(&b);
	assert_int_equal(buf_addf(&b, "%s-%d", "abcdef", 123), 0);
	assert_string_equal(b.p, "abcdef-123");
	assert_int_equal(buf_addf(&b, "%d", 1), -1);
	assert_null(buf_room(&b, 1));
	buf_fini(&b);
	buf_fini(&b);
}

static void a_buffer_consumes_and_hands_over(void **state)
{
	struct buf b;
	char *p;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 5000; i++)
		buf_addu64(&b, (uint64_t)i);
	buf_addu64(&b, UINT64_MAX);
	assert_memory_equal(b.p, "0123456789101112", 16);
	assert_string_equal(b.p + b.len - 20, "18446744073709551615");
	buf_consume(&b, b.len - 3);
	assert_string_equal(b.p, "615");
	p = buf_steal(&b);
	assert_string_equal(p, "615");
	assert_int_equal(b.len, 0);
	buf_trim(&b, 64);
	assert_int_equal(buf_adds(&b, "again"), 0);
	free(p);
	buf_fini(&b);
}

static void errors_keep_their_class_and_their_end(void **state)
{
	struct err e;
	char big[600];

	assert_int_equal(err_set(&e, ERR_REFUSED, "no %s", "entry"), -1);
	assert_int_equal(err_prefix(&e, "door %d", 3), -1);
	assert_string_equal(e.text, "door 3: no entry");
	assert_int_equal(e.class, ERR_REFUSED);
	assert_int_equal(err_exit_code(e.class), 4);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_set(&e, ERR_NO, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	err_prefix(&e, "front");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_memory_equal(e.text, "front: xxx", 10);
	err_prefix(&e, "%.509s", big);
	assert_int_equal(strlen(e.text), 509);
	assert_int_equal(err_set(NULL, ERR_NO, "x"), -1);
	assert_int_equal(err_prefix(NULL, "x"), -1);
}

static void a_test_clock_stands_still(void **state)
{
	clock_test_set(1795341131042);
	clock_turn();
	assert_true(clock_wall_ms() == 1795341131042);
	clock_test_advance(5);
	assert_true(clock_wall_ms() == 1795341131047);
	assert_true(clock_mono_ms() == 1005);
}

static void hashes_differ_by_every_byte(void **state)
{
	unsigned char p[40] = { 0 };

	for (size_t n = 1; n <= sizeof(p); n++) {
		uint64_t h = hash_bytes(p, n);

		assert_true(h == hash_bytes(p, n));
		assert_true(h != hash_bytes(p, n - 1));
		for (size_t i = 0; i < n; i++) {
			p[i] = 1;
			assert_true(h != hash_bytes(p, n));
			p[i] = 0;
		}
	}
	assert_true(hash_mix(1, 2) != hash_mix(2, 1));
}

static const char *nearest(const char *word)
{
	struct suggest s;

	suggest_init(&s, word, strlen(word));
	suggest_offer(&s, "interval");
	suggest_offer(&s, "url");
	suggest_offer(&s, "targets");
	return s.best;
}

static void suggestions_are_near(void **state)
{
	assert_string_equal(nearest("intervall"), "interval");
	assert_string_equal(nearest("ulr"), "url");
	assert_string_equal(nearest("target"), "targets");
	assert_null(nearest("governor"));
	assert_null(nearest(""));
	assert_null(nearest("a word that is much longer than any name could ever be"));
}

static void yaml_knows_its_lines(void **state)
{
	struct err e = { 0 };
	struct ynode *y =
		ydoc_read(slice_of("a: 1\nlist:\n  - x\n  - ~\n\nm: { \"k\": '', n: }\n"), "t", &e);
	const struct ynode *list, *m;

	assert_non_null(y);
	assert_int_equal(y->kind, YNODE_MAP);
	assert_int_equal(y->n, 3);
	assert_string_equal(ynode_get(y, "a")->text, "1");
	list = ynode_get(y, "list");
	assert_int_equal(list->line, 2);
	assert_int_equal(list->kids[0].line, 3);
	assert_int_equal(list->kids[1].kind, YNODE_NULL);
	m = ynode_get(y, "m");
	assert_int_equal(m->line, 6);
	assert_int_equal(ynode_get(m, "k")->kind, YNODE_SCALAR); /* a quoted nothing is a string */
	assert_int_equal(ynode_get(m, "n")->kind, YNODE_NULL);
	assert_null(ynode_get(y, "b"));
	assert_null(ynode_get(list, "b"));
	ydoc_free(y);
	ydoc_free(NULL);
}

static void yaml_depth_is_exact(void **state)
{
	struct err e;
	struct ynode *y = ydoc_read(slice_of("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"), "t", &e);

	assert_non_null(y);
	ydoc_free(y);
	assert_null(ydoc_read(slice_of("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), "t", &e));
	assert_string_equal(e.text, "t:1:17: nested too deeply");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_buffer_stops_at_its_limit),
		cmocka_unit_test(a_buffer_consumes_and_hands_over),
		cmocka_unit_test(errors_keep_their_class_and_their_end),
		cmocka_unit_test(a_test_clock_stands_still),
		cmocka_unit_test(hashes_differ_by_every_byte),
		cmocka_unit_test(suggestions_are_near),
		cmocka_unit_test(yaml_knows_its_lines),
		cmocka_unit_test(yaml_depth_is_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
