#include "net/ws.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/un.h>
#include "raw.h"
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/log.h"

struct bench {
	struct loop *l;
	struct ws_hub *h;
	struct ws_server *s;
	struct ws_server_spec sspec;
	struct ws_client *c;
	struct ws_client_spec cspec;
	char url[256];
	char dir[64], listen[80]; /* of a unix socket */
	struct raw raw;
	/* the server's side */
	struct ws_conn *conn;
	int accepts, refuse, conns_closed, writables;
	char path[256], query[256], auth[256], subprotocol[64];
	bool echo, hello, close_in_message, free_server_in_message;
	struct buf sgot;
	size_t smessages;
	char body[4096];
	char *page; /* freed at the end, however the test ends; page_n of it are served */
	size_t page_n;
	/* the client's */
	int ups, downs;
	struct err why;
	size_t messages, bytes, binaries;
	struct buf got;
	enum { GO_ON, FREE_IN_MESSAGE, FREE_IN_STATE, PAUSE_IN_MESSAGE, HUB_IN_MESSAGE,
		REDIAL_IN_MESSAGE } act;
	const char *next_url;
};

/* --- the server's owner */

static int on_accept(void *arg, struct ws_conn *c, const char *path, const char *query,
	const char *auth, const char *subprotocol)
{
	struct bench *b = arg;

	snprintf(b->path, sizeof(b->path), "%s", path);
	snprintf(b->query, sizeof(b->query), "%s", query);
	snprintf(b->auth, sizeof(b->auth), "%s", auth);
	snprintf(b->subprotocol, sizeof(b->subprotocol), "%s", subprotocol);
	b->accepts++;
	if (b->refuse)
		return b->refuse;
	b->conn = c;
	ws_conn_set_data(c, b);
	if (b->hello)
		ws_conn_send(c, slice_of("hello"));
	return 0;
}

static void on_smessage(void *arg, struct ws_conn *c, struct slice msg)
{
	struct bench *b = arg;

	assert_ptr_equal(ws_conn_data(c), b);
	b->smessages++;
	if (msg.n < 1000)
		buf_addf(&b->sgot, "[%.*s]", SLICE_ARG(msg));
	if (b->echo)
		ws_conn_send(c, msg);
	if (b->close_in_message)
		ws_conn_close(c, 4001);
	if (b->free_server_in_message) {
		ws_server_free(b->s);
		b->s = NULL;
	}
}

static void on_writable(void *arg, struct ws_conn *c)
{
	((struct bench *)arg)->writables++;
}

static void on_sclosed(void *arg, struct ws_conn *c)
{
	struct bench *b = arg;

	assert_ptr_equal(ws_conn_data(c), b);
	assert_int_equal(ws_conn_send(c, slice_of("too late")), -1);
	b->conns_closed++;
	if (b->conn == c)
		b->conn = NULL;
}

static void on_http(void *arg, const struct ws_request *rq, struct ws_response *resp)
{
	struct bench *b = arg;

	if (strcmp(rq->path, "/page") == 0) {
		*resp = (struct ws_response){ 200, "text/plain", slice_mem(b->page, b->page_n) };
		return;
	}
	if (strcmp(rq->path, "/nothing") == 0) {
		*resp = (struct ws_response){ 204, "text/plain", { 0 } };
		return;
	}
	if (strcmp(rq->path, "/none") == 0)
		return;
	snprintf(b->body, sizeof(b->body), "%s %s ?%s auth=%s accept=%s gzip=%d body=%.*s\n",
		rq->method, rq->path, rq->query, rq->auth, rq->accept, rq->gzip_ok,
		SLICE_ARG(rq->body));
	*resp = (struct ws_response){ 200, "text/plain", slice_of(b->body) };
}

/* --- the client's owner */

static void on_state(void *arg, bool up, const struct err *why)
{
	struct bench *b = arg;

	assert_true(up == !why);
	if (up)
		b->ups++;
	else
		b->downs++, b->why = *why;
	if (b->act == FREE_IN_STATE) {
		ws_client_free(b->c);
		b->c = NULL;
	}
}

static void on_message(void *arg, struct slice msg, bool binary)
{
	struct bench *b = arg;

	b->messages++;
	b->bytes += msg.n;
	b->binaries += binary;
	if (msg.n < 1000 && b->got.len < 100000)
		buf_addf(&b->got, "[%.*s]", SLICE_ARG(msg));
	if (b->act == FREE_IN_MESSAGE) {
		ws_client_free(b->c);
		b->c = NULL;
	} else if (b->act == PAUSE_IN_MESSAGE) {
		ws_client_pause(b->c, true);
	} else if (b->act == REDIAL_IN_MESSAGE) {
		b->act = GO_ON;
		ws_client_redial(b->c);
	} else if (b->act == HUB_IN_MESSAGE) {
		ws_hub_free(b->h);
		b->h = NULL;
		b->s = NULL;
	}
}

static void on_dial(void *arg, char *url, size_t n)
{
	struct bench *b = arg;

	if (b->next_url)
		snprintf(url, n, "%s", b->next_url);
}

static int setup(void **state)
{
	static const char *const protocols[] = { "one.v1", "two.v1", "", NULL };
	struct bench *b = xcalloc(1, sizeof(*b));

	log_set_fd(-1);
	b->l = loop_new();
	b->h = ws_hub_new(b->l);
	buf_init(&b->got, 1u << 20);
	buf_init(&b->sgot, 1u << 20);
	b->sspec = (struct ws_server_spec){ .listen = "127.0.0.1:0", .subprotocols = protocols,
		.max_message = 32u << 20, .max_body = 1000, .max_conns = 20, .accept = on_accept,
		.message = on_smessage, .writable = on_writable, .closed = on_sclosed,
		.http = on_http, .arg = b };
	b->cspec = (struct ws_client_spec){ .url = b->url, .max_message = 16u << 20,
		.keepalive_ms = 100000, .connect_timeout_ms = 100000, .dial = on_dial,
		.state = on_state, .message = on_message, .arg = b };
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	ws_client_free(b->c);
	ws_server_free(b->s);
	ws_hub_free(b->h);
	loop_free(b->l);
	if (b->raw.port)
		raw_stop(&b->raw);
	buf_fini(&b->got);
	buf_fini(&b->sgot);
	if (b->dir[0])
		rmdir(b->dir);
	free(b->page);
	free(b);
	return 0;
}

