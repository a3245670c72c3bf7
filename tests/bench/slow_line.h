/*
 * A slow line to a real sshd: the server on the loopback as the user who runs it, with keys and
 * settings of its own, and between it and ssh a relay that lets so many bytes a second through
 * towards the terminal and takes its time both ways.  What piles up does so where it does in
 * life: in the server, in its socket, in the relay's.
 */
#ifndef TESTS_BENCH_SLOW_LINE_H
#define TESTS_BENCH_SLOW_LINE_H

struct slow_line;

/* NULL: it cannot be had here, and says why on stdout. */
struct slow_line *slow_line_open(unsigned rate, unsigned rtt_ms);
void slow_line_close(struct slow_line *l);
/* What runs a line of shell at the other end, on a terminal; good until the next call. */
const char *const *slow_line_argv(struct slow_line *l, const char *command);

#endif
