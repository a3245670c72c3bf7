/* What curl is told about one exchange. */
#include "net/http_setup.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "net/http.h"
#include "net/url.h"

#define READ_ONCE      (16 * 1024L)
#define CONNECT_MAX_MS 10000L

static void set_headers(struct http_setup *r, const struct http_spec *s)
{
	const struct {
		const char *name, *value;
	} rows[] = { { "Accept", s->accept }, { "Content-Type", s->post ? s->content_type : NULL },
		{ "Accept-Encoding", "gzip" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *line;

		if (!rows[i].value)
			continue;
		line = xasprintf("%s: %s", rows[i].name, rows[i].value);
		r->headers = curl_slist_append(r->headers, line);
		free(line);
	}
	/* no "Expect: 100-continue": it costs a round trip, and some servers never answer it */
	r->headers = curl_slist_append(r->headers, "Expect:");
	curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

static void set_limits(struct http_setup *r, const struct http_spec *s)
{
	long ms = s->timeout_ms > 0 ? s->timeout_ms : 0;

	curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(r->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(r->easy, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(r->easy, CURLOPT_CONNECTTIMEOUT_MS,
		ms && ms < CONNECT_MAX_MS ? ms : CONNECT_MAX_MS);
	curl_easy_setopt(r->easy, CURLOPT_MAXFILESIZE_LARGE,
		s->max_body < INT64_MAX ? (curl_off_t)s->max_body : 0);
	curl_easy_setopt(r->easy, CURLOPT_BUFFERSIZE, READ_ONCE);
	curl_easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
	/* or giving up on a name would wait for the resolver's thread, with the loop standing */
	curl_easy_setopt(r->easy, CURLOPT_QUICK_EXIT, 1L);
}

static void set_peer(struct http_setup *r, const struct http_spec *s, const struct url *u)
{
	curl_easy_setopt(r->easy, CURLOPT_URL, s->url);
	curl_easy_setopt(r->easy, CURLOPT_USERAGENT, "depinctl/" DEPINCTL_VERSION);
	if (url_is_loopback(u->host))
		curl_easy_setopt(r->easy, CURLOPT_PROXY, "");
	if (s->ca_file)
		curl_easy_setopt(r->easy, CURLOPT_CAINFO, s->ca_file);
	if (s->bearer) {
		curl_easy_setopt(r->easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		curl_easy_setopt(r->easy, CURLOPT_XOAUTH2_BEARER, s->bearer);
	}
	if (s->post) {
		r->post = xstrdup(s->post);
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(r->post));
		curl_easy_setopt(r->easy, CURLOPT_POSTFIELDS, r->post);
	}
}

int http_setup_check(const struct http_spec *s, struct url *u, struct err *e)
{
	if (url_parse(s->url, u, e) < 0)
		return -1;
	if (u->scheme[0] != 'h')
		return err_set(e, ERR_USAGE, "%s://%s: not a URL of http or https", u->scheme, u->host);
	for (const char *p = s->bearer; p && *p; p++)
		if (*p <= ' ' || *p >= 0x7f)
			return err_set(e, ERR_USAGE, "the token for %s holds a blank or a control "
				"character", u->host);
	return 0;
}

void http_setup(struct http_setup *r, const struct http_spec *s, const struct url *u)
{
	r->easy = curl_easy_init();
	set_headers(r, s);
	set_limits(r, s);
	set_peer(r, s, u);
}

void http_setup_fini(struct http_setup *r)
{
	curl_easy_cleanup(r->easy);
	curl_slist_free_all(r->headers);
	free(r->post);
}
