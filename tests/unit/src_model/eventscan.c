/* Events by pieces, both ways; the first one since a moment. */
#include "world.h"

#include "model/eventscan.h"

static void event(struct model *m, uint64_t n, int severity, int64_t at_ms, const char *message)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .n = n, .source = MODEL_NONE,
		.device = MODEL_NONE, .type = S("t"), .severity = severity, .at_ms = at_ms,
		.message = S(message) } };

	apply(m, &d);
}

/* 1 .. 40 without 10 .. 19, one a second, every fourth a warning. */
static struct model *some(void)
{
	struct model *m = model_new(NULL);

	for (uint64_t n = 1; n <= 40; n++)
		if (n < 10 || n >= 20)
			event(m, n, n % 4 ? SEVERITY_INFO : SEVERITY_WARN, T0 + (int64_t)n * 1000,
				n % 2 ? "odd" : "even");
	return m;
}

static char *walk(const struct model *m, struct eventscan_spec spec, unsigned chunk)
{
	static char out[400];
	struct err e = { 0 };
	struct eventscan *s = eventscan_new(&spec, NULL, &e);
	enum eventscan_end end;
	size_t len = 0;

	if (!s)
		fail_msg("%s", e.text);
	out[0] = '\0';
	do {
		unsigned most = chunk;
		uint64_t n;

		while ((end = eventscan_next(s, m, &most, &n)) == EVENTSCAN_FOUND)
			len += (size_t)snprintf(out + len, sizeof(out) - len, "%s%d", len ? " " : "",
				(int)n);
		assert_true(end == EVENTSCAN_END || most == 0);
	} while (end == EVENTSCAN_MORE);
	eventscan_free(s);
	return out;
}

static void both_ways_in_pieces_of_any_size(void **state)
{
	struct model *m = some();

	for (unsigned chunk = 1; chunk < 50; chunk += 7) {
		assert_string_equal(walk(m, (struct eventscan_spec){ .filter = S("severity=warn"),
			.from = 24, .older = true }, chunk), "20 8 4");
		assert_string_equal(walk(m, (struct eventscan_spec){ .filter = S("severity=warn"),
			.from = 8 }, chunk), "20 24 28 32 36 40");
		assert_string_equal(walk(m, (struct eventscan_spec){ .filter = S("even"), .from = 4,
			.upto = 22 }, chunk), "6 8 20 22");
		assert_string_equal(walk(m, (struct eventscan_spec){ .filter = S("severity=warn"),
			.from = UINT64_MAX, .upto = 23, .older = true }, chunk), "20 8 4");
	}
	assert_string_equal(walk(m, (struct eventscan_spec){ .from = 0, .older = true }, 8), "");
	assert_string_equal(walk(m, (struct eventscan_spec){ .from = 1, .older = true }, 8), "");
	assert_string_equal(walk(m, (struct eventscan_spec){ .from = 39 }, 8), "40");
	assert_string_equal(walk(m, (struct eventscan_spec){ .from = 40 }, 8), "");
	model_free(m);
}

static void a_wrong_filter_says_where(void **state)
{
	struct eventscan_spec s = { .filter = S("severity>>warn") };
	struct err e = { 0 };
	size_t at = 0;

	assert_null(eventscan_new(&s, &at, &e));
	assert_true(at > 0);
}

static void the_first_since_a_moment(void **state)
{
	struct model *m = some(), *none = model_new(NULL);
	int64_t at;
	int severity;

	assert_int_equal(model_event_since(m, T0), 1);
	assert_int_equal(model_event_since(m, T0 + 5000), 5);
	assert_int_equal(model_event_since(m, T0 + 4001), 5);
	assert_int_equal(model_event_since(m, T0 + 15000), 20);
	assert_int_equal(model_event_since(m, T0 + 40000), 40);
	assert_int_equal(model_event_since(m, T0 + 40001), 41);
	assert_int_equal(model_event_since(none, T0), 1);
	assert_true(model_event(m, 4, &at, &severity));
	assert_int_equal(at, T0 + 4000);
	assert_int_equal(severity, SEVERITY_WARN);
	assert_false(model_event(m, 15, &at, &severity));
	model_free(m);
	model_free(none);
}

static void what_a_filter_of_severity_lets_through(void **state)
{
	static const struct {
		const char *filter;
		bool only;
		uint32_t bits;
	} all[] = {
		{ "", true, 0x1ffffff },
		{ "severity>=warn", true, 0x1ffe000 },
		{ "!(severity=info) and severity>debug", true, 0x1ffe000 | 0xff << 13 },
		{ "severity in (warn, none) or severity~'^f'", true, 0x1e1e001 },
		{ "severity>=warn and type=t", false, 0 },
		{ "severity>=warn or odd", false, 0 },
		{ "warn", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct eventscan_spec spec = { .filter = S(all[i].filter) };
		struct err e = { 0 };
		struct eventscan *s = eventscan_new(&spec, NULL, &e);
		uint32_t bits = 0;

		if (!s)
			fail_msg("%s: %s", all[i].filter, e.text);
		assert_int_equal(eventscan_severities(s, &bits), all[i].only);
		if (bits != all[i].bits)
			fail_msg("%s: %x", all[i].filter, bits);
		eventscan_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_in_pieces_of_any_size),
		cmocka_unit_test(a_wrong_filter_says_where),
		cmocka_unit_test(the_first_since_a_moment),
		cmocka_unit_test(what_a_filter_of_severity_lets_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
