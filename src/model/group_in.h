/* What the files of the groups share: the columns asked for, the table that is filled. */
#ifndef MODEL_GROUP_IN_H
#define MODEL_GROUP_IN_H

#include "model/group.h"
#include "model/operand.h"

#define GROUP_KEYS_MAX 8
#define GROUP_COLS_MAX 256
#define GROUP_TOTALS_MAX 64

enum total_kind { TOTAL_AVG, TOTAL_SUM, TOTAL_MIN, TOTAL_MAX, TOTAL_COUNT };

struct total { /* a number of the devices, taken together */
	enum total_kind kind;
	struct operand of;
};

/* A column of groups: a field, then what they go by, then the totals. */
enum { GROUP_ID, GROUP_DEVICES, GROUP_STATUS, GROUP_UP, GROUP_DEGRADED, GROUP_STALE, GROUP_DOWN,
	GROUP_UNKNOWN, GROUP_HEALTH, GROUP_HEALTH_MIN, GROUP_LAST_SEEN, GROUP_BY,
	GROUP_TOTAL = GROUP_BY + GROUPS_BY_MAX };

struct group_col {
	char *key; /* its name in JSON */
	int col;
};

struct group_key {
	int col;
	bool desc;
};

struct cell {
	double v;
	uint64_t n;
};

struct group {
	char *id; /* the parts with / between them */
	uint32_t id_n;
	struct {
		uint32_t at, n; /* in id; n 0: the devices have none */
	} part[GROUPS_BY_MAX];
	uint32_t code[GROUPS_BY_MAX]; /* of its devices' texts, in this slice */
	uint32_t by_status[5], devices, health_n;
	uint64_t health_sum;
	int64_t last_seen_ms;
	uint64_t order; /* the first sort key */
	uint8_t health_min;
	bool others;
};

static inline struct slice group_id(const struct group *x)
{
	return slice_mem(x->id, x->id_n);
}

static inline struct slice group_part(const struct group *x, unsigned i)
{
	return slice_mem(x->id + x->part[i].at, x->part[i].n);
}

struct table {
	struct group *v;
	struct cell *cells; /* totals_n of each group */
	uint32_t *order;    /* of the groups that are shown */
	uint32_t n, cap, order_n;
	struct index by_text;
};

struct groups {
	const struct rows *rows;
	unsigned by[GROUPS_BY_MAX], by_n;
	struct group_col *cols;
	unsigned cols_n;
	struct group_key keys[GROUP_KEYS_MAX];
	unsigned keys_n;
	struct total *totals;
	unsigned totals_n;
	struct table now, done;
	struct codes codes[GROUPS_BY_MAX];
	struct index by_code; /* only of this slice: numbers of texts are used again */
};

/* group_col.c: columns as they are named, and what stands in them. */
int group_by_read(struct groups *g, struct slice by, struct err *e);
int group_fields_read(struct groups *g, struct slice fields, struct err *e);
int group_sort_read(struct groups *g, struct slice sort, struct err *e);
void group_cols_fini(struct groups *g);
void group_value(const struct groups *g, const struct table *t, uint32_t i, int col,
	struct value *v);

#endif
