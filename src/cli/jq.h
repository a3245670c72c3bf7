/* --jq: our output goes through the program jq, when it is installed. */
#ifndef CLI_JQ_H
#define CLI_JQ_H

#include "cli/out.h"

struct jq {
	int pid, fd; /* fd: the out's own, while jq stands in for it */
};

/* Starts jq and turns o towards it. */
int jq_begin(struct jq *j, const char *expr, struct out *o, struct err *e);
/* Ends its input, waits, turns o back; rc is what the verb came to so far, the result what it
 * comes to with jq. */
int jq_end(struct jq *j, struct out *o, int rc, struct err *e);

#endif
