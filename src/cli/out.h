/*
 * The answer's way out: a buffered descriptor that remembers the first failure, so that verbs
 * write without checking and main asks once, at the end.  A reader that left (EPIPE) is no
 * failure: `| head` is fine.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct out {
	int fd;
	bool tty;    /* a person reads it */
	bool utf8;   /* and the terminal's locale is UTF-8 */
	bool colour;
	int width;   /* cells, 0: unknown or no terminal */
	int failed;  /* errno of the first failed write, 0: none */
	char *buf;
	size_t len;
};

enum out_colour { OUT_AUTO, OUT_ALWAYS, OUT_NEVER };

void out_init(struct out *o, int fd, enum out_colour colour);
void out_fini(struct out *o);
void out_add(struct out *o, const char *p, size_t n);
void out_adds(struct out *o, const char *s);
void out_addslice(struct out *o, struct slice s);
void out_addf(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Bytes from elsewhere: valid UTF-8 in any case, and on a terminal nothing it would act on. */
void out_foreign(struct out *o, struct slice s);
void out_pad(struct out *o, int cells);
void out_flush(struct out *o);
/* Writing has failed or the reader has left: a long answer may stop here. */
bool out_gone(const struct out *o);
/* Flushes; -1 with the story when something could not be written. */
int out_end(struct out *o, struct err *e);
/* LC_ALL, LC_CTYPE, LANG say UTF-8 (no locale is loaded for that). */
bool out_locale_utf8(void);

#endif
