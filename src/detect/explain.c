/* The terms of a verdict in words. */
#include "base/num.h"
#include "detect/detect.h"

#define PART_MIN 0.05f

static void add_numbers(struct buf *out, const struct detect_term *t)
{
	if (features[t->feature].unit == UNIT_NONE)
		return;
	buf_adds(out, " (usual ");
	buf_addsi(out, t->usual, "");
	buf_adds(out, ", seen ");
	buf_addsi(out, t->seen, "");
	buf_adds(out, ")");
}

void detect_explain(const struct detect_verdict *v, struct buf *out)
{
	for (int i = 0; i < v->n && v->terms[i].part >= PART_MIN; i++) {
		const struct detect_term *t = &v->terms[i];

		buf_addf(out, "%s%s %.0f%%: %s", i ? "; " : "", features[t->feature].name,
			100 * (double)t->part, features[t->feature].help);
		add_numbers(out, t);
	}
}
