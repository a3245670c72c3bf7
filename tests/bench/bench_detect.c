/*
 * What the AI engine costs: processor time of a row and memory of a series, for the core alone and
 * with the second tier, rows of many series in turn as a collector gets them.
 *   bench_detect [SERIES]
 * Processor time, so that other work on the machine counts little; the median of the rounds.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "detect/detect.h"
#include "tests/bench/kit.h"

#define SERIES	1000
#define ROWS	2000
#define ROUNDS	5
#define T0	((int64_t)1790000000000)
#define STEP_MS 60000

static uint64_t seed = 88172645463325252u;

static double noise(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) * 0x1p-52 - 1;
}

struct bench {
	size_t series;
	struct detect_core *core;
	struct detect_deep *deep; /* NULL: the core alone */
	double *values;		  /* of one row of each series */
	uint64_t alerts;
};

/* Half of them follow the day. */
static void make_row(struct bench *b, int64_t t_ms)
{
	double day = 8 * sin((double)(t_ms % 86400000) * (2 * M_PI / 86400000));

	for (size_t i = 0; i < b->series; i++)
		b->values[i] = 50 + (i & 1 ? day : 0) + noise();
}

static double run(struct bench *b)
{
	struct detect_verdict v;
	double spent = 0, before;

	for (size_t i = 0; i < b->series; i++) {
		detect_core_init(&b->core[i]);
		if (b->deep)
			detect_deep_init(&b->deep[i]);
	}
	for (int64_t row = 0; row < ROWS; row++) {
		int64_t t_ms = T0 + row * STEP_MS;

		make_row(b, t_ms);
		before = kit_cpu();
		for (size_t i = 0; i < b->series; i++) {
			detect_step(&b->core[i], b->deep ? &b->deep[i] : NULL, t_ms, b->values[i], &v);
			b->alerts += v.score >= DETECT_ALERT;
		}
		spent += kit_cpu() - before;
	}
	return spent / ROWS / (double)b->series * 1e9;
}

static void tell(struct bench *b, const char *name, size_t bytes)
{
	double ns[ROUNDS];

	b->alerts = 0;
	for (int i = 0; i < ROUNDS; i++)
		ns[i] = run(b);
	printf("%-22s %6.0f ns a row  %5zu bytes a series  %.1e alerts a row\n", name,
		kit_median(ns, ROUNDS), bytes, (double)b->alerts / ROUNDS / ROWS / (double)b->series);
}

int main(int argc, char **argv)
{
	struct bench b = { .series = argc > 1 ? strtoul(argv[1], NULL, 10) : SERIES };
	struct detect_deep *deep = xcalloc(b.series, sizeof(*deep));

	kit_begin("the AI engine");
	kit_pin(KIT_CORE_WORK);
	b.core = xcalloc(b.series, sizeof(*b.core));
	b.values = xcalloc(b.series, sizeof(*b.values));
	tell(&b, "core", sizeof(*b.core));
	b.deep = deep;
	tell(&b, "core and second tier", sizeof(*b.core) + sizeof(*deep));
	free(b.core);
	free(b.values);
	free(deep);
	return 0;
}
