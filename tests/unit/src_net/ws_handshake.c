#include "net/ws_handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/alloc.h"

/* The key of RFC 6455, section 1.3, and the answer to it. */
static const struct ws_ask rfc = { .host = "server.example.com", .path = "/chat?since=1",
	.key = "dGhlIHNhbXBsZSBub25jZQ==" };

#define STATUS	"HTTP/1.1 101 Switching Protocols\r\n"
#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define ACCEPT	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

static void the_question_says_it_all(void **state)
{
	struct ws_ask a = rfc;
	struct buf b;

	buf_init(&b, 4096);
	assert_int_equal(ws_ask_write(&a, &b), 0);
	assert_string_equal(b.p, "GET /chat?since=1 HTTP/1.1\r\nHost: server.example.com\r\n"
		"Upgrade: websocket\r\nConnection: Upgrade\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
	buf_reset(&b);
	a.subprotocol = "depin.v1";
	a.bearer = "s3cret";
	assert_int_equal(ws_ask_write(&a, &b), 0);
	assert_non_null(strstr(b.p, "\r\nSec-WebSocket-Protocol: depin.v1\r\n"
				    "Authorization: Bearer s3cret\r\n\r\n"));
	buf_fini(&b);
	buf_init(&b, 100);
	assert_int_equal(ws_ask_write(&a, &b), -1);
	buf_fini(&b);
}

static void keys_differ(void **state)
{
	struct ws_ask a, b;

	ws_ask_key(&a);
	ws_ask_key(&b);
	assert_int_equal(strlen(a.key), 24);
	assert_string_not_equal(a.key, b.key);
}

static ssize_t answer(const struct ws_ask *a, const char *text, struct err *e)
{
	size_t n = strlen(text);
	char *p = xmalloc(n); /* no byte more: nobody may read beyond */
	ssize_t rc;

	*e = (struct err){ 0 };
	memcpy(p, text, n);
	rc = ws_ask_answer(a, slice_mem(p, n), e);
	free(p);
	return rc;
}

static void a_right_answer_is_taken_when_it_is_whole(void **state)
{
	static const char *const right[] = { STATUS UPGRADE ACCEPT "\r\n",
		"HTTP/1.1 101\r\nserver: x\r\nUPGRADE:WebSocket\r\nconnection: keep-alive , upgrade\t\r\n"
		"sec-websocket-accept:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\nSec-WebSocket-Extensions:\r\n\r\n" };
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		size_t n = strlen(right[i]);
		char *more = xasprintf("%s\x81\x02hi", right[i]);

		for (size_t at = 0; at < n; at++) {
			char *part = xasprintf("%.*s", (int)at, right[i]);

			if (answer(&rfc, part, &e) != 0)
				fail_msg("cut at %zu: %s", at, e.text);
			free(part);
		}
		assert_int_equal(answer(&rfc, right[i], &e), n);
		assert_int_equal(answer(&rfc, more, &e), n);
		free(more);
	}
}

