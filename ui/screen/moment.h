/*
 * The moment that the screens show: now, or one gone by (or a recording's) that the console has
 * travelled to.  There is one for the whole console.
 */
#ifndef UI_SCREEN_MOMENT_H
#define UI_SCREEN_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

int64_t moment_ms(void); /* what ages are counted from */
bool moment_gone(void);	 /* it stands still */
void moment_set(int64_t at_ms); /* 0: now */
/* What the collector's clock is ahead of ours: that of a recording lies far back. */
void moment_skew(int64_t ms);

#endif
