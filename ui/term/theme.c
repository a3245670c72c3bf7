#include "ui/term/theme.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/suggest.h"
#include "base/ydoc.h"

/* --- colours --- */

static const char *const names16[] = {
	"black",
	"red",
	"green",
	"yellow",
	"blue",
	"magenta",
	"cyan",
	"white",
	"bright-black",
	"bright-red",
	"bright-green",
	"bright-yellow",
	"bright-blue",
	"bright-magenta",
	"bright-cyan",
	"bright-white",
};

/* xterm's own values; other terminals choose others, which is what they are for. */
static const uint32_t rgb16[] = {
	0x000000,
	0xcd0000,
	0x00cd00,
	0xcdcd00,
	0x0000ee,
	0xcd00cd,
	0x00cdcd,
	0xe5e5e5,
	0x7f7f7f,
	0xff0000,
	0x00ff00,
	0xffff00,
	0x5c5cff,
	0xff00ff,
	0x00ffff,
	0xffffff,
};

static uint32_t palette_rgb(int n)
{
	static const uint8_t step[] = { 0, 95, 135, 175, 215, 255 };
	uint32_t g;

	if (n < 16)
		return rgb16[n];
	if (n >= 232) {
		g = (uint32_t)(8 + 10 * (n - 232));
		return g << 16 | g << 8 | g;
	}
	n -= 16;
	return (uint32_t)step[n / 36] << 16 | (uint32_t)step[n / 6 % 6] << 8 | step[n % 6];
}

static int nearest(uint32_t rgb, int from, int to)
{
	int best = from;
	long best_d = -1;

	for (int i = from; i < to; i++) {
		uint32_t p = palette_rgb(i);
		long r = (long)(p >> 16) - (long)(rgb >> 16);
		long g = (long)(p >> 8 & 255) - (long)(rgb >> 8 & 255);
		long b = (long)(p & 255) - (long)(rgb & 255);
		long d = 3 * r * r + 6 * g * g + b * b; /* eyes see green best */

		if (best_d < 0 || d < best_d) {
			best_d = d;
			best = i;
		}
	}
	return best;
}

static int rgb_parse(struct slice s, uint32_t *out)
{
	uint64_t v;
	char hex[8];

	if (s.n != 7 || s.p[0] != '#')
		return -1;
	memcpy(hex, "0x", 2);
	memcpy(hex + 2, s.p + 1, 6);
	if (num_hex_u64(slice_mem(hex, 8), &v) < 0)
		return -1;
	*out = (uint32_t)v;
	return 0;
}

static int colour_parse(struct slice s, int16_t *out, int32_t *direct)
{
	uint32_t rgb;
	uint64_t v;

	*direct = -1;
	if (slice_is(s, "default")) {
		*out = THEME_DEFAULT_COLOUR;
		return 0;
	}
	if (rgb_parse(s, &rgb) == 0) {
		*out = (int16_t)nearest(rgb, 16, 256);
		*direct = (int32_t)rgb;
		return 0;
	}
	if (num_u64(s, &v) < 0 || v > 255)
		return -1;
	*out = (int16_t)v;
	return 0;
}

static int colour16_parse(struct slice s, int16_t *out)
{
	if (slice_is(s, "default")) {
		*out = THEME_DEFAULT_COLOUR;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(names16); i++)
		if (slice_is(s, names16[i])) {
			*out = (int16_t)i;
			return 0;
		}
	return -1;
}

static const struct {
	const char *name;
	uint8_t bit;
} attr_names[] = {
	{ "bold", THEME_BOLD },
	{ "dim", THEME_DIM },
	{ "italic", THEME_ITALIC },
	{ "underline", THEME_UNDERLINE },
	{ "reverse", THEME_REVERSE },
};

static int attrs_parse(struct slice s, uint8_t *out)
{
	uint8_t bits = 0;

	while (s.n) {
		size_t n = 0, i;

		while (n < s.n && s.p[n] != ' ')
			n++;
		for (i = 0; i < ARRAY_LEN(attr_names); i++)
			if (slice_is(slice_mem(s.p, n), attr_names[i].name))
				break;
		if (n && i == ARRAY_LEN(attr_names))
			return -1;
		if (n)
			bits |= attr_names[i].bit;
		n += n < s.n;
		s = slice_mem(s.p + n, s.n - n);
	}
	*out = bits;
	return 0;
}

