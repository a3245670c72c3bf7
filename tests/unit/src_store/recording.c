#include "store/recording.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "loop/loop.h"
#include "store/recorder.h"

#define NOW 1700000000000ll

struct fixture {
	struct loop *l;
	char dir[64], path[96];
	struct buf b, seen;
	struct err e;
};

static int setup(void **state)
{
	struct fixture *f = *state = xcalloc(1, sizeof(*f));

	strcpy(f->dir, "/tmp/recording-test-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/r", f->dir);
	clock_test_set(NOW);
	f->l = loop_new();
	buf_init(&f->b, 64 << 20);
	buf_init(&f->seen, 64 << 20);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char *rm = xasprintf("rm -rf %s", f->dir);

	loop_free(f->l);
	assert_int_equal(system(rm), 0);
	buf_fini(&f->b);
	buf_fini(&f->seen);
	free(rm);
	free(f);
	return 0;
}

static void see(struct fixture *f, const struct recording_item *it)
{
	buf_addf(&f->seen, "%d %s/%s %lld %.*s;", it->kind, it->name, it->what,
		(long long)(it->time_ms - NOW), SLICE_ARG(it->bytes));
}

/* Decodes b in pieces of `step` bytes; the last answer of the decoder. */
static int decode(struct fixture *f, size_t step)
{
	struct recording_item it;
	struct recording r;
	size_t from = 0, to = 0;
	struct slice rest;
	int rc = 0;

	recording_init(&r);
	buf_reset(&f->seen);
	while (rc == 0 && to < f->b.len) {
		to = f->b.len - to > step ? to + step : f->b.len;
		rest = slice_mem(f->b.p + from, to - from);
		while ((rc = recording_next(&r, &rest, &it, &f->e)) == 1)
			see(f, &it);
		from = to - rest.n;
	}
	recording_fini(&r);
	return rc;
}

static void put_session(struct buf *b)
{
	recording_put_header(b, NOW);
	recording_put_name(b, 0, NOW, slice_of("fleet"), slice_of("stream"));
	recording_put(b, RECORDING_MESSAGE, 0, NOW + 5, slice_of("{\"id\":1}"));
	recording_put_name(b, 1, NOW + 6, slice_of("racks"), slice_of("scrape"));
	recording_put(b, RECORDING_PAGE_START, 1, NOW + 6, slice_of(""));
	recording_put(b, RECORDING_PAGE, 1, NOW + 7, slice_of("up 1\n"));
	recording_put(b, RECORDING_PAGE_END, 1, NOW + 4, slice_of(""));
}

#define SESSION "1 fleet/stream 5 {\"id\":1};2 racks/scrape 6 ;3 racks/scrape 7 up 1\n;" \
	"4 racks/scrape 7 ;"

static void what_was_put_comes_back_however_it_is_cut(void **state)
{
	struct fixture *f = *state;

	put_session(&f->b);
	for (size_t step = 1; step < 40; step++) {
		assert_int_equal(decode(f, step), 0);
		assert_string_equal(f->seen.p, SESSION);
	}
}

static void any_changed_byte_is_noticed(void **state)
{
	struct fixture *f = *state;

	put_session(&f->b);
	for (size_t i = 0; i < f->b.len; i++) {
		f->b.p[i] ^= 0x10;
		/* Damage, or (a length made longer) a record that never ends. */
		assert_true(decode(f, f->b.len) < 0 || strcmp(f->seen.p, SESSION) != 0);
		f->b.p[i] ^= 0x10;
	}
	assert_int_equal(decode(f, f->b.len), 0);
	assert_string_equal(f->seen.p, SESSION);
}

static void expect_refusal(struct fixture *f, const char *word)
{
	assert_int_equal(decode(f, f->b.len), -1);
	assert_int_equal(f->e.class, ERR_USAGE);
	assert_non_null(strstr(f->e.text, word));
	buf_reset(&f->b);
	recording_put_header(&f->b, NOW);
}