static void wrong_answers_are_refused(void **state)
{
	static const struct {
		const char *text, *story;
	} rows[] = {
		{ "SSH-2.0-x\r\n", "does not speak HTTP" },
		{ "x", "does not speak HTTP" },
		{ "HTTP/2.0 101 x", "does not speak HTTP" },
		{ "HTTP/1.2 101 x", "odd version" },
		{ "HTTP/1.11 101 x", "odd version" },
		{ "HTTP/1.0 101 x", "HTTP/1.0" },
		{ "HTTP/1.1 1x1 x", "without a status" },
		{ "HTTP/1.1 1011 x", "without a status" },
		{ "HTTP/1.1 200 OK\r\n", "answered 200 instead of opening a WebSocket" },
		{ "HTTP/1.0 302 F\r\n", "answered 302 instead" },
		{ "HTTP/1.1 401 x", "answered 401: is the token right?" },
		{ "HTTP/1.1 403 x", "answered 403: is the token right?" },
		{ STATUS UPGRADE "\r\n", "an upgrade that is none" },
		{ STATUS "Upgrade: h2c\r\nConnection: upgrade\r\n" ACCEPT "\r\n", "that is none" },
		{ STATUS "Upgrade: websocket\r\nConnection: close\r\n" ACCEPT "\r\n", "that is none" },
		{ STATUS "Upgrade: websockets\r\nConnection: upgrade\r\n" ACCEPT "\r\n", "that is none" },
		{ STATUS UPGRADE "Sec-WebSocket-Accept: bm90IHRoZSByaWdodCBvbmU=\r\n\r\n", "our key" },
		{ STATUS UPGRADE "Sec-WebSocket-Accept: \r\n\r\n", "our key" },
		{ STATUS UPGRADE ACCEPT ACCEPT "\r\n", "our key" },
		{ STATUS UPGRADE ACCEPT "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "extension" },
		{ STATUS UPGRADE ACCEPT "Sec-WebSocket-Protocol: a\r\n\r\n", "subprotocol" },
		{ STATUS UPGRADE ACCEPT "X: a\nY: b\r\n\r\n", "lines without their end" },
		{ STATUS UPGRADE ACCEPT "X: \033[2J\r\n\r\n", "control characters" },
		{ STATUS UPGRADE ACCEPT "X\r\n\r\n", "without a name" },
		{ STATUS UPGRADE ACCEPT ": x\r\n\r\n", "without a name" },
		{ STATUS UPGRADE ACCEPT " folded: x\r\n\r\n", "without a name" },
		{ STATUS UPGRADE ACCEPT "X : x\r\n\r\n", "without a name" },
	};
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (answer(&rfc, rows[i].text, &e) != -1 || !strstr(e.text, rows[i].story))
			fail_msg("row %zu: %s", i, e.text);
		assert_true(e.class == ERR_REFUSED || e.class == ERR_UNREACH);
	}
}

static void subprotocols_are_agreed_upon(void **state)
{
	struct ws_ask a = rfc;
	struct err e;

	a.subprotocol = "depin.v1";
	assert_true(answer(&a, STATUS UPGRADE ACCEPT "\r\n", &e) > 0);
	assert_true(answer(&a, STATUS UPGRADE ACCEPT "Sec-WebSocket-Protocol: depin.v1\r\n\r\n", &e) > 0);
	a.subprotocol_needed = true;
	assert_true(answer(&a, STATUS UPGRADE ACCEPT "Sec-WebSocket-Protocol: depin.v1\r\n\r\n", &e) > 0);
	assert_int_equal(answer(&a, STATUS UPGRADE ACCEPT "\r\n", &e), -1);
	assert_string_equal(e.text, "the server does not speak depin.v1");
	assert_int_equal(answer(&a, STATUS UPGRADE ACCEPT "Sec-WebSocket-Protocol: depin.v2\r\n\r\n", &e),
		-1);
	assert_int_equal(answer(&a, STATUS UPGRADE ACCEPT "Sec-WebSocket-Protocol: depin.v1\r\n"
		"Sec-WebSocket-Protocol: depin.v1\r\n\r\n", &e), -1);
}

static void an_endless_answer_is_refused(void **state)
{
	char *p = xmalloc(WS_ANSWER_MAX);
	struct err e;

	memset(p, 'x', WS_ANSWER_MAX);
	memcpy(p, STATUS, strlen(STATUS));
	assert_int_equal(ws_ask_answer(&rfc, slice_mem(p, WS_ANSWER_MAX - 1), &e), 0);
	assert_int_equal(ws_ask_answer(&rfc, slice_mem(p, WS_ANSWER_MAX), &e), -1);
	assert_non_null(strstr(e.text, "without an end"));
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_question_says_it_all),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(a_right_answer_is_taken_when_it_is_whole),
		cmocka_unit_test(wrong_answers_are_refused),
		cmocka_unit_test(subprotocols_are_agreed_upon),
		cmocka_unit_test(an_endless_answer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
