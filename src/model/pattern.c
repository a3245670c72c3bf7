#include "model/pattern.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/regex.h"

/* A pattern that has gone beyond its limits on so many rows matches nothing any more: each costs
 * milliseconds, and a query may have a million rows. */
#define LIMITED_MAX 200
#define SHORT 32

struct pattern {
	struct regex *re;
	char *lead; /* after ^: plain bytes that a match begins with; most rows fail there */
	size_t lead_n;
	char *tail; /* before $: as lead */
	size_t tail_n;
	char *plain; /* all of it, when nothing in it is special */
	size_t plain_n;
	char *word; /* a word of ASCII, in small letters: texts of ASCII need no expression */
	size_t word_n;
	char *letters; /* to be found one after the other; then there is no expression */
	size_t letters_n;
};

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || strchr("_-:/,;=@%&<>\"' ", c) != NULL;
}

/* The last plain byte is left out when what follows may make it optional; an alternative
 * anywhere means that nothing must be there. */
static void find_lead(struct pattern *p, struct slice s)
{
	size_t i = 1;

	if (!s.n || s.p[0] != '^' || memchr(s.p, '|', s.n))
		return;
	while (i < s.n && s.p[i] && is_plain(s.p[i]))
		i++;
	if (i < s.n && strchr("?*{+", s.p[i]) && i > 1)
		i--;
	p->lead_n = i - 1;
	p->lead = xmemdup0(s.p + 1, p->lead_n);
}

/* Without groups, alternatives and escapes $ is the end, and what stands before it stands there. */
static void find_tail(struct pattern *p, struct slice s)
{
	size_t i = s.n ? s.n - 1 : 0;

	if (!s.n || s.p[i] != '$' || memchr(s.p, '|', s.n) || memchr(s.p, '(', s.n) ||
		memchr(s.p, '\\', s.n))
		return;
	while (i > 0 && s.p[i - 1] && is_plain(s.p[i - 1]))
		i--;
	p->tail_n = s.n - 1 - i;
	p->tail = xmemdup0(s.p + i, p->tail_n);
}

/* $ also matches before a last line break, of whatever kind: those are left to the expression. */
static bool tail_fails(const struct pattern *p, struct slice s)
{
	if (s.n && ((unsigned char)s.p[s.n - 1] < ' ' || (unsigned char)s.p[s.n - 1] >= 0x7f))
		return false;
	if (s.n < p->tail_n)
		return true;
	/* the last byte alone tells most of them */
	return s.p[s.n - 1] != p->tail[p->tail_n - 1] ||
	       memcmp(s.p + s.n - p->tail_n, p->tail, p->tail_n) != 0;
}

static void find_plain(struct pattern *p, struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !is_plain(s.p[i]))
			return;
	p->plain_n = s.n;
	p->plain = xmemdup0(s.p, s.n);
}

static struct pattern *make(struct slice regex, int flags, size_t *at, struct err *e)
{
	struct regex *re = regex_new(regex, flags, at, e);
	struct pattern *p;

	if (!re)
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->re = re;
	return p;
}

struct pattern *pattern_new(struct slice regex, size_t *at, struct err *e)
{
	struct pattern *p = make(regex, 0, at, e);

	if (p) {
		find_lead(p, regex);
		find_tail(p, regex);
		find_plain(p, regex);
	}
	return p;
}

/* --- words -------------------------------------------------------------------------------- */

static inline unsigned char small(char c)
{
	return (unsigned char)c | (unsigned char)((c >= 'A' && c <= 'Z') << 5);
}

static bool is_ascii(struct slice s)
{
	uint64_t all = 0, v;
	size_t i = 0;

	for (; i + 8 <= s.n; i += 8) {
		memcpy(&v, s.p + i, 8);
		all |= v;
	}
	for (; i < s.n; i++)
		all |= (unsigned char)s.p[i];
	return !(all & 0x8080808080808080u);
}

static void find_word(struct pattern *p, struct slice word)
{
	if (!word.n || !is_ascii(word))
		return;
	p->word = xmemdup0(word.p, word.n);
	p->word_n = word.n;
	for (size_t i = 0; i < word.n; i++)
		p->word[i] = (char)small(word.p[i]);
}

static bool word_at(const struct pattern *p, const char *at)
{
	for (size_t i = 1; i < p->word_n; i++)
		if (small(at[i]) != (unsigned char)p->word[i])
			return false;
	return true;
}

/* Only in texts of ASCII: elsewhere there are letters whose other case is a letter of ASCII. */
static bool has_word(const struct pattern *p, struct slice s)
{
	unsigned char first = (unsigned char)p->word[0];

	for (size_t i = 0; i + p->word_n <= s.n; i++)
		if (small(s.p[i]) == first && word_at(p, s.p + i))
			return true;
	return false;
}

struct pattern *pattern_word(struct slice word, size_t *at, struct err *e)
{
	struct pattern *p;
	struct buf b;

	buf_init(&b, 2 * word.n);
	for (size_t i = 0; i < word.n; i++) {
		unsigned char c = (unsigned char)word.p[i];

		if (c < 0x80 && !isalnum(c))
			buf_addc(&b, '\\');
		buf_addc(&b, (char)c);
	}
	p = make(buf_slice(&b), REGEX_ICASE, at, e);
	if (p)
		find_word(p, word);
	buf_fini(&b);
	return p;
}

/* --- letters in their order ---------------------------------------------------------------- */

struct pattern *pattern_fuzzy(struct slice letters)
{
	struct pattern *p = xcalloc(1, sizeof(*p));

	p->letters = xmemdup0(letters.p, letters.n);
	p->letters_n = letters.n;
	return p;
}

/* The bytes of one letter, which stand together. */
static size_t letter_len(const struct pattern *p, size_t i)
{
	size_t n = 1;

	while (i + n < p->letters_n && ((unsigned char)p->letters[i + n] & 0xc0) == 0x80)
		n++;
	return n;
}

static bool has_letters(const struct pattern *p, struct slice s)
{
	const char *at = s.p, *end = s.p + s.n;

	for (size_t i = 0, n; i < p->letters_n; i += n, at += n) {
		char c = p->letters[i];

		n = letter_len(p, i);
		if (n > 1)
			at = memmem(at, (size_t)(end - at), p->letters + i, n);
		else if (c >= 'a' && c <= 'z')
			while (at < end && small(*at) != (unsigned char)c)
				at++;
		else
			at = memchr(at, c, (size_t)(end - at));
		if (!at || at == end)
			return false;
	}
	return true;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	regex_free(p->re);
	free(p->lead);
	free(p->tail);
	free(p->plain);
	free(p->word);
	free(p->letters);
	free(p);
}

/* memmem() prepares itself for longer texts than names are. */
static bool has_plain(const struct pattern *p, struct slice s)
{
	if (s.n > SHORT)
		return memmem(s.p, s.n, p->plain, p->plain_n) != NULL;
	for (size_t i = 0; i + p->plain_n <= s.n; i++)
		if (s.p[i] == p->plain[0] && memcmp(s.p + i, p->plain, p->plain_n) == 0)
			return true;
	return false;
}

bool pattern_match(struct pattern *p, struct slice s)
{
	if (p->letters)
		return has_letters(p, s);
	if (p->plain_n)
		return has_plain(p, s);
	if (p->word_n && is_ascii(s))
		return has_word(p, s);
	if (p->lead_n && (s.n < p->lead_n || memcmp(s.p, p->lead, p->lead_n) != 0))
		return false;
	if (p->tail_n && tail_fails(p, s))
		return false;
	return regex_limited(p->re) < LIMITED_MAX && regex_match(p->re, s);
}
