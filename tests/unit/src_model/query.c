/* Windows, order, slices; every kind and field. */
#include "world.h"

static uint64_t seed = 1234567;

static uint32_t rnd(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static struct model *fleet(uint32_t n)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20 });
	char id[16], net[16];

	for (uint32_t i = 0; i < n; i++) {
		uint32_t d, s;

		snprintf(id, sizeof(id), "dev-%05u", i * 7919 % n);
		snprintf(net, sizeof(net), "net%u", rnd(5));
		d = device(m, id, net, T0 + i);
		s = series(m, d, "cpu", "", SERIES_GAUGE);
		if (rnd(10))
			sample(m, d, s, rnd(50), T0 + 1000 + i);
		if (rnd(4) == 0)
			status(m, d, (enum device_status)rnd(5), T0 + 1000 + i);
	}
	return m;
}

/* --- order, against a plain sort of the values read back ------------------------------------- */

struct probe {
	json_t *v[3];
	uint64_t row;
};

static const char *const probe_fields[3] = { "status", "cpu", "id" };
static int probe_desc[3];

static int rank_of(const char *s)
{
	static const char *const order[] = { "up", "unknown", "degraded", "stale", "down" };

	for (int i = 0; i < 5; i++)
		if (strcmp(s, order[i]) == 0)
			return i;
	return -1;
}

static int value_cmp(int field, const json_t *a, const json_t *b)
{
	double x, y;

	if (field == 2)
		return strcmp(json_string_value(a), json_string_value(b));
	x = field ? json_number_value(a) : rank_of(json_string_value(a));
	y = field ? json_number_value(b) : rank_of(json_string_value(b));
	return (x > y) - (x < y);
}

static int probe_keys[3], probe_keys_n;

static int probe_cmp(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;

	for (int i = 0; i < probe_keys_n; i++) {
		int f = probe_keys[i], c;

		if (json_is_null(x->v[f]) || json_is_null(y->v[f]))
			c = json_is_null(x->v[f]) - json_is_null(y->v[f]);
		else
			c = value_cmp(f, x->v[f], y->v[f]) * (probe_desc[i] ? -1 : 1);
		if (c)
			return c;
	}
	return x->row < y->row ? -1 : 1;
}

static struct probe *probes(const struct model *m, size_t *n)
{
	struct query *q = query(m, "devices", "", "id", 0, UINT64_MAX);
	const uint64_t *rows = query_rows(q, n);
	struct probe *p = xcalloc(*n, sizeof(*p));
	struct err e;
	size_t at;
	struct fields *f = fields_new(kind_find("devices"), S("status,cpu,id"), &at, &e);

	for (size_t i = 0; i < *n; i++) {
		struct buf b;
		json_t *o;

		buf_init(&b, 4096);
		row_json(m, kind_find("devices"), rows[i], f, &b);
		o = json_load(buf_slice(&b), &e);
		p[i].row = rows[i];
		for (int k = 0; k < 3; k++)
			p[i].v[k] = json_incref(json_object_get(o, probe_fields[k]));
		json_decref(o);
		buf_fini(&b);
	}
	fields_free(f);
	query_free(q);
	return p;
}

static void check_order(const struct model *m, struct probe *p, size_t n, const char *sort,
	uint64_t offset, uint64_t limit, int64_t budget_us)
{
	struct query_spec s = { .kind = kind_find("devices"), .sort = S(sort), .offset = offset,
		.limit = limit };
	struct err e;
	size_t at, got;
	struct query *q = query_new(&s, &at, &e);
	const uint64_t *rows;

	assert_non_null(q);
	while (!query_step(q, m, budget_us))
		;
	rows = query_rows(q, &got);
	assert_int_equal(query_matched(q), n);
	assert_int_equal(query_total(q), n);
	assert_int_equal(got, offset >= n ? 0 : offset + limit > n ? n - offset : limit);
	for (size_t i = 0; i < got; i++)
		if (rows[i] != p[offset + i].row)
			fail_msg("%s: place %zu has row %llu, not %llu", sort, (size_t)offset + i,
				(unsigned long long)rows[i], (unsigned long long)p[offset + i].row);
	query_free(q);
}

