/*
 * A program that uses the terminal and every widget, for tests and measurements: a table of
 * many rows some of which change, a log, a plot, a prompt.  Its data are arithmetic: the same
 * tick shows the same screen.
 *
 *   demo [--rows N] [--tick MS] [--change PERCENT] [--mono] [--ascii] [--mouse] [--theme NAME]
 *        [--guard]
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/regex.h"
#include "ui/term/guard.h"
#include "ui/term/term.h"
#include "ui/widget/bars.h"
#include "ui/widget/loglist.h"
#include "ui/widget/plot.h"
#include "ui/widget/prompt.h"
#include "ui/widget/spark.h"
#include "ui/widget/table.h"

#define PLOT_POINTS 400

static struct {
	struct term *term;
	struct table table;
	struct loglist log;
	struct prompt prompt;
	struct regex *match;
	size_t tab;
	bool typing, quit, dirty, guard;
	int change;   /* percent of the rows that change each tick */
	int tick_ms;  /* 0: never */
	int64_t tick; /* how many have been */
	int64_t next_tick;
	int64_t plot_cursor;
	char note[80];
	const char *said; /* at the end */
} d = { .change = 20, .plot_cursor = -1 };

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9e3779b97f4a7c15u + b * 0xbf58476d1ce4e5b9u;

	x ^= x >> 31;
	return x * 0x94d049bb133111ebu >> 16;
}

/* How often a row has changed by now. */
static uint64_t version(uint64_t row)
{
	uint64_t period = d.change > 0 ? (uint64_t)(100 / d.change) : 1;

	return d.change > 0 ? ((uint64_t)d.tick + row % period) / period : 0;
}

/* --- what the widgets ask for --- */

static const struct table_col cols[] = {
	{ "NAME", 16, 16, 2, false, true },
	{ "NETWORK", 4, 10, 1, false, false },
	{ "STATUS", 4, 9, 0, false, false },
	{ "TEMP", 8, 20, 2, true, false },
	{ "UTIL", 8, 20, 1, true, false },
	{ "AGE", 4, 6, 0, true, false },
};

static void cell_text(struct table_cell *c, char *out, size_t n, const char *fmt, double v)
{
	snprintf(out, n, fmt, v);
	c->text = slice_of(out);
}

static void table_value(void *arg, uint64_t row, int col, struct table_cell *c)
{
	static const char *const networks[] = { "filecoin", "io.net", "bittensor", "energy",
		"water" };
	static char text[40];
	static float spark[12];
	uint64_t v = mix(row, version(row));
	bool hot = v % 97 == 0;

	switch (col) {
	case 0:
		snprintf(text, sizeof(text), "gpu-fra%d-%06d", (int)(row % 4), (int)row);
		c->text = slice_of(text);
		break;
	case 1:
		c->text = slice_of(networks[row % ARRAY_LEN(networks)]);
		break;
	case 2:
		c->text = slice_of(hot ? "▲ hot" : "● up");
		c->look = hot ? ROLE_CRIT : ROLE_OK;
		break;
	case 3:
		for (size_t i = 0; i < ARRAY_LEN(spark); i++)
			spark[i] = (float)(mix(row, version(row) + i) % 100);
		c->spark = spark;
		c->n_spark = ARRAY_LEN(spark);
		c->graph_look = ROLE_SPARK;
		cell_text(c, text, sizeof(text), "%.1f °C", 40 + (double)(v % 500) / 10);
		break;
	case 4:
		c->bar = (double)(v % 101) / 100;
		cell_text(c, text, sizeof(text), "%.0f %%", c->bar * 100);
		break;
	default:
		cell_text(c, text, sizeof(text), "%.0f s", (double)(v % 60));
	}
}

