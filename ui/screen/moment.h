/*
 * The moment that the screens show: now, or one gone by that the console has travelled to.  Of a
 * recording "now" is where it is played.  There is one for the whole console.
 */
#ifndef UI_SCREEN_MOMENT_H
#define UI_SCREEN_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

int64_t moment_ms(void);     /* what ages are counted from */
int64_t moment_now_ms(void); /* the collector's now, wherever one has travelled */
bool moment_gone(void);	     /* it stands still */
void moment_set(int64_t at_ms); /* 0: now */
/* A recording is there, and goes on so much faster than time; 0: the world's own time. */
void moment_clock(int64_t at_ms, double speed);

#endif
