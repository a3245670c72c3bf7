/*
 * Which metrics devices of a kind have, in what unit, and which of them matter most.  Learned
 * by describing one device of each kind, once.
 */
#ifndef UI_SCREEN_CATALOG_H
#define UI_SCREEN_CATALOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

struct catalog;
struct stage;

#define CATALOG_METRICS 24 /* of a kind, the ones that matter most */

struct metric_info {
	char *key;  /* as filters and --fields name it */
	char *unit; /* "" when it has none */
	bool counter;
	int weight; /* the less, the more it matters */
};

struct catalog_kind {
	char name[96];
	bool ready;
	struct metric_info v[CATALOG_METRICS]; /* most telling first */
	size_t n;
};

struct catalog *catalog_new(struct stage *st);
void catalog_free(struct catalog *c);
/* What is known of a row of devices' kind (fields id, network, kind); asks when it is not known
 * yet, and has the screen drawn again when the answer is there.  NULL: not yet. */
const struct catalog_kind *catalog_of(struct catalog *c, const json_t *device);
/* A metric of any kind that is known, without a unit where kinds differ; NULL: none has it. */
const struct metric_info *catalog_find(const struct catalog *c, const char *key);
/* Kind i of those asked for, in the order of asking; NULL: no more.  Not all are ready. */
const struct catalog_kind *catalog_at(const struct catalog *c, size_t i);
/* How often something was learned: a number to see whether there is more by now. */
unsigned catalog_age(const struct catalog *c);
/* Takes the series of a `describe` answer; ends with those that matter most first. */
void catalog_learn(struct catalog_kind *k, const json_t *series);
void catalog_kind_fini(struct catalog_kind *k);
const struct metric_info *catalog_metric(const struct catalog_kind *k, const char *key);
/* How telling a metric is by its name; the less the more. */
int metric_weight(const char *name, struct slice type);

#endif
