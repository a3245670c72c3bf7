/*
 * Options as tables.  A verb's options live in a struct of its own; each row says where.
 * Help, manual page and completion are made from the same rows.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum opt_type {
	OPT_FLAG,     /* bool */
	OPT_STR,      /* const char * */
	OPT_INT,      /* int64_t, not negative */
	OPT_COUNT,    /* int64_t, above 0 */
	OPT_REAL,     /* double, above 0 */
	OPT_DURATION, /* int64_t, milliseconds: 5s, 1m30s; bare digits are seconds */
	OPT_CHOICE,   /* const char *, one of `choices` */
	OPT_LIST,     /* struct opt_list: may be given again */
};

/* What completion offers for the value. */
enum opt_complete {
	COMPLETE_NONE,
	COMPLETE_FILE,
	COMPLETE_FIELDS, /* a list of them */
	COMPLETE_SORT,   /* the same, with :desc */
	COMPLETE_FILTER, /* at the beginnings of comparisons */
	COMPLETE_CONTEXT,
	COMPLETE_SCENARIO,
};

struct opt {
	const char *name; /* without dashes; NULL ends a table */
	char letter;	  /* 0: none */
	enum opt_type type;
	enum opt_complete complete;
	const char *arg; /* how help calls the value: "FILE" */
	const char *help;
	const char *const *choices; /* OPT_CHOICE, NULL-terminated */
	size_t at;		    /* offsetof() in the verb's struct */
};

#define OPT_LIST_MAX 32
struct opt_list {
	const char *v[OPT_LIST_MAX];
	size_t n;
};

/* One table and the struct its rows point into. */
struct opt_set {
	const struct opt *opts;
	void *into;
};

/*
 * Takes the options out of argv (from argv[0] on), leaves the other words in their order in
 * words[] (room for argc) and returns how many, or -1.  Options may stand anywhere before
 * "--".  With `stop_at_word` it stops before the first word and *used tells how far it came.
 */
int opt_parse(const struct opt_set *sets, size_t n_sets, int argc, char *const argv[],
	const char **words, bool stop_at_word, int *used, struct err *e);
/* The row of this name or letter in any of the sets. */
const struct opt *opt_find(const struct opt_set *sets, size_t n_sets, const char *name, size_t n);
const struct opt *opt_find_letter(const struct opt_set *sets, size_t n_sets, char letter);
/* "-o, --output FORM" */
void opt_spell(const struct opt *o, struct buf *out);

#endif
