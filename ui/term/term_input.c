#include "ui/term/term_own.h"

#include "ui/term/rescue.h"

#define RESIZE_WAIT_MS 30  /* a window being dragged sends many sizes */
#define RESIZE_MAX_MS  150 /* but is followed meanwhile */
#define ESC_MS	       25
#define ESC_OWED_MS    150 /* an ESC may begin an answer that is under way */
#define MODE_SYNC      2026

int term_input_fd(const struct term *t)
{
	return t->tty.in;
}

int term_output_fd(const struct term *t)
{
	return t->tty.out;
}

int term_signal_fd(const struct term *t)
{
	return t->real ? rescue_fd() : -1;
}

static void want_size(struct term *t, int64_t now_ms)
{
	if (t->resize_at < 0)
		t->resize_since = now_ms;
	t->resize_at = now_ms + RESIZE_WAIT_MS;
	if (t->resize_at > t->resize_since + RESIZE_MAX_MS)
		t->resize_at = t->resize_since + RESIZE_MAX_MS;
}

static void take_signals(struct term *t, int64_t now_ms)
{
	int words = t->real ? rescue_take() : 0;

	if (words & RESCUE_RESUMED) {
		buf_reset(&t->out); /* half of a frame meant for another screen */
		t->cursor_on = false;
		t->resumed = true;
		pace_forget(&t->pace, now_ms);
		paint_forget(t->paint);
	}
	if (words & RESCUE_RESIZED)
		want_size(t, now_ms);
}

static void apply_size(struct term *t)
{
	t->resize_at = -1;
	if (t->real)
		tty_size(&t->tty, &t->want_rows, &t->want_cols);
	if (t->want_rows == t->grid.rows && t->want_cols == t->grid.cols)
		return;
	grid_resize(&t->grid, t->want_rows, t->want_cols);
	paint_resize(t->paint, t->want_rows, t->want_cols);
	t->crow = t->ccol = -1;
	t->resized = true;
}

void term_read(struct term *t, int64_t now_ms)
{
	char chunk[INPUT_CHUNK];
	ssize_t n;

	take_signals(t, now_ms);
	if (t->resize_at >= 0 && now_ms >= t->resize_at)
		apply_size(t);
	if (!t->real || t->gone || t->input.at < t->input.len || !rescue_up())
		return;
	n = tty_read(&t->tty, chunk, sizeof(chunk));
	if (n < 0)
		t->gone = true;
	else if (n > 0)
		term_input(t, chunk, (size_t)n, now_ms);
}

size_t term_input(struct term *t, const char *p, size_t n, int64_t now_ms)
{
	t->input.esc_wait_ms = t->pace.count && !t->pace.silent ? ESC_OWED_MS : ESC_MS;
	return input_feed(&t->input, p, n, now_ms);
}

/* Answers to our own questions are not the owner's business. */
static bool is_ours(struct term *t, const struct term_event *ev, int64_t now_ms)
{
	switch (ev->type) {
	case TERM_EV_ACK:
		pace_answered(&t->pace, now_ms);
		if (t->real)
			rescue_set_linger(pace_linger_ms(&t->pace), t->pace.count);
		return true;
	case TERM_EV_FENCE:
		pace_fenced(&t->pace, now_ms);
		return true;
	case TERM_EV_MODE:
		if (ev->row == MODE_SYNC && t->sync == TERM_AUTO) {
			t->modes.sync = ev->col == 1 || ev->col == 2;
			term_tell_rescue(t);
		}
		return true;
	default:
		return false;
	}
}

static bool own_event(struct term *t, struct term_event *ev)
{
	*ev = (struct term_event){ .row = t->grid.rows, .col = t->grid.cols };
	if (t->resumed)
		ev->type = TERM_EV_RESUME;
	else if (t->resized)
		ev->type = TERM_EV_RESIZE;
	else
		return false;
	if (t->resumed)
		t->resumed = false;
	else
		t->resized = false;
	t->urgent = true;
	return true;
}

bool term_next_event(struct term *t, int64_t now_ms, struct term_event *ev)
{
	if (own_event(t, ev))
		return true;
	while (input_next(&t->input, ev) || input_tick(&t->input, now_ms, ev)) {
		if (is_ours(t, ev, now_ms))
			continue;
		t->urgent = true;
		return true;
	}
	if (!t->gone || t->told_gone)
		return false;
	t->told_gone = true;
	*ev = (struct term_event){ .type = TERM_EV_EOF };
	return true;
}

int64_t term_deadline(const struct term *t)
{
	int64_t a = input_deadline(&t->input);

	if (t->resize_at >= 0 && (a < 0 || t->resize_at < a))
		a = t->resize_at;
	return a;
}

void term_stop(struct term *t)
{
	if (t->real)
		rescue_stop();
}

void term_resize(struct term *t, int rows, int cols)
{
	if (t->real || rows < 1 || cols < 1)
		return;
	t->want_rows = rows;
	t->want_cols = cols;
	apply_size(t);
}
