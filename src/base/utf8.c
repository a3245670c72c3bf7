#include "base/utf8.h"

static bool is_cont(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t utf8_decode(const char *p, size_t n, uint32_t *cp)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)*p;
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
	uint32_t v;

	if (len == 1) {
		*cp = c;
		return 1;
	}
	if (!len || len > n)
		return 0;
	v = c & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if (!is_cont(p[i]))
			return 0;
		v = v << 6 | ((unsigned char)p[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	*cp = v;
	return len;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	if (len == 1) {
		out[0] = (char)cp;
		return 1;
	}
	for (size_t i = len - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)((0xf00u >> len & 0xff) | cp);
	return len;
}

/* Bytes of plain ASCII (any value below 0x80) from p on, eight at a time. */
static size_t ascii_run(const char *p, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t v;

		memcpy(&v, p + i, 8);
		if (v & 0x8080808080808080u)
			break;
	}
	while (i < n && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

bool utf8_valid(const char *p, size_t n)
{
	for (size_t i = 0; i < n;) {
		uint32_t cp;
		size_t k;

		i += ascii_run(p + i, n - i);
		if (i == n)
			break;
		k = utf8_decode(p + i, n - i, &cp);
		if (!k)
			return false;
		i += k;
	}
	return true;
}

/* The code point at p; a byte that is not UTF-8 counts as U+FFFD, one cell. */
static size_t step(const char *p, size_t n, uint32_t *cp)
{
	size_t k = utf8_decode(p, n, cp);

	if (k)
		return k;
	*cp = 0xfffd;
	return 1;
}

size_t utf8_plain(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= 0x20 && p[i] < 0x7f)
		i++;
	return i;
}

int utf8_width(const char *p, size_t n)
{
	size_t i = utf8_plain(p, n);
	int cells = (int)i;

	while (i < n) {
		uint32_t cp;
		size_t plain;

		i += step(p + i, n - i, &cp);
		plain = utf8_plain(p + i, n - i);
		i += plain;
		cells += utf8_cp_width(cp) + (int)plain;
	}
	return cells;
}

/* Joiners and selectors are gone from a cleaned string, so a cluster is a base and its marks. */
size_t utf8_fit(const char *p, size_t n, int cells)
{
	size_t i = 0;

	while (i < n) {
		uint32_t cp;
		size_t k = step(p + i, n - i, &cp);

		cells -= utf8_cp_width(cp);
		if (cells < 0)
			break;
		i += k;
	}
	return i;
}
