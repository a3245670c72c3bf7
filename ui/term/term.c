#include "ui/term/term_own.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/env.h"
#include "ui/term/rescue.h"

#define OUT_MAX	 (16 * 1024 * 1024)
#define MUX_RATE 16000

static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";
static const char ask_sync[] = "\033[?2026$p", ask_done[] = "\033[5n", ask_fence[] = "\033[c";

/* --- opening and closing --- */

static enum glyph_level glyphs_of(const char *type, bool utf8)
{
	if (!utf8)
		return GLYPH_ASCII;
	return strncmp(type, "linux", 5) == 0 ? GLYPH_VGA : GLYPH_FULL;
}

static enum theme_depth deepest(const struct term_opts *o)
{
	if (env_no_colour(o->colour))
		return THEME_MONO;
	return env_true_colour(o->rgb) ? THEME_RGB : THEME_256;
}

static void begin_pace(struct term *t, const struct term_opts *o, int64_t now_ms)
{
	struct pace_opts p = { .fps = o->fps, .rate = o->rate };

	p.ask = o->ask == TERM_ALWAYS || (o->ask == TERM_AUTO && t->real);
	if (!p.fps)
		p.fps = t->real && env_over_ssh() ? 4 : 10;
	if (!p.rate && t->real && env_over_ssh() && env_multiplexed())
		p.rate = MUX_RATE;
	pace_init(&t->pace, &p, now_ms);
}

static void mode_strings(struct term *t, struct buf *enter, struct buf *leave)
{
	buf_init(enter, RESCUE_STRING);
	buf_init(leave, RESCUE_STRING);
	modes_enter(&t->modes, enter);
	modes_leave(&t->modes, leave);
	if (enter->full || leave->full)
		BUG("the terminal's modes need more than %d bytes", RESCUE_STRING);
}

static int enter_terminal(struct term *t, int64_t now_ms, struct err *e)
{
	struct buf enter, leave;
	int rc = 0;

	mode_strings(t, &enter, &leave);
	if (t->real) {
		struct rescue_opts ro = { t->tty.in, t->tty.out, buf_slice(&enter),
			buf_slice(&leave), tty_is_stderr(&t->tty) };

		rc = rescue_begin(&ro, e);
	}
	buf_addslice(&t->out, buf_slice(&enter));
	if (t->pace.o.ask && t->sync == TERM_AUTO && t->modes.xterm)
		buf_adds(&t->out, ask_sync);
	if (t->pace.o.ask) { /* so few bytes tell how long the way is */
		buf_adds(&t->out, ask_done);
		pace_probe(&t->pace, t->out.len, now_ms);
		if (t->real)
			rescue_set_linger(pace_linger_ms(&t->pace), t->pace.count);
	}
	buf_fini(&enter);
	buf_fini(&leave);
	return rc;
}

void term_tell_rescue(struct term *t)
{
	struct buf enter, leave;

	if (!t->real)
		return;
	mode_strings(t, &enter, &leave);
	rescue_set_strings(buf_slice(&enter), buf_slice(&leave));
	buf_fini(&enter);
	buf_fini(&leave);
}

static struct term *alloc_term(const struct term_opts *o)
{
	struct term *t = xcalloc(1, sizeof(*t));

	t->real = o->out_fd >= 0;
	t->tty.in = t->tty.out = t->tty.in_flags = t->tty.out_flags = -1;
	t->crow = t->ccol = -1;
	t->resize_at = t->resize_since = -1;
	t->sync = o->sync;
	t->may.copy = o->copy;
	t->may.notify = o->notify;
	t->may.bell = o->bell;
	t->want_rows = o->rows > 0 ? o->rows : 24;
	t->want_cols = o->cols > 0 ? o->cols : 80;
	input_init(&t->input);
	buf_init(&t->out, OUT_MAX);
	buf_init(&t->scratch, 64 * 1024);
	return t;
}

struct term *term_open(const struct term_opts *o, int64_t now_ms, struct err *e)
{
	struct term *t = alloc_term(o);
	const char *type = o->type ? o->type : getenv("TERM");
	struct theme dark;

	if (!type || !*type)
		type = "dumb";
	if (t->real && tty_open(&t->tty, o->in_fd, o->out_fd, e) < 0)
		goto fail;
	if (t->real)
		tty_size(&t->tty, &t->want_rows, &t->want_cols);
	t->glyphs = glyphs_of(type, env_use_utf8(o->utf8));
	t->paint = paint_new(type, t->want_rows, t->want_cols,
		deepest(o), t->glyphs, e);
	if (!t->paint)
		goto fail;
	grid_init(&t->grid, t->want_rows, t->want_cols);
	if (!o->theme && theme_load(&dark, "dark", e) < 0)
		goto fail;
	paint_theme(t->paint, o->theme ? o->theme : &dark);
	modes_init(&t->modes, t->paint);
	t->modes.mouse = o->mouse;
	t->modes.sync = o->sync == TERM_ALWAYS;
	begin_pace(t, o, now_ms);
	if (enter_terminal(t, now_ms, e) < 0)
		goto fail;
	return t;
fail:
	term_close(t);
	return NULL;
}

void term_close(struct term *t)
{
	if (!t)
		return;
	if (t->real)
		rescue_end();
	tty_close(&t->tty);
	paint_free(t->paint);
	grid_fini(&t->grid);
	input_fini(&t->input);
	buf_fini(&t->out);
	buf_fini(&t->scratch);
	free(t);
}

/* --- drawing --- */

void term_size(const struct term *t, int *rows, int *cols)
{
	*rows = t->grid.rows;
	*cols = t->grid.cols;
}