static void log_value(void *arg, uint64_t n, struct log_line *l)
{
	static char time[16], text[120];

	snprintf(time, sizeof(time), "%02d:%02d:%02d", (int)(n / 3600 % 24), (int)(n / 60 % 60),
		(int)(n % 60));
	snprintf(text, sizeof(text), "gpu-%04d temperature %d C over limit, event %d",
		(int)(mix(n, 1) % 1000), (int)(70 + mix(n, 2) % 30), (int)n);
	l->time = slice_of(time);
	l->tag = slice_of(n % 7 ? "info" : "warning");
	l->sign = n % 7 ? 0x25cf : 0x25b2;
	l->look = n % 7 ? ROLE_OK : ROLE_WARN;
	l->text = slice_of(text);
}

static void complete(void *arg, struct slice text, size_t cursor, struct prompt_offers *o)
{
	static const char *const words[] = { "devices", "describe", "events", "quit", "theme" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strncmp(words[i], text.p, cursor) == 0)
			offers_add(o, slice_of(words[i]));
}

/* --- drawing --- */

static void draw_plot(struct rect r)
{
	static struct plot_point a[PLOT_POINTS], b[PLOT_POINTS];
	struct plot p = { .from_ms = 0,
		.to_ms = PLOT_POINTS * 10000,
		.lo = NAN,
		.hi = NAN,
		.limit = 90,
		.cursor_ms = d.plot_cursor };

	for (int i = 0; i < PLOT_POINTS; i++) {
		float v = (float)(70 + 20 * sin(i / 40.0) + (double)(mix((uint64_t)i, 3) % 5));

		a[i] = (struct plot_point){ i * 10000, v - 1, v + 1 };
		b[i] = (struct plot_point){ i * 10000, v / 2, v / 2 };
		if (i > 150 && i < 180)
			b[i].min = b[i].max = NAN;
	}
	p.series[0] =
		(struct plot_series){ slice_of("temperature"), slice_of("°C"), a, PLOT_POINTS, 0 };
	p.series[1] = (struct plot_series){ slice_of("power"), slice_of("W"), b, PLOT_POINTS, 0 };
	p.n_series = 2;
	plot_draw(d.term, r, &p);
}

static void draw_status(struct rect r)
{
	struct term_stats st;
	char line[80], left[32];
	struct span a[2], b[1];

	term_stats(d.term, &st);
	snprintf(line, sizeof(line), "rtt %d ms  skip %d%s", st.rtt_ms, (int)st.skipped,
		st.silent ? "  silent" : "");
	snprintf(left, sizeof(left), "%dx%d", r.cols, r.row + 1);
	a[0] = (struct span){ slice_of(left), ROLE_BAR };
	a[1] = (struct span){ slice_of(d.note), ROLE_BAR };
	b[0] = (struct span){ slice_of(d.tick_ms ? line : "still"), ROLE_DIM };
	line_draw(d.term, r, 0, a, 2, b, 1);
}

static void draw(void)
{
	static const struct tab tabs[] = { { "1", "Devices", 0, 0 },
		{ "2", "Events", 3, ROLE_WARN }, { "3", "Plot", 0, 0 } };
	struct table_rows rows = { .cell = table_value };
	struct log_lines lines = { .line = log_value };
	struct rect r = { 0 }, top, status;

	term_clear(d.term);
	term_size(d.term, &r.rows, &r.cols);
	if (r.rows < 5 || r.cols < 20) {
		draw_text(d.term, r, 0, 0, slice_of("too small"), ROLE_TEXT);
		return;
	}
	top = rect_cut_top(&r, 1);
	status = rect_cut_bottom(&r, 1);
	tabs_draw(d.term, top, 0, tabs, ARRAY_LEN(tabs), d.tab);
	if (d.tab == 0)
		table_draw(&d.table, d.term, r, &rows);
	else if (d.tab == 1)
		loglist_draw(&d.log, d.term, r, &lines, d.match);
	else
		draw_plot(r);
	if (d.typing)
		prompt_draw(&d.prompt, d.term, (struct rect){ 0, 0, status.row + 1, status.cols },
			status.row);
	else
		draw_status(status);
}

