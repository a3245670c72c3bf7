#include "tests/unit/ui_widget/draw.h"

#include <stdio.h>

#include "base/alloc.h"
#include "ui/widget/prompt.h"

static void keys(struct prompt *p, const char *s)
{
	while (*s) {
		const char *end = *s == '<' ? strchr(s, '>') : NULL;

		if (end) {
			prompt_key(p, key_parse(slice_mem(s + 1, (size_t)(end - s - 1))));
			s = end + 1;
		} else {
			prompt_key(p, (uint32_t)*s++);
		}
	}
}

static void typing_and_editing(void **state)
{
	static const struct {
		const char *keys, *text;
		size_t cursor;
	} cases[] = {
		{ "status=up", "status=up", 9 },
		{ "ac<left>b", "abc", 2 },
		{ "<ß>x<left><left><ö>", "ößx", 2 },
		{ "<ß><backspace>a", "a", 1 },
		{ "abc<home><delete>", "bc", 0 },
		{ "abc<ctrl-a><ctrl-f>X<ctrl-e>Y", "aXbcY", 5 },
		{ "cpu > 80 and<ctrl-w>", "cpu > 80 ", 9 },
		{ "a b c<ctrl-left><ctrl-left><ctrl-k>", "a ", 2 },
		{ "a b<alt-b><ctrl-u>", "b", 0 },
		{ "a b<home><alt-f>x", "ax b", 2 },
		{ "<left><delete><ctrl-w><ctrl-k>", "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct prompt p;

		prompt_init(&p, "/");
		keys(&p, cases[i].keys);
		assert_string_equal(p.text.p, cases[i].text);
		assert_int_equal(p.cursor, cases[i].cursor);
		prompt_fini(&p);
	}
}

static void it_says_what_a_key_did(void **state)
{
	struct prompt p;

	prompt_init(&p, ":");
	assert_int_equal(prompt_key(&p, 'a'), PROMPT_CHANGED);
	assert_int_equal(prompt_key(&p, TERM_KEY_LEFT), PROMPT_MOVED);
	assert_int_equal(prompt_key(&p, TERM_KEY_F5), PROMPT_IGNORED);
	assert_int_equal(prompt_key(&p, TERM_KEY_ENTER), PROMPT_DONE);
	assert_int_equal(prompt_key(&p, TERM_KEY_ESC), PROMPT_LEFT);
	prompt_key(&p, TERM_KEY_END);
	assert_int_equal(prompt_key(&p, TERM_KEY_BACKSPACE), PROMPT_CHANGED);
	assert_int_equal(prompt_key(&p, TERM_KEY_BACKSPACE), PROMPT_LEFT);
	prompt_fini(&p);
}

static void pastes_become_one_line(void **state)
{
	struct prompt p;
	char *big = xmalloc(100000);

	prompt_init(&p, ":");
	keys(&p, "[]<left>");
	prompt_paste(&p, slice_of("\na\tb\r\n\033[31mc\xff\xe2\x80\xae\x07"));
	assert_string_equal(p.text.p, "[a b   [31mc]");
	memset(big, 'x', 100000);
	prompt_paste(&p, slice_mem(big, 100000));
	assert_true(p.text.len <= PROMPT_MAX);
	assert_int_equal(p.text.p[p.text.len - 1], ']');
	for (int i = 0; i < 2000; i++)
		prompt_key(&p, 0x20ac);
	assert_true(p.text.len <= PROMPT_MAX);
	free(big);
	prompt_fini(&p);
}

static void history_goes_by_what_was_typed(void **state)
{
	struct prompt p;

	prompt_init(&p, ":");
	prompt_remember(&p, slice_of("get devices"));
	prompt_remember(&p, slice_of("describe x"));
	prompt_remember(&p, slice_of("get events"));
	prompt_remember(&p, slice_of("get devices")); /* moves to the end */
	prompt_remember(&p, slice_of(""));
	assert_int_equal(p.n_history, 3);
	prompt_set(&p, slice_of(""));
	keys(&p, "<up>");
	assert_string_equal(p.text.p, "get devices");
	keys(&p, "<up><up><up><up>");
	assert_string_equal(p.text.p, "describe x");
	keys(&p, "<down><down><down><down>");
	assert_string_equal(p.text.p, "");
	keys(&p, "get<up><up>");
	assert_string_equal(p.text.p, "get events");
	keys(&p, "<up>");
	assert_string_equal(p.text.p, "get events");
	keys(&p, "<down><down>");
	assert_string_equal(p.text.p, "get");
	for (int i = 0; i < 1000; i++) {
		char line[24];

		snprintf(line, sizeof(line), "line %d", i);
		prompt_remember(&p, slice_of(line));
	}
	assert_int_equal(p.n_history, PROMPT_HISTORY);
	assert_string_equal(p.history[PROMPT_HISTORY - 1], "line 999");
	prompt_fini(&p);
}

static void complete(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	static const char *const words[] = { "devices", "describe", "events", "eventful" };
	size_t from = cursor;

	while (from > 0 && text.p[from - 1] != ' ')
		from--;
	o->from = from;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(words[i], text.p + from, cursor - from) == 0)
			offers_add(o, slice_of(words[i]));
}