void term_clear(struct term *t)
{
	term_fill(t, 0, 0, t->grid.rows, t->grid.cols, ROLE_TEXT);
	t->crow = t->ccol = -1;
}

int term_put(struct term *t, int row, int col, int cells, struct slice s, uint16_t look)
{
	size_t enough = cells > 0 ? (size_t)cells * 32 + 64 : 0;

	if (s.n > enough)
		s.n = enough; /* nobody sees more, and a name may be a megabyte */
	if (utf8_plain(s.p, s.n) < s.n) {
		buf_reset(&t->scratch);
		text_clean(&t->scratch, s, false);
		s = buf_slice(&t->scratch);
	}
	return grid_put(&t->grid, row, col, cells, s, look);
}

void term_putc(struct term *t, int row, int col, uint32_t cp, uint16_t look)
{
	grid_putc(&t->grid, row, col, cp, look);
}

void term_fill(struct term *t, int row, int col, int rows, int cols, uint16_t look)
{
	grid_fill(&t->grid, row, col, rows, cols, look);
}

void term_lay(struct term *t, int row, int col, int rows, int cols, uint16_t bits)
{
	grid_lay(&t->grid, row, col, rows, cols, bits);
}

void term_cursor(struct term *t, int row, int col)
{
	bool on = row >= 0 && row < t->grid.rows && col >= 0 && col < t->grid.cols;

	t->crow = on ? row : -1;
	t->ccol = on ? col : -1;
}

void term_set_theme(struct term *t, const struct theme *th)
{
	paint_theme(t->paint, th);
}

enum theme_depth term_depth(const struct term *t)
{
	return paint_depth(t->paint);
}

enum glyph_level term_glyphs(const struct term *t)
{
	return t->glyphs;
}

const struct grid *term_grid(const struct term *t)
{
	return &t->grid;
}

void term_redraw(struct term *t)
{
	paint_forget(t->paint);
	t->urgent = true;
}

void term_set_mouse(struct term *t, bool on)
{
	if (on == t->modes.mouse)
		return;
	modes_mouse(&t->modes, on, &t->out);
	term_tell_rescue(t);
}

/* --- frames --- */

static enum pace_why why(const struct term *t)
{
	return t->urgent ? PACE_KEY : t->incomplete ? PACE_REST : PACE_NEWS;
}

bool term_may_draw(struct term *t, int64_t now_ms)
{
	if (t->gone || (t->real && !rescue_up()))
		return false;
	if ((t->real && t->out.len && t->frames) || !pace_may_send(&t->pace, now_ms, why(t))) {
		if (now_ms >= t->pace.last_ms + 1000 / t->pace.o.fps)
			t->skipped++;
		return false;
	}
	return true;
}

int64_t term_draw_at(const struct term *t, int64_t now_ms)
{
	return pace_next_ms(&t->pace, now_ms, why(t));
}

static void write_out(struct term *t)
{
	ssize_t n;

	if (!t->real || t->out.len == 0 || !rescue_up())
		return;
	n = tty_write(&t->tty, t->out.p, t->out.len);
	if (n < 0) {
		t->gone = true;
		buf_reset(&t->out);
		return;
	}
	buf_consume(&t->out, (size_t)n);
	buf_trim(&t->out, 64 * 1024);
}

static void show_cursor(struct term *t, bool on)
{
	if (on != t->cursor_on)
		buf_adds(&t->out, on ? t->modes.cnorm : t->modes.civis);
	t->cursor_on = on;
}

static void end_frame(struct term *t, int64_t now_ms, size_t before)
{
	if (t->modes.sync)
		buf_adds(&t->out, sync_off);
	if (t->pace.o.ask) {
		if (pace_take_fence(&t->pace))
			buf_adds(&t->out, ask_fence);
		buf_adds(&t->out, ask_done);
	}
	t->bytes += t->out.len - before;
	t->frames++;
	pace_sent(&t->pace, t->out.len - before, now_ms);
	if (t->real)
		rescue_set_linger(pace_linger_ms(&t->pace), t->pace.count);
}

void term_flush(struct term *t, int64_t now_ms)
{
	size_t before = t->out.len, budget = pace_budget(&t->pace, why(t));

	if (t->gone)
		return;
	t->urgent = false;
	if (paint_differs(t->paint, &t->grid, t->crow, t->ccol)) {
		if (t->modes.sync)
			buf_adds(&t->out, sync_on);
		t->incomplete = !paint_frame(
			t->paint, &t->grid, t->crow, t->ccol, budget, &t->out);
		show_cursor(t, t->crow >= 0);
		end_frame(t, now_ms, before);
		if (t->out.full) { /* the terminal got half a frame: begin anew */
			buf_reset(&t->out);
			paint_forget(t->paint);
		}
	} else {
		t->incomplete = false;
	}
	write_out(t);
}

bool term_incomplete(const struct term *t)
{
	return t->incomplete;
}

bool term_want_write(const struct term *t)
{
	return t->real && !t->gone && t->out.len > 0;
}

void term_writable(struct term *t, int64_t now_ms)
{
	write_out(t);
}

struct slice term_output(const struct term *t)
{
	return buf_slice(&t->out);
}

void term_take(struct term *t)
{
	if (!t->real)
		buf_reset(&t->out);
}

void term_stats(const struct term *t, struct term_stats *s)
{
	*s = (struct term_stats){ .frames = t->frames, .skipped = t->skipped, .bytes = t->bytes };
	s->rtt_ms = t->pace.rtt_ms < 0 ? -1 : (int)(t->pace.rtt_ms + 0.5);
	s->rate = (uint32_t)t->pace.rate;
	s->silent = t->pace.silent;
}
