/* What could stand at the cursor of a line: commands, themes, fields, metrics, words. */
#ifndef UI_COMPLETE_H
#define UI_COMPLETE_H

#include <jansson.h>

#include "ui/screen/asker.h"
#include "ui/widget/prompt.h"

struct client;
struct shell;

struct complete {
	struct asker asker;
	json_t *kinds; /* of `schema`; NULL: not here yet */
};

void complete_learn(struct complete *c, struct client *client);
void complete_fini(struct complete *c);
/* For struct prompt: arg is the shell. */
void complete_command(void *arg, struct slice text, size_t cursor, struct prompt_offers *o);
void complete_filter(void *arg, struct slice text, size_t cursor, struct prompt_offers *o);

#endif
