#include "tests/console/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/utf8.h"

#define MAX_MODE 3000

struct screen {
	VTerm *vt;
	VTermScreen *sc;
	int rows, cols;
	char csi[32]; /* of a private mode sequence being read, or empty */
	size_t n_csi;
	int at; /* 0 ground, 1 after ESC, 2 in CSI */
	unsigned char on[MAX_MODE];
	char left[128];
	char part[4]; /* of a character cut between two feeds: libvterm would not join it */
	size_t n_part;
};

struct screen *screen_new(int rows, int cols)
{
	struct screen *s = xcalloc(1, sizeof(*s));

	s->rows = rows;
	s->cols = cols;
	s->on[25] = 1;
	s->vt = vterm_new(rows, cols);
	vterm_set_utf8(s->vt, 1);
	s->sc = vterm_obtain_screen(s->vt);
	vterm_screen_enable_altscreen(s->sc, 1);
	vterm_screen_reset(s->sc, 1);
	return s;
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	vterm_free(s->vt);
	free(s);
}

void screen_resize(struct screen *s, int rows, int cols)
{
	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vt, rows, cols);
}

static void end_csi(struct screen *s, char final)
{
	char *p = s->csi + 1;

	if (s->csi[0] != '?' || (final != 'h' && final != 'l'))
		return;
	while (*p) {
		long n = strtol(p, &p, 10);

		if (n > 0 && n < MAX_MODE)
			s->on[n] = final == 'h';
		p += *p == ';';
	}
}

static void watch_modes(struct screen *s, char c)
{
	if (c == '\033') {
		s->at = 1;
	} else if (s->at == 1) {
		s->at = c == '[' ? 2 : 0;
		s->n_csi = 0;
		memset(s->csi, 0, sizeof(s->csi));
	} else if (s->at == 2 && c >= 0x20 && c < 0x40) {
		if (s->n_csi < sizeof(s->csi) - 1)
			s->csi[s->n_csi++] = c;
	} else if (s->at == 2) {
		end_csi(s, c);
		s->at = 0;
	}
}

/* Bytes at the end of p that begin a character and do not end it. */
static size_t cut_off(const char *p, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++) {
		unsigned char c = (unsigned char)p[n - k];

		if (c >= 0xc0)
			return k < (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) ? k : 0;
		if (c < 0x80)
			return 0;
	}
	return 0;
}

static void write_whole(struct screen *s, const char *p, size_t n)
{
	char *all = xmalloc(s->n_part + n + 1);
	size_t len = s->n_part + n, keep;

	memcpy(all, s->part, s->n_part);
	memcpy(all + s->n_part, p, n);
	keep = cut_off(all, len);
	vterm_input_write(s->vt, all, len - keep);
	memcpy(s->part, all + len - keep, keep);
	s->n_part = keep;
	free(all);
}

void screen_feed(struct screen *s, const char *p, size_t n)
{
	char answers[256];

	for (size_t i = 0; i < n; i++)
		watch_modes(s, p[i]);
	if (n)
		write_whole(s, p, n);
	while (vterm_output_read(s->vt, answers, sizeof(answers)))
		;
}

static void add_row(struct screen *s, int row, struct buf *b)
{
	size_t keep = b->len;

	for (int col = 0; col < s->cols; col++) {
		VTermScreenCell c;
		char u[4];

		vterm_screen_get_cell(s->sc, (VTermPos){ row, col }, &c);
		if (c.chars[0] == (uint32_t)-1)
			continue; /* the right half of a wide one */
		if (c.chars[0] == 0)
			buf_addc(b, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i]; i++)
			buf_add(b, u, utf8_encode(c.chars[i], u));
		if (c.chars[0] && c.chars[0] != ' ')
			keep = b->len;
	}
	b->len = keep;
	b->p[keep] = '\0';
}

char *screen_row(struct screen *s, int row)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	add_row(s, row, &b);
	return b.p;
}

char *screen_text(struct screen *s)
{
	struct buf b;

	buf_init(&b, 8 << 20);
	for (int r = 0; r < s->rows; r++) {
		add_row(s, r, &b);
		buf_addc(&b, '\n');
	}
	return b.p;
}

static int colour_of(const VTermColor *c, bool own)
{
	if (own)
		return -1;
	if (VTERM_COLOR_IS_INDEXED(c))
		return c->indexed.idx;
	return SCREEN_RGB | c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue;
}

struct screen_look screen_look(struct screen *s, int row, int col)
{
	VTermScreenCell c;

	vterm_screen_get_cell(s->sc, (VTermPos){ row, col }, &c);
	return (struct screen_look){
		.bold = c.attrs.bold,
		.underline = c.attrs.underline,
		.reverse = c.attrs.reverse,
		.fg = colour_of(&c.fg, VTERM_COLOR_IS_DEFAULT_FG(&c.fg)),
		.bg = colour_of(&c.bg, VTERM_COLOR_IS_DEFAULT_BG(&c.bg)),
	};
}

char *screen_cells(struct screen *s)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	for (int r = 0; r < s->rows; r++)
		for (int c = 0; c < s->cols; c++) {
			VTermScreenCell cell;
			struct screen_look l = screen_look(s, r, c);

			vterm_screen_get_cell(s->sc, (VTermPos){ r, c }, &cell);
			if (cell.chars[0] == (uint32_t)-1)
				continue;
			buf_addf(&b, "%d,%d %x%x %d%d%d %d %d\n", r, c,
				cell.chars[0] ? cell.chars[0] : ' ',
				cell.chars[0] ? cell.chars[1] : 0, l.bold, l.underline, l.reverse,
				l.fg, l.bg);
		}
	return b.p;
}

bool screen_mode(const struct screen *s, int n)
{
	return n > 0 && n < MAX_MODE && s->on[n];
}

const char *screen_left_on(struct screen *s)
{
	static const struct {
		int mode;
		const char *name;
	} bad[] = {
		{ 1, "cursor keys" },
		{ 47, "alternate screen" },
		{ 1047, "alternate screen" },
		{ 1049, "alternate screen" },
		{ 1000, "mouse" },
		{ 1002, "mouse drag" },
		{ 1003, "mouse moves" },
		{ 1006, "mouse SGR" },
		{ 2004, "bracketed paste" },
		{ 2026, "half a frame" },
		{ 1004, "focus" },
	};
	size_t n = 0;

	s->left[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (s->on[bad[i].mode])
			n += (size_t)snprintf(
				s->left + n, sizeof(s->left) - n, "%s; ", bad[i].name);
	if (!s->on[25])
		snprintf(s->left + n, sizeof(s->left) - n, "hidden cursor; ");
	return s->left;
}

const char *screen_difference(const char *was, const char *is)
{
	static char text[2000];
	size_t i = 0;

	while (was[i] && was[i] == is[i])
		i++;
	while (i > 0 && was[i - 1] != '\n')
		i--;
	snprintf(text, sizeof(text), "%.*s, not %.*s", (int)strcspn(is + i, "\n"), is + i,
		(int)strcspn(was + i, "\n"), was + i);
	return text;
}
