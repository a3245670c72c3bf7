/* The overview's state, shared by its files: overview.c (data, layout), overview_nets.c (a line a
 * network), overview_cards.c (a card a network), overview_more.c (events, ledgers). */
#ifndef UI_SCREEN_OVERVIEW_H
#define UI_SCREEN_OVERVIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/screen/asker.h"
#include "ui/screen/list.h"
#include "ui/widget/heat.h"
#include "ui/widget/histogram.h"

#define OVERVIEW_RATES	120 /* seconds of the rate that are kept */
#define OVERVIEW_NARROW 100 /* cells; below it there is one column */
#define OVERVIEW_WIDE	150 /* from here on there is room for load and course */
#define HEAT_MAX	2048

/* What the strips of networks show. */
enum overview_strip { STRIP_FLEET, STRIP_COURSE, STRIP_DAY, STRIPS };

struct overview {
	struct list networks; /* the cursor is here */
	struct stage *st;
	struct asker asker;
	json_t *status;
	struct client_view *alerts, *warnings, *courses, *loads, *ledgers;
	float rates[OVERVIEW_RATES];
	size_t n_rates;
	bool waiting;
	enum overview_strip strip;
	struct {
		struct histogram h;
		uint64_t warn, error; /* among all */
		bool waiting;
		int cells; /* bars that there is room for */
		int64_t asked_ms;
	} events;
	struct rect cards; /* rows 0: a line a network */
	int across, card_rows;
};

/* overview_nets.c */
void nets_draw(struct overview *s, struct term *t, struct rect r);
/* The most devices that a network in sight has. */
uint64_t nets_most(struct overview *s);
/* Of a row of networks: how many of its devices are up, in percent, rounded down so that 100 is all
 * of them; NaN: it has none. */
double net_share(const json_t *row);
/* The cells of its strip, `per` devices each where it shows the fleet: how many there are. */
size_t net_cells(struct overview *s, const json_t *row, uint64_t per, uint8_t cells[HEAT_MAX],
	size_t room);
/* Its course as health, the newest last. */
size_t net_health(struct overview *s, struct slice name, float *out, size_t max);
/* The first of the metrics that tell how busy devices are.  False: it has none. */
bool net_load(struct overview *s, struct slice name, const char **metric, double *v);
/* "FLEET, worst first (a cell: 50 devices)" */
void overview_strip_title(const struct overview *s, uint64_t per, struct buf *out);
extern const char overview_loads[]; /* fields */

/* overview_cards.c */
/* The rows that cards need of a rectangle; 0: there is no room for them. */
int cards_rows(struct overview *s, struct rect r);
void cards_draw(struct overview *s, struct term *t, struct rect r);
/* The network of the card there; false: none. */
bool cards_at(const struct overview *s, int row, int col, uint64_t *n);

/* overview_more.c */
void overview_events_ask(struct overview *s);
void overview_events_line(struct overview *s, struct term *t, struct rect r);
void overview_events_pane(struct overview *s, struct term *t, struct rect r);
void overview_ledgers_pane(struct overview *s, struct term *t, struct rect r);
/* "chain 19,442,107  2 s ago" of the first; "" when there is none. */
void overview_ledgers_text(struct overview *s, struct buf *out);

#endif
