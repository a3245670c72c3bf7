/*
 * The plots under the mouse: a click reads out, a drag moves through the past, a drag with the
 * right button chooses a span, the wheel makes it shorter or longer about where it points.
 */
#include "ui/screen/device.h"
#include "ui/screen/moment.h"
#include "ui/term/event.h"

#define SPAN_LEAST 10000

static bool in_plot(const struct device *s, const struct term_event *ev)
{
	const struct rect *r = &s->plot;

	return r->cols > 1 && ev->col >= r->col && ev->col < r->col + r->cols && ev->row >= r->row - 1
	       && ev->row <= r->row + r->rows;
}

static int64_t time_at(const struct device *s, int col)
{
	int64_t span = s->plot_to - s->plot_from;
	int at = col - s->plot.col;

	at = at < 0 ? 0 : at >= s->plot.cols ? s->plot.cols - 1 : at;
	return s->plot_from + span * at / (s->plot.cols - 1);
}

static void read_out(struct device *s, int64_t at)
{
	s->cursor_ms = s->to_ms - at > 0 ? s->to_ms - at : 1;
}

/* The plots end there, or now. */
static void end_at(struct device *s, int64_t to)
{
	int64_t back = moment_ms() - to;

	s->back_ms = back > 0 ? back : 0;
}

static void zoom_at(struct device *s, const struct term_event *ev, int by)
{
	int64_t at = time_at(s, ev->col), was = s->span_ms;
	double part = (double)(s->to_ms - at) / (double)(was > 0 ? was : 1);
	int i = 0;

	while (i < DEVICE_SPANS - 1 && device_spans[i] < s->span_ms)
		i++;
	if (by > 0 && device_spans[i] >= s->span_ms)
		i--;
	else if (by < 0 && device_spans[i] <= s->span_ms)
		i++;
	if (i < 0 || i >= DEVICE_SPANS)
		return;
	end_at(s, at + (int64_t)(part * (double)device_spans[i]));
	s->cursor_ms = 0;
	device_span(s, device_spans[i]);
}

static void press(struct device *s, const struct term_event *ev)
{
	s->drag.button = ev->button;
	s->drag.col = ev->col;
	s->drag.back_ms = s->back_ms;
	s->drag.at_ms = time_at(s, ev->col);
	s->drag.moved = false;
	read_out(s, s->drag.at_ms);
}

static void drag(struct device *s, const struct term_event *ev)
{
	int64_t cell = s->span_ms / (s->plot.cols > 1 ? s->plot.cols - 1 : 1);

	if (!s->drag.moved && ev->col == s->drag.col)
		return;
	s->drag.moved = true;
	if (s->drag.button == 3) {
		read_out(s, time_at(s, ev->col));
		return;
	}
	s->back_ms = s->drag.back_ms + (ev->col - s->drag.col) * cell;
	s->back_ms = s->back_ms < 0 ? 0 : s->back_ms;
	s->cursor_ms = 0;
	device_ask_history(s, true);
}

static void release(struct device *s, const struct term_event *ev)
{
	int64_t a = s->drag.at_ms, b = time_at(s, ev->col);
	int64_t from = a < b ? a : b, to = a < b ? b : a;

	if (s->drag.button == 3 && s->drag.moved && to - from >= SPAN_LEAST) {
		end_at(s, to);
		s->cursor_ms = 0;
		device_span(s, to - from);
	}
	s->drag.button = 0;
}

void device_mouse(void *state, const struct term_event *ev)
{
	struct device *s = state;
	bool wheel = ev->mouse == TERM_MOUSE_WHEEL_UP || ev->mouse == TERM_MOUSE_WHEEL_DOWN;
	uint64_t row;

	if (s->drag.button && ev->mouse == TERM_MOUSE_DRAG) {
		drag(s, ev);
	} else if (s->drag.button && ev->mouse == TERM_MOUSE_RELEASE) {
		release(s, ev);
	} else if (wheel && in_plot(s, ev)) {
		zoom_at(s, ev, ev->mouse == TERM_MOUSE_WHEEL_UP ? 1 : -1);
	} else if (wheel) {
		table_move(&s->table, ev->mouse == TERM_MOUSE_WHEEL_UP ? -1 : 1);
		device_chose(s);
	} else if (ev->mouse == TERM_MOUSE_PRESS && in_plot(s, ev)) {
		press(s, ev);
	} else if (ev->mouse == TERM_MOUSE_PRESS && ev->col < s->values.col + s->values.cols
		&& table_row_at(&s->table, ev->row - s->values.row, &row)) {
		table_move_to(&s->table, row);
		device_chose(s);
	}
}
