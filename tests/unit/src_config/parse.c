#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/ydoc.h"
#include "config/config.h"

static struct config *parse(const char *text)
{
	struct err e = { 0 };
	struct config *c = config_parse(slice_of(text), "config.yaml", "/etc/x", &e);

	if (!c)
		fail_msg("%s", e.text);
	return c;
}

#define SOURCES "contexts:\n  - name: lab\n    sources:\n"

static void the_example_of_the_design(void **state)
{
	struct config *c = parse(
		"current: lab\n"
		"contexts:\n"
		"  - name: lab\n"
		"    sources:\n"
		"      - { name: racks, kind: scrape, targets: "
		"[\"http://127.0.0.1:9100/metrics\"], "
		"interval: 2s }\n"
		"      - { name: prom, kind: prometheus, url: \"http://127.0.0.1:9090\", query: "
		"\"up\" }\n"
		"      - { name: fleet, kind: stream, url: \"ws://127.0.0.1:7600/events\", "
		"token_file: "
		"secrets/fleet.token }\n"
		"      - { name: bus, kind: nats, url: \"nats://127.0.0.1:4222\", stream: DEPIN }\n"
		"    ledgers:\n"
		"      - { name: chain, kind: evm, urls: [\"ws://127.0.0.1:8545\"], daos: [{ name: "
		"main, "
		"governor: \"0x3Aa5\u2026\" }] }\n"
		"    plugins:\n"
		"      - { name: filecoin, endpoints: { lotus: \"ws://127.0.0.1:1234/rpc/v1\" }, "
		"miners: "
		"[f01234] }\n"
		"collector: { memory: 1GiB, linger: 15m }\n");
	const struct config_context *x = config_context(c, NULL, NULL);
	const struct config_source *s = x->sources;

	assert_string_equal(x->name, "lab");
	assert_int_equal(x->n_sources, 4);
	assert_int_equal(s[0].kind, SOURCE_SCRAPE);
	assert_int_equal(s[0].targets.n, 1);
	assert_string_equal(s[0].targets.v[0], "http://127.0.0.1:9100/metrics");
	assert_int_equal(s[0].interval_ms, 2000);
	assert_int_equal(s[1].interval_ms, 10000);
	assert_string_equal(s[1].query, "up");
	assert_null(s[0].query);
	assert_string_equal(s[2].token.file, "/etc/x/secrets/fleet.token");
	assert_string_equal(s[3].stream, "DEPIN");
	assert_int_equal(x->n_ledgers, 1);
	assert_string_equal(x->ledgers[0].urls.v[0], "ws://127.0.0.1:8545");
	assert_int_equal(x->ledgers[0].confirmations, 12);
	assert_string_equal(x->ledgers[0].daos[0].governor, "0x3Aa5\u2026");
	assert_int_equal(x->plugins[0].keys.n, 2);
	assert_string_equal(x->plugins[0].keys.v[0].key, "endpoints.lotus");
	assert_string_equal(x->plugins[0].keys.v[0].value, "ws://127.0.0.1:1234/rpc/v1");
	assert_string_equal(x->plugins[0].keys.v[1].key, "miners[0]");
	assert_true(c->collector.memory == 1 << 30);
	assert_int_equal(c->collector.linger_ms, 900000);
	assert_int_equal(c->collector.journal.max_age_ms, 7 * 86400000);
	config_free(c);
}

static void unix_sockets_are_urls(void **state)
{
	struct config *c = parse("contexts:\n  - name: a\n"
		"    sources: [{ name: s, kind: stream, url: \"ws+unix:///run/n@1.sock:/e?x=1\" }]\n"
		"    ledgers: [{ name: l, urls: [\"ws+unix:///run/geth.ipc\"] }]\n");
	const struct config_context *x = config_context(c, NULL, NULL);

	assert_string_equal(x->sources[0].url, "ws+unix:///run/n@1.sock:/e?x=1");
	assert_string_equal(x->ledgers[0].urls.v[0], "ws+unix:///run/geth.ipc");
	config_free(c);
}

static void nothing_is_a_configuration(void **state)
{
	static const char *const empty[] = { "", "\n", "# only words\n", "---\n", "contexts: ~\n",
		"{}" };

	for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
		struct config *c = parse(empty[i]);
		struct err e;

		assert_int_equal(c->n_contexts, 0);
		assert_string_equal(c->ui.theme, "dark");
		assert_true(c->collector.memory == 1 << 30);
		assert_null(config_context(c, NULL, &e));
		assert_string_equal(e.text, "no contexts are configured");
		config_free(c);
	}
}

