/*
 * One line of a series as text: `timestamp,value`, more columns are ignored.  Pure; keeps no
 * pointer but into the line.
 */
#ifndef DETECT_LINE_H
#define DETECT_LINE_H

#include <stdint.h>

#include "base/slice.h"

struct series_line {
	struct slice timestamp, text; /* as they came, without the line's end */
	int64_t t_ms; /* DETECT_NO_TIME: no form that we know */
	double value; /* NaN: missing, or no number */
	bool named;   /* the value's place holds a word: a header, when it is the first line */
};

/*
 * Times: RFC 3339, the same with a blank for the T or without a zone (UTC), Unix seconds, or
 * milliseconds to nanoseconds by their size.
 */
void series_line_read(struct slice line, struct series_line *out);

#endif
