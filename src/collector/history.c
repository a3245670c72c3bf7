/* `history`: the points of a device's metrics, thinned for a plot. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"
#include "source/source.h"

#define METRICS_MAX 16
#define POINTS_MAX  4096

struct part { /* one metric */
	struct history *h;
	char *key;
	struct slice name, labels; /* of key */
	uint32_t series;
	struct point *points; /* NULL: what the model holds */
	size_t n;
};

/* Waits for the parts that are asked for elsewhere (a Prometheus server). */
struct history {
	const struct model *m;
	struct rpc_req *req;
	uint32_t device;
	struct part parts[METRICS_MAX];
	size_t parts_n, waiting;
	int64_t from_ms, to_ms;
	uint64_t points;
};

static void history_free(struct history *h)
{
	for (size_t i = 0; i < h->parts_n; i++) {
		free(h->parts[i].key);
		free(h->parts[i].points);
	}
	free(h);
}

/* "name" or "name{labels}" */
static void split_key(struct part *p)
{
	const char *brace = strchr(p->key, '{');

	p->name = slice_of(p->key);
	if (!brace)
		return;
	p->name.n = (size_t)(brace - p->key);
	p->labels = slice_of(brace + 1);
	if (p->labels.n && p->labels.p[p->labels.n - 1] == '}')
		p->labels.n--;
}

static int read_keys(struct history *h, const json_t *params, struct err *e)
{
	const json_t *v = json_object_get(params, "metrics");
	size_t i;
	json_t *s;

	if (!json_is_array(v) || json_array_size(v) == 0 || json_array_size(v) > METRICS_MAX)
		return err_set(e, ERR_USAGE, "'metrics' must be an array of 1 to %d keys", METRICS_MAX);
	json_array_foreach((json_t *)v, i, s) {
		if (!json_is_string(s))
			return err_set(e, ERR_USAGE, "'metrics' must hold strings");
		h->parts[h->parts_n] = (struct part){ .h = h, .key = xstrdup(json_string_value(s)) };
		split_key(&h->parts[h->parts_n++]);
	}
	return 0;
}

static int read_ask(struct history *h, const struct conn *c, const json_t *params, struct err *e)
{
	static const char *const known[] = { "device", "metrics", "from", "to", "points", NULL };
	const char *id = json_str(params, "device", NULL);
	int64_t now = conn_now_ms(c);

	h->points = 200;
	if (params_known(params, known, e) < 0)
		return -1;
	if (!id)
		return err_set(e, ERR_USAGE, "'device' is needed");
	h->device = model_device(conn_model(c), slice_of(id));
	if (h->device == MODEL_NONE)
		return err_set(e, ERR_NO, "no device '%.100s'", id);
	if (read_keys(h, params, e) < 0 || params_moment(params, "to", now, &h->to_ms, e) < 0 ||
		params_moment(params, "from", h->to_ms - 3600000, &h->from_ms, e) < 0 ||
		params_uint(params, "points", POINTS_MAX, &h->points, e) < 0)
		return -1;
	if (c->moment && h->to_ms > now)
		h->to_ms = now;
	if (h->from_ms >= h->to_ms || h->points == 0)
		return err_set(e, ERR_USAGE, "'from' must be before 'to', and 'points' above 0");
	return 0;
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

static void write_part(struct jw *w, const struct part *p, struct point *scratch)
{
	const struct history *h = p->h;
	const struct point *points = p->points ? p->points : scratch;
	size_t n = p->n;

	if (!p->points && p->series != MODEL_NONE)
		n = model_history(h->m, p->series, h->from_ms, h->to_ms, scratch, h->points);
	jw_object(w);
	jw_key(w, "key"), jw_str(w, slice_of(p->key));
	jw_key(w, "found"), jw_bool(w, p->series != MODEL_NONE);
	jw_key(w, "points");
	write_points(w, points, n);
	jw_end(w);
}

static void answer(struct history *h)
{
	struct point *scratch = xcalloc(h->points, sizeof(*scratch));
	struct buf b;
	struct jw w;

	buf_init(&b, ANSWER_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "oldest"), jw_time(&w, model_history_oldest_ms(h->m));
	jw_key(&w, "series");
	jw_array(&w);
	for (size_t i = 0; i < h->parts_n; i++)
		write_part(&w, &h->parts[i], scratch);
	jw_end(&w);
	jw_end(&w);
	if (b.full)
		rpc_reply_err(h->req, RPC_REFUSED, "the answer is too large; ask for fewer points");
	else
		rpc_reply_text(h->req, buf_slice(&b));
	buf_fini(&b);
	free(scratch);
	history_free(h);
}

/* Elsewhere answered; where it could not, the model's own few points are shown. */
static void part_done(void *arg, const struct point *v, size_t n, const struct err *e)
{
	struct part *p = arg;

	if (!e && n) {
		p->points = xreallocarray(NULL, n, sizeof(*v));
		memcpy(p->points, v, n * sizeof(*v));
		p->n = n;
	}
	if (--p->h->waiting == 0)
		answer(p->h);
}

void call_history(struct conn *c, struct rpc_req *req, const json_t *params)
{
	const struct api_env *env = &c->api->env;
	struct history *h = xcalloc(1, sizeof(*h));
	struct err e = { 0 };

	h->m = env->model; /* whose rows are those of a moment gone by, too */
	h->req = req;
	if (read_ask(h, c, params, &e) < 0) {
		reply_err(req, &e);
		history_free(h);
		return;
	}
	h->waiting = 1; /* this function's own hold */
	for (size_t i = 0; i < h->parts_n; i++) {
		struct part *p = &h->parts[i];
		struct source_history ask = { .device = model_device_id(h->m, h->device),
			.name = p->name, .labels = p->labels, .from_ms = h->from_ms,
			.to_ms = h->to_ms, .points = h->points, .done = part_done, .arg = p };

		p->series = model_series(h->m, h->device, p->name, p->labels);
		if (p->series == MODEL_NONE)
			continue;
		h->waiting++;
		if (!env->history(env->arg, h->device, &ask))
			h->waiting--;
	}
	if (--h->waiting == 0)
		answer(h);
}