static void all_of_the_console(void **state)
{
	struct config *c = parse(
		"ui: { theme: light, fps: 5, ascii: on, sync: off,\n"
		"      keys: { \"g e\": \"events -f\" }, columns: { devices: \"id,cpu\" } }\n");

	assert_string_equal(c->ui.theme, "light");
	assert_int_equal(c->ui.fps, 5);
	assert_int_equal(c->ui.ascii, CONFIG_ON);
	assert_int_equal(c->ui.sync, CONFIG_OFF);
	assert_int_equal(c->ui.mouse, CONFIG_AUTO);
	assert_string_equal(c->ui.keys.v[0].key, "g e");
	assert_string_equal(c->ui.keys.v[0].value, "events -f");
	assert_string_equal(c->ui.columns.v[0].value, "id,cpu");
	config_free(c);
}

static void contexts_by_name(void **state)
{
	struct config *c = parse("contexts: [{name: Lab}, {name: field}]\n");
	struct err e;

	assert_string_equal(config_context(c, "lab", NULL)->name, "Lab");
	assert_null(config_context(c, NULL, &e));
	assert_string_equal(e.text, "several contexts and no `current`; name one with --context");
	assert_null(config_context(c, "feild", &e));
	assert_string_equal(e.text, "no context feild; did you mean field?");
	assert_null(config_context(c, "../etc", &e));
	config_free(c);
}

