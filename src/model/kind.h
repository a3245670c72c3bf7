/*
 * A kind of rows from the inside: how to walk them and what stands in each column.  query.h shows
 * the outside.  A row that is gone (an old event) has no values.
 */
#ifndef MODEL_KIND_H
#define MODEL_KIND_H

#include "base/json.h"
#include "model/query.h"
#include "model/state.h"

#define ROW_NONE UINT64_MAX

enum value_type { V_NONE, V_STR, V_NUM, V_INT, V_TIME, V_ENUM, V_BOOL };

struct value {
	enum value_type type;
	struct slice s; /* V_STR, V_ENUM, V_BOOL; may point into tmp */
	union {
		double d;   /* V_NUM */
		uint64_t u; /* V_INT; V_ENUM and V_BOOL: the rank */
		int64_t ms; /* V_TIME */
	};
	char tmp[72];
};

struct word { /* of an enum: its text and its rank in comparisons */
	const char *text;
	unsigned rank;
};

struct codes { /* of a column: a number for each row's text, side by side at equal distances */
	const char *at;
	size_t stride;
	uint32_t top;  /* they are below it; all others are one */
	uint8_t width; /* bytes: 2, 4 or 8 */
	uint8_t shift; /* of 8 bytes: the bits above it are the number */
};

struct rows {
	const struct kind *kind;
	uint64_t (*total)(const struct model *m);
	/* The row that follows `row` (ROW_NONE: the first), ROW_NONE at the end. */
	uint64_t (*next)(const struct model *m, uint64_t row);
	uint64_t (*prev)(const struct model *m, uint64_t row); /* only where tail is set */
	void (*value)(const struct model *m, uint64_t row, unsigned col, struct value *v);
	void (*json)(const struct model *m, uint64_t row, unsigned col, struct jw *w);
	const struct word *(*words)(unsigned col); /* of an enum column, ends with text NULL */
	/* Of the columns in `ordered`, as bits: what order_text() and order_rank() give, for sorts
	 * that look at every row. */
	uint64_t (*order)(const struct model *m, uint64_t row, unsigned col);
	uint32_t ordered;
	/* NULL, or a number for each row in the order of `sort`: equal ones are told apart by the
	 * keys behind the first.  ORDER_NONE: the row is gone. */
	const uint64_t *(*kept)(const struct model *m);
	const char *sort;     /* the kind's own order; "" as the rows stand */
	const char *names[4]; /* columns that query_spec.names is compared with */
	uint32_t shared;      /* columns whose texts are interned or constant, as bits */
	/* NULL, or where the numbers of the texts of a shared column stand: equal texts have equal ones. */
	void (*codes)(const struct model *m, unsigned col, struct codes *c);
	/* NULL, or rows are numbered from 0 to end - 1, but for those that are gone: as many as end is
	 * above total. */
	uint64_t (*end)(const struct model *m);
	bool (*gone)(const struct model *m, uint64_t row);
	bool tail;	      /* a window without sort counts from the newest row */
	bool metrics;	      /* a name that is no column is a metric */
};

const struct rows *rows_of(const struct kind *k);
int kind_column(const struct kind *k, struct slice name); /* -1: none */

extern const struct rows rows_devices, rows_metrics, rows_events, rows_networks, rows_sources,
	rows_ledgers, rows_blocks, rows_logs, rows_alerts, rows_silences;

extern const struct word status_words[];

#define METRIC_HINTS 16

/* A device's metric by name, the `cpu` or `disk_free{mount="/"}` of filters and fields. */
struct metric {
	struct slice name, labels; /* point into text */
	char *text;
	uint32_t name_id, labels_id; /* as of the last metric_resolve(), UINT32_MAX: unheard of */
	uint32_t hint[METRIC_HINTS]; /* by kind of device: where the last one had it */
};
int metric_init(struct metric *x, struct slice text); /* -1: not a metric's name */
void metric_fini(struct metric *x);
void metric_resolve(struct metric *x, const struct model *m);
/* Its current value; false when there is none. */
bool metric_value(struct metric *x, const struct model *m, uint32_t device, double *v);
/* Its series; MODEL_NONE when the device has none. */
uint32_t metric_series(struct metric *x, const struct model *m, uint32_t device);

#define ORDER_NONE UINT64_MAX /* no value: behind all others */

/* Memory that metric_value() will want is asked for: of row i of n, where i runs up to them all. */
void metric_prefetch(struct metric *x, const struct model *m, const uint64_t *rows, size_t n,
	size_t i);

static inline uint32_t code_of(const struct codes *c, uint64_t row)
{
	const char *p = c->at + row * c->stride;
	uint64_t wide;
	uint32_t code;
	uint16_t few;

	switch (c->width) {
	case 2:
		memcpy(&few, p, sizeof(few));
		code = few;
		break;
	case 4:
		memcpy(&code, p, sizeof(code));
		break;
	default:
		memcpy(&wide, p, sizeof(wide));
		code = (uint32_t)(wide >> c->shift);
	}
	return code < c->top ? code : c->top;
}

/* A text in the order of its first eight bytes, a rank in its own. */
static inline uint64_t order_text(struct slice s)
{
	uint64_t v = 0;

	if (!s.n)
		return ORDER_NONE;
	if (s.n >= 8) {
		memcpy(&v, s.p, 8);
		return __builtin_bswap64(v);
	}
	for (size_t i = 0; i < s.n; i++)
		v |= (uint64_t)(unsigned char)s.p[i] << (56 - 8 * i);
	return v;
}

/* No value stays behind all others, whichever way. */
static inline uint64_t order_way(uint64_t k, bool desc)
{
	return k == ORDER_NONE || !desc ? k : ~k;
}

static inline uint64_t order_rank(uint64_t rank)
{
	return rank < UINT64_MAX - 2 ? rank + 1 : UINT64_MAX - 1;
}

static inline void v_str(struct value *v, struct slice s)
{
	v->type = s.n ? V_STR : V_NONE;
	v->s = s;
}

static inline void v_num(struct value *v, double d)
{
	v->type = d != d ? V_NONE : V_NUM;
	v->d = d;
}

static inline void v_int(struct value *v, uint64_t u)
{
	v->type = V_INT;
	v->u = u;
}

static inline void v_time(struct value *v, int64_t ms)
{
	v->type = ms ? V_TIME : V_NONE;
	v->ms = ms;
}

void v_word(struct value *v, const struct word *w);
void v_bool(struct value *v, bool b);
void v_hex(struct value *v, const unsigned char *p, size_t n); /* n <= 32 */
void v_age(struct value *v, const struct model *m, int64_t at_ms); /* seconds */
void v_device(struct value *v, const struct model *m, uint32_t device);   /* its id */
void v_network(struct value *v, const struct model *m, uint32_t device);  /* its network */
void v_alert(struct value *v, const struct alert *a);			  /* its id; NULL: none */

/* The value as a number: times in milliseconds, enums by rank. */
bool value_number(const struct value *v, double *out);
void value_json(const struct value *v, struct jw *w);
/* A number in the order of the values, never ORDER_NONE but for no value, and never 0, so that its
 * complement is not ORDER_NONE either (strings of zero bytes apart: there value_cmp() decides). */
uint64_t value_order(const struct value *v);
/* Absent values come last, whichever way. */
int value_cmp(const struct value *a, const struct value *b, bool desc);

#endif
