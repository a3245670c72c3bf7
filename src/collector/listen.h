/* Where clients come in: the unix socket, and TLS with a token on TCP.  Both hand whole
 * messages to the API. */
#ifndef COLLECTOR_LISTEN_H
#define COLLECTOR_LISTEN_H

#include "base/err.h"
#include "collector/api.h"
#include "loop/loop.h"

struct listen;
struct ws_hub;

struct listen_spec {
	const char *socket;		    /* path */
	const char *addr;		    /* "127.0.0.1:7700", NULL: none */
	const char *cert_file, *key_file;   /* needed with addr */
	const char *token;		    /* needed with addr; compared in constant time */
};

struct listen *listen_new(struct loop *l, struct ws_hub *hub, struct api *api,
	const struct listen_spec *s, struct err *e);
void listen_free(struct listen *l); /* before the API: its connections stay the API's */

#endif