static void serve(struct bench *b)
{
	struct err e = { 0 };

	b->s = ws_server_new(b->h, &b->sspec, &e);
	assert_string_equal(e.text, "");
	assert_non_null(b->s);
	snprintf(b->url, sizeof(b->url), "ws://127.0.0.1:%d/events?since=7", ws_server_port(b->s));
}

static void dial(struct bench *b)
{
	struct err e = { 0 };

	b->c = ws_client_new(b->h, &b->cspec, &e);
	assert_string_equal(e.text, "");
	assert_non_null(b->c);
}

#define turn_until(b, cond) \
	while (!(cond)) \
	loop_turn((b)->l, -1)

static void dial_up(struct bench *b)
{
	dial(b);
	turn_until(b, b->ups == 1);
}

static void say(struct bench *b, const char *text)
{
	assert_int_equal(ws_client_send(b->c, slice_of(text)), 0);
}

static void handshake_carries_path_query_token_and_subprotocol(void **state)
{
	struct bench *b = *state;

	serve(b);
	b->cspec.subprotocol = "two.v1";
	b->cspec.subprotocol_needed = true;
	b->cspec.bearer = "s3cret";
	dial_up(b);
	assert_string_equal(b->path, "/events");
	assert_string_equal(b->query, "since=7");
	assert_string_equal(b->auth, "Bearer s3cret");
	assert_string_equal(b->subprotocol, "two.v1");
	assert_int_equal(b->downs, 0);
}

static void messages_pass_both_ways(void **state)
{
	struct bench *b = *state;

	b->echo = b->hello = true;
	serve(b);
	dial_up(b);
	assert_string_equal(b->subprotocol, "");
	say(b, "one");
	say(b, "");
	say(b, "two");
	turn_until(b, b->messages == 4);
	assert_string_equal(b->got.p, "[hello][one][][two]");
	assert_string_equal(b->sgot.p, "[one][][two]");
	assert_int_equal(b->binaries, 0);
	ws_client_free(b->c);
	b->c = NULL;
	turn_until(b, b->conns_closed == 1);
}

static void large_messages_arrive_whole(void **state)
{
	struct bench *b = *state;
	size_t n = 10u << 20;
	char *s = b->page = xmalloc(n);

	memset(s, 'q', n);
	b->echo = true;
	serve(b);
	dial_up(b);
	assert_int_equal(ws_client_send(b->c, slice_mem(s, n)), 0);
	assert_int_equal(ws_client_send(b->c, slice_mem(s, n)), -1); /* beyond 16 MiB queued */
	say(b, "after");
	turn_until(b, b->messages == 2);
	assert_int_equal(b->bytes, n + 5);
}

static void fragments_are_joined(void **state)
{
	struct bench *b = *state;
	char s[100000];

	memset(s, 'f', sizeof(s));
	serve(b);
	dial_up(b);
	for (size_t n = 1; n <= 5; n++)
		assert_int_equal(ws_conn_send_fragments(b->conn, slice_of("fragments"), n), 0);
	ws_conn_send(b->conn, slice_of("whole"));
	ws_conn_send_fragments(b->conn, slice_of("short"), 100);
	ws_conn_send_fragments(b->conn, slice_mem(s, sizeof(s)), 70000);
	turn_until(b, b->messages == 8);
	assert_string_equal(b->got.p, "[fragments][fragments][fragments][fragments][fragments]"
				      "[whole][short]");
	assert_int_equal(b->bytes, 5 * 9 + 5 + 5 + sizeof(s));
}

static void many_small_messages_keep_their_order(void **state)
{
	struct bench *b = *state;
	char s[32];
	size_t n = 40000, want = 0; /* more than a queue's low mark */

	serve(b);
	dial_up(b);
	for (size_t i = 0; i < n; i++) {
		snprintf(s, sizeof(s), "%zu", i);
		want += strlen(s);
		assert_int_equal(ws_conn_send(b->conn, slice_of(s)), 0);
	}
	turn_until(b, b->messages == n);
	assert_int_equal(b->bytes, want);
	assert_memory_equal(b->got.p, "[0][1][2][3][4][5][6][7][8][9][10]", 34);
	assert_int_equal(b->writables, 1);
	assert_int_equal(ws_conn_queued(b->conn), 0);
}

static void queue_of_a_slow_client_is_bounded(void **state)
{
	struct bench *b = *state;
	char *s = b->page = xcalloc(1, 1u << 20);
	int n = 0;

	serve(b);
	dial_up(b);
	memset(s, 'x', 1u << 20);
	ws_client_pause(b->c, true);
	for (int i = 0; i < 200; i++) {
		n += ws_conn_send(b->conn, slice_mem(s, 1u << 20)) == 0;
		loop_turn(b->l, 0);
	}
	assert_true(n < 40); /* 16 queued, the rest in the kernel's buffers */
	assert_int_equal(b->messages, 0);
	ws_client_pause(b->c, false);
	turn_until(b, b->messages == (size_t)n);
	assert_int_equal(b->bytes, (size_t)n << 20);
}

static void pause_stops_messages_and_resume_loses_none(void **state)
{
	struct bench *b = *state;
	size_t n = 5000;

	serve(b);
	dial_up(b);
	b->act = PAUSE_IN_MESSAGE;
	for (size_t i = 0; i < n; i++)
		ws_conn_send(b->conn, slice_of("a message of some length, to fill a buffer or two"));
	turn_until(b, b->messages > 0);
	for (int i = 0; i < 50; i++)
		loop_turn(b->l, 1);
	assert_in_range(b->messages, 1, n - 1);
	while (b->messages < n / 2) { /* pauses itself at each message */
		ws_client_pause(b->c, false);
		loop_turn(b->l, 1);
	}
	b->act = GO_ON;
	ws_client_pause(b->c, false);
	turn_until(b, b->messages == n);
}

