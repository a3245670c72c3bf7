#include "net/http_story.h"

#include <curl/curl.h>
#include <inttypes.h>

#include "base/alloc.h"
#include "net/http.h"
#include "net/url.h"

void http_story_init(struct http_story *s, const struct http_spec *spec)
{
	url_shown(spec->url, s->url, sizeof(s->url));
	s->max_body = spec->max_body;
}

/* curl's code, and what to do about it. */
static const struct {
	CURLcode rc;
	enum err_class class;
	const char *what;
} rows[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, ERR_UNREACH, "no such host: check the name and this machine's DNS" },
	{ CURLE_COULDNT_CONNECT, ERR_UNREACH, "cannot connect: is it running, and is the port right?" },
	{ CURLE_OPERATION_TIMEDOUT, ERR_UNREACH,
		"no whole answer in time: is it slow, or behind a firewall?" },
	{ CURLE_GOT_NOTHING, ERR_UNREACH, "closed the connection without an answer" },
	{ CURLE_SEND_ERROR, ERR_UNREACH, "broke off while the request was sent" },
	{ CURLE_PEER_FAILED_VERIFICATION, ERR_REFUSED,
		"its certificate is not trusted: give its CA in ca_file" },
	{ CURLE_SSL_CACERT_BADFILE, ERR_USAGE, "the ca_file cannot be read" },
	{ CURLE_SSL_CONNECT_ERROR, ERR_UNREACH, "no TLS there: is it https, and the right port?" },
	{ CURLE_BAD_CONTENT_ENCODING, ERR_UNREACH, "sent a body whose compression is broken or was not asked for" },
	{ CURLE_UNSUPPORTED_PROTOCOL, ERR_UNREACH, "does not answer in HTTP" },
	{ CURLE_WEIRD_SERVER_REPLY, ERR_UNREACH, "does not answer in HTTP" },
	{ CURLE_ABORTED_BY_CALLBACK, ERR_UNREACH, "given up: the program is ending" },
};

static void tell_row(const struct http_story *s, CURLcode rc, const char *why, struct err *e)
{
	const char *what = "failed";
	enum err_class class = ERR_UNREACH;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].rc == rc) {
			what = rows[i].what;
			class = rows[i].class;
		}
	if (!*why)
		why = curl_easy_strerror(rc);
	err_set(e, class, "%s: %s (%.200s)", s->url, what, why);
}

void http_story_tell(const struct http_story *s, int rc, const char *why, uint64_t bytes,
	struct err *e)
{
	if (s->too_large || rc == CURLE_FILESIZE_EXCEEDED)
		err_set(e, ERR_REFUSED, "%s: the body is larger than the limit of %" PRIu64 " bytes",
			s->url, s->max_body);
	else if (s->stopped)
		err_set(e, ERR_UNREACH, "%s: given up by its reader after %" PRIu64 " bytes", s->url,
			bytes);
	else if (s->packing)
		tell_row(s, CURLE_BAD_CONTENT_ENCODING, "", e);
	else if (rc == CURLE_PARTIAL_FILE || rc == CURLE_RECV_ERROR)
		err_set(e, ERR_UNREACH, "%s: broke off after %" PRIu64 " bytes", s->url, bytes);
	else
		tell_row(s, (CURLcode)rc, why, e);
}
