/* Networks, a line each: how many are well, and the fleet or its course as a strip of heat. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/json.h"
#include "client/view.h"
#include "ui/screen/overview.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/spark.h"

#define STRIP_MAX 200

/* Where the columns of a line stand. */
enum { AT_NAME = 2, AT_DEVICES = 17, AT_UP = 26, AT_BAD = 36, AT_HEALTH = 64 };

struct places { /* of what is not always there; 0: it is not */
	int bar, spark, load, events, strip;
};

static struct places places_of(int cols)
{
	if (cols >= OVERVIEW_WIDE)
		return (struct places){ 8, 80, 98, 118, 129 };
	return cols >= 90 ? (struct places){ .bar = 8, .strip = 80 } : (struct places){ .strip = 71 };
}

/* --- heat --- */

/* Of a row of networks: devices by level of heat. */
static void net_heat(const json_t *row, uint64_t counts[HEAT_LEVELS])
{
	static const uint8_t of_part[] = { 4, 4, 3, 3, 3, 2, 2, 1, 1, 0 }; /* health 0-9, 10-19 .. */
	const json_t *parts = json_object_get(row, "by_health"), *part;
	int64_t unknown = json_i64(row, "devices", 0);
	size_t i;

	memset(counts, 0, HEAT_LEVELS * sizeof(*counts));
	json_array_foreach((json_t *)parts, i, part) {
		json_int_t n = json_integer_value(part);

		if (i < ARRAY_LEN(of_part) && n > 0) {
			counts[of_part[i]] += (uint64_t)n;
			unknown -= n;
		}
	}
	counts[1] += unknown > 0 ? (uint64_t)unknown : 0;
}

uint64_t nets_most(struct overview *s)
{
	uint64_t most = 1;

	for (uint64_t i = 0; i < s->networks.table.total; i++) {
		int64_t n = json_i64(list_row(&s->networks, i), "devices", 0);

		most = n > 0 && (uint64_t)n > most ? (uint64_t)n : most;
	}
	return most;
}

/* What overview.courses or .loads has of a network; NULL: nothing. */
static const json_t *net_row(struct client_view *v, const char *key, struct slice name)
{
	for (size_t i = 0; v && i < client_view_n(v); i++) {
		const json_t *row = client_view_row(v, i);

		if (slice_eq(row_text(row, key), name))
			return row;
	}
	return NULL;
}

static const json_t *course(struct overview *s, struct slice name, const char *what)
{
	const json_t *row = net_row(s->courses, "name", name);

	return json_object_get(json_object_get(row, s->strip == STRIP_DAY ? "course_day" : "course"),
		what);
}

static uint8_t lost_level(const json_t *v)
{
	double lost = json_number_value(v);

	if (!json_is_number(v))
		return HEAT_NOTHING;
	return lost <= 0 ? 0 : lost < 1 ? 1 : lost < 5 ? 2 : lost < 20 ? 3 : 4;
}

/* Its course as levels by what was lost; the newest last. */
static size_t net_levels(struct overview *s, struct slice name, uint8_t levels[HEAT_MAX])
{
	const json_t *lost = course(s, name, "lost");
	size_t n = json_array_size(lost);

	n = n < HEAT_MAX ? n : HEAT_MAX;
	for (size_t i = 0; i < n; i++)
		levels[i] = lost_level(json_array_get(lost, i));
	return n;
}

size_t net_cells(struct overview *s, const json_t *row, uint64_t per, uint8_t cells[HEAT_MAX],
	size_t room)
{
	uint8_t levels[HEAT_MAX];
	uint64_t counts[HEAT_LEVELS];

	room = room < HEAT_MAX ? room : HEAT_MAX;
	if (s->strip == STRIP_FLEET) {
		net_heat(row, counts);
		return heat_fill(counts, per, cells, room);
	}
	return heat_squeeze(levels, net_levels(s, row_text(row, "name"), levels), cells, room);
}

size_t net_health(struct overview *s, struct slice name, float *out, size_t max)
{
	const json_t *v = course(s, name, "health");
	size_t n = json_array_size(v), from = n > max ? n - max : 0;

	for (size_t i = from; i < n; i++) {
		const json_t *one = json_array_get(v, i);

		out[i - from] = json_is_number(one) ? (float)json_number_value(one) : NAN;
	}
	return n - from;
}

