#include "net/http_in.h"

/*
 * curl reads as long as the socket has bytes, up to megabytes in one go.  After TURN_BYTES of one
 * exchange, or TURN_ALL of all, it is paused until a later turn; those that are go on in the order
 * in which they were.  Bytes count as their reader gets them: unpacking is ours (http_body.h),
 * for curl unpacks all of what it has read before it stops.
 */
#define TURN_BYTES	((size_t)256 * 1024)
#define TURN_ALL	((size_t)1024 * 1024)

void req_unpause(struct http_req *r)
{
	struct http *h = r->h;
	struct http_req **at = &h->paused;

	if (!r->paused)
		return;
	while (*at != r)
		at = &(*at)->next_paused;
	*at = r->next_paused;
	if (!*at)
		h->paused_end = at;
	h->paused_n--;
	r->paused = false;
}

static void pause_for_now(struct http_req *r)
{
	struct http *h = r->h;

	if (r->paused)
		return;
	r->paused = true;
	r->next_paused = NULL;
	*h->paused_end = r;
	h->paused_end = &r->next_paused;
	h->paused_n++;
	loop_timer_again(h->resume, 0, 0);
}

int req_status(const struct http_req *r)
{
	long status = 0;

	curl_easy_getinfo(r->curl.easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

static const char *req_encoding(const struct http_req *r)
{
	struct curl_header *header;

	if (curl_easy_header(r->curl.easy, "Content-Encoding", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return "";
	return header->amount > 1 ? "several" : header->value;
}

void req_tell_head(struct http_req *r)
{
	char *type = NULL;

	if (r->told_head || r->cancelled)
		return;
	r->told_head = true;
	r->story.packing = http_body_begin(&r->body, req_encoding(r)) < 0;
	curl_easy_getinfo(r->curl.easy, CURLINFO_CONTENT_TYPE, &type);
	if (r->spec.head)
		r->spec.head(r->spec.arg, req_status(r), type ? type : "");
}

/* What r may still take in this turn. */
static size_t req_room(struct http_req *r)
{
	struct http *h = r->h;
	size_t room = h->turn_bytes < TURN_ALL ? TURN_ALL - h->turn_bytes : 0, own;

	if (r->turn != h->turn) {
		r->turn = h->turn;
		r->turn_bytes = 0;
	}
	own = r->turn_bytes < TURN_BYTES ? TURN_BYTES - r->turn_bytes : 0;
	return own < room ? own : room;
}

static int on_piece(void *arg, struct slice chunk)
{
	struct http_req *r = arg;

	r->turn_bytes += chunk.n;
	r->h->turn_bytes += chunk.n;
	if (chunk.n > r->spec.max_body - r->bytes) {
		r->story.too_large = true;
		return -1;
	}
	r->bytes += chunk.n;
	if (r->spec.body && r->spec.body(r->spec.arg, chunk) < 0) {
		r->story.stopped = true;
		return -1;
	}
	return r->cancelled ? -1 : 0;
}

/* -1: this exchange is over. */
static int req_take(struct http_req *r, struct slice chunk)
{
	size_t room = req_room(r);

	switch (http_body_take(&r->body, chunk, &room, on_piece, r)) {
	case BODY_WAITS:
		pause_for_now(r);
		break;
	case BODY_BROKEN:
		r->story.packing = true;
		return -1;
	case BODY_STOPPED:
		return -1;
	case BODY_TAKEN:
		break;
	}
	return 0;
}

size_t req_on_body(char *p, size_t size, size_t n, void *arg)
{
	struct http_req *r = arg;

	n *= size;
	if (!r->cancelled && (http_body_waits(&r->body) || !req_room(r))) {
		pause_for_now(r);
		return CURL_WRITEFUNC_PAUSE;
	}
	req_tell_head(r);
	if (r->cancelled || r->story.packing || req_take(r, slice_mem(p, n)) < 0)
		return CURL_WRITEFUNC_ERROR;
	return n;
}

bool req_is_over(const struct http_req *r)
{
	return r->ended && !r->cancelled && (r->rc != CURLE_OK || !http_body_waits(&r->body));
}

CURLcode req_result(struct http_req *r)
{
	if (r->rc == CURLE_OK && !http_body_is_whole(&r->body)) {
		r->story.packing = true;
		return CURLE_BAD_CONTENT_ENCODING;
	}
	return r->rc;
}

void req_end(struct http_req *r, CURLcode rc)
{
	r->h->ended += !r->ended;
	r->ended = true;
	r->rc = rc;
}

/* What waits first, then what curl has. */
static void req_resume(struct http_req *r)
{
	req_unpause(r);
	if (r->cancelled)
		return;
	if (req_take(r, (struct slice){ 0 }) < 0)
		req_end(r, CURLE_WRITE_ERROR);
	else if (!r->paused && !r->ended)
		curl_easy_pause(r->curl.easy, CURLPAUSE_CONT);
}

void turn_begin(struct http *h)
{
	h->turn++;
	h->turn_bytes = 0;
}

void turn_resume(struct http *h)
{
	size_t n = h->paused_n;

	while (n-- && h->turn_bytes < TURN_ALL)
		req_resume(h->paused);
	if (h->paused)
		loop_timer_again(h->resume, 0, 0);
}
