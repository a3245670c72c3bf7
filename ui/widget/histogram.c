#include "ui/widget/histogram.h"

#include <stdio.h>
#include <string.h>

#include "ui/term/term.h"
#include "ui/widget/axis.h"

#define MARGIN	   7  /* of the numbers, with their line */
#define TIME_LABEL 13 /* cells from one time to the next, at least */

int histogram_cells(struct rect r)
{
	return r.cols > MARGIN + 1 ? r.cols - MARGIN - 1 : 0;
}

static uint32_t most(const struct histogram *h)
{
	uint32_t max = 1;

	for (size_t i = 0; i < h->n; i++)
		max = h->v[i].all > max ? h->v[i].all : max;
	return max;
}

static uint16_t bar_look(const struct histogram_bar *b)
{
	return b->error ? ROLE_CRIT : b->warn ? ROLE_WARN : ROLE_SPARK;
}

/* From the lowest row up; a little is not nothing. */
static void draw_bar(struct term *t, struct rect r, int col, const struct histogram_bar *b,
	uint32_t max)
{
	uint64_t eighths = (uint64_t)b->all * 8 * (uint64_t)r.rows / max;
	int rest = eighths ? (int)eighths : b->all ? 1 : 0;

	for (int row = r.rows - 1; row >= 0 && rest > 0; row--, rest -= 8)
		draw_glyph(t, r, row, col, rest >= 8 ? 0x2588 : 0x2580 + (uint32_t)rest, bar_look(b));
}

static void draw_numbers(struct term *t, struct rect r, uint32_t max)
{
	char text[32];

	for (int row = 0; row < r.rows; row++)
		draw_glyph(t, r, row, MARGIN - 1, 0x2502, ROLE_AXIS);
	axis_number(text, sizeof(text), max, 1);
	draw_field(t, r, 0, 0, MARGIN - 2, slice_of(text), ROLE_AXIS, ALIGN_RIGHT);
	draw_glyph(t, r, 0, MARGIN - 1, 0x2524, ROLE_AXIS);
}

static void draw_times(struct term *t, struct rect r, const struct histogram *h)
{
	int64_t span = h->step_ms * (int64_t)h->n;
	int64_t step = axis_time_step(span, (int)h->n / TIME_LABEL);
	int64_t at = (h->from_ms + step - 1) / step * step;
	char text[32];

	draw_glyph(t, r, 0, MARGIN - 1, 0x2514, ROLE_AXIS);
	for (; at < h->from_ms + span; at += step) {
		int col = MARGIN + (int)((at - h->from_ms) / h->step_ms);

		axis_time(text, sizeof(text), at, step);
		if (col + (int)strlen(text) <= r.cols)
			draw_text(t, r, 0, col, slice_of(text), ROLE_AXIS);
	}
}

void histogram_draw(struct term *t, struct rect r, const struct histogram *h)
{
	struct rect bars = r, times, signs;
	uint32_t max = most(h);

	draw_blank(t, r, ROLE_TEXT);
	if (r.rows < 3 || histogram_cells(r) < 8 || h->step_ms <= 0)
		return;
	times = rect_cut_bottom(&bars, 1);
	signs = rect_cut_bottom(&bars, 1);
	draw_numbers(t, bars, max);
	draw_glyph(t, signs, 0, MARGIN - 1, 0x2502, ROLE_AXIS);
	draw_times(t, times, h);
	for (size_t i = 0; i < h->n; i++) {
		int64_t from = h->from_ms + (int64_t)i * h->step_ms, to = from + h->step_ms;
		const struct histogram_bar *b = &h->v[i];
		int col = MARGIN + (int)i;

		draw_bar(t, bars, col, b, max);
		if (b->error || b->warn)
			draw_glyph(t, signs, 0, col, b->error ? 0x2716 : 0x25b2, bar_look(b));
		else if (to <= h->known_ms)
			draw_glyph(t, signs, 0, col, 0x00b7, ROLE_DIM);
		if (h->cursor_ms >= from && h->cursor_ms < to && col < r.cols) {
			draw_glyph(t, times, 0, col, 0x25b2, ROLE_ACCENT);
			term_lay(t, bars.row, r.col + col, bars.rows + 1, 1, LOOK_REVERSE);
		}
	}
}

int histogram_at(struct rect r, const struct histogram *h, int col)
{
	int i = col - MARGIN;

	return i >= 0 && i < (int)h->n && i < histogram_cells(r) ? i : -1;
}
