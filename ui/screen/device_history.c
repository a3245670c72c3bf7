/* A device's values over time: asked for, kept for plots and sparklines. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "ui/screen/device.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"

const int64_t device_spans[DEVICE_SPANS] = { 60000, 300000, DEVICE_SPAN, 3600000, 6 * 3600000,
	24 * 3600000, 7 * 24 * 3600000ll };

static void series_fini(struct device_series *d)
{
	free(d->key);
	free(d->pts);
	free(d->band);
	free(d->range);
	free(d->mid);
	*d = (struct device_series){ 0 };
}

static float number(const json_t *v)
{
	return json_is_number(v) ? (float)json_number_value(v) : NAN;
}

/* Where the collector expects it: [[t, lo, hi], ...] and [[t, lo, likely, hi], ...]. */
static void take_expected(struct device_series *d, const json_t *series)
{
	const json_t *band = json_object_get(series, "band"), *fc = json_object_get(series, "forecast");
	size_t i;
	json_t *p;

	d->band = xcalloc(json_array_size(band) + 1, sizeof(*d->band));
	json_array_foreach((json_t *)band, i, p)
		d->band[d->n_band++] = (struct plot_point){
			(int64_t)json_number_value(json_array_get(p, 0)),
			number(json_array_get(p, 1)), number(json_array_get(p, 2)) };
	d->range = xcalloc(json_array_size(fc) + 1, sizeof(*d->range));
	d->mid = xcalloc(json_array_size(fc) + 1, sizeof(*d->mid));
	json_array_foreach((json_t *)fc, i, p) {
		d->mid[d->n_range] = number(json_array_get(p, 2));
		d->range[d->n_range++] = (struct plot_point){
			(int64_t)json_number_value(json_array_get(p, 0)),
			number(json_array_get(p, 1)), number(json_array_get(p, 3)) };
	}
}

static void take_points(struct device_series *d, const json_t *series)
{
	const json_t *points = json_object_get(series, "points");
	size_t i;
	json_t *p;

	series_fini(d);
	d->key = xstrdup(json_str(series, "key", ""));
	take_expected(d, series);
	d->pts = xcalloc(json_array_size(points) + 1, sizeof(*d->pts));
	json_array_foreach((json_t *)points, i, p) {
		bool gap = json_number_value(json_array_get(p, 4)) == 0;

		d->pts[d->n++] = (struct plot_point){
			(int64_t)json_number_value(json_array_get(p, 0)),
			gap ? NAN : number(json_array_get(p, 1)),
			gap ? NAN : number(json_array_get(p, 2)) };
	}
}

static size_t take_all(struct device_series *out, size_t max, const json_t *answer)
{
	const json_t *series = json_object_get(answer, "series");
	size_t n = 0;

	for (; n < max && n < json_array_size(series); n++)
		take_points(&out[n], json_array_get(series, n));
	return n;
}

/* No wider than the history there is, until the user says how wide.  True: it changed. */
static bool fit_span(struct device *s, const json_t *answer)
{
	int64_t oldest = row_time(answer, "oldest"), have = moment_ms() - oldest;
	size_t i = 0;

	if (!oldest)
		return false;
	while (device_spans[i] < DEVICE_SPAN && device_spans[i] < have)
		i++;
	if (device_spans[i] == s->span_ms)
		return false;
	s->span_ms = device_spans[i];
	return true;
}

static void plots_come(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	s->plots_waiting = false;
	if (!s->zoomed && fit_span(s, answer))
		device_ask_history(s, true);
	if (answer)
		for (size_t i = take_all(s->plots, DEVICE_FETCH, answer); i < DEVICE_FETCH; i++)
			series_fini(&s->plots[i]);
	s->st->dirty(s->st->arg);
}

static void sparks_come(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	s->sparks_waiting = false;
	if (answer)
		s->n_sparks = take_all(s->sparks, DEVICE_SPARKS, answer);
	s->st->dirty(s->st->arg);
}

struct device_series *device_plot(struct device *s, struct slice key)
{
	for (size_t i = 0; i < DEVICE_FETCH; i++)
		if (s->plots[i].key && slice_is(key, s->plots[i].key))
			return &s->plots[i];
	return NULL;
}

const struct device_series *device_spark(const struct device *s, struct slice key)
{
	for (size_t i = 0; i < s->n_sparks; i++)
		if (slice_is(key, s->sparks[i].key))
			return &s->sparks[i];
	return NULL;
}

static void history(struct device *s, const struct slice *keys, size_t n, int64_t from, int64_t to,
	int points, asker_fn *fn)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "device"), jw_str(&w, slice_of(s->id));
	jw_key(&w, "metrics");
	jw_array(&w);
	for (size_t i = 0; i < n; i++)
		jw_str(&w, keys[i]);
	jw_end(&w);
	jw_key(&w, "from"), jw_i64(&w, from);
	jw_key(&w, "to"), jw_i64(&w, to);
	jw_key(&w, "points"), jw_i64(&w, points);
	jw_end(&w);
	asker_call(&s->asker, s->st->client, "history", buf_slice(&b), fn, s);
	buf_fini(&b);
}

/* The chosen series first, what is laid over it, then the telling ones. */
static size_t plot_keys(const struct device *s, struct slice *keys)
{
	size_t n = 0, more = s->n_plots > 0 ? (size_t)s->n_plots - 1 : 0;

	keys[n++] = device_key(s, (size_t)s->table.cursor);
	for (size_t i = 0; i < s->n_over; i++)
		if (!slice_is(keys[0], s->over[i]))
			keys[n++] = slice_of(s->over[i]);
	for (size_t i = 0; i < s->n_series && more; i++)
		if (!slice_eq(device_key(s, i), keys[0]) && device_over(s, device_key(s, i)) < 0) {
			keys[n++] = device_key(s, i);
			more--;
		}
	return n;
}

static size_t spark_keys(const struct device *s, struct slice *keys)
{
	size_t n = 0;

	for (size_t i = (size_t)s->table.top; i < s->n_series && n < DEVICE_SPARKS; i++)
		keys[n++] = device_key(s, i);
	return n;
}

void device_ask_history(struct device *s, bool now)
{
	int64_t mono = clock_mono_ms(), wall = moment_ms(), step = s->span_ms / 200;
	struct slice keys[DEVICE_SPARKS];

	if (!s->n_series || !s->st->client || !s->st->up || !s->on)
		return;
	step = step < 1000 ? 1000 : step > 30000 ? 30000 : step;
	if (!s->plots_waiting && (now || (!s->back_ms && mono - s->plots_ms >= step))) {
		s->plots_ms = mono;
		s->plots_waiting = true;
		s->to_ms = wall - s->back_ms;
		history(s, keys, plot_keys(s, keys), s->to_ms - s->span_ms, s->to_ms,
			s->plot_cols > 10 ? 2 * s->plot_cols : 160, plots_come);
	}
	if (!s->sparks_waiting && (s->sparks_ms == 0 || mono - s->sparks_ms >= 5000)) {
		s->sparks_ms = mono;
		s->sparks_waiting = true;
		history(s, keys, spark_keys(s, keys), wall - 600000, wall, SPARK_POINTS, sparks_come);
	}
}

void device_history_fini(struct device *s)
{
	for (int i = 0; i < DEVICE_FETCH; i++)
		series_fini(&s->plots[i]);
	for (int i = 0; i < DEVICE_SPARKS; i++)
		series_fini(&s->sparks[i]);
}
