#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/keys.h"

static const char full[] = "current: lab\n"
			   "contexts:\n"
			   "  - name: lab\n"
			   "    protected: \"on\"\n"
			   "    theme: light\n"
			   "    sources:\n"
			   "      - name: racks\n"
			   "        kind: scrape\n"
			   "        targets:\n"
			   "          - \"http://127.0.0.1:9100/metrics\"\n"
			   "          - \"http://[::1]:9100/metrics\"\n"
			   "        interval: 2s\n"
			   "        timeout: 1m30s\n"
			   "        stale_after: 0\n"
			   "        token_file: /run/secret/racks\n"
			   "        families:\n"
			   "          - \"node_cpu_*\"\n"
			   "        network: filecoin\n"
			   "      - name: tape\n"
			   "        kind: file\n"
			   "        path: /var/tape\n"
			   "        speed: 2.5\n"
			   "        stale_after: 250ms\n"
			   "    ledgers:\n"
			   "      - name: chain\n"
			   "        kind: evm\n"
			   "        urls:\n"
			   "          - \"ws://127.0.0.1:8545\"\n"
			   "        poll: 2s\n"
			   "        timeout: 10s\n"
			   "        confirmations: 3\n"
			   "        token_env: CHAIN_TOKEN\n"
			   "        daos:\n"
			   "          - name: main\n"
			   "            governor: \"0x3Aa5000000000000000000000000000000000000\"\n"
			   "    plugins:\n"
			   "      - name: filecoin\n"
			   "        endpoints.lotus: \"ws://127.0.0.1:1234/rpc/v1\"\n"
			   "        \"miners[0]\": f01234\n"
			   "  - name: \"no\"\n"
			   "    protected: \"off\"\n"
			   "collector:\n"
			   "  memory: 1GiB\n"
			   "  linger: 15m\n"
			   "  stale_after: 1m\n"
			   "  forget_after: 7d\n"
			   "  journal:\n"
			   "    max_age: 7d\n"
			   "    max_size: 1000000000\n"
			   "ui:\n"
			   "  theme: \"caf\u00e9 \\\"x\\\"\"\n"
			   "  keys:\n"
			   "    \"g e\": \"events -f\"\n"
			   "    g: \"-\"\n"
			   "  fps: 20\n"
			   "  ascii: auto\n"
			   "  sync: \"off\"\n"
			   "  mouse: \"on\"\n"
			   "  truecolor: auto\n"
			   "  copy: auto\n"
			   "  bell: critical\n"
			   "  notify: \"on\"\n";

static struct buf out;

static const char *print(const char *text)
{
	struct err e = { 0 };
	struct config *c = config_parse(slice_of(text), "config.yaml", "/", &e);

	if (!c)
		fail_msg("%s", e.text);
	buf_reset(&out);
	config_print(c, &out);
	config_free(c);
	return out.p;
}

static void what_is_printed_says_the_same(void **state)
{
	assert_string_equal(print(full), full);
}

static void defaults_are_printed(void **state)
{
	const char *s = print("contexts: [{ name: a, sources: [{ name: b, kind: stream, url: "
			      "\"ws://h\" }] }]");

	assert_non_null(strstr(s, "  linger: 15m\n"));
	assert_non_null(strstr(s, "    max_size: 2GiB\n"));
	assert_non_null(strstr(s, "        timeout: 10s\n"));
	assert_null(strstr(s, "interval"));
	assert_null(strstr(s, "token"));
}

static const char *explain(const char *key)
{
	struct err e = { 0 };

	buf_reset(&out);
	if (config_explain(key, &out, &e) < 0)
		fail_msg("%s", e.text);
	return out.p;
}

