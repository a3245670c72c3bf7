#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "cli/opt.h"

struct given {
	bool flag, other;
	const char *text, *choice;
	int64_t n, ms;
	double x;
	struct opt_list list;
};

static const char *const choices[] = { "red", "green", NULL };
#define AT(member) offsetof(struct given, member)
static const struct opt opts[] = {
	{ "flag", 'f', OPT_FLAG, COMPLETE_NONE, NULL, "", NULL, AT(flag) },
	{ "other", 'o', OPT_FLAG, COMPLETE_NONE, NULL, "", NULL, AT(other) },
	{ "text", 't', OPT_STR, COMPLETE_NONE, "T", "", NULL, AT(text) },
	{ "colour", 0, OPT_CHOICE, COMPLETE_NONE, "C", "", choices, AT(choice) },
	{ "count", 'n', OPT_INT, COMPLETE_NONE, "N", "", NULL, AT(n) },
	{ "time", 0, OPT_DURATION, COMPLETE_NONE, "D", "", NULL, AT(ms) },
	{ "speed", 0, OPT_REAL, COMPLETE_NONE, "X", "", NULL, AT(x) },
	{ "each", 0, OPT_LIST, COMPLETE_NONE, "E", "", NULL, AT(list) },
	{ 0 },
};

static struct given got;
static const char *words[64];
static struct err e;

/* Parses the blank-separated line. */
static int parse(const char *line, bool stop, int *used)
{
	static char text[1000];
	char *argv[64], *rest = text;
	struct opt_set set = { opts, &got };
	int argc = 0;

	memset(&got, 0, sizeof(got));
	e = (struct err){ 0 };
	snprintf(text, sizeof(text), "%s", line);
	while (*line && rest)
		argv[argc++] = strsep(&rest, " ");
	return opt_parse(&set, 1, argc, argv, words, stop, used, &e);
}

static void spellings(void **state)
{
	assert_int_equal(parse("a --text=x b --flag c", false, NULL), 3);
	assert_string_equal(got.text, "x");
	assert_true(got.flag);
	assert_string_equal(words[2], "c");
	assert_int_equal(parse("--text x -fot y", false, NULL), 0);
	assert_string_equal(got.text, "y");
	assert_true(got.flag && got.other);
	assert_int_equal(parse("-tx", false, NULL), 0);
	assert_string_equal(got.text, "x");
	assert_int_equal(parse("--text= a", false, NULL), 1);
	assert_string_equal(got.text, "");
}

static void words_and_ends(void **state)
{
	int used;

	assert_int_equal(parse("-f -- --text x", false, NULL), 2);
	assert_string_equal(words[0], "--text");
	assert_int_equal(parse("- a", false, NULL), 2);
	assert_int_equal(parse("--flag verb --other", true, &used), 0);
	assert_int_equal(used, 1);
	assert_false(got.other);
	assert_int_equal(parse("", false, NULL), 0);
}

static void values(void **state)
{
	assert_int_equal(parse("-n 12 --time 1m30s --colour green --speed 2.5 --each a --each b",
				 false, NULL),
		0);
	assert_int_equal(got.n, 12);
	assert_int_equal(got.ms, 90000);
	assert_string_equal(got.choice, "green");
	assert_true(got.x == 2.5);
	assert_int_equal(got.list.n, 2);
	assert_string_equal(got.list.v[1], "b");
	assert_int_equal(parse("--time 5", false, NULL), 0);
	assert_int_equal(got.ms, 5000);
	assert_int_equal(parse("--time 250ms", false, NULL), 0);
	assert_int_equal(got.ms, 250);
}

static void refused(void **state)
{
	static const char *const bad[] = { "--nope", "-x", "--text", "--flag=1", "-n x", "-n -1",
		"-n 99999999999999999999", "--time abc", "--time -5", "--colour blue", "--speed 0",
		"--speed nan", "--speed 1e99", "-", "--fla" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (strcmp(bad[i], "-") == 0)
			continue; /* a word */
		if (parse(bad[i], false, NULL) >= 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.class, ERR_USAGE);
		assert_true(*e.text);
	}
	parse("--txet x", false, NULL);
	assert_non_null(strstr(e.text, "--text"));
	parse("--colour blue", false, NULL);
	assert_non_null(strstr(e.text, "red, green"));
}

static void list_is_bounded(void **state)
{
	char line[1000] = "";

	for (int i = 0; i < OPT_LIST_MAX; i++)
		strncat(line, i ? " --each=x" : "--each=x", sizeof(line) - strlen(line) - 1);
	assert_int_equal(parse(line, false, NULL), 0);
	strncat(line, " --each=x", sizeof(line) - strlen(line) - 1);
	assert_int_equal(parse(line, false, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings),
		cmocka_unit_test(words_and_ends),
		cmocka_unit_test(values),
		cmocka_unit_test(refused),
		cmocka_unit_test(list_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
