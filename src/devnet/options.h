/* The devnet's command line: one table of options, checked values. */
#ifndef DEVNET_OPTIONS_H
#define DEVNET_OPTIONS_H

#include "base/buf.h"
#include "base/err.h"
#include "devnet/state.h"

enum options_action { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_LIST };

struct options {
	enum options_action action;
	struct run_spec run;
	struct run_given given;
	const char *listen, *state_file, *token_file;
	int64_t duration_ms; /* 0: until told to stop */
	bool quiet;
	char scenarios[1024];
};

/* Defaults that depend on others (epoch: now_ms; rate: the fleet) are filled in. */
int options_parse(struct options *o, int argc, char **argv, int64_t now_ms, struct err *e);
void options_help(struct buf *out);
void options_scenarios(struct buf *out); /* one a line, with what it does */

#endif
