#include "ui/term/keys.h"

#include "base/alloc.h"
#include "base/utf8.h"

static const char *const names[] = {
#define X(id, name) [TERM_KEY_##id - TERM_KEY_FIRST] = name,
	TERM_KEYS(X)
#undef X
};

static const struct {
	const char *prefix;
	uint32_t bit;
} mods[] = {
	{ "ctrl-", TERM_CTRL },
	{ "alt-", TERM_ALT },
	{ "shift-", TERM_SHIFT },
};

static uint32_t take_mods(struct slice *s)
{
	uint32_t bits = 0;

again:
	for (size_t i = 0; i < ARRAY_LEN(mods); i++) {
		size_t n = strlen(mods[i].prefix);

		if (s->n > n && memcmp(s->p, mods[i].prefix, n) == 0) {
			bits |= mods[i].bit;
			s->p += n;
			s->n -= n;
			goto again;
		}
	}
	return bits;
}

uint32_t key_parse(struct slice s)
{
	uint32_t bits = take_mods(&s), cp;

	for (size_t i = 1; i < ARRAY_LEN(names); i++)
		if (slice_is(s, names[i]))
			return bits | (TERM_KEY_FIRST + (uint32_t)i);
	if (slice_is(s, "space"))
		return bits | ' ';
	if (s.n == 0 || utf8_decode(s.p, s.n, &cp) != s.n || cp <= 0x20 || cp == 0x7f)
		return 0;
	return bits | cp;
}

int key_name(struct buf *b, uint32_t key)
{
	uint32_t k = TERM_KEY_OF(key);
	char u[4];

	for (size_t i = 0; i < ARRAY_LEN(mods); i++)
		if (key & mods[i].bit)
			buf_adds(b, mods[i].prefix);
	if (k > TERM_KEY_FIRST && k < TERM_KEY_LAST)
		return buf_adds(b, names[k - TERM_KEY_FIRST]);
	if (k == ' ')
		return buf_adds(b, "space");
	return buf_add(b, u, utf8_encode(k, u));
}