static const struct {
	const char *text, *story;
} golden[] = {
	/* typos */
	{ SOURCES "      - { name: a, kind: scrape, targets: [\"http://h/\"] }\n"
		  "      - name: b\n        kind: scrape\n        intervall: 2s\n",
		"config.yaml:7:9: contexts[0].sources[1].intervall: unknown key; did you mean "
		"interval?" },
	{ "curent: lab\n", "config.yaml:1:1: curent: unknown key; did you mean current?" },
	{ "\n\ncollector:\n  memroy: 1GiB\n",
		"config.yaml:4:3: collector.memroy: unknown key; did you mean memory?" },
	{ "collector: { journal: { maxage: 1d } }\n",
		"config.yaml:1:25: collector.journal.maxage: unknown key; did you mean max_age?" },
	{ "zzzzzz: 1\n",
		"config.yaml:1:1: zzzzzz: unknown key; `depinctl config explain \"\"` lists them" },
	{ SOURCES "      - { name: a, kind: scrap }\n",
		"config.yaml:4:20: contexts[0].sources[0].kind: \"scrap\" is not one of stream, "
		"scrape, "
		"prometheus, file, nats; did you mean scrape?" },
	{ "current: lba\ncontexts: [{ name: lab }]\n",
		"config.yaml:1:1: current: there is no context lba; did you mean lab?" },
	/* wrong types */
	{ "contexts: lab\n", "config.yaml:1:1: contexts: must be a list, like [a, b]" },
	{ "contexts: [lab]\n",
		"config.yaml:1:12: contexts[0]: must be a map of keys, like { name: value }" },
	{ "collector: 5\n",
		"config.yaml:1:1: collector: must be a map of keys, like { name: value }" },
	{ "collector: { memory: [1] }\n",
		"config.yaml:1:14: collector.memory: must be a single value, a size" },
	{ "- a\n", "config.yaml:1:1: must be a map of keys, like { name: value }" },
	{ "ui: { keys: [a] }\n", "config.yaml:1:7: ui.keys: must be a map, like { a: b }" },
	{ "ui: { keys: { a: {} } }\n", "config.yaml:1:15: ui.keys.a: must be a single value" },
	{ SOURCES "      - { name: a, kind: scrape, targets: \"http://h/\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].targets: must be a list, like [a, b]" },
	{ SOURCES "      - { name: a, kind: scrape, targets: [[x]] }\n",
		"config.yaml:4:44: contexts[0].sources[0].targets[0]: must be a single value" },
	/* values */
	{ "collector: { linger: 15 }\n", "config.yaml:1:14: collector.linger: \"15\" is not a "
					 "duration; write it like 250ms, 30s, 5m, "
					 "1h30m" },
	{ "collector: { memory: 1 gig }\n", "config.yaml:1:14: collector.memory: \"1 gig\" is not a "
					    "size; write it like 512, 64MiB, 2GB" },
	{ "collector: { memory: 1MiB }\n",
		"config.yaml:1:14: collector.memory: 1MiB is too small; at least 16MiB" },
	{ "ui: { fps: 1000 }\n", "config.yaml:1:7: ui.fps: 1000 is too large; at most 60" },
	{ "ui: { fps: 2.5 }\n", "config.yaml:1:7: ui.fps: \"2.5\" is not an integer" },
	{ "ui: { theme: \"\" }\n", "config.yaml:1:7: ui.theme: is empty" },
	{ "contexts: [{ name: a/b }]\n", "config.yaml:1:14: contexts[0].name: \"a/b\" is not a name; "
					 "take letters, digits, dot, dash "
					 "and underscore, at most 64, a letter or digit first" },
	{ SOURCES "      - { name: a, kind: stream, url: \"http://h/\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].url: a source of kind stream has a URL of "
		"ws:// or "
		"wss://" },
	{ SOURCES "      - { name: a, kind: stream, url: \"h:80\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].url: \"h:80\" is not a URL; it begins with "
		"ws://" },
	{ SOURCES "      - { name: a, kind: stream, url: \"ws+unix://s\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].url: \"ws+unix://s\" is not like "
		"ws+unix:///path/of.sock:/events" },
	{ SOURCES "      - { name: a, kind: stream, url: \"ws+unix:///s:e\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].url: \"ws+unix:///s:e\" is not like "
		"ws+unix:///path/of.sock:/events" },
	{ SOURCES "      - { name: a, kind: file, path: p, speed: -1 }\n",
		"config.yaml:4:41: contexts[0].sources[0].speed: -1 is out of range; 0 to 100000" },
	{ "contexts: [{ name: a, ledgers: [{ name: l, urls: [\"ws://h\"], addresses: [0x12] }] "
	  "}]\n",
		"config.yaml:1:74: contexts[0].ledgers[0].addresses[0]: \"0x12\" is not an address: "
		"0x and 40 "
		"hexadecimal digits" },
	/* what is missing, what does not belong */
	{ "contexts:\n  - sources: []\n", "config.yaml:2:5: contexts[0].name: is missing" },
	{ SOURCES "      - { name: a, kind: stream }\n",
		"config.yaml:4:9: contexts[0].sources[0].url: is missing; a source of kind stream "
		"needs it" },
	{ SOURCES "      - { name: a, kind: scrape, targets: [] }\n",
		"config.yaml:4:34: contexts[0].sources[0].targets: is empty" },
	{ SOURCES "      - { name: a, kind: stream, url: \"ws://h\", query: up }\n",
		"config.yaml:4:49: contexts[0].sources[0].query: has no meaning for a source of kind "
		"stream" },
	{ "collector: { listen: \"0.0.0.0:7700\" }\n",
		"config.yaml:1:14: collector.listen: needs cert_file and key_file; the API goes over "
		"a network "
		"only with TLS" },
	{ "collector: { listen: \"0.0.0.0:7700\", cert_file: c, key_file: k }\n",
		"config.yaml:1:14: collector.listen: needs token_file or token_env, the token clients "
		"show" },
	{ "collector: { listen: localhost }\n", "config.yaml:1:14: collector.listen: \"localhost\" is "
						"not ADDR:PORT, like 0.0.0.0:7700 or "
						"[::]:7700" },
	/* twice */
	{ "current: a\ncurrent: b\n", "config.yaml:2:1: the key current is there twice" },
	{ "contexts:\n  - name: lab\n  - name: LAB\n",
		"config.yaml:3:5: contexts[1]: the name LAB is taken by contexts[0]" },
	{ SOURCES "      - { name: a, kind: file, path: p }\n      - { name: a, kind: file, path: "
		  "q }\n",
		"config.yaml:5:9: contexts[0].sources[1]: the name a is taken by sources[0]" },
	/* secrets */
	{ SOURCES "      - { name: a, kind: stream, url: \"ws://h\", token: s3cret }\n",
		"config.yaml:4:49: contexts[0].sources[0].token: a secret never stands in the "
		"configuration; "
		"name a file (token_file) or an environment variable (token_env) that holds it" },
	{ "contexts: [{ name: a, plugins: [{ name: p, api: { Password: x } }] }]\n",
		"config.yaml:1:51: contexts[0].plugins[0].api.Password: a secret never stands in the "
		"configuration; name a file (token_file) or an environment variable (token_env) "
		"that holds "
		"it" },
	{ SOURCES "      - { name: a, kind: stream, url: \"wss://u:pw@h/\" }\n",
		"config.yaml:4:34: contexts[0].sources[0].url: a URL here holds no user name and no "
		"password; "
		"use token_file" },
	{ SOURCES
		"      - { name: a, kind: stream, url: \"ws://h\", token_file: f, token_env: E }\n",
		"config.yaml:4:64: contexts[0].sources[0].token_env: both token_file and token_env; "
		"keep one of "
		"them" },
	{ SOURCES "      - { name: a, kind: stream, url: \"ws://h\", token_env: \"A B\" }\n",
		"config.yaml:4:49: contexts[0].sources[0].token_env: \"A B\" is not the name of a "
		"variable" },
	/* what YAML could do to us */
	{ "ui: &a { fps: 5 }\n", "config.yaml:1:5: anchors and aliases are not taken here" },
	{ "ui: *a\n", "config.yaml:1:5: anchors and aliases are not taken here" },
	{ "ui: !!map {}\n", "config.yaml:1:5: tags (!...) are not taken here" },
	{ "? [a]\n: b\n", "config.yaml:1:3: a key must be a word" },
	{ "~: b\n", "config.yaml:1:1: a key is missing" },
	{ "ui: {}\n---\nui: {}\n", "config.yaml:2:1: a second document (---)" },
	{ "ui: { theme: \"a\\0b\" }\n", "config.yaml:1:14: a NUL in a string" },
	{ "ui: { theme: \"a\\e[31m\" }\n",
		"config.yaml:1:7: ui.theme: holds a control or an invisible character" },
	{ "ui: { theme: \"\\u202e\" }\n",
		"config.yaml:1:7: ui.theme: holds a control or an invisible character" },
	{ "\"a\\e[2J\": 1\n",
		"config.yaml:1:1: a^[[2J: unknown key; `depinctl config explain \"\"` lists "
		"them" },
	{ "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\n", "config.yaml:1:17: nested too deeply" },
	{ "ui:\n\t- a\n", "config.yaml:2:1: found character that cannot start any token" },
	{ "ui: {\n", "config.yaml:2:1: did not find expected node content" },
};

