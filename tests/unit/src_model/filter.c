/* The filter language: what passes, and where it says that something is wrong. */
#include "world.h"

#include "base/clock.h"
#include "model/filter.h"

static struct model *fleet(void)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	static const struct {
		const char *id, *name, *network, *site;
		enum device_status status;
		double cpu, disk;
	} rows[] = {
		{ "f01", "Miner one", "filecoin", "oslo", STATUS_UP, 10, 1e9 },
		{ "f02", "Miner two", "filecoin", "bergen", STATUS_UP, 85.5, 3e9 },
		{ "g01", "gpu-7", "ionet", "oslo", STATUS_DEGRADED, 99, 5e9 },
		{ "w01", "it's wet", "water", "", STATUS_DOWN, 0, 0 },
		{ "x(1)", "Æther", "", "", STATUS_UNKNOWN, NAN, NAN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t d = device(m, rows[i].id, rows[i].network, T0), cpu, disk;
		struct delta id = { .kind = DELTA_DEVICE, .device = { .id = S(rows[i].id),
			.name = S(rows[i].name), .site = S(rows[i].site), .lat = NAN, .lon = NAN,
			.source = MODEL_NONE } };

		apply(m, &id);
		if (isnan(rows[i].cpu))
			continue;
		cpu = series(m, d, "cpu", "", SERIES_GAUGE);
		disk = series(m, d, "disk_free", "mount=\"/\"", SERIES_GAUGE);
		sample(m, d, cpu, rows[i].cpu, T0 + 1000);
		sample(m, d, disk, rows[i].disk, T0 + 1000);
		if (rows[i].status != STATUS_UP)
			status(m, d, rows[i].status, T0 + 2000);
	}
	return m;
}