/* --- keys --- */

static void run_line(void)
{
	struct slice s = buf_slice(&d.prompt.text);
	struct err e = { 0 };
	size_t at = 0;

	if (d.prompt.sign[0] == '/') {
		struct regex *re = regex_new(s, 0, &at, &e);

		if (!re) {
			prompt_error(&d.prompt, e.text, at);
			return;
		}
		regex_free(d.match);
		d.match = re;
	} else if (slice_is(s, "quit")) {
		d.quit = true;
	}
	prompt_remember(&d.prompt, s);
	d.typing = false;
}

static void prompt_event(const struct term_event *ev)
{
	enum prompt_result res = ev->type == TERM_EV_PASTE ? prompt_paste(&d.prompt, ev->text)
							   : prompt_key(&d.prompt, ev->key);

	if (res == PROMPT_DONE)
		run_line();
	else if (res == PROMPT_LEFT)
		d.typing = false;
}

static void move(int64_t by)
{
	if (d.tab == 0)
		table_move(&d.table, by);
	else if (d.tab == 1)
		loglist_move(&d.log, by);
	else
		d.plot_cursor = (d.plot_cursor < 0 ? 0 : d.plot_cursor) + by * 100000;
}

static void start_typing(const char *sign)
{
	d.prompt.sign = sign;
	prompt_set(&d.prompt, slice_of(""));
	d.typing = true;
}

static void on_key(uint32_t key)
{
	switch (key) {
	case 'q':
	case TERM_CTRL | 'c':
		d.quit = true;
		break;
	case TERM_KEY_DOWN:
	case 'j':
		move(1);
		break;
	case TERM_KEY_UP:
	case 'k':
		move(-1);
		break;
	case TERM_KEY_PGDN:
		move(20);
		break;
	case TERM_KEY_PGUP:
		move(-20);
		break;
	case TERM_KEY_RIGHT:
		table_scroll(&d.table, 1);
		break;
	case TERM_KEY_LEFT:
		table_scroll(&d.table, -1);
		break;
	case '1':
	case '2':
	case '3':
		d.tab = key - '1';
		break;
	case ':':
		start_typing(":");
		break;
	case '/':
		start_typing("/");
		break;
	case 'E':
		fprintf(stderr, "said to stderr \033[31mred\n");
		break;
	case TERM_CTRL | 'l':
		term_redraw(d.term);
		break;
	case TERM_CTRL | 'z':
		term_stop(d.term);
		break;
	}
}

static void on_event(const struct term_event *ev)
{
	static const char *const mouse[] = { "press", "release", "drag", "wheel up", "wheel down" };
	uint64_t row;

	d.dirty = true;
	if (ev->type == TERM_EV_EOF) {
		d.said = "the terminal is gone";
		d.quit = true;
	} else if (d.typing && (ev->type == TERM_EV_KEY || ev->type == TERM_EV_PASTE)) {
		prompt_event(ev);
	} else if (ev->type == TERM_EV_KEY) {
		on_key(ev->key);
	} else if (ev->type == TERM_EV_PASTE) {
		snprintf(d.note, sizeof(d.note), "pasted %zu bytes%s", ev->text.n,
			ev->cut ? ", cut" : "");
	} else if (ev->type == TERM_EV_MOUSE) {
		snprintf(d.note, sizeof(d.note), "%s %d,%d", mouse[ev->mouse], ev->row, ev->col);
		if (ev->mouse == TERM_MOUSE_PRESS && table_row_at(&d.table, ev->row - 1, &row))
			table_move_to(&d.table, row);
	}
}

/* --- the loop --- */

static int wait_ms(int64_t now)
{
	int64_t at = term_deadline(d.term), draw_at;

	if (d.tick_ms && (at < 0 || d.next_tick < at))
		at = d.next_tick;
	draw_at = d.dirty || term_incomplete(d.term) ? term_draw_at(d.term, now) : -1;
	if (draw_at >= 0 && (at < 0 || draw_at < at))
		at = draw_at > now ? draw_at : now + 5;
	return at < 0 ? -1 : at > now ? (int)(at - now) : 0;
}

