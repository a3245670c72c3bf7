#include "ui/widget/bars.h"

#include <limits.h>
#include <stdio.h>

#include "ui/term/term.h"

#define GAP 2

#define NAME_LEAST 3 /* letters that still tell one tab from another */

/* A name of at most so many letters. */
static struct slice tab_name(const struct tab *tab, int letters)
{
	struct slice name = slice_of(tab->name);

	return slice_mem(name.p, name.n < (size_t)letters ? name.n : (size_t)letters);
}

static int tab_cells(const struct tab *tab, int letters)
{
	char badge[16];
	int n = text_cells(slice_of(tab->key)) + 1 + text_cells(tab_name(tab, letters));

	if (tab->badge)
		n += 1 + snprintf(badge, sizeof(badge), "%u", tab->badge);
	return n + GAP;
}

/* Which tabs are in sight, and how many letters of the names of those behind. */
struct fit {
	size_t first, end, on;
	int letters;
};

static int letters(const struct fit *f, size_t i)
{
	return i == f->on ? INT_MAX : f->letters;
}

static bool fit_all(const struct fit *f, struct rect r, const struct tab *tabs, size_t n)
{
	int cells = 0;

	for (size_t i = 0; i < n; i++)
		cells += tab_cells(&tabs[i], letters(f, i));
	return cells <= r.cols;
}

/* The first that lets the one in front be seen. */
static size_t first_tab(const struct fit *f, struct rect r, const struct tab *tabs)
{
	size_t first = f->on;
	int room = r.cols;

	while ((room -= tab_cells(&tabs[first], letters(f, first))) >= 0) {
		if (first == 0)
			return 0;
		first--;
	}
	return first < f->on ? first + 1 : first;
}

static struct fit fit(struct rect r, const struct tab *tabs, size_t n, size_t on)
{
	struct fit f = { .on = on, .letters = r.cols };
	int at = 0;

	if (n == 0)
		return f;
	while (!fit_all(&f, r, tabs, n) && f.letters > NAME_LEAST)
		f.letters--;
	f.first = f.end = first_tab(&f, r, tabs);
	for (; f.end < n; f.end++) {
		at += tab_cells(&tabs[f.end], letters(&f, f.end));
		if (at > r.cols && f.end != on)
			break;
	}
	return f;
}

static void draw_tab(struct term *t, struct rect r, int row, int at, const struct tab *tab, bool on,
	int cut)
{
	uint16_t look = on ? ROLE_TAB_ON : ROLE_TAB;
	char badge[16];

	for (int i = 0; i < tab_cells(tab, cut); i++)
		draw_glyph(t, r, row, at + i, ' ', look);
	at += 1 + draw_text(t, r, row, at + 1, slice_of(tab->key), on ? look : ROLE_KEY);
	at += 1 + draw_text(t, r, row, at + 1, tab_name(tab, cut), look);
	if (tab->badge) {
		snprintf(badge, sizeof(badge), "%u", tab->badge);
		draw_text(t, r, row, at + 1, slice_of(badge), tab->badge_look | (on ? LOOK_SELECTED : 0));
	}
}

int tabs_draw(struct term *t, struct rect r, int row, const struct tab *tabs, size_t n, size_t on)
{
	struct fit f = fit(r, tabs, n, on);
	int at = 0;

	for (size_t i = f.first; i < f.end; i++) {
		draw_tab(t, r, row, at, &tabs[i], i == on, letters(&f, i));
		at += tab_cells(&tabs[i], letters(&f, i));
	}
	return at;
}

int tabs_at(struct rect r, const struct tab *tabs, size_t n, size_t on, int col)
{
	struct fit f = fit(r, tabs, n, on);
	int at = 0;

	for (size_t i = f.first; i < f.end; i++) {
		int cells = tab_cells(&tabs[i], letters(&f, i));

		if (col >= at && col < at + cells)
			return (int)i;
		at += cells;
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
