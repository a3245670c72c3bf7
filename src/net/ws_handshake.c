#include "net/ws_handshake.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <strings.h>

#include "base/alloc.h"

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

void ws_ask_key(struct ws_ask *a)
{
	unsigned char r[16];

	if (RAND_bytes(r, sizeof(r)) != 1)
		BUG("no random bytes");
	EVP_EncodeBlock((unsigned char *)a->key, r, sizeof(r));
}

int ws_ask_write(const struct ws_ask *a, struct buf *b)
{
	buf_addf(b, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n", a->path, a->host, a->key);
	if (a->subprotocol)
		buf_addf(b, "Sec-WebSocket-Protocol: %s\r\n", a->subprotocol);
	if (a->bearer)
		buf_addf(b, "Authorization: Bearer %s\r\n", a->bearer);
	buf_adds(b, "\r\n");
	return b->full ? -1 : 0;
}

/* --- the answer */

static int nonsense(struct err *e, const char *what)
{
	return err_set(e, ERR_UNREACH, "this is no WebSocket server (%s): is the port right?", what);
}

static int status_story(int status, struct err *e)
{
	if (status == 401 || status == 403)
		return err_set(e, ERR_REFUSED, "the server answered %d: is the token right?", status);
	return err_set(e, ERR_REFUSED, "the server answered %d instead of opening a WebSocket", status);
}

/* "HTTP/1.1 101 ..."; as soon as the number is there: who does not upgrade need not say more. */
static int check_status(struct slice s, struct err *e)
{
	static const char version[] = "HTTP/1.";
	size_t n = sizeof(version) - 1;
	int status;

	if (memcmp(s.p, version, s.n < n ? s.n : n) != 0)
		return nonsense(e, "it does not speak HTTP");
	if (s.n < n + 6)
		return 0;
	if ((s.p[n] != '0' && s.p[n] != '1') || s.p[n + 1] != ' ')
		return nonsense(e, "an odd version of HTTP");
	status = 0;
	for (size_t i = n + 2; i < n + 5; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return nonsense(e, "an answer without a status");
		status = status * 10 + (s.p[i] - '0');
	}
	if (s.p[n + 5] != ' ' && s.p[n + 5] != '\r')
		return nonsense(e, "an answer without a status");
	if (status != 101)
		return status_story(status, e);
	return s.p[n] == '1' ? 0 : nonsense(e, "an upgrade in HTTP/1.0");
}

static bool same(struct slice a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.p, b, a.n) == 0;
}

static struct slice trimmed(struct slice s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Cuts *s at the first c, which is dropped; returns what stood before it. */
static struct slice cut(struct slice *s, char c)
{
	const char *at = s->n ? memchr(s->p, c, s->n) : NULL;
	struct slice first = slice_mem(s->p, at ? (size_t)(at - s->p) : s->n);

	*s = at ? slice_mem(at + 1, s->n - first.n - 1) : slice_mem(NULL, 0);
	return first;
}

static bool lists(struct slice value, const char *token)
{
	while (value.n)
		if (same(trimmed(cut(&value, ',')), token))
			return true;
	return false;
}

static void accept_value(const char *key, char out[32])
{
	char text[WS_KEY_SIZE + sizeof(GUID)];
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned n;

	snprintf(text, sizeof(text), "%s" GUID, key);
	if (EVP_Digest(text, strlen(text), sha, &n, EVP_sha1(), NULL) != 1 || n != 20)
		BUG("no SHA-1");
	EVP_EncodeBlock((unsigned char *)out, sha, (int)n);
}

struct seen {
	bool upgrade, connection, subprotocol;
	int accepts;
};

static int other_subprotocol(const struct ws_ask *a, struct err *e)
{
	return err_set(e, ERR_REFUSED, "the server does not speak %s", a->subprotocol);
}

static int check_header(const struct ws_ask *a, struct slice name, struct slice value,
	struct seen *seen, struct err *e)
{
	char accept[32];

	if (same(name, "Upgrade")) {
		seen->upgrade |= lists(value, "websocket");
	} else if (same(name, "Connection")) {
		seen->connection |= lists(value, "upgrade");
	} else if (same(name, "Sec-WebSocket-Accept")) {
		accept_value(a->key, accept);
		if (seen->accepts++ || !slice_is(value, accept))
			return nonsense(e, "it did not answer our key");
	} else if (same(name, "Sec-WebSocket-Extensions") && value.n) {
		return nonsense(e, "it uses an extension that we did not ask for");
	} else if (same(name, "Sec-WebSocket-Protocol")) {
		if (!a->subprotocol)
			return nonsense(e, "it speaks a subprotocol that we did not ask for");
		if (seen->subprotocol || !slice_is(value, a->subprotocol))
			return other_subprotocol(a, e);
		seen->subprotocol = true;
	}
	return 0;
}

static bool has_controls(struct slice line)
{
	for (size_t i = 0; i < line.n; i++)
		if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] == 0x7f)
			return true;
	return false;
}

/* head: all lines, each with its end. */
static int check_headers(const struct ws_ask *a, struct slice head, struct seen *seen,
	struct err *e)
{
	cut(&head, '\n'); /* the status line */
	while (head.n) {
		struct slice line = cut(&head, '\n'), value = line, name;

		if (!line.n || line.p[line.n - 1] != '\r')
			return nonsense(e, "lines without their end");
		line.n--;
		if (has_controls(line))
			return nonsense(e, "control characters in a header");
		value = line;
		name = cut(&value, ':');
		if (!name.n || name.n == line.n || !slice_eq(trimmed(name), name))
			return nonsense(e, "a header without a name");
		if (check_header(a, name, trimmed(value), seen, e) < 0)
			return -1;
	}
	return 0;
}

ssize_t ws_ask_answer(const struct ws_ask *a, struct slice answer, struct err *e)
{
	struct slice s = slice_mem(answer.p, answer.n < WS_ANSWER_MAX ? answer.n : WS_ANSWER_MAX);
	struct seen seen = { .upgrade = false };
	const char *end;

	if (!s.n)
		return 0;
	if (check_status(s, e) < 0)
		return -1;
	end = memmem(s.p, s.n, "\r\n\r\n", 4);
	if (!end && s.n == WS_ANSWER_MAX)
		return nonsense(e, "an answer without an end");
	if (!end)
		return 0;
	s.n = (size_t)(end - s.p) + 2;
	if (check_headers(a, s, &seen, e) < 0)
		return -1;
	if (!seen.upgrade || !seen.connection || !seen.accepts)
		return nonsense(e, "an upgrade that is none");
	if (a->subprotocol_needed && a->subprotocol && !seen.subprotocol)
		return other_subprotocol(a, e);
	return (ssize_t)s.n + 2;
}
