/*
 * A terminal: cells out, events in.  The only folder that knows curses and termios.
 *
 * A turn of whoever owns it: when term_input_fd() or term_signal_fd() is readable, or
 * term_deadline() has come, call term_read(), then term_next_event() until it says no.  When
 * there is something to show and term_may_draw() says yes, draw the newest state and call
 * term_flush().  When term_want_write(), poll the output and call term_writable().  Nothing here
 * blocks; nothing needs the terminal to answer.
 *
 * With out_fd -1 there is no terminal at all: frames gather in term_output(), for tests and
 * pictures.  Several such may live at once, one with a terminal.  One thread.
 */
#ifndef UI_TERM_TERM_H
#define UI_TERM_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "ui/term/event.h"
#include "ui/term/glyph.h"
#include "ui/term/keys.h"
#include "ui/term/role.h"
#include "ui/term/theme.h"

struct term;
struct grid;

enum term_when { TERM_AUTO, TERM_ALWAYS, TERM_NEVER };

struct term_opts {
	int in_fd, out_fd;
	int rows, cols;	       /* without a terminal; 0: 24 and 80 */
	const char *type;      /* NULL: $TERM */
	enum term_when colour; /* auto: NO_COLOR forbids it, else as the terminal can */
	enum term_when rgb;    /* 24 bits a colour; auto: as COLORTERM says */
	enum term_when utf8;   /* auto: LC_ALL, LC_CTYPE, LANG in that order */
	enum term_when sync;   /* DEC 2026; auto: when the terminal says it knows it */
	enum term_when ask;    /* end frames with a question, to be paced by the answers;
				* auto: on a terminal yes, without one no */
	bool mouse;
	bool copy, notify, bell; /* what may reach beyond the screen */
	int fps;       /* frames a second that no key asked for; 0: 10, over SSH 4 */
	uint32_t rate; /* bytes a second at most; 0: no limit, but 8000 in a multiplexer over SSH */
	const struct theme *theme; /* NULL: dark */
};

/* NULL: not a terminal, not known, or cannot place its cursor: the story says what to try. */
struct term *term_open(const struct term_opts *o, int64_t now_ms, struct err *e);
/* Leaves the terminal as it was found, and shows what was written to stderr meanwhile. */
void term_close(struct term *t);

/* --- drawing: all coordinates from 0, all clipped --- */

void term_size(const struct term *t, int *rows, int *cols);
void term_clear(struct term *t);
/* Any bytes, made harmless, in at most `cells` cells.  Returns the cells used. */
int term_put(struct term *t, int row, int col, int cells, struct slice s, uint16_t look);
/* One glyph of our own, one cell wide. */
void term_putc(struct term *t, int row, int col, uint32_t cp, uint16_t look);
void term_fill(struct term *t, int row, int col, int rows, int cols, uint16_t look);
/* Lays LOOK_* bits over cells already drawn: the selected row. */
void term_lay(struct term *t, int row, int col, int rows, int cols, uint16_t bits);
/* Where the cursor shows at the next frame; row -1 hides it. */
void term_cursor(struct term *t, int row, int col);
void term_set_theme(struct term *t, const struct theme *th);
enum theme_depth term_depth(const struct term *t);
enum glyph_level term_glyphs(const struct term *t);
/* The cells as drawn, for pictures and exports. */
const struct grid *term_grid(const struct term *t);
/* Everything is sent at the next frame: Ctrl-L. */
void term_redraw(struct term *t);
void term_set_mouse(struct term *t, bool on);

/* --- beyond the screen: what term_opts allows, made harmless, on one line --- */

/* Into the clipboard of whoever sits at the terminal.  -1: not allowed, cannot, too long. */
int term_copy(struct term *t, struct slice text, struct err *e);
/* A notice of the desktop, and the bell: where they may, once a second at most. */
void term_notify(struct term *t, struct slice text, int64_t now_ms);
void term_bell(struct term *t, int64_t now_ms);

/* --- frames --- */

/* May a frame leave now?  False: keep the state, ask again after the next event or at
 * term_draw_at(). */
bool term_may_draw(struct term *t, int64_t now_ms);
/* When time alone will allow the next frame. */
int64_t term_draw_at(const struct term *t, int64_t now_ms);
/* Sends what differs.  Rows beyond the line's budget wait: then term_incomplete() is true, and
 * the owner draws and flushes again as soon as it may. */
void term_flush(struct term *t, int64_t now_ms);
bool term_incomplete(const struct term *t);
bool term_want_write(const struct term *t);
void term_writable(struct term *t, int64_t now_ms);
/* Without a terminal: the bytes since term_take().  */
struct slice term_output(const struct term *t);
void term_take(struct term *t);

/* --- input --- */

int term_input_fd(const struct term *t);
int term_output_fd(const struct term *t);
int term_signal_fd(const struct term *t);
/* Reads what is there, minds signals and what time decides. */
void term_read(struct term *t, int64_t now_ms);
/* Bytes as if read from the terminal; returns how many were taken. */
size_t term_input(struct term *t, const char *p, size_t n, int64_t now_ms);
bool term_next_event(struct term *t, int64_t now_ms, struct term_event *ev);
/* The moment at which term_read() must be called though nothing is readable; -1: none. */
int64_t term_deadline(const struct term *t);
/* ^Z: returns when the process is continued. */
void term_stop(struct term *t);
/* Without a terminal: another size, told by an event. */
void term_resize(struct term *t, int rows, int cols);

struct term_stats {
	int rtt_ms;	  /* -1: not known */
	uint32_t rate;	  /* bytes a second the line takes; 0: too fast to tell */
	bool silent;	  /* it does not answer: a slow fixed pace */
	uint64_t frames;  /* sent */
	uint64_t skipped; /* times a frame was wanted and the line was not ready */
	uint64_t bytes;	  /* sent or about to be */
};
void term_stats(const struct term *t, struct term_stats *s);

#endif
