/* The devnet's one port: who asks for what, and the tick that moves the run on. */
#ifndef DEVNET_SERVER_H
#define DEVNET_SERVER_H

#include "base/err.h"
#include "devnet/chain.h"
#include "devnet/control.h"
#include "loop/loop.h"

struct server;

struct server_spec {
	struct world *world;
	struct chain *chain;
	struct control control;
	const char *listen;
	const char *token; /* NULL: none demanded */
};

struct server *server_new(struct loop *l, const struct server_spec *s, struct err *e);
void server_free(struct server *s);
int server_port(const struct server *s);

#endif