static void turn(void)
{
	struct pollfd pf[3] = { { .fd = term_input_fd(d.term), .events = POLLIN },
		{ .fd = term_signal_fd(d.term), .events = POLLIN },
		{ .fd = term_want_write(d.term) ? term_output_fd(d.term) : -1,
			.events = POLLOUT } };
	struct term_event ev;
	int64_t now;

	clock_turn();
	poll(pf, 3, wait_ms(clock_mono_ms()));
	clock_turn();
	now = clock_mono_ms();
	if (pf[2].revents)
		term_writable(d.term, now);
	term_read(d.term, now);
	while (term_next_event(d.term, now, &ev))
		on_event(&ev);
	if (d.tick_ms && now >= d.next_tick) {
		d.next_tick = now + d.tick_ms;
		d.tick++;
		loglist_set_total(&d.log, 1000 + (uint64_t)d.tick);
		d.dirty = true;
	}
	if ((d.dirty || term_incomplete(d.term)) && !d.quit && term_may_draw(d.term, now)) {
		draw();
		term_flush(d.term, now);
		d.dirty = false;
	}
}

static int options(int argc, char **argv, struct term_opts *o, struct theme *th)
{
	for (int i = 1; i < argc; i++) {
		const char *a = argv[i], *v = i + 1 < argc ? argv[i + 1] : "";
		struct err e;

		if (strcmp(a, "--mono") == 0) {
			o->colour = TERM_NEVER;
			continue;
		} else if (strcmp(a, "--ascii") == 0) {
			o->utf8 = TERM_NEVER;
			continue;
		} else if (strcmp(a, "--mouse") == 0) {
			o->mouse = true;
			continue;
		} else if (strcmp(a, "--guard") == 0) {
			d.guard = true;
			continue;
		}
		if (strcmp(a, "--rows") == 0)
			d.table.total = strtoull(v, NULL, 10);
		else if (strcmp(a, "--tick") == 0)
			d.tick_ms = atoi(v);
		else if (strcmp(a, "--change") == 0)
			d.change = atoi(v);
		else if (strcmp(a, "--theme") == 0 && theme_load(th, v, &e) == 0)
			o->theme = th;
		else
			return -1;
		i++;
	}
	return 0;
}

static int run(void *arg, struct err *e)
{
	prompt_init(&d.prompt, ":");
	d.prompt.complete = complete;
	d.log.tag_width = 8;
	loglist_set_total(&d.log, 1000);
	clock_turn();
	d.term = term_open(arg, clock_mono_ms(), e);
	if (!d.term)
		return -1;
	d.dirty = true;
	while (!d.quit)
		turn();
	term_close(d.term);
	if (d.said)
		fprintf(stderr, "demo: %s\n", d.said);
	prompt_fini(&d.prompt);
	regex_free(d.match);
	return d.said ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct term_opts o = { .in_fd = 0, .out_fd = 1 };
	struct theme th;
	struct err e;
	int rc;

	d.table = (struct table){ .cols = cols,
		.n_cols = ARRAY_LEN(cols),
		.total = 100000,
		.sort = TABLE_DESCENDING,
		.sort_col = 3 };
	if (options(argc, argv, &o, &th) < 0) {
		fprintf(stderr, "usage: demo [--rows N] [--tick MS] [--change PERCENT] [--mono] "
				"[--ascii] [--mouse] [--theme NAME] [--guard]\n");
		return 2;
	}
	if (d.guard) {
		struct guard_opts g = { run, &o, "the log is elsewhere" };

		rc = guard_run(&g, &e);
	} else {
		rc = run(&o, &e);
	}
	if (rc < 0)
		fprintf(stderr, "demo: %s\n", e.text);
	return rc < 0 ? 2 : rc;
}