static void rows_come_in_order(void **state)
{
	struct model *m = fleet(20000);
	size_t n;
	struct probe *p = probes(m, &n);
	char sort[100];

	assert_int_equal(n, 20000);
	for (int round = 0; round < 30; round++) {
		size_t len = 0;

		probe_keys_n = 1 + (int)rnd(3);
		for (int i = 0; i < probe_keys_n; i++) {
			probe_keys[i] = (round + i) % 3;
			probe_desc[i] = (int)rnd(2);
			len += (size_t)snprintf(sort + len, sizeof(sort) - len, "%s%s%s", i ? "," : "",
				probe_fields[probe_keys[i]], probe_desc[i] ? ":desc" : "");
		}
		qsort(p, n, sizeof(*p), probe_cmp);
		check_order(m, p, n, sort, 0, 10, 0);
		check_order(m, p, n, sort, rnd(20000), 100, 1);
		check_order(m, p, n, sort, 19990, 100, 1);
		check_order(m, p, n, sort, 0, 20000, round % 2);
	}
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 3; k++)
			json_decref(p[i].v[k]);
	free(p);
	model_free(m);
}

static void the_default_order_is_worst_first(void **state)
{
	struct model *m = model_new(NULL);
	static const char *const id[] = { "e", "d", "c", "b", "a", "A" };
	static const enum device_status st[] = { STATUS_UP, STATUS_DOWN, STATUS_UNKNOWN,
		STATUS_STALE, STATUS_DEGRADED, STATUS_UP };

	for (int i = 0; i < 6; i++)
		status(m, device(m, id[i], "", T0), st[i], T0);
	assert_string_equal(ask(m, "devices", "", "id,status"),
		"d down|b stale|a degraded|c unknown|A up|e up");
	model_free(m);
}

/* A name of few different bytes, so that many begin alike: letters, digits, all kinds of others. */
static void any_name(char *out)
{
	static const char letters[] = "aaaz09-_. :AZ~!\x01\xc3\xff";
	uint32_t n = 1 + rnd(14);

	for (uint32_t i = 0; i < n; i++)
		out[i] = i < 6 && rnd(4) ? 'n' : letters[rnd(sizeof(letters) - 1)];
	out[n] = '\0';
}

static void change_any(struct model *m, uint32_t n, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_DEVICE, .device = { .lat = NAN, .lon = NAN,
		.source = MODEL_NONE, .at_ms = at_ms } };
	char name[24], id[16];

	any_name(name);
	snprintf(id, sizeof(id), "id-%u", rnd(n));
	d.device.id = S(id);
	if (rnd(3))
		d.device.name = S(name);
	apply(m, &d);
	if (rnd(2))
		status(m, d.device.device, (enum device_status)rnd(5), at_ms);
}

/* The order that is kept is the one that is made when asked for. */
static void check_kept(const struct model *m, uint64_t offset, uint64_t limit)
{
	struct query *kept = query(m, "devices", "", "", offset, limit);
	struct query *made = query(m, "devices", "", "status:desc, name", offset, limit);
	struct query *some = query(m, "devices", "id~'7'", "", offset, limit);
	struct query *same = query(m, "devices", "id~'7'", "status:desc, name", offset, limit);
	const uint64_t *a, *b;
	size_t n, k;

	a = query_rows(kept, &n);
	b = query_rows(made, &k);
	assert_int_equal(n, k);
	assert_memory_equal(a, b, n * sizeof(*a));
	assert_int_equal(query_matched(kept), query_matched(made));
	a = query_rows(some, &n);
	b = query_rows(same, &k);
	assert_int_equal(n, k);
	assert_memory_equal(a, b, n * sizeof(*a));
	query_free(kept);
	query_free(made);
	query_free(some);
	query_free(same);
}

static void the_kept_order_follows_changes(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20 });

	for (uint32_t round = 0; round < 60; round++) {
		for (int i = 0; i < 100; i++)
			change_any(m, 40 * (round + 1), T0 + round * 1000);
		if (round == 40)
			tick(m, T0 + 90000); /* silent ones become stale */
		check_kept(m, rnd(40), 1 + rnd(60));
		check_kept(m, 0, 5000);
	}
	model_free(m);
}

/* What comes and changes between its slices neither doubles rows nor loses any. */
static void the_usual_order_in_slices(void **state)
{
	struct model *m = fleet(60000);
	struct query_spec s = { .kind = kind_find("devices"), .limit = UINT64_MAX };
	struct query *q = query_new(&s, NULL, NULL);
	char *seen = xcalloc(70000, 1), id[16];
	const uint64_t *rows;
	size_t n;
	uint32_t steps;

	for (steps = 0; !query_step(q, m, 1); steps++) {
		snprintf(id, sizeof(id), "a-%u", steps);
		if (steps < 10000)
			device(m, id, "", T0);
		status(m, rnd(60000), (enum device_status)rnd(5), T0 + 100000 + steps);
	}
	assert_true(steps > 5);
	rows = query_rows(q, &n);
	assert_true(n >= 60000 && n == query_matched(q));
	for (size_t i = 0; i < n; i++)
		assert_false(seen[rows[i]]++);
	query_free(q);
	free(seen);
	check_kept(m, 0, 70000);
	model_free(m);
}

