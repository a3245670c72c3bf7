/* How a list looks. */
#include <math.h>
#include <stdio.h>

#include "base/num.h"
#include "base/utf8.h"
#include "ui/screen/list_in.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"
#include "ui/widget/heat.h"

#define PERCENT_CELLS 5

/* --- cells --- */

static void word_cell(struct slice word, struct table_cell *c, struct buf *b)
{
	struct sign s = sign_of(word);
	char glyph[4];

	if (!word.n)
		return;
	if (s.glyph != ' ') {
		buf_add(b, glyph, utf8_encode(s.glyph, glyph));
		buf_addc(b, ' ');
	}
	buf_addslice(b, word);
	c->look = s.look;
}

static void number_cell(const struct list_col *col, double v, struct table_cell *c, struct buf *b)
{
	if (isnan(v)) {
		buf_addc(b, '-');
		c->look = ROLE_DIM;
		return;
	}
	switch (col->show) {
	case SHOW_PERCENT:
		buf_addfixed(b, v, 0);
		buf_adds(b, " %");
		c->bar = v / 100;
		c->tail = PERCENT_CELLS;
		c->look = percent_look(v);
		c->graph_look = c->look == ROLE_TEXT ? ROLE_GAUGE : c->look;
		break;
	case SHOW_RATIO:
		buf_addfixed(b, v * 100, 0);
		buf_adds(b, " %");
		c->bar = v;
		c->tail = PERCENT_CELLS;
		break;
	case SHOW_COUNT:
		value_count(b, v);
		break;
	case SHOW_ALARM:
		value_count(b, v);
		c->look = v > 0 ? ROLE_WARN : ROLE_DIM;
		break;
	case SHOW_BYTES:
		buf_addsize(b, v > 0 ? (uint64_t)v : 0);
		break;
	case SHOW_SECONDS:
		value_span(b, v * 1000);
		break;
	default:
		value_unit(b, v, slice_of(col->unit ? col->unit : ""));
	}
}

static void text_cell(const json_t *v, struct table_cell *c, struct buf *b)
{
	if (json_is_string(v))
		buf_add(b, json_string_value(v), json_string_length(v));
	else if (json_is_number(v))
		value_unit(b, json_number_value(v), slice_of(""));
	else if (json_is_boolean(v))
		buf_adds(b, json_is_true(v) ? "yes" : "no");
	if (!b->len) {
		buf_addc(b, '-');
		c->look = ROLE_DIM;
	}
}

/*
 * Each row has a scale of its own, but what hardly moves looks calm: a twentieth of the value is
 * the least that fills it.
 */
static void trend_cell(struct list *l, const json_t *course, struct table_cell *c)
{
	size_t n = json_array_size(course), skip = n > LIST_TREND ? n - LIST_TREND : 0;
	float lo = INFINITY, hi = -INFINITY, least;

	for (size_t i = skip; i < n; i++) {
		const json_t *v = json_array_get(course, i);
		float f = json_is_number(v) ? (float)json_number_value(v) : NAN;

		l->trend[i - skip] = f;
		lo = f < lo ? f : lo;
		hi = f > hi ? f : hi;
	}
	c->spark = l->trend; /* of none, too: the numbers stand in line */
	c->n_spark = n - skip;
	c->graph_look = c->look == ROLE_DIM ? ROLE_DIM : ROLE_SPARK; /* of a value that is none now */
	least = (fabsf(lo) > fabsf(hi) ? fabsf(lo) : fabsf(hi)) / 20;
	c->lo = lo;
	c->hi = hi - lo > least ? hi : lo + (least > 0 ? least : 1);
}

/* Letters of trend(status), as heat. */
static void states_cell(struct list *l, struct slice letters, struct table_cell *c, struct buf *b)
{
	static const char calm_to_worst[HEAT_LEVELS + 1] = "u?dsx";

	buf_addslice(b, letters); /* for those who copy the row */
	c->heat = l->states;
	for (size_t i = 0; i < letters.n && c->n_heat < LIST_STATES; i++) {
		const char *at = memchr(calm_to_worst, letters.p[i], HEAT_LEVELS);

		l->states[c->n_heat++] = at ? (uint8_t)(at - calm_to_worst) : HEAT_NOTHING;
	}
}