static void stories_name_line_key_and_cure(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(golden); i++) {
		struct err e = { 0 };
		struct config *c = config_parse(slice_of(golden[i].text), "config.yaml", "/", &e);

		if (c)
			fail_msg("accepted: %s", golden[i].text);
		assert_string_equal(e.text, golden[i].story);
		assert_int_equal(e.class, ERR_USAGE);
	}
}

/* One reading tells of all, by place; what follows from a mistake is not told as well. */
static void all_mistakes_at_once(void **state)
{
	static const char text[] = SOURCES
		"      - { name: a, kind: scrap, targets: [\"http://h/\"], memory: 1 }\n"
		"      - { name: b, kind: stream, urll: \"ws://h\", stale_after: 5x }\n"
		"      - { name: b, kind: nats, url: \"nats://h\", stream: S }\n"
		"ui: { keys: { a: [], b: {} }, fps: 100 }\n"
		"curent: lab\n";
	static const struct {
		unsigned line, col;
		bool warning;
		const char *begins;
	} want[] = {
		{ 4, 20, false, "contexts[0].sources[0].kind: \"scrap\" is not one of" },
		{ 4, 57, false, "contexts[0].sources[0].memory: unknown key" },
		{ 5, 34, false, "contexts[0].sources[1].urll: unknown key; did you mean url?" },
		{ 5, 50, false, "contexts[0].sources[1].stale_after: \"5x\" is not a duration" },
		{ 6, 9, false, "contexts[0].sources[2]: the name b is taken by sources[1]" },
		{ 6, 20, true, "contexts[0].sources[2].kind: nats is checked, but not built yet" },
		{ 7, 15, false, "ui.keys.a: must be a single value" },
		{ 7, 22, false, "ui.keys.b: must be a single value" },
		{ 7, 31, false, "ui.fps: 100 is too large" },
		{ 8, 1, false, "curent: unknown key; did you mean current?" },
	};
	struct config_notes notes = { 0 };
	struct err e;

	assert_null(config_parse_notes(slice_of(text), "c", "/", &notes, &e));
	assert_string_equal(strchr(e.text, '('), "(and 8 more; `depinctl config check` shows all)");
	for (size_t i = 0; i < ARRAY_LEN(want) && i < notes.n; i++) {
		assert_int_equal(notes.v[i].line, want[i].line);
		assert_int_equal(notes.v[i].col, want[i].col);
		assert_int_equal(notes.v[i].warning, want[i].warning);
		assert_memory_equal(notes.v[i].text, want[i].begins, strlen(want[i].begins));
	}
	assert_int_equal(notes.n, ARRAY_LEN(want));
	assert_int_equal(notes.errors, 9);
	config_notes_fini(&notes);
}

