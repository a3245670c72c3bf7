#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "wire/prom.h"

/* Writes each sample as one line of text, so that tests compare texts.  Handles count from 0. */
struct sink {
	struct buf out;
	uint32_t next;
	uint32_t answer; /* PROM_DROP: refuses every new series; else handles */
};

static uint32_t on_sample(void *arg, const struct prom_sample *s)
{
	static const char type[] = "?gchsitG";
	struct sink *k = arg;

	if (s->handle == PROM_NONE) {
		buf_addf(&k->out, "%.*s{", SLICE_ARG(s->name));
		prom_labels_canonical(s, slice_of(""), &k->out);
		buf_addf(&k->out, "}%c", type[s->family->type]);
		if (s->family->unit.n)
			buf_addf(&k->out, "[%.*s]", SLICE_ARG(s->family->unit));
	} else {
		buf_addf(&k->out, "#%u", s->handle);
	}
	buf_addf(&k->out, " %.17g", s->value);
	if (s->has_time)
		buf_addf(&k->out, "@%lld", (long long)s->at_ms);
	buf_addc(&k->out, '\n');
	if (k->answer)
		return k->answer;
	return s->handle == PROM_NONE ? k->next++ : s->handle;
}

struct fixture {
	struct prom *p;
	struct prom_page *page;
	struct prom_spec spec;
	struct sink sink;
	struct err e;
};

static int setup(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	f->p = prom_new();
	f->page = prom_page_new();
	f->spec = (struct prom_spec){ .fn = on_sample, .arg = &f->sink };
	buf_init(&f->sink.out, 1 << 24);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	prom_free(f->p);
	prom_page_free(f->page);
	buf_fini(&f->sink.out);
	free(f);
	return 0;
}

static int feed(struct fixture *f, struct slice page, size_t step, bool whole)
{
	buf_reset(&f->sink.out);
	prom_begin(f->p, &f->spec);
	for (size_t i = 0; i < page.n; i += step)
		prom_feed(f->p, slice_mem(page.p + i, page.n - i < step ? page.n - i : step));
	return prom_finish(f->p, whole, &f->e);
}

static void gives(struct fixture *f, const char *page, const char *want)
{
	size_t n = strlen(page);

	for (size_t step = 1; step <= n; step += 1 + step / 4) {
		char *copy = xmemdup0(page, n); /* on the heap: sanitizers see its borders */

		prom_page_reset(f->page);
		f->sink.next = 0;
		feed(f, slice_mem(copy, n), step, true);
		assert_string_equal(f->sink.out.p, want);
		free(copy);
	}
}

static void test_text(void **state)
{
	struct fixture *f = *state;

	gives(f,
		"# HELP http_requests_total The total.\n"
		"# TYPE http_requests_total counter\n"
		"http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
		"http_requests_total{method=\"post\",code=\"400\",}    3 -5\n"
		"\n"
		"  \t # a comment\n"
		"msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\F.TXT\",e=\"a\\n\\\"b\\\"\"} 1.458255915e9\n"
		"metric_without_timestamp_and_labels 12.47\n"
		"something_weird{problem=\"division by zero\"} +Inf -3982045\n"
		"# TYPE rpc summary\n"
		"rpc{quantile=\"0.5\"} 4773\n"
		"rpc_sum\t1.7560473e+07  \r\n"
		"spaced { a = \"1\" , b = \"2\" } NaN\n",
		"http_requests_total{code=\"200\",method=\"post\"}c 1027@1395066363000\n"
		"http_requests_total{code=\"400\",method=\"post\"}c 3@-5\n"
		"msdos_file_access_time_seconds{e=\"a\\n\\\"b\\\"\",path=\"C:\\\\DIR\\\\F.TXT\"}? 1458255915\n"
		"metric_without_timestamp_and_labels{}? 12.470000000000001\n"
		"something_weird{problem=\"division by zero\"}? inf@-3982045\n"
		"rpc{quantile=\"0.5\"}s 4773\n"
		"rpc_sum{}s 17560473\n"
		"spaced{a=\"1\",b=\"2\"}? nan\n");
	assert_int_equal(prom_stats(f->p)->bad, 0);
	assert_int_equal(prom_stats(f->p)->samples, 8);
}

