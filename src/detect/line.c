#include "detect/line.h"

#include <math.h>

#include "base/num.h"
#include "detect/detect.h"

static struct slice field(struct slice *line)
{
	const char *comma = line->n ? memchr(line->p, ',', line->n) : NULL;
	size_t n = comma ? (size_t)(comma - line->p) : line->n, used = n + (comma != NULL);
	struct slice f = { line->p, n };

	line->p = used ? line->p + used : line->p;
	line->n -= used;
	return f;
}

static bool is_edge(char c)
{
	return c == ' ' || c == '\t' || c == '"';
}

static struct slice bare(struct slice s)
{
	while (s.n && is_edge(s.p[s.n - 1]))
		s.n--;
	for (; s.n && is_edge(*s.p); s.n--)
		s.p++;
	return s;
}

/* "2014-07-01 00:30:00", "2014-07-01T00:30:00.5Z" */
static int read_date(struct slice s, int64_t *ms)
{
	char text[40];
	size_t n = s.n;

	if (n < sizeof("2014-07-01 00:30:00") - 1 || n > sizeof(text) - 2)
		return -1;
	memcpy(text, s.p, n);
	if (text[10] == ' ')
		text[10] = 'T';
	if (!memchr("Zz", text[n - 1], 2) && text[n - 6] != '+' && text[n - 6] != '-')
		text[n++] = 'Z';
	return num_rfc3339_ms(slice_mem(text, n), ms);
}

/* Seconds until the year 5138, then milliseconds, microseconds, nanoseconds. */
static int read_unix(struct slice s, int64_t *ms)
{
	double v, scale = 1000;

	if (num_f64(s, &v) < 0 || !(fabs(v) < 1e20))
		return -1;
	for (double limit = 1e11; fabs(v) >= limit; limit *= 1000)
		scale /= 1000;
	*ms = (int64_t)floor(v * scale);
	return 0;
}

void series_line_read(struct slice line, struct series_line *out)
{
	struct slice value;

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	*out = (struct series_line){ .t_ms = DETECT_NO_TIME, .value = NAN };
	out->timestamp = field(&line);
	out->text = field(&line);
	if (read_date(bare(out->timestamp), &out->t_ms) < 0 &&
		read_unix(bare(out->timestamp), &out->t_ms) < 0)
		out->t_ms = DETECT_NO_TIME;
	value = bare(out->text);
	if (num_f64(value, &out->value) < 0) {
		out->value = NAN;
		out->named = value.n > 0;
	}
}
