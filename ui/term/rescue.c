#include "ui/term/rescue.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

#define STDERR_SHOWN  (64 * 1024) /* of what was said while the screen was up, the last of it */
#define WRITE_WAIT_MS 300

/* Every signal that ends a process which does not handle it. */
static const int fatal[] = {
	SIGHUP,
	SIGINT,
	SIGQUIT,
	SIGILL,
	SIGTRAP,
	SIGABRT,
	SIGBUS,
	SIGFPE,
	SIGUSR1,
	SIGSEGV,
	SIGUSR2,
	SIGPIPE,
	SIGALRM,
	SIGTERM,
	SIGSTKFLT,
	SIGXCPU,
	SIGXFSZ,
	SIGVTALRM,
	SIGPROF,
	SIGIO,
	SIGPWR,
	SIGSYS,
};
static const int ours[] = { SIGTSTP, SIGCONT, SIGWINCH };

static struct rescue_will own = { .said = -1 }, *w = &own;

/* With *w all that the handlers see. */
static struct {
	volatile sig_atomic_t live; /* between begin and end */
	volatile sig_atomic_t words;
	int in, out, wake, said; /* said: the file behind stderr */
	int err_saved;		 /* the real stderr, or -1 */
	struct termios raw;
	struct sigaction old_fatal[ARRAY_LEN(fatal)], old_ours[ARRAY_LEN(ours)];
	stack_t old_stack;
	void *stack;
} r = { .in = -1, .out = -1, .wake = -1, .said = -1, .err_saved = -1 };

/* --- async-signal-safe from here --- */

/* Bytes to a terminal that may be full and will not be waited for for long. */
static void put(int fd, const char *p, size_t n)
{
	struct pollfd pf = { .fd = fd, .events = POLLOUT };

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done > 0) {
			p += done;
			n -= (size_t)done;
		} else if (done < 0 && errno == EINTR) {
			continue;
		} else if (done < 0 && errno == EAGAIN) {
			if (poll(&pf, 1, WRITE_WAIT_MS) <= 0)
				return;
		} else {
			return;
		}
	}
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Answers to our last questions, "CSI 0 n", must not become the shell's input: until as many have
 * come as are owed, or for so long. */
static void swallow(int fd, int ms, int owed)
{
	struct pollfd pf = { .fd = fd, .events = POLLIN };
	int64_t end = now_ms() + ms;
	char junk[256], before = 0;

	while (owed > 0 && now_ms() < end && poll(&pf, 1, (int)(end - now_ms())) > 0) {
		ssize_t n = read(fd, junk, sizeof(junk));

		if (n <= 0)
			return;
		for (ssize_t i = 0; i < n; i++) {
			owed -= before == '0' && junk[i] == 'n';
			before = junk[i];
		}
	}
}

/* Another job of the same terminal is in front: its settings are not ours to change. */
static bool in_background(int out)
{
	pid_t front = tcgetpgrp(out);

	return front > 0 && front != getpgrp();
}

/* Bytes of whoever wrote to stderr, harmless: no control but line ends and tabs. */
static void tame(char *p, ssize_t n, unsigned char *last)
{
	for (ssize_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			p[i] = '?';
		else if (*last == 0xc2 && c >= 0x80 && c < 0xa0)
			p[i] = (char)0xbf; /* a C1 control becomes an inverted question mark */
		*last = c;
	}
}

static void show_said(int said)
{
	off_t end = lseek(said, 0, SEEK_END), at = end > STDERR_SHOWN ? end - STDERR_SHOWN : 0;
	char chunk[1024];
	unsigned char last = 0;
	ssize_t n;

	while (at < end && (n = pread(said, chunk, sizeof(chunk), at)) > 0) {
		tame(chunk, n, &last);
		put(STDERR_FILENO, chunk, (size_t)n);
		at += n;
	}
	if (ftruncate(said, 0) < 0)
		return;
}

static void replay_stderr(void)
{
	if (r.err_saved < 0)
		return;
	dup2(r.err_saved, STDERR_FILENO);
	show_said(r.said);
}

