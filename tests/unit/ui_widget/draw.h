/* A headless terminal and the screen it draws on. */
#ifndef TESTS_UNIT_UI_WIDGET_DRAW_H
#define TESTS_UNIT_UI_WIDGET_DRAW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/console/screen.h"
#include "ui/term/term.h"
#include "ui/widget/rect.h"

struct paper {
	struct term *t;
	struct screen *s;
	struct rect r; /* all of it */
	int64_t now;
};

static inline struct paper paper_open(int rows, int cols)
{
	struct term_opts o = { .in_fd = -1,
		.out_fd = -1,
		.type = "xterm-256color",
		.rows = rows,
		.cols = cols,
		.utf8 = TERM_ALWAYS,
		.colour = TERM_ALWAYS };
	struct paper p = { .r = { 0, 0, rows, cols }, .now = 1000 };
	struct err e = { 0 };

	p.t = term_open(&o, 0, &e);
	if (!p.t)
		fail_msg("%s", e.text);
	p.s = screen_new(rows, cols);
	return p;
}

static inline void paper_show(struct paper *p)
{
	term_flush(p->t, p->now += 1000);
	screen_feed(p->s, term_output(p->t).p, term_output(p->t).n);
	term_take(p->t);
}

static inline void paper_expect(struct paper *p, const char *want)
{
	char *got;

	paper_show(p);
	got = screen_text(p->s);
	if (strcmp(got, want) != 0)
		fail_msg("drawn:\n%s\nwanted:\n%s", got, want);
	free(got);
	term_clear(p->t);
}

static inline void paper_close(struct paper *p)
{
	term_close(p->t);
	screen_free(p->s);
}

#endif
