/* The columns of a kind, as the collector's `schema` gives them. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

enum cell_type {
	CELL_STR,
	CELL_NUM,
	CELL_INT,
	CELL_TIME,
	CELL_AGE,
	CELL_BYTES,
	CELL_ENUM,
	CELL_JSON
};

struct column {
	char *name, *unit, *help;
	enum cell_type type;
	bool wide, extra, by;
	char *words; /* JSON: what an enum may hold; "" when it is none */
};

struct columns {
	char *kind, *singular;
	struct column *v;
	size_t n;
};

/* All columns of the kind (by name, singular or alias) from the text of a `schema` answer. */
int columns_read(struct columns *c, struct slice schema, const char *kind, struct err *e);
/* Makes them those of groups by these columns ("a,b"), when there is such a list. */
void columns_group(struct columns *c, struct slice schema, const char *by);
enum columns_flags { COLUMNS_WIDE = 1, COLUMNS_JSON = 2 };
/* Keeps those that are shown: the ones listed ("a,b"), in that order (names that are no column
 * are metrics: numbers); or without a list all but the extra ones, and the wide ones and those
 * that hold JSON only if the flags say so. */
void columns_pick(struct columns *c, const char *list, int flags);
void columns_fini(struct columns *c);
const struct column *columns_find(const struct columns *c, struct slice name); /* NULL: none */
/* The kinds a schema has, one `fn` call each. */
void columns_kinds(struct slice schema, void (*fn)(void *arg, struct slice kind), void *arg);

#endif
