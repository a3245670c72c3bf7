/* What a filter or a sort names: a column of the kind, or a metric of a device. */
#ifndef MODEL_OPERAND_H
#define MODEL_OPERAND_H

#include "model/kind.h"

struct operand {
	int col; /* -1: the metric */
	struct metric metric;
};

/* -1: no such column, and the kind has no metrics; a close name is suggested. */
int operand_init(struct operand *o, const struct rows *r, struct slice name, struct err *e);
void operand_fini(struct operand *o);

/* The column whose name is nearest to this one, NULL when none is near. */
const char *column_near(const struct kind *k, struct slice name);

static inline void operand_value(struct operand *o, const struct rows *r, const struct model *m,
	uint64_t row, struct value *v)
{
	if (o->col >= 0) {
		r->value(m, row, (unsigned)o->col, v);
	} else {
		v->type = metric_value(&o->metric, m, (uint32_t)row, &v->d) ? V_NUM : V_NONE;
	}
}

#endif