static void keys_without_effect_are_warned_of(void **state)
{
	static const char text[] =
		"contexts:\n  - name: lab\n    plugins: [{ name: p }]\n"
		"    ledgers: [{ name: l, urls: [\"ws://h\"], confirmations: 3,\n"
		"      daos: [{ name: d, governor: \"0x12\u2026\" }] }]\n";
	static const unsigned lines[] = { 3, 4, 5 };
	struct config_notes notes = { 0 };
	struct err e = { 0 };
	struct config *c = config_parse_notes(slice_of(text), "c", "/", &notes, &e);

	assert_non_null(c);
	config_free(c);
	assert_int_equal(notes.errors, 0);
	assert_int_equal(notes.n, ARRAY_LEN(lines));
	for (size_t i = 0; i < notes.n; i++) {
		assert_true(notes.v[i].warning);
		assert_int_equal(notes.v[i].line, lines[i]);
		assert_non_null(strstr(notes.v[i].text, "no effect"));
	}
	config_notes_fini(&notes);
}

static void notes_are_bounded(void **state)
{
	struct config_notes notes = { 0 };
	struct err e;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 3 * CONFIG_NOTES_MAX; i++)
		buf_addf(&b, "zzzzzz%d: 1\n", i);
	assert_null(config_parse_notes(buf_slice(&b), "c", "/", &notes, &e));
	assert_int_equal(notes.n, CONFIG_NOTES_MAX);
	assert_int_equal(notes.errors, 3 * CONFIG_NOTES_MAX);
	config_notes_fini(&notes);
	buf_fini(&b);
}

static void bytes_that_are_no_text(void **state)
{
	struct err e;

	assert_null(config_parse(slice_of("ui: \xff\xfe\n"), "c", "/", &e));
	assert_null(config_parse(slice_mem("ui:\0x", 5), "c", "/", &e));
	assert_null(config_parse(slice_of("ui: \x1b[31m\n"), "c", "/", &e));
	assert_null(strchr(e.text, '\x1b'));
}

static void sizes_are_bounded(void **state)
{
	char *big = xmalloc(YDOC_BYTES_MAX + 1);
	struct err e;
	struct buf b;

	memset(big, ' ', YDOC_BYTES_MAX + 1);
	assert_null(config_parse(slice_mem(big, YDOC_BYTES_MAX + 1), "c", "/", &e));
	assert_string_equal(e.text, "c: larger than 1048576 bytes");
	free(big);

	buf_init(&b, 1 << 20);
	buf_adds(&b, "contexts:\n");
	for (int i = 0; i <= CONFIG_CONTEXTS_MAX; i++)
		buf_addf(&b, "- name: c%d\n", i);
	assert_null(config_parse(buf_slice(&b), "c", "/", &e));
	assert_string_equal(e.text, "c:1:1: contexts: 257 entries; at most 256");
	buf_reset(&b);
	buf_adds(&b, SOURCES);
	for (int i = 0; i <= CONFIG_SOURCES_MAX; i++)
		buf_addf(&b, "      - { name: s%d, kind: file, path: p }\n", i);
	assert_null(config_parse(buf_slice(&b), "c", "/", &e));
	assert_string_equal(e.text, "c:3:5: contexts[0].sources: 4097 entries; at most 4096");
	buf_reset(&b);
	buf_addf(&b, "ui: { theme: %05000d }\n", 1);
	assert_null(config_parse(buf_slice(&b), "c", "/", &e));
	assert_string_equal(e.text, "c:1:7: ui.theme: longer than 4096 bytes");
	buf_fini(&b);
}

static void names_of_contexts(void **state)
{
	char long_[66];

	memset(long_, 'a', sizeof(long_));
	long_[65] = '\0';
	assert_false(config_name_ok(long_));
	assert_true(config_name_ok(long_ + 1));
	assert_true(config_name_ok("Lab-1.eu_x"));
	assert_false(config_name_ok(""));
	assert_false(config_name_ok(".."));
	assert_false(config_name_ok("-x"));
	assert_false(config_name_ok("a b"));
	assert_false(config_name_ok("caf\u00e9"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_design),
		cmocka_unit_test(unix_sockets_are_urls),
		cmocka_unit_test(nothing_is_a_configuration),
		cmocka_unit_test(all_of_the_console),
		cmocka_unit_test(contexts_by_name),
		cmocka_unit_test(stories_name_line_key_and_cure),
		cmocka_unit_test(all_mistakes_at_once),
		cmocka_unit_test(keys_without_effect_are_warned_of),
		cmocka_unit_test(notes_are_bounded),
		cmocka_unit_test(bytes_that_are_no_text),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(names_of_contexts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
