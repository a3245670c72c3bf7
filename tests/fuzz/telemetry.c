/* Data of our events: a shape made of an event fits that event and changes nothing else. */
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

static struct tele_value a[TELE_METRICS_MAX], b[TELE_METRICS_MAX];

static void check_shape(struct slice s)
{
	struct telemetry t, u;
	struct tele_shape *shape;
	struct err e;

	if (telemetry_decode(s, NULL, a, TELE_METRICS_MAX, &t, &e) < 0)
		return;
	CHECK(t.n <= TELE_METRICS_MAX && !t.same_shape);
	shape = tele_shape_new(a, t.n);
	CHECK(telemetry_decode(s, shape, b, TELE_METRICS_MAX, &u, &e) == 0);
	CHECK(t.n == u.n && t.bad == u.bad && t.has_time == u.has_time && t.time_ms == u.time_ms);
	for (size_t i = 0; i < t.n; i++) {
		CHECK(a[i].name.n >= 1 && a[i].name.n <= TELE_NAME_MAX);
		CHECK(slice_eq(a[i].name, b[i].name) && slice_eq(a[i].text, b[i].text));
		CHECK(!isinf(a[i].value));
		CHECK(a[i].value == b[i].value || (isnan(a[i].value) && isnan(b[i].value)));
	}
	CHECK(u.bad > 1 || (u.bad == 1 && !u.has_time) || u.same_shape || !t.n || u.bad);
	free(shape);
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
	check_shape(s);
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
