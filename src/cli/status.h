/* The `status` answer for people; `top` and `demo` show it too. */
#ifndef CLI_STATUS_H
#define CLI_STATUS_H

#include <stdbool.h>

#include "cli/out.h"

void status_lines(struct out *o, struct slice status); /* one line a layer */
bool status_well(struct slice status); /* none is degraded or down */

#endif