static void message_too_large_ends_the_connection(void **state)
{
	struct bench *b = *state;
	char s[5000];

	memset(s, 'x', sizeof(s));
	b->cspec.max_message = 4096;
	serve(b);
	dial_up(b);
	ws_conn_send(b->conn, slice_mem(s, 4096));
	ws_conn_send_fragments(b->conn, slice_mem(s, 4096), 1000);
	ws_conn_send(b->conn, slice_mem(s, 4097));
	turn_until(b, b->downs == 1);
	assert_int_equal(b->messages, 2);
	assert_int_equal(b->why.class, ERR_REFUSED);
	assert_non_null(strstr(b->why.text, "more than 4096 bytes"));
	turn_until(b, b->ups == 2); /* and it dials again */
	ws_conn_send_fragments(b->conn, slice_mem(s, 5000), 1000);
	turn_until(b, b->downs == 2);
	assert_int_equal(b->messages, 2);
}

static void server_refuses_what_is_too_large(void **state)
{
	struct bench *b = *state;
	char s[5000];

	memset(s, 'x', sizeof(s));
	b->sspec.max_message = 4096;
	serve(b);
	dial_up(b);
	ws_client_send(b->c, slice_mem(s, 4096));
	ws_client_send(b->c, slice_mem(s, 4097));
	turn_until(b, b->conns_closed == 1);
	assert_int_equal(b->smessages, 1);
}

static void refused_handshake_tells_why(void **state)
{
	struct bench *b = *state;

	b->refuse = 401;
	serve(b);
	b->cspec.bearer = "WRONG";
	dial(b);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->why.class, ERR_REFUSED);
	assert_non_null(strstr(b->why.text, "the server answered 401: is the token right?"));
	assert_null(strstr(b->why.text, "WRONG"));
	assert_null(strstr(b->why.text, "since"));
	b->refuse = 503;
	turn_until(b, b->downs == 2);
	assert_non_null(strstr(b->why.text, "answered 503"));
	assert_int_equal(b->conns_closed, 0); /* never accepted, so never closed */
	b->refuse = 0;
	turn_until(b, b->ups == 1);
}

static void subprotocols_must_match(void **state)
{
	static const char *const only[] = { "one.v1", NULL };
	struct bench *b = *state;

	b->sspec.subprotocols = only;
	serve(b);
	dial(b); /* asks for none */
	turn_until(b, b->downs == 1);
	assert_non_null(strstr(b->why.text, "answered 400"));
	ws_client_free(b->c);
	b->cspec.subprotocol = "other.v1";
	dial(b);
	turn_until(b, b->downs == 2);
	assert_non_null(strstr(b->why.text, "answered 400"));
	ws_client_free(b->c);
	b->cspec.subprotocol = "one.v1";
	dial_up(b);
	assert_int_equal(b->accepts, 1);
}

static void client_dials_again_after_the_servers_death(void **state)
{
	struct bench *b = *state;
	char where[64];

	serve(b);
	dial_up(b);
	snprintf(where, sizeof(where), "127.0.0.1:%d", ws_server_port(b->s));
	ws_server_free(b->s);
	b->s = NULL;
	assert_int_equal(b->conns_closed, 1);
	turn_until(b, b->downs >= 2); /* the end, and one refused dial */
	assert_int_equal(b->why.class, ERR_UNREACH);
	b->sspec.listen = where;
	serve(b);
	turn_until(b, b->ups == 2);
	ws_conn_send(b->conn, slice_of("again"));
	turn_until(b, b->messages == 1);
}

static void dial_asks_for_the_url_each_time(void **state)
{
	struct bench *b = *state;
	char next[256];

	serve(b);
	dial_up(b);
	snprintf(next, sizeof(next), "ws://localhost:%d/else?since=99", ws_server_port(b->s));
	b->next_url = next;
	ws_client_redial(b->c);
	assert_int_equal(b->downs, 1);
	turn_until(b, b->ups == 2);
	assert_string_equal(b->path, "/else");
	assert_string_equal(b->query, "since=99");
	b->next_url = "http://not-a-websocket/";
	ws_client_redial(b->c);
	turn_until(b, b->downs == 3);
}

static void client_may_dial_anew_in_a_message(void **state)
{
	struct bench *b = *state;

	b->hello = true;
	serve(b);
	b->act = REDIAL_IN_MESSAGE;
	dial_up(b);
	turn_until(b, b->messages == 1);
	ws_conn_send(b->conn, slice_of("of the old line"));
	turn_until(b, b->messages == 2);
	assert_string_equal(b->got.p, "[hello][hello]");
	say(b, "on");
	turn_until(b, b->smessages == 1);
	assert_int_equal(b->ups, 2);
	assert_int_equal(b->downs, 1);
}

static void client_may_be_freed_in_its_callbacks(void **state)
{
	struct bench *b = *state;

	b->hello = true;
	serve(b);
	b->act = FREE_IN_MESSAGE;
	dial(b);
	turn_until(b, b->messages == 1);
	assert_null(b->c);
	turn_until(b, b->conns_closed == 1);
	b->act = FREE_IN_STATE;
	dial(b);
	turn_until(b, b->ups == 2);
	turn_until(b, b->conns_closed == 2);
	b->refuse = 500;
	dial(b);
	turn_until(b, b->downs == 1);
	assert_null(b->c);
}

static void client_freed_while_it_dials(void **state)
{
	struct bench *b = *state;

	serve(b);
	for (int turns = 0; turns < 12; turns++) {
		dial(b);
		for (int i = 0; i < turns; i++)
			loop_turn(b->l, 0);
		ws_client_free(b->c);
		b->c = NULL;
	}
	for (int i = 0; i < 50; i++)
		loop_turn(b->l, 1);
	assert_int_equal(b->downs, 0);
	assert_int_equal(b->conns_closed, b->accepts);
}

