#include "model/trend.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/num.h"
#include "model/states.h"

#define KEPT	 512 /* a window of rows and then some */
#define SPAN_MIN 16000
#define SPAN_MAX ((int64_t)7 * 86400000)

static int span_read(struct trend *t, struct slice text, struct err *e)
{
	char *s = xmemdup0(text.p, text.n);
	int rc = num_duration_ms(s, &t->span_ms, e);

	free(s);
	if (rc < 0 || (t->span_ms >= SPAN_MIN && t->span_ms <= SPAN_MAX))
		return rc;
	return err_set(e, ERR_USAGE, "trend: a span is 16s to 7d");
}

/* "temp", "temp 2h": labels may hold blanks of their own. */
static int inner_read(struct trend *t, struct slice in, struct err *e)
{
	size_t n;

	while (in.n && in.p[in.n - 1] == ' ')
		in.n--;
	n = in.n;
	while (n && in.p[n - 1] != ' ' && in.p[n - 1] != '}')
		n--;
	if (!n || in.p[n - 1] == '}')
		n = in.n;
	else if (span_read(t, slice_mem(in.p + n, in.n - n), e) < 0)
		return -1;
	while (n && in.p[n - 1] == ' ')
		n--;
	t->of_status = slice_is(slice_mem(in.p, n), "status");
	if (t->of_status && n == in.n)
		t->span_ms = STATES_MS;
	if (metric_init(&t->metric, slice_mem(in.p, n)) < 0)
		return err_set(e, ERR_USAGE, "trend: of which metric?  trend(temp), trend(temp 2h)");
	return 1;
}

int trend_init(struct trend *t, struct slice name, struct err *e)
{
	static const char open[] = "trend(";
	size_t n = sizeof(open) - 1;

	*t = (struct trend){ .span_ms = TREND_MS };
	if (name.n <= n || memcmp(name.p, open, n) != 0 || name.p[name.n - 1] != ')')
		return 0;
	return inner_read(t, slice_mem(name.p + n, name.n - n - 1), e);
}

void trend_fini(struct trend *t)
{
	metric_fini(&t->metric);
	free(t->kept);
	t->kept = NULL;
}

static struct history_slots *kept_of(struct trend *t, uint32_t series)
{
	if (!t->kept)
		t->kept = xcalloc(KEPT, sizeof(*t->kept));
	return &t->kept[hash_mix(series, 0) % KEPT];
}

static void number(double v, struct jw *w)
{
	char text[40];

	if (!isfinite(v)) {
		jw_null(w);
		return;
	}
	/* a mean is no truer for more digits */
	snprintf(text, sizeof(text), "%.6g", v);
	jw_raw(w, slice_of(text));
}

void trend_json(struct trend *t, const struct model *m, uint32_t device, struct jw *w)
{
	int64_t width = t->span_ms / TREND_SLOTS;
	int64_t now = m->now_ms ? m->now_ms : m->devices[device].last_seen_ms;
	int64_t from = (now / width + 1 - TREND_SLOTS) * width;
	double v[TREND_SLOTS];
	uint32_t series;
	int i = 0;

	if (t->of_status) {
		states_json(m, device, t->span_ms, w);
		return;
	}
	metric_resolve(&t->metric, m);
	series = metric_series(&t->metric, m, device);
	jw_array(w);
	if (series != MODEL_NONE && from >= 0) {
		history_trend(m, series, from, width, kept_of(t, series), v);
		while (i < TREND_SLOTS && isnan(v[i]))
			i++;
		for (; i < TREND_SLOTS; i++)
			number(v[i], w);
	}
	jw_end(w);
}
