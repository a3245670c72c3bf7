/*
 * Errors are values: a function that can fail returns -1 (or NULL) and puts the
 * story in a struct err.  Whoever gets it handles it or passes it on; nobody
 * both logs and returns.  A story says what failed, on what, what to try.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_class {
	ERR_NONE,
	ERR_NO,      /* the answer is no, or unhealthy */
	ERR_USAGE,   /* the caller's words are off (also: config, input files) */
	ERR_UNREACH, /* unreachable, timed out, the peer broke off or spoke nonsense */
	ERR_REFUSED, /* refused by chain, policy or permission; a limit reached */
	ERR_OURS,    /* our fault, or the machine's (disk full, no descriptors) */
};

struct err {
	enum err_class class;
	char text[512]; /* one line of UTF-8, no trailing full stop, always terminated */
};

/* Sets and returns -1, so that `return err_set(...)` reads well.  e may be NULL. */
int err_set(struct err *e, enum err_class c, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts "prefix: " before the story; returns -1. */
int err_prefix(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The exit code that scripts see for this class: 0 to 5, the table of the manual page. */
int err_exit_code(enum err_class c);

#endif