/* Absent values come last whichever way, zero and extremes where they belong. */
static void absent_is_last(void **state)
{
	struct model *m = model_new(NULL);
	static const double v[] = { 0, -1, 1e308, -1e308, NAN, -0.0, 5e-324, INFINITY };
	char id[2] = "a";

	for (int i = 0; i < 8; i++, id[0]++) {
		uint32_t d = device(m, id, "", T0);

		sample(m, d, series(m, d, "x", "", SERIES_GAUGE), v[i], T0 + 1);
	}
	assert_string_equal(ask_sorted(m, "devices", "", "x", "id", 0, 10), "d|b|a|f|g|c|h|e");
	assert_string_equal(ask_sorted(m, "devices", "", "x:desc", "id", 0, 10), "h|c|g|a|f|b|d|e");
	assert_string_equal(ask_sorted(m, "devices", "", "x:asc,id:desc", "id", 2, 2), "f|a");
	assert_string_equal(ask_sorted(m, "devices", "", "nosuch,id:desc", "id", 0, 2), "h|g");
	model_free(m);
}

static void bad_sorts_are_refused(void **state)
{
	static const struct {
		const char *sort;
		size_t at;
	} t[] = { { "metrics", 0 }, { "id,", 3 }, { ",id", 0 }, { "id:down", 0 }, { "id,x{:desc", 3 },
		{ "id,id,id,id,id,id,id,id,id", 24 }, { ":desc", 0 } };

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct query_spec s = { .kind = kind_find("devices"), .sort = S(t[i].sort) };
		struct err e = { 0 };
		size_t at = 999;

		if (query_new(&s, &at, &e))
			fail_msg("%s passes", t[i].sort);
		assert_int_equal(e.class, ERR_USAGE);
		if (at != t[i].at)
			fail_msg("%s: byte %zu", t[i].sort, at);
	}
}

/* --- windows and slices --------------------------------------------------------------------- */

static void counting_takes_no_rows(void **state)
{
	struct model *m = fleet(1000);
	struct query *q = query(m, "devices", "network=net1", "", 0, 0);
	size_t n;

	query_rows(q, &n);
	assert_int_equal(n, 0);
	assert_int_equal(query_total(q), 1000);
	assert_true(query_matched(q) > 100 && query_matched(q) < 400);
	query_free(q);
	model_free(m);
}

/* Rows born and values changed between slices: each row at most once, the old ones all there. */
static void the_model_may_change_between_slices(void **state)
{
	struct model *m = fleet(5000);
	struct query_spec s = { .kind = kind_find("devices"), .sort = S("cpu:desc,name"),
		.limit = UINT64_MAX };
	struct err e;
	size_t at, n;
	struct query *q = query_new(&s, &at, &e);
	char *seen = xcalloc(20000, 1), id[16];
	int steps = 0, born = 0, old = 0;
	const uint64_t *rows;

	while (!query_step(q, m, 1)) {
		uint32_t d = rnd(5000);

		snprintf(id, sizeof(id), "new-%d", born);
		if (born < 10000) {
			device(m, id, "", T0);
			born++;
		}
		sample(m, d, model_series(m, d, S("cpu"), S("")), rnd(100), T0 + 100000 + steps);
		status(m, rnd(5000), STATUS_DOWN, T0 + 100000 + steps);
		steps++;
	}
	assert_true(steps > 5);
	rows = query_rows(q, &n);
	for (size_t i = 0; i < n; i++) {
		assert_false(seen[rows[i]]);
		seen[rows[i]] = 1;
		old += rows[i] < 5000;
	}
	assert_int_equal(old, 5000);
	assert_int_equal(query_matched(q), n);
	/* the rows of the last whole run stand while the next is under way */
	query_step(q, m, 1);
	query_rows(q, &at);
	assert_int_equal(at, n);
	query_window(q, 3, 4);
	assert_int_equal(query_step(q, m, 0), 1);
	query_rows(q, &n);
	assert_int_equal(n, 4);
	query_free(q);
	free(seen);
	model_free(m);
}

