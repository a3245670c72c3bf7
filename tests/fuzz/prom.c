/*
 * Metric pages.  First byte: how to feed.  However the page is cut, the same samples come out; a
 * page seen twice gives the same values by its memory as by its labels.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/prom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define CHECK(x)                 \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

struct sink {
	struct buf all, values; /* everything of new series; what every sample has */
	uint32_t next;
	bool forgetful;
};

static void put_series(struct sink *k, const struct prom_sample *s)
{
	struct buf labels;

	buf_init(&labels, 1 << 20);
	CHECK(s->nlabels <= PROM_LABELS_MAX && s->name.n);
	CHECK(prom_labels_canonical(s, slice_of("device"), &labels) == 0);
	CHECK(utf8_valid(s->name.p, s->name.n) && utf8_valid(labels.p, labels.len));
	buf_addf(&k->all, "%.*s{%s}%d", SLICE_ARG(s->name), labels.p, s->family->type);
	buf_reset(&labels);
	if (prom_label_value(s, slice_of("device"), &labels))
		buf_addslice(&k->all, buf_slice(&labels));
	buf_fini(&labels);
}

static uint32_t on_sample(void *arg, const struct prom_sample *s)
{
	struct sink *k = arg;
	bool new = s->handle == PROM_NONE;

	if (new)
		put_series(k, s);
	buf_addf(&k->values, "%.17g %d %lld\n", isnan(s->value) ? NAN : s->value, s->has_time,
		s->has_time ? (long long)s->at_ms : 0);
	if (!new)
		return s->handle;
	return k->forgetful && k->next % 3 == 2 ? PROM_NONE : k->next++;
}

static struct prom_stats feed(struct prom *p, struct prom_spec spec, struct sink *k,
	struct slice page, size_t step)
{
	spec.fn = on_sample;
	spec.arg = k;
	buf_reset(&k->all);
	buf_reset(&k->values);
	prom_begin(p, &spec);
	for (size_t i = 0; i < page.n; i += step) {
		size_t len = page.n - i < step ? page.n - i : step;
		char *chunk = malloc(len); /* its borders are guarded */

		memcpy(chunk, page.p + i, len);
		prom_feed(p, slice_mem(chunk, len));
		free(chunk);
	}
	prom_finish(p, true, NULL);
	return *prom_stats(p);
}

static void same_stats(struct prom_stats a, struct prom_stats b)
{
	CHECK(a.lines == b.lines && a.samples == b.samples && a.bad == b.bad);
	CHECK(a.filtered == b.filtered && a.bad_line == b.bad_line);
	CHECK(strcmp(a.bad_why, b.bad_why) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const families[] = { "a*", "node_?", "up", NULL };
	struct sink one = { .next = 0 }, two = { .next = 0 };
	struct prom_page *g = prom_page_new();
	struct prom *p = prom_new();
	struct prom_stats s;
	struct slice page;
	struct prom_spec spec = { 0 };

	if (n == 0)
		goto out;
	spec.openmetrics = data[0] & 1;
	spec.families = data[0] & 2 ? families : NULL;
	page = slice_mem(data + 1, n - 1);
	buf_init(&one.all, 1 << 26);
	buf_init(&one.values, 1 << 26);
	buf_init(&two.all, 1 << 26);
	buf_init(&two.values, 1 << 26);
	s = feed(p, spec, &one, page, page.n + 1);
	for (size_t step = 1 + (data[0] >> 4) + n / 256; step < n; step = step * 7 + 1) {
		same_stats(s, feed(p, spec, &two, page, step));
		CHECK(slice_eq(buf_slice(&one.all), buf_slice(&two.all)));
		CHECK(slice_eq(buf_slice(&one.values), buf_slice(&two.values)));
	}
	spec.page = g;
	two.forgetful = data[0] & 4;
	for (int round = 0; round < 3; round++) {
		struct prom_stats t = feed(p, spec, &two, page, page.n + 1);

		same_stats(s, t);
		CHECK(slice_eq(buf_slice(&one.values), buf_slice(&two.values)));
		CHECK(!round || two.forgetful || t.known == t.samples);
		if (data[0] & 8) /* another page between them: the first half of it */
			feed(p, spec, &two, slice_mem(page.p, page.n / 2), 64);
		if (data[0] & 8)
			feed(p, spec, &two, page, 64);
	}
	buf_fini(&one.all);
	buf_fini(&one.values);
	buf_fini(&two.all);
	buf_fini(&two.values);
out:
	prom_page_free(g);
	prom_free(p);
	return 0;
}
