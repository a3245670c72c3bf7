/* A window of rows shown again at each change: `get --watch` and `top`. */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include "cli/cli.h"
#include "cli/form.h"
#include "client/client.h"
#include "client/view.h"

struct live {
	struct cli *cli;
	struct client *client;
	const struct form_class *form;
	const char *fields; /* columns, NULL: the usual ones */
	bool headers, once;
	/* Lines above the rows; may be NULL. */
	void (*head)(struct live *l);
	int head_lines;
	void *arg;
	/* inside */
	struct columns columns;
	bool ready, shown;
	bool wanted; /* as many rows as were asked for are shown */
	struct err e;
};

/* Returns when the line breaks or the reader has left; with `once` after the first picture. */
int live_run(struct live *l, const struct client_query *q, struct err *e);

#endif
