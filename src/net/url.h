/* URLs as far as this folder needs them: taken apart for dialling, and made fit to be shown. */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct url {
	char scheme[8]; /* lower case */
	char host[254]; /* without the brackets of an IPv6 address */
	int port;	/* the scheme's own when none is given */
	char path[2048]; /* with the query, at least "/" */
	bool tls;	/* https, wss */
	char sock[108]; /* ws+unix: the socket's path; "" otherwise */
};

/* http, https, ws, wss, and ws+unix:///path/of.sock:/path?query, whose socket's path holds no
 * colon.  A user name, a fragment, blanks or controls are refused. */
int url_parse(const char *text, struct url *u, struct err *e);
/* For logs and errors: no user, no password, no query, and no part of the path that looks like
 * a key.  Always terminated. */
void url_shown(const char *text, char *out, size_t n);
bool url_is_loopback(const char *host);

#endif
