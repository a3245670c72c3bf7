/* What a map shows: asked for, again and again; the place under the cursor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "client/view.h"
#include "ui/screen/map.h"
#include "ui/screen/value.h"

enum { X, Y, DEVICES, WORST, DOWN, STALE, DEGRADED, UNKNOWN, SITE, MIXED, LAT, LON };

void map_answer_fini(struct map_answer *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->v[i].site);
	free(a->v);
	*a = (struct map_answer){ 0 };
}

/* --- the answer --- */

static uint32_t part(const json_t *cell, size_t i)
{
	json_int_t v = json_integer_value(json_array_get(cell, i));

	return v > 0 && v < UINT32_MAX ? (uint32_t)v : 0;
}

static void take_cell(struct map_cell *c, const json_t *j, const struct map_box *box)
{
	const char *site = json_string_value(json_array_get(j, SITE));

	*c = (struct map_cell){ .devices = part(j, DEVICES), .down = part(j, DOWN),
		.stale = part(j, STALE), .degraded = part(j, DEGRADED), .unknown = part(j, UNKNOWN),
		.worst = (uint8_t)part(j, WORST), .mixed = json_is_true(json_array_get(j, MIXED)),
		.site = xstrdup(site ? site : "") };
	map_box_place(box, (int)part(j, Y), (int)part(j, X), &c->lat, &c->lon);
	c->mean_lat = json_number_value(json_array_get(j, LAT));
	c->mean_lon = json_number_value(json_array_get(j, LON));
}

static void take(struct map *s, const json_t *answer, const struct map_box *box)
{
	const json_t *cells = json_object_get(answer, "cells"), *c;
	const json_t *extent = json_object_get(answer, "extent");
	struct map_answer *a = &s->now;
	size_t i;

	map_answer_fini(a);
	a->box = *box;
	a->v = xcalloc(json_array_size(cells) + 1, sizeof(*a->v));
	json_array_foreach((json_t *)cells, i, c)
		take_cell(&a->v[a->n++], c, box);
	a->placed = (uint64_t)json_i64(answer, "placed", 0);
	a->unplaced = (uint64_t)json_i64(answer, "unplaced", 0);
	a->outside = (uint64_t)json_i64(answer, "outside", 0);
	a->any = json_array_size(extent) == 4;
	for (i = 0; i < 4 && a->any; i++)
		a->extent[i] = json_number_value(json_array_get(extent, i));
}

/* --- asking --- */

static void choose_again(struct map *s);

static void answered(void *arg, const json_t *answer, const struct err *e)
{
	struct map *s = arg;

	s->waiting = false;
	if (answer) {
		take(s, answer, &s->asked);
		choose_again(s);
		s->answered = true;
		s->refused.class = ERR_NONE;
	} else if (e->class == ERR_USAGE) {
		s->refused = *e;
		s->refused_at = client_error_at(e);
	}
	if (s->again)
		map_ask(s);
	s->st->dirty(s->st->arg);
}

static void write_question(struct jw *w, const struct map *s, const struct map_box *b)
{
	const char *filter = s->trial ? s->trial : s->filter;

	jw_object(w);
	jw_key(w, "filter"), jw_str(w, slice_of(filter ? filter : ""));
	jw_key(w, "west"), jw_f64(w, b->west);
	jw_key(w, "south"), jw_f64(w, map_box_south(b));
	jw_key(w, "east"), jw_f64(w, map_box_east(b));
	jw_key(w, "north"), jw_f64(w, b->north);
	jw_key(w, "cols"), jw_i64(w, b->cols);
	jw_key(w, "rows"), jw_i64(w, b->rows);
	jw_end(w);
}

void map_ask(struct map *s)
{
	struct buf b;
	struct jw w;

	s->again = s->waiting;
	if (s->waiting || !s->fitted || !s->st->client || !s->st->up)
		return;
	s->asked = map_box(&s->view);
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	write_question(&w, s, &s->asked);
	s->waiting = true;
	asker_call(&s->asker, s->st->client, "cells", buf_slice(&b), answered, s);
	buf_fini(&b);
}

/* --- the cursor --- */

static bool within(const struct map_cell *c, double lat, double lon, double lat_off,
	double lon_off)
{
	return fabs(c->lat - lat) <= lat_off && fabs(lon_round(c->lon - lon)) <= lon_off;
}

int map_chosen_at(const struct map *s)
{
	const struct map_box *b = &s->now.box;

	for (size_t i = 0; s->chosen && i < s->now.n; i++)
		if (within(&s->now.v[i], s->lat, s->lon, b->lat_cell / 2, b->lon_cell / 2))
			return (int)i;
	return -1;
}

const struct map_cell *map_chosen(const struct map *s)
{
	int i = map_chosen_at(s);

	return i < 0 ? NULL : &s->now.v[i];
}

void map_choose(struct map *s, const struct map_cell *c)
{
	s->chosen = c != NULL;
	if (!c)
		return;
	s->lat = c->mean_lat;
	s->lon = c->mean_lon;
	s->reach_lat = s->now.box.lat_cell;
	s->reach_lon = s->now.box.lon_cell;
}

/* Seen closer, a place is many: the cursor goes to the worst of those that it stood for. */
static void choose_again(struct map *s)
{
	if (!s->chosen || map_chosen_at(s) >= 0)
		return;
	for (size_t i = 0; i < s->now.n; i++)
		if (within(&s->now.v[i], s->lat, s->lon, s->reach_lat, s->reach_lon)) {
			map_choose(s, &s->now.v[i]);
			return;
		}
}

/* Of how many are not as they should be; the few that always are do not colour the world red. */
enum map_level map_level(const struct map *s, const struct map_cell *c)
{
	static const uint8_t of_worst[] = { MAP_WELL, MAP_UNKNOWN, MAP_WARN, MAP_CRIT, MAP_CRIT };
	uint32_t lost = c->down + c->stale, bad = lost + c->degraded;

	if (s->by_worst)
		return of_worst[c->worst < ARRAY_LEN(of_worst) ? c->worst : 0];
	if (c->unknown == c->devices)
		return MAP_UNKNOWN;
	if ((uint64_t)lost * 10 >= c->devices)
		return MAP_CRIT;
	if ((uint64_t)bad * 20 >= c->devices)
		return MAP_WARN;
	return bad ? MAP_FEW : MAP_WELL;
}

char *map_devices_line(const struct map *s)
{
	const struct map_box *b = &s->now.box;
	const struct map_cell *c = map_chosen(s);
	const char *own = s->filter;
	double north = c->lat + b->lat_cell / 2, west = lon_round(c->lon - b->lon_cell / 2);
	double east = west + b->lon_cell;
	char lon[120];

	if (east > 180)
		snprintf(lon, sizeof(lon), "(lon>=%.5f or lon<%.5f)", west, east - 360);
	else
		snprintf(lon, sizeof(lon), "lon>=%.5f and lon<%.5f", west, east);
	return xasprintf("devices %s%s%slat>%.5f and lat<=%.5f and %s", own ? "(" : "", own ? own : "",
		own ? ") and " : "", north - b->lat_cell, north, lon);
}
