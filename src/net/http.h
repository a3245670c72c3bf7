/*
 * HTTP client: libcurl multi on the loop; the only file that knows curl.  Bodies stream to the
 * caller as they come (gzip undone), so a 20 MB page costs no 20 MB.
 * Limits: max_body (decoded bytes), timeout_ms for the whole, redirects none; 256 KiB of one
 * exchange and 1 MiB of all a turn, unpacked.  Names are resolved in threads.  Errors show no
 * token, user, query or key.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "loop/loop.h"

struct http;
struct http_req;

struct http_spec {
	const char *url;
	const char *post;	  /* body, NULL: GET */
	const char *content_type; /* of post */
	const char *accept;
	const char *bearer; /* token, never logged; NULL: none */
	const char *ca_file; /* NULL: the system's */
	int timeout_ms;	    /* whole exchange */
	uint64_t max_body;
	/* All may be NULL.  head: once, before the body, with status and content type. */
	void (*head)(void *arg, int status, const char *content_type);
	int (*body)(void *arg, struct slice chunk); /* -1 ends the exchange */
	void (*done)(void *arg, int status, const struct err *e); /* once; e NULL when it arrived whole */
	void *arg;
};

struct http *http_new(struct loop *l);
/* done() of each request under way comes first.  Not from within head() or body(). */
void http_free(struct http *h);
/* Copies the texts of s.  From any callback. */
struct http_req *http_start(struct http *h, const struct http_spec *s, struct err *e);
/* done() is not called; from any callback, but not after done(). */
void http_cancel(struct http_req *r);

#endif
