#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/num.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "config/parse.h"

#define TEXT_MAX 4096

struct scalar {
	struct config_parse *p;
	const struct config_key *k;
	const struct ynode *n;
	const char *text;
};

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool config_name_ok(const char *s)
{
	size_t n = strlen(s);

	if (!n || n > 64 || !is_alnum(*s))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!is_alnum(s[i]) && !strchr("._-", s[i]))
			return false;
	return true;
}

static void keep(const struct scalar *s, const char *text, void *at)
{
	*(const char **)at = config_dup(s->p->c, text);
}

static int set_string(const struct scalar *s, void *at)
{
	if (!*s->text)
		return config_bad(s->p, s->n, "is empty");
	keep(s, s->text, at);
	return 0;
}

static int set_text(const struct scalar *s, void *at)
{
	char *t = xstrdup(s->text);
	size_t n = strlen(t);
	int rc = -1;

	while (n && strchr(" \t\n", t[n - 1]))
		t[--n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (t[i] == '\n' || t[i] == '\t')
			t[i] = ' ';
	if (n) {
		keep(s, t, at);
		rc = 0;
	}
	free(t);
	return rc < 0 ? config_bad(s->p, s->n, "is empty") : 0;
}

static int set_name(const struct scalar *s, void *at)
{
	if (!config_name_ok(s->text))
		return config_bad(s->p, s->n,
			"\"%.80s\" is not a name; take letters, digits, dot, dash and "
			"underscore, at most 64, a letter or digit first",
			s->text);
	keep(s, s->text, at);
	return 0;
}

static bool scheme_ok(const struct config_key *k, const char *url, size_t n)
{
	for (size_t i = 0; k->choices[i]; i++)
		if (strlen(k->choices[i]) == n && strncasecmp(k->choices[i], url, n) == 0)
			return true;
	return false;
}

#define SOCK_MAX 107 /* bytes of a unix socket's path */

/* "/path/of.sock" and perhaps ":/path?query" */
static bool sock_ok(const char *s)
{
	size_t n = strcspn(s, ":?#");

	return *s == '/' && n > 1 && n <= SOCK_MAX && (!s[n] || strncmp(s + n, ":/", 2) == 0);
}

static int set_url(const struct scalar *s, void *at)
{
	const char *host = strstr(s->text, "://");
	size_t n, len;

	if (!host || !scheme_ok(s->k, s->text, (size_t)(host - s->text)))
		return config_bad(s->p, s->n, "\"%.80s\" is not a URL; it begins with %s://",
			s->text, s->k->choices[0]);
	n = strcspn(host + 3, "/?#");
	len = strcspn(host + 3, " \"\\<>");
	if (memchr(s->text, '+', (size_t)(host - s->text))) {
		if (!sock_ok(host + 3) || host[3 + len])
			return config_bad(s->p, s->n, "\"%.80s\" is not like "
				"ws+unix:///path/of.sock:/events", s->text);
		n = 0;
	} else if (n == 0 || host[3 + len]) {
		return config_bad(s->p, s->n, "\"%.80s\" is not a URL", s->text);
	}
	if (memchr(host + 3, '@', n))
		return config_bad(s->p, s->n,
			"a URL here holds no user name and no password; use token_file");
	keep(s, s->text, at);
	return 0;
}

static int set_file(const struct scalar *s, void *at)
{
	const char *home = getenv("HOME"), *t = s->text;
	char *path;

	if (!*t)
		return config_bad(s->p, s->n, "is empty");
	if (strncmp(t, "~/", 2) == 0 && home && *home == '/')
		path = xasprintf("%s/%s", home, t + 2);
	else if (*t == '/')
		path = xstrdup(t);
	else
		path = xasprintf("%s/%s", s->p->dir, t);
	keep(s, path, at);
	free(path);
	return 0;
}

static int set_env(const struct scalar *s, void *at)
{
	const char *t = s->text;

	for (; is_alnum(*t) || *t == '_'; t++)
		;
	if (*t || t == s->text || (*s->text >= '0' && *s->text <= '9'))
		return config_bad(
			s->p, s->n, "\"%.80s\" is not the name of a variable", s->text);
	keep(s, s->text, at);
	return 0;
}

static int set_listen(const struct scalar *s, void *at)
{
	const char *colon = strrchr(s->text, ':');
	uint64_t port;

	if (!colon || colon == s->text || strpbrk(s->text, " /") ||
		num_u64(slice_of(colon + 1), &port) < 0 || port > 65535)
		return config_bad(s->p, s->n,
			"\"%.80s\" is not ADDR:PORT, like 0.0.0.0:7700 or [::]:7700", s->text);
	keep(s, s->text, at);
	return 0;
}

/* 20 bytes in hex, or the beginning of them and an ellipsis: the examples of the documentation. */
static int set_address(const struct scalar *s, void *at)
{
	size_t n = strncmp(s->text, "0x", 2) == 0
			   ? 2 + strspn(s->text + 2, "0123456789abcdefABCDEF")
			   : 0;

	if (!(n == 42 && !s->text[n]) && !(n >= 2 && n < 42 && strcmp(s->text + n, "\u2026") == 0))
		return config_bad(s->p, s->n,
			"\"%.80s\" is not an address: 0x and 40 hexadecimal digits%s", s->text,
			n ? "" : " (in quotes, or YAML takes it for a number)");
	keep(s, s->text, at);
	return 0;
}

static int in_range(const struct scalar *s, int64_t v)
{
	const struct config_key *k = s->k;
	bool low = v < k->min;
	struct buf b;

	if (!low && (!k->max || v <= k->max))
		return 0;
	buf_init(&b, 64);
	config_number_text(k->type, low ? k->min : k->max, &b);
	config_bad(s->p, s->n, "%.80s is too %s; at %s %s", s->text, low ? "small" : "large",
		low ? "least" : "most", b.p);
	buf_fini(&b);
	return -1;
}

static int keep_number(const struct scalar *s, int64_t v, void *at)
{
	if (in_range(s, v) < 0)
		return -1;
	*(int64_t *)at = v;
	return 0;
}

static int set_int(const struct scalar *s, void *at)
{
	int64_t v;

	if (num_i64(slice_of(s->text), &v) < 0)
		return config_bad(s->p, s->n, "\"%.80s\" is not an integer", s->text);
	return keep_number(s, v, at);
}

static int set_number(const struct scalar *s, void *at)
{
	double v;

	if (num_f64(slice_of(s->text), &v) < 0 || !(v >= -1e15 && v <= 1e15))
		return config_bad(s->p, s->n, "\"%.80s\" is not a number", s->text);
	if (v < (double)s->k->min || (s->k->max && v > (double)s->k->max))
		return config_bad(s->p, s->n, "%.80s is out of range; %lld to %lld", s->text,
			(long long)s->k->min, (long long)s->k->max);
	*(double *)at = v;
	return 0;
}

static int set_size(const struct scalar *s, void *at)
{
	struct err why;
	uint64_t v;

	if (num_size(s->text, &v, &why) < 0)
		return config_bad(s->p, s->n, "%s", why.text);
	return keep_number(s, (int64_t)v, at);
}

static int set_duration(const struct scalar *s, void *at)
{
	struct err why;
	int64_t v;

	if (num_duration_ms(s->text, &v, &why) < 0)
		return config_bad(s->p, s->n, "%s", why.text);
	return keep_number(s, v, at);
}

static int set_choice(const struct scalar *s, void *at)
{
	struct suggest near;
	struct buf b;

	suggest_init(&near, s->text, strlen(s->text));
	buf_init(&b, 512);
	for (int i = 0; s->k->choices[i]; i++) {
		if (strcmp(s->text, s->k->choices[i]) == 0) {
			buf_fini(&b);
			*(int *)at = i;
			return 0;
		}
		suggest_offer(&near, s->k->choices[i]);
		buf_addf(&b, "%s%s", i ? ", " : "", s->k->choices[i]);
	}
	if (near.best)
		config_bad(s->p, s->n, "\"%.80s\" is not one of %s; did you mean %s?", s->text,
			b.p, near.best);
	else
		config_bad(s->p, s->n, "\"%.80s\" is not one of %s", s->text, b.p);
	buf_fini(&b);
	return -1;
}

static int (*const setters[])(const struct scalar *s, void *at) = {
	[CFG_STRING] = set_string,
	[CFG_TEXT] = set_text,
	[CFG_NAME] = set_name,
	[CFG_URL] = set_url,
	[CFG_FILE] = set_file,
	[CFG_ENV] = set_env,
	[CFG_LISTEN] = set_listen,
	[CFG_ADDRESS] = set_address,
	[CFG_INT] = set_int,
	[CFG_NUMBER] = set_number,
	[CFG_SIZE] = set_size,
	[CFG_DURATION] = set_duration,
	[CFG_CHOICE] = set_choice,
};

static bool clean(const char *s, bool lines)
{
	for (size_t n = strlen(s), i = 0; i < n;) {
		uint32_t cp;
		size_t k = utf8_decode(s + i, n - i, &cp);

		if (!k || (utf8_hidden(cp) && !(lines && (cp == '\n' || cp == '\t'))))
			return false;
		i += k;
	}
	return true;
}

int config_scalar_set(struct config_parse *p, const struct config_key *k, enum config_type t,
	const struct ynode *n, const char *text, void *at)
{
	struct scalar s = { p, k, n, text };

	if (strlen(text) > TEXT_MAX)
		return config_bad(p, n, "longer than %d bytes", TEXT_MAX);
	if (!clean(text, t == CFG_TEXT))
		return config_bad(p, n, "holds a control or an invisible character");
	return setters[t](&s, at);
}

static void duration_text(int64_t ms, struct buf *out)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = { { 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" },
		{ 1, "ms" } };

	if (ms == 0)
		buf_addc(out, '0');
	for (size_t i = 0; i < ARRAY_LEN(units); ms %= units[i].ms, i++)
		if (ms >= units[i].ms)
			buf_addf(out, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
}

static void size_text(int64_t v, struct buf *out)
{
	static const char *const units[] = { "", "KiB", "MiB", "GiB", "TiB", "PiB" };
	size_t i = 0;

	for (; v && v % 1024 == 0 && i + 1 < ARRAY_LEN(units); i++)
		v /= 1024;
	buf_addf(out, "%lld%s", (long long)v, units[i]);
}

void config_number_text(enum config_type t, int64_t v, struct buf *out)
{
	if (t == CFG_DURATION)
		duration_text(v, out);
	else if (t == CFG_SIZE)
		size_text(v, out);
	else
		buf_addf(out, "%lld", (long long)v);
}

void config_scalar_text(
	const struct config_key *k, enum config_type t, const void *at, struct buf *out)
{
	const char *s;

	switch (t) {
	case CFG_INT:
	case CFG_SIZE:
	case CFG_DURATION:
		config_number_text(t, *(const int64_t *)at, out);
		break;
	case CFG_NUMBER:
		buf_addf64(out, *(const double *)at);
		break;
	case CFG_CHOICE:
		buf_adds(out, k->choices[*(const int *)at]);
		break;
	default:
		s = *(const char *const *)at;
		if (s)
			buf_adds(out, s);
	}
}
