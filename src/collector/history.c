/* `history`: the points of a device's metrics, thinned for a plot. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"

#define METRICS_MAX 16
#define POINTS_MAX  4096

struct history_ask {
	uint32_t device;
	const char *keys[METRICS_MAX];
	size_t keys_n;
	int64_t from_ms, to_ms;
	uint64_t points;
};

static int read_keys(struct history_ask *h, const json_t *params, struct err *e)
{
	const json_t *v = json_object_get(params, "metrics");
	size_t i;
	json_t *s;

	if (!json_is_array(v) || json_array_size(v) == 0 || json_array_size(v) > METRICS_MAX)
		return err_set(e, ERR_USAGE, "'metrics' must be an array of 1 to %d keys", METRICS_MAX);
	json_array_foreach((json_t *)v, i, s) {
		if (!json_is_string(s))
			return err_set(e, ERR_USAGE, "'metrics' must hold strings");
		h->keys[h->keys_n++] = json_string_value(s);
	}
	return 0;
}

static int read_ask(struct history_ask *h, const struct model *m, const json_t *params,
	struct err *e)
{
	static const char *const known[] = { "device", "metrics", "from", "to", "points", NULL };
	const char *id = json_str(params, "device", NULL);
	int64_t now = clock_wall_ms();

	*h = (struct history_ask){ .points = 200 };
	if (params_known(params, known, e) < 0)
		return -1;
	if (!id)
		return err_set(e, ERR_USAGE, "'device' is needed");
	h->device = model_device(m, slice_of(id));
	if (h->device == MODEL_NONE)
		return err_set(e, ERR_NO, "no device '%.100s'", id);
	if (read_keys(h, params, e) < 0 || params_moment(params, "to", now, &h->to_ms, e) < 0 ||
		params_moment(params, "from", h->to_ms - 3600000, &h->from_ms, e) < 0 ||
		params_uint(params, "points", POINTS_MAX, &h->points, e) < 0)
		return -1;
	if (h->from_ms >= h->to_ms || h->points == 0)
		return err_set(e, ERR_USAGE, "'from' must be before 'to', and 'points' above 0");
	return 0;
}

/* "name" or "name{labels}" */
static uint32_t series_of(const struct model *m, uint32_t device, const char *key)
{
	const char *brace = strchr(key, '{');
	struct slice name = slice_of(key), labels = { 0 };

	if (brace) {
		name.n = (size_t)(brace - key);
		labels = slice_of(brace + 1);
		if (labels.n && labels.p[labels.n - 1] == '}')
			labels.n--;
	}
	return model_series(m, device, name, labels);
}

static void write_points(struct jw *w, const struct point *p, size_t n)
{
	jw_array(w);
	for (size_t i = 0; i < n; i++) {
		jw_array(w);
		jw_i64(w, p[i].at_ms);
		jw_f64(w, p[i].min);
		jw_f64(w, p[i].max);
		jw_f64(w, p[i].last);
		jw_i64(w, p[i].n);
		jw_end(w);
	}
	jw_end(w);
}

static void write_series(struct jw *w, const struct model *m, const struct history_ask *h,
	const char *key, struct point *points)
{
	uint32_t s = series_of(m, h->device, key);
	size_t n = s == MODEL_NONE
			   ? 0
			   : model_history(m, s, h->from_ms, h->to_ms, points, h->points);

	jw_object(w);
	jw_key(w, "key"), jw_str(w, slice_of(key));
	jw_key(w, "found"), jw_bool(w, s != MODEL_NONE);
	jw_key(w, "points");
	write_points(w, points, n);
	jw_end(w);
}

void call_history(struct conn *c, struct rpc_req *req, const json_t *params)
{
	const struct model *m = c->api->env.model;
	struct history_ask h;
	struct err e = { 0 };
	struct point *points;
	struct buf b;
	struct jw w;

	if (read_ask(&h, m, params, &e) < 0) {
		rpc_reply_err(req, rpc_code_of(e.class), "%s", e.text);
		return;
	}
	points = xcalloc(h.points, sizeof(*points));
	buf_init(&b, 16 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "oldest"), jw_time(&w, model_history_oldest_ms(m));
	jw_key(&w, "series");
	jw_array(&w);
	for (size_t i = 0; i < h.keys_n; i++)
		write_series(&w, m, &h, h.keys[i], points);
	jw_end(&w);
	jw_end(&w);
	if (b.full)
		rpc_reply_err(req, RPC_REFUSED, "the answer is too large; ask for fewer points");
	else
		rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
	free(points);
}