static void hub_may_go_first(void **state)
{
	struct bench *b = *state;

	serve(b);
	dial_up(b);
	say(b, "never sent");
	ws_hub_free(b->h);
	b->h = NULL;
	b->s = NULL; /* gone with it */
	assert_int_equal(b->conns_closed, 1);
	assert_int_equal(ws_client_send(b->c, slice_of("x")), -1);
	ws_client_redial(b->c);
	ws_client_pause(b->c, true);
}

static void hub_may_go_from_within_a_message(void **state)
{
	struct bench *b = *state;

	b->hello = true;
	serve(b);
	b->act = HUB_IN_MESSAGE;
	dial(b);
	turn_until(b, b->messages == 1);
	for (int i = 0; i < 30; i++)
		loop_turn(b->l, 1);
	assert_int_equal(b->conns_closed, 1);
}

static void server_closes_with_a_code_after_what_is_queued(void **state)
{
	struct bench *b = *state;

	b->close_in_message = b->echo = true;
	serve(b);
	dial_up(b);
	say(b, "last words");
	turn_until(b, b->downs == 1);
	assert_string_equal(b->got.p, "[last words]");
	assert_int_equal(b->conns_closed, 1);
}

static void server_may_be_freed_in_a_message(void **state)
{
	struct bench *b = *state;

	b->free_server_in_message = true;
	serve(b);
	dial_up(b);
	say(b, "x");
	turn_until(b, b->downs == 1);
	assert_int_equal(b->conns_closed, 1);
	assert_null(b->s);
}

static void connections_are_counted(void **state)
{
	struct bench *b = *state;
	struct ws_client *c[3];
	struct err e;

	b->sspec.max_conns = 2;
	serve(b);
	for (int i = 0; i < 3; i++)
		c[i] = ws_client_new(b->h, &b->cspec, &e);
	turn_until(b, b->ups == 2 && b->downs >= 1);
	assert_int_equal(b->accepts, 2);
	for (int i = 0; i < 3; i++)
		ws_client_free(c[i]);
}

static void listening_beyond_this_machine_needs_tls(void **state)
{
	static const char *const open[] = { "0.0.0.0:0", "[::]:0", "192.0.2.1:1" };
	static const char *const odd[] = { "", "7600", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999",
		"host:1", ":80", "[::1:80" };
	struct bench *b = *state;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		b->sspec.listen = open[i];
		assert_null(ws_server_new(b->h, &b->sspec, &e));
		assert_int_equal(e.class, ERR_REFUSED);
		assert_non_null(strstr(e.text, "not without TLS"));
	}
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		b->sspec.listen = odd[i];
		assert_null(ws_server_new(b->h, &b->sspec, &e));
		assert_int_equal(e.class, ERR_USAGE);
	}
	b->sspec.listen = "127.0.0.1:0";
	b->sspec.cert_file = "/nonexistent/cert.pem";
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_int_equal(e.class, ERR_USAGE);
}

static void port_in_use_says_so(void **state)
{
	struct bench *b = *state;
	char where[64];
	struct err e;

	serve(b);
	snprintf(where, sizeof(where), "127.0.0.1:%d", ws_server_port(b->s));
	b->sspec.listen = where;
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "in use"));
}

static void ipv6_works(void **state)
{
	struct bench *b = *state;
	struct err e;

	b->sspec.listen = "[::1]:0";
	b->s = ws_server_new(b->h, &b->sspec, &e);
	if (!b->s) {
		skip(); /* a machine without IPv6 */
		return;
	}
	snprintf(b->url, sizeof(b->url), "ws://[::1]:%d/", ws_server_port(b->s));
	dial_up(b);
}

static void wrong_urls_are_refused_at_once(void **state)
{
	static const char *const urls[] = { "", "http://a/", "ws://", "ws://u:p@a/", "ws://a:0/",
		"ws://a/ b", "ws+unix://a.sock:/" };
	struct bench *b = *state;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		b->cspec.url = urls[i];
		assert_null(ws_client_new(b->h, &b->cspec, &e));
		assert_int_equal(e.class, ERR_USAGE);
	}
	b->cspec.url = "ws://a/";
	b->cspec.bearer = "a\r\nb: c";
	assert_null(ws_client_new(b->h, &b->cspec, &e));
}

static void unknown_host_says_so(void **state)
{
	struct bench *b = *state;

	snprintf(b->url, sizeof(b->url), "ws://no-such-host.invalid/");
	dial(b);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->why.class, ERR_UNREACH);
	assert_non_null(strstr(b->why.text, "no such host"));
}

/* Without a route connect() fails at once, which libwebsockets cannot do without a leak. */
static void an_address_without_a_route_says_so(void **state)
{
	static const char *const urls[] = { "ws://224.0.0.1:9/", "ws://[ff02::1]:9/",
		"ws://255.255.255.255:9/", "ws+unix:///nonexistent/s:/" };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		snprintf(b->url, sizeof(b->url), "%s", urls[i]);
		dial(b);
		turn_until(b, b->downs == (int)i + 1);
		assert_int_equal(b->why.class, ERR_UNREACH);
		assert_memory_equal(b->why.text, urls[i], strlen(urls[i]));
		ws_client_free(b->c);
		b->c = NULL;
	}
}

/* --- servers that misbehave */

static void dial_raw(struct bench *b, const char *reply, enum raw_end end)
{
	b->raw.reply = reply;
	b->raw.end = end;
	raw_start(&b->raw);
	snprintf(b->url, sizeof(b->url), "ws://127.0.0.1:%d/", b->raw.port);
	dial(b);
}

static void server_that_never_answers_times_out(void **state)
{
	struct bench *b = *state;

	b->cspec.connect_timeout_ms = 50;
	dial_raw(b, "", RAW_HANG);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->why.class, ERR_UNREACH);
	assert_non_null(strstr(b->why.text, "no answer within 50 ms"));
	ws_client_free(b->c);
	b->c = NULL;
	turn_until(b, b->raw.conns >= 1);
	for (int i = 0; i < 20; i++)
		loop_turn(b->l, 1);
}

