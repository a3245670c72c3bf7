#include "model/operand.h"

#define NAME_LIMIT 32

/* Edits (insert, delete, replace) between two short names. */
static size_t distance(struct slice a, struct slice b)
{
	size_t row[NAME_LIMIT + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diag = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t up = row[j], best = diag + (a.p[i - 1] != b.p[j - 1]);

			best = up + 1 < best ? up + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diag = up;
			row[j] = best;
		}
	}
	return row[b.n];
}

const struct field *field_near(const struct kind *k, struct slice name)
{
	const struct field *best = NULL;
	size_t least = name.n < 4 ? 2 : 3;

	if (name.n > NAME_LIMIT)
		return NULL;
	for (const struct field *f = k->fields; f->name; f++) {
		size_t d = distance(name, slice_of(f->name));

		if (d < least) {
			least = d;
			best = f;
		}
	}
	return best;
}

int operand_init(struct operand *o, const struct rows *r, struct slice name, struct err *e)
{
	const struct field *near;

	*o = (struct operand){ .col = kind_column(r->kind, name) };
	if (o->col >= 0)
		return 0;
	if (r->metrics && metric_init(&o->metric, name) == 0)
		return 0;
	near = field_near(r->kind, name);
	if (near)
		return err_set(e, ERR_USAGE, "%s have no '%.*s': did you mean %s?", r->kind->name,
			name.n > 60 ? 60 : (int)name.n, name.p, near->name);
	return err_set(e, ERR_USAGE, "%s have no '%.*s'", r->kind->name,
		name.n > 60 ? 60 : (int)name.n, name.p);
}

void operand_fini(struct operand *o)
{
	metric_fini(&o->metric);
}
