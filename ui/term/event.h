/* What a terminal tells us. */
#ifndef UI_TERM_EVENT_H
#define UI_TERM_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

enum term_event_type {
	TERM_EV_KEY = 1, /* key */
	TERM_EV_MOUSE,	 /* mouse, button, row, col; key holds the modifiers alone */
	TERM_EV_PASTE,	 /* text, as it came: not cleaned; cut: there was more than we keep */
	TERM_EV_RESIZE,	 /* row, col: the new size; draw everything anew */
	TERM_EV_RESUME,	 /* back from being stopped; draw everything anew */
	TERM_EV_EOF,	 /* the terminal is gone: leave */
	/* From input_next() only: answers to what the terminal object asked. */
	TERM_EV_ACK,   /* CSI 0 n */
	TERM_EV_FENCE, /* DA1 */
	TERM_EV_MODE,  /* DECRPM: row is the mode, col its state */
};

enum term_mouse {
	TERM_MOUSE_PRESS,
	TERM_MOUSE_RELEASE,
	TERM_MOUSE_DRAG,
	TERM_MOUSE_WHEEL_UP,
	TERM_MOUSE_WHEEL_DOWN,
};

struct term_event {
	enum term_event_type type;
	uint32_t key; /* keys.h */
	int row, col;
	enum term_mouse mouse;
	int button;	   /* 1 left, 2 middle, 3 right, 0 none */
	struct slice text; /* until the next call on the terminal */
	bool cut;
};

#endif
