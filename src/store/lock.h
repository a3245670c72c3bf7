/* One collector a journal: an exclusive lock on a file beside it, which names its holder. */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "base/err.h"

/* The locked descriptor, or -1 with the other's process id in the story.  close() unlocks; the
 * kernel does it for a process that was killed. */
int lock_take(const char *path, struct err *e);

#endif
