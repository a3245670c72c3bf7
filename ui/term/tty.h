/* The descriptors of a terminal: never blocking, never changing what the shell shares with us. */
#ifndef UI_TERM_TTY_H
#define UI_TERM_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct tty {
	int in, out;		 /* our own openings of the terminal, non-blocking; or -1 */
	int in_flags, out_flags; /* what to put back where it could not be opened anew; or -1 */
	int in_shared, out_shared;
};

int tty_open(struct tty *t, int in_fd, int out_fd, struct err *e);
void tty_close(struct tty *t);
/* 80 by 24 when the terminal does not know; at least 1 by 1, at most 1000 by 500. */
void tty_size(const struct tty *t, int *rows, int *cols);
/* stderr is this same terminal. */
bool tty_is_stderr(const struct tty *t);
/* Bytes read or written; 0: not now; -1: the terminal is gone. */
ssize_t tty_read(const struct tty *t, char *p, size_t n);
ssize_t tty_write(const struct tty *t, const char *p, size_t n);

#endif
