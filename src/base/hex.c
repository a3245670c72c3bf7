#include "base/hex.h"

static const char digits[] = "0123456789abcdef";

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes the "0x" off; -1 when there is none. */
static int hex_body(struct slice *s)
{
	if (s->n < 2 || s->p[0] != '0' || (s->p[1] != 'x' && s->p[1] != 'X'))
		return -1;
	s->p += 2;
	s->n -= 2;
	return 0;
}

int hex_data(struct slice s, uint8_t *out, size_t cap, size_t *n)
{
	size_t i;

	if (hex_body(&s) < 0 || s.n % 2 || s.n / 2 > cap)
		return -1;
	for (i = 0; i < s.n; i += 2) {
		int hi = hex_digit(s.p[i]), lo = hex_digit(s.p[i + 1]);

		if (hi < 0 || lo < 0)
			return -1;
		out[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	*n = s.n / 2;
	return 0;
}

int hex_data_exact(struct slice s, uint8_t *out, size_t n)
{
	size_t got;

	return s.n == 2 + 2 * n ? hex_data(s, out, n, &got) : -1;
}

int hex_quantity(struct slice s, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	if (hex_body(&s) < 0 || s.n == 0 || s.n > 16 || (s.p[0] == '0' && s.n > 1))
		return -1;
	for (i = 0; i < s.n; i++) {
		int d = hex_digit(s.p[i]);

		if (d < 0)
			return -1;
		v = v << 4 | (uint64_t)d;
	}
	*out = v;
	return 0;
}

size_t hex_text(char *out, const void *p, size_t n)
{
	const uint8_t *u = p;
	char *o = out;

	*o++ = '0';
	*o++ = 'x';
	for (size_t i = 0; i < n; i++) {
		*o++ = digits[u[i] >> 4];
		*o++ = digits[u[i] & 15];
	}
	*o = '\0';
	return 2 * n + 2;
}

int buf_addhex(struct buf *b, const void *p, size_t n)
{
	char *o = n <= b->max ? buf_room(b, 2 * n + 2) : NULL;

	if (!o) {
		b->full = true;
		return -1;
	}
	b->len += hex_text(o, p, n);
	return 0;
}

int buf_addquantity(struct buf *b, uint64_t v)
{
	char s[18];
	size_t i = sizeof(s);

	do
		s[--i] = digits[v & 15];
	while (v >>= 4);
	s[--i] = 'x';
	s[--i] = '0';
	return buf_add(b, s + i, sizeof(s) - i);
}
