/* A map on the screen: coasts, places, what they mean, and the worst of them by name. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "ui/screen/map.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/worldmap.h"

#define LIST_ROWS 4  /* at least, below the map; its title with them */
#define LIST_COLS 58 /* cells a place of the list takes */
#define MANY	  10
#define MASSES	  1000
#define KM	  111.32 /* of a degree */

/* --- places --- */

static const struct {
	uint32_t glyph;
	char ascii; /* a coast is of . ' : there */
	uint16_t look;
} signs[] = {
	[MAP_WELL] = { 0x2022, 'o', ROLE_OK },	   [MAP_UNKNOWN] = { 0x25cb, '?', ROLE_DIM },
	[MAP_FEW] = { 0x25c6, '+', ROLE_NOTICE },  [MAP_WARN] = { 0x25b2, '!', ROLE_WARN },
	[MAP_CRIT] = { 0x2716, 'X', ROLE_CRIT },
};

static uint32_t sign_glyph(struct term *t, enum map_level l, uint32_t devices)
{
	bool ascii = term_glyphs(t) == GLYPH_ASCII;

	if (l != MAP_WELL || devices < MANY)
		return ascii ? (uint32_t)signs[l].ascii : signs[l].glyph;
	if (ascii)
		return devices < MASSES ? 'O' : '@';
	return devices < MASSES || term_glyphs(t) != GLYPH_FULL ? 0x25cf : 0x25c9;
}

/* The worst are drawn last: cells of an answer to another view may fall on one another. */
static void draw_places(const struct map *s, struct term *t, const struct map_box *box)
{
	int row, col;

	for (size_t i = s->now.n; i-- > 0;) {
		const struct map_cell *c = &s->now.v[i];
		enum map_level l = map_level(s, c);

		if (map_box_cell(box, c->lat, c->lon, &row, &col))
			draw_glyph(t, s->body, row, col, sign_glyph(t, l, c->devices),
				s->st->up ? signs[l].look : ROLE_DIM);
	}
	if (s->chosen && map_box_cell(box, s->lat, s->lon, &row, &col)) {
		if (map_chosen_at(s) < 0)
			draw_glyph(t, s->body, row, col, '+', ROLE_ACCENT);
		term_lay(t, s->body.row + row, s->body.col + col, 1, 1, LOOK_REVERSE);
	}
}

static bool same_box(const struct map_box *a, const struct map_box *b)
{
	return a->west == b->west && a->north == b->north && a->lon_cell == b->lon_cell &&
	       a->lat_cell == b->lat_cell && a->rows == b->rows && a->cols == b->cols;
}

static void draw_land(struct map *s, struct term *t, const struct map_box *box)
{
	struct worldmap_view v = { box->west, box->north, box->lon_cell / 2, box->lat_cell / 4 };

	if (!s->land.dots || !same_box(box, &s->land_box)) {
		canvas_fini(&s->land);
		canvas_init(&s->land, box->rows, box->cols);
		worldmap_draw(&s->land, &v);
		s->land_box = *box;
	}
	canvas_draw(&s->land, t, s->body);
}

/* --- words --- */

static void add_counts(struct buf *b, const struct map_cell *c)
{
	const struct {
		uint32_t n;
		const char *word;
	} parts[] = { { c->down, "down" }, { c->stale, "stale" }, { c->degraded, "degraded" },
		{ c->unknown, "unknown" } };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!parts[i].n)
			continue;
		buf_adds(b, any ? "  " : "");
		value_count(b, parts[i].n);
		buf_addf(b, " %s", parts[i].word);
		any = true;
	}
	if (!any)
		buf_adds(b, "all up");
}

static void add_place(struct buf *b, double lat, double lon, double cell)
{
	int digits = cell < 0.01 ? 3 : cell < 0.1 ? 2 : 1;

	buf_addf(b, "%.*f %c  %.*f %c", digits, fabs(lat), lat < 0 ? 'S' : 'N', digits, fabs(lon),
		lon < 0 ? 'W' : 'E');
}

