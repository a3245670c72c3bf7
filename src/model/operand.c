#include "model/operand.h"

#include "base/suggest.h"

const char *column_near(const struct kind *k, struct slice name)
{
	struct suggest s;

	suggest_init(&s, name.p, name.n);
	for (const struct field *f = k->fields; f->name; f++)
		suggest_offer(&s, f->name);
	return s.best;
}

int operand_init(struct operand *o, const struct rows *r, struct slice name, struct err *e)
{
	const char *near;

	*o = (struct operand){ .col = kind_column(r->kind, name) };
	if (o->col >= 0)
		return 0;
	if (r->metrics && metric_init(&o->metric, name) == 0)
		return 0;
	near = column_near(r->kind, name);
	if (near)
		return err_set(e, ERR_USAGE, "%s have no '%.*s': did you mean %s?", r->kind->name,
			name.n > 60 ? 60 : (int)name.n, name.p, near);
	return err_set(e, ERR_USAGE, "%s have no '%.*s'", r->kind->name,
		name.n > 60 ? 60 : (int)name.n, name.p);
}

void operand_fini(struct operand *o)
{
	metric_fini(&o->metric);
}
