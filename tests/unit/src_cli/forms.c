/* Output forms of canned rows, byte by byte. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "cli/form.h"

static const char schema[] = "{\"kinds\":[{\"name\":\"devices\",\"singular\":\"device\",\"alias\":"
			     "\"dev\",\"help\":\"h\","
			     "\"fields\":["
			     "{\"name\":\"id\",\"type\":\"string\",\"unit\":\"\",\"help\":\"\","
			     "\"wide\":false,\"extra\":false},"
			     "{\"name\":\"status\",\"type\":\"enum\",\"unit\":\"\",\"help\":\"\","
			     "\"wide\":false,\"extra\":false},"
			     "{\"name\":\"health\",\"type\":\"number\",\"unit\":\"%\",\"help\":"
			     "\"\",\"wide\":false,\"extra\":false},"
			     "{\"name\":\"seen\",\"type\":\"time\",\"unit\":\"\",\"help\":\"\","
			     "\"wide\":false,\"extra\":false},"
			     "{\"name\":\"metrics\",\"type\":\"json\",\"unit\":\"\",\"help\":\"\","
			     "\"wide\":false,\"extra\":false},"
			     "{\"name\":\"note\",\"type\":\"string\",\"unit\":\"\",\"help\":\"\","
			     "\"wide\":true,\"extra\":false},"
			     "{\"name\":\"age\",\"type\":\"age\",\"unit\":\"s\",\"help\":\"\","
			     "\"wide\":false,\"extra\":true}]}]}";

static const char rows[] =
	"[{\"id\":\"a\",\"status\":\"up\",\"health\":99.25,\"seen\":\"2026-11-22T09:52:11.042Z\","
	"\"metrics\":{\"t\":1.50,\"big\":\"123456789012345678901234567890\"},\"note\":\"plain\"},"
	"{\"id\":\"\\u65e5\\u672c\",\"status\":\"down\",\"health\":null,\"seen\":null,\"metrics\":{"
	"},"
	"\"note\":\"x,\\\"y\\\"\\r\\n\\u001b[31m\\u202e\"}]";

static struct out out;
static char *text;

static void open_out(bool tty, bool utf8)
{
	out_init(&out, memfd_create("out", MFD_CLOEXEC), OUT_NEVER);
	out.tty = tty;
	out.utf8 = utf8;
}

static const char *close_out(void)
{
	off_t n;
	struct err e;

	assert_int_equal(out_end(&out, &e), 0);
	n = lseek(out.fd, 0, SEEK_END);
	free(text);
	text = xcalloc(1, (size_t)n + 1);
	assert_int_equal(pread(out.fd, text, (size_t)n, 0), n);
	close(out.fd);
	out_fini(&out);
	return text;
}

static void put(const char *name, const char *fields, const char *json)
{
	const struct form_class *class = form_class_of(name);
	struct columns c;
	struct form f;
	struct err e;

	assert_int_equal(columns_read(&c, slice_of(schema), "dev", &e), 0);
	columns_pick(&c, fields, class->columns);
	form_begin(&f, class, &out, &c, true);
	assert_int_equal(form_rows(&f, slice_of(json)), 0);
	form_end(&f);
	columns_fini(&c);
}

static const char *form(const char *name, const char *fields, const char *json)
{
	open_out(false, true);
	put(name, fields, json);
	return close_out();
}

static void table(void **state)
{
	assert_string_equal(form("table", NULL, rows),
		"ID    STATUS  HEALTH  SEEN\n"
		"a     up       99.25  2026-11-22T09:52:11Z\n"
		"\xe6\x97\xa5\xe6\x9c\xac  down         -  -\n");
	assert_string_equal(form("table", NULL, "[]"), "ID  STATUS  HEALTH  SEEN\n");
	assert_string_equal(form("table", "note,id", rows),
		"NOTE                   ID\n"
		"plain                  a\n"
		"x,\"y\"^M^J^[[31m<202e>  \xe6\x97\xa5\xe6\x9c\xac\n");
	assert_string_equal(form("table", "id,metrics,nope", rows),
		"ID    METRICS                                   NOPE\n"
		"a     t=1.5 big=123456789012345678901234567890     -\n"
		"\xe6\x97\xa5\xe6\x9c\xac  -                                            -\n");
}

static void wide(void **state)
{
	assert_non_null(strstr(form("wide", NULL, rows), "NOTE"));
	assert_null(strstr(form("wide", NULL, rows), "AGE"));
}

static void on_a_terminal(void **state)
{
	open_out(true, true);
	put("table", "id,status", rows);
	assert_string_equal(close_out(), "ID    STATUS\na     \xe2\x97\x8f up\n"
		"\xe6\x97\xa5\xe6\x9c\xac  \xe2\x9c\x96 down\n");
	open_out(true, false);
	put("table", "id,status", rows);
	assert_string_equal(close_out(), "ID    STATUS\na     * up\n??  X down\n");
	open_out(true, true);
	out.colour = true;
	put("table", "status", rows);
	assert_non_null(strstr(close_out(), "\033[31m\xe2\x9c\x96 down\033[0m\n"));
}

/* The last column gives way to the terminal's edge. */
static void narrow(void **state)
{
	open_out(true, true);
	out.width = 24;
	put("table", "id,note",
		"[{\"id\":\"abc\",\"note\":\"0123456789012345678901234567890123456789\"}]");
	assert_string_equal(close_out(), "ID   NOTE\nabc  012345678901234567\xe2\x80\xa6\n");
}