static void add_name(struct buf *b, const struct map_cell *c)
{
	buf_adds(b, *c->site ? c->site : "no site");
	if (c->mixed)
		buf_adds(b, " ...");
}

static void draw_head(const struct map *s, struct term *t, struct rect r)
{
	const char *filter = s->trial ? s->trial : s->filter;
	struct buf b;
	int at = 1 + draw_text(t, r, 0, 1, slice_of("Map"), ROLE_TITLE);

	buf_init(&b, 4096);
	value_count(&b, (double)s->now.placed);
	buf_adds(&b, " devices");
	if (s->now.outside) {
		buf_adds(&b, ", ");
		value_count(&b, (double)(s->now.placed - s->now.outside));
		buf_adds(&b, " here");
	}
	if (s->now.unplaced) {
		buf_adds(&b, "; ");
		value_count(&b, (double)s->now.unplaced);
		buf_adds(&b, " more have no place");
	}
	if (s->answered)
		at += 2 + draw_text(t, r, 0, at + 2, buf_slice(&b), ROLE_TEXT);
	buf_reset(&b);
	if (filter && *filter) {
		buf_addf(&b, "filter %s", filter);
		draw_field(t, r, 0, at + 3, r.cols - at - 4, buf_slice(&b), ROLE_ACCENT, ALIGN_LEFT);
	}
	buf_fini(&b);
}

/* "o 1 ● 10 ◉ 1,000 up  ◆ a few not ..." */
static void draw_legend(const struct map *s, struct term *t, struct rect r)
{
	static const struct {
		enum map_level level;
		uint32_t devices;
		const char *share, *worst;
	} keys[] = {
		{ MAP_WELL, 1, "1", "1" }, { MAP_WELL, MANY, "10", "10" },
		{ MAP_WELL, MASSES, "1,000 up", "1,000 up" }, { MAP_FEW, 1, "some not", NULL },
		{ MAP_WARN, 1, "5 % not", "one degraded" }, { MAP_CRIT, 1, "10 % lost", "one lost" },
		{ MAP_UNKNOWN, 1, "not heard", "one not heard" },
	};
	const struct map_box *box = &s->land_box;
	double middle = box->north - box->rows * box->lat_cell / 2;
	int at = 1;
	char scale[80];

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const char *word = s->by_worst ? keys[i].worst : keys[i].share;

		if (!word)
			continue;
		draw_glyph(t, r, 0, at, sign_glyph(t, keys[i].level, keys[i].devices),
			signs[keys[i].level].look);
		at += 2 + draw_text(t, r, 0, at + 2, slice_of(word), ROLE_DIM) + 2;
	}
	snprintf(scale, sizeof(scale), "a cell is %.3g x %.3g km",
		box->lon_cell * KM * cos(middle * M_PI / 180), box->lat_cell * KM);
	if (at + (int)sizeof("a cell is 1234 x 1234 km") < r.cols)
		draw_field(t, r, 0, at + 1, r.cols - at - 2, slice_of(scale), ROLE_DIM, ALIGN_RIGHT);
}

/* --- the list --- */

static void draw_entry(const struct map *s, struct term *t, struct rect r, int row, size_t i)
{
	const struct map_cell *c = &s->now.v[i];
	enum map_level l = map_level(s, c);
	bool up = s->st->up;
	struct buf b;

	buf_init(&b, 1024);
	draw_glyph(t, r, row, 1, sign_glyph(t, l, 1), up ? signs[l].look : ROLE_DIM);
	add_name(&b, c);
	draw_field(t, r, row, 3, 16, buf_slice(&b), up ? ROLE_TEXT : ROLE_DIM, ALIGN_LEFT);
	buf_reset(&b);
	value_count(&b, c->devices);
	draw_field(t, r, row, 20, 8, buf_slice(&b), ROLE_DIM, ALIGN_RIGHT);
	buf_reset(&b);
	add_counts(&b, c);
	draw_field(t, r, row, 30, r.cols - 31, buf_slice(&b), up ? signs[l].look : ROLE_DIM,
		ALIGN_LEFT);
	if ((int)i == map_chosen_at(s))
		term_lay(t, r.row + row, r.col, 1, r.cols - 1, LOOK_SELECTED);
	buf_fini(&b);
}

