/*
 * The code of samples: lossless, about two bytes each for what devices really send.
 *
 * Time: how far the interval is from the usual one, in milliseconds.  Values: decimals are what
 * instruments send, so a value that is exactly v / 10^k (k <= 6) is kept as the integer v: its
 * difference to the last one (counters: how far that is from the usual one).  Both in Rice codes
 * that adapt.
 * A value that is no short decimal switches the rest of the block to XOR of doubles (as in
 * Facebook's Gorilla).  NaN and a break (the device was dead in between) have codes of their own.
 */
#ifndef MODEL_CODER_H
#define MODEL_CODER_H

#include <stdbool.h>
#include <stdint.h>

#include "model/bits.h"

#define CODER_XOR 15	     /* `scale` of a block of doubles */
#define CODER_SCALE_MAX 6
#define CODER_TIME_MAX ((int64_t)1 << 46) /* milliseconds a time may be: the year 4199 */

/* What encoder and decoder both know after each sample; lives in the series. */
struct coder {
	double value;	/* the last that is no NaN */
	int64_t at_ms;
	int32_t dt;	/* the interval expected next, 0: no idea */
	int32_t dv;	/* counters: the difference expected next */
	uint8_t scale;	/* 0..6, CODER_XOR */
	uint8_t rice, time_rice; /* Rice parameters, in eighths */
	uint8_t lead, len; /* XOR: the window of bits that change; len 0: none yet */
};

/* Codes one sample into *b (zeroed) and moves *c on.  `first`: the first of a block, whose time
 * stands in the block's head.  `ramp`: expect the last difference again (counters). */
void coder_put(struct coder *c, struct bits *b, int64_t at_ms, double v, bool first, bool brk,
	bool ramp);

struct coded {
	int64_t at_ms;
	double value; /* NaN: no value */
	bool brk;     /* a break stands before it */
};

/* The reverse; *c is zeros with at_ms set before the first. */
void coder_get(struct coder *c, struct bits_reader *r, struct coded *out, bool first, bool ramp);

#endif