static void names_choose_rows(void **state)
{
	struct model *m = model_new(NULL);
	struct query_spec s = { .kind = kind_find("devices"), .names = S("b,Zed,nope"), .limit = 9 };
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = S("c"), .name = S("Zed"),
		.source = MODEL_NONE, .lat = NAN, .lon = NAN } };
	struct err e;
	size_t at, n;
	struct query *q;

	device(m, "a", "", T0);
	device(m, "b", "", T0);
	apply(m, &d);
	q = query_new(&s, &at, &e);
	assert_int_equal(query_step(q, m, 0), 1);
	query_rows(q, &n);
	assert_int_equal(n, 2);
	assert_int_equal(query_matched(q), 2);
	assert_false(query_match(q, m, 0));
	assert_true(query_match(q, m, 2));
	query_free(q);
	model_free(m);
}

static void metrics_of_one_device(void **state)
{
	struct model *m = fleet(100);
	uint32_t d = model_device(m, S("dev-00042"));

	series(m, d, "mem", "", SERIES_GAUGE);
	assert_string_equal(ask(m, "metrics", "device='dev-00042'", "device,name"),
		"dev-00042 cpu|dev-00042 mem");
	assert_string_equal(ask(m, "metrics", "name~m and device=dev-00042", "name"), "mem");
	assert_string_equal(ask(m, "metrics", "device=nope", "name"), "");
	assert_string_equal(ask(m, "metrics", "device=nope or name=mem", "name"), "mem");
	model_free(m);
}

/* --- kinds ------------------------------------------------------------------------------------- */

static void kinds_are_found_by_their_names(void **state)
{
	static const char *const names[] = { "devices", "metrics", "events", "networks", "sources",
		"ledgers", "blocks", "logs", "alerts", "silences" };
	const struct kind *const *k = kinds();

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_string_equal(k[i]->name, names[i]);
		assert_ptr_equal(kind_find(names[i]), k[i]);
		assert_ptr_equal(kind_find(k[i]->singular), k[i]);
		for (const struct field *f = k[i]->fields; f->name; f++)
			assert_true(f->help && *f->help);
	}
	assert_null(k[ARRAY_LEN(names)]);
	assert_null(kind_find("nope"));
	assert_null(kind_find(NULL));
}

static void fields_may_be_chosen(void **state)
{
	struct model *m = fleet(1);
	struct err e;
	size_t at;

	assert_string_equal(ask(m, "devices", "", " id , name "), "dev-00000 dev-00000");
	assert_null(fields_new(kind_find("events"), S("n,tyype"), &at, &e));
	assert_int_equal(at, 2);
	assert_non_null(strstr(e.text, "did you mean type"));
	assert_null(fields_new(kind_find("devices"), S("id,,name"), &at, &e));
	assert_int_equal(at, 3);
	model_free(m);
}

static void usual_fields_are_the_contract(void **state)
{
	static const struct {
		const char *kind, *first;
	} t[] = {
		{ "devices", "id name network kind site status health last_seen metrics " },
		{ "events", "n id source type subject time " },
		{ "sources", "name kind state lag_ms rate drops error " },
		{ "blocks", "ledger number hash parent time " },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		char got[400] = "";

		for (const struct field *f = kind_find(t[i].kind)->fields; f->name; f++)
			if (!f->extra) {
				strcat(got, f->name);
				strcat(got, " ");
			}
		if (strncmp(got, t[i].first, strlen(t[i].first)) != 0)
			fail_msg("%s: %s", t[i].kind, got);
	}
}

/* A million rows are none too many (kept small here: the bench does the million). */
static void a_large_fleet(void **state)
{
	struct model *m = fleet(100000);
	struct query *q = query(m, "devices", "name~'99$' and cpu>=0", "cpu:desc,name", 10, 5);
	size_t n;

	query_rows(q, &n);
	assert_int_equal(n, 5);
	assert_true(query_matched(q) > 600 && query_matched(q) <= 1000);
	query_free(q);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_come_in_order),
		cmocka_unit_test(the_default_order_is_worst_first),
		cmocka_unit_test(the_kept_order_follows_changes),
		cmocka_unit_test(the_usual_order_in_slices),
		cmocka_unit_test(absent_is_last),
		cmocka_unit_test(bad_sorts_are_refused),
		cmocka_unit_test(counting_takes_no_rows),
		cmocka_unit_test(the_model_may_change_between_slices),
		cmocka_unit_test(names_choose_rows),
		cmocka_unit_test(metrics_of_one_device),
		cmocka_unit_test(kinds_are_found_by_their_names),
		cmocka_unit_test(fields_may_be_chosen),
		cmocka_unit_test(usual_fields_are_the_contract),
		cmocka_unit_test(a_large_fleet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
