/*
 * Names in --fields and --sort that are no column, so metrics: a name that no row has is a typo
 * more often than not, and would go unnoticed.
 */
#ifndef CLI_UNMET_H
#define CLI_UNMET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct columns;

#define UNMET_MAX 16
struct unmet_name {
	char *name, *near; /* near: the column it may have meant, or NULL */
	bool sort;
};
struct unmet {
	struct unmet_name v[UNMET_MAX];
	size_t n, rows;
};

/* all: every column of the kind; the lists as they were typed, or NULL. */
void unmet_init(struct unmet *u, const struct columns *all, const char *fields, const char *sort);
/* Forgets the names that one of these rows has. */
void unmet_rows(struct unmet *u, const struct slice *rows, size_t n);
/* Tells of those that are left on stderr, if there was a row at all. */
void unmet_say(const struct unmet *u, const char *singular);
void unmet_fini(struct unmet *u);

#endif
