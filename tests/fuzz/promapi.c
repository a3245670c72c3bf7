/* Prometheus answers from whatever JSON. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "wire/promapi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int on_series(void *arg, const struct promapi_series *s)
{
	struct buf b;

	if (!s->n || s->n > PROMAPI_POINTS_MAX)
		abort();
	buf_init(&b, 1 << 24);
	if (s->labels && promapi_labels_canonical(s->labels, "job", &b) < 0)
		abort();
	if (!utf8_valid(b.p, b.len) || memchr(b.p, '\n', b.len))
		abort();
	buf_fini(&b);
	return 0;
}

static int on_alert(void *arg, const struct promapi_alert *a)
{
	if (!a->name[0] || !a->severity || !a->summary)
		abort();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *v = json_load(slice_mem(data, n), NULL);
	struct promapi_stats st;
	struct err e = { 0 };

	if (!v)
		return 0;
	if (promapi_query(v, on_series, NULL, &st, &e) < 0 && !e.text[0])
		abort();
	promapi_alerts(v, on_alert, NULL, &st, &e);
	json_decref(v);
	return 0;
}
