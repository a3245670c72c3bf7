/* Rows as they came: `json` is one array, `jsonl` a row a line. */
#include "cli/form.h"

static void json_row(struct form *f, struct slice row)
{
	out_adds(f->out, f->rows ? ",\n" : "[\n");
	out_foreign(f->out, row);
}

static void json_end(struct form *f)
{
	out_adds(f->out, f->rows ? "\n]\n" : "[]\n");
}

static void jsonl_row(struct form *f, struct slice row)
{
	out_foreign(f->out, row);
	out_adds(f->out, "\n");
}

const struct form_class form_json = { .name = "json", .help = "one array of objects",
	.row = json_row, .end = json_end };
const struct form_class form_jsonl = { .name = "jsonl", .help = "one object a line",
	.row = jsonl_row };
