/* `ack`, `silence`, `unsilence`: what is asked is read here and answered when it is done. */
#include "collector/act.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "collector/api_conn.h"
#include "model/alert.h"

#define UNTIL_MAX_MS ((int64_t)366 * 86400000)

void act_free(struct act *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->ids_n; i++)
		free(a->ids[i]);
	free(a->ids);
	free(a->who);
	free(a->note);
	free(a->filter);
	free(a);
}

/* --- the answer --- */

static void put_ids(struct jw *w, const char *key, char *const *ids, size_t n)
{
	jw_key(w, key);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		jw_str(w, slice_of(ids[i]));
	jw_end(w);
}

static void put_result(struct jw *w, const struct act *a)
{
	switch (a->kind) {
	case ACT_ACK:
	case ACT_UNACK:
		put_ids(w, "done", a->ids, a->done_n);
		put_ids(w, "missing", a->ids + a->done_n, a->ids_n - a->done_n);
		break;
	case ACT_SILENCE:
		jw_key(w, "hides"), jw_u64(w, a->hides);
		jw_key(w, "until"), jw_time(w, a->until_ms);
		/* fall through */
	case ACT_UNSILENCE:
		jw_key(w, "id"), jw_u64(w, a->silence);
		break;
	}
}

static void answer(struct act *a, const struct err *e)
{
	struct rpc_req *req = a->arg;
	struct buf b;
	struct jw w;

	if (e) {
		rpc_reply_err(req, rpc_code_of(e->class), "%s", e->text);
		act_free(a);
		return;
	}
	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	put_result(&w, a);
	jw_end(&w);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
	act_free(a);
}

/* --- the asking --- */

static void add_id(struct act *a, struct slice id)
{
	a->ids = xreallocarray(a->ids, a->ids_n + 1, sizeof(*a->ids));
	a->ids[a->ids_n++] = xmemdup0(id.p, id.n);
}

static int read_string(const json_t *params, const char *key, size_t most, char **out, struct err *e)
{
	const json_t *v = json_object_get(params, key);

	if (!v || json_is_null(v))
		return 0;
	if (!json_is_string(v) || json_string_length(v) > most)
		return err_set(e, ERR_USAGE, "'%s' must be a string of at most %zu bytes", key, most);
	*out = xstrdup(json_string_value(v));
	return 0;
}

static int read_ids(struct act *a, const json_t *params, struct err *e)
{
	const json_t *v = json_object_get(params, "ids"), *id;
	size_t i;

	if (!v || json_is_null(v))
		return 0;
	if (!json_is_array(v) || json_array_size(v) > ACT_IDS_MAX)
		return err_set(e, ERR_USAGE, "'ids' must be an array of at most %d", ACT_IDS_MAX);
	json_array_foreach((json_t *)v, i, id) {
		if (!json_is_string(id) || json_string_length(id) > 64)
			return err_set(e, ERR_USAGE, "'ids' must hold ids of alerts");
		add_id(a, slice_of(json_string_value(id)));
	}
	return 0;
}

/* The filter is tried before anything is recorded. */
static struct query *try_filter(const struct act *a, uint64_t limit, size_t *at, struct err *e)
{
	struct query_spec s = { .kind = kind_find("alerts"), .filter = slice_of(a->filter),
		.limit = limit };

	return query_new(&s, at, e);
}

static void add_row(struct act *a, const struct model *m, uint64_t row)
{
	char id[ALERT_ID_TEXT + 1];
	struct alert_brief b;

	model_alert_id(m, row, id);
	if (!model_alert(m, slice_of(id), &b) || b.state == ALERT_RESOLVED ||
		(a->kind == ACT_UNACK && !b.acked))
		return;
	add_id(a, slice_of(id));
}

/* Those open ones that match: all, or none when they are too many. */
static int choose(struct act *a, const struct model *m, size_t *at, struct err *e)
{
	struct query *q = try_filter(a, UINT32_MAX, at, e);
	const uint64_t *rows;
	size_t n;

	if (!q)
		return -1;
	*at = SIZE_MAX;
	query_step(q, m, 0);
	rows = query_rows(q, &n);
	for (size_t i = 0; i < n && a->ids_n <= ACT_IDS_MAX; i++)
		add_row(a, m, rows[i]);
	query_free(q);
	if (a->ids_n > ACT_IDS_MAX)
		return err_set(e, ERR_REFUSED, "more than %d alerts match: choose fewer", ACT_IDS_MAX);
	return a->ids_n ? 0 : err_set(e, ERR_NO, "no alert of these is open");
}

