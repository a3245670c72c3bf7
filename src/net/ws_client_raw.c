/*
 * A connection whose frames are ours: plain TCP and unix sockets.  libwebsockets connects, polls,
 * reads and writes it as a raw socket; over TLS, which its raw clients cannot do (4.1.6 begins TLS
 * before there is a socket), it reads the frames too: ws_client_lws.c.
 */
#include <openssl/rand.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "net/ws_client.h"

#define HELD_MAX   (1u << 20) /* bytes that wait for a paused owner */
#define KEEP_FRAME (64u << 10)
#define ASK_MAX	   8192u

struct ws_raw {
	struct ws_client *client;
	struct ws_ask ask;
	bool open; /* the handshake is done */
	bool pinged;
	struct ws_decoder in;
	struct buf answer, held, frame;
	struct loop_timer *resume;
	bool *dropped; /* of the caller that is reading now */
};

static void raw_resume(void *arg);

static int raw_ask(struct ws_raw *r)
{
	struct ws_client *c = r->client;
	struct buf b;
	int rc;

	r->ask = (struct ws_ask){ .host = c->host, .path = c->to.path,
		.subprotocol = c->subprotocol, .subprotocol_needed = c->spec.subprotocol_needed,
		.bearer = c->bearer };
	ws_ask_key(&r->ask);
	buf_init(&b, ASK_MAX);
	rc = ws_ask_write(&r->ask, &b);
	if (rc == 0)
		rc = ws_queue_add(&c->out, buf_slice(&b), WS_BYTES);
	explicit_bzero(b.p, b.cap);
	buf_fini(&b);
	return rc;
}

struct ws_raw *ws_raw_new(struct ws_client *c)
{
	struct ws_raw *r = xcalloc(1, sizeof(*r));

	r->client = c;
	ws_decoder_init(&r->in, c->spec.max_message);
	buf_init(&r->answer, WS_ANSWER_MAX);
	buf_init(&r->held, HELD_MAX);
	buf_init(&r->frame, WS_QUEUE_MAX);
	r->resume = loop_timer_new(c->hub->loop, 1, 0, raw_resume, r);
	loop_timer_stop(r->resume);
	if (raw_ask(r) == 0)
		return r;
	ws_raw_free(r);
	return NULL;
}

static void raw_destroy(struct ws_raw *r)
{
	ws_decoder_fini(&r->in);
	buf_fini(&r->answer);
	buf_fini(&r->held);
	buf_fini(&r->frame);
	free(r);
}

/* Whoever reads from it now destroys it after the owner is through with the message. */
void ws_raw_free(struct ws_raw *r)
{
	if (!r)
		return;
	loop_timer_free(r->resume);
	if (r->dropped)
		*r->dropped = true;
	else
		raw_destroy(r);
}

static ssize_t raw_gone(struct ws_raw *r)
{
	raw_destroy(r);
	return -1;
}

/* --- what we say */

static int raw_send(struct ws_raw *r, enum ws_op op, struct slice payload)
{
	unsigned char mask[4];
	int rc;

	if (RAND_bytes(mask, sizeof(mask)) != 1)
		BUG("no random bytes");
	rc = ws_frame_add(&r->frame, op, payload, mask);
	if (rc == 0)
		rc = ws_queue_add(&r->client->out, buf_slice(&r->frame), WS_BYTES);
	buf_reset(&r->frame);
	buf_trim(&r->frame, KEEP_FRAME);
	ws_queue_ask(&r->client->out, r->client->wsi);
	return rc;
}

int ws_raw_send(struct ws_raw *r, struct slice text)
{
	return raw_send(r, WS_OP_TEXT, text);
}

/* A last word, if nothing stands before it. */
static void raw_say_close(struct ws_raw *r, int code)
{
	const char payload[2] = { (char)(code >> 8), (char)code };
	struct ws_client *c = r->client;

	if (c->out.first || lws_partial_buffered(c->wsi))
		return;
	if (raw_send(r, WS_OP_CLOSE, slice_mem(payload, 2)) == 0)
		ws_queue_write(&c->out, c->wsi);
}

/* --- what we hear */

static void raw_broken(struct ws_client *c)
{
	const struct ws_decoder *d = &c->raw->in;
	struct err e;

	if (d->code == WS_CODE_TOO_LARGE)
		err_set(&e, ERR_REFUSED, "%s: sent a message of more than %u bytes", c->shown,
			c->spec.max_message);
	else
		err_set(&e, ERR_UNREACH, "%s: the connection ended: it broke the protocol (%s)",
			c->shown, d->why);
	raw_say_close(c->raw, d->code);
	ws_client_down(c, &e);
}

