#include "net/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "net/backoff.h"

static void urls_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *host, *path;
		int port;
		bool tls;
	} rows[] = {
		{ "http://a.example", "a.example", "/", 80, false },
		{ "HTTPS://a.example/x?y=z", "a.example", "/x?y=z", 443, true },
		{ "ws://10.0.0.1:8546", "10.0.0.1", "/", 8546, false },
		{ "wss://[2001:db8::1]:1/p", "2001:db8::1", "/p", 1, true },
		{ "http://[::1]", "::1", "/", 80, false },
		{ "http://h?q", "h", "/?q", 80, false },
	};
	struct url u;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(url_parse(rows[i].text, &u, &e), 0);
		assert_string_equal(u.host, rows[i].host);
		assert_string_equal(u.path, rows[i].path);
		assert_int_equal(u.port, rows[i].port);
		assert_int_equal(u.tls, rows[i].tls);
		assert_string_equal(u.sock, "");
	}
}

static void unix_sockets_are_taken_apart(void **state)
{
	static const struct {
		const char *text, *sock, *path;
	} rows[] = {
		{ "ws+unix:///s", "/s", "/" },
		{ "WS+UNIX:///run/a@b/node.sock:/", "/run/a@b/node.sock", "/" },
		{ "ws+unix:///run/node.sock:/events?since=1:2", "/run/node.sock", "/events?since=1:2" },
	};
	static const char *const wrong[] = { "ws+unix://", "ws+unix:///", "ws+unix://s", "ws+unix://s:/",
		"ws+unix:///s:", "ws+unix:///s:x", "ws+unix:///s?x", "ws+unix:///s:?x", "ws+unix:///s x",
		"ws+unix:///s:/#x", "wss+unix:///s" };
	char longest[140];
	struct url u;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(url_parse(rows[i].text, &u, &e), 0);
		assert_string_equal(u.scheme, "ws+unix");
		assert_string_equal(u.sock, rows[i].sock);
		assert_string_equal(u.path, rows[i].path);
		assert_false(u.tls);
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (url_parse(wrong[i], &u, &e) == 0 || e.class != ERR_USAGE)
			fail_msg("%s", wrong[i]);
	snprintf(longest, sizeof(longest), "ws+unix:///%0106d:/p", 1);
	assert_int_equal(url_parse(longest, &u, &e), 0);
	snprintf(longest, sizeof(longest), "ws+unix:///%0107d:/p", 1);
	assert_int_equal(url_parse(longest, &u, &e), -1);
}

static void wrong_urls_are_refused(void **state)
{
	static const char *const rows[] = { "", "http", "http:/a", "gopher://a/", "http://",
		"http://:80/", "http://a:", "http://a:70000/", "http://a:-1/", "http://a b/",
		"http://a/\n", "http://a/#x", "http://u@a/", "http://[::1", "http://[::1]x/",
		"http://a\\b/", "http://\xc3\xa9/" };
	char longest[4000];
	struct url u;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(url_parse(rows[i], &u, &e), -1);
		assert_int_equal(e.class, ERR_USAGE);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest, "http://", 7);
	assert_int_equal(url_parse(longest, &u, &e), -1); /* the host */
	memcpy(longest, "http://a/", 9);
	assert_int_equal(url_parse(longest, &u, &e), -1); /* the path */
}

static void what_is_shown_holds_no_secret(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "wss://user:pass@h:1/a/b?key=1#f", "wss://h:1/a/b" },
		{ "https://eth.example/v2/AbC123xyz_AbC123xyz_Ab", "https://eth.example/v2/***" },
		{ "https://h/0123456789abcdef0123456789abcdef/ws", "https://h/***/ws" },
		{ "http://h/api/v1/query_range", "http://h/api/v1/query_range" },
		{ "http://h/a-long-but-harmless-name", "http://h/a-long-but-harmless-name" },
		{ "not a url", "not?a?url" },
		{ "http://h/\033[2J", "http://h/?[2J" },
	};
	char s[256], tiny[8];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		url_shown(rows[i].text, s, sizeof(s));
		assert_string_equal(s, rows[i].shown);
	}
	url_shown("http://host/path", tiny, sizeof(tiny));
	assert_string_equal(tiny, "http://");
}

static void loopback_is_known(void **state)
{
	assert_true(url_is_loopback("localhost"));
	assert_true(url_is_loopback("127.9.9.9"));
	assert_true(url_is_loopback("::1"));
	assert_false(url_is_loopback("128.0.0.1"));
	assert_false(url_is_loopback("127.evil.example"));
	assert_false(url_is_loopback("0.0.0.0"));
}

static void backoff_doubles_up_to_its_limit(void **state)
{
	struct backoff b = { .min_ms = 100, .max_ms = 1000 };
	uint32_t most[] = { 100, 200, 400, 800, 1000, 1000, 1000 };
	bool varies = false;

	for (size_t i = 0; i < ARRAY_LEN(most); i++)
		assert_in_range(backoff_next_ms(&b), most[i] / 2, most[i]);
	for (int i = 0; i < 100; i++)
		varies |= backoff_next_ms(&b) != backoff_next_ms(&b);
	assert_true(varies);
	backoff_reset(&b);
	assert_in_range(backoff_next_ms(&b), 50, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_are_taken_apart),
		cmocka_unit_test(unix_sockets_are_taken_apart),
		cmocka_unit_test(wrong_urls_are_refused),
		cmocka_unit_test(what_is_shown_holds_no_secret),
		cmocka_unit_test(loopback_is_known),
		cmocka_unit_test(backoff_doubles_up_to_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