static void nonsense_with_a_right_checksum_is_refused(void **state)
{
	struct fixture *f = *state;
	struct slice x = slice_of("x");

	buf_adds(&f->b, "#!/bin/sh\n");
	expect_refusal(f, "not a recording");
	recording_put(&f->b, RECORDING_MESSAGE, 0, NOW, x);
	expect_refusal(f, "no name yet");
	recording_put_name(&f->b, 1, NOW, x, x);
	expect_refusal(f, "out of order");
	recording_put(&f->b, RECORDING_NAME, 0, NOW, x);
	expect_refusal(f, "proper name");
	recording_put(&f->b, RECORDING_NAME, 0, NOW, slice_mem("\0x", 2));
	expect_refusal(f, "proper name");
	recording_put(&f->b, 99, 0, NOW, x);
	expect_refusal(f, "unknown kind");
	recording_put(&f->b, RECORDING_MESSAGE, 0, INT64_MAX, x);
	expect_refusal(f, "time");
	recording_put(&f->b, RECORDING_MESSAGE, 0, -1, x);
	expect_refusal(f, "time");
	buf_add(&f->b, "\xff\xff\xff\xff\1\0\0\0\0\0\0\0\0\0\0\0", 16);
	expect_refusal(f, "longer than any");
}

static void the_encoder_keeps_its_limits(void **state)
{
	struct fixture *f = *state;
	char *big = xcalloc(1, RECORDING_BYTES_MAX + 1), name[257] = { 0 };

	assert_int_equal(recording_put(&f->b, RECORDING_PAGE, 0, 0,
		slice_mem(big, RECORDING_BYTES_MAX + 1)), -1);
	assert_int_equal(recording_put(&f->b, RECORDING_PAGE, 0, 0,
		slice_mem(big, RECORDING_BYTES_MAX)), 0);
	memset(name, 'n', 256);
	assert_int_equal(recording_put_name(&f->b, 0, 0, slice_of(name), slice_of("k")), -1);
	assert_int_equal(recording_put_name(&f->b, 0, 0, slice_of(""), slice_of("k")), -1);
	free(big);
}

/* --- files */

/* 0 the end, -1 */
static int read_file(struct fixture *f, bool *cut)
{
	struct recording_file *rf = recording_open(f->path, &f->e);
	struct recording_item it;
	int rc;

	assert_non_null(rf);
	buf_reset(&f->seen);
	while ((rc = recording_read(rf, &it, &f->e)) == 1)
		see(f, &it);
	*cut = recording_cut(rf);
	if (rc == 0)
		assert_int_equal(recording_start_ms(rf), NOW);
	recording_close(rf);
	return rc;
}

static void record_session(struct fixture *f)
{
	struct recorder *r = recorder_open(f->l, f->path, 0, &f->e);

	assert_non_null(r);
	recorder_add(r, "fleet", "stream", RECORDING_MESSAGE, NOW + 5, slice_of("{\"id\":1}"));
	recorder_add(r, "racks", "scrape", RECORDING_PAGE_START, NOW + 6, slice_of(""));
	recorder_add(r, "racks", "scrape", RECORDING_PAGE, NOW + 7, slice_of("up 1\n"));
	recorder_add(r, "racks", "scrape", RECORDING_PAGE_END, NOW + 4, slice_of(""));
	assert_int_equal(recorder_close(r, &f->e), 0);
}

static void a_file_comes_back_as_it_was_recorded(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	bool cut;

	record_session(f);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(read_file(f, &cut), 0);
	assert_false(cut);
	assert_string_equal(f->seen.p, SESSION);
	put_session(&f->b);
	assert_int_equal(st.st_size, f->b.len);
}

static void a_cut_file_gives_all_but_its_last_record(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	bool cut;

	record_session(f);
	assert_int_equal(stat(f->path, &st), 0);
	for (off_t n = st.st_size - 1; n >= RECORDING_HEADER; n--) {
		assert_int_equal(truncate(f->path, n), 0);
		assert_int_equal(read_file(f, &cut), 0);
		assert_memory_equal(f->seen.p, SESSION, f->seen.len);
		assert_true(f->seen.len < sizeof(SESSION) - 1);
	}
	assert_string_equal(f->seen.p, "");
	assert_false(cut); /* nothing but a header: whole, and empty */
	assert_int_equal(truncate(f->path, RECORDING_HEADER - 1), 0);
	assert_int_equal(read_file(f, &cut), -1);
	assert_non_null(strstr(f->e.text, "not a recording"));
}

static void a_file_that_exists_is_not_overwritten(void **state)
{
	struct fixture *f = *state;

	record_session(f);
	assert_null(recorder_open(f->l, f->path, 0, &f->e));
	assert_non_null(strstr(f->e.text, "exists"));
	snprintf(f->path, sizeof(f->path), "/nowhere/r");
	assert_null(recorder_open(f->l, f->path, 0, &f->e));
	assert_null(recording_open(f->path, &f->e));
}

