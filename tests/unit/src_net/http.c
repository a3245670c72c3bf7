#include "net/http.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <zlib.h>
#include "raw.h"
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"

struct bench {
	struct loop *l;
	struct http *h;
	struct raw raw;
	struct http_req *r;
	/* what came */
	int heads, status, done, done_status;
	char type[128];
	struct buf body;
	uint64_t bytes;
	size_t memory; /* the most that was in use within a body */
	struct err e;
	bool ok;
	enum { GO_ON, CANCEL_IN_HEAD, CANCEL_IN_BODY, STOP_IN_BODY, START_IN_BODY, FREE_IN_DONE } act;
	const char *url;
};

static void start(struct bench *b, const char *path);

static void on_head(void *arg, int status, const char *type)
{
	struct bench *b = arg;

	b->heads++;
	b->status = status;
	snprintf(b->type, sizeof(b->type), "%s", type);
	if (b->act == CANCEL_IN_HEAD)
		http_cancel(b->r);
}

static int on_body(void *arg, struct slice chunk)
{
	struct bench *b = arg;

	b->bytes += chunk.n;
	if (b->body.len < 4096)
		buf_add(&b->body, chunk.p, chunk.n < 4096 ? chunk.n : 4096);
	if (b->act == CANCEL_IN_BODY)
		http_cancel(b->r);
	if (b->act == START_IN_BODY) {
		b->act = GO_ON;
		start(b, "/second");
	}
	return b->act == STOP_IN_BODY ? -1 : 0;
}

static void on_done(void *arg, int status, const struct err *e)
{
	struct bench *b = arg;

	b->done++;
	b->done_status = status;
	b->ok = !e;
	b->e = e ? *e : (struct err){ 0 };
	if (b->act == FREE_IN_DONE) {
		http_free(b->h);
		b->h = NULL;
	}
}

static struct http_spec spec_of(struct bench *b, const char *url)
{
	return (struct http_spec){ .url = url, .timeout_ms = 20000, .max_body = 1 << 20,
		.head = on_head, .body = on_body, .done = on_done, .arg = b };
}

static void start_spec(struct bench *b, struct http_spec *s)
{
	b->e = (struct err){ 0 };
	b->r = http_start(b->h, s, &b->e);
	assert_string_equal(b->e.text, "");
	assert_non_null(b->r);
}

static void start(struct bench *b, const char *path)
{
	char url[256];
	struct http_spec s = spec_of(b, url);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", b->raw.port, path);
	start_spec(b, &s);
}

static void finish(struct bench *b, int done)
{
	while (b->done < done)
		loop_turn(b->l, -1);
}

static int setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));

	b->l = loop_new();
	b->h = http_new(b->l);
	buf_init(&b->body, 1u << 20);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	http_free(b->h);
	if (b->raw.port)
		raw_stop(&b->raw);
	loop_free(b->l);
	buf_fini(&b->body);
	free(b);
	return 0;
}

static void serve(struct bench *b, const char *reply, enum raw_end end)
{
	b->raw.reply = reply;
	b->raw.end = end;
	raw_start(&b->raw);
}

#define OK_HELLO "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"

static void page_arrives_with_status_and_type(void **state)
{
	struct bench *b = *state;

	serve(b, OK_HELLO, RAW_KEEP);
	start(b, "/metrics?x=1");
	finish(b, 1);
	assert_true(b->ok);
	assert_int_equal(b->heads, 1);
	assert_int_equal(b->status, 200);
	assert_int_equal(b->done_status, 200);
	assert_string_equal(b->type, "text/plain");
	assert_string_equal(b->body.p, "hello");
	assert_non_null(strstr(b->raw.request, "GET /metrics?x=1 HTTP/1.1\r\n"));
	assert_non_null(strstr(b->raw.request, "Accept-Encoding: gzip\r\n"));
}

static void connection_is_used_again(void **state)
{
	struct bench *b = *state;

	serve(b, OK_HELLO, RAW_KEEP);
	for (int i = 1; i <= 5; i++) {
		start(b, "/metrics");
		finish(b, i);
		assert_true(b->ok);
	}
	assert_int_equal(b->raw.conns, 1);
	assert_int_equal(b->raw.requests, 5);
}

