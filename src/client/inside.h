/* Inside the client: what its files share.  Nobody else includes this. */
#ifndef CLIENT_INSIDE_H
#define CLIENT_INSIDE_H

#include "client/client.h"
#include "client/travel.h"
#include "loop/loop.h"
#include "rpc/line.h"
#include "rpc/rpc.h"

struct client_view;
struct client_follow;

struct client {
	struct client_spec spec;
	char *socket, *config, *context; /* ours, behind the spec's pointers */
	struct loop *loop;
	bool own_loop;
	struct line *line;
	struct rpc_peer *peer;
	unsigned pending;     /* calls under way */
	bool greeted;	      /* hello holds the answer */
	struct client_hello hello;
	struct err broken;    /* why the line is gone; class ERR_NONE while it is up */
	struct loop_timer *again; /* clears the wreck away, and dials again */
	int64_t wait_ms;
	struct client_view *views;
	struct client_follow *follows;
	int64_t travel_ms; /* where it has travelled; 0: it is now */
	client_travel_fn *travel_fn; /* who asked last */
	void *travel_arg;
};

/* Begins to talk over c->line: peer, greeting. */
void client_begin(struct client *c);
/* connect.c */
struct line *client_dial(struct client *c, struct err *e);
int client_check_version(struct client *c, struct err *e);

/* A notice for a view or a follow. */
void views_notice(struct client *c, struct slice params);
void follows_notice(struct client *c, struct slice params);
/* The line is back: ask again for all of them. */
void views_again(struct client *c);
void follows_again(struct client *c);
/* Before them: to where it was. */
void travel_again(struct client *c);

#endif