static void explains(void **state)
{
	static const char interval[] = "contexts[].sources[].interval\n"
				       "    duration, at least 100ms, at most 1d; default 10s\n"
				       "    How often to ask\n"
				       "    For sources of kind: scrape, prometheus\n";
	const char *s;

	assert_string_equal(explain("contexts[].sources[].interval"), interval);
	assert_string_equal(explain("contexts.sources.interval"), interval);
	assert_string_equal(explain("contexts[0].sources[12].interval"), interval);
	s = explain("collector.journal");
	assert_non_null(strstr(s, "collector.journal\n    map\n"));
	assert_non_null(strstr(s, "\n    max_age        Events older"));
	assert_null(strstr(s, "linger"));
	s = explain("contexts");
	assert_non_null(strstr(s, "\n    sources "));
	assert_null(strstr(s, "\n    urls "));
	s = explain("");
	assert_non_null(strstr(s, "    collector "));
	assert_non_null(strstr(explain("contexts[].sources[].kind"),
		"choice: stream, scrape, prometheus, file, nats; required\n"));
}

static void explain_suggests(void **state)
{
	struct err e;

	buf_reset(&out);
	assert_int_equal(config_explain("colector", &out, &e), -1);
	assert_string_equal(e.text, "no key colector; did you mean collector?");
	assert_int_equal(config_explain("interval", &out, &e), -1);
	assert_string_equal(e.text, "no key interval; did you mean contexts[].sources[].interval?");
	assert_int_equal(config_explain("contexts.sources.intervall", &out, &e), -1);
	assert_string_equal(e.text, "no key contexts.sources.intervall; did you mean "
		"contexts[].sources[].interval?");
	assert_int_equal(config_explain("contexts.surces.url", &out, &e), -1);
	assert_string_equal(e.text, "no key contexts.surces.url; did you mean contexts[].sources?");
	assert_int_equal(config_explain("]]]][[[[", &out, &e), -1);
	assert_int_equal(out.len, 0);
}

/* The table itself: what parsing, printing and the documentation count on. */
static void every_row_is_whole(void **state)
{
	for (size_t i = 0; i < config_keys_n; i++) {
		const struct config_key *k = &config_keys[i];
		size_t n = strlen(k->help);

		assert_true(n > 5 && k->help[n - 1] != '.');
		assert_non_null(config_type_name(k));
		assert_true((k->type == CFG_LIST) == (k->size != 0));
		assert_true((k->type >= CFG_STRING) || !k->def);
		assert_true((k->needed & k->only) == k->needed || k->only == 0);
		if (k->type == CFG_CHOICE || k->type == CFG_URL || k->item == CFG_URL)
			assert_non_null(k->choices);
		if (k->type == CFG_LIST || k->type == CFG_STRINGS || k->type == CFG_PAIRS)
			assert_true(k->max_n > 0);
		assert_true(strlen(k->path) < 100);
		explain(k->path);
	}
}

/* A table for each map or list that has keys, a row for each key. */
static void the_reference_has_every_key(void **state)
{
	size_t rows = 0, wanted = 0;

	buf_reset(&out);
	config_reference(&out);
	for (const char *s = out.p; (s = strstr(s, "\n| `")); s++)
		rows++;
	assert_int_equal(rows, config_keys_n);
	assert_non_null(strstr(out.p, "\n### collector.journal\n\n| key | type | default | |\n"));
	assert_non_null(strstr(out.p, "\n| `interval` | duration, at least 100ms, at most 1d | `10s` | "
				      "How often to ask (scrape, prometheus) |\n"));
	for (size_t i = 0; i < config_keys_n; i++)
		wanted += config_keys[i].needed != 0;
	for (const char *s = out.p; (s = strstr(s, " | required | ")); s++)
		wanted--;
	assert_int_equal(wanted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_says_the_same),
		cmocka_unit_test(defaults_are_printed),
		cmocka_unit_test(explains),
		cmocka_unit_test(explain_suggests),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(the_reference_has_every_key),
	};
	int rc;

	buf_init(&out, 1 << 16);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_fini(&out);
	return rc;
}