static void filters_pass_what_they_say(void **state)
{
	static const char *const t[][2] = { /* filter, ids in the order of birth */
		{ "", "f01|f02|g01|w01|x(1)" },
		{ "   ", "f01|f02|g01|w01|x(1)" },
		{ "status=up", "f01|f02" },
		{ "status == up", "f01|f02" },
		{ "status!=up", "g01|w01|x(1)" },
		{ "status>=degraded", "g01|w01" },
		{ "status<degraded", "f01|f02|x(1)" },
		{ "status in (down,degraded)", "g01|w01" },
		{ "status not in (down, degraded)", "f01|f02|x(1)" },
		{ "status~'^d'", "g01|w01" },
		{ "cpu>80", "f02|g01" },
		{ "cpu > 80 and cpu<99", "f02" },
		{ "cpu>80%", "f02|g01" },
		{ "cpu=85.5", "f02" },
		{ "cpu!=85.5", "f01|g01" }, /* the dead one's is absent */
		{ "not cpu=85.5", "f01|g01|w01|x(1)" },
		{ "not (cpu>80 or cpu<20)", "w01|x(1)" },
		{ "cpu in (10, 99)", "f01|g01" },
		{ "cpu not in (10, 99)", "f02" },
		{ "disk_free>=3GB", "f02|g01" },
		{ "disk_free{mount=\"/\"}<2e9", "f01" },
		{ "disk_free{mount=\"/x\"}<2e9", "" },
		{ "nosuchmetric>0", "" },
		{ "network=filecoin and status=up and cpu>80 and name~'^Miner'", "f02" },
		{ "network=filecoin or network=ionet and cpu>98", "f01|f02|g01" },
		{ "(network=filecoin or network=ionet) and cpu>80", "f02|g01" },
		{ "NOT network=filecoin AND status=degraded OR id=f01", "f01|g01" },
		{ "not not id=f01", "f01" },
		{ "!filecoin", "g01|w01|x(1)" },
		{ "filecoin !id=f01", "f02" },
		{ "!(filecoin or status=unknown) and !!wet", "w01" },
		{ "id~'^f0'", "f01|f02" },
		{ "id~^f0", "f01|f02" },
		{ "id~0(1|2)$", "f01|f02|g01|w01" },
		{ "(id~f0(1|2))", "f01|f02" },
		{ "id~'0[12]' and id!~'^f'", "g01|w01" },
		{ "id=~'1'", "f01|g01|w01|x(1)" },
		{ "id~'f0?1'", "f01" },
		{ "id~01", "f01|g01|w01" },
		{ "id~'f0' and id~'01'", "f01" },
		{ "id~'01' and network=filecoin", "f01" },
		{ "id~F01", "" },
		{ "id~'01$'", "f01|g01|w01" },
		{ "id~'^.01$' and id~'[fg]0?1$'", "f01|g01" },
		{ "id~'f0$'", "" },
		{ "id~'\\d1$'", "f01|g01|w01" },
		{ "id~'02$|^w'", "f02|w01" },
		{ "id~f011", "" },
		{ "id~'^f0?1|g'", "f01|g01" },
		{ "id~'f{1}01'", "f01" },
		{ "id='x(1)'", "x(1)" },
		{ "id=\"x(1)\"", "x(1)" },
		{ "name='it\\'s wet'", "w01" },
		{ "name=\"it's wet\"", "w01" },
		{ "name~'\\ww.*\\bwet'", "" },
		{ "name~'\\bwet'", "w01" },
		{ "name~'\\x{c6}'", "x(1)" },
		{ "name>='gpu' and name<'h'", "g01" },
		{ "site=''", "" }, /* an absent site equals nothing */
		{ "not site~.", "w01|x(1)" },
		{ "miner", "f01|f02" },
		{ "MINER two", "f02" },
		{ "miner and not two", "f01" },
		{ "'it\\'s'", "w01" },
		{ "?mnr", "f01|f02" },
		{ "?Mnr", "f01|f02" },
		{ "?mNr", "" }, /* a capital is one */
		{ "?rnm", "" }, /* in their order */
		{ "?mnrr", "" },
		{ "?dgrd", "g01" },
		{ "!?mnr ?01", "g01|w01" },
		{ "?\xc3\x86", "x(1)" },
		{ "?\xc3\x85", "" },
		{ "'?mnr'", "" },
		{ "?", "" },
		{ "name~~mr", "f01|f02" },
		{ "name ~~ 'M o'", "f01|f02" },
		{ "name!~~mr", "g01|w01|x(1)" },
		{ "status~~dn or status~~''", "f01|f02|g01|w01|x(1)" },
		{ "network~~fl and id~~2", "f02" },
		{ "oslo cpu>50", "g01" },
		{ "degraded", "g01" },
		{ "health<50", "w01" },
		{ "health>50", "f01|f02|g01" },
		{ "metrics_n=2", "f01|f02|g01|w01" },
		{ "last_seen<'2026-09-21T14:13:20.500Z'", "x(1)" },
		{ "last_seen=2026-09-21T14:13:21Z", "f01|f02|w01" },
		{ "stale_after=1m", "f01|f02|g01|w01|x(1)" },
		{ "age>0", "" }, /* no tick: the model has no clock yet */
		{ "gpu-7", "g01" },
		{ "æther", "x(1)" },
		{ "a.c", "" },
		{ "'(1)'", "x(1)" },
	};
	struct model *m = fleet();

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char *got = ask_sorted(m, "devices", t[i][0], "id", "id", 0, 100);

		if (strcmp(got, t[i][1]) != 0)
			fail_msg("%s: %s, not %s", t[i][0], got, t[i][1]);
	}
	model_free(m);
}

