/*
 * Files that the console writes for itself: small, JSON, closed to others, replaced whole so
 * that whoever reads one never sees half of it.  What the user wrote is never among them.
 */
#ifndef UI_KEEP_H
#define UI_KEEP_H

#include <jansson.h>

#include "base/err.h"
#include "base/slice.h"

#define KEEP_BYTES (1 << 20)

/* NULL: there is none (class ERR_NONE), or it cannot be used, and why. */
json_t *keep_read(const char *path, struct err *e);
/* Makes the folders above it that are missing. */
int keep_write(const char *path, struct slice text, struct err *e);

#endif
