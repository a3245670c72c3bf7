/*
 * Bytes from a terminal to events: keys, mouse, pastes, and the answers to our questions.
 * Pure: no descriptor, no clock of its own.  Bytes may be cut anywhere.  What is not
 * understood vanishes: a stray reply must never run a command.  Memory is bounded: one read's
 * worth of bytes, one sequence, one paste.
 */
#ifndef UI_TERM_INPUT_H
#define UI_TERM_INPUT_H

#include "base/buf.h"
#include "ui/term/event.h"

#define INPUT_CHUNK	4096
#define INPUT_SEQ	64	    /* longer sequences are skipped */
#define INPUT_PASTE_MAX (64 * 1024) /* the rest of a paste is dropped, and said so */

struct input {
	uint8_t state; /* enum state in input.c */
	uint8_t n;
	bool overlong;
	uint8_t leader; /* '<' '=' '>' '?' of a CSI sequence, or 0 */
	uint32_t mods;
	char seq[INPUT_SEQ];
	char raw[INPUT_CHUNK];
	size_t at, len;
	struct buf paste;
	bool paste_told; /* the event with the text was handed out: drop the text at the next call
			  */
	size_t paste_match;
	int64_t since_ms; /* when bytes last came */
	int esc_wait_ms;  /* an ESC alone for so long is the key */
};

void input_init(struct input *in);
void input_fini(struct input *in);
/* Takes as many bytes as there is room for, returns their number: ask for events, then go on. */
size_t input_feed(struct input *in, const char *p, size_t n, int64_t now_ms);
/* The next event, or false when the bytes at hand give no more. */
bool input_next(struct input *in, struct term_event *ev);
/* What time alone decides: ESC is the key, a sequence that never ended is dropped. */
bool input_tick(struct input *in, int64_t now_ms, struct term_event *ev);
/* When input_tick() has something to do, or -1. */
int64_t input_deadline(const struct input *in);

#endif