static void test_openmetrics(void **state)
{
	struct fixture *f = *state;

	f->spec.openmetrics = true;
	gives(f,
		"# TYPE acme_http_seconds histogram\n"
		"# UNIT acme_http_seconds seconds\n"
		"acme_http_seconds_bucket{le=\"+Inf\"} 17 1520879607.789 # {trace=\"KOO\"} 0.67 1.5\n"
		"acme_http_seconds_count 17 # {} 1\n"
		"# TYPE up stateset\n"
		"up{up=\"a\"} 1\n"
		"other 1e3 1\n"
		"# EOF\n",
		"acme_http_seconds_bucket{le=\"+Inf\"}h[seconds] 17@1520879607789\n"
		"acme_http_seconds_count{}h[seconds] 17\n"
		"up{up=\"a\"}t 1\n"
		"other{}? 1000@1000\n");
	assert_int_equal(prom_stats(f->p)->bad, 0);
	assert_int_equal(feed(f, slice_of("a 1\n"), 4, true), -1);
	assert_non_null(strstr(f->e.text, "# EOF"));
	assert_int_equal(feed(f, slice_of("a 1\n# EOF"), 4, true), 0);
	feed(f, slice_of("# EOF\na 1\n"), 4, true);
	assert_int_equal(prom_stats(f->p)->bad, 1);
	assert_int_equal(prom_stats(f->p)->bad_line, 2);
}

static void test_quoted_names(void **state)
{
	struct fixture *f = *state;

	gives(f,
		"# TYPE \"my.noncompliant.metric\" gauge\n"
		"{\"my.noncompliant.metric\",\"label.key\"=\"v\",z=\"1\"} 3\n"
		"{\"a\"} 1\n",
		"my.noncompliant.metric{\"label.key\"=\"v\",z=\"1\"}g 3\n"
		"a{}? 1\n");
	assert_int_equal(prom_stats(f->p)->bad, 0);
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = { "a", "a ", "1a 1", "a{b} 1", "a{b=} 1", "a{b=\"c} 1",
		"a{b=\"c\" 1", "a{b=\"c\"} ", "a{b=\"c\"}", "a{b=\"c\"d=\"e\"} 1", "a{b=\"1\",b=\"2\"} 1",
		"a x", "a 1x", "a 1 1.5", "a 1 2 3", "a 1 x", "{} 1", "{b=\"c\"} 1", "a{,} 1",
		"a{=\"x\"} 1", "a{\"x\"} 1", "{\"\"} 1", "a{b=\"\xff\"} 1", "a\xc3 1", "a 0x", "a --1",
		"a{b=\"c\\\"} 1", "# TYPE a banana", "# HELP", "a 1e", "a .", "a 1,5", "\xef\xbb\xbf" "a 1" };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char *page = xasprintf("good 1\n%s\nfine 2\n", bad[i]);

		gives(f, page, "good{}? 1\nfine{}? 2\n");
		if (prom_stats(f->p)->bad != 1 || prom_stats(f->p)->bad_line != 2 ||
			!prom_stats(f->p)->bad_why[0])
			fail_msg("\"%s\" was not counted as bad", bad[i]);
		free(page);
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		double want;
	} ok[] = { { "0", 0 }, { "-0", 0 }, { "1.", 1 }, { ".5", 0.5 }, { "+5", 5 },
		{ "9007199254740993", 9007199254740992.0 }, { "18446744073709551616", 0x1p64 },
		{ "123456789012345678901234567890", 123456789012345678901234567890.0 },
		{ "0.1", 0.1 }, { "1e22", 1e22 }, { "1e23", 1e23 }, { "5e-324", 5e-324 },
		{ "2.2250738585072011e-308", 2.2250738585072011e-308 }, { "1E+06", 1e6 },
		{ "-1.7976931348623157e308", -1.7976931348623157e308 },
		{ "0.30000000000000004", 0.30000000000000004 }, { "1e0001", 10 } };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(ok); i++) {
		char *page = xasprintf("a %s\n", ok[i].text), *want = xasprintf("a{}? %.17g\n",
			ok[i].want);

		feed(f, slice_of(page), 100, true);
		if (strcmp(f->sink.out.p, want) != 0 && ok[i].want != 0)
			fail_msg("%s read as %s", ok[i].text, f->sink.out.p);
		assert_int_equal(prom_stats(f->p)->bad, 0);
		free(page);
		free(want);
	}
}

static void test_long_lines(void **state)
{
	struct fixture *f = *state;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t n = 65535; n <= 65536; n++) {
		buf_reset(&b);
		buf_adds(&b, "a{b=\"");
		while (b.len < n - 4)
			buf_addc(&b, 'x');
		buf_adds(&b, "\"} 1");
		assert_int_equal(b.len, n);
		buf_adds(&b, "\nc 2\n");
		for (size_t step = 1000; step < 200000; step *= 3) {
			feed(f, buf_slice(&b), step, true);
			assert_int_equal(prom_stats(f->p)->bad, n == 65536);
			assert_int_equal(prom_stats(f->p)->lines, 2);
			assert_int_equal(prom_stats(f->p)->samples, n == 65536 ? 1 : 2);
		}
	}
	buf_fini(&b);
}

