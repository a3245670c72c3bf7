#include "tests/console/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/keys.h"

struct pty {
	struct pty_opts o;
	int master, slave;
	pid_t pid;
	bool dead, frozen;
	int status;
	struct termios was;
	struct screen *screen;
	struct buf all;
	char csi[32];
	size_t n_csi;
	int at; /* 0 ground, 1 after ESC, 2 in CSI */
	struct buf answers;
	int64_t answer_at; /* when they are due; 0: none */
	int64_t started, last;
	char left[256];
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- starting --- */

static void set_env(const struct pty_opts *o)
{
	clearenv();
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", "/nonexistent", 1);
	setenv("LANG", "C.UTF-8", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* A sanitizer's own handlers would take the signals that tests are about. */
	setenv("ASAN_OPTIONS",
		"handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
		"handle_abort=0",
		1);
	setenv("TERM", o->term ? o->term : "xterm-256color", 1);
	for (const char *const *e = o->env; e && *e; e++) {
		const char *eq = strchr(*e, '=');
		char *name = xmemdup0(*e, eq ? (size_t)(eq - *e) : strlen(*e));

		if (eq)
			setenv(name, eq + 1, 1);
		else
			unsetenv(name);
		free(name);
	}
}

static void run_child(const struct pty_opts *o, int slave, const char *const *argv)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		dup2(slave, fd);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	set_env(o);
	execv(argv[0], (char *const *)argv);
	dprintf(2, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void open_pair(struct pty *p)
{
	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (p->master < 0 || grantpt(p->master) < 0 || unlockpt(p->master) < 0)
		fail_msg("no pseudo-terminal: %s", strerror(errno));
	p->slave = open(ptsname(p->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->slave < 0)
		fail_msg("no pseudo-terminal: %s", strerror(errno));
	tcgetattr(p->slave, &p->was);
}

static void set_size(struct pty *p, int rows, int cols)
{
	struct winsize ws = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	ioctl(p->master, TIOCSWINSZ, &ws);
}

struct pty *pty_start(const struct pty_opts *o, const char *const *argv)
{
	struct pty *p = xcalloc(1, sizeof(*p));

	p->o = *o;
	p->o.rows = o->rows ? o->rows : 24;
	p->o.cols = o->cols ? o->cols : 80;
	buf_init(&p->all, 256 << 20);
	buf_init(&p->answers, 1 << 16);
	open_pair(p);
	set_size(p, p->o.rows, p->o.cols);
	p->screen = screen_new(p->o.rows, p->o.cols);
	p->started = now_ms();
	p->pid = fork();
	if (p->pid == 0)
		run_child(&p->o, p->slave, argv);
	return p;
}

bool pty_alive(struct pty *p)
{
	if (!p->dead && waitpid(p->pid, &p->status, WNOHANG) == p->pid)
		p->dead = true;
	return !p->dead;
}

int pty_pid(const struct pty *p)
{
	return p->pid;
}

int pty_child_of(int pid)
{
	char path[64], text[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		fail_msg("the program has no child");
	fclose(f);
	return atoi(text);
}

int pty_child(const struct pty *p)
{
	return pty_child_of(p->pid);
}

void pty_end(struct pty *p)
{
	if (pty_alive(p)) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, &p->status, 0);
	}
	if (p->master >= 0)
		close(p->master);
	if (p->slave >= 0)
		close(p->slave);
	screen_free(p->screen);
	buf_fini(&p->all);
	buf_fini(&p->answers);
	free(p);
}

/* --- the terminal's side --- */

static void answer(struct pty *p, const char *text)
{
	int times = p->o.answer_times ? p->o.answer_times : 1;

	if (p->o.mute)
		return;
	while (times--)
		buf_adds(&p->answers, text);
	if (!p->answer_at)
		p->answer_at = now_ms() + p->o.answer_after_ms;
}

static void end_csi(struct pty *p, char final)
{
	if (final == 'n' && strcmp(p->csi, "5") == 0)
		answer(p, "\033[0n");
	else if (final == 'c' && (p->n_csi == 0 || strcmp(p->csi, "0") == 0))
		answer(p, "\033[?62;22c");
	else if (final == 'p' && strcmp(p->csi, "?2026$") == 0)
		answer(p, p->o.sync2026 ? "\033[?2026;2$y" : "\033[?2026;0$y");
}

static void watch_questions(struct pty *p, char c)
{
	if (c == '\033') {
		p->at = 1;
	} else if (p->at == 1) {
		p->at = c == '[' ? 2 : 0;
		p->n_csi = 0;
		memset(p->csi, 0, sizeof(p->csi));
	} else if (p->at == 2 && c >= 0x20 && c < 0x40) {
		if (p->n_csi < sizeof(p->csi) - 1)
			p->csi[p->n_csi++] = c;
	} else if (p->at == 2) {
		end_csi(p, c);
		p->at = 0;
	}
}

static void send_answers(struct pty *p)
{
	if (!p->answer_at || now_ms() < p->answer_at)
		return;
	p->answer_at = 0;
	pty_send(p, p->answers.p, p->answers.len);
	buf_reset(&p->answers);
}

/* How many bytes the line has room for by now. */
static size_t allowance(const struct pty *p)
{
	size_t line = (size_t)(now_ms() - p->started) * p->o.rate / 1000;

	if (p->frozen)
		return 0;
	if (!p->o.rate)
		return 1 << 16;
	return line > p->all.len ? line - p->all.len : 0;
}

/* One read, after at most so long; false when nothing came. */
static bool take(struct pty *p, int ms)
{
	struct pollfd pf = { .fd = p->master, .events = POLLIN };
	char chunk[1 << 16];
	size_t room = allowance(p);
	ssize_t n;

	send_answers(p);
	ms = ms > 0 ? ms : 0; /* poll() takes less for without end */
	if (p->answer_at || p->o.rate)
		ms = ms > 5 ? 5 : ms;
	if (p->master < 0 || room == 0) {
		poll(NULL, 0, ms > 5 ? 5 : ms);
		return false;
	}
	if (poll(&pf, 1, ms) <= 0)
		return false;
	n = read(p->master, chunk, room < sizeof(chunk) ? room : sizeof(chunk));
	if (n <= 0)
		return false;
	p->last = now_ms();
	buf_add(&p->all, chunk, (size_t)n);
	for (ssize_t i = 0; i < n; i++)
		watch_questions(p, chunk[i]);
	screen_feed(p->screen, chunk, (size_t)n);
	send_answers(p);
	return true;
}

void pty_pump(struct pty *p, int ms)
{
	int64_t end = now_ms() + ms;

	do
		take(p, (int)(end - now_ms()));
	while (now_ms() < end);
}

bool pty_await(struct pty *p, int ms)
{
	int64_t end = now_ms() + ms;

	while (!take(p, (int)(end - now_ms())))
		if (now_ms() >= end)
			return false;
	return true;
}

void pty_settle(struct pty *p, int quiet_ms)
{
	int64_t end = now_ms() + PTY_WAIT_MS;

	p->last = now_ms();
	while (now_ms() - p->last < quiet_ms && now_ms() < end)
		take(p, quiet_ms);
}

static bool shows(struct pty *p, const char *text)
{
	char *s = screen_text(p->screen);
	bool found = strstr(s, text) != NULL;

	free(s);
	return found;
}

static void wait_for(struct pty *p, const char *text, bool there)
{
	int64_t end = now_ms() + PTY_WAIT_MS;

	while (shows(p, text) != there) {
		if (now_ms() > end || (!pty_alive(p) && !take(p, 0) && shows(p, text) != there))
			fail_msg("'%s' %s after %d s%s; the screen:\n%s", text,
				there ? "is not there" : "is still there", PTY_WAIT_MS / 1000,
				pty_alive(p) ? "" : " and the program has ended",
				screen_text(p->screen));
		take(p, 20);
	}
}

void pty_expect(struct pty *p, const char *text)
{
	wait_for(p, text, true);
}

void pty_expect_gone(struct pty *p, const char *text)
{
	wait_for(p, text, false);
}

int pty_wait(struct pty *p)
{
	int64_t end = now_ms() + PTY_WAIT_MS;

	while (pty_alive(p)) {
		if (now_ms() > end)
			fail_msg("the program does not end; the screen:\n%s",
				screen_text(p->screen));
		take(p, 5);
	}
	p->o.rate = 0; /* what is on the line still arrives, sooner or later */
	while (take(p, 0))
		;
	return p->status;
}

void pty_wait_child(struct pty *p, int pid)
{
	int64_t end = now_ms() + PTY_WAIT_MS;

	while (kill(pid, 0) == 0) {
		if (now_ms() > end)
			fail_msg("its child does not end; the screen:\n%s", screen_text(p->screen));
		take(p, 5);
	}
	pty_pump(p, 50);
}

/* --- the user's side --- */

void pty_send(struct pty *p, const char *bytes, size_t n)
{
	while (n && p->master >= 0) {
		ssize_t w = write(p->master, bytes, n);

		if (w < 0 && errno != EAGAIN && errno != EINTR)
			return;
		if (w > 0) {
			bytes += w;
			n -= (size_t)w;
		} else {
			take(p, 5);
		}
	}
}

/* What an xterm sends; ui/term/input.h reads it back. */
static const struct {
	uint32_t key;
	const char *bytes;
} sent[] = {
	{ TERM_KEY_ENTER, "\r" },
	{ TERM_KEY_TAB, "\t" },
	{ TERM_KEY_ESC, "\033" },
	{ TERM_KEY_BACKSPACE, "\177" },
	{ TERM_KEY_UP, "\033[A" },
	{ TERM_KEY_DOWN, "\033[B" },
	{ TERM_KEY_RIGHT, "\033[C" },
	{ TERM_KEY_LEFT, "\033[D" },
	{ TERM_KEY_HOME, "\033[H" },
	{ TERM_KEY_END, "\033[F" },
	{ TERM_KEY_PGUP, "\033[5~" },
	{ TERM_KEY_PGDN, "\033[6~" },
	{ TERM_KEY_INSERT, "\033[2~" },
	{ TERM_KEY_DELETE, "\033[3~" },
	{ TERM_KEY_F1, "\033OP" },
	{ TERM_KEY_F2, "\033OQ" },
	{ TERM_KEY_F3, "\033OR" },
	{ TERM_KEY_F4, "\033OS" },
	{ TERM_KEY_F5, "\033[15~" },
	{ TERM_KEY_TAB | TERM_SHIFT, "\033[Z" },
};

/* Cursor keys are said in another way where the program asked for it, as a terminal does. */
static void send_known(struct pty *p, const char *bytes)
{
	char ss3[4] = "\033O";

	ss3[2] = bytes[1] == '[' ? bytes[2] : '\0';
	if (strlen(bytes) == 3 && strchr("ABCDHF", ss3[2]) && screen_mode(p->screen, 1))
		bytes = ss3;
	pty_send(p, bytes, strlen(bytes));
}

static void send_named(struct pty *p, struct slice name)
{
	uint32_t k = slice_is(name, "lt") ? '<' : key_parse(name);
	char u[5];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(sent); i++)
		if (sent[i].key == k) {
			send_known(p, sent[i].bytes);
			return;
		}
	if (k == 0 || TERM_KEY_OF(k) >= TERM_KEY_FIRST || (k & TERM_SHIFT))
		fail_msg("no bytes for the key <%.*s>", SLICE_ARG(name));
	if (k & TERM_ALT)
		u[n++] = '\033';
	if (k & TERM_CTRL)
		u[n++] = (char)(k & 0x1f);
	else
		n += utf8_encode(TERM_KEY_OF(k), u + n);
	pty_send(p, u, n);
}

void pty_keys(struct pty *p, const char *keys)
{
	while (*keys) {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;

		if (!end) {
			pty_send(p, keys++, 1);
			continue;
		}
		send_named(p, slice_mem(keys + 1, (size_t)(end - keys - 1)));
		keys = end + 1;
	}
}

void pty_resize(struct pty *p, int rows, int cols)
{
	while (!p->frozen && take(p, 0))
		;
	screen_resize(p->screen, rows, cols);
	set_size(p, rows, cols);
}

void pty_signal(struct pty *p, int sig)
{
	kill(p->pid, sig);
}

void pty_freeze(struct pty *p, bool on)
{
	p->frozen = on;
}

/* By a description of its own: the program's is not to be changed under it. */
void pty_fill(struct pty *p)
{
	static const char nothing[256];
	int fd = open(ptsname(p->master), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		fail_msg("the terminal cannot be opened again: %s", strerror(errno));
	while (write(fd, nothing, sizeof(nothing)) > 0)
		;
	while (write(fd, nothing, 1) > 0)
		;
	close(fd);
}

void pty_hangup(struct pty *p)
{
	close(p->master);
	close(p->slave);
	p->master = p->slave = -1;
}

struct screen *pty_screen(struct pty *p)
{
	return p->screen;
}

const struct buf *pty_output(struct pty *p)
{
	return &p->all;
}

static bool same_settings(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

const char *pty_left_on(struct pty *p)
{
	struct termios t;

	while (take(p, 0))
		;
	tcgetattr(p->slave, &t);
	snprintf(p->left, sizeof(p->left), "%s%s", screen_left_on(p->screen),
		same_settings(&t, &p->was) ? "" : "termios; ");
	return p->left;
}