static void json(void **state)
{
	const char *s = form("json", NULL, rows);

	assert_non_null(strstr(s, "\"t\":1.50,"));
	assert_int_equal(strncmp(s, "[\n{\"id\":\"a\"", 11), 0);
	assert_string_equal(s + strlen(s) - 4, "\"}\n]\n" + 1);
	assert_string_equal(form("json", NULL, "[]"), "[]\n");
	assert_string_equal(form("jsonl", NULL, "[{\"a\":1e400} , {\"b\":[2]}]"),
		"{\"a\":1e400}\n{\"b\":[2]}\n");
	assert_string_equal(form("jsonl", NULL, "[]"), "");
	assert_string_equal(form("jsonl", NULL, "[\"\xff\"]"), "\"\xef\xbf\xbd\"\n");
}

static void csv(void **state)
{
	assert_string_equal(form("csv", NULL, rows),
		"id,status,health,seen,metrics,note\r\n"
		"a,up,99.25,2026-11-22T09:52:11.042Z,"
		"\"{\"\"t\"\":1.50,\"\"big\"\":\"\"123456789012345678901234567890\"\"}\",plain\r\n"
		"\xe6\x97\xa5\xe6\x9c\xac,down,,,{},\"x,\"\"y\"\"\r\n\033[31m\xe2\x80\xae\"\r\n");
}

static void name(void **state)
{
	assert_string_equal(form("name", NULL, rows), "a\n\xe6\x97\xa5\xe6\x9c\xac\n");
	assert_string_equal(
		form("name", NULL, "[{\"name\":\"x\\ny\"},{\"other\":1},{\"n\":7}]"), "x^Jy\n7\n");
}

static void yaml(void **state)
{
	assert_string_equal(form("yaml", NULL, rows),
		"- id: a\n  status: up\n  health: 99.25\n  seen: \"2026-11-22T09:52:11.042Z\"\n"
		"  metrics:\n    t: 1.50\n    big: \"123456789012345678901234567890\"\n  note: "
		"plain\n"
		"- id: \"\xe6\x97\xa5\xe6\x9c\xac\"\n  status: down\n  health: null\n  seen: null\n"
		"  metrics: {}\n  note: \"x,\\\"y\\\"\\x0d\\n\\x1b[31m\\u202e\"\n");
	assert_string_equal(form("yaml", NULL, "[]"), "[]\n");
	assert_string_equal(
		form("yaml", NULL,
			"[{\"no\":\"yes\",\"n\":1e5,\"l\":[1,[],{\"a\":[2]}],\"e\":\"\"}]"),
		"- \"no\": \"yes\"\n  \"n\": 1.0e5\n  l:\n    - 1\n    - []\n    - a:\n        - "
		"2\n"
		"  e: \"\"\n");
}

/* A first page settles the widths; later rows stream. */
static void long_table(void **state)
{
	struct columns c;
	struct form f;
	struct err e;
	char row[64];
	const char *s;

	open_out(false, true);
	columns_read(&c, slice_of(schema), "devices", &e);
	columns_pick(&c, "id,status", 0);
	form_begin(&f, &form_table, &out, &c, true);
	for (int i = 0; i < 2500; i++) {
		snprintf(row, sizeof(row), "{\"id\":\"d%d\",\"status\":\"up\"}", i);
		form_row(&f, slice_of(row));
	}
	form_end(&f);
	columns_fini(&c);
	s = close_out();
	assert_non_null(strstr(s, "\nd2    up\n"));
	assert_non_null(strstr(s, "\nd2499  up\n"));
	assert_string_equal(s + strlen(s) - 11, "\nd2499  up\n");
}

static void kinds(void **state)
{
	struct columns c;
	struct err e;

	assert_int_equal(columns_read(&c, slice_of(schema), "devcies", &e), -1);
	assert_int_equal(e.class, ERR_USAGE);
	assert_non_null(strstr(e.text, "'devices'"));
	assert_int_equal(columns_read(&c, slice_of("[]"), "devices", &e), -1);
	assert_int_equal(columns_read(&c, slice_of("{\"kinds\":[{\"name\":\"a\"}]}"), "a", &e), -1);
	assert_int_equal(e.class, ERR_UNREACH);
	assert_int_equal(columns_read(&c, slice_of(schema), "device", &e), 0);
	columns_pick(&c, " id, cpu{a=\"x,y\",b=\"}\"} ,health", 0);
	assert_int_equal(c.n, 3);
	assert_string_equal(c.v[1].name, "cpu{a=\"x,y\",b=\"}\"}");
	columns_fini(&c);
}

static void failing_out(void **state)
{
	struct err e;

	out_init(&out, open("/dev/full", O_WRONLY), OUT_NEVER);
	out_adds(&out, "x");
	assert_int_equal(out_end(&out, &e), -1);
	assert_int_equal(e.class, ERR_OURS);
	close(out.fd);
	out_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table), cmocka_unit_test(wide), cmocka_unit_test(on_a_terminal),
		cmocka_unit_test(narrow), cmocka_unit_test(json), cmocka_unit_test(csv),
		cmocka_unit_test(name), cmocka_unit_test(yaml), cmocka_unit_test(long_table),
		cmocka_unit_test(kinds), cmocka_unit_test(failing_out),
	};
	int rc = cmocka_run_group_tests(tests, NULL, NULL);

	free(text);
	return rc;
}
