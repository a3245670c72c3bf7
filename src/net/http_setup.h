/* What curl is told about one exchange: the options, and the memory they point to. */
#ifndef NET_HTTP_SETUP_H
#define NET_HTTP_SETUP_H

#include <curl/curl.h>

#include "base/err.h"

struct http_spec;
struct url;

struct http_setup {
	CURL *easy;
	struct curl_slist *headers;
	char *post;
};

/* Says what is wrong with s, and takes its URL apart. */
int http_setup_check(const struct http_spec *s, struct url *u, struct err *e);
void http_setup(struct http_setup *r, const struct http_spec *s, const struct url *u);
void http_setup_fini(struct http_setup *r); /* when curl has let go of it */

#endif
