#include "model/pattern.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/regex.h"

struct pattern {
	struct regex *re;
	char *lead; /* bytes that a match must begin with, or contain, before re is asked */
	size_t lead_n;
	bool anchored; /* ^lead */
	bool plain;    /* lead is all of it */
};

static bool is_plain(char c)
{
	return isalnum((unsigned char)c) || strchr("_-:/,;=@%&<>\"' ", c) != NULL;
}

/* The plain bytes the pattern opens with.  The last one is left out when what follows may
 * make it optional; an alternative anywhere means that nothing must be there. */
static void find_lead(struct pattern *p, struct slice s)
{
	size_t i = p->anchored = s.n && s.p[0] == '^', from = i;

	if (memchr(s.p, '|', s.n))
		return;
	while (i < s.n && s.p[i] && is_plain(s.p[i]))
		i++;
	p->plain = i == s.n;
	if (i < s.n && strchr("?*{+", s.p[i]) && i > from)
		i--;
	p->lead_n = i - from;
	p->lead = xmemdup0(s.p + from, p->lead_n);
}

struct pattern *pattern_new(struct slice regex, size_t *at, struct err *e)
{
	struct regex *re = regex_new(regex, 0, at, e);
	struct pattern *p;

	if (!re)
		return NULL;
	p = xcalloc(1, sizeof(*p));
	p->re = re;
	if (regex.n)
		find_lead(p, regex);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	regex_free(p->re);
	free(p->lead);
	free(p);
}

bool pattern_match(struct pattern *p, struct slice s)
{
	if (p->anchored && p->lead_n) {
		if (s.n < p->lead_n || memcmp(s.p, p->lead, p->lead_n) != 0)
			return false;
		if (p->plain)
			return true;
	} else if (p->plain && p->lead_n) {
		return memmem(s.p, s.n, p->lead, p->lead_n) != NULL;
	}
	return regex_match(p->re, s);
}

static inline char lower_of(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

bool text_has(struct slice s, struct slice lower)
{
	if (!lower.n)
		return true;
	for (size_t i = 0; i + lower.n <= s.n; i++) {
		size_t k = 1;

		if (lower_of(s.p[i]) != lower.p[0])
			continue;
		while (k < lower.n && lower_of(s.p[i + k]) == lower.p[k])
			k++;
		if (k == lower.n)
			return true;
	}
	return false;
}
