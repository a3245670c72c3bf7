/* Inside completion: what its files share. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "base/buf.h"
#include "cli/cli.h"

struct ask;
struct client;
struct columns;

struct complete {
	struct cli *c;
	const struct verb *verb;
	const char *words[3]; /* the verb's, before the last one */
	int words_n;
	const char *last;   /* what is being typed */
	const char *before; /* of it, that stays: "--output=" or "id,name," */
	size_t before_n;
	bool tried; /* to reach a collector: once is enough */
	struct client *client;
	struct buf schema;
};

/* A candidate, if it begins as what is being typed. */
void offer(struct complete *x, const char *word, const char *help);
/* What comes before rest, a part of what is being typed, stays. */
void keep_before(struct complete *x, const char *rest);
/* What comes before the last comma does. */
void keep_list(struct complete *x);

/* complete_rows.c: from a collector, if one runs. */
void offer_kinds(struct complete *x);
void offer_fields(struct complete *x, bool sort);
void offer_names(struct complete *x);
/* The columns of the kind that the words name, to be ended with columns_fini(). */
bool reach_columns(struct complete *x, struct columns *cols);
/* Each row of an answer, with the fields that were asked for; once the collector is reached. */
typedef void row_fn(struct complete *x, struct slice row, const char *fields);
void each_row(struct complete *x, const struct ask *a, row_fn *fn);
char *value_text(struct slice value); /* of JSON, to be freed */
/* May it stand in a filter without quotes, and mean itself in a pattern? */
bool plain_byte(char c);

/* complete_filter.c */
void offer_filter(struct complete *x);

#endif