static void post_carries_body_type_and_token(void **state)
{
	struct bench *b = *state;
	char url[64];
	struct http_spec s = spec_of(b, url);

	serve(b, OK_HELLO, RAW_KEEP);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/rpc", b->raw.port);
	s.post = "{\"a\":1}";
	s.content_type = "application/json";
	s.accept = "application/json";
	s.bearer = "s3cret";
	start_spec(b, &s);
	finish(b, 1);
	assert_true(b->ok);
	assert_non_null(strstr(b->raw.request, "POST /rpc HTTP/1.1\r\n"));
	assert_non_null(strstr(b->raw.request, "Authorization: Bearer s3cret\r\n"));
	assert_non_null(strstr(b->raw.request, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(b->raw.request, "Accept: application/json\r\n"));
	assert_non_null(strstr(b->raw.request, "Content-Length: 7\r\n"));
	assert_null(strstr(b->raw.request, "Expect"));
}

static void error_status_is_an_answer(void **state)
{
	struct bench *b = *state;

	serve(b, "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", RAW_KEEP);
	start(b, "/");
	finish(b, 1);
	assert_true(b->ok);
	assert_int_equal(b->heads, 1);
	assert_int_equal(b->done_status, 503);
	assert_string_equal(b->type, "");
}

static void redirects_are_not_followed(void **state)
{
	struct bench *b = *state;

	serve(b, "HTTP/1.1 302 Go\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
		RAW_KEEP);
	start(b, "/");
	finish(b, 1);
	assert_int_equal(b->done_status, 302);
	assert_int_equal(b->bytes, 0);
}

static void wrong_urls_are_refused_at_once(void **state)
{
	static const char *const urls[] = { "", "x", "file:///etc/passwd", "ftp://a/", "ws://a/",
		"http://", "http:///x", "http://a b/", "http://a:0/", "http://a:99999/",
		"http://user:pass@a/", "http://a/\r\nX: y", "http://[::1/", "http://a:/" };
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct http_spec s = spec_of(b, urls[i]);

		b->e = (struct err){ 0 };
		assert_null(http_start(b->h, &s, &b->e));
		assert_int_equal(b->e.class, ERR_USAGE);
		assert_null(strstr(b->e.text, "pass@"));
	}
	assert_int_equal(b->done, 0);
}

static void token_with_a_newline_is_refused(void **state)
{
	struct bench *b = *state;
	struct http_spec s = spec_of(b, "http://127.0.0.1/");

	s.bearer = "tok\r\nX-Evil: 1";
	assert_null(http_start(b->h, &s, &b->e));
	assert_null(strstr(b->e.text, "tok\r"));
}

static void errors_show_no_secrets(void **state)
{
	struct bench *b = *state;
	struct http_spec s = spec_of(b,
		"http://127.0.0.1:1/v2/abcdefghij0123456789KEY/x?apikey=SECRET");

	s.bearer = "SECRET";
	start_spec(b, &s);
	finish(b, 1);
	assert_false(b->ok);
	assert_int_equal(b->e.class, ERR_UNREACH);
	assert_null(strstr(b->e.text, "SECRET"));
	assert_null(strstr(b->e.text, "KEY"));
	assert_non_null(strstr(b->e.text, "http://127.0.0.1:1/v2/***/x: cannot connect"));
}

static void silent_server_times_out(void **state)
{
	struct bench *b = *state;
	char url[64];
	struct http_spec s = spec_of(b, url);

	serve(b, "", RAW_HANG);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", b->raw.port);
	s.timeout_ms = 30;
	start_spec(b, &s);
	finish(b, 1);
	assert_false(b->ok);
	assert_int_equal(b->e.class, ERR_UNREACH);
	assert_non_null(strstr(b->e.text, "no whole answer in time"));
}

static void half_an_answer_is_an_error(void **state)
{
	static const struct {
		const char *reply, *text;
	} rows[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel", "broke off after 3 bytes" },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "broke off" },
		{ "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
			"compression is broken" },
		{ "SSH-2.0-OpenSSH\r\n", "does not answer in HTTP" },
	};
	struct bench *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		serve(b, rows[i].reply, RAW_CLOSE);
		start(b, "/");
		finish(b, (int)i + 1);
		assert_false(b->ok);
		assert_int_equal(b->e.class, ERR_UNREACH);
		if (!strstr(b->e.text, rows[i].text))
			fail_msg("%s", b->e.text);
		raw_stop(&b->raw);
		b->raw = (struct raw){ 0 };
	}
}

