/* One line of a metric page, taken apart.  Private to this folder. */
#ifndef WIRE_PROM_LINE_H
#define WIRE_PROM_LINE_H

#include "wire/prom.h"

struct prom_series {
	struct slice name;
	struct prom_label labels[PROM_LABELS_MAX];
	size_t nlabels;
	const char *value; /* first byte of the value; all before it names the series */
};

/* -1: *why says what is wrong (static text). */
int prom_line_series(const char *p, const char *end, struct prom_series *s, const char **why);
/* value [timestamp] [exemplar] up to end. */
int prom_line_value(const char *p, const char *end, bool openmetrics, struct prom_sample *out,
	const char **why);
/* Length of the metric name at p, 0 when there is none. */
size_t prom_line_name(const char *p, const char *end);
bool prom_type_of(struct slice word, enum prom_type *out);

#endif