/* The parent that would have tidied up was killed itself: the shell may have the terminal by
 * now, but nobody else knows what is on. */
static bool orphaned(void)
{
	return w->heir && getppid() != w->heir;
}

void rescue_now(void)
{
	int saved = errno;

	if (!w->up)
		return;
	w->up = 0;
	swallow(r.in, w->linger, w->owed);
	if (!in_background(r.out) || orphaned())
		put(r.out, w->s[w->which].leave, w->s[w->which].n_leave);
	if (!in_background(r.out))
		tcsetattr(r.in, TCSAFLUSH, &w->was);
	replay_stderr();
	errno = saved;
}

bool rescue_inherit(struct rescue_will *will, int in, int out, bool dead)
{
	if (!will->up)
		return false;
	will->up = 0;
	swallow(in, will->linger, dead ? will->owed : 0);
	if (!in_background(out)) {
		put(out, will->s[will->which].leave, will->s[will->which].n_leave);
		tcsetattr(in, TCSAFLUSH, &will->was);
	}
	if (dead && will->said >= 0)
		show_said(will->said);
	return true;
}

static void enter_again(void)
{
	if (!r.live || w->up || in_background(r.out))
		return;
	w->up = 1;
	if (r.err_saved >= 0)
		dup2(r.said, STDERR_FILENO);
	tcsetattr(r.in, TCSADRAIN, &r.raw);
	put(r.out, w->s[w->which].enter, w->s[w->which].n_enter);
}

static void leave_word(int word)
{
	uint64_t one = 1;

	r.words |= word;
	if (write(r.wake, &one, sizeof(one)) < 0)
		return; /* full: the reader is told already */
}

static void die(int sig)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t one;

	rescue_now();
	sigaction(sig, &dfl, NULL);
	raise(sig);
	sigemptyset(&one);
	sigaddset(&one, sig);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
}

static void on_fatal(int sig)
{
	die(sig);
}

/* Also after a SIGSTOP that nobody could catch: the shell has had the terminal meanwhile. */
static void on_cont(int sig)
{
	int saved = errno;

	if (!in_background(r.out))
		w->up = 0;
	enter_again();
	leave_word(RESCUE_RESUMED | RESCUE_RESIZED);
	errno = saved;
}

void rescue_stop_self(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, mine;
	sigset_t stop, was;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &dfl, &mine);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &was);
	sigprocmask(SIG_SETMASK, &was, NULL);
	sigaction(SIGTSTP, &mine, NULL);
}

static void on_stop(int sig)
{
	int saved = errno;
	sigset_t waiting;

	rescue_now();
	rescue_stop_self();
	sigpending(&waiting);
	if (!sigismember(&waiting, SIGCONT)) /* the stop was ignored */
		on_cont(SIGCONT);
	errno = saved;
}

static void on_resize(int sig)
{
	int saved = errno;

	leave_word(RESCUE_RESIZED);
	errno = saved;
}

/* --- and no further --- */

static void copy_string(char *to, size_t *n, struct slice s)
{
	if (s.n > RESCUE_STRING)
		BUG("%zu bytes of terminal modes", s.n);
	if (s.n)
		memcpy(to, s.p, s.n);
	*n = s.n;
}

void rescue_set_will(struct rescue_will *will)
{
	w = will;
}

void rescue_set_strings(struct slice enter, struct slice leave)
{
	int other = !w->which;

	copy_string(w->s[other].enter, &w->s[other].n_enter, enter);
	copy_string(w->s[other].leave, &w->s[other].n_leave, leave);
	w->which = other;
}

static void catch_fatal(void)
{
	struct sigaction sa = { .sa_handler = on_fatal, .sa_flags = SA_ONSTACK };

	sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++) {
		sigaction(fatal[i], NULL, &r.old_fatal[i]);
		if (r.old_fatal[i].sa_handler == SIG_DFL)
			sigaction(fatal[i], &sa, NULL);
	}
}

