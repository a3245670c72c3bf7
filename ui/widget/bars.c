#include "ui/widget/bars.h"

#include <stdio.h>

#include "ui/term/term.h"

#define GAP 2

static int tab_cells(const struct tab *tab)
{
	char badge[16];
	int n = text_cells(slice_of(tab->key)) + 1 + text_cells(slice_of(tab->name));

	if (tab->badge)
		n += 1 + snprintf(badge, sizeof(badge), "%u", tab->badge);
	return n + GAP;
}

/* The first tab to show so that the one in front fits. */
static size_t first_tab(struct rect r, const struct tab *tabs, size_t on)
{
	size_t first = on;
	int room = r.cols;

	while (room >= tab_cells(&tabs[first])) {
		room -= tab_cells(&tabs[first]);
		if (first == 0)
			return 0;
		first--;
	}
	return first < on ? first + 1 : on;
}

static void draw_tab(struct term *t, struct rect r, int row, int at, const struct tab *tab, bool on)
{
	uint16_t look = on ? ROLE_TAB_ON : ROLE_TAB;
	char badge[16];

	for (int i = 0; i < tab_cells(tab); i++)
		draw_glyph(t, r, row, at + i, ' ', look);
	at += 1 + draw_text(t, r, row, at + 1, slice_of(tab->key), on ? look : ROLE_KEY);
	at += 1 + draw_text(t, r, row, at + 1, slice_of(tab->name), look);
	if (tab->badge) {
		snprintf(badge, sizeof(badge), "%u", tab->badge);
		draw_text(t, r, row, at + 1, slice_of(badge), tab->badge_look);
	}
}

int tabs_draw(struct term *t, struct rect r, int row, const struct tab *tabs, size_t n, size_t on)
{
	int at = 0;

	if (n == 0)
		return 0;
	for (size_t i = first_tab(r, tabs, on); i < n; i++) {
		if (at + tab_cells(&tabs[i]) > r.cols && i != on)
			break;
		draw_tab(t, r, row, at, &tabs[i], i == on);
		at += tab_cells(&tabs[i]);
	}
	return at;
}

int tabs_at(struct rect r, const struct tab *tabs, size_t n, size_t on, int col)
{
	int at = 0;

	for (size_t i = n ? first_tab(r, tabs, on) : 0; i < n; i++) {
		if (at + tab_cells(&tabs[i]) > r.cols && i != on)
			break;
		if (col >= at && col < at + tab_cells(&tabs[i]))
			return (int)i;
		at += tab_cells(&tabs[i]);
	}
	return -1;
}

void line_draw(struct term *t, struct rect r, int row, const struct span *left, size_t n_left,
	const struct span *right, size_t n_right)
{
	int from = 1, to = r.cols - 1;

	for (size_t i = 0; i < n_right; i++) {
		int n = text_cells(right[i].text);

		if (n == 0 || to - n < from)
			continue;
		draw_text(t, r, row, to - n, right[i].text, right[i].look);
		to -= n + GAP;
	}
	for (size_t i = 0; i < n_left && from < to; i++) {
		int n = text_cells(left[i].text);

		if (n == 0)
			continue;
		draw_field(t, r, row, from, n > to - from ? to - from : n, left[i].text,
			left[i].look, ALIGN_LEFT);
		from += n + GAP;
	}
}

int hints_draw(struct term *t, struct rect r, int row, const struct hint *h, size_t n)
{
	int at = 1;

	for (size_t i = 0; i < n; i++) {
		int key = text_cells(slice_of(h[i].key)), what = text_cells(slice_of(h[i].what));

		if (at + key + 1 + what > r.cols)
			break;
		draw_text(t, r, row, at, slice_of(h[i].key), ROLE_KEY);
		draw_text(t, r, row, at + key + 1, slice_of(h[i].what), ROLE_HINT);
		at += key + 1 + what + GAP;
	}
	return at;
}
