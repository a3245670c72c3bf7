/* Small plain HTTP on the port of a WebSocket server: GET, and POST with a length. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/num.h"
#include "net/ws_conn.h"

#define GZIP_MIN   1024
#define PIECE	   (64u << 10) /* of the body in one write; gzip works on as much in one turn */
#define CHUNK_HEAD 16
#define STALL_SECS 30 /* a client that takes nothing for so long is dropped */
#define MAX_BODY   (1u << 20) /* when the spec names none */

struct ws_http {
	char path[1024], query[2048], auth[1024], accept[512];
	bool post, gzip_ok;
	struct buf body; /* of the request */
	char *resp;	 /* body of the answer */
	size_t n, sent;
	bool gzip;
	z_stream z;
	unsigned char out[LWS_PRE + CHUNK_HEAD + PIECE + 64];
};

void ws_http_free(struct ws_http *h)
{
	if (!h)
		return;
	if (h->gzip)
		deflateEnd(&h->z);
	buf_fini(&h->body);
	free(h->resp);
	free(h);
}

int ws_http_header(struct lws *wsi, enum lws_token_indexes token, char *s, size_t n)
{
	s[0] = '\0';
	if (lws_hdr_total_length(wsi, token) == 0)
		return 0;
	return lws_hdr_copy(wsi, s, (int)n, token) < 0 ? -1 : 0;
}

/* The query as it came: libwebsockets keeps it in pieces, one an argument. */
int ws_http_query(struct lws *wsi, char *s, size_t n)
{
	int k, i = 0;

	s[0] = '\0';
	if ((size_t)lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) + 1 >= n)
		return -1;
	while ((k = lws_hdr_copy_fragment(wsi, s, (int)n, WSI_TOKEN_HTTP_URI_ARGS, i++)) >= 0) {
		s[k] = '&';
		s += k + 1;
		n -= (size_t)k + 1;
	}
	s[i > 1 ? -1 : 0] = '\0';
	return 0;
}

static int refuse(struct lws *wsi, unsigned status)
{
	if (lws_return_http_status(wsi, status, NULL) < 0)
		return -1;
	return -1; /* and no more on this connection: its body was not read */
}

static int add(struct lws *wsi, enum lws_token_indexes token, const char *value,
	unsigned char **p, unsigned char *end)
{
	return lws_add_http_header_by_token(wsi, token, (const unsigned char *)value,
		(int)strlen(value), p, end);
}

static int write_headers(struct ws_http *h, struct lws *wsi, int status, const char *type)
{
	unsigned char head[LWS_PRE + 2048], *p = head + LWS_PRE, *start = p;
	unsigned char *end = head + sizeof(head) - 1;

	if (lws_add_http_header_status(wsi, (unsigned)status, &p, end) ||
		add(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, type, &p, end))
		return -1;
	if (h->gzip) {
		if (add(wsi, WSI_TOKEN_HTTP_CONTENT_ENCODING, "gzip", &p, end) ||
			add(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING, "chunked", &p, end))
			return -1;
	} else if (lws_add_http_header_content_length(wsi, h->n, &p, end)) {
		return -1;
	}
	return lws_finalize_write_http_header(wsi, start, &p, end) ? -1 : 0;
}

static void start_gzip(struct ws_http *h)
{
	if (!h->gzip_ok || h->n < GZIP_MIN)
		return;
	h->gzip = deflateInit2(&h->z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
}

static int answer(struct ws_conn *c, struct lws *wsi)
{
	struct ws_http *h = c->http;
	struct ws_request rq = { .method = h->post ? "POST" : "GET", .path = h->path,
		.query = h->query, .body = buf_slice(&h->body), .auth = h->auth,
		.accept = h->accept, .gzip_ok = h->gzip_ok };
	struct ws_response resp = { .status = 404 };

	if (c->server && c->server->spec.http)
		c->server->spec.http(c->server->spec.arg, &rq, &resp);
	h->n = resp.body.n;
	h->resp = resp.body.n ? xmemdup0(resp.body.p, resp.body.n) : NULL;
	start_gzip(h);
	if (write_headers(h, wsi, resp.status,
		    resp.content_type ? resp.content_type : "text/plain") < 0)
		return -1;
	lws_callback_on_writable(wsi);
	return 0;
}

static bool wants_gzip(struct lws *wsi)
{
	char s[256];

	return ws_http_header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, s, sizeof(s)) == 0 &&
		strstr(s, "gzip") && !strstr(s, "gzip;q=0");
}

