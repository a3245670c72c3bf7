/* Numbers, ages and states as people read and write them. */
#ifndef UI_SCREEN_VALUE_H
#define UI_SCREEN_VALUE_H

#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

struct histogram;

/* 99,871 */
void value_count(struct buf *b, double v);
/* "41.2 °C" "84 %" "2.1 GiB" "310 W": a ratio as percent, prefixes where they help. */
void value_unit(struct buf *b, double v, struct slice unit);
/* How a unit is written, and what a value is multiplied by to be in it. */
struct slice value_sign(struct slice unit, double *times);
/* How far away: "now" "8 s" "3 min" "2 h" "4 d"; coarser the longer, so that it changes seldom. */
void value_age(struct buf *b, int64_t ms);
/* "14:32:07" today, "21 Nov 14:32" before; UTC. */
void value_time(struct buf *b, int64_t unix_ms, int64_t now_ms);
/* A whole number of seconds or less, exact: "2.0 s" "40 ms" "5 min". */
void value_span(struct buf *b, double ms);

/* A state's glyph and colour: "up", "stale", "error" ... */
struct sign {
	uint32_t glyph;
	uint16_t look;
};
struct sign sign_of(struct slice word);

/* Of a share of what is well, 0..100: calm while all is well. */
uint16_t percent_look(double v);

/* "devices network='io.net'": a command line whose filter is one comparison, quoted for whatever
 * the value holds.  The caller frees. */
char *filter_line(const char *command, const char *field, struct slice value);

/* Adds one comparison, `field op 'value'`, quoted for whatever the value holds. */
void filter_add(struct buf *b, const char *field, const char *op, struct slice value);

/* The number behind an action, `move -10`; 1 where none stands, within a hundred million. */
int value_arg(struct slice arg, int64_t *n, struct err *e);

/* A member of a row: the text of a string, "" for anything else. */
struct slice row_text(const json_t *row, const char *key);
/* NaN when absent. */
double row_num(const json_t *row, const char *key);
/* A time as Unix milliseconds; 0 when absent. */
int64_t row_time(const json_t *row, const char *key);

/* What the collector answers about events over time; h->v grows as needed. */
void value_bars(const json_t *answer, struct histogram *h);

/* Bytes to the comma that ends the first name of a list: commas in braces and in brackets are a
 * name's own, as in disk{a="x",b="y"}. */
size_t name_end(const char *names);

#endif
