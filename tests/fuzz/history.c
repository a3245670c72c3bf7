/* Whatever a series says and whenever, its history says the same again, bit for bit. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define RECORD 6
#define SAMPLES_MAX 4096
#define T0 ((int64_t)1790000000000)

struct said {
	int64_t at_ms;
	double v;
};

/* Six bytes: how the value is made, three of it, two of the time. */
static void read_record(const uint8_t *p, struct said *s, double last)
{
	int32_t i = (int32_t)((uint32_t)p[1] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 8) >> 8;
	uint64_t u = (uint64_t)p[1] << 56 | (uint64_t)p[2] << 48 | (uint64_t)p[3] << p[0] % 48;
	static const int64_t step[] = { 0, 1, 1000, 100000000 };

	switch (p[0] >> 5) {
	case 0:
		memcpy(&s->v, &u, 8);
		break;
	case 1:
		s->v = last + i / 100.0;
		break;
	case 2:
		s->v = NAN;
		break;
	default:
		s->v = i / pow(10, p[0] & 7);
	}
	s->at_ms += (p[4] & 0x3f) * step[p[4] >> 6] + p[5];
}

static void check(const struct model *m, const struct said *s, size_t n)
{
	static struct point out[2 * SAMPLES_MAX];
	size_t got = model_history(m, 0, 0, INT64_MAX, out, 2 * SAMPLES_MAX), k = 0;

	for (size_t i = 0; i < n; i++) {
		if (isnan(s[i].v))
			continue;
		while (k < got && !out[k].n)
			k++;
		if (k == got || out[k].at_ms != s[i].at_ms || memcmp(&out[k].last, &s[i].v, 8) != 0)
			abort();
		k++;
	}
	if (k != got)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct said said[SAMPLES_MAX];
	struct model *m = model_new(&(struct model_spec){ .memory = 1 << 20 });
	struct delta d = { .kind = DELTA_DEVICE, .device = { .id = slice_of("d"),
		.source = MODEL_NONE } };
	struct delta s = { .kind = DELTA_SERIES, .series = { .name = slice_of("x"),
		.type = n && data[0] & 1 ? SERIES_COUNTER : SERIES_GAUGE } };
	struct said now = { T0, 0 };
	size_t k = 0;

	model_apply(m, &d, NULL);
	model_apply(m, &s, NULL);
	for (size_t i = 1; i + RECORD <= n && k < SAMPLES_MAX; i += RECORD) {
		struct sample one = { 0, 0 };
		struct delta v = { .kind = DELTA_SAMPLES, .samples = { .v = &one, .n = 1 } };

		read_record(data + i, &now, isnan(now.v) ? 0 : now.v);
		one.value = now.v;
		v.samples.at_ms = now.at_ms;
		model_apply(m, &v, NULL);
		said[k++] = now;
	}
	check(m, said, k);
	model_free(m);
	return 0;
}
