#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/num.h"

struct unit {
	const char *name;
	double factor;
};

static const struct unit size_units[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "k", 1e3 },
	{ "kB", 1e3 },
	{ "M", 1e6 },
	{ "MB", 1e6 },
	{ "G", 1e9 },
	{ "GB", 1e9 },
	{ "T", 1e12 },
	{ "TB", 1e12 },
	{ "P", 1e15 },
	{ "PB", 1e15 },
	{ "Ki", 1024.0 },
	{ "KiB", 1024.0 },
	{ "Mi", 1048576.0 },
	{ "MiB", 1048576.0 },
	{ "Gi", 0x1p30 },
	{ "GiB", 0x1p30 },
	{ "Ti", 0x1p40 },
	{ "TiB", 0x1p40 },
	{ "Pi", 0x1p50 },
	{ "PiB", 0x1p50 },
};

static const struct unit time_units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "m", 60000 },
	{ "min", 60000 },
	{ "h", 3600000 },
	{ "d", 86400000 },
	{ "w", 604800000 },
};

/* Bytes at the front that form an unsigned decimal number. */
static size_t number_run(struct slice s, bool exponent)
{
	size_t i = 0, e;

	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.'))
		i++;
	if (!exponent || i == 0 || i == s.n || (s.p[i] | 0x20) != 'e')
		return i;
	e = i + 1;
	if (e < s.n && (s.p[e] == '+' || s.p[e] == '-'))
		e++;
	if (e == s.n || s.p[e] < '0' || s.p[e] > '9')
		return i;
	while (e < s.n && s.p[e] >= '0' && s.p[e] <= '9')
		e++;
	return e;
}

static const struct unit *find_unit(const struct unit *t, size_t n, struct slice name, bool fold)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(t[i].name) == name.n &&
			(fold ? strncasecmp(t[i].name, name.p, name.n) == 0
			      : memcmp(t[i].name, name.p, name.n) == 0))
			return &t[i];
	return NULL;
}

int num_size(const char *s, uint64_t *bytes, struct err *e)
{
	struct slice all = slice_of(s), rest;
	size_t n = number_run(all, false);
	const struct unit *u;
	double v;

	rest = slice_mem(all.p + n, all.n - n);
	u = find_unit(size_units, ARRAY_LEN(size_units), rest, true);
	if (!u || num_f64(slice_mem(s, n), &v) < 0)
		return err_set(
			e, ERR_USAGE, "\"%.40s\" is not a size; write it like 512, 64MiB, 2GB", s);
	v *= u->factor;
	if (v >= 0x1p63)
		return err_set(e, ERR_USAGE, "\"%.40s\" is too large a size", s);
	if (u->factor == 1 && num_u64(slice_mem(s, n), bytes) == 0)
		return 0;
	*bytes = (uint64_t)v;
	return 0;
}

/* "1h30m": parts, each with its unit. */
static int parse_span(struct slice s, double *ms)
{
	double total = 0, v;

	if (!s.n)
		return -1;
	while (s.n) {
		size_t n = number_run(s, false), k = n;
		const struct unit *u;

		while (k < s.n && s.p[k] >= 'a' && s.p[k] <= 'z')
			k++;
		u = find_unit(time_units, ARRAY_LEN(time_units), slice_mem(s.p + n, k - n), false);
		if (!u || num_f64(slice_mem(s.p, n), &v) < 0)
			return -1;
		total += v * u->factor;
		s = slice_mem(s.p + k, s.n - k);
	}
	*ms = total;
	return 0;
}

int num_duration_ms(const char *s, int64_t *ms, struct err *e)
{
	double v = 0;

	if (strcmp(s, "0") != 0 && parse_span(slice_of(s), &v) < 0)
		return err_set(e, ERR_USAGE,
			"\"%.40s\" is not a duration; write it like 250ms, 30s, 5m, 1h30m", s);
	if (v > 100.0 * 366 * 86400000)
		return err_set(e, ERR_USAGE, "\"%.40s\" is too long a duration", s);
	*ms = (int64_t)llround(v);
	return 0;
}

int num_with_unit(struct slice s, double *out)
{
	bool neg = s.n && s.p[0] == '-';
	struct slice num, rest;
	const struct unit *u;
	double v;
	size_t n;

	if (neg)
		s = slice_mem(s.p + 1, s.n - 1);
	n = number_run(s, true);
	num = slice_mem(s.p, n);
	rest = slice_mem(s.p + n, s.n - n);
	if (num_f64(num, &v) < 0)
		return -1;
	u = find_unit(size_units, ARRAY_LEN(size_units), rest, false);
	if (u)
		v *= u->factor;
	else if (!slice_is(rest, "%")) {
		if (parse_span(s, &v) < 0)
			return -1;
		v /= 1000;
	}
	*out = neg ? -v : v;
	return 0;
}