static void server_that_hangs_up_mid_handshake(void **state)
{
	static const char *const replies[] = { "", "HTTP/1.1 101 Switching Protocols\r\nUpgr",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "SSH-2.0-x\r\n",
		"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmU=\r\n\r\n",
		"HTTP/1.1 302 F\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" };
	static const char *const stories[] = { "it broke off", "it broke off", "answered 200",
		"does not speak HTTP", "did not answer our key", "answered 302" };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		dial_raw(b, replies[i], RAW_CLOSE);
		turn_until(b, b->downs == (int)i + 1);
		assert_int_equal(b->ups, 0);
		if (!strstr(b->why.text, stories[i]))
			fail_msg("%s", b->why.text);
		ws_client_free(b->c);
		b->c = NULL;
		for (int k = 0; k < 10; k++)
			loop_turn(b->l, 1);
		raw_stop(&b->raw);
		b->raw = (struct raw){ 0 };
	}
}

/* The right answer to the handshake in r->request. */
static void raw_open_websocket(struct raw *r, int fd)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	const char *key = strcasestr(r->request, "Sec-WebSocket-Key: ") + 19;
	unsigned char sha[EVP_MAX_MD_SIZE], b64[64];
	char text[256];
	unsigned n;

	snprintf(text, sizeof(text), "%.*s%s", (int)strcspn(key, "\r"), key, guid);
	EVP_Digest(text, strlen(text), sha, &n, EVP_sha1(), NULL);
	EVP_EncodeBlock(b64, sha, (int)n);
	snprintf(text, sizeof(text), "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n"
		"Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", b64);
	raw_send_all(fd, text, strlen(text));
}

/* Sends for three and a half seconds and never reads, so never PONGs. */
static void serve_without_pong(struct raw *r, int fd)
{
	raw_open_websocket(r, fd);
	for (int i = 0; i < 35; i++) {
		raw_send_all(fd, "\x81\x02hi", 4);
		usleep(100000);
	}
}

static void serve_silence(struct raw *r, int fd)
{
	char c;

	raw_open_websocket(r, fd);
	while (recv(fd, &c, 1, 0) > 0)
		;
}

/* Half a frame in the packet of the handshake, the rest of it later, then half of another. */
static void serve_halves(struct raw *r, int fd)
{
	raw_open_websocket(r, fd);
	raw_send_all(fd, "\x81\x05he", 4);
	usleep(20000);
	raw_send_all(fd, "llo\x81\x05wo", 7);
	usleep(20000);
}

/* Frames that break the protocol: reserved bits, a PING too long, a stray continuation, a length
 * of 2^63 bytes. */
static const char *const broken_frames[] = { "\xf1\x02hi", "\x89\x7e\x01\x00", "\x80\x02hi",
	"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", "\x83\x01x" };
static int broken_now;

static void serve_broken(struct raw *r, int fd)
{
	static const size_t lengths[] = { 4, 4, 4, 10, 3 };
	char c;

	raw_open_websocket(r, fd);
	raw_send_all(fd, broken_frames[broken_now], lengths[broken_now]);
	while (recv(fd, &c, 1, 0) > 0)
		;
}

/* Asks for signs of life, among pieces of a message, and says what it heard. */
static void serve_pings(struct raw *r, int fd)
{
	static const char said[] = "\x01\x02he\x89\x02hi\x80\x03llo";
	unsigned char f[8];
	size_t n = 0;

	raw_open_websocket(r, fd);
	raw_send_all(fd, said, sizeof(said) - 1);
	while (n < sizeof(f)) {
		ssize_t k = recv(fd, f + n, sizeof(f) - n, 0);

		if (k <= 0)
			return;
		n += (size_t)k;
	}
	if (f[0] == 0x8a && f[1] == 0x82 && (f[6] ^ f[2]) == 'h' && (f[7] ^ f[3]) == 'i')
		raw_send_all(fd, "\x82\x04pong\x88\x02\x03\xe8", 10);
	n = (size_t)recv(fd, f, sizeof(f), MSG_WAITALL); /* a close, masked, with the same code */
	if (n == 8 && f[0] == 0x88 && (f[6] ^ f[2]) == 0x03 && (f[7] ^ f[3]) == 0xe8)
		atomic_fetch_add(&r->requests, 1);
}

static void dial_serve(struct bench *b, void (*fn)(struct raw *r, int fd))
{
	b->raw.serve = fn;
	dial_raw(b, "", RAW_CLOSE);
}

static void a_server_that_never_pongs_is_kept(void **state)
{
	struct bench *b = *state;

	b->cspec.keepalive_ms = 1000;
	dial_serve(b, serve_without_pong);
	turn_until(b, b->messages == 35 || b->downs);
	assert_int_equal(b->downs, 0);
}

static void a_paused_client_is_not_taken_for_dead(void **state)
{
	struct bench *b = *state;

	b->cspec.keepalive_ms = 1000;
	dial_serve(b, serve_without_pong);
	turn_until(b, b->messages == 1);
	ws_client_pause(b->c, true);
	for (int i = 0; i < 60; i++) { /* longer than the server may be silent */
		usleep(50000);
		loop_turn(b->l, 0);
	}
	assert_int_equal(b->downs, 0);
	ws_client_pause(b->c, false);
	turn_until(b, b->messages == 35);
}

static void a_silent_server_is_dropped(void **state)
{
	struct bench *b = *state;

	b->cspec.keepalive_ms = 1000;
	dial_serve(b, serve_silence);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->ups, 1);
	assert_int_equal(b->why.class, ERR_UNREACH);
	ws_client_free(b->c);
	b->c = NULL;
	for (int i = 0; i < 10; i++)
		loop_turn(b->l, 1);
}

static void pings_are_answered_among_fragments(void **state)
{
	struct bench *b = *state;

	dial_serve(b, serve_pings);
	turn_until(b, b->downs == 1);
	assert_string_equal(b->got.p, "[hello][pong]");
	assert_int_equal(b->binaries, 1);
	assert_int_equal(b->why.class, ERR_UNREACH);
	while (!b->raw.requests)
		loop_turn(b->l, 1);
}