static int read_ack(struct act *a, struct conn *c, const json_t *params, size_t *at, struct err *e)
{
	static const char *const known[] = { "ids", "filter", "note", "undo", NULL };

	if (params_known(params, known, e) < 0 || read_ids(a, params, e) < 0 ||
		read_string(params, "note", ALERT_NOTE_MAX, &a->note, e) < 0 ||
		read_string(params, "filter", SILENCE_FILTER_MAX, &a->filter, e) < 0)
		return -1;
	a->kind = json_flag(params, "undo", false) ? ACT_UNACK : ACT_ACK;
	if (!a->ids_n == !(a->filter && *a->filter))
		return err_set(e, ERR_USAGE, "either 'ids' or 'filter' is needed");
	return a->ids_n ? 0 : choose(a, c->api->env.model, at, e);
}

static int read_until(struct act *a, const json_t *params, struct err *e)
{
	uint64_t for_ms = 0;

	if (params_moment(params, "until", 0, &a->until_ms, e) < 0 ||
		params_uint(params, "for_ms", UNTIL_MAX_MS, &for_ms, e) < 0)
		return -1;
	if (!for_ms == !a->until_ms)
		return err_set(e, ERR_USAGE, "either 'for_ms' or 'until' is needed");
	if (for_ms)
		a->until_ms = a->at_ms + (int64_t)for_ms;
	if (a->until_ms <= a->at_ms || a->until_ms - a->at_ms > UNTIL_MAX_MS)
		return err_set(e, ERR_USAGE, "a silence ends in the future, within a year");
	return 0;
}

static int read_silence(struct act *a, struct conn *c, const json_t *params, size_t *at, struct err *e)
{
	static const char *const known[] = { "filter", "for_ms", "until", "note", NULL };
	struct query *q;

	a->kind = ACT_SILENCE;
	if (params_known(params, known, e) < 0 ||
		read_string(params, "note", ALERT_NOTE_MAX, &a->note, e) < 0 ||
		read_string(params, "filter", SILENCE_FILTER_MAX, &a->filter, e) < 0 || read_until(a, params, e) < 0)
		return -1;
	if (!a->filter || !*a->filter)
		return err_set(e, ERR_USAGE, "'filter' is needed: which alerts to hide");
	q = try_filter(a, 0, at, e);
	if (!q)
		return -1;
	*at = SIZE_MAX;
	query_free(q);
	return 0;
}

static int read_unsilence(struct act *a, struct conn *c, const json_t *params, size_t *at,
	struct err *e)
{
	static const char *const known[] = { "id", NULL };

	a->kind = ACT_UNSILENCE;
	if (params_known(params, known, e) < 0 ||
		params_uint(params, "id", INT64_MAX, &a->silence, e) < 0)
		return -1;
	if (!model_silence(c->api->env.model, a->silence))
		return err_set(e, ERR_NO, "there is no silence %llu", (unsigned long long)a->silence);
	return 0;
}

static void act(struct conn *c, struct rpc_req *req, const json_t *params,
	int (*read)(struct act *a, struct conn *c, const json_t *params, size_t *at, struct err *e))
{
	struct act *a = xcalloc(1, sizeof(*a));
	struct err e = { 0 };
	size_t at = SIZE_MAX;

	a->at_ms = clock_wall_ms();
	a->who = c->transport->who(c->targ);
	a->done = answer;
	a->arg = req;
	if (c->moment || c->travel)
		err_set(&e, ERR_REFUSED, "this line looks at a moment gone by: come back to now first");
	else if (read(a, c, params, &at, &e) == 0 && c->api->env.act(c->api->env.arg, a, &e) == 0)
		return;
	reply_bad_query(req, at, &e);
	act_free(a);
}

void call_ack(struct conn *c, struct rpc_req *req, const json_t *params)
{
	act(c, req, params, read_ack);
}

void call_silence(struct conn *c, struct rpc_req *req, const json_t *params)
{
	act(c, req, params, read_silence);
}

void call_unsilence(struct conn *c, struct rpc_req *req, const json_t *params)
{
	act(c, req, params, read_unsilence);
}