static void fill(struct list *l, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	int64_t now = moment_ms(), t;

	switch (col->show) {
	case SHOW_OWN:
		l->spec->cell(l->arg, row, col, c, b);
		break;
	case SHOW_TEXT:
		text_cell(json_object_get(row, col->field), c, b);
		break;
	case SHOW_LINK:
		text_cell(json_object_get(row, col->field), c, b);
		c->look = ROLE_LINK;
		break;
	case SHOW_WORD:
		word_cell(row_text(row, col->field), c, b);
		break;
	case SHOW_AGE:
	case SHOW_TIME:
		t = row_time(row, col->field);
		c->look = ROLE_DIM;
		if (t && col->show == SHOW_AGE)
			value_age(b, now - t);
		else
			value_time(b, t, now);
		break;
	case SHOW_STATES:
		states_cell(l, row_text(row, col->field), c, b);
		break;
	case SHOW_TREND:
		number_cell(col, row_num(row, col->field), c, b);
		trend_cell(l, json_object_get(row, col->also), c);
		break;
	default:
		number_cell(col, row_num(row, col->field), c, b);
	}
}

static void cell(void *arg, uint64_t n, int col, struct table_cell *c)
{
	struct list *l = arg;
	const json_t *row = list_row(l, n);

	if (!row) {
		c->text = slice_of(col == 0 ? "…" : "");
		c->look = ROLE_DIM;
		return;
	}
	buf_reset(&l->scratch);
	fill(l, row, &l->cols[col], c, &l->scratch);
	c->text = buf_slice(&l->scratch);
	if (!l->st->up || (l->spec->calm && l->spec->calm(row)))
		c->look = c->graph_look = ROLE_DIM;
}

void list_row_line(struct list *l, uint64_t n, struct buf *out)
{
	for (int i = 0; list_row(l, n) && i < l->n_cols; i++) {
		struct table_cell c = { 0 };

		cell(l, n, i, &c);
		if (i)
			buf_addc(out, ' ');
		buf_addslice(out, c.text);
	}
}

static bool marked(void *arg, uint64_t n)
{
	struct list *l = arg;
	const json_t *row = list_row(l, n);

	return row && marks_has(&l->marks, row_text(row, l->spec->id));
}

static void draw_nothing(struct list *l, struct term *t, struct rect r)
{
	const char *empty = l->spec->empty ? l->spec->empty : "no rows";
	const char *text = !list_ready(l) ? "waiting for the collector ..."
			   : l->filter || l->trial ? "nothing matches the filter; esc takes it away"
						  : empty;

	if (r.rows > 2 && !l->table.total)
		draw_field(t, r, 2, 2, r.cols - 4, slice_of(text), ROLE_DIM, ALIGN_LEFT);
}

void list_draw(struct list *l, struct term *t, struct rect r)
{
	struct table_rows rows = { .cell = cell, .marked = l->marks.n && !l->by ? marked : NULL,
		.arg = l };
	uint64_t first;
	int count, page = l->table.page;

	l->rect = r;
	table_window(&l->table, r.rows, &first, &count);
	if (l->table.page != page && l->view)
		list_ask(l);
	else
		list_mind_window(l);
	table_draw(&l->table, t, r, &rows);
	draw_nothing(l, t, r);
}

/* --- the line above --- */

void list_headline(struct list *l, struct term *t, struct rect r, int row, struct slice what)
{
	const char *filter = l->trial ? l->trial : l->filter;
	bool refused = l->refused.class != ERR_NONE;
	struct span left[3], right[3];
	char shown[80], narrowed[600], picked[40];
	size_t n = 0, n_right = 0;
	struct buf b;

	buf_init(&b, 64);
	value_count(&b, (double)list_matched(l));
	if (list_matched(l) != list_total(l)) {
		buf_adds(&b, " of ");
		value_count(&b, (double)list_total(l));
	}
	snprintf(shown, sizeof(shown), "%s", list_ready(l) ? b.p : "");
	buf_fini(&b);
	if (l->sticky && l->held)
		right[n_right++] = (struct span){ slice_of("order held"), ROLE_NOTICE };
	if (l->marks.n) {
		snprintf(picked, sizeof(picked), "%zu marked", l->marks.n);
		right[n_right++] = (struct span){ slice_of(picked), ROLE_ACCENT };
	}
	right[n_right++] = (struct span){ slice_of(shown), ROLE_LABEL };
	left[n++] = (struct span){ what, ROLE_TITLE };
	if (filter && *filter) {
		snprintf(narrowed, sizeof(narrowed), "filter  %s", filter);
		left[n++] = (struct span){ slice_of(narrowed), refused ? ROLE_ERROR : ROLE_ACCENT };
	}
	if (refused && !l->trial)
		left[n++] = (struct span){ slice_of(l->refused.text), ROLE_ERROR };
	line_draw(t, r, row, left, n, right, n_right);
}
