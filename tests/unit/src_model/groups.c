/* Devices rolled up by their columns. */
#include "world.h"

#include "model/group.h"

static void identity(struct model *m, uint32_t dev, const char *site, const char *firmware)
{
	char id[64];
	struct slice have = model_device_id(m, dev);
	struct delta d = { .kind = DELTA_DEVICE };

	snprintf(id, sizeof(id), "%.*s", SLICE_ARG(have));
	d.device = (struct delta_device){ .id = S(id), .site = S(site), .firmware = S(firmware),
		.lat = NAN, .lon = NAN, .source = MODEL_NONE };
	apply(m, &d);
}

static uint32_t member(struct model *m, const char *id, const char *network, const char *site,
	double temp, enum device_status st)
{
	uint32_t d = device(m, id, network, T0), s = series(m, d, "temp", "", SERIES_GAUGE);

	identity(m, d, site, "");
	if (temp == temp)
		sample(m, d, s, temp, T0 + 1000);
	status(m, d, st, T0 + 2000);
	return d;
}

static struct model *small(void)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20 });

	member(m, "a1", "io.net", "fra-2", 40, STATUS_UP);
	member(m, "a2", "io.net", "fra-2", 60, STATUS_DEGRADED);
	member(m, "a3", "io.net", "ams-1", 50, STATUS_UP);
	member(m, "b1", "filecoin", "fra-2", 30, STATUS_DOWN); /* its 30 is not current */
	member(m, "b2", "filecoin", "fra-2", 35, STATUS_UP);
	member(m, "b3", "filecoin", "", NAN, STATUS_UP);
	return m;
}

static struct query *make(struct query_spec s)
{
	struct err e = { 0 };
	size_t at;
	struct query *q;

	s.kind = kind_find("devices");
	q = query_new(&s, &at, &e);
	if (!q)
		fail_msg("by '%.*s': %s", SLICE_ARG(s.by), e.text);
	return q;
}

/* The rows of a finished query, one a line. */
static const char *rows(const struct query *q, const struct model *m)
{
	static char out[1 << 20];
	struct buf b;
	size_t n;

	buf_init(&b, sizeof(out));
	query_rows(q, &n);
	for (size_t i = 0; i < n; i++) {
		buf_adds(&b, i ? "\n" : "");
		assert_int_equal(query_row_json(q, m, i, NULL, &b), 0);
	}
	snprintf(out, sizeof(out), "%s", b.p);
	buf_fini(&b);
	return out;
}

static const char *groups(const struct model *m, struct query_spec s)
{
	struct query *q = make(s);
	const char *out;

	assert_int_equal(query_step(q, m, 0), 1);
	out = rows(q, m);
	query_free(q);
	return out;
}

static void rolls_up(void **state)
{
	struct model *m = small();

	assert_string_equal(groups(m, (struct query_spec){ .by = S("network"), .limit = 10 }),
		"{\"id\":\"filecoin\",\"network\":\"filecoin\",\"devices\":3,\"status\":\"down\","
		"\"up\":2,\"degraded\":0,\"stale\":0,\"down\":1,\"unknown\":0,"
		"\"health\":66.66666666666667,\"health_min\":0,"
		"\"last_seen\":\"2026-09-21T14:13:22.000Z\"}\n"
		"{\"id\":\"io.net\",\"network\":\"io.net\",\"devices\":3,\"status\":\"degraded\","
		"\"up\":2,\"degraded\":1,\"stale\":0,\"down\":0,\"unknown\":0,"
		"\"health\":86.66666666666667,\"health_min\":60,"
		"\"last_seen\":\"2026-09-21T14:13:22.000Z\"}");
	model_free(m);
}

static void several_columns_and_what_is_missing(void **state)
{
	struct model *m = small();

	assert_string_equal(groups(m, (struct query_spec){ .by = S("network, site"),
					      .sort = S("id"), .fields = S("id,site,devices"),
					      .limit = 10 }),
		"{\"id\":\"filecoin/(none)\",\"site\":null,\"devices\":1}\n"
		"{\"id\":\"filecoin/fra-2\",\"site\":\"fra-2\",\"devices\":2}\n"
		"{\"id\":\"io.net/ams-1\",\"site\":\"ams-1\",\"devices\":1}\n"
		"{\"id\":\"io.net/fra-2\",\"site\":\"fra-2\",\"devices\":2}");
	/* an enum goes by its rank where it is sorted, and stands for itself */
	assert_string_equal(groups(m, (struct query_spec){ .by = S("status"),
					      .sort = S("status:desc"),
					      .fields = S("status,devices"), .limit = 10 }),
		"{\"status\":\"down\",\"devices\":1}\n{\"status\":\"degraded\",\"devices\":1}\n"
		"{\"status\":\"up\",\"devices\":4}");
	model_free(m);
}

static void totals(void **state)
{
	struct model *m = small();

	assert_string_equal(
		groups(m, (struct query_spec){ .by = S("site"), .sort = S("avg(temp):desc"),
				  .fields = S("id,temp,sum(temp),min(temp),max(temp),count(temp),"
					      "sum(metrics_n),max(health)"),
				  .limit = 10 }),
		"{\"id\":\"ams-1\",\"temp\":50,\"sum(temp)\":50,\"min(temp)\":50,\"max(temp)\":50,"
		"\"count(temp)\":1,\"sum(metrics_n)\":1,\"max(health)\":100}\n"
		"{\"id\":\"fra-2\",\"temp\":45,\"sum(temp)\":135,\"min(temp)\":35,"
		"\"max(temp)\":60,\"count(temp)\":3,\"sum(metrics_n)\":4,\"max(health)\":100}\n"
		"{\"id\":\"(none)\",\"temp\":null,\"sum(temp)\":null,\"min(temp)\":null,"
		"\"max(temp)\":null,\"count(temp)\":0,\"sum(metrics_n)\":1,\"max(health)\":100}");
	model_free(m);
}

