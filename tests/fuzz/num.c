/* Numbers and times: num_f64() says what the C library says; what is printed reads back. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0 || (isnan(a) && isnan(b));
}

static void check_print(double v)
{
	struct buf b;
	double back;

	buf_init(&b, 4096);
	if (buf_addf64(&b, v) < 0 || num_f64(buf_slice(&b), &back) < 0 || !same(v, back))
		abort();
	buf_reset(&b);
	buf_addsi(&b, v, "W");
	buf_fini(&b);
}

static void check_f64(const char *s, size_t n)
{
	double v;
	char *end;

	if (num_f64(slice_mem(s, n), &v) < 0)
		return;
	if (!same(v, strtod(s, &end)) || end != s + n)
		abort();
	check_print(v);
}

static void check_time(const char *s, size_t n)
{
	int64_t ms, back;
	struct buf b;

	if (num_rfc3339_ms(slice_mem(s, n), &ms) < 0)
		return;
	buf_init(&b, 64);
	buf_addtime(&b, ms);
	if (num_rfc3339_ms(buf_slice(&b), &back) < 0)
		abort();
	/* an offset may move the first and the last year beyond what can be written */
	if (back != ms && ms > -62167132800000 && ms < 253402214400000)
		abort();
	buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *s = malloc(n + 1);
	uint64_t u;
	int64_t i;
	double d;

	memcpy(s, data, n);
	s[n] = '\0';
	check_f64(s, n);
	check_time(s, n);
	num_u64(slice_mem(s, n), &u);
	num_i64(slice_mem(s, n), &i);
	num_hex_u64(slice_mem(s, n), &u);
	num_with_unit(slice_mem(s, n), &d);
	if (num_size(s, &u, NULL) == 0 && u > INT64_MAX)
		abort();
	if (num_duration_ms(s, &i, NULL) == 0 && i < 0)
		abort();
	num_moment_ms(s, 1795341131042, &i, NULL);
	if (n == sizeof(d)) {
		memcpy(&d, data, sizeof(d));
		check_print(d);
	}
	free(s);
	return 0;
}