static void raw_closed(struct ws_client *c, struct slice payload)
{
	struct err e;

	raw_send(c->raw, WS_OP_CLOSE, slice_mem(payload.p, payload.n < 2 ? 0 : 2));
	if (!lws_partial_buffered(c->wsi))
		ws_queue_write(&c->out, c->wsi);
	err_set(&e, ERR_UNREACH, "%s: the connection ended", c->shown);
	ws_client_down(c, &e);
}

/* Its caller looks at `dropped` before it touches c again. */
static void raw_event(struct ws_client *c, enum ws_event what, struct slice payload)
{
	switch (what) {
	case WS_TEXT:
	case WS_BINARY:
		if (c->spec.message)
			c->spec.message(c->spec.arg, payload, what == WS_BINARY);
		break;
	case WS_PING:
		raw_send(c->raw, WS_OP_PONG, payload);
		break;
	case WS_CLOSE:
		raw_closed(c, payload);
		break;
	case WS_BROKEN:
		raw_broken(c);
		break;
	default:
		break;
	}
}

/* Frames up to the end of `in` or until the owner pauses: the bytes taken, or -1 when c is gone. */
static ssize_t raw_frames(struct ws_client *c, struct slice in)
{
	struct ws_raw *r = c->raw;
	const char *from = in.p;
	bool dropped = false;
	struct slice payload;

	r->dropped = &dropped;
	while (!c->paused) {
		enum ws_event what = ws_decoder_next(&r->in, &in, &payload);

		if (what == WS_WANT)
			break;
		raw_event(c, what, payload);
		if (dropped)
			return raw_gone(r);
	}
	r->dropped = NULL;
	return in.p - from;
}

/* The answer to the handshake and then frames: as raw_frames(). */
static ssize_t raw_answer(struct ws_client *c, struct slice in)
{
	struct ws_raw *r = c->raw;
	size_t before = r->answer.len, n = WS_ANSWER_MAX - before;
	bool dropped = false;
	ssize_t head;
	struct err e;

	buf_add(&r->answer, in.p, in.n < n ? in.n : n);
	head = ws_ask_answer(&r->ask, buf_slice(&r->answer), &e);
	if (head == 0)
		return (ssize_t)in.n;
	if (head < 0) {
		err_prefix(&e, "%s", c->shown);
		ws_client_failed(c, &e);
		return -1;
	}
	r->open = true;
	r->dropped = &dropped;
	ws_client_up(c);
	if (dropped)
		return raw_gone(r);
	r->dropped = NULL;
	n = (size_t)head - before;
	head = raw_frames(c, slice_mem(in.p + n, in.n - n));
	return head < 0 ? -1 : head + (ssize_t)n;
}

int ws_raw_receive(struct ws_raw *r, const char *p, size_t n)
{
	struct ws_client *c = r->client;
	ssize_t taken = 0;
	struct err e;

	c->alive_ms = clock_mono_ms();
	r->pinged = false;
	if (!r->open)
		taken = raw_answer(c, slice_mem(p, n));
	else if (!r->held.len)
		taken = raw_frames(c, slice_mem(p, n));
	if (taken < 0 || buf_add(&r->held, p + taken, n - (size_t)taken) == 0)
		return 0;
	err_set(&e, ERR_OURS, "%s: more came than was asked for", c->shown);
	ws_client_down(c, &e);
	return 0;
}

static void raw_resume(void *arg)
{
	struct ws_raw *r = arg;
	struct ws_client *c = r->client;
	ssize_t taken = raw_frames(c, buf_slice(&r->held));

	if (taken < 0)
		return;
	buf_consume(&r->held, (size_t)taken);
	if (!c->paused)
		ws_raw_flow(r, true);
}

void ws_raw_flow(struct ws_raw *r, bool on)
{
	struct ws_client *c = r->client;

	c->alive_ms = clock_mono_ms();
	if (on && r->held.len) {
		loop_timer_again(r->resume, 0, 0); /* first what came before */
		return;
	}
	loop_timer_stop(r->resume);
	lws_rx_flow_control(c->wsi, on);
	ws_hub_poke(c->hub);
}

void ws_raw_pulse(struct ws_raw *r)
{
	struct ws_client *c = r->client;
	int64_t silent = clock_mono_ms() - c->alive_ms;
	struct err e;

	if (c->paused || silent < c->spec.keepalive_ms)
		return;
	if (silent >= 2 * (int64_t)c->spec.keepalive_ms) {
		err_set(&e, ERR_UNREACH, "%s: silent for %lld s, a PING notwithstanding", c->shown,
			(long long)silent / 1000);
		ws_client_down(c, &e);
	} else if (!r->pinged) {
		r->pinged = raw_send(r, WS_OP_PING, slice_of("")) == 0;
		ws_hub_poke(c->hub);
	}
}
