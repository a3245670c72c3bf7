/* What somebody does to alerts, from the call that asks for it until it is recorded and done. */
#ifndef COLLECTOR_ACT_H
#define COLLECTOR_ACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ACT_IDS_MAX 1000

enum act_kind { ACT_ACK, ACT_UNACK, ACT_SILENCE, ACT_UNSILENCE };

struct act {
	struct act *next;
	enum act_kind kind;
	char *who, *note;
	char **ids; /* of alerts; when it is done, first those that it was done to */
	size_t ids_n, done_n;
	char *filter;
	int64_t at_ms, until_ms;
	uint64_t silence; /* its number */
	uint32_t hides;
	uint64_t n; /* of the event that tells of it */
	/* Takes a.  e: it was recorded, and then refused. */
	void (*done)(struct act *a, const struct err *e);
	void *arg;
};

void act_free(struct act *a);

#endif
