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
#define DEVICE_OVER   (PLOT_SERIES_MAX - 1) /* values laid over the chosen one */
#define DEVICE_FETCH  (PLOT_SERIES_MAX + DEVICE_PLOTS)
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
	struct plot_point *band; /* where it is usual */
	size_t n_band;
	struct plot_point *range; /* forecast */
	float *mid;
	size_t n_range;
};

struct device {
	struct stage *st;
	struct asker asker;
	char *id;
	json_t *row, *events; /* of the last answer; NULL: none yet */
	json_t **series;      /* its series, the telling ones first; borrowed from `answer` */
	size_t n_series;
	json_t *answer;
	json_t *registered; /* the log of its registration; NULL: none */
	int64_t chain_ms;
	struct table table;
	char *chosen; /* key of the series under the cursor */
	char *over[DEVICE_OVER]; /* keys of the series laid over it in the first plot */
	size_t n_over;
	struct device_series plots[DEVICE_FETCH], sparks[DEVICE_SPARKS];
	size_t n_sparks;
	int64_t span_ms, back_ms; /* what the plots show: a span that ended back_ms ago */
	int64_t cursor_ms;	  /* read-out, as its distance from the plot's end; 0: none */
	int64_t asked_ms, plots_ms, sparks_ms;
	int64_t to_ms;		  /* the end of what the plots hold */
	bool zoomed; /* the user chose the span */
	bool on, waiting, plots_waiting, sparks_waiting;
	struct err wrong;
	struct rect values, plot; /* plot: the first one's lines */
	int64_t plot_from, plot_to;
	struct { /* of the mouse */
		int button; /* 0: none */
		int col;
		int64_t back_ms, at_ms;
		bool moved;
	} drag;
	struct buf text;
	float spark[SPARK_POINTS];
	int n_plots, plot_cols;
};

struct slice device_key(const struct device *s, size_t i); /* of a series */
/* Its place among those laid over the chosen one, or -1. */
int device_over(const struct device *s, struct slice key);
struct slice device_unit(const struct device *s, struct slice key);
/* Asks for what the plots need, if it is time to; `now`: in any case. */
void device_ask_history(struct device *s, bool now);
void device_history_fini(struct device *s);
struct device_series *device_plot(struct device *s, struct slice key); /* NULL: none yet */
const struct device_series *device_spark(const struct device *s, struct slice key);

void device_draw_plots(struct device *s, struct term *t, struct rect r);

/* device_chain.c: what ledgers say of it */
void device_ask_chain(struct device *s); /* now and then */
void device_draw_chain(struct device *s, struct term *t, struct rect r); /* one row */

/* device_mouse.c: the plots under the mouse */
void device_mouse(void *state, const struct term_event *ev);
void device_span(struct device *s, int64_t span_ms); /* chosen by the user */
void device_chose(struct device *s);
void device_draw(void *state, struct term *t, struct rect r);

#endif