static void server_that_hangs_up_is_an_error(void **state)
{
	struct bench *b = *state;

	serve(b, "", RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_non_null(strstr(b->e.text, "without an answer"));
}

static void body_without_length_ends_with_the_connection(void **state)
{
	struct bench *b = *state;

	serve(b, "HTTP/1.0 200 OK\r\n\r\nall of it", RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_true(b->ok);
	assert_string_equal(b->body.p, "all of it");
}

static void huge_length_is_refused_before_the_body(void **state)
{
	struct bench *b = *state;

	serve(b, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", RAW_HANG);
	start(b, "/");
	finish(b, 1);
	assert_false(b->ok);
	assert_int_equal(b->e.class, ERR_REFUSED);
	assert_non_null(strstr(b->e.text, "limit of 1048576 bytes"));
	assert_int_equal(b->bytes, 0);
}

static void endless_body_is_cut_at_the_limit(void **state)
{
	struct bench *b = *state;
	size_t n = 3u << 20, head;
	char *s = xmalloc(n);

	memset(s, 'x', n);
	head = (size_t)snprintf(s, n, "HTTP/1.0 200 OK\r\n\r\n");
	s[head] = 'x';
	b->raw.n = n;
	serve(b, s, RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_int_equal(b->e.class, ERR_REFUSED);
	assert_true(b->bytes <= 1u << 20);
	http_free(b->h);
	b->h = NULL;
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

/* A gzipped answer of n equal bytes; freed by the caller. */
static char *gzip_reply(size_t n, size_t *len)
{
	z_stream z = { 0 };
	unsigned char chunk[65536];
	size_t cap = n / 500 + 65536;
	char *s = xmalloc(cap);
	int head;

	memset(chunk, 'z', sizeof(chunk));
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
	head = snprintf(s, cap, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
				"Connection: close\r\n\r\n");
	z.next_out = (unsigned char *)s + head;
	z.avail_out = (unsigned)(cap - (size_t)head);
	while (n) {
		z.next_in = chunk;
		z.avail_in = (unsigned)(n < sizeof(chunk) ? n : sizeof(chunk));
		n -= z.avail_in;
		assert_int_equal(deflate(&z, n ? Z_NO_FLUSH : Z_FINISH), n ? Z_OK : Z_STREAM_END);
	}
	*len = (size_t)head + z.total_out;
	deflateEnd(&z);
	return s;
}

static void gzip_is_undone(void **state)
{
	struct bench *b = *state;
	char *s = gzip_reply(1u << 20, &b->raw.n);

	serve(b, s, RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_true(b->ok);
	assert_int_equal(b->bytes, 1u << 20); /* the limit itself is allowed */
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

static void gzip_bomb_is_cut_at_the_limit(void **state)
{
	struct bench *b = *state;
	char *s = gzip_reply(60u << 20, &b->raw.n);

	assert_true(b->raw.n < 1u << 20); /* its own length would pass */
	serve(b, s, RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_int_equal(b->e.class, ERR_REFUSED);
	assert_true(b->bytes <= 1u << 20);
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

/* Turns until `done` exchanges have ended; the most bytes that came in one. */
static uint64_t most_in_a_turn(struct bench *b, int done)
{
	uint64_t last = b->bytes, most = 0;

	while (b->done < done) {
		loop_turn(b->l, -1);
		if (b->bytes - last > most)
			most = b->bytes - last;
		last = b->bytes;
	}
	return most;
}

static size_t memory_used(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static int watch_memory(void *arg, struct slice chunk)
{
	struct bench *b = arg;
	size_t now = memory_used();

	b->memory = now > b->memory ? now : b->memory;
	return on_body(arg, chunk);
}

/* Neither told nor unpacked: what is unpacked ahead would need its memory. */
static void gzip_bomb_is_unpacked_in_pieces(void **state)
{
	struct bench *b = *state;
	char *s = gzip_reply(20u << 20, &b->raw.n), url[64];
	struct http_spec spec = spec_of(b, url);
	size_t before = memory_used();

	serve(b, s, RAW_CLOSE);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", b->raw.port);
	spec.max_body = 20u << 20;
	spec.body = watch_memory;
	start_spec(b, &spec);
	assert_in_range(most_in_a_turn(b, 1), 1, 300u << 10);
	assert_true(b->ok);
	assert_int_equal(b->bytes, 20u << 20);
	assert_true(b->memory < before + (2u << 20));
	for (int i = 0; i < 6; i++)
		start_spec(b, &spec);
	assert_in_range(most_in_a_turn(b, 7), 1, 1100u << 10); /* of all together */
	assert_true(b->ok);
	assert_int_equal(b->bytes, (uint64_t)140 << 20);
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

static void what_waits_packed_can_be_given_up(void **state)
{
	struct bench *b = *state;
	char *s = gzip_reply(20u << 20, &b->raw.n), url[64];
	struct http_spec spec = spec_of(b, url);

	serve(b, s, RAW_CLOSE);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", b->raw.port);
	spec.max_body = 20u << 20;
	start_spec(b, &spec);
	while (!b->bytes)
		loop_turn(b->l, -1);
	http_cancel(b->r);
	start_spec(b, &spec);
	while (b->bytes < 5u << 20)
		loop_turn(b->l, -1);
	b->act = CANCEL_IN_BODY;
	for (uint64_t was = 0; was != b->bytes;) {
		was = b->bytes;
		loop_turn(b->l, 10);
	}
	b->act = STOP_IN_BODY;
	start_spec(b, &spec);
	finish(b, 1);
	assert_non_null(strstr(b->e.text, "given up by its reader"));
	b->act = GO_ON;
	start_spec(b, &spec);
	while (b->bytes < 10u << 20)
		loop_turn(b->l, -1);
	http_free(b->h);
	b->h = NULL;
	assert_int_equal(b->done, 2);
	assert_false(b->ok);
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

/* One stream behind the other, as gzip's -c of two files; and one that is cut off. */
static void gzip_streams_are_whole(void **state)
{
	struct bench *b = *state;
	size_t n, head;
	char *s = gzip_reply(70000, &n), *two = xmalloc(2 * n);

	head = (size_t)(strstr(s, "\r\n\r\n") + 4 - s);
	memcpy(two, s, n);
	memcpy(two + n, s + head, n - head);
	b->raw.n = 2 * n - head;
	serve(b, two, RAW_CLOSE);
	start(b, "/");
	finish(b, 1);
	assert_true(b->ok);
	assert_int_equal(b->bytes, 140000);
	raw_stop(&b->raw);
	b->raw.n = n - 9;
	serve(b, s, RAW_CLOSE);
	start(b, "/");
	finish(b, 2);
	assert_non_null(strstr(b->e.text, "compression is broken"));
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(two);
	free(s);
}

static void packings_not_asked_for_are_refused(void **state)
{
	struct bench *b = *state;
	static const char *const encodings[] = { "br", "gzip, gzip", "gzip\r\nContent-Encoding: gzip" };
	char reply[200];

	for (size_t i = 0; i < ARRAY_LEN(encodings); i++) {
		snprintf(reply, sizeof(reply), "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n"
			"Content-Length: 5\r\n\r\nhello", encodings[i]);
		b->raw.n = 0;
		serve(b, reply, RAW_CLOSE);
		start(b, "/");
		finish(b, (int)i + 1);
		assert_non_null(strstr(b->e.text, "compression is broken"));
		assert_int_equal(b->bytes, 0);
		raw_stop(&b->raw);
	}
	b->raw.port = 0;
}

static void reader_can_stop(void **state)
{
	struct bench *b = *state;

	b->act = STOP_IN_BODY;
	serve(b, OK_HELLO, RAW_KEEP);
	start(b, "/");
	finish(b, 1);
	assert_non_null(strstr(b->e.text, "given up by its reader"));
}

static void cancel_works_from_everywhere(void **state)
{
	struct bench *b = *state;

	serve(b, OK_HELLO, RAW_KEEP);
	start(b, "/");
	http_cancel(b->r);
	b->act = CANCEL_IN_HEAD;
	start(b, "/");
	while (!b->heads)
		loop_turn(b->l, -1);
	b->act = CANCEL_IN_BODY;
	start(b, "/");
	while (!b->bytes)
		loop_turn(b->l, -1);
	loop_turn(b->l, 10);
	assert_int_equal(b->done, 0);
	b->act = GO_ON;
	start(b, "/");
	finish(b, 1);
	assert_true(b->ok);
	http_cancel(NULL);
}

static void cancel_in_the_head_of_an_empty_answer(void **state)
{
	struct bench *b = *state;

	serve(b, "HTTP/1.1 204 No\r\n\r\n", RAW_KEEP);
	b->act = CANCEL_IN_HEAD;
	start(b, "/");
	while (!b->heads)
		loop_turn(b->l, -1);
	assert_int_equal(b->done, 0);
}

static void a_body_may_start_the_next_exchange(void **state)
{
	struct bench *b = *state;

	serve(b, OK_HELLO, RAW_CLOSE);
	b->act = START_IN_BODY;
	start(b, "/");
	finish(b, 2);
	assert_true(b->ok);
	assert_string_equal(b->body.p, "hellohello");
}

static void free_ends_what_is_under_way(void **state)
{
	struct bench *b = *state;

	serve(b, "", RAW_HANG);
	for (int i = 0; i < 3; i++)
		start(b, "/");
	while (!b->raw.requests)
		loop_turn(b->l, 5);
	http_free(b->h);
	b->h = NULL;
	assert_int_equal(b->done, 3);
	assert_non_null(strstr(b->e.text, "the program is ending"));
}

static void free_from_within_done(void **state)
{
	struct bench *b = *state;

	serve(b, OK_HELLO, RAW_CLOSE);
	b->act = FREE_IN_DONE;
	start(b, "/");
	start(b, "/");
	finish(b, 2);
	assert_null(b->h);
}

static void unknown_host_says_so(void **state)
{
	struct bench *b = *state;
	struct http_spec s = spec_of(b, "http://no-such-host.invalid/");

	start_spec(b, &s);
	finish(b, 1);
	assert_int_equal(b->e.class, ERR_UNREACH);
	assert_non_null(strstr(b->e.text, "no such host"));
}

/* A name that resolves slowly must not hold the loop when its exchange is given up. */
static void resolving_can_be_given_up(void **state)
{
	struct bench *b = *state;
	struct http_spec s = spec_of(b, "http://no-such-host.invalid/");

	start_spec(b, &s);
	loop_turn(b->l, 0);
	http_cancel(b->r);
	loop_turn(b->l, 0);
	assert_int_equal(b->done, 0);
}

static void large_page_comes_in_pieces(void **state)
{
	struct bench *b = *state;
	size_t n = 20u << 20, head;
	char *s = xmalloc(n + 200), url[64];
	struct http_spec spec = spec_of(b, url);

	head = (size_t)sprintf(s, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", n);
	memset(s + head, 'm', n);
	b->raw.n = head + n;
	serve(b, s, RAW_CLOSE);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", b->raw.port);
	spec.max_body = 32u << 20;
	start_spec(b, &spec);
	assert_in_range(most_in_a_turn(b, 1), 1, 300u << 10);
	assert_true(b->ok);
	assert_int_equal(b->bytes, n);
	raw_stop(&b->raw);
	b->raw.port = 0;
	free(s);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(page_arrives_with_status_and_type),
		T(connection_is_used_again),
		T(post_carries_body_type_and_token),
		T(error_status_is_an_answer),
		T(redirects_are_not_followed),
		T(wrong_urls_are_refused_at_once),
		T(token_with_a_newline_is_refused),
		T(errors_show_no_secrets),
		T(silent_server_times_out),
		T(half_an_answer_is_an_error),
		T(server_that_hangs_up_is_an_error),
		T(body_without_length_ends_with_the_connection),
		T(huge_length_is_refused_before_the_body),
		T(endless_body_is_cut_at_the_limit),
		T(gzip_is_undone),
		T(gzip_bomb_is_cut_at_the_limit),
		T(gzip_bomb_is_unpacked_in_pieces),
		T(what_waits_packed_can_be_given_up),
		T(gzip_streams_are_whole),
		T(packings_not_asked_for_are_refused),
		T(reader_can_stop),
		T(cancel_works_from_everywhere),
		T(cancel_in_the_head_of_an_empty_answer),
		T(a_body_may_start_the_next_exchange),
		T(free_ends_what_is_under_way),
		T(free_from_within_done),
		T(unknown_host_says_so),
		T(resolving_can_be_given_up),
		T(large_page_comes_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
