#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/num.h"

/* Years 0000 to 9999: all that RFC 3339 can write. */
#define WALL_MIN_MS (-62167219200000)
#define WALL_MAX_MS 253402300799999

/* Days since 1970-01-01 of a day in the proleptic Gregorian calendar; years start in March,
 * so that the leap day comes last. */
static int64_t days_of(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void date_of(int64_t days, int *y, int *m, int *d)
{
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

static char *put2(char *p, int v)
{
	p[0] = (char)('0' + v / 10);
	p[1] = (char)('0' + v % 10);
	return p + 2;
}

int buf_addtime(struct buf *b, int64_t ms)
{
	char s[24], *p = s;
	int64_t days, rest;
	int y, m, d;

	ms = ms < WALL_MIN_MS ? WALL_MIN_MS : ms > WALL_MAX_MS ? WALL_MAX_MS : ms;
	days = (ms >= 0 ? ms : ms - 86399999) / 86400000;
	rest = ms - days * 86400000;
	date_of(days, &y, &m, &d);
	p = put2(put2(p, y / 100), y % 100);
	*p++ = '-';
	p = put2(p, m);
	*p++ = '-';
	p = put2(p, d);
	*p++ = 'T';
	p = put2(p, (int)(rest / 3600000));
	*p++ = ':';
	p = put2(p, (int)(rest / 60000 % 60));
	*p++ = ':';
	p = put2(p, (int)(rest / 1000 % 60));
	*p++ = '.';
	*p++ = (char)('0' + rest / 100 % 10);
	p = put2(p, (int)(rest % 100));
	*p++ = 'Z';
	return buf_add(b, s, (size_t)(p - s));
}

/* n digits at *s, consumed; -1 when they are not digits. */
static int take(struct slice *s, size_t n)
{
	int v = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = slice_mem(s->p + n, s->n - n);
	return v;
}

static bool skip(struct slice *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = slice_mem(s->p + 1, s->n - 1);
	return true;
}

static int month_days(int y, int m)
{
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m == 2 ? 28 + leap : 30 + ((m + (m > 7)) & 1);
}

static int take_date(struct slice *s, int *y, int *m, int *d)
{
	*y = take(s, 4);
	if (*y < 0 || !skip(s, '-'))
		return -1;
	*m = take(s, 2);
	if (*m < 1 || *m > 12 || !skip(s, '-'))
		return -1;
	*d = take(s, 2);
	return *d < 1 || *d > month_days(*y, *m) ? -1 : 0;
}

/* HH:MM[:SS[.fff]] -> milliseconds of the day; a leap second is the next one. */
static int take_clock(struct slice *s, bool seconds, int64_t *ms)
{
	int h = take(s, 2), m, sec = 0;
	int64_t frac = 0, scale = 100;

	if (h < 0 || h > 23 || !skip(s, ':'))
		return -1;
	m = take(s, 2);
	if (m < 0 || m > 59)
		return -1;
	if (seconds || (s->n && s->p[0] == ':')) {
		if (!skip(s, ':') || (sec = take(s, 2)) < 0 || sec > 60)
			return -1;
		if (skip(s, '.')) {
			if (!s->n || s->p[0] < '0' || s->p[0] > '9')
				return -1;
			for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; scale /= 10)
				frac += take(s, 1) * scale;
		}
	}
	*ms = ((h * 60 + m) * 60 + sec) * (int64_t)1000 + frac;
	return 0;
}

static int take_offset(struct slice *s, int64_t *ms)
{
	int sign, h, m;

	if (skip(s, 'Z') || skip(s, 'z')) {
		*ms = 0;
		return 0;
	}
	sign = skip(s, '+') ? 1 : skip(s, '-') ? -1 : 0;
	h = take(s, 2);
	if (!sign || h < 0 || h > 23 || !skip(s, ':'))
		return -1;
	m = take(s, 2);
	*ms = sign * (h * 60 + m) * (int64_t)60000;
	return m < 0 || m > 59 ? -1 : 0;
}

int num_rfc3339_ms(struct slice s, int64_t *unix_ms)
{
	int64_t clock, offset;
	int y, m, d;

	if (take_date(&s, &y, &m, &d) < 0 || (!skip(&s, 'T') && !skip(&s, 't') && !skip(&s, ' ')) ||
		take_clock(&s, true, &clock) < 0 || take_offset(&s, &offset) < 0 || s.n)
		return -1;
	*unix_ms = days_of(y, m, d) * 86400000 + clock - offset;
	return 0;
}

/* Local midnight of the day `now` is in, moved by whole days. */
static int64_t local_day_ms(int64_t now_ms, int days)
{
	time_t t = (time_t)(now_ms / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_mday += days;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000;
}

static int local_clock(struct slice s, int64_t now_ms, int64_t *out)
{
	time_t t = (time_t)(now_ms / 1000);
	int64_t ms;
	struct tm tm;

	if (take_clock(&s, false, &ms) < 0 || s.n)
		return -1;
	localtime_r(&t, &tm);
	tm.tm_hour = (int)(ms / 3600000);
	tm.tm_min = (int)(ms / 60000 % 60);
	tm.tm_sec = (int)(ms / 1000 % 60);
	tm.tm_isdst = -1;
	*out = (int64_t)mktime(&tm) * 1000 + ms % 1000;
	return 0;
}

static int local_date(struct slice s, int64_t *out)
{
	struct tm tm = { .tm_isdst = -1 };

	if (take_date(&s, &tm.tm_year, &tm.tm_mon, &tm.tm_mday) < 0 || s.n)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*out = (int64_t)mktime(&tm) * 1000;
	return 0;
}

int num_moment_ms(const char *text, int64_t now_ms, int64_t *out, struct err *e)
{
	struct slice s = slice_of(text);
	int64_t ago;
	uint64_t sec;

	if (slice_is(s, "now"))
		*out = now_ms;
	else if (slice_is(s, "today"))
		*out = local_day_ms(now_ms, 0);
	else if (slice_is(s, "yesterday"))
		*out = local_day_ms(now_ms, -1);
	else if (num_u64(s, &sec) == 0 && sec <= WALL_MAX_MS / 1000)
		*out = (int64_t)sec * 1000;
	else if (num_rfc3339_ms(s, out) < 0 && local_clock(s, now_ms, out) < 0 &&
		 local_date(s, out) < 0) {
		if (num_duration_ms(text, &ago, NULL) < 0)
			return err_set(e, ERR_USAGE,
				"\"%.40s\" is not a time; write it like 15m (ago), 14:30, "
				"today, 2026-11-22, 2026-11-22T09:52:11Z or Unix seconds",
				text);
		*out = now_ms - ago;
	}
	return 0;
}
