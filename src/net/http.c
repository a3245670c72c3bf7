#include "net/http_in.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "net/url.h"

#define CONNS_KEPT	512L
#define CONNS_MAX	512L
#define CONNS_MAX_HOST	16L

static void socket_ready(void *arg, int events);

/* One watched socket of curl's. */
struct watch {
	struct http *h;
	struct loop_io *io;
	curl_socket_t fd;
};

static void watch_free(struct watch *w)
{
	loop_io_free(w->io);
	free(w);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *slot)
{
	struct http *h = arg;
	struct watch *w = slot;
	int events = (what & CURL_POLL_IN ? LOOP_READ : 0) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0);

	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(h->multi, fd, NULL);
		if (w)
			watch_free(w);
		return 0;
	}
	if (w) {
		loop_io_set(w->io, events);
		return 0;
	}
	w = xcalloc(1, sizeof(*w));
	*w = (struct watch){ .h = h, .fd = fd };
	w->io = loop_io_new(h->loop, fd, events, socket_ready, w);
	if (!w->io)
		BUG("curl gave a descriptor that cannot be waited for");
	curl_multi_assign(h->multi, fd, w);
	return 0;
}

static int on_timer(CURLM *m, long ms, void *arg)
{
	struct http *h = arg;

	if (ms < 0)
		loop_timer_stop(h->timer);
	else
		loop_timer_again(h->timer, ms, 0);
	return 0;
}

static void req_free(struct http_req *r)
{
	r->h->ended -= r->ended;
	req_unpause(r);
	*r->prev = r->next;
	if (r->next)
		r->next->prev = r->prev;
	if (r->added)
		curl_multi_remove_handle(r->h->multi, r->curl.easy);
	http_setup_fini(&r->curl);
	http_body_fini(&r->body);
	free(r);
}

/* Ends r: its owner hears of it unless it was the one to cancel. */
static void req_finish(struct http_req *r, CURLcode rc)
{
	struct http_spec s = r->spec;
	struct err e;
	bool tell = !r->cancelled;
	int status;

	r->finishing = true;
	if (tell && rc == CURLE_OK)
		req_tell_head(r); /* there was no body; this may cancel */
	tell = tell && !r->cancelled;
	status = req_status(r);
	if (rc != CURLE_OK)
		http_story_tell(&r->story, (int)rc, r->why, r->bytes, &e);
	req_free(r);
	if (tell && s.done)
		s.done(s.arg, status, rc == CURLE_OK ? NULL : &e);
}

/* A callback may end any of them. */
static void finish_ended(struct http *h)
{
	struct http_req *r = h->ended ? h->reqs : NULL;

	while (r && !h->dead)
		if (req_is_over(r)) {
			h->ended--;
			r->ended = false;
			req_finish(r, req_result(r));
			r = h->reqs;
		} else {
			r = r->next;
		}
}

static void finish_all_done(struct http *h)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(h->multi, &left))) {
		struct http_req *r = NULL;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&r);
		req_end(r, m->data.result);
	}
	finish_ended(h);
}

static void req_add(struct http_req *r)
{
	r->added = curl_multi_add_handle(r->h->multi, r->curl.easy) == CURLM_OK;
	if (!r->added)
		BUG("curl refused a new exchange");
}

/* What callbacks within curl asked for. */
static void do_put_off(struct http *h)
{
	struct http_req *r = h->reqs, *next;

	h->todo = false;
	for (; r; r = next) {
		next = r->next;
		if (r->cancelled)
			req_free(r);
		else if (!r->added)
			req_add(r);
	}
}

static void http_leave(struct http *h)
{
	if (!h->dead)
		finish_all_done(h);
	if (--h->busy == 0 && h->dead)
		free(h);
}

static void act_begin(struct http *h)
{
	h->busy++;
	h->inside = true;
}

static void act_end(struct http *h)
{
	h->inside = false;
	/* first what has ended: do_put_off() may free one whose message waits to be read */
	finish_all_done(h);
	if (h->todo && !h->dead)
		do_put_off(h);
	http_leave(h);
}

static void curl_act(struct http *h, curl_socket_t fd, int mask)
{
	int running;

	act_begin(h);
	curl_multi_socket_action(h->multi, fd, mask, &running);
	act_end(h);
}

static void resume_paused(void *arg)
{
	struct http *h = arg;

	turn_begin(h);
	act_begin(h);
	turn_resume(h);
	act_end(h);
}

static void socket_ready(void *arg, int events)
{
	struct watch *w = arg;
	int mask = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
		(events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

	curl_act(w->h, w->fd, mask);
}

static void timer_fired(void *arg)
{
	curl_act(arg, CURL_SOCKET_TIMEOUT, 0);
}

struct http *http_new(struct loop *l)
{
	struct http *h = xcalloc(1, sizeof(*h));

	if (curl_global_init(CURL_GLOBAL_DEFAULT))
		BUG("curl_global_init failed");
	h->loop = l;
	h->paused_end = &h->paused;
	h->multi = curl_multi_init();
	h->timer = loop_timer_new(l, 0, 0, timer_fired, h);
	loop_timer_stop(h->timer);
	h->resume = loop_timer_new(l, 0, 0, resume_paused, h);
	loop_timer_stop(h->resume);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, CONNS_KEPT);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, CONNS_MAX);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, CONNS_MAX_HOST);
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return h;
}

void http_free(struct http *h)
{
	if (!h || h->dead)
		return;
	if (h->inside)
		BUG("http_free() from within a head or body callback");
	h->busy++;
	h->dead = true;
	while (h->reqs)
		req_finish(h->reqs, CURLE_ABORTED_BY_CALLBACK);
	curl_multi_cleanup(h->multi);
	loop_timer_free(h->timer);
	loop_timer_free(h->resume);
	curl_global_cleanup();
	http_leave(h);
}

struct http_req *http_start(struct http *h, const struct http_spec *s, struct err *e)
{
	struct http_req *r;
	struct url u;

	if (http_setup_check(s, &u, e) < 0)
		return NULL;
	if (h->dead) {
		err_set(e, ERR_UNREACH, "%s: the program is ending", u.host);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->h = h;
	r->spec = *s;
	http_setup(&r->curl, s, &u);
	http_story_init(&r->story, s);
	curl_easy_setopt(r->curl.easy, CURLOPT_PRIVATE, r);
	curl_easy_setopt(r->curl.easy, CURLOPT_ERRORBUFFER, r->why);
	curl_easy_setopt(r->curl.easy, CURLOPT_WRITEFUNCTION, req_on_body);
	curl_easy_setopt(r->curl.easy, CURLOPT_WRITEDATA, r);
	r->next = h->reqs;
	r->prev = &h->reqs;
	if (r->next)
		r->next->prev = &r->next;
	h->reqs = r;
	if (h->inside)
		h->todo = true;
	else
		req_add(r);
	return r;
}

void http_cancel(struct http_req *r)
{
	if (!r)
		return;
	r->cancelled = true;
	if (r->h->inside)
		r->h->todo = true;
	else if (!r->finishing)
		req_free(r);
}
