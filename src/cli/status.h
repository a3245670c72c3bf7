/* The `status` answer for people; `top` and `demo` show it too. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <stdbool.h>

#include "cli/out.h"

struct client;

void status_lines(struct out *o, struct slice status); /* one line a layer */
bool status_well(struct slice status); /* none is degraded or down */
/* Tells of each source in trouble why, on stderr; how many there are.  A recording that is over is
 * in none. */
int status_troubles(struct client *client);

#endif