double net_share(const json_t *row)
{
	double n = json_f64(row, "devices", 0);

	return n > 0 ? floor(1000 * json_f64(row, "up", 0) / n) / 10 : NAN;
}

/* --- load --- */

static const char *const loads[] = { "util", "utilization", "load", "cpu", "channel_busy", "soc",
	"level" };
const char overview_loads[] = "network,util,utilization,load,cpu,channel_busy,soc,level";

bool net_load(struct overview *s, struct slice name, const char **metric, double *v)
{
	const json_t *row = net_row(s->loads, "network", name);

	for (size_t i = 0; row && i < ARRAY_LEN(loads); i++) {
		*v = row_num(row, loads[i]);
		if (!(*v >= 0 && *v <= 1))
			continue;
		*metric = loads[i];
		return true;
	}
	return false;
}

/* --- a line --- */

void overview_strip_title(const struct overview *s, uint64_t per, struct buf *out)
{
	if (s->strip == STRIP_FLEET) {
		buf_adds(out, "FLEET, worst first; a cell: ");
		value_count(out, (double)per);
		buf_adds(out, per == 1 ? " device" : " devices");
	} else {
		buf_adds(out, s->strip == STRIP_DAY ? "LOST, 24 hours to now" :
			"LOST, 30 minutes to now");
	}
}

static int strip_room(struct rect r, const struct places *p)
{
	int room = r.cols - p->strip - 1;

	return room > STRIP_MAX ? STRIP_MAX : room;
}

static void draw_bad(struct term *t, struct rect r, int line, const json_t *row, bool up)
{
	static const char *const fields[] = { "degraded", "stale", "down" };
	struct buf b;

	buf_init(&b, 40);
	for (int i = 0; i < (int)ARRAY_LEN(fields); i++) {
		double v = json_f64(row, fields[i], 0);

		buf_reset(&b);
		value_count(&b, v);
		draw_field(t, r, line, AT_BAD + 9 * i, 8, v > 0 ? buf_slice(&b) : slice_of("·"),
			!up || v <= 0 ? ROLE_DIM : sign_of(slice_of(fields[i])).look, ALIGN_RIGHT);
	}
	buf_fini(&b);
}

static void draw_health(struct term *t, struct rect r, int line, double v, int bar, bool up)
{
	char text[16];
	uint16_t look = up ? percent_look(v) : ROLE_DIM;

	if (isnan(v))
		return;
	bar_draw(t, r, line, AT_HEALTH, bar, v / 100, look == ROLE_TEXT ? ROLE_GAUGE : look);
	snprintf(text, sizeof(text), "%.0f %%", v);
	draw_field(t, r, line, AT_HEALTH + bar + (bar > 0), 5, slice_of(text), look, ALIGN_RIGHT);
}

static void draw_wide(struct overview *s, struct term *t, struct rect r, int line, const json_t *row,
	const struct places *p)
{
	bool up = s->st->up;
	struct slice name = row_text(row, "name");
	const char *metric;
	float health[16];
	char text[32];
	double v;

	spark_draw(t, r, line, p->spark, 16, health, net_health(s, name, health, 16), 0, 100,
		up ? ROLE_SPARK : ROLE_DIM);
	if (net_load(s, name, &metric, &v)) {
		draw_field(t, r, line, p->load, 5, slice_of(metric), ROLE_DIM, ALIGN_LEFT);
		bar_draw(t, r, line, p->load + 6, 7, v, up ? ROLE_GAUGE : ROLE_DIM);
		snprintf(text, sizeof(text), "%.0f %%", 100 * v);
		draw_field(t, r, line, p->load + 13, 6, slice_of(text), up ? ROLE_TEXT : ROLE_DIM,
			ALIGN_RIGHT);
	}
	v = row_num(row, "events_rate");
	snprintf(text, sizeof(text), isnan(v) ? "-" : v < 0.05 ? "·" : v < 10 ? "%.1f/s" : "%.0f/s", v);
	draw_field(t, r, line, p->events, 9, slice_of(text), !(v >= 0.05) || !up ? ROLE_DIM : ROLE_TEXT,
		ALIGN_RIGHT);
}

