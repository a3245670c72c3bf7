/* Inside the HTTP client: what its files share.  Nobody else includes this. */
#ifndef NET_HTTP_IN_H
#define NET_HTTP_IN_H

#include <stdbool.h>

#include "net/http.h"
#include "net/http_body.h"
#include "net/http_setup.h"
#include "net/http_story.h"

struct http_req {
	struct http *h;
	struct http_req *next, **prev;
	struct http_spec spec;
	struct http_setup curl;
	char why[CURL_ERROR_SIZE];
	struct http_story story;
	struct http_body body;
	uint64_t bytes, turn;
	size_t turn_bytes; /* in that turn */
	struct http_req *next_paused;
	bool paused;
	bool ended; /* curl is through with it, or we are: finished when no body waits */
	CURLcode rc;
	bool added, told_head, cancelled, finishing;
};

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer, *resume;
	struct http_req *reqs;
	struct http_req *paused, **paused_end; /* in the order in which they go on */
	size_t paused_n;
	uint64_t turn; /* counted while any is paused */
	size_t turn_bytes;
	size_t ended; /* of reqs */
	bool inside; /* curl is on the stack: handles cannot be added or removed */
	bool todo;   /* something to add or remove was put off for that */
	int busy;    /* calls of ours on the stack */
	bool dead;
};

/* http_take.c: from curl to the reader, a turn's worth at a time */
int req_status(const struct http_req *r);
void req_tell_head(struct http_req *r);
size_t req_on_body(char *p, size_t size, size_t n, void *arg); /* CURLOPT_WRITEFUNCTION */
bool req_is_over(const struct http_req *r);		       /* and nothing waits */
CURLcode req_result(struct http_req *r);
void req_end(struct http_req *r, CURLcode rc);
void req_unpause(struct http_req *r); /* if it is */
void turn_begin(struct http *h);
void turn_resume(struct http *h); /* those that are paused, within curl's act */

#endif
