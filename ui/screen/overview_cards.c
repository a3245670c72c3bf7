/* Networks as cards, where the terminal is large: the fleet in full, health over time, load. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/overview.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/spark.h"

#define CARD_COLS 60
#define FACTS	  4  /* rows of a card without the fleet: title, counts, health, load */
#define ROOM	  60 /* rows and more: there is room for cards */
#define REST	  24 /* rows that what else there is keeps */
#define FLEET_MAX 12

int cards_rows(struct overview *s, struct rect r)
{
	int n = (int)s->networks.table.total, down;

	s->across = r.cols / CARD_COLS;
	if (r.rows < ROOM || s->across < 2 || n == 0)
		return 0;
	down = (n + s->across - 1) / s->across;
	s->card_rows = (r.rows - REST) / down;
	if (s->card_rows < FACTS + 3)
		return 0;
	if (s->card_rows > FACTS + FLEET_MAX)
		s->card_rows = FACTS + FLEET_MAX;
	return down * s->card_rows + 1;
}

static struct rect card_rect(const struct overview *s, uint64_t n)
{
	int width = s->cards.cols / s->across;

	return (struct rect){ s->cards.row + (int)(n / (uint64_t)s->across) * s->card_rows,
		s->cards.col + (int)(n % (uint64_t)s->across) * width, s->card_rows - 1, width - 2 };
}

bool cards_at(const struct overview *s, int row, int col, uint64_t *n)
{
	uint64_t at;

	row -= s->cards.row;
	col -= s->cards.col;
	if (!s->cards.rows || row < 0 || col < 0)
		return false;
	at = (uint64_t)(row / s->card_rows * s->across + col / (s->cards.cols / s->across));
	*n = at;
	return col < s->cards.cols && at < s->networks.table.total;
}

static void draw_counts(struct term *t, struct rect r, const json_t *row, bool up)
{
	static const char *const bad[] = { "degraded", "stale", "down", "unknown" };
	double share = net_share(row);
	struct buf b;
	int at = 9;

	buf_init(&b, 64);
	if (!isnan(share))
		buf_addf(&b, "%.1f %%", share);
	draw_text(t, r, 1, 0, slice_of("up"), ROLE_LABEL);
	draw_field(t, r, 1, at, 7, buf_slice(&b), up ? percent_look(share) : ROLE_DIM, ALIGN_RIGHT);
	at += 9;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		double n = json_f64(row, bad[i], 0);

		if (n <= 0)
			continue;
		buf_reset(&b);
		value_count(&b, n);
		buf_addf(&b, " %s", bad[i]);
		at += 2 + draw_text(t, r, 1, at, buf_slice(&b),
				up ? sign_of(slice_of(bad[i])).look : ROLE_DIM);
	}
	buf_fini(&b);
}

static void draw_course(struct overview *s, struct term *t, struct rect r, const json_t *row)
{
	int width = r.cols - 20;
	double v = row_num(row, "health");
	float health[200];
	char text[16];

	width = width > 180 ? 180 : width;
	draw_text(t, r, 2, 0, slice_of("health"), ROLE_LABEL);
	if (!isnan(v)) {
		snprintf(text, sizeof(text), "%.0f %%", v);
		draw_field(t, r, 2, 9, 7, slice_of(text), s->st->up ? percent_look(v) : ROLE_DIM,
			ALIGN_RIGHT);
	}
	spark_draw(t, r, 2, 18, width, health,
		net_health(s, row_text(row, "name"), health, (size_t)(width > 0 ? width : 0)), 0, 100,
		s->st->up ? ROLE_SPARK : ROLE_DIM);
}

static void draw_load(struct overview *s, struct term *t, struct rect r, const json_t *row)
{
	const char *metric = "load";
	double v = 0, events = row_num(row, "events_rate");
	char text[40];

	if (net_load(s, row_text(row, "name"), &metric, &v)) {
		snprintf(text, sizeof(text), "%.0f %%", 100 * v);
		draw_field(t, r, 3, 9, 7, slice_of(text), s->st->up ? ROLE_TEXT : ROLE_DIM, ALIGN_RIGHT);
		bar_draw(t, r, 3, 18, r.cols - 36, v, s->st->up ? ROLE_GAUGE : ROLE_DIM);
	} else {
		draw_field(t, r, 3, 9, 7, slice_of("-"), ROLE_DIM, ALIGN_RIGHT);
	}
	draw_field(t, r, 3, 0, 8, slice_of(metric), ROLE_LABEL, ALIGN_LEFT);
	snprintf(text, sizeof(text), "%.1f events/s", isnan(events) ? 0 : events);
	draw_field(t, r, 3, r.cols - 16, 16, slice_of(text), ROLE_DIM, ALIGN_RIGHT);
}

static void draw_fleet(struct overview *s, struct term *t, struct rect r, const json_t *row,
	uint64_t per)
{
	uint8_t cells[HEAT_MAX];

	heat_draw(t, r, cells, net_cells(s, row, per, cells, (size_t)(r.rows * r.cols)));
}

static void draw_card(struct overview *s, struct term *t, struct rect r, uint64_t n, uint64_t per)
{
	const json_t *row = list_row(&s->networks, n);
	struct buf b;

	buf_init(&b, 400);
	buf_addslice(&b, row_text(row, "name"));
	buf_adds(&b, "  ");
	value_count(&b, json_f64(row, "devices", 0));
	draw_rule(t, r, 0, buf_slice(&b));
	buf_fini(&b);
	if (n == s->networks.table.cursor && s->networks.sticky)
		term_lay(t, r.row, r.col, 1, r.cols, LOOK_SELECTED);
	draw_counts(t, r, row, s->st->up);
	draw_course(s, t, r, row);
	draw_load(s, t, r, row);
	rect_cut_top(&r, FACTS);
	draw_fleet(s, t, r, row, per);
}

void cards_draw(struct overview *s, struct term *t, struct rect r)
{
	struct rect title = rect_cut_top(&r, 1);
	int fleet = (s->card_rows - 1 - FACTS) * (r.cols / s->across - 2);
	uint64_t first, per;
	struct buf b;
	int count;

	s->cards = r;
	table_window(&s->networks.table, (int)s->networks.table.total + 1, &first, &count);
	per = heat_scale(nets_most(s), fleet < HEAT_MAX ? fleet : HEAT_MAX);
	buf_init(&b, 100);
	buf_adds(&b, "NETWORKS  ");
	overview_strip_title(s, per, &b);
	draw_text(t, title, 0, 1, buf_slice(&b), ROLE_HEADER);
	buf_fini(&b);
	for (int i = 0; i < count; i++)
		draw_card(s, t, card_rect(s, first + (uint64_t)i), first + (uint64_t)i, per);
}