/* What is under the cursor, in full; without one, what there is. */
static void draw_title(const struct map *s, struct term *t, struct rect r)
{
	const struct map_cell *c = map_chosen(s);
	struct buf b;

	buf_init(&b, 1024);
	if (s->chosen) {
		if (c) {
			add_name(&b, c);
			buf_adds(&b, "  ");
		}
		add_place(&b, s->lat, s->lon, s->now.box.lat_cell);
		buf_adds(&b, "  ");
		value_count(&b, c ? c->devices : 0);
		buf_adds(&b, " devices");
		if (c) {
			buf_adds(&b, "  ");
			add_counts(&b, c);
		}
	} else {
		buf_adds(&b, "Places, worst first  ");
		value_count(&b, (double)s->now.n);
	}
	draw_rule(t, r, 0, buf_slice(&b));
	buf_fini(&b);
}

static void draw_list(const struct map *s, struct term *t, struct rect r)
{
	int across = r.cols / LIST_COLS > 1 ? r.cols / LIST_COLS : 1, at = map_chosen_at(s);
	int rows, page, first;

	draw_title(s, t, r);
	rect_cut_top(&r, 1);
	rows = r.rows;
	page = rows * across;
	first = at < 0 || page <= 0 ? 0 : at / page * page;
	for (int i = 0; i < page && first + i < (int)s->now.n; i++) {
		struct rect one = { r.row, r.col + i / rows * (r.cols / across), rows,
			r.cols / across };

		draw_entry(s, t, one, i % rows, (size_t)(first + i));
	}
	if (s->answered && !s->now.n)
		draw_text(t, r, 0, 1, slice_of(s->now.placed ? "no device here; g shows the world" :
			s->now.unplaced ? "none of the devices says where it stands" : "no devices"),
			ROLE_DIM);
}

/* --- all of it --- */

/* The world is wide and low: what it leaves below is the list's. */
static int body_rows(struct rect r)
{
	int room = r.rows > LIST_ROWS + 6 ? r.rows - LIST_ROWS - 1 : r.rows;
	int world = map_world_rows(r.cols);

	return world < room ? world : room;
}

void map_size(struct map *s, struct rect r)
{
	struct rect body;
	bool fresh;

	rect_cut_top(&r, 1);
	body = rect_cut_top(&r, body_rows(r));
	if (body.rows < 1 || body.cols < 8)
		return;
	fresh = !s->fitted || s->view.rows != body.rows || s->view.cols != body.cols;
	s->body = body;
	s->view.rows = body.rows;
	s->view.cols = body.cols;
	if (!fresh)
		return;
	if (s->fitted)
		map_move(&s->view, 0, 0); /* within the new bounds */
	else
		map_fit_world(&s->view);
	s->fitted = true;
	map_ask(s);
}

void map_draw(void *state, struct term *t, struct rect r)
{
	struct map *s = state;
	struct rect head, row;
	struct map_box box;

	map_size(s, r);
	head = rect_cut_top(&r, 1);
	if (r.rows < 1 || r.cols < 8)
		return;
	draw_head(s, t, head);
	rect_cut_top(&r, s->body.rows);
	box = map_box(&s->view);
	draw_land(s, t, &box);
	draw_places(s, t, &box);
	if (r.rows < 2)
		return;
	row = rect_cut_top(&r, 1);
	draw_legend(s, t, row);
	draw_list(s, t, r);
}