static void what_a_handshake_cannot_hold_is_refused(void **state)
{
	struct bench *b = *state;
	char *token = b->page = xmalloc(10000);

	memset(token, 't', 9999);
	token[9999] = '\0';
	b->cspec.bearer = token;
	serve(b);
	dial(b);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->why.class, ERR_USAGE);
	assert_non_null(strstr(b->why.text, "the token is too long"));
	assert_int_equal(b->accepts, 0);
}

static void halves_of_frames_are_waited_for(void **state)
{
	struct bench *b = *state;

	dial_serve(b, serve_halves);
	turn_until(b, b->downs == 1);
	assert_string_equal(b->got.p, "[hello]");
}

static void broken_frames_end_the_connection(void **state)
{
	struct bench *b = *state;

	b->cspec.keepalive_ms = 1000; /* what ends a length without the bytes */
	for (broken_now = 0; broken_now < (int)ARRAY_LEN(broken_frames); broken_now++) {
		dial_serve(b, serve_broken);
		turn_until(b, b->downs == broken_now + 1);
		if (!strstr(b->why.text, broken_now == 3 ? "more than" : "it broke the protocol"))
			fail_msg("%s", b->why.text);
		ws_client_free(b->c);
		b->c = NULL;
		for (int k = 0; k < 10; k++)
			loop_turn(b->l, 1);
		raw_stop(&b->raw);
		b->raw = (struct raw){ 0 };
	}
	assert_int_equal(b->messages, 0);
}

/* --- plain HTTP, as curl sees it */

static void run(struct bench *b, const char *cmd, char *out, size_t n)
{
	FILE *f = popen(cmd, "r");
	int fd = fileno(f);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	out[0] = '\0';
	for (size_t k = 0; k < n - 1;) {
		ssize_t got = read(fd, out + k, n - 1 - k);

		if (got == 0)
			break;
		k += got > 0 ? (size_t)got : 0;
		out[k] = '\0';
		loop_turn(b->l, 1);
	}
	pclose(f);
}

static void curl(struct bench *b, const char *args, const char *path, char *out, size_t n)
{
	char cmd[512];

	snprintf(cmd, sizeof(cmd), "curl -s -m 200 %s 'http://127.0.0.1:%d%s' 2>&1", args,
		ws_server_port(b->s), path);
	run(b, cmd, out, n);
}

static void plain_requests_are_answered(void **state)
{
	struct bench *b = *state;
	char out[2048];

	serve(b);
	curl(b, "-H 'Authorization: Bearer x' -H 'Accept: text/a'", "/m%20x?a=1&b=2", out, sizeof(out));
	assert_string_equal(out, "GET /m x ?a=1&b=2 auth=Bearer x accept=text/a gzip=0 body=\n");
	curl(b, "--compressed -d '{\"x\":1}'", "/rpc", out, sizeof(out));
	assert_string_equal(out, "POST /rpc ? auth= accept=*/* gzip=1 body={\"x\":1}\n");
	curl(b, "-d ''", "/rpc", out, sizeof(out));
	assert_string_equal(out, "POST /rpc ? auth= accept=*/* gzip=0 body=\n");
	curl(b, "-o /dev/null -w '%{http_code}'", "/none", out, sizeof(out));
	assert_string_equal(out, "404");
	curl(b, "-w '%{http_code}'", "/nothing", out, sizeof(out));
	assert_string_equal(out, "204");
	curl(b, "-o /dev/null -w '%{http_code}' -X DELETE", "/x", out, sizeof(out));
	assert_string_equal(out, "405");
}

static void odd_requests_are_refused(void **state)
{
	struct bench *b = *state;
	char out[2048];

	serve(b);
	curl(b, "-o /dev/null -w '%{http_code}' -H 'Transfer-Encoding: chunked' -d x", "/x", out,
		sizeof(out));
	assert_string_equal(out, "411");
	curl(b, "-o /dev/null -w '%{http_code}' -H Expect: --data-binary @/proc/self/exe", "/x", out,
		sizeof(out));
	assert_non_null(strstr(out, "413"));
	assert_string_equal(b->body, "");
}

static void large_pages_are_sent_plain_and_gzipped(void **state)
{
	struct bench *b = *state;
	char out[256], want[256];

	b->page_n = 5000000;
	b->page = xmalloc(b->page_n);
	for (size_t i = 0; i < b->page_n; i++)
		b->page[i] = (char)('a' + (i * i / 7919) % 26);
	serve(b);
	curl(b, "-o /dev/null -w '%{size_download} %{http_code}'", "/page", out, sizeof(out));
	assert_string_equal(out, "5000000 200");
	curl(b, "--compressed -o /dev/null -w '%{http_code}'", "/page", out, sizeof(out));
	assert_string_equal(out, "200");
	snprintf(want, sizeof(want), "curl -s -m 200 http://127.0.0.1:%d/page | md5sum",
		ws_server_port(b->s));
	run(b, want, want, sizeof(want));
	snprintf(out, sizeof(out), "curl -s -m 200 --compressed http://127.0.0.1:%d/page | md5sum",
		ws_server_port(b->s));
	run(b, out, out, sizeof(out));
	assert_string_equal(out, want);
	assert_string_not_equal(out, "d41d8cd98f00b204e9800998ecf8427e  -\n"); /* of nothing */
	snprintf(out, sizeof(out), "curl -s -m 200 -H 'Accept-Encoding: gzip' http://127.0.0.1:%d/page "
		"| head -c 3 | od -An -tx1", ws_server_port(b->s));
	run(b, out, out, sizeof(out));
	assert_string_equal(out, " 1f 8b 08\n");
}