static void errors_point_at_the_place(void **state)
{
	static const struct {
		const char *kind, *filter;
		size_t at;
		const char *text; /* is part of the message */
	} t[] = {
		{ "devices", "status=upp", 7, "unknown" },
		{ "devices", "status!=", 8, "value is missing" },
		{ "devices", "cpu>", 4, "value is missing" },
		{ "devices", "cpu>abc", 4, "number" },
		{ "devices", "stauts=up", 7, "did you mean status" },
		{ "devices", "status=up and", 13, "missing at the end" },
		{ "devices", "and status=up", 0, "should stand here" },
		{ "devices", "status=up or or", 13, "should stand here" },
		{ "devices", "(status=up", 10, ") is missing" },
		{ "devices", "status=up)", 9, "not opened" },
		{ "devices", "status=up ))", 10, "not opened" },
		{ "devices", "name='abc", 5, "not closed" },
		{ "devices", "'abc", 0, "not closed" },
		{ "devices", "=5", 0, "should stand here" },
		{ "devices", "name~'a(b'", 9, "" },
		{ "devices", "name~a[b", 8, "" },
		{ "devices", "cpu~5", 4, "number" },
		{ "devices", "cpu~~5", 5, "number" },
		{ "devices", "name~~", 6, "value is missing" },
		{ "devices", "health~5", 7, "number" },
		{ "devices", "health=full", 7, "number" },
		{ "devices", "metrics=5", 8, "cpu>80" },
		{ "devices", "last_seen>whenever", 10, "time" },
		{ "devices", "id in f01", 6, "list" },
		{ "devices", "id in (f01", 10, ")" },
		{ "devices", "id in (f01,)", 11, "value is missing" },
		{ "devices", "id in ()", 7, "value is missing" },
		{ "devices", "not", 3, "missing at the end" },
		{ "devices", "a , b", 2, "" },
		{ "events", "sevrity=warn", 0, "did you mean severity" },
		{ "events", "xyzzyx=warn", 0, "no 'xyzzyx'" },
		{ "events", "severity=loud", 9, "trace, debug, info" },
		{ "networks", "up=many", 3, "number" },
		{ "blocks", "orphaned=perhaps", 9, "false, true" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct query_spec s = { .kind = kind_find(t[i].kind), .filter = S(t[i].filter) };
		struct err e = { 0 };
		size_t at = 999;
		struct query *q = query_new(&s, &at, &e);

		if (q)
			fail_msg("%s passes", t[i].filter);
		if (at != t[i].at || !strstr(e.text, t[i].text) || e.class != ERR_USAGE)
			fail_msg("%s: byte %zu, not %zu: %s", t[i].filter, at, t[i].at, e.text);
	}
}

static int try(const char *text, size_t n, size_t *at)
{
	struct query_spec s = { .kind = kind_find("devices"), .filter = slice_mem(text, n) };
	struct err e;
	struct query *q = query_new(&s, at, &e);

	query_free(q);
	return q ? 0 : -1;
}

static void size_and_depth_have_limits(void **state)
{
	char text[20000];
	size_t at, n = 0;

	memset(text, '(', sizeof(text));
	assert_int_equal(try(text, 8000, &at), -1);
	assert_int_equal(at, 64);
	assert_int_equal(try(text, 20000, &at), -1);
	for (n = 0; n < 8000; n += 4)
		memcpy(text + n, "not ", 4);
	assert_int_equal(try(text, n, &at), -1);
	for (n = 0; n < 8000; n += 4)
		memcpy(text + n, "abc ", 4);
	assert_int_equal(try(text, n, &at), -1); /* 2000 words */
	assert_int_equal(try(text, 400 * 4, &at), 0);
	memset(text, 'a', 2000);
	memcpy(text, "id~", 3);
	assert_int_equal(try(text, 2000, &at), -1);
	assert_int_equal(try("id=\0x", 5, &at), 0);
	assert_int_equal(try("\0", 1, &at), -1);
	assert_int_equal(try("\xff\xfe", 2, &at), -1); /* no text */
}

static void a_pattern_that_explodes_is_stopped(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	char id[120];

	memset(id, 'a', sizeof(id) - 1);
	id[119] = '\0';
	device(m, id, "n", T0);
	assert_string_equal(ask(m, "devices", "id~'^(a+)+$x'", "network"), "");
	assert_string_equal(ask(m, "devices", "id~'(a*)*(a*)*b'", "network"), "");
	model_free(m);
}

static void moments_and_durations_have_units(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	struct delta src = { .kind = DELTA_SOURCE, .source = { .name = S("s") } };
	struct delta st = { .kind = DELTA_SOURCE_STATE, .source_state = { .lag_ms = 2500 } };

	clock_test_set(T0 + 100000);
	apply(m, &src);
	apply(m, &st);
	device(m, "old", "", T0);
	device(m, "new", "", T0 + 90000);
	tick(m, T0 + 100000);
	assert_string_equal(ask(m, "devices", "last_seen<1m", "id"), "old");
	assert_string_equal(ask(m, "devices", "last_seen>1m", "id"), "new");
	assert_string_equal(ask(m, "devices", "age>1m", "id"), "old");
	assert_string_equal(ask(m, "devices", "age<=10", "id"), "new");
	assert_string_equal(ask(m, "sources", "lag_ms>2s", "name"), "s");
	assert_string_equal(ask(m, "sources", "lag_ms>2400 and lag_ms<2.6s", "name"), "s");
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_pass_what_they_say),
		cmocka_unit_test(errors_point_at_the_place),
		cmocka_unit_test(size_and_depth_have_limits),
		cmocka_unit_test(a_pattern_that_explodes_is_stopped),
		cmocka_unit_test(moments_and_durations_have_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
