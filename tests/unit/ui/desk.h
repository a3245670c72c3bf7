/*
 * A desk: a shell on a terminal in memory, in front of the collector of fake_api.h.  Keys and the
 * mouse go in, the cells of a screen come out.
 */
#ifndef TESTS_UNIT_UI_DESK_H
#define TESTS_UNIT_UI_DESK_H

#include "client/client.h"
#include "tests/console/screen.h"
#include "tests/unit/ui/fake_api.h"
#include "ui/frame.h"
#include "ui/shell.h"

struct desk {
	struct shell shell;
	struct term *term;
	struct screen *screen;
	struct client *client;
};

static void desk_state(void *arg, const struct err *why)
{
	struct desk *d = arg;

	if (why)
		shell_down(&d->shell, why);
	else
		shell_up(&d->shell, d->client);
}

static void desk_connect(struct desk *d)
{
	struct client_spec c = { .loop = fake.loop, .socket = fake.path, .no_start = true,
		.reconnect = true, .state = desk_state, .arg = d };
	struct err e;

	d->client = client_open(&c, &e);
	if (!d->client)
		fail_msg("%s", e.text);
	shell_up(&d->shell, d->client);
}

/* A terminal in memory before it, in the place of the one that it had; `ask`: one that answers. */
static void desk_terminal(struct desk *d, int rows, int cols, bool mono, enum term_when ask, uint32_t rate)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .rows = rows, .cols = cols,
		.type = "xterm-256color", .utf8 = TERM_ALWAYS, .copy = true,
		.colour = mono ? TERM_NEVER : TERM_ALWAYS, .ask = ask, .rate = rate,
		.theme = &d->shell.theme };
	struct err e;

	term_close(d->term);
	d->term = d->shell.spec.term = term_open(&o, clock_mono_ms(), &e);
	if (!d->term)
		fail_msg("%s", e.text);
}

static struct desk *desk_open_with(int rows, int cols, bool mono, struct shell_spec spec)
{
	struct desk *d = xcalloc(1, sizeof(*d));
	struct err e;

	spec.loop = fake.loop;
	spec.title = "lab";
	if (shell_init(&d->shell, &spec, &e) < 0)
		fail_msg("%s", e.text);
	desk_terminal(d, rows, cols, mono, TERM_AUTO, 0);
	d->screen = screen_new(rows, cols);
	return d;
}

static inline struct desk *desk_open(int rows, int cols, bool mono)
{
	return desk_open_with(rows, cols, mono, (struct shell_spec){ 0 });
}

static void desk_close(struct desk *d)
{
	shell_close(&d->shell);
	client_free(d->client);
	shell_fini(&d->shell);
	term_close(d->term);
	screen_free(d->screen);
	free(d);
}

/* Until nothing more comes: questions have their answers, and those theirs. */
static void desk_settle(struct desk *d)
{
	for (int quiet = 0; quiet < 12; quiet++) {
		unsigned calls = fake.calls;
		bool dirty = d->shell.dirty;

		d->shell.dirty = false;
		loop_turn(fake.loop, 0);
		if (fake.calls != calls || d->shell.dirty)
			quiet = 0;
		d->shell.dirty |= dirty;
	}
}

/* How often it asks whether a frame has arrived. */
static size_t desk_asked(struct desk *d)
{
	struct slice out = term_output(d->term);
	size_t n = 0;

	for (const char *p = out.p; out.n && (p = memmem(p, out.n - (size_t)(p - out.p), "\033[5n", 4)); p++)
		n++;
	return n;
}

static void desk_draw(struct desk *d)
{
	size_t asked;

	shell_draw(&d->shell);
	term_flush(d->term, clock_mono_ms());
	screen_feed(d->screen, term_output(d->term).p, term_output(d->term).n);
	asked = desk_asked(d);
	term_take(d->term);
	while (asked--)
		term_input(d->term, "\033[0n", 4, clock_mono_ms());
	shell_take_events(&d->shell, clock_mono_ms());
}

/* Settles, draws what that asks for, until drawing asks for nothing more. */
static void desk_show(struct desk *d)
{
	for (int i = 0; i < 4; i++) {
		desk_settle(d);
		desk_draw(d);
	}
}

#define DESK_KEY_MS 100 /* a lone Esc is a key by then */

static inline void desk_bytes(struct desk *d, const char *bytes, size_t n)
{
	term_input(d->term, bytes, n, clock_mono_ms());
	clock_test_advance(DESK_KEY_MS);
	term_read(d->term, clock_mono_ms());
	shell_take_events(&d->shell, clock_mono_ms());
	desk_show(d);
}

/* Keys one by one, or a sequence of the terminal's whole. */
static inline void desk_keys(struct desk *d, const char *keys)
{
	if (!*keys || strncmp(keys, "\033[", 2) == 0) {
		desk_bytes(d, keys, strlen(keys));
		return;
	}
	for (; *keys; keys++)
		desk_bytes(d, keys, 1);
}

/* A desk whose user has hit these keys, in front of the world that was started. */
static inline struct desk *desk_sit(int rows, int cols, struct shell_spec spec, const char *keys)
{
	struct desk *d = desk_open_with(rows, cols, false, spec);

	desk_connect(d);
	desk_show(d);
	if (*keys)
		desk_keys(d, keys);
	return d;
}

static inline struct desk *desk_begin(int rows, int cols, const char *keys)
{
	fake_start();
	return desk_sit(rows, cols, (struct shell_spec){ 0 }, keys);
}

static inline void desk_end(struct desk *d)
{
	desk_close(d);
	fake_end();
}

/* A button of the mouse, pressed ('M') or let go ('m') on a cell; 32: dragged to it. */
static inline void desk_mouse(struct desk *d, int button, int row, int col, char end)
{
	char text[40];

	snprintf(text, sizeof(text), "\033[<%d;%d;%d%c", button, col + 1, row + 1, end);
	desk_keys(d, text);
}

static inline void desk_tick(struct desk *d, int64_t ms)
{
	clock_test_advance(ms);
	shell_tick(&d->shell);
	desk_show(d);
}

static __attribute__((unused, noinline)) void desk_expect(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	if (!strstr(all, text))
		fail_msg("'%s' is not on the screen:\n%s", text, all);
	free(all);
}

/* Until the text is there: for what is not the fake's, and takes its time. */
static inline void desk_wait(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	for (int i = 0; i < 2000 && !strstr(all, text); i++) {
		free(all);
		loop_turn(fake.loop, 10);
		desk_draw(d);
		all = screen_text(d->screen);
	}
	free(all);
	desk_expect(d, text);
}

static __attribute__((unused, noinline)) void desk_expect_not(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	if (strstr(all, text))
		fail_msg("'%s' is on the screen:\n%s", text, all);
	free(all);
}

/* The first row of the screen that has this text; fails when none has. */
static __attribute__((unused, noinline)) int desk_row(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen), *at = strstr(all, text);
	int row = 0;

	if (!at)
		fail_msg("'%s' is not on the screen:\n%s", text, all);
	for (char *p = all; p < at; p++)
		row += *p == '\n';
	free(all);
	return row;
}

static __attribute__((unused, noinline)) bool desk_row_has(struct desk *d, int row, const char *text)
{
	char *s = screen_row(d->screen, row);
	bool has = strstr(s, text) != NULL;

	free(s);
	return has;
}

#endif
