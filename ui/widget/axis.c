#include "ui/widget/axis.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/num.h"

double axis_step(double lo, double hi, int most)
{
	static const double nice[] = { 1, 2, 5, 10 };
	double raw, p;

	if (!(hi > lo) || most < 1)
		return 1;
	raw = (hi - lo) / most;
	p = pow(10, floor(log10(raw)));
	for (size_t i = 0; i < ARRAY_LEN(nice); i++)
		if (nice[i] * p >= raw)
			return nice[i] * p;
	return 10 * p;
}

void axis_number(char *out, size_t n, double v, double step)
{
	int decimals = step >= 1 || !(step > 0) ? 0 : (int)ceil(-log10(step) - 1e-9);
	struct buf b;

	if (fabs(v) < 10000 && decimals <= 4) {
		snprintf(out, n, "%.*f", decimals, fabs(v) < step * 1e-6 ? 0.0 : v);
		return;
	}
	buf_init(&b, 64);
	buf_addsi(&b, v, "");
	snprintf(out, n, "%s", b.p);
	buf_fini(&b);
}

int64_t axis_time_step(int64_t span_ms, int most)
{
	static const int64_t s[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
		10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000 };

	for (size_t i = 0; i < ARRAY_LEN(s); i++)
		if (most > 0 && span_ms / (s[i] * 1000) <= most)
			return s[i] * 1000;
	return s[ARRAY_LEN(s) - 1] * 1000;
}

void axis_time(char *out, size_t n, int64_t t_ms, int64_t step_ms)
{
	time_t t = (time_t)(t_ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	if (step_ms >= 86400000)
		strftime(out, n, "%d %b", &tm);
	else
		strftime(out, n, step_ms < 60000 ? "%H:%M:%S" : "%H:%M", &tm);
}