/* The length of a POST's body: 0 and more, or an HTTP status to refuse it with, negated. */
static int64_t body_length(const struct ws_conn *c, struct lws *wsi)
{
	uint64_t max = c->server && c->server->spec.max_body ? c->server->spec.max_body : MAX_BODY;
	char s[32];
	uint64_t n;

	if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) ||
		!lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH))
		return -411;
	if (ws_http_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, s, sizeof(s)) < 0 ||
		num_u64(slice_of(s), &n) < 0)
		return -400;
	return n > max ? -413 : (int64_t)n;
}

/* Copies what the answer needs: the headers are gone when the body has come. */
static int read_headers(struct ws_http *h, struct lws *wsi, const char *path)
{
	if ((size_t)snprintf(h->path, sizeof(h->path), "%s", path) >= sizeof(h->path) ||
		ws_http_query(wsi, h->query, sizeof(h->query)) < 0)
		return -414;
	if (ws_http_header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION, h->auth, sizeof(h->auth)) < 0 ||
		ws_http_header(wsi, WSI_TOKEN_HTTP_ACCEPT, h->accept, sizeof(h->accept)) < 0)
		return -431;
	h->gzip_ok = wants_gzip(wsi);
	h->post = lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0;
	if (!h->post && !lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI))
		return -405;
	return 0;
}

int ws_http_begin(struct ws_conn *c, struct lws *wsi, const char *path)
{
	struct ws_http *h = xcalloc(1, sizeof(*h));
	int64_t n;
	int rc;

	ws_http_free(c->http);
	c->http = h;
	buf_init(&h->body, MAX_BODY);
	rc = read_headers(h, wsi, path);
	if (rc < 0)
		return refuse(wsi, (unsigned)-rc);
	if (!h->post)
		return answer(c, wsi);
	n = body_length(c, wsi);
	if (n < 0)
		return refuse(wsi, (unsigned)-n);
	h->body.max = (size_t)n;
	return n ? 0 : answer(c, wsi);
}

int ws_http_body(struct ws_conn *c, struct lws *wsi, const void *p, size_t n)
{
	return c->http && buf_add(&c->http->body, p, n) == 0 ? 0 : -1;
}

int ws_http_complete(struct ws_conn *c, struct lws *wsi)
{
	if (!c->http || c->http->resp)
		return 0;
	return c->http->body.max ? answer(c, wsi) : 0;
}

/* One chunk of the gzipped body into h->out; returns its length, *last when it is the last. */
static size_t next_chunk(struct ws_http *h, bool *last)
{
	unsigned char *p = h->out + LWS_PRE + CHUNK_HEAD, head[CHUNK_HEAD];
	size_t n;
	int k;

	h->z.next_out = p;
	h->z.avail_out = PIECE;
	h->z.next_in = (unsigned char *)h->resp + h->sent;
	h->z.avail_in = (unsigned)(h->n - h->sent < PIECE ? h->n - h->sent : PIECE);
	k = deflate(&h->z, h->sent + h->z.avail_in == h->n ? Z_FINISH : Z_NO_FLUSH);
	*last = k == Z_STREAM_END;
	h->sent = (size_t)(h->z.next_in - (unsigned char *)h->resp);
	n = PIECE - h->z.avail_out;
	if (n == 0 && !*last)
		return 0;
	k = n ? snprintf((char *)head, sizeof(head), "%zx\r\n", n) : 0;
	memmove(h->out + LWS_PRE + k, p, n);
	memcpy(h->out + LWS_PRE, head, (size_t)k);
	n += (size_t)k;
	k = snprintf((char *)h->out + LWS_PRE + n, 16, "%s%s", k ? "\r\n" : "",
		*last ? "0\r\n\r\n" : "");
	return n + (size_t)k;
}

static size_t next_plain(struct ws_http *h, bool *last)
{
	size_t n = h->n - h->sent < PIECE ? h->n - h->sent : PIECE;

	if (n)
		memcpy(h->out + LWS_PRE, h->resp + h->sent, n);
	h->sent += n;
	*last = h->sent == h->n;
	return n;
}

int ws_http_write(struct ws_conn *c, struct lws *wsi)
{
	struct ws_http *h = c->http;
	bool last = false;
	size_t n;

	if (!h)
		return 0;
	n = h->gzip ? next_chunk(h, &last) : next_plain(h, &last);
	if ((n || last) && lws_write(wsi, h->out + LWS_PRE, n,
				   last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < 0)
		return -1;
	if (!last) {
		lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, STALL_SECS);
		lws_callback_on_writable(wsi);
		return 0;
	}
	ws_http_free(h);
	c->http = NULL;
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}