static void catch_ours(void)
{
	void (*const handlers[])(int) = { on_stop, on_cont, on_resize };
	struct sigaction sa = { .sa_flags = SA_RESTART | SA_ONSTACK };

	sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		sigdelset(&sa.sa_mask, fatal[i]); /* a crash in here is still a crash */
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		sa.sa_handler = handlers[i];
		sigaction(ours[i], &sa, &r.old_ours[i]);
	}
}

static void use_own_stack(void)
{
	size_t n = 64 * 1024;
	stack_t ss = { .ss_size = n };

	r.stack = xmalloc(n);
	ss.ss_sp = r.stack;
	sigaltstack(&ss, &r.old_stack);
}

static void catch_stderr(void)
{
	r.said = w->said >= 0 ? fcntl(w->said, F_DUPFD_CLOEXEC, 10)
			      : memfd_create("stderr", MFD_CLOEXEC);
	r.err_saved = r.said < 0 ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	if (r.err_saved < 0)
		return;
	fcntl(r.said, F_SETFL, O_APPEND);
	dup2(r.said, STDERR_FILENO);
}

static void at_exit(void)
{
	rescue_now();
}

static void make_raw(struct termios *t)
{
	t->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	t->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	t->c_oflag &= ~(tcflag_t)OPOST;
	t->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	t->c_cflag |= CS8;
	t->c_cc[VMIN] = 1;
	t->c_cc[VTIME] = 0;
}

int rescue_begin(const struct rescue_opts *o, struct err *e)
{
	static bool registered;

	if (r.live)
		BUG("two terminals at once");
	if (tcgetattr(o->in, &w->was) < 0)
		return err_set(e, ERR_USAGE, "this is not a terminal: %s", strerror(errno));
	r.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r.wake < 0)
		return err_set(e, ERR_OURS, "eventfd: %s", strerror(errno));
	r.in = o->in;
	r.out = o->out;
	r.raw = w->was;
	make_raw(&r.raw);
	rescue_set_strings(o->enter, o->leave);
	if (!registered)
		atexit(at_exit);
	registered = true;
	use_own_stack();
	r.live = 1;
	w->up = 1;
	catch_fatal();
	catch_ours();
	if (o->catch_stderr)
		catch_stderr();
	if (tcsetattr(r.in, TCSADRAIN, &r.raw) < 0) {
		err_set(e, ERR_OURS, "the terminal refuses raw mode: %s", strerror(errno));
		rescue_end();
		return -1;
	}
	return 0;
}

void rescue_set_linger(int ms, unsigned owed)
{
	w->owed = (int)owed;
	w->linger = ms;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void rescue_end(void)
{
	if (!r.live)
		return;
	rescue_now();
	r.live = 0;
	for (size_t i = 0; i < ARRAY_LEN(fatal); i++)
		if (r.old_fatal[i].sa_handler == SIG_DFL)
			sigaction(fatal[i], &r.old_fatal[i], NULL);
	for (size_t i = 0; i < ARRAY_LEN(ours); i++)
		sigaction(ours[i], &r.old_ours[i], NULL);
	sigaltstack(&r.old_stack, NULL);
	free(r.stack);
	r.stack = NULL;
	close_fd(&r.wake);
	close_fd(&r.said);
	close_fd(&r.err_saved);
}

bool rescue_up(void)
{
	return w->up;
}

/* As the terminal does it: those who started us and wait in the same job stop, too.  Before that,
 * for as soon as they have stopped the shell has the terminal, and it is no longer ours to tidy. */
void rescue_stop(void)
{
	rescue_now();
	kill(0, SIGTSTP);
}

int rescue_fd(void)
{
	return r.wake;
}

int rescue_take(void)
{
	uint64_t n;
	int words;
	sigset_t all, old;

	if (r.wake < 0)
		return 0;
	if (read(r.wake, &n, sizeof(n)) < 0 && errno != EAGAIN)
		return 0;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &old);
	words = r.words;
	r.words = 0;
	sigprocmask(SIG_SETMASK, &old, NULL);
	return words;
}
