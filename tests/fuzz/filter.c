/*
 * Filters, sorts and fields in anybody's words: refused with a place within the text, or run over
 * a small model without harm, whole and in slices with the same answer.  The input is up to
 * three lines: filter, sort, fields; its first byte chooses the kind.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void apply(struct model *m, struct delta d)
{
	model_apply(m, &d, NULL);
}

static void add_device(struct model *m, const char *id, enum device_status status, double cpu)
{
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = slice_of(id),
		.network = slice_of("net"), .site = slice_of("Oslo"), .lat = 1, .lon = NAN,
		.source = MODEL_NONE, .at_ms = 1000 } };
	struct delta s = { .kind = DELTA_SERIES, .series = { .name = slice_of("cpu"),
		.labels = slice_of("core=\"0\"") } };
	struct sample v = { 0, cpu };

	model_apply(m, &d, NULL);
	s.series.device = d.device.device;
	model_apply(m, &s, NULL);
	v.series = s.series.series;
	apply(m, (struct delta){ .kind = DELTA_SAMPLES, .samples = { .v = &v, .n = 1,
		.device = d.device.device, .at_ms = 2000 } });
	apply(m, (struct delta){ .kind = DELTA_STATUS, .status = { .device = d.device.device,
		.status = status, .at_ms = 3000 } });
}

static struct model *world(void)
{
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });

	add_device(m, "a-1", STATUS_UP, 5);
	add_device(m, "b\xff\x1b[0m", STATUS_DOWN, 90);
	add_device(m, "c(3)", STATUS_DEGRADED, NAN);
	apply(m, (struct delta){ .kind = DELTA_SOURCE, .source = { .name = slice_of("s") } });
	apply(m, (struct delta){ .kind = DELTA_LEDGER, .ledger = { .name = slice_of("l") } });
	apply(m, (struct delta){ .kind = DELTA_BLOCK, .block = { .number = 7, .at_ms = 5000 } });
	apply(m, (struct delta){ .kind = DELTA_LOG, .log = { .block = 7, .topics_n = 2 } });
	for (int i = 0; i < 3; i++)
		apply(m, (struct delta){ .kind = DELTA_EVENT, .event = { .at_ms = 1000 * i,
			.type = slice_of("t"), .data = slice_of("{\"a\":[1]}"), .severity = i * 9 } });
	apply(m, (struct delta){ .kind = DELTA_TICK, .tick.now_ms = 9000 });
	return m;
}

static struct slice line(struct slice *s)
{
	const char *end = s->n ? memchr(s->p, '\n', s->n) : NULL;
	struct slice l = { s->p, end ? (size_t)(end - s->p) : s->n };

	*s = end ? slice_mem(end + 1, s->n - l.n - 1) : slice_mem(s->p, 0);
	return l;
}

static void print(const struct model *m, const struct query_spec *q, struct fields *f,
	const uint64_t *rows, size_t n)
{
	struct buf b;
	struct err e;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		json_t *j;

		buf_reset(&b);
		row_json(m, q->kind, rows[i], f, &b);
		j = json_load(buf_slice(&b), &e);
		if (!b.full && !j && !strstr(e.text, "duplicate"))
			abort();
		json_decref(j);
	}
	buf_fini(&b);
}

static void run(const struct model *m, const struct query_spec *spec, struct fields *f)
{
	size_t at = 0, n, k;
	struct query *a = query_new(spec, &at, NULL), *b;
	const uint64_t *x, *y;

	if (!a) {
		if (at > spec->filter.n && at > spec->sort.n)
			abort();
		return;
	}
	b = query_new(spec, &at, NULL);
	query_step(a, m, 0);
	while (!query_step(b, m, 1))
		;
	x = query_rows(a, &n);
	y = query_rows(b, &k);
	if (n != k || (n && memcmp(x, y, n * sizeof(*x)) != 0))
		abort();
	if (query_matched(a) > query_total(a))
		abort();
	if (f)
		print(m, spec, f, x, n);
	query_free(a);
	query_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct model *m;
	const struct kind *const *k = kinds();
	struct slice in = { (const char *)data + 1, n - 1 };
	struct query_spec q = { .limit = 100 };
	struct fields *f;
	size_t at, kinds_n = 0;
	struct slice names;

	if (!m)
		m = world();
	if (!n)
		return 0;
	while (k[kinds_n])
		kinds_n++;
	q.kind = k[data[0] % kinds_n];
	q.filter = line(&in);
	q.sort = line(&in);
	names = line(&in);
	f = fields_new(q.kind, names, &at, NULL);
	if (!f && at > names.n)
		abort();
	run(m, &q, f);
	fields_free(f);
	return 0;
}
