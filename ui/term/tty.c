#include "ui/term/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/*
 * O_NONBLOCK belongs to the open file, which the shell and every program beside us share.
 * So the terminal is opened anew; only where that fails is the shared one switched.
 */
static int reopen(int fd, int *shared, int *flags)
{
	char path[32];
	int own;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	*flags = -1;
	if (own >= 0)
		return own;
	*shared = fd;
	*flags = fcntl(fd, F_GETFL);
	if (*flags >= 0)
		fcntl(fd, F_SETFL, *flags | O_NONBLOCK);
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

int tty_open(struct tty *t, int in_fd, int out_fd, struct err *e)
{
	*t = (struct tty){ .in = -1, .out = -1, .in_flags = -1, .out_flags = -1 };
	if (!isatty(in_fd) || !isatty(out_fd))
		return err_set(e, ERR_USAGE, "the console needs a terminal on its standard %s",
			isatty(in_fd) ? "output" : "input");
	t->in = reopen(in_fd, &t->in_shared, &t->in_flags);
	t->out = reopen(out_fd, &t->out_shared, &t->out_flags);
	if (t->in < 0 || t->out < 0) {
		tty_close(t);
		return err_set(e, ERR_OURS, "no descriptor for the terminal");
	}
	return 0;
}

void tty_close(struct tty *t)
{
	if (t->in_flags >= 0)
		fcntl(t->in_shared, F_SETFL, t->in_flags);
	if (t->out_flags >= 0)
		fcntl(t->out_shared, F_SETFL, t->out_flags);
	if (t->in >= 0)
		close(t->in);
	if (t->out >= 0)
		close(t->out);
	t->in = t->out = t->in_flags = t->out_flags = -1;
}

static int within(int v, int def, int max)
{
	return v <= 0 ? def : v > max ? max : v;
}

void tty_size(const struct tty *t, int *rows, int *cols)
{
	struct winsize ws = { 0 };

	ioctl(t->out, TIOCGWINSZ, &ws);
	*rows = within(ws.ws_row, 24, 500);
	*cols = within(ws.ws_col, 80, 1000);
}

bool tty_is_stderr(const struct tty *t)
{
	struct stat a, b;

	return isatty(STDERR_FILENO) && fstat(STDERR_FILENO, &a) == 0 && fstat(t->out, &b) == 0 &&
	       a.st_rdev == b.st_rdev;
}

ssize_t tty_read(const struct tty *t, char *p, size_t n)
{
	ssize_t got = read(t->in, p, n);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return got > 0 ? got : -1; /* nothing at all: hung up */
}

ssize_t tty_write(const struct tty *t, const char *p, size_t n)
{
	ssize_t w = write(t->out, p, n);

	if (w < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return w;
}
