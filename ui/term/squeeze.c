#include "ui/term/squeeze.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ARGS 16
#define MAX_REPEAT 1000
#define ODD	 1 /* in attrs: something else is on too */
#define SHIFT_IN '\017'

static const struct squeeze_pen plain = { -1, -1, 0 };

void squeeze_forget(struct squeeze *s)
{
	s->have = s->want = plain;
	s->known = false;
}

/* --- writing --- */

static void add_colour(struct buf *b, const int32_t *direct, int colour, int base, int bright)
{
	if (colour >= 0 && direct && direct[colour] >= 0)
		buf_addf(b, "%d;2;%d;%d;%d;", base + 8, direct[colour] >> 16,
			direct[colour] >> 8 & 255, direct[colour] & 255);
	else if (colour < 0)
		buf_addf(b, "%d;", base + 9);
	else if (colour < 8)
		buf_addf(b, "%d;", base + colour);
	else if (colour < 16)
		buf_addf(b, "%d;", bright + colour - 8);
	else
		buf_addf(b, "%d;5;%d;", base + 8, colour);
}

static bool same(const struct squeeze_pen *a, const struct squeeze_pen *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

/* From the pen the terminal has to the one that is wanted. */
static void settle(struct squeeze *s, struct buf *out)
{
	struct squeeze_pen have = s->have;
	uint8_t on;

	if (s->known && same(&s->have, &s->want))
		return;
	buf_adds(out, "\033[");
	if (!s->known || (have.attrs & ~s->want.attrs) || same(&s->want, &plain)) {
		have = plain;
		if (!same(&s->want, &plain))
			buf_adds(out, "0;");
	}
	on = s->want.attrs & (uint8_t)~have.attrs;
	for (int i = 1; i < 8; i++)
		if (on >> i & 1)
			buf_addf(out, "%d;", i);
	if (s->want.fg != have.fg)
		add_colour(out, s->direct, s->want.fg, 30, 90);
	if (s->want.bg != have.bg)
		add_colour(out, s->direct, s->want.bg, 40, 100);
	if (out->p[out->len - 1] == ';')
		out->len--;
	buf_addc(out, 'm');
	s->have = s->want;
	s->known = true;
}

/* --- reading --- */

/* One argument of SGR, or three for a palette colour; returns how many, 0 when not known. */
static int take_arg(struct squeeze_pen *p, const int *a, int n)
{
	if (a[0] == 0)
		*p = plain;
	else if (a[0] < 8)
		p->attrs |= (uint8_t)(1u << a[0]);
	else if (a[0] == 22)
		p->attrs &= (uint8_t) ~(1u << 1 | 1u << 2);
	else if (a[0] >= 23 && a[0] <= 27 && a[0] != 26)
		p->attrs &= (uint8_t) ~(1u << (a[0] - 20));
	else if (a[0] >= 30 && a[0] <= 37)
		p->fg = (int16_t)(a[0] - 30);
	else if (a[0] >= 40 && a[0] <= 47)
		p->bg = (int16_t)(a[0] - 40);
	else if (a[0] >= 90 && a[0] <= 97)
		p->fg = (int16_t)(a[0] - 82);
	else if (a[0] >= 100 && a[0] <= 107)
		p->bg = (int16_t)(a[0] - 92);
	else if (a[0] == 39)
		p->fg = -1;
	else if (a[0] == 49)
		p->bg = -1;
	else if ((a[0] == 38 || a[0] == 48) && n >= 3 && a[1] == 5 && a[2] < 256)
		*(a[0] == 38 ? &p->fg : &p->bg) = (int16_t)a[2];
	else
		return 0;
	return a[0] == 38 || a[0] == 48 ? 3 : 1;
}

static bool take_sgr(struct squeeze_pen *pen, const char *p, size_t n)
{
	struct squeeze_pen to = *pen;
	int args[MAX_ARGS] = { 0 }, count = 1;

	for (size_t i = 0; i < n; i++)
		if (p[i] == ';' && count < MAX_ARGS)
			count++;
		else if (p[i] >= '0' && p[i] <= '9' && args[count - 1] < 1000)
			args[count - 1] = args[count - 1] * 10 + p[i] - '0';
		else
			return false;
	for (int i = 0, step; i < count; i += step)
		if ((step = take_arg(&to, args + i, count - i)) == 0)
			return false;
	*pen = to;
	return true;
}

/* The length of the escape sequence at p, at least 1. */
static size_t sequence(const char *p, size_t n)
{
	size_t i = 2;

	if (n < 2)
		return n;
	if (p[1] == '(' || p[1] == ')')
		return n < 3 ? n : 3;
	if (p[1] != '[')
		return 2;
	while (i < n && (unsigned char)p[i] < 0x40)
		i++;
	return i < n ? i + 1 : n;
}

/* Moving the cursor is the same with any pen: what follows the movement needs it, or nothing. */
static bool draws(char final)
{
	return final != 'H' && final != 'f' && final != 'd' && final != 'G' &&
	       !(final >= 'A' && final <= 'D') && final != 'r';
}

/* "CSI row ; column H" into its two numbers; false when it is something else. */
static bool is_place(const char *p, size_t n, int *row, int *col)
{
	char text[16];
	int end = 0;

	if (n < 6 || n >= sizeof(text) || p[n - 1] != 'H')
		return false;
	memcpy(text, p + 2, n - 2);
	text[n - 2] = '\0';
	return sscanf(text, "%4d;%4dH%n", row, col, &end) == 2 && end == (int)n - 2;
}

/* Only what surely stays in its row keeps the row. */
static void follow_row(struct squeeze *s, const char *p, size_t n)
{
	char final = p[n - 1];

	if (p[1] == '[' && final == 'd')
		s->row = (int)strtol(p + 2, NULL, 10);
	else if (p[1] != '[' || !strchr("CDGKXP@m", final))
		s->row = 0;
}

static void move_cursor(struct squeeze *s, const char *p, size_t n, struct buf *out)
{
	int row, col;

	if (!is_place(p, n, &row, &col)) {
		follow_row(s, p, n);
		buf_add(out, p, n);
	} else if (s->cha && row == s->row) {
		buf_addf(out, "\033[%dG", col);
	} else {
		s->row = row;
		buf_add(out, p, n);
	}
}

/* "CSI n b" says the last character again: many that call themselves xterm cannot. */
static void repeat(const char *p, size_t n, struct buf *out)
{
	long times = n > 3 ? strtol(p + 2, NULL, 10) : 1;
	char last = out->len ? out->p[out->len - 1] : ' ';

	if (last < 0x20 || last == 0x7f) { /* half a character cannot be said again */
		buf_add(out, p, n);
		return;
	}
	for (long i = 0; i < times && i < MAX_REPEAT; i++)
		buf_addc(out, last);
}

static void pass_sequence(struct squeeze *s, const char *p, size_t n, struct buf *out)
{
	if (n == 3 && p[1] == '(' && p[2] == 'B')
		return; /* the character set that is there anyway */
	if (p[1] == '[' && p[n - 1] == 'm' && n >= 3) {
		if (take_sgr(&s->want, p + 2, n - 3))
			return;
		settle(s, out); /* something we do not know: as it is, until the next reset */
		buf_add(out, p, n);
		s->have.attrs |= ODD;
		s->want.attrs |= ODD;
		return;
	}
	if (p[1] == '[' && p[n - 1] == 'b') {
		repeat(p, n, out);
		return;
	}
	if (draws(p[n - 1]))
		settle(s, out);
	move_cursor(s, p, n, out);
}

void squeeze_frame(struct squeeze *s, struct slice in, struct buf *out)
{
	size_t i = 0, n;

	s->row = 0;
	while (i < in.n) {
		if (in.p[i] == '\033') {
			n = sequence(in.p + i, in.n - i);
			if (n >= 2)
				pass_sequence(s, in.p + i, n, out);
			i += n;
			continue;
		}
		if (in.p[i] == '\r' || in.p[i] == '\b') {
			buf_addc(out, in.p[i++]);
			continue;
		}
		if (in.p[i] == SHIFT_IN) { /* as above; we never shift out */
			i++;
			continue;
		}
		for (n = 1; i + n < in.n && (unsigned char)in.p[i + n] >= 0x20; n++)
			;
		settle(s, out);
		buf_add(out, in.p + i, n);
		if ((unsigned char)in.p[i] < 0x20)
			s->row = 0;
		i += n;
	}
}