static void connection_is_kept_for_the_next_request(void **state)
{
	struct bench *b = *state;
	char cmd[512], out[2048];
	int port;

	serve(b);
	port = ws_server_port(b->s);
	snprintf(cmd, sizeof(cmd), "curl -s -m 200 --compressed -w '%%{num_connects} ' -o /dev/null "
		"http://127.0.0.1:%d/a -o /dev/null http://127.0.0.1:%d/page -o /dev/null "
		"http://127.0.0.1:%d/c", port, port, port);
	b->page = xcalloc(1, 100000);
	b->page_n = 100000;
	run(b, cmd, out, sizeof(out));
	assert_string_equal(out, "1 0 0 ");
}

static void half_a_request_costs_no_one_else(void **state)
{
	struct bench *b = *state;
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	char out[256];
	int fd[10];

	serve(b);
	a.sin_port = htons((uint16_t)ws_server_port(b->s));
	for (int i = 0; i < 10; i++) {
		fd[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(connect(fd[i], (struct sockaddr *)&a, sizeof(a)), 0);
		assert_int_equal(send(fd[i], "GET / HT", 8, 0), 8);
	}
	curl(b, "-o /dev/null -w '%{http_code}'", "/x", out, sizeof(out));
	assert_string_equal(out, "200");
	for (int i = 0; i < 10; i++)
		close(fd[i]);
	for (int i = 0; i < 10; i++)
		loop_turn(b->l, 1);
}

/* --- unix sockets */

static char *unix_dir(struct bench *b)
{
	strcpy(b->dir, "/tmp/depinctl-ws-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	b->sspec.listen = b->listen;
	snprintf(b->listen, sizeof(b->listen), "unix:%s/s", b->dir);
	return b->listen + strlen("unix:");
}

static void unix_dial(struct bench *b, const char *rest)
{
	snprintf(b->url, sizeof(b->url), "ws+unix://%s/s%s", b->dir, rest);
	dial(b);
}

static void a_unix_socket_serves_this_user(void **state)
{
	struct bench *b = *state;
	char *path = unix_dir(b), cmd[256], out[256];
	size_t n = 3u << 20;
	struct stat st;

	b->page = xcalloc(1, n);
	b->echo = true;
	serve(b);
	assert_int_equal(ws_server_port(b->s), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0600);
	b->cspec.bearer = "s3cret";
	b->cspec.subprotocol = "two.v1";
	b->cspec.subprotocol_needed = true;
	unix_dial(b, ":/events?since=7");
	turn_until(b, b->ups == 1);
	assert_string_equal(b->path, "/events");
	assert_string_equal(b->query, "since=7");
	assert_string_equal(b->auth, "Bearer s3cret");
	for (int i = 0; i < 100; i++)
		say(b, "small");
	assert_int_equal(ws_client_send(b->c, slice_mem(b->page, n)), 0);
	turn_until(b, b->messages == 101);
	assert_int_equal(b->bytes, 500 + n);
	snprintf(cmd, sizeof(cmd), "curl -s -m 200 --unix-socket %s 'http://x/rpc?a=1'", path);
	run(b, cmd, out, sizeof(out));
	assert_string_equal(out, "GET /rpc ?a=1 auth= accept=*/* gzip=0 body=\n");
	ws_server_free(b->s);
	b->s = NULL;
	assert_int_equal(access(path, F_OK), -1);
	turn_until(b, b->downs >= 2); /* the end, and a dial that found nobody */
	assert_int_equal(b->why.class, ERR_UNREACH);
	assert_non_null(strstr(b->why.text, b->dir));
	serve(b); /* sets b->url, which is not asked again */
	turn_until(b, b->ups == 2);
}

static void a_unix_socket_left_by_the_dead_is_replaced(void **state)
{
	struct bench *b = *state;
	char *path = unix_dir(b);
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct err e;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_null(ws_server_new(b->h, &b->sspec, &e)); /* it lives */
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "listens there already"));
	close(fd);
	serve(b);
	unix_dial(b, "");
	turn_until(b, b->ups == 1);
	assert_string_equal(b->path, "/");
}

static void unix_sockets_go_where_only_we_write(void **state)
{
	struct bench *b = *state;
	char *path = unix_dir(b);
	struct err e;

	assert_int_equal(chmod(b->dir, 0777), 0);
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "others can write there"));
	assert_int_equal(chmod(b->dir, 0700), 0);
	b->sspec.cert_file = b->sspec.key_file = "/dev/null";
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_non_null(strstr(e.text, "no TLS on a unix socket"));
	assert_int_equal(access(path, F_OK), -1);
	b->sspec.cert_file = b->sspec.key_file = NULL;
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_non_null(strstr(e.text, "not a socket"));
	assert_int_equal(unlink(path), 0);
	b->sspec.listen = "unix:";
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_int_equal(e.class, ERR_USAGE);
}

/* --- TLS, with a certificate that the openssl command makes */

static char tls_dir[64];

static const char *tls_file(const char *name)
{
	static char path[2][128];
	static int i;

	i = !i;
	snprintf(path[i], sizeof(path[i]), "%s/%s", tls_dir, name);
	return path[i];
}

static int tls_setup(void **state)
{
	char cmd[512];

	strcpy(tls_dir, "/tmp/depinctl-tls-XXXXXX");
	assert_non_null(mkdtemp(tls_dir));
	for (int i = 0; i < 2; i++) {
		snprintf(cmd, sizeof(cmd), "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "
			"/CN=test -addext 'subjectAltName=%s' -keyout %s/%s.key -out %s/%s.pem "
			"2>/dev/null", i ? "DNS:elsewhere.example" : "DNS:localhost,IP:127.0.0.1",
			tls_dir, i ? "other" : "good", tls_dir, i ? "other" : "good");
		if (system(cmd) != 0)
			return -1;
	}
	return 0;
}

static int tls_teardown(void **state)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -r %s", tls_dir);
	return system(cmd);
}

