#include "ui/screen/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"

#define TEXT_MAX (1 << 20)
#define RUN_MS   60000
#define KILL_MS  3000 /* after it was asked to end */
#define WORDS	 64
#define LINE_SEEN 16384 /* bytes that are looked at */

struct output {
	struct stage *st;
	char *line; /* as typed */
	struct loop_child *child;
	struct loop_io *io; /* NULL: all has been read */
	struct loop_timer *timer;
	int fd;
	struct buf text;
	uint32_t *starts; /* of its lines */
	int n, cap;
	int top, side, page;
	const char *cut; /* why it was ended; NULL: it was not */
	int status, signo;
	bool ended;
};

/* --- what it prints --- */

static void add_line(struct output *s, size_t start)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->starts = xreallocarray(s->starts, (size_t)s->cap, sizeof(*s->starts));
	}
	s->starts[s->n++] = (uint32_t)start;
}

static void take(struct output *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = s->text.len + i;

		if (at == 0 || (i ? p[i - 1] : s->text.p[at - 1]) == '\n')
			add_line(s, at);
	}
	buf_add(&s->text, p, n);
}

static void stop(struct output *s, const char *why)
{
	if (!s->cut)
		s->cut = why;
	if (s->ended)
		return;
	loop_child_kill(s->child, SIGTERM);
	loop_timer_again(s->timer, KILL_MS, KILL_MS);
}

static void close_pipe(struct output *s)
{
	if (!s->io)
		return;
	loop_io_free(s->io);
	s->io = NULL;
	close(s->fd);
}

/* False: nothing is left to be read now. */
static bool read_some(struct output *s)
{
	char some[8192];
	size_t room = TEXT_MAX - s->text.len;
	ssize_t n = read(s->fd, some, sizeof(some) < room ? sizeof(some) : room);

	if (n > 0) {
		take(s, some, (size_t)n);
		if (s->text.len < TEXT_MAX)
			return true;
		stop(s, "cut at 1 MiB");
	} else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return false;
	}
	close_pipe(s);
	return false;
}

static void on_text(void *arg, int events)
{
	struct output *s = arg;

	read_some(s);
	s->st->dirty(s->st->arg);
}

/* --- its life --- */

static void on_exit_of(void *arg, int status, int signo)
{
	struct output *s = arg;

	s->ended = true;
	s->status = status;
	s->signo = signo;
	loop_timer_stop(s->timer);
	while (s->io && read_some(s))
		;
	close_pipe(s); /* a child of its own may hold the other end for long */
	s->st->dirty(s->st->arg);
}

static void on_time(void *arg)
{
	struct output *s = arg;

	if (s->cut)
		loop_child_kill(s->child, SIGKILL);
	else
		stop(s, "ended after 60s");
}

/* The next word, its quotes taken away, goes to *out.  1; 0: there is none; -1. */
static int next_word(const char **at, char **out, struct err *e)
{
	const char *p = *at;
	char quote = 0;

	while (*p == ' ')
		p++;
	if (!*p)
		return 0;
	for (; *p && (quote || *p != ' '); p++)
		if (quote ? *p == quote : *p == '\'' || *p == '"')
			quote = quote ? 0 : *p;
		else
			*(*out)++ = *p;
	*(*out)++ = '\0';
	*at = p;
	return quote ? err_set(e, ERR_USAGE, "a %c is not closed", quote) : 1;
}

static int start(struct output *s, char *const argv[], struct err *e)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return err_set(e, ERR_OURS, "pipe: %s", strerror(errno));
	s->child = loop_child_new(s->st->loop, s->st->own[0], argv, (int[]){ -1, p[1], p[1] },
		on_exit_of, s, e);
	close(p[1]);
	s->fd = p[0];
	s->io = s->child ? loop_io_new(s->st->loop, p[0], LOOP_READ, on_text, s) : NULL;
	if (s->io) {
		s->timer = loop_timer_new(s->st->loop, RUN_MS, KILL_MS, on_time, s);
		return 0;
	}
	close(p[0]);
	return s->child ? err_set(e, ERR_OURS, "its pipe cannot be waited for") : -1;
}

static int run(struct output *s, struct err *e)
{
	char *argv[WORDS + 1], *words = xcalloc(strlen(s->line) + 2, 1), *out = words;
	const char *at = s->line;
	int n = 0, rc = 1;

	for (; n < WORDS && s->st->own[n]; n++)
		argv[n] = (char *)s->st->own[n];
	for (; n < WORDS; n++) {
		argv[n] = out;
		rc = next_word(&at, &out, e);
		if (rc <= 0)
			break;
	}
	argv[n] = NULL;
	if (rc > 0)
		rc = err_set(e, ERR_USAGE, "too many words");
	rc = rc < 0 ? -1 : start(s, argv, e);
	free(words);
	return rc;
}