static void test_many_labels(void **state)
{
	struct fixture *f = *state;

	for (int n = 64; n <= 65; n++) {
		struct buf b;

		buf_init(&b, 4096);
		buf_adds(&b, "a{");
		for (int i = 0; i < n; i++)
			buf_addf(&b, "l%d=\"\",", i);
		buf_adds(&b, "} 1\n");
		feed(f, buf_slice(&b), 4096, true);
		assert_int_equal(prom_stats(f->p)->bad, n == 65);
		buf_fini(&b);
	}
}

static void test_filter(void **state)
{
	static const char *const want[] = { "up", "node_cpu_*", NULL };
	struct fixture *f = *state;

	f->spec.families = want;
	gives(f,
		"# TYPE node_cpu_seconds_total counter\nnode_cpu_seconds_total{c=\"0\"} 1\n"
		"# TYPE node_mem gauge\nnode_mem 2\nnode_mem_total 3\nup 4\nother 5\n"
		"# TYPE go summary\ngo_sum 6\ngo{q=\"1\"} 7\nnode_cpu_x 8\n{\"up\"} 9\n",
		"node_cpu_seconds_total{c=\"0\"}c 1\nup{}? 4\nnode_cpu_x{}? 8\nup{}? 9\n");
	assert_int_equal(prom_stats(f->p)->filtered, 5);
	assert_int_equal(prom_stats(f->p)->bad, 0);
}

static void test_glob(void **state)
{
	assert_true(prom_glob("*", slice_of("")));
	assert_true(prom_glob("a*b?d*", slice_of("axxbxbcd")));
	assert_false(prom_glob("a*b", slice_of("abc")));
	assert_false(prom_glob("a?", slice_of("a")));
	assert_false(prom_glob("", slice_of("a")));
	assert_true(prom_glob("*a*a*a*", slice_of("aaa")));
	assert_false(prom_glob("*a*a*a*", slice_of("aa")));
}

/* --- the page's memory */

static void page_gives(struct fixture *f, const char *page, const char *want)
{
	f->spec.page = f->page;
	feed(f, slice_of(page), 7, true);
	assert_string_equal(f->sink.out.p, want);
}

static void test_page_same(void **state)
{
	struct fixture *f = *state;

	page_gives(f, "a{x=\"1\"} 1\nb 2\n", "a{x=\"1\"}? 1\nb{}? 2\n");
	page_gives(f, "a{x=\"1\"} 3\nb 4 77\n", "#0 3\n#1 4@77\n");
	assert_int_equal(prom_stats(f->p)->known, 2);
}

static void test_page_changes(void **state)
{
	struct fixture *f = *state;

	page_gives(f, "a 1\nb 2\nc 3\n", "a{}? 1\nb{}? 2\nc{}? 3\n");
	page_gives(f, "a 1\nnew 9\nb 2\nc 3\n", "#0 1\nnew{}? 9\n#1 2\n#2 3\n");
	page_gives(f, "a 1\nnew 9\nb 2\nc 3\n", "#0 1\n#3 9\n#1 2\n#2 3\n");
	page_gives(f, "b 2\nc 3\n", "#1 2\n#2 3\n");
	page_gives(f, "c 3\nb 2\n", "#2 3\n#1 2\n"); /* order reversed */
	page_gives(f, "c 3\nb 2\na 1\n", "#2 3\n#1 2\na{}? 1\n"); /* a was forgotten */
	page_gives(f, "c{} 3\nc x\nb 2\n", "c{}? 3\n#1 2\n");
	page_gives(f, "", "");
	page_gives(f, "b 2\n", "b{}? 2\n");
}

static void test_page_far_moves(void **state)
{
	struct fixture *f = *state;
	struct buf page, want;

	buf_init(&page, 1 << 20);
	buf_init(&want, 1 << 20);
	for (int i = 0; i < 500; i++)
		buf_addf(&page, "m%d 1\n", i);
	f->spec.page = f->page;
	feed(f, buf_slice(&page), 4096, true);
	buf_reset(&page);
	for (int i = 0; i < 500; i++) {
		buf_addf(&page, "m%d 2\n", (i * 271) % 500);
		buf_addf(&want, "#%d 2\n", (i * 271) % 500);
	}
	for (int round = 0; round < 2; round++) {
		feed(f, buf_slice(&page), 4096, true);
		assert_string_equal(f->sink.out.p, want.p);
	}
	assert_true(prom_page_memory(f->page) < 500 * 16 + 256);
	buf_fini(&page);
	buf_fini(&want);
}

