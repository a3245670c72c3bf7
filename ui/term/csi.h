/* One CSI sequence from a terminal, whole: what it means.  Pure. */
#ifndef UI_TERM_CSI_H
#define UI_TERM_CSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/term/event.h"

enum csi_result {
	CSI_NOTHING, /* not known, or not for us */
	CSI_EVENT,   /* *ev is set */
	CSI_PASTE,   /* pasted text follows */
	CSI_X10,     /* three bytes about the mouse follow */
	CSI_LINUX,   /* a letter follows: F1 to F5 of the Linux console */
};

/* leader: one of "<=>?" or 0; seq: parameters and intermediate bytes; final: the last byte. */
enum csi_result csi_read(
	uint8_t leader, const char *seq, size_t n, uint8_t final, struct term_event *ev);
/* The key of SS3 or CSI and a letter, or 0. */
uint32_t csi_letter_key(uint8_t final);
/* xterm's modifier parameter, 1 + (1 shift, 2 alt, 4 ctrl), as TERM_* bits. */
uint32_t csi_mods(int param);
/* A mouse report in numbers; x and y from 1. */
enum csi_result csi_mouse(int b, int x, int y, bool release, struct term_event *ev);
/* The key of a control byte. */
uint32_t csi_control_key(uint8_t c);

#endif
