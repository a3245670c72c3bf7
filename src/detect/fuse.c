/* From surprises to one number, and the terms that made it. */
#include "detect/constants.h"
#include "detect/inside.h"

/* Keeps the largest terms, in order. */
static void add_term(struct detect_verdict *out, enum detect_feature f, float part,
	const struct signal *s)
{
	int i = out->n < DETECT_TERMS_MAX ? out->n++ : DETECT_TERMS_MAX;

	for (; i > 0 && out->terms[i - 1].part < part; i--)
		if (i < DETECT_TERMS_MAX)
			out->terms[i] = out->terms[i - 1];
	if (i < DETECT_TERMS_MAX)
		out->terms[i] = (struct detect_term){ f, part, s->usual, s->seen };
}

void detect_fuse(const struct signal in[DETECT_FEATURES], uint32_t rows, struct detect_verdict *out)
{
	float largest[FEATURE_GROUPS] = { 0 }, sum = 0;
	uint8_t which[FEATURE_GROUPS] = { 0 };

	for (int f = 0; f < DETECT_FEATURES; f++) {
		float term = features[f].weight * (in[f].surprise - constants.threshold);
		int g = features[f].group;

		if (term > largest[g]) {
			largest[g] = term;
			which[g] = (uint8_t)f;
		}
	}
	for (int g = 0; g < FEATURE_GROUPS; g++)
		if (largest[g] > 0) {
			sum += largest[g];
			add_term(out, which[g], largest[g], &in[which[g]]);
		}
	for (int i = 0; i < out->n; i++)
		out->terms[i].part /= sum;
	out->surprise = sum * rows / (rows + constants.young);
}