static void megabytes_pass_off_the_loop(void **state)
{
	struct fixture *f = *state;
	struct recorder *r = recorder_open(f->l, f->path, 0, &f->e);
	struct recording_item it;
	struct recording_file *rf;
	struct recorder_stats s;
	size_t n = 3000000, rows = 0;
	char *page = xcalloc(1, n);

	for (int i = 0; i < 20; i++) {
		page[0] = (char)i;
		recorder_add(r, "racks", "scrape", RECORDING_PAGE, NOW, slice_mem(page, n));
		loop_turn(f->l, 1000); /* a write ends */
	}
	recorder_stats(r, &s);
	assert_int_equal(s.records, 20);
	assert_int_equal(s.lost, 0);
	assert_int_equal(recorder_close(r, &f->e), 0);
	rf = recording_open(f->path, &f->e);
	for (; recording_read(rf, &it, &f->e) == 1; rows++) {
		assert_int_equal(it.bytes.n, n);
		assert_int_equal(it.bytes.p[0], rows);
	}
	assert_int_equal(rows, 20);
	recording_close(rf);
	free(page);
}

/* The loop does not turn, so no write ends: memory's bound is met. */
static void what_does_not_fit_is_counted_where_it_is_missing(void **state)
{
	struct fixture *f = *state;
	struct recorder *r = recorder_open(f->l, f->path, 0, &f->e);
	struct recorder_stats s;
	struct recording_file *rf;
	struct recording_item it;
	size_t n = 10000000, rows = 0, lost = 0;
	char *page = xcalloc(1, n);

	for (int i = 0; i < 8; i++)
		recorder_add(r, "a", "scrape", RECORDING_PAGE, NOW, slice_mem(page, n));
	recorder_stats(r, &s);
	assert_true(s.lost > 0 && s.lost < 8);
	recorder_add(r, "a", "scrape", RECORDING_MESSAGE, NOW, slice_of("after"));
	recorder_stats(r, &s);
	assert_int_equal(recorder_close(r, &f->e), -1);
	assert_non_null(strstr(f->e.text, "too slow"));
	rf = recording_open(f->path, &f->e);
	while (recording_read(rf, &it, &f->e) == 1)
		if (it.kind == RECORDING_LOST)
			lost += (size_t)atoi(it.bytes.p);
		else
			rows++;
	assert_int_equal(lost, s.lost);
	assert_int_equal(rows, s.records);
	assert_int_equal(rows + lost, 9);
	recording_close(rf);
	free(page);
}

static void a_size_that_is_reached_ends_it(void **state)
{
	struct fixture *f = *state;
	struct recorder *r = recorder_open(f->l, f->path, 1000, &f->e);
	struct recorder_stats s;
	bool cut;

	for (int i = 0; i < 100; i++)
		recorder_add(r, "a", "stream", RECORDING_MESSAGE, NOW, slice_of("0123456789"));
	recorder_stats(r, &s);
	assert_true(s.stopped && s.bytes <= 1000 + RECORDING_FRAME);
	assert_int_equal(s.records + s.lost, 100);
	assert_int_equal(recorder_close(r, &f->e), -1);
	assert_non_null(strstr(f->e.text, "size"));
	assert_int_equal(read_file(f, &cut), 0);
	assert_false(cut);
	assert_int_equal(f->seen.len / strlen("1 a/stream 0 0123456789;"), s.records);
}

static void a_full_disk_ends_it_with_its_reason(void **state)
{
	struct fixture *f = *state;
	struct recorder *r = recorder_open(f->l, f->path, 0, &f->e);
	struct rlimit old, small = { 500000, RLIM_INFINITY };
	char *page = xcalloc(1, 300000);
	struct recorder_stats s;
	bool cut;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	do {
		recorder_add(r, "a", "scrape", RECORDING_PAGE, NOW, slice_mem(page, 300000));
		loop_turn(f->l, 1000);
		recorder_stats(r, &s);
	} while (!s.stopped);
	assert_int_equal(recorder_close(r, &f->e), -1);
	assert_non_null(strstr(f->e.text, "File too large"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(read_file(f, &cut), 0);
	assert_true(cut);
	free(page);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_was_put_comes_back_however_it_is_cut),
		T(any_changed_byte_is_noticed),
		T(nonsense_with_a_right_checksum_is_refused),
		T(the_encoder_keeps_its_limits),
		T(a_file_comes_back_as_it_was_recorded),
		T(a_cut_file_gives_all_but_its_last_record),
		T(a_file_that_exists_is_not_overwritten),
		T(megabytes_pass_off_the_loop),
		T(what_does_not_fit_is_counted_where_it_is_missing),
		T(a_size_that_is_reached_ends_it),
		T(a_full_disk_ends_it_with_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
