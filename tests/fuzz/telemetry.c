/* Data of our events. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/telemetry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define CHECK(x)                 \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

static struct tele_value all[TELE_METRICS_MAX], few[3];

/* A small array takes the first of what a large one does, and counts the rest. */
static void check_telemetry(struct slice s)
{
	struct telemetry t, u;
	struct err e;

	if (telemetry_decode(s, all, TELE_METRICS_MAX, &t, &e) < 0)
		return;
	CHECK(telemetry_decode(s, few, 3, &u, &e) == 0);
	CHECK(t.n <= TELE_METRICS_MAX && u.n == (t.n < 3 ? t.n : 3) && t.n + t.bad == u.n + u.bad);
	CHECK(t.has_time == u.has_time && t.time_ms == u.time_ms);
	for (size_t i = 0; i < t.n; i++) {
		CHECK(all[i].name.n >= 1 && all[i].name.n <= TELE_NAME_MAX && !isinf(all[i].value));
		CHECK(i >= u.n || slice_eq(all[i].name, few[i].name));
	}
}

static void check_birth(struct slice s, struct buf *scratch)
{
	struct tele_metric m;
	struct tele_birth birth;
	struct buf more;
	struct err e;
	size_t seen = 0;

	if (tele_birth_decode(s, scratch, &birth, &e) < 0)
		return;
	CHECK(isnan(birth.lat) == isnan(birth.lon));
	CHECK(isnan(birth.lat) || (fabs(birth.lat) <= 90 && fabs(birth.lon) <= 180));
	CHECK(scratch->len <= s.n);
	buf_init(&more, 1 << 24);
	while (tele_birth_metric(&birth.metrics, &more, &m))
		CHECK(++seen <= s.n);
	buf_fini(&more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n ? n : 1);
	struct slice s = { copy, n };
	struct tele_note note;
	struct buf scratch;
	struct err e;

	if (n)
		memcpy(copy, data, n);
	buf_init(&scratch, 1 << 24);
	check_telemetry(s);
	check_birth(s, &scratch);
	tele_note_decode(s, &scratch, &note, &e);
	buf_reset(&scratch);
	CHECK(tele_message(s, &scratch) == 0);
	CHECK(scratch.len <= 240);
	tele_kind(s);
	buf_fini(&scratch);
	free(copy);
	return 0;
}
