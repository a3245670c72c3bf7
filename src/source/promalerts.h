/* A Prometheus server's alerts: events when they begin and when they end. */
#ifndef SOURCE_PROMALERTS_H
#define SOURCE_PROMALERTS_H

#include <jansson.h>

struct promalerts;
struct source;

struct promalerts *promalerts_new(struct source *src);
/* An answer of /api/v1/alerts; NULL or anything else: as it was. */
void promalerts_take(struct promalerts *p, const json_t *answer);
void promalerts_free(struct promalerts *p);

#endif
