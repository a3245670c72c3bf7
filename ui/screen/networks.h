/* What one does with a network, on any screen that lists them. */
#ifndef UI_SCREEN_NETWORKS_H
#define UI_SCREEN_NETWORKS_H

#include "ui/screen/screen.h"

/* Opens the devices of the network under the cursor; the state's first member must be its list. */
extern const struct action networks_actions[];

#endif
