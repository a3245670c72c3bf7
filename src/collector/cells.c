/* `cells`: devices by place, for maps. */
#include <math.h>

#include "base/alloc.h"
#include "base/json.h"
#include "collector/scan.h"
#include "model/cells.h"

/* As docs/api.md has it: few bytes a cell, as there may be thousands. */
static void write_cell(const struct model *m, const struct cell *c, struct jw *w)
{
	static const uint8_t told[] = { STATUS_DOWN, STATUS_STALE, STATUS_DEGRADED,
		STATUS_UNKNOWN };

	jw_array(w);
	jw_u64(w, c->x);
	jw_u64(w, c->y);
	jw_u64(w, c->devices);
	jw_u64(w, c->worst);
	for (size_t i = 0; i < ARRAY_LEN(told); i++)
		jw_u64(w, c->by_status[told[i]]);
	jw_str(w, cell_site(m, c));
	jw_bool(w, c->mixed);
	jw_f64(w, round(c->lat * 1e5) / 1e5);
	jw_f64(w, round(c->lon * 1e5) / 1e5);
	jw_end(w);
}

static void write_extent(const struct cells_sum *s, struct jw *w)
{
	if (!s->placed) {
		jw_null(w);
		return;
	}
	jw_array(w);
	jw_f64(w, s->west), jw_f64(w, s->south), jw_f64(w, s->east), jw_f64(w, s->north);
	jw_end(w);
}

static void write_answer(const struct model *m, const struct cells *c, struct buf *b)
{
	struct cells_sum sum;
	size_t n;
	const struct cell *v = cells_list(c, &n);
	struct jw w;

	cells_sum(c, &sum);
	jw_init(&w, b);
	jw_object(&w);
	jw_key(&w, "placed"), jw_u64(&w, sum.placed);
	jw_key(&w, "unplaced"), jw_u64(&w, sum.unplaced);
	jw_key(&w, "outside"), jw_u64(&w, sum.outside);
	jw_key(&w, "left_out"), jw_u64(&w, sum.left_out);
	jw_key(&w, "extent"), write_extent(&sum, &w);
	jw_key(&w, "cells");
	jw_array(&w);
	for (size_t i = 0; i < n; i++)
		write_cell(m, &v[i], &w);
	jw_end(&w);
	jw_end(&w);
}

static bool step(void *arg, struct scan *s)
{
	const struct model *m = conn_model(scan_conn(s));
	struct buf b;

	if (!cells_step(arg, m, SCAN_SLICE_US))
		return false;
	buf_init(&b, ANSWER_MAX);
	write_answer(m, arg, &b);
	if (b.full)
		rpc_reply_err(scan_req(s), RPC_REFUSED, "the answer is too large; ask for fewer cells");
	else
		rpc_reply_text(scan_req(s), buf_slice(&b));
	buf_fini(&b);
	return true;
}

static void end(void *arg)
{
	cells_free(arg);
}

static int read_spec(const json_t *params, struct cells_spec *s, struct err *e)
{
	static const char *const known[] = { "filter", "west", "south", "east", "north", "cols",
		"rows", NULL };
	const json_t *filter = json_object_get(params, "filter");
	uint64_t cols = 72, rows = 36;

	*s = (struct cells_spec){ .west = -180, .south = -90, .east = 180, .north = 90 };
	if (params_known(params, known, e) < 0)
		return -1;
	if (filter && !json_is_null(filter) && !json_is_string(filter))
		return err_set(e, ERR_USAGE, "'filter' must be a string");
	s->filter = slice_of(json_is_string(filter) ? json_string_value(filter) : "");
	if (params_real(params, "west", &s->west, e) < 0 ||
		params_real(params, "south", &s->south, e) < 0 ||
		params_real(params, "east", &s->east, e) < 0 ||
		params_real(params, "north", &s->north, e) < 0 ||
		params_uint(params, "cols", CELLS_SIDE_MAX, &cols, e) < 0 ||
		params_uint(params, "rows", CELLS_SIDE_MAX, &rows, e) < 0)
		return -1;
	s->cols = (uint32_t)cols;
	s->rows = (uint32_t)rows;
	return 0;
}

void call_cells(struct conn *c, struct rpc_req *req, const json_t *params)
{
	static const struct scan_ops ops = { step, end };
	struct cells_spec spec;
	struct cells *cells;
	struct err e = { 0 };
	size_t at;

	if (conn_busy(c, req))
		return;
	if (read_spec(params, &spec, &e) < 0 || cells_check(&spec, &e) < 0) {
		reply_err(req, &e);
		return;
	}
	cells = cells_new(&spec, &at, &e);
	if (cells)
		scan_start(c, req, &ops, cells);
	else
		reply_bad_query(req, at, &e);
}
