/* Rows picked by hand: ids, whatever order the rows are in and whether they are in sight. */
#ifndef UI_SCREEN_MARKS_H
#define UI_SCREEN_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

#define MARKS_MAX 10000

struct marks {
	char **ids; /* sorted */
	size_t n, cap;
};

void marks_fini(struct marks *m); /* accepts zeros; empty and usable afterwards */
bool marks_has(const struct marks *m, struct slice id);
/* False: there are MARKS_MAX already. */
bool marks_add(struct marks *m, struct slice id);
void marks_remove(struct marks *m, struct slice id);

#endif
