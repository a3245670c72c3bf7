/* The examples of docs/wire-formats.md are events that we take, and do what the page says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "wire/cloudevent.h"
#include "wire/telemetry.h"

static char page[1 << 16];
static struct buf scratch;

static int load(void **state)
{
	FILE *f = fopen("docs/wire-formats.md", "r");

	if (!f)
		return -1;
	page[fread(page, 1, sizeof(page) - 1, f)] = '\0';
	fclose(f);
	buf_init(&scratch, 1 << 16);
	return 0;
}

static int unload(void **state)
{
	buf_fini(&scratch);
	return 0;
}

static void check_data(const struct cloudevent *ev, unsigned *kinds)
{
	static struct tele_value v[TELE_METRICS_MAX];
	enum tele_kind kind = tele_kind(ev->type);
	struct telemetry t;
	struct tele_birth b;
	struct tele_note n;
	struct err e;

	*kinds |= 1u << kind;
	if (kind == TELE_TELEMETRY) {
		assert_int_equal(telemetry_decode(ev->data, v, TELE_METRICS_MAX, &t, &e), 0);
		assert_true(t.n > 0 && t.bad == 0);
	} else if (kind == TELE_BIRTH) {
		assert_int_equal(tele_birth_decode(ev->data, &scratch, &b, &e), 0);
		assert_true(b.name.n && b.network.n && b.metrics.n && b.lat > 50);
	} else {
		assert_int_equal(tele_note_decode(ev->data, &scratch, &n, &e), 0);
		assert_true(n.text.n > 0);
	}
}

static void test_examples(void **state)
{
	static struct ce_decoder d;
	unsigned kinds = 0;
	const char *p = page;
	struct err e;

	while ((p = strstr(p, "```json\n"))) {
		const char *end = strstr(p + 8, "```");

		assert_non_null(end);
		if (ce_decode(&d, slice_mem(p + 8, (size_t)(end - p - 8)), &e) < 0)
			fail_msg("%.*s: %s", (int)(end - p), p, e.text);
		check_data(&d.ev, &kinds);
		p = end;
	}
	assert_int_equal(kinds, 1u << TELE_TELEMETRY | 1u << TELE_BIRTH | 1u << TELE_STATUS |
		1u << TELE_DEATH);
}

/* Each schema that the page links is there and JSON. */
static void test_schemas(void **state)
{
	const char *p = page;
	int seen = 0;

	while ((p = strstr(p, "](schemas/"))) {
		char path[128];
		json_t *v;

		snprintf(path, sizeof(path), "docs/%.*s", (int)strcspn(p + 2, ")"), p + 2);
		v = json_load_file(path, 0, NULL);
		if (!json_string_value(json_object_get(v, "title")))
			fail_msg("%s", path);
		json_decref(v);
		seen++;
		p++;
	}
	assert_int_equal(seen, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples), cmocka_unit_test(test_schemas),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
