#include "ui/term/paint_own.h"

#include <string.h>

static short pair_of(struct paint *p, short fg, short bg)
{
	int max = COLOR_PAIRS < MAX_PAIRS ? COLOR_PAIRS : MAX_PAIRS;

	if (!p->can_default) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	if (fg < 0 && bg < 0)
		return 0;
	for (int i = 1; i < p->n_pairs; i++)
		if (p->pairs[i].fg == fg && p->pairs[i].bg == bg)
			return (short)i;
	if (p->n_pairs >= max || init_pair((short)p->n_pairs, fg, bg) == ERR)
		return 0;
	p->pairs[p->n_pairs].fg = fg;
	p->pairs[p->n_pairs].bg = bg;
	return (short)p->n_pairs++;
}

static attr_t attrs_of(uint8_t bits)
{
	attr_t a = A_NORMAL;

	a |= bits & THEME_BOLD ? A_BOLD : 0;
	a |= bits & THEME_DIM ? A_DIM : 0;
	a |= bits & THEME_ITALIC ? A_ITALIC : 0;
	a |= bits & THEME_UNDERLINE ? A_UNDERLINE : 0;
	a |= bits & THEME_REVERSE ? A_REVERSE : 0;
	return a;
}

/* Eight-colour terminals make the bright eight by bold. */
static short within(short colour, attr_t *a)
{
	if (colour < 8 || COLORS >= 16)
		return colour;
	*a |= A_BOLD;
	return (short)(colour - 8);
}

/* Colours of 24 bits go through ncurses as numbers of the palette that the theme does not use. */
static short number_of(struct paint *p, int32_t colour, const bool *used)
{
	short free_number = -1;

	if (colour < THEME_DIRECT)
		return (short)colour;
	for (short i = 255; i >= 16; i--) {
		if (p->direct[i] == (colour & 0xffffff))
			return i;
		if (p->direct[i] < 0 && !used[i])
			free_number = i;
	}
	if (free_number >= 0)
		p->direct[free_number] = colour & 0xffffff;
	return free_number;
}

static void mark_used(bool *used, int32_t colour)
{
	if (colour >= 0 && colour < 256)
		used[colour] = true;
}

static unsigned style_index(uint16_t look)
{
	unsigned over = (look & LOOK_SELECTED ? 1u : 0u) + (look & LOOK_MARKED ? 2u : 0u);
	unsigned role = LOOK_ROLE(look) < ROLE_COUNT ? LOOK_ROLE(look) : ROLE_TEXT;

	return over * ROLE_COUNT + role;
}

static void use_style(struct paint *p, unsigned i, const struct theme_style *s, const bool *used)
{
	attr_t unused = 0;
	short fg;

	p->styles[i].attr = attrs_of(s->attrs);
	p->styles[i].pair = 0;
	if (p->depth == THEME_MONO)
		return;
	fg = within(number_of(p, s->fg, used), &p->styles[i].attr);
	p->styles[i].pair = pair_of(p, fg, within(number_of(p, s->bg, used), &unused));
}

void paint_theme(struct paint *p, const struct theme *t)
{
	struct theme_style styles[LOOK_STYLES];
	bool used[256] = { false };

	set_term(p->mem.screen);
	p->n_pairs = 1;
	memset(p->direct, -1, sizeof(p->direct));
	for (unsigned i = 0; i < LOOK_STYLES; i++) {
		uint16_t look = (uint16_t)(i % ROLE_COUNT);

		look |= i / ROLE_COUNT & 1 ? LOOK_SELECTED : 0;
		look |= i / ROLE_COUNT & 2 ? LOOK_MARKED : 0;
		styles[i] = theme_style(t, look, p->depth);
		mark_used(used, styles[i].fg);
		mark_used(used, styles[i].bg);
	}
	for (unsigned i = 0; i < LOOK_STYLES; i++)
		use_style(p, i, &styles[i], used);
	paint_forget(p);
}

attr_t paint_look(const struct paint *p, uint16_t look, short *pair)
{
	unsigned i = style_index(look);
	attr_t a = p->styles[i].attr;

	*pair = p->styles[i].pair;
	a |= look & LOOK_BOLD ? A_BOLD : 0;
	a |= look & LOOK_UNDERLINE ? A_UNDERLINE : 0;
	return look & LOOK_REVERSE ? a ^ A_REVERSE : a;
}