static void test_page_type_change(void **state)
{
	struct fixture *f = *state;

	page_gives(f, "# TYPE a gauge\na 1\n", "a{}g 1\n");
	page_gives(f, "# TYPE a counter\na 1\n", "a{}c 1\n"); /* told anew: it means something else */
	page_gives(f, "# TYPE a counter\na 1\n", "#1 1\n");
}

static void test_page_cut_off(void **state)
{
	struct fixture *f = *state;

	page_gives(f, "a 1\nb 2\nc 3\n", "a{}? 1\nb{}? 2\nc{}? 3\n");
	feed(f, slice_of("a 1\nx 5\nb 2"), 100, false);
	assert_string_equal(f->sink.out.p, "#0 1\nx{}? 5\n"); /* "b 2" may be "b 25" */
	page_gives(f, "a 1\nb 2\nc 3\n", "#0 1\n#1 2\n#2 3\n");
}

static void test_page_drop_and_forget(void **state)
{
	struct fixture *f = *state;

	f->sink.answer = PROM_DROP;
	page_gives(f, "a 1\n", "a{}? 1\n");
	page_gives(f, "a 1\n", "");
	assert_int_equal(prom_stats(f->p)->samples, 1);
	f->sink.answer = PROM_NONE;
	page_gives(f, "a 1\nb 1\n", "b{}? 1\n");
	page_gives(f, "a 1\nb 1\n", "b{}? 1\n");
	f->sink.answer = 0;
	page_gives(f, "a 1\nb 1\n", "b{}? 1\n");
	f->sink.answer = PROM_NONE; /* the caller forgot a series that it knew */
	page_gives(f, "a 1\nb 1\n", "#0 1\n");
	f->sink.answer = 0;
	page_gives(f, "a 1\nb 1\n", "b{}? 1\n");
	page_gives(f, "a 1\nb 1\n", "#1 1\n");
}

static uint32_t on_label(void *arg, const struct prom_sample *s)
{
	struct buf *b = arg;

	if (!prom_label_value(s, slice_of("device"), b))
		buf_adds(b, "none");
	buf_addc(b, ' ');
	prom_labels_canonical(s, slice_of("device"), b);
	buf_addf(b, " %.*s\n", SLICE_ARG(s->family->help));
	return PROM_NONE;
}

static void test_device_label(void **state)
{
	struct fixture *f = *state;

	f->spec.fn = on_label;
	f->spec.arg = &f->sink.out;
	feed(f, slice_of("# HELP x line\\nnext\nx{z=\"\\q\",device=\"a\\\\\\\"b\\n\\q\",b=\"2\"} 1\n"
		"y 2\n"), 5, true);
	assert_string_equal(f->sink.out.p, "a\\\"b\n\\q b=\"2\",z=\"\\\\q\" line\\nnext\nnone  \n");
}

/* A page that node_exporter 1.5 served: every line is understood, by its labels and by memory. */
static void test_real_page(void **state)
{
	FILE *page = fopen("tests/data/node_exporter.prom", "r");
	struct fixture *f = *state;
	static char text[1 << 17];
	size_t n;

	assert_non_null(page);
	n = fread(text, 1, sizeof(text), page);
	fclose(page);
	f->spec.page = f->page;
	for (int round = 0; round < 2; round++) {
		feed(f, slice_mem(text, n), 16384, true);
		assert_int_equal(prom_stats(f->p)->lines, 1073);
		assert_int_equal(prom_stats(f->p)->samples, 507);
		assert_int_equal(prom_stats(f->p)->known, round ? 507 : 0);
		assert_int_equal(prom_stats(f->p)->bad, 0);
		assert_non_null(strstr(f->sink.out.p, round ? " 25276510208\n" :
			"node_memory_MemTotal_bytes{}g 25276510208\n"));
	}
}

static void test_dialect(void **state)
{
	assert_true(prom_is_openmetrics("application/openmetrics-text; version=1.0.0"));
	assert_false(prom_is_openmetrics("text/plain; version=0.0.4"));
	assert_false(prom_is_openmetrics(NULL));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_text), T(test_openmetrics), T(test_quoted_names), T(test_bad_lines),
		T(test_numbers), T(test_long_lines), T(test_many_labels), T(test_filter),
		T(test_glob), T(test_page_same), T(test_page_changes), T(test_page_far_moves),
		T(test_page_type_change), T(test_page_cut_off), T(test_page_drop_and_forget),
		T(test_device_label), T(test_real_page), T(test_dialect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
