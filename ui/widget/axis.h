/* Round numbers along an axis. */
#ifndef UI_WIDGET_AXIS_H
#define UI_WIDGET_AXIS_H

#include <stddef.h>
#include <stdint.h>

/* A step of 1, 2 or 5 times a power of ten such that [lo, hi] has at most `most` of them. */
double axis_step(double lo, double hi, int most);
/* The number as its axis shows it: as many decimals as the step needs, 12.5k beyond. */
void axis_number(char *out, size_t n, double v, double step);
/* A step in time that a clock has: 1 s, 5 s, ... 1 h, 6 h, 1 d. */
int64_t axis_time_step(int64_t span_ms, int most);
/* "14:32", "14:32:07" or "22 Nov" as the step asks, in UTC. */
void axis_time(char *out, size_t n, int64_t t_ms, int64_t step_ms);

#endif
