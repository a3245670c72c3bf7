#include "net/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/num.h"

#define KEY_MIN 20 /* a path segment of letters and digits this long is taken for a key */

static const struct {
	const char *name;
	int port;
	bool tls;
} schemes[] = {
	{ "http", 80, false }, { "https", 443, true }, { "ws", 80, false }, { "wss", 443, true },
	{ "ws+unix", 0, false },
};

static int parse_scheme(struct slice *s, struct url *u)
{
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t n = strlen(schemes[i].name);

		if (s->n < n + 3 || strncasecmp(s->p, schemes[i].name, n) != 0 ||
			memcmp(s->p + n, "://", 3) != 0)
			continue;
		memcpy(u->scheme, schemes[i].name, n + 1);
		u->port = schemes[i].port;
		u->tls = schemes[i].tls;
		s->p += n + 3;
		s->n -= n + 3;
		return 0;
	}
	return -1;
}

static size_t find_any(struct slice s, const char *set)
{
	size_t i = 0;

	while (i < s.n && !strchr(set, s.p[i]))
		i++;
	return i;
}

static bool host_ok(struct slice h)
{
	if (h.n == 0 || h.n >= sizeof(((struct url *)0)->host))
		return false;
	for (size_t i = 0; i < h.n; i++)
		if (!isalnum((unsigned char)h.p[i]) && !strchr("-._:%", h.p[i]))
			return false;
	return true;
}

/* "host", "host:port", "[v6]:port" */
static int parse_authority(struct slice a, struct url *u)
{
	struct slice host = a, port = { 0 };
	uint64_t v;

	if (a.n && *a.p == '[') {
		size_t end = find_any(a, "]");

		if (end == a.n)
			return -1;
		host = slice_mem(a.p + 1, end - 1);
		port = slice_mem(a.p + end + 1, a.n - end - 1);
	} else {
		host.n = find_any(a, ":");
		port = slice_mem(a.p + host.n, a.n - host.n);
	}
	if (!host_ok(host))
		return -1;
	memcpy(u->host, host.p, host.n);
	u->host[host.n] = '\0';
	if (port.n == 0)
		return 0;
	if (*port.p != ':' || num_u64(slice_mem(port.p + 1, port.n - 1), &v) < 0 || v < 1 || v > 65535)
		return -1;
	u->port = (int)v;
	return 0;
}

static int parse_path(struct slice s, struct url *u)
{
	size_t lead = s.n && *s.p == '/' ? 0 : 1;

	if (s.n + lead >= sizeof(u->path))
		return -1;
	u->path[0] = '/';
	memcpy(u->path + lead, s.p, s.n);
	u->path[lead + s.n] = '\0';
	return 0;
}

/* "/path/of.sock" and perhaps ":/path?query"; both parsers leave the path and query in s. */
static int parse_sock(struct slice *s, struct url *u)
{
	struct slice sock = slice_mem(s->p, find_any(*s, ":?")), rest;

	rest = slice_mem(s->p + sock.n, s->n - sock.n);
	if (sock.n < 2 || sock.n >= sizeof(u->sock) || *sock.p != '/' ||
		(rest.n && (rest.n < 2 || memcmp(rest.p, ":/", 2) != 0)))
		return -1;
	memcpy(u->sock, sock.p, sock.n);
	u->sock[sock.n] = '\0';
	memcpy(u->host, "localhost", sizeof("localhost"));
	*s = rest.n ? slice_mem(rest.p + 1, rest.n - 1) : rest;
	return 0;
}

static int parse_where(struct slice *s, struct url *u, const char *shown, struct err *e)
{
	size_t n;

	if (strchr(u->scheme, '+')) {
		if (parse_sock(s, u) == 0)
			return 0;
		return err_set(e, ERR_USAGE, "%s: not like ws+unix:///path/of.sock:/events, with at "
			"most %zu bytes up to the colon", shown, sizeof(u->sock) - 1);
	}
	n = find_any(*s, "/?");
	if (memchr(s->p, '@', n))
		return err_set(e, ERR_USAGE, "%s: a user name in a URL: give a token_file instead",
			shown);
	if (parse_authority(slice_mem(s->p, n), u) < 0)
		return err_set(e, ERR_USAGE, "%s: not a host and port", shown);
	*s = slice_mem(s->p + n, s->n - n);
	return 0;
}

int url_parse(const char *text, struct url *u, struct err *e)
{
	struct slice s = slice_of(text);
	char shown[256];

	url_shown(text, shown, sizeof(shown));
	memset(u, 0, sizeof(*u));
	if (parse_scheme(&s, u) < 0)
		return err_set(e, ERR_USAGE, "%s: not a URL of http, https, ws, wss or ws+unix",
			shown);
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f || s.p[i] == '#')
			return err_set(e, ERR_USAGE, "%s: a blank, a '#' or a byte beyond ASCII in a "
				"URL: write it as %%XX", shown);
	if (parse_where(&s, u, shown, e) < 0)
		return -1;
	if (parse_path(s, u) < 0)
		return err_set(e, ERR_USAGE, "%s: longer than %zu bytes", shown, sizeof(u->path));
	return 0;
}

static bool looks_like_key(struct slice s)
{
	bool digit = false;

	for (size_t i = 0; i < s.n; i++) {
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
		digit |= isdigit((unsigned char)s.p[i]);
	}
	return digit && s.n >= KEY_MIN;
}

static void show(char **out, size_t *room, struct slice s)
{
	size_t k = s.n < *room ? s.n : *room;

	for (size_t i = 0; i < k; i++)
		(*out)[i] = s.p[i] > ' ' && s.p[i] < 0x7f ? s.p[i] : '?';
	*out += k;
	*room -= k;
	**out = '\0';
}

void url_shown(const char *text, char *out, size_t n)
{
	const char *sep = strstr(text, "://");
	struct slice s = slice_of(sep ? sep + 3 : text);
	size_t room = n - 1, k, at;

	show(&out, &room, slice_mem(text, (size_t)(s.p - text)));
	k = find_any(s, "/?#");
	for (at = k; at > 0 && s.p[at - 1] != '@'; at--)
		;
	show(&out, &room, slice_mem(s.p + at, k - at));
	s = slice_mem(s.p + k, s.n - k);
	while (s.n && *s.p == '/') {
		struct slice part = slice_mem(s.p + 1, s.n - 1);

		part.n = find_any(part, "/?#");
		show(&out, &room, slice_of("/"));
		show(&out, &room, looks_like_key(part) ? slice_of("***") : part);
		s = slice_mem(part.p + part.n, s.n - 1 - part.n);
	}
}

bool url_is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &v4) == 1)
		return (ntohl(v4.s_addr) >> 24) == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}