static void filter_names_window(void **state)
{
	struct model *m = small();
	struct query_spec s = { .by = S("network,site"), .filter = S("status=up"),
		.sort = S("id"), .fields = S("id,devices"), .offset = 1, .limit = 2 };
	struct query *q = make(s);

	assert_int_equal(query_step(q, m, 0), 1);
	assert_int_equal(query_matched(q), 4);
	assert_int_equal(query_total(q), 4);
	assert_string_equal(rows(q, m), "{\"id\":\"filecoin/fra-2\",\"devices\":1}\n"
		"{\"id\":\"io.net/ams-1\",\"devices\":1}");
	query_window(q, 3, 9);
	assert_int_equal(query_step(q, m, 0), 1);
	assert_string_equal(rows(q, m), "{\"id\":\"io.net/fra-2\",\"devices\":1}");
	query_free(q);

	s = (struct query_spec){ .by = S("network,site"), .names = S("io.net/fra-2,nowhere"),
		.fields = S("id"), .limit = 9 };
	assert_string_equal(groups(m, s), "{\"id\":\"io.net/fra-2\"}");
	model_free(m);
}

static void refusals(void **state)
{
	static const struct {
		const char *kind, *by, *sort, *fields, *says;
	} t[] = {
		{ "devices", "id", "", "", "none of network" },
		{ "devices", "temp", "", "", "none of network" },
		{ "devices", "network,,site", "", "", "none of network" },
		{ "devices", "network,site,kind,status", "", "", "more than 3" },
		{ "events", "type", "", "", "do not come in groups" },
		{ "devices", "site", "network", "", "only as one of its 'by'" },
		{ "devices", "site", "id:up", "", "up or down" },
		{ "devices", "site", "", "id,sum(network)", "only as one of its 'by'" },
		{ "devices", "site", "", "mean(temp)", "none of avg()" },
		{ "devices", "site", "", "sum()", "have no ''" },
		{ "devices", "site", "", "metrics", "only as one of its 'by'" },
	};

	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		struct query_spec s = { .kind = kind_find(t[i].kind), .by = S(t[i].by),
			.sort = S(t[i].sort), .fields = S(t[i].fields) };
		struct err e = { 0 };
		size_t at;

		assert_null(query_new(&s, &at, &e));
		if (!strstr(e.text, t[i].says))
			fail_msg("by %s sort %s fields %s: %s", t[i].by, t[i].sort, t[i].fields,
				e.text);
		assert_int_equal(at, SIZE_MAX);
	}
}

/* A run in slices sees texts come and go: their numbers are given to others meanwhile. */
static void in_slices_while_texts_change(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20 });
	struct query *q;
	char text[32];
	uint64_t devices = 0;
	size_t n;
	int slices = 0;

	for (int i = 0; i < 4000; i++) {
		snprintf(text, sizeof(text), "d%05d", i);
		device(m, text, "net", T0);
		identity(m, (uint32_t)i, i % 2 ? "odd" : "even", "");
	}
	q = make((struct query_spec){ .by = S("site"), .fields = S("id,devices"), .limit = 10000 });
	while (!query_step(q, m, 1)) {
		/* all that were even are now called anew: "even" is gone, its number is free */
		for (int i = 0; i < 4000 && slices % 16 == 0; i += 2) {
			snprintf(text, sizeof(text), "even%d", slices);
			identity(m, (uint32_t)i, text, "");
		}
		slices++;
	}
	assert_true(slices > 1);
	query_rows(q, &n);
	for (size_t i = 0; i < n; i++) {
		struct buf b;
		json_t *o;
		struct err e;

		buf_init(&b, 4096);
		query_row_json(q, m, i, NULL, &b);
		o = json_load(buf_slice(&b), &e);
		if (strcmp(json_str(o, "id", ""), "odd") == 0)
			assert_int_equal(json_i64(o, "devices", 0), 2000);
		else
			assert_memory_equal(json_str(o, "id", ""), "even", 4);
		devices += (uint64_t)json_i64(o, "devices", 0);
		json_decref(o);
		buf_fini(&b);
	}
	assert_int_equal(devices, 4000);
	query_free(q);
	model_free(m);
}

static void too_many_groups(void **state)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 8 << 20 });
	struct query *q;
	char text[32];
	size_t n;

	for (uint32_t i = 0; i < GROUPS_MAX + 4; i++) {
		snprintf(text, sizeof(text), "d%05u", i);
		device(m, text, "net", T0);
		identity(m, i, "", text);
	}
	q = make((struct query_spec){ .by = S("firmware"), .sort = S("devices:desc"),
		.fields = S("id,firmware,devices"), .limit = GROUPS_MAX });
	for (int twice = 0; twice < 2; twice++) {
		struct buf b;

		assert_int_equal(query_step(q, m, 0), 1);
		query_rows(q, &n);
		assert_int_equal(n, GROUPS_MAX);
		buf_init(&b, 4096);
		query_row_json(q, m, 0, NULL, &b);
		assert_string_equal(b.p, "{\"id\":\"(others)\",\"firmware\":null,\"devices\":5}");
		buf_fini(&b);
	}
	query_free(q);
	model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rolls_up),
		cmocka_unit_test(several_columns_and_what_is_missing),
		cmocka_unit_test(totals),
		cmocka_unit_test(filter_names_window),
		cmocka_unit_test(refusals),
		cmocka_unit_test(in_slices_while_texts_change),
		cmocka_unit_test(too_many_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