static void serve_tls(struct bench *b, const char *cert, const char *key, const char *host)
{
	struct err e = { 0 };
	char c[128], k[128];

	snprintf(c, sizeof(c), "%s", tls_file(cert));
	snprintf(k, sizeof(k), "%s", tls_file(key));
	b->sspec.cert_file = c;
	b->sspec.key_file = k;
	b->s = ws_server_new(b->h, &b->sspec, &e);
	assert_string_equal(e.text, "");
	snprintf(b->url, sizeof(b->url), "wss://%s:%d/tls", host, ws_server_port(b->s));
}

static void tls_works_with_a_known_certificate(void **state)
{
	struct bench *b = *state;
	char out[256], cmd[512];
	size_t n = 3u << 20;
	char *s = b->page = xmalloc(n);

	memset(s, 't', n);
	b->echo = b->hello = true;
	serve_tls(b, "good.pem", "good.key", "localhost");
	b->cspec.ca_file = tls_file("good.pem");
	b->cspec.bearer = "s3cret";
	dial_up(b);
	assert_string_equal(b->path, "/tls");
	assert_string_equal(b->auth, "Bearer s3cret");
	assert_int_equal(ws_client_send(b->c, slice_mem(s, n)), 0);
	turn_until(b, b->messages == 2);
	assert_int_equal(b->bytes, 5 + n);
	ws_client_free(b->c);
	snprintf(b->url, sizeof(b->url), "wss://127.0.0.1:%d/ip", ws_server_port(b->s));
	dial(b);
	turn_until(b, b->ups == 2);
	snprintf(cmd, sizeof(cmd), "curl -s -m 200 --cacert %s https://localhost:%d/plain",
		tls_file("good.pem"), ws_server_port(b->s));
	run(b, cmd, out, sizeof(out));
	assert_string_equal(out, "GET /plain ? auth= accept=*/* gzip=0 body=\n");
}

static void strange_certificates_are_refused(void **state)
{
	struct bench *b = *state;

	serve_tls(b, "good.pem", "good.key", "localhost");
	b->cspec.bearer = "s3cret";
	dial(b); /* the system's CAs know nothing of it */
	turn_until(b, b->downs == 1);
	assert_int_equal(b->why.class, ERR_REFUSED);
	assert_non_null(strstr(b->why.text, "not trusted (self-signed certificate): give its CA"));
	ws_client_free(b->c);
	ws_server_free(b->s);
	serve_tls(b, "other.pem", "other.key", "localhost");
	b->cspec.ca_file = tls_file("other.pem");
	dial(b); /* trusted, but of another name */
	turn_until(b, b->downs == 2);
	if (!strstr(b->why.text, "not trusted (hostname mismatch)"))
		fail_msg("%s", b->why.text);
	assert_int_equal(b->accepts, 0);
	assert_int_equal(b->ups, 0);
	ws_client_free(b->c);
	b->cspec.ca_file = "/nonexistent/ca.pem";
	dial(b);
	turn_until(b, b->downs == 3);
	assert_non_null(strstr(b->why.text, "the ca_file cannot be read"));
}

static void key_and_certificate_must_match(void **state)
{
	struct bench *b = *state;
	struct err e;
	char c[128], k[128];

	snprintf(c, sizeof(c), "%s", tls_file("good.pem"));
	snprintf(k, sizeof(k), "%s", tls_file("other.key"));
	b->sspec.cert_file = c;
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	b->sspec.key_file = k;
	assert_null(ws_server_new(b->h, &b->sspec, &e));
	assert_int_equal(e.class, ERR_USAGE);
}

static void a_plain_client_at_a_tls_port_is_dropped(void **state)
{
	struct bench *b = *state;

	serve_tls(b, "good.pem", "good.key", "localhost");
	snprintf(b->url, sizeof(b->url), "ws://127.0.0.1:%d/", ws_server_port(b->s));
	dial(b);
	turn_until(b, b->downs == 1);
	assert_int_equal(b->accepts, 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(handshake_carries_path_query_token_and_subprotocol),
		T(messages_pass_both_ways),
		T(large_messages_arrive_whole),
		T(fragments_are_joined),
		T(many_small_messages_keep_their_order),
		T(queue_of_a_slow_client_is_bounded),
		T(pause_stops_messages_and_resume_loses_none),
		T(message_too_large_ends_the_connection),
		T(server_refuses_what_is_too_large),
		T(refused_handshake_tells_why),
		T(subprotocols_must_match),
		T(client_dials_again_after_the_servers_death),
		T(dial_asks_for_the_url_each_time),
		T(client_may_dial_anew_in_a_message),
		T(client_may_be_freed_in_its_callbacks),
		T(client_freed_while_it_dials),
		T(hub_may_go_first),
		T(hub_may_go_from_within_a_message),
		T(server_closes_with_a_code_after_what_is_queued),
		T(server_may_be_freed_in_a_message),
		T(connections_are_counted),
		T(listening_beyond_this_machine_needs_tls),
		T(port_in_use_says_so),
		T(ipv6_works),
		T(wrong_urls_are_refused_at_once),
		T(unknown_host_says_so),
		T(an_address_without_a_route_says_so),
		T(server_that_never_answers_times_out),
		T(server_that_hangs_up_mid_handshake),
		T(a_server_that_never_pongs_is_kept),
		T(a_paused_client_is_not_taken_for_dead),
		T(a_silent_server_is_dropped),
		T(pings_are_answered_among_fragments),
		T(what_a_handshake_cannot_hold_is_refused),
		T(halves_of_frames_are_waited_for),
		T(broken_frames_end_the_connection),
		T(plain_requests_are_answered),
		T(odd_requests_are_refused),
		T(large_pages_are_sent_plain_and_gzipped),
		T(connection_is_kept_for_the_next_request),
		T(half_a_request_costs_no_one_else),
		T(a_unix_socket_serves_this_user),
		T(a_unix_socket_left_by_the_dead_is_replaced),
		T(unix_sockets_go_where_only_we_write),
		T(tls_works_with_a_known_certificate),
		T(strange_certificates_are_refused),
		T(key_and_certificate_must_match),
		T(a_plain_client_at_a_tls_port_is_dropped),
	};

	return cmocka_run_group_tests(tests, tls_setup, tls_teardown);
}
