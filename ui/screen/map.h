/* The map's state, shared by its files: map.c (commands), map_data.c, map_draw.c. */
#ifndef UI_SCREEN_MAP_H
#define UI_SCREEN_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ui/screen/asker.h"
#include "ui/screen/map_view.h"
#include "ui/screen/screen.h"
#include "ui/widget/canvas.h"

enum map_level { MAP_WELL, MAP_UNKNOWN, MAP_FEW, MAP_WARN, MAP_CRIT };

struct map_cell { /* as it was answered: worst first */
	double lat, lon; /* the middle of the cell */
	double mean_lat, mean_lon; /* of its devices */
	uint32_t devices, down, stale, degraded, unknown;
	uint8_t worst; /* rank of a status */
	bool mixed;
	char *site;
};

struct map_answer {
	struct map_cell *v;
	size_t n;
	uint64_t placed, unplaced, outside;
	double extent[4]; /* of all devices that match: west, south, east, north */
	bool any;	  /* there is one */
	struct map_box box;
};

struct map {
	struct stage *st;
	struct asker asker;
	struct map_view view;
	bool fitted; /* the view is set: its size is known */
	struct map_answer now;
	struct map_box asked; /* of the question under way */
	bool answered, waiting, again; /* again: the view changed while an answer was awaited */
	char *first, *filter, *trial;  /* opened with; the user's; being typed */
	struct err refused;
	int refused_at;
	bool by_worst; /* one device that is down makes its place bad */
	bool chosen;   /* a place is under the cursor: */
	double lat, lon, reach_lat, reach_lon; /* and how far around, as large as its cell was */
	struct rect body;
	struct canvas land; /* coasts, drawn for land_box */
	struct map_box land_box;
	int drag_row, drag_col;
	bool dragging, dragged;
};

/* map_data.c */
void map_ask(struct map *s);
void map_answer_fini(struct map_answer *a);
/* The cell under the cursor in what was answered; NULL: no device is there. */
const struct map_cell *map_chosen(const struct map *s);
/* Its place in the list, or -1. */
int map_chosen_at(const struct map *s);
void map_choose(struct map *s, const struct map_cell *c);
enum map_level map_level(const struct map *s, const struct map_cell *c);
/* "devices ..." with a filter for what is in the cell under the cursor, where there must be one;
 * the caller frees. */
char *map_devices_line(const struct map *s);

/* map_draw.c */
/* Takes a page's size: the view is fitted to it, and asked for when it is another. */
void map_size(struct map *s, struct rect r);
void map_draw(void *state, struct term *t, struct rect r);

#endif
