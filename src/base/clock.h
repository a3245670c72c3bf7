/*
 * Time.  The wall clock is read once a turn by the loop (clock_turn()); all else
 * asks for that reading.  With a test clock set, both stand still until moved.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

void clock_turn(void);		 /* reads both clocks anew */
int64_t clock_wall_ms(void);	 /* Unix time, milliseconds, as of the last turn */
int64_t clock_mono_ms(void);	 /* monotonic, milliseconds, as of the last turn */
int64_t clock_mono_us_now(void); /* monotonic, microseconds, read at the call: for measuring only */
/* A recording's time: the wall clock stands there until it is set again; the other goes on. */
void clock_wall_set(int64_t wall_ms);
/* Freezes both clocks at this wall time; clock_test_advance() moves them. */
void clock_test_set(int64_t wall_ms);
void clock_test_advance(int64_t ms);

#endif