/* --- the file --- */

#define UNSET (-2) /* no fg16 given: take the nearest */

static int read_field(struct theme_row *row, const char *key, struct slice v)
{
	if (strcmp(key, "fg") == 0)
		return colour_parse(v, &row->fg, &row->fg_rgb);
	if (strcmp(key, "bg") == 0)
		return colour_parse(v, &row->bg, &row->bg_rgb);
	if (strcmp(key, "fg16") == 0)
		return colour16_parse(v, &row->fg16);
	if (strcmp(key, "bg16") == 0)
		return colour16_parse(v, &row->bg16);
	if (strcmp(key, "attrs") == 0)
		return attrs_parse(v, &row->attrs);
	if (strcmp(key, "mono") == 0)
		return attrs_parse(v, &row->mono);
	return -1;
}

static int read_role(struct theme_row *row, const struct ynode *n, const char *file, struct err *e)
{
	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *f = &n->kids[i];

		if (f->kind != YNODE_SCALAR || read_field(row, f->key, slice_of(f->text)) < 0)
			return err_set(e, ERR_USAGE, "%s:%u: %s: %s cannot be '%.40s'", file,
				f->line, n->key, f->key, f->text ? f->text : "");
	}
	return 0;
}

static int no_role(const struct ynode *n, const char *file, struct err *e)
{
	struct suggest s;

	suggest_init(&s, n->key, strlen(n->key));
	for (int i = 0; i < ROLE_COUNT; i++)
		suggest_offer(&s, role_name((enum term_role)i));
	return err_set(e, ERR_USAGE, "%s:%u: no role '%.40s'%s%s%s", file, n->line, n->key,
		s.best ? " (did you mean '" : "", s.best ? s.best : "", s.best ? "'?)" : "");
}

static int read_roles(struct theme *t, const struct ynode *roles, const char *file, struct err *e)
{
	for (size_t i = 0; i < roles->n; i++) {
		const struct ynode *n = &roles->kids[i];
		int role = role_parse(slice_of(n->key));

		if (role < 0)
			return no_role(n, file, e);
		if (n->kind != YNODE_MAP)
			return err_set(e, ERR_USAGE, "%s:%u: %s: wants { fg: ..., attrs: ... }",
				file, n->line, n->key);
		if (read_role(&t->rows[role], n, file, e) < 0)
			return -1;
	}
	return 0;
}

static int read_rgb(uint32_t *out, const struct ynode *n, const char *file, struct err *e)
{
	if (n->kind == YNODE_SCALAR && n->text && rgb_parse(slice_of(n->text), out) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "%s:%u: %s wants \"#rrggbb\"", file, n->line, n->key);
}

static int read_top(struct theme *t, const struct ynode *root, const char *file, struct err *e)
{
	for (size_t i = 0; i < root->n; i++) {
		const struct ynode *n = &root->kids[i];
		bool ink = strcmp(n->key, "ink") == 0;

		if (ink || strcmp(n->key, "paper") == 0) {
			if (read_rgb(ink ? &t->ink : &t->paper, n, file, e) < 0)
				return -1;
		} else if (strcmp(n->key, "name") == 0 && n->text)
			snprintf(t->name, sizeof(t->name), "%s", n->text);
		else if (strcmp(n->key, "help") == 0 && n->text)
			snprintf(t->help, sizeof(t->help), "%s", n->text);
		else if (strcmp(n->key, "roles") != 0 || n->kind != YNODE_MAP)
			return err_set(e, ERR_USAGE,
				"%s:%u: %.40s: a theme has name, help, ink, paper and roles",
				file, n->line, n->key);
		else if (read_roles(t, n, file, e) < 0)
			return -1;
	}
	if (!t->name[0])
		return err_set(e, ERR_USAGE, "%s: a theme needs a name", file);
	return 0;
}