static void draw_line(struct overview *s, struct term *t, struct rect r, int line, uint64_t n,
	uint64_t per)
{
	const json_t *row = list_row(&s->networks, n);
	struct places p = places_of(r.cols);
	double share = net_share(row);
	uint16_t look = s->st->up ? ROLE_TEXT : ROLE_DIM;
	uint8_t cells[HEAT_MAX];
	int room = strip_room(r, &p);
	struct buf b;

	buf_init(&b, 64);
	draw_field(t, r, line, AT_NAME, 14, row_text(row, "name"), look, ALIGN_LEFT);
	value_count(&b, json_f64(row, "devices", 0));
	draw_field(t, r, line, AT_DEVICES, 8, buf_slice(&b), look, ALIGN_RIGHT);
	buf_reset(&b);
	if (!isnan(share))
		buf_addf(&b, "%.1f %%", share);
	draw_field(t, r, line, AT_UP, 9, buf_slice(&b), s->st->up ? percent_look(share) : ROLE_DIM,
		ALIGN_RIGHT);
	buf_fini(&b);
	draw_bad(t, r, line, row, s->st->up);
	draw_health(t, r, line, row_num(row, "health"), p.bar, s->st->up);
	if (p.spark)
		draw_wide(s, t, r, line, row, &p);
	if (room > 4)
		heat_draw(t, (struct rect){ r.row + line, r.col + p.strip, 1, room }, cells,
			net_cells(s, row, per, cells, (size_t)room));
	if (n == s->networks.table.cursor && s->networks.sticky) {
		draw_glyph(t, r, line, 0, 0x203a, ROLE_ACCENT);
		term_lay(t, r.row + line, r.col, 1, r.cols, LOOK_SELECTED);
	}
}

static void draw_titles(struct overview *s, struct term *t, struct rect r, uint64_t per)
{
	struct places p = places_of(r.cols);
	struct buf b;

	draw_text(t, r, 0, AT_NAME, slice_of("NETWORK"), ROLE_HEADER);
	draw_field(t, r, 0, AT_DEVICES, 8, slice_of("DEVICES"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_UP, 9, slice_of("UP"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD, 8, slice_of("DEGRADED"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD + 9, 8, slice_of("STALE"), ROLE_HEADER, ALIGN_RIGHT);
	draw_field(t, r, 0, AT_BAD + 18, 8, slice_of("DOWN"), ROLE_HEADER, ALIGN_RIGHT);
	draw_text(t, r, 0, AT_HEALTH, slice_of("HEALTH"), ROLE_HEADER);
	if (p.load)
		draw_text(t, r, 0, p.load, slice_of("LOAD"), ROLE_HEADER);
	if (p.events)
		draw_field(t, r, 0, p.events, 9, slice_of("EVENTS"), ROLE_HEADER, ALIGN_RIGHT);
	if (strip_room(r, &p) <= 4)
		return;
	buf_init(&b, 100);
	overview_strip_title(s, per, &b);
	draw_field(t, r, 0, p.strip, r.cols - p.strip - 1, strip_room(r, &p) < 24 ?
		slice_of(s->strip == STRIP_FLEET ? "FLEET" : "LOST") : buf_slice(&b), ROLE_HEADER,
		ALIGN_LEFT);
	buf_fini(&b);
}

void nets_draw(struct overview *s, struct term *t, struct rect r)
{
	struct places p = places_of(r.cols);
	uint64_t first, per = heat_scale(nets_most(s), strip_room(r, &p));
	int count;

	s->networks.rect = r;
	table_window(&s->networks.table, r.rows, &first, &count);
	draw_titles(s, t, r, per);
	for (int i = 0; i < count; i++)
		draw_line(s, t, r, i + 1, first + (uint64_t)i, per);
	if (!s->networks.table.total && s->status)
		draw_text(t, r, 1, 2, slice_of("no network yet: its first device brings it"), ROLE_DIM);
}