static int output_open(void *state, struct stage *st, struct slice arg, struct err *e)
{
	struct output *s = state;

	s->st = st;
	s->line = xmemdup0(arg.p, arg.n);
	buf_init(&s->text, TEXT_MAX);
	return run(s, e);
}

static void output_close(void *state)
{
	struct output *s = state;

	if (s->child && !s->ended)
		loop_child_kill(s->child, SIGTERM);
	close_pipe(s);
	loop_child_free(s->child);
	loop_timer_free(s->timer);
	buf_fini(&s->text);
	free(s->starts);
	free(s->line);
}

static void output_show(void *state, bool on)
{
}

/* --- on screen --- */

static void tell_state(const struct output *s, char *text, size_t size)
{
	if (!s->ended)
		snprintf(text, size, "%s", s->cut ? "ending ..." : "running ...");
	else if (s->cut)
		snprintf(text, size, "%s", s->cut);
	else if (s->signo)
		snprintf(text, size, "ended by signal %d", s->signo);
	else
		snprintf(text, size, "exit code %d", s->status);
}

static void draw_head(struct output *s, struct term *t, struct rect r)
{
	bool bad = s->ended && (s->cut || s->signo || s->status);
	struct span left = { slice_of(s->line), ROLE_TITLE }, right = { .look = ROLE_DIM };
	char text[80];

	tell_state(s, text, sizeof(text));
	right = (struct span){ slice_of(text), bad ? ROLE_WARN : ROLE_DIM };
	line_draw(t, r, 0, &left, 1, &right, 1);
}

static void draw_row(struct output *s, struct term *t, struct rect r, int row)
{
	int at = s->top + row;
	size_t from = s->starts[at], to = at + 1 < s->n ? s->starts[at + 1] : s->text.len, skip;
	struct buf b;

	if (to > from && s->text.p[to - 1] == '\n')
		to--;
	if (to - from > LINE_SEEN)
		to = from + LINE_SEEN;
	buf_init(&b, TEXT_MAX);
	text_clean(&b, slice_mem(s->text.p + from, to - from), false);
	skip = utf8_fit(b.p, b.len, s->side);
	draw_field(t, r, row, 1, r.cols - 2, slice_mem(b.p + skip, b.len - skip), ROLE_TEXT,
		ALIGN_LEFT);
	buf_fini(&b);
}

static void output_draw(void *state, struct term *t, struct rect r)
{
	struct output *s = state;
	int most;

	draw_head(s, t, rect_cut_top(&r, 1));
	s->page = r.rows;
	most = s->n > r.rows ? s->n - r.rows : 0;
	s->top = s->top > most ? most : s->top;
	for (int i = 0; i < r.rows && s->top + i < s->n; i++)
		draw_row(s, t, r, i);
}

static struct slice output_subject(void *state)
{
	struct output *s = state;

	return slice_of(s->line ? s->line : "");
}

/* --- actions --- */

static int shift(int *what, struct slice arg, int times, int most, struct err *e)
{
	int64_t by;

	if (value_arg(arg, &by, e) < 0)
		return -1;
	by = *what + by * times;
	*what = by < 0 ? 0 : by > most ? most : (int)by;
	return 0;
}

static int act_move(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->top, arg, 1, s->n, e);
}

static int act_page(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->top, arg, s->page > 1 ? s->page - 1 : 1, s->n, e);
}

static int act_home(void *state, struct slice arg, struct err *e)
{
	((struct output *)state)->top = 0;
	return 0;
}

static int act_end(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	s->top = s->n; /* drawing knows how much of it */
	return 0;
}

static int act_scroll(void *state, struct slice arg, struct err *e)
{
	struct output *s = state;

	return shift(&s->side, arg, 8, 4000, e);
}

static const struct action actions[] = {
	{ "move", "ROWS", "scroll", .run = act_move },
	{ "page", "PAGES", "scroll by pages", .run = act_page },
	{ "home", "", "to the top", .run = act_home },
	{ "end", "", "to the end", .run = act_end },
	{ "scroll", "STEPS", "to the right, or left", .run = act_scroll },
	{ 0 },
};

static void output_mouse(void *state, const struct term_event *ev)
{
	if (ev->mouse == TERM_MOUSE_WHEEL_UP)
		act_move(state, slice_of("-3"), NULL);
	else if (ev->mouse == TERM_MOUSE_WHEEL_DOWN)
		act_move(state, slice_of("3"), NULL);
}

const struct screen screen_output = {
	.name = "output", .title = "Output", .args = "", .help = "what a command prints",
	.keys = "text", .state_size = sizeof(struct output), .actions = { actions },
	.open = output_open, .close = output_close, .show = output_show, .draw = output_draw,
	.subject = output_subject, .mouse = output_mouse,
};
