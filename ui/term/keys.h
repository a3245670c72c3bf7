/*
 * Keys and their names.  A key is a number: a code point or one of TERM_KEY_*, with modifier
 * bits above.  "ctrl-x" is the letter with TERM_CTRL, whatever byte the terminal sent.
 */
#ifndef UI_TERM_KEYS_H
#define UI_TERM_KEYS_H

#include <stdint.h>

#include "base/buf.h"
#include "base/slice.h"

#define TERM_KEYS(X)                                                                               \
	X(ENTER, "enter")                                                                          \
	X(TAB, "tab")                                                                              \
	X(ESC, "esc")                                                                              \
	X(BACKSPACE, "backspace")                                                                  \
	X(UP, "up")                                                                                \
	X(DOWN, "down")                                                                            \
	X(LEFT, "left")                                                                            \
	X(RIGHT, "right")                                                                          \
	X(HOME, "home")                                                                            \
	X(END, "end")                                                                              \
	X(PGUP, "pgup")                                                                            \
	X(PGDN, "pgdn")                                                                            \
	X(INSERT, "insert")                                                                        \
	X(DELETE, "delete")                                                                        \
	X(F1, "f1")                                                                                \
	X(F2, "f2") X(F3, "f3") X(F4, "f4") X(F5, "f5") X(F6, "f6") X(F7, "f7") X(F8, "f8")        \
		X(F9, "f9") X(F10, "f10") X(F11, "f11") X(F12, "f12")

enum term_key {
	TERM_KEY_FIRST = 0x110000, /* above every code point */
#define X(id, name) TERM_KEY_##id,
	TERM_KEYS(X)
#undef X
		TERM_KEY_LAST
};

#define TERM_SHIFT     0x01000000u
#define TERM_ALT       0x02000000u
#define TERM_CTRL      0x04000000u
#define TERM_MODS      0x07000000u
#define TERM_KEY_OF(k) ((k) & ~TERM_MODS)

/* "enter" "ctrl-x" "alt-left" "shift-f5" "space" "a" "ß".  0 when it names no key. */
uint32_t key_parse(struct slice name);
/* Appends the name that key_parse() reads back to the same key. */
int key_name(struct buf *b, uint32_t key);

#endif
