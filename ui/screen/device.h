/* Inside the device screen: what its files share. */
#ifndef UI_SCREEN_DEVICE_H
#define UI_SCREEN_DEVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/screen/asker.h"
#include "ui/screen/screen.h"
#include "ui/widget/plot.h"
#include "ui/widget/table.h"

#define DEVICE_PLOTS  3
#define DEVICE_SPARKS 16 /* series with a sparkline: as many as one question may ask */
#define SPARK_POINTS  24
#define DEVICE_SPAN   (15 * 60 * 1000) /* of the plots, at first */
#define DEVICE_SPANS  7

/* Spans that + and - go through, in milliseconds. */
extern const int64_t device_spans[DEVICE_SPANS];

struct device_series { /* values over time, as `history` gave them */
	char *key;
	struct plot_point *pts;
	size_t n;
};

struct device {
	struct stage *st;
	struct asker asker;
	char *id;
	json_t *row, *events; /* of the last answer; NULL: none yet */
	json_t **series;      /* its series, the telling ones first; borrowed from `answer` */
	size_t n_series;
	json_t *answer;
	struct table table;
	char *chosen; /* key of the series under the cursor */
	struct device_series plots[DEVICE_PLOTS], sparks[DEVICE_SPARKS];
	size_t n_sparks;
	int64_t span_ms, back_ms; /* what the plots show: a span that ended back_ms ago */
	int64_t cursor_ms;	  /* read-out, as its distance from the plot's end; 0: none */
	int64_t asked_ms, plots_ms, sparks_ms;
	int64_t to_ms;		  /* the end of what the plots hold */
	bool zoomed; /* the user chose the span */
	bool on, waiting, plots_waiting, sparks_waiting;
	struct err wrong;
	struct rect values, plot;
	struct buf text;
	float spark[SPARK_POINTS];
	int n_plots, plot_cols;
};

struct slice device_key(const struct device *s, size_t i); /* of a series */
struct slice device_unit(const struct device *s, struct slice key);
/* Asks for what the plots need, if it is time to; `now`: in any case. */
void device_ask_history(struct device *s, bool now);
void device_history_fini(struct device *s);
const struct device_series *device_spark(const struct device *s, struct slice key);
void device_draw(void *state, struct term *t, struct rect r);

#endif
