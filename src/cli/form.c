#include "cli/form.h"

#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"

static const struct form_class *const classes[] = { &form_table, &form_wide, &form_json,
	&form_jsonl, &form_csv, &form_yaml, &form_name };

const char *const form_names[] = { "table", "wide", "json", "jsonl", "csv", "yaml", "name", NULL };

const struct form_class *form_class_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (strcmp(classes[i]->name, name) == 0)
			return classes[i];
	return NULL;
}

void form_begin(struct form *f, const struct form_class *class, struct out *out,
	const struct columns *columns, bool headers)
{
	*f = (struct form){ class, out, columns, headers, 0, NULL };
	if (class->begin)
		class->begin(f);
}

void form_row(struct form *f, struct slice row)
{
	f->class->row(f, row);
	f->rows++;
}

int form_rows(struct form *f, struct slice array)
{
	struct jtext_walk w;
	struct slice row;
	int more;

	if (jtext_open(&w, array) < 0 || w.close != ']')
		return -1;
	while ((more = jtext_next(&w, NULL, &row)) == 1 && !out_gone(f->out))
		form_row(f, row);
	return more < 0 ? -1 : 0;
}

void form_page(struct form *f)
{
	if (f->class->page)
		f->class->page(f);
}

void form_end(struct form *f)
{
	form_page(f);
	if (f->class->end)
		f->class->end(f);
	form_drop(f);
}

void form_drop(struct form *f)
{
	if (f->class->drop)
		f->class->drop(f);
}