static void tab_completes_and_cycles(void **state)
{
	struct paper paper = paper_open(2, 40);
	struct prompt p;

	prompt_init(&p, ":");
	p.complete = complete;
	keys(&p, "get e<tab>");
	assert_string_equal(p.text.p, "get event");
	keys(&p, "<tab>");
	assert_string_equal(p.text.p, "get events");
	prompt_draw(&p, paper.t, paper.r, 1);
	paper_expect(&paper, " events  eventful\n:get events\n");
	keys(&p, "<tab>");
	assert_string_equal(p.text.p, "get eventful");
	keys(&p, "<shift-tab>");
	assert_string_equal(p.text.p, "get events");
	keys(&p, " x<tab>");
	assert_string_equal(p.text.p, "get events x");
	keys(&p, "<ctrl-u>desc<tab>");
	assert_string_equal(p.text.p, "describe");
	p.complete = NULL;
	keys(&p, "<tab><tab>");
	assert_string_equal(p.text.p, "describe");
	prompt_fini(&p);
	paper_close(&paper);
}

static void it_shows_where_it_is_wrong(void **state)
{
	struct paper paper = paper_open(1, 40);
	struct prompt p;

	prompt_init(&p, "/");
	prompt_remember(&p, slice_of("status=up and cpu>80"));
	keys(&p, "status=");
	prompt_draw(&p, paper.t, paper.r, 0);
	paper_expect(&paper, "/status=up and cpu>80\n"); /* the history's offer, dim */
	prompt_error(&p, "a value is missing", 7);
	prompt_draw(&p, paper.t, paper.r, 0);
	paper_show(&paper);
	assert_true(screen_look(paper.s, 0, 8).underline);
	prompt_draw(&p, paper.t, paper.r, 0);
	paper_expect(&paper, "/status=              a value is missing\n");
	keys(&p, "x"); /* typing takes the error away */
	prompt_draw(&p, paper.t, paper.r, 0);
	paper_expect(&paper, "/status=x\n");
	for (int i = 0; i < 60; i++)
		keys(&p, i % 10 ? "." : "|");
	prompt_draw(&p, paper.t, paper.r, 0); /* long: the cursor's end shows */
	paper_expect(&paper, "/.......|.........|.........|.........\n");
	prompt_fini(&p);
	paper_close(&paper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(typing_and_editing),
		cmocka_unit_test(it_says_what_a_key_did),
		cmocka_unit_test(pastes_become_one_line),
		cmocka_unit_test(history_goes_by_what_was_typed),
		cmocka_unit_test(tab_completes_and_cycles),
		cmocka_unit_test(it_shows_where_it_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