static void fill_sixteen(struct theme *t)
{
	for (int i = 0; i < ROLE_COUNT; i++) {
		struct theme_row *r = &t->rows[i];

		if (r->fg16 == UNSET)
			r->fg16 = r->fg < 0 ? r->fg : (int16_t)nearest(palette_rgb(r->fg), 0, 16);
		if (r->bg16 == UNSET)
			r->bg16 = r->bg < 0 ? r->bg : (int16_t)nearest(palette_rgb(r->bg), 0, 16);
	}
}

static int take_tree(struct theme *t, struct ynode *root, const char *file, struct err *e)
{
	struct theme new = { .ink = 0xd0d0d0, .paper = 0x16181d };
	int rc;

	if (!root)
		return -1;
	for (int i = 0; i < ROLE_COUNT; i++)
		new.rows[i] = (struct theme_row){ -1, -1, UNSET, UNSET, -1, -1, 0, 0 };
	rc = root->kind == YNODE_MAP ? read_top(&new, root, file, e)
				     : err_set(e, ERR_USAGE, "%s: a theme is a mapping", file);
	ydoc_free(root);
	if (rc < 0)
		return -1;
	fill_sixteen(&new);
	*t = new;
	return 0;
}

int theme_parse(struct theme *t, struct slice yaml, const char *file, struct err *e)
{
	return take_tree(t, ydoc_read(yaml, file, e), file, e);
}

int theme_load(struct theme *t, const char *name, struct err *e)
{
	const char *n;

	if (strchr(name, '/'))
		return take_tree(t, ydoc_read_file(name, e), name, e);
	for (size_t i = 0; (n = theme_builtin(i)); i++)
		if (strcmp(n, name) == 0)
			return theme_parse(t, theme_builtin_text(i), name, e);
	return err_set(
		e, ERR_USAGE, "no theme '%s' (a file of your own needs a '/' in its name)", name);
}

/* --- looks --- */

/* What the palette of 256 has exactly is said by its number: the same for fewer bytes. */
static int32_t exact(int32_t rgb, int16_t number)
{
	return rgb < 0 || palette_rgb(number) == (uint32_t)rgb ? number : THEME_DIRECT | rgb;
}

static struct theme_style row_style(const struct theme_row *r, enum theme_depth d)
{
	switch (d) {
	case THEME_RGB:
		return (struct theme_style){ exact(r->fg_rgb, r->fg), exact(r->bg_rgb, r->bg),
			r->attrs };
	case THEME_256:
		return (struct theme_style){ r->fg, r->bg, r->attrs };
	case THEME_16:
		return (struct theme_style){ r->fg16, r->bg16, r->attrs };
	default:
		return (struct theme_style){ -1, -1, r->mono };
	}
}

/* Another role's background under this one; its foreground where this role has none. */
static void lay_over(struct theme_style *s, struct theme_style under)
{
	if (under.bg >= 0) {
		s->bg = under.bg;
		if (s->fg < 0 || s->fg == under.bg)
			s->fg = under.fg;
	}
	s->attrs |= under.attrs;
}

struct theme_style theme_style(const struct theme *t, uint16_t look, enum theme_depth d)
{
	int role = LOOK_ROLE(look) < ROLE_COUNT ? LOOK_ROLE(look) : ROLE_TEXT;
	struct theme_style s = row_style(&t->rows[role], d);

	if (look & LOOK_MARKED)
		lay_over(&s, row_style(&t->rows[ROLE_MARKED], d));
	if (look & LOOK_SELECTED)
		lay_over(&s, row_style(&t->rows[ROLE_SELECTED], d));
	s.attrs |= look & LOOK_BOLD ? THEME_BOLD : 0;
	s.attrs |= look & LOOK_UNDERLINE ? THEME_UNDERLINE : 0;
	if (look & LOOK_REVERSE)
		s.attrs ^= THEME_REVERSE;
	return s;
}

uint32_t theme_rgb(int32_t colour)
{
	return colour & THEME_DIRECT ? (uint32_t)colour & 0xffffff : palette_rgb(colour);
}
