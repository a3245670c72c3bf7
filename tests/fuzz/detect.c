/* A series as text: whatever comes, a score is between 0 and 1 and says by which terms. */
#include <stdint.h>
#include <stdlib.h>

#include "detect/detect.h"
#include "detect/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct detect_verdict *v)
{
	if (!(v->score >= 0 && v->score <= 1) || !(v->surprise >= 0) || v->n > DETECT_TERMS_MAX)
		abort();
	if (v->begins != (v->score >= DETECT_BEGINS) || (v->surprise > 0) != (v->n > 0))
		abort();
	for (int i = 0; i < v->n; i++)
		if (v->terms[i].feature >= DETECT_FEATURES || !(v->terms[i].part > 0))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct detect_core core, bare;
	struct detect_deep deep;
	struct detect_verdict v;
	struct slice rest = { (const char *)data, n };

	detect_core_init(&core);
	detect_core_init(&bare);
	detect_deep_init(&deep);
	while (rest.n) {
		const char *nl = memchr(rest.p, '\n', rest.n);
		size_t len = nl ? (size_t)(nl - rest.p) : rest.n;
		struct series_line l;

		series_line_read(slice_mem(rest.p, len), &l);
		detect_step(&core, &deep, l.t_ms, l.value, &v);
		check(&v);
		detect_step(&bare, NULL, l.t_ms, l.value, &v);
		check(&v);
		rest = slice_mem(rest.p + len + (nl != NULL), rest.n - len - (nl != NULL));
	}
	return 0;
}
