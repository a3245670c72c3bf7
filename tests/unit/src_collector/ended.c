/* A client that sends no more is answered all it asked before its line is closed. */
#include "room.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "collector/listen.h"

/* Many devices, each slow to look at: a query takes several turns. */
static void slow_fleet(struct room *r)
{
	char id[64];

	for (int i = 0; i < 20000; i++) {
		snprintf(id, sizeof(id), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-%05d", i);
		room_device(r, id, "io");
	}
}

static const char *const requests[] = {
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\"}",
	"{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"query\",\"params\":{\"kind\":\"devices\","
	"\"limit\":1,\"filter\":\"name~'(x|y)+-(0|1)+9+8'\"}}",
	"{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"subscribe\",\"params\":{\"kind\":\"devices\","
	"\"limit\":1,\"filter\":\"name~'(x|y)+-(0|1)+9+7'\"}}",
	"{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"status\"}",
	"{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"histogram\",\"params\":{\"kind\":\"events\"}}",
	"{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"schema\"}",
};

/* Every request's id is among the answers, none of them refused because the line closes. */
static void assert_answered(const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		char id[16];

		snprintf(id, sizeof(id), "\"id\":%zu,", i + 1);
		if (!strstr(text, id))
			fail_msg("no answer to %s in %.2000s", requests[i], text);
	}
	assert_null(strstr(text, "closing"));
	assert_null(strstr(text, "ended"));
}

static void all_is_answered_then_closed(void **state)
{
	struct room *r = room_new(64 << 20);
	struct buf all;

	slow_fleet(r);
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		api_conn_message(r->c, S(requests[i]));
	assert_true(r->sent_n < ARRAY_LEN(requests)); /* some are still under way */
	api_conn_ended(r->c);
	while (!r->closed)
		loop_turn(r->loop, 5);
	buf_init(&all, 16 << 20);
	for (size_t i = 0; i < r->sent_n; i++)
		buf_addslice(&all, buf_slice(&r->sent[i]));
	assert_answered(all.p);
	buf_fini(&all);
	room_free(r);
}

/* A subscription's first rows are the answer to it, and these take longer than the API's tick. */
static void a_subscription_is_answered(void **state)
{
	struct room *r = room_new(64 << 20);
	struct buf ask;

	slow_fleet(r);
	buf_init(&ask, 8192);
	buf_adds(&ask, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"subscribe\",\"params\":"
		"{\"kind\":\"devices\",\"limit\":1,\"filter\":\"name=x");
	for (int i = 0; i < 40; i++)
		buf_addf(&ask, " or name~'(x|y)+-(0|1)+9+%02d$'", i);
	buf_adds(&ask, "\"}}");
	api_conn_message(r->c, buf_slice(&ask));
	assert_int_equal(r->sent_n, 0);
	api_conn_ended(r->c);
	while (!r->closed)
		loop_turn(r->loop, 5);
	assert_int_equal(r->sent_n, 1);
	assert_non_null(strstr(r->sent[0].p, "\"id\":7,\"result\""));
	buf_fini(&ask);
	room_free(r);
}

/* The line is there until what was answered is taken. */
static void not_closed_while_it_reads(void **state)
{
	struct room *r = room_new(8 << 20);

	r->queued = 100;
	api_conn_message(r->c, S(requests[0]));
	api_conn_ended(r->c);
	room_turns(r, 60);
	assert_false(r->closed);
	r->queued = 0;
	while (!r->closed)
		loop_turn(r->loop, 5);
	room_free(r);
}

/* The same over a real socket: shutdown() right behind the last request. */
static void over_a_socket(void **state)
{
	struct room *r = room_new(64 << 20);
	char dir[] = "/tmp/ended-test-XXXXXX", path[64], text[65536];
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct listen *l;
	struct err e;
	struct buf all;
	int fd;
	ssize_t n;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	l = listen_new(r->loop, NULL, r->api, &(struct listen_spec){ .socket = path }, &e);
	assert_non_null(l);
	slow_fleet(r);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		size_t len = strlen(requests[i]);

		assert_int_equal(write(fd, requests[i], len), (ssize_t)len);
		if (i + 1 < ARRAY_LEN(requests)) /* the last has no newline: the end is its end */
			assert_int_equal(write(fd, "\n", 1), 1);
	}
	shutdown(fd, SHUT_WR);
	buf_init(&all, 16 << 20);
	for (;;) {
		loop_turn(r->loop, 5);
		n = recv(fd, text, sizeof(text), MSG_DONTWAIT);
		if (n == 0)
			break;
		if (n > 0)
			buf_add(&all, text, (size_t)n);
	}
	assert_answered(all.p);
	buf_fini(&all);
	close(fd);
	listen_free(l);
	unlink(path);
	rmdir(dir);
	room_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_answered_then_closed),
		cmocka_unit_test(a_subscription_is_answered),
		cmocka_unit_test(not_closed_while_it_reads),
		cmocka_unit_test(over_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
