/*
 * Output forms: rows in, text out.  Rows come as JSON text, one at a time, and are not kept
 * (a table keeps those of its first page, to see how wide its columns must be).
 */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include <stdbool.h>

#include "base/slice.h"
#include "cli/columns.h"
#include "cli/out.h"

struct form {
	const struct form_class *class;
	struct out *out;
	const struct columns *columns; /* NULL when the class needs none */
	bool headers;
	size_t rows; /* so far */
	void *state;
};

struct form_class {
	const char *name, *help;
	bool needs_columns;
	int columns; /* enum columns_flags */
	void (*begin)(struct form *f); /* writes nothing yet; may be NULL */
	void (*row)(struct form *f, struct slice row);
	void (*page)(struct form *f); /* no more rows for now: show what there is; may be NULL */
	void (*end)(struct form *f);  /* the last of it; may be NULL */
	void (*drop)(struct form *f); /* frees state; may be NULL */
};

extern const struct form_class form_table, form_wide, form_json, form_jsonl, form_csv, form_yaml,
	form_name;

/* Names for the -o option, and the class of one of them (never NULL for those). */
extern const char *const form_names[];
const struct form_class *form_class_of(const char *name);

void form_begin(struct form *f, const struct form_class *class, struct out *out,
	const struct columns *columns, bool headers);
void form_row(struct form *f, struct slice row);
/* Each row of a JSON array; -1 when it is none. */
int form_rows(struct form *f, struct slice array);
void form_page(struct form *f);
void form_end(struct form *f);
void form_drop(struct form *f); /* instead of form_end(): it failed, nothing more is written */

/* One object as a YAML document. */
void yaml_object(struct out *o, struct slice v);

#endif
