/* The client against a collector of a few lines, on the same loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "client/client.h"
#include "client/follow.h"
#include "client/start.h"
#include "client/view.h"
#include "loop/loop.h"
#include "rpc/line.h"
#include "rpc/rpc.h"

static char dir[64], path[96];
static struct loop *loop;

/* --- the server: answers by script, remembers what was asked --- */

struct server {
	struct line_server *listen;
	struct line *line;
	struct rpc_peer *peer;
	const char *version;
	char asked[16][400]; /* "method params" */
	int asked_n, ended_n; /* ended: views */
	const char *refuse; /* the method that is refused */
	const char *silent; /* the method that is not answered */
	struct rpc_req *held;
};

static struct server sv;

static void sv_request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	char *text = params ? json_dumps(params, JSON_COMPACT) : strdup("");
	char hello[200];

	if (sv.asked_n < 16 && strcmp(method, "hello") != 0)
		snprintf(sv.asked[sv.asked_n++], sizeof(sv.asked[0]), "%s %s", method, text);
	sv.ended_n += strcmp(method, "unsubscribe") == 0;
	free(text);
	snprintf(hello, sizeof(hello),
		"{\"version\":\"%s\",\"api\":1,\"pid\":7,\"context\":\"lab\"}", sv.version);
	if (sv.silent && strcmp(method, sv.silent) == 0)
		sv.held = req;
	else if (sv.refuse && strcmp(method, sv.refuse) == 0)
		rpc_reply_err(req, RPC_BAD_PARAMS, "no such field (at byte 5)");
	else if (strcmp(method, "hello") == 0)
		rpc_reply_text(req, slice_of(hello));
	else if (strcmp(method, "subscribe") == 0 || strcmp(method, "update") == 0)
		rpc_reply_text(
			req, slice_of("{\"sub\":3,\"kind\":\"devices\",\"total\":9,\"matched\":2,"
				      "\"offset\":0,\"rows\":[{\"id\":\"a\"},{\"id\":\"b\",\"n\":"
				      "1e400}]}"));
	else if (strcmp(method, "follow") == 0)
		rpc_reply_text(req, slice_of("{\"follow\":4,\"last\":10}"));
	else
		rpc_reply_text(req, slice_of("{\"big\":123456789012345678901234567890}"));
	if (strcmp(method, "stop") == 0) {
		line_server_free(sv.listen);
		sv.listen = NULL;
	}
}

static int sv_send(void *arg, struct slice msg)
{
	return line_send(sv.line, msg);
}

static void sv_message(void *arg, struct slice msg)
{
	rpc_feed(sv.peer, msg);
}

static void sv_hang_up(void)
{
	rpc_free(sv.peer);
	line_free(sv.line);
	sv.peer = NULL;
	sv.line = NULL;
}

static void sv_closed(void *arg, const struct err *why)
{
	if (arg == sv.line)
		sv_hang_up();
}

static void sv_accepted(void *arg, struct line *c)
{
	static const struct rpc_ops rpc_ops = { .send = sv_send, .request = sv_request };
	static const struct line_ops ops = { .message = sv_message, .closed = sv_closed };

	if (sv.line)
		sv_hang_up();
	sv.line = c;
	sv.peer = rpc_new(loop, &rpc_ops, NULL);
	line_start(c, &ops, c);
}

static void sv_listen(void)
{
	struct err e;

	sv.listen = line_listen(loop, path, sv_accepted, NULL, &e);
	if (!sv.listen)
		fail_msg("%s", e.text);
}

static void notify(const char *method, const char *params)
{
	assert_int_equal(rpc_notify_text(sv.peer, method, slice_of(params)), 0);
}

/* Turns until cond, or fails. */
#define UNTIL(cond)                                                     \
	do {                                                            \
		int turns_ = 0;                                         \
		while (!(cond) && turns_++ < 2000)                      \
			loop_turn(loop, 5);                             \
		if (!(cond))                                            \
			fail_msg("line %d: never: %s", __LINE__, #cond); \
	} while (0)

static int setup(void **state)
{
	sv = (struct server){ .version = DEPINCTL_VERSION };
	loop = loop_new();
	sv_listen();
	return 0;
}

static int teardown(void **state)
{
	if (sv.line)
		sv_hang_up();
	line_server_free(sv.listen);
	loop_free(loop);
	unlink(path);
	return 0;
}

static struct client_spec spec(void)
{
	return (struct client_spec){ .loop = loop, .socket = path, .no_start = true };
}

static struct client *open_client(struct client_spec s)
{
	struct err e;
	struct client *c = client_open(&s, &e);

	if (!c)
		fail_msg("%s", e.text);
	return c;
}

/* --- calls --- */

static void asks(void **state)
{
	struct client *c = open_client(spec());
	struct client_hello h;
	struct buf b;
	struct err e;

	buf_init(&b, 1000);
	assert_int_equal(client_ask(c, "status", slice_of("{\"a\":1}"), &b, &e), 0);
	assert_string_equal(b.p, "{\"big\":123456789012345678901234567890}");
	assert_string_equal(sv.asked[0], "status {\"a\":1}");
	assert_int_equal(client_hello(c, &h, &e), 0);
	assert_true(h.same_version && h.api == 1 && h.pid == 7);
	sv.refuse = "query";
	assert_int_equal(client_ask(c, "query", slice_of(""), &b, &e), -1);
	assert_int_equal(e.class, ERR_USAGE);
	assert_int_equal(client_error_at(&e), 5);
	buf_fini(&b);
	client_free(c);
}

static void times_out(void **state)
{
	struct client_spec s = spec();
	struct client *c;
	struct buf b;
	struct err e;

	s.timeout_ms = 30;
	c = open_client(s);
	buf_init(&b, 1000);
	sv.silent = "status";
	assert_int_equal(client_ask(c, "status", slice_of(""), &b, &e), -1);
	assert_int_equal(e.class, ERR_UNREACH);
	rpc_reply_text(sv.held, slice_of("{}"));
	buf_fini(&b);
	client_free(c);
}

static void hang_up(void *arg)
{
	sv_hang_up();
	rpc_reply_text(sv.held, slice_of("{}")); /* goes nowhere */
}

static void line_breaks(void **state)
{
	struct client *c = open_client(spec());
	struct loop_timer *t = loop_timer_new(loop, 20, 0, hang_up, NULL);
	struct buf b;
	struct err e;

	buf_init(&b, 1000);
	sv.silent = "status";
	assert_int_equal(client_ask(c, "status", slice_of(""), &b, &e), -1);
	assert_int_equal(e.class, ERR_UNREACH);
	assert_non_null(strstr(e.text, "closed the line"));
	assert_false(client_up(c));
	assert_int_equal(client_ask(c, "status", slice_of(""), &b, &e), -1);
	buf_fini(&b);
	loop_timer_free(t);
	client_free(c);
}

static void says_good_bye(void **state)
{
	struct client *c = open_client(spec());
	struct client_hello h;
	struct err e;

	client_hello(c, &h, &e);
	notify("bye", "{\"reason\":\"the collector\\u001b[31m stops\"}");
	UNTIL(!client_up(c));
	assert_int_equal(client_wait(c, &e), -1);
	assert_non_null(strstr(e.text, "stops"));
	client_free(c);
}

static void none_runs(void **state)
{
	struct client_spec s = spec();
	struct err e;

	line_server_free(sv.listen);
	sv.listen = NULL;
	assert_null(client_open(&s, &e));
	assert_int_equal(e.class, ERR_UNREACH);
	assert_non_null(strstr(e.text, "no collector runs at"));
}

static bool yes(void *arg, const char *question)
{
	assert_non_null(strstr(question, "0.0.1"));
	sv.version = DEPINCTL_VERSION;
	*(bool *)arg = true;
	return true;
}

/* A collector of another version is stopped when the user says so; the fake one leaves, and
 * none can be started here. */
static void other_version(void **state)
{
	struct client_spec s = spec();
	struct err e;
	bool was_asked = false;

	sv.version = "0.0.1";
	setenv("DEPINCTL_LIBEXEC", "/nonexistent", 1);
	s.no_start = false;
	s.may_replace = yes;
	s.arg = &was_asked;
	assert_null(client_open(&s, &e));
	assert_true(was_asked);
	assert_string_equal(sv.asked[0], "stop ");
	assert_int_equal(e.class, ERR_OURS);
	unsetenv("DEPINCTL_LIBEXEC");
}

static void keep_said(void *arg, const char *line)
{
	snprintf(arg, 200, "%s", line);
}

/* Where nobody can be asked, as in a script, it is told. */
static void other_version_is_told(void **state)
{
	struct client_spec s = spec();
	struct client_hello h;
	struct client *c;
	char said[200] = "";
	struct err e;

	sv.version = "0.0.1";
	s.no_start = false;
	s.say = keep_said;
	s.arg = said;
	c = open_client(s);
	assert_int_equal(client_hello(c, &h, &e), 0);
	assert_string_equal(said, "the collector (pid 7) is version 0.0.1, this is " DEPINCTL_VERSION
				  "; `depinctl stop` ends it");
	client_free(c);
}

/* --- views --- */

struct seen {
	int changes, refusals, at, lost, back;
	int rows;
	uint64_t missed;
	char text[200];
};

static void seen_change(void *arg, struct client_view *v)
{
	((struct seen *)arg)->changes++;
}

static void seen_refusal(void *arg, struct client_view *v, const struct err *e, int at)
{
	struct seen *s = arg;

	s->refusals++;
	s->at = at;
}

static void seen_state(void *arg, const struct err *why)
{
	struct seen *s = arg;

	if (why)
		s->lost++;
	else
		s->back++;
}

static const struct client_view_ops view_ops = { seen_change, seen_refusal };

static void view_follows(void **state)
{
	struct client *c = open_client(spec());
	struct client_query q = { .kind = "devices", .filter = "a=1", .limit = 50 };
	struct seen s = { 0 };
	struct client_view *v = client_view_new(c, &q, &view_ops, &s);

	UNTIL(s.changes == 1);
	assert_non_null(strstr(sv.asked[0], "\"filter\":\"a=1\""));
	assert_int_equal(client_view_total(v), 9);
	assert_int_equal(client_view_n(v), 2);
	assert_string_equal(json_str(client_view_row(v, 0), "id", ""), "a");
	assert_true(slice_is(client_view_text(v, 1), "{\"id\":\"b\",\"n\":1e400}"));
	notify("rows",
		"{\"sub\":3,\"total\":9,\"matched\":3,\"offset\":0,\"n\":3,"
		"\"set\":[[2,{\"id\":\"c\"}],[0,{\"id\":\"z\"}],[7,{\"id\":\"no\"}],[\"x\"],5]}");
	UNTIL(s.changes == 2);
	assert_int_equal(client_view_n(v), 3);
	assert_string_equal(json_str(client_view_row(v, 0), "id", ""), "z");
	assert_string_equal(json_str(client_view_row(v, 1), "id", ""), "b");
	assert_string_equal(json_str(client_view_row(v, 2), "id", ""), "c");
	assert_null(client_view_row(v, 3));
	notify("rows", "{\"sub\":3,\"total\":9,\"matched\":1,\"offset\":0,\"n\":1,\"set\":[]}");
	notify("rows", "{\"sub\":99,\"n\":1,\"set\":[]}");
	notify("rows", "{\"sub\":3,\"n\":99999999,\"set\":[]}");
	notify("rows", "[]");
	UNTIL(s.changes == 3);
	assert_int_equal(client_view_n(v), 1);
	client_view_free(v);
	client_free(c);
}

/* While one question is under way only the newest of the others is asked. */
static void view_updates(void **state)
{
	struct client *c = open_client(spec());
	struct client_query q = { .kind = "devices", .filter = "one" };
	struct seen s = { 0 };
	struct client_view *v = client_view_new(c, &q, &view_ops, &s);

	q.filter = "two";
	client_view_set(v, &q);
	q.filter = "three";
	client_view_set(v, &q);
	UNTIL(s.changes == 2);
	assert_int_equal(sv.asked_n, 2);
	assert_int_equal(strncmp(sv.asked[1], "update ", 7), 0);
	assert_non_null(strstr(sv.asked[1], "three"));
	sv.refuse = "update";
	client_view_set(v, &q);
	UNTIL(s.refusals == 1);
	assert_int_equal(s.at, 5);
	assert_int_equal(client_view_n(v), 2);
	client_view_free(v);
	UNTIL(sv.asked_n == 4);
	assert_string_equal(sv.asked[3], "unsubscribe {\"sub\":3}");
	client_free(c);
}

static void view_outlives_the_line(void **state)
{
	struct seen s = { 0 };
	struct client_spec cs = spec();
	struct client_query q = { .kind = "devices" };
	struct client_view *v;
	struct client *c;

	cs.reconnect = true;
	cs.state = seen_state;
	cs.arg = &s;
	c = open_client(cs);
	v = client_view_new(c, &q, &view_ops, &s);
	UNTIL(s.changes == 1);
	sv_hang_up();
	UNTIL(s.lost == 1);
	assert_int_equal(client_view_n(v), 2);
	UNTIL(s.back == 1 && s.changes == 2);
	assert_int_equal(strncmp(sv.asked[1], "subscribe ", 10), 0);
	client_view_free(v);
	client_free(c);
}

/* A view that ends before its answer leaves no subscription behind. */
static void view_ends_early(void **state)
{
	struct client *c = open_client(spec());
	struct client_query q = { .kind = "devices" };
	struct seen s = { 0 };

	client_view_free(client_view_new(c, &q, &view_ops, &s));
	UNTIL(sv.asked_n == 2);
	assert_string_equal(sv.asked[1], "unsubscribe {\"sub\":3}");
	assert_int_equal(s.changes, 0);
	client_free(c);
}

/* However many lay at its place before, an answer is told to the one that asked. */
static void views_end_early(void **state)
{
	struct client *c = open_client(spec());
	struct client_query q = { .kind = "devices" };
	struct client_view *v[12];
	struct seen s = { 0 };

	for (int i = 0; i < 12; i++)
		v[i] = client_view_new(c, &q, &view_ops, &s);
	for (int i = 0; i < 12; i++)
		client_view_free(v[i]);
	q.kind = "events";
	for (int i = 0; i < 12; i++)
		v[i] = client_view_new(c, &q, &view_ops, &s);
	UNTIL(s.changes >= 12 && sv.ended_n >= 12);
	assert_int_equal(s.changes, 12);
	assert_int_equal(sv.ended_n, 12);
	for (int i = 0; i < 12; i++)
		client_view_free(v[i]);
	client_free(c);
}

/* --- follows --- */

static void seen_rows(void *arg, struct slice rows, uint64_t missed)
{
	struct seen *s = arg;

	s->rows++;
	s->missed += missed;
	snprintf(s->text, sizeof(s->text), "%.*s", SLICE_ARG(rows));
}

static void seen_no(void *arg, const struct err *e)
{
	((struct seen *)arg)->refusals++;
}

static void follow_resumes(void **state)
{
	struct seen s = { 0 };
	struct client_spec cs = spec();
	struct client_follow_spec fs = {
		.filter = "x", .rows = seen_rows, .refused = seen_no, .arg = &s
	};
	struct client_follow *f;
	struct client *c;

	cs.reconnect = true;
	c = open_client(cs);
	f = client_follow_new(c, &fs);
	UNTIL(sv.asked_n == 1);
	assert_string_equal(sv.asked[0], "follow {\"filter\":\"x\"}");
	loop_turn(loop, 20);
	notify("events", "{\"follow\":4,\"rows\":[{\"n\":11},{\"n\":12}],\"missed\":0}");
	UNTIL(s.rows == 1);
	assert_string_equal(s.text, "[{\"n\":11},{\"n\":12}]");
	notify("events", "{\"follow\":4,\"rows\":[],\"missed\":3}");
	UNTIL(s.rows == 2);
	assert_int_equal(s.missed, 3);
	sv_hang_up();
	UNTIL(sv.asked_n == 2);
	assert_string_equal(sv.asked[1], "follow {\"filter\":\"x\",\"after\":12}");
	client_follow_free(f);
	client_free(c);
}

static void follow_is_refused(void **state)
{
	struct client *c = open_client(spec());
	struct seen s = { 0 };
	struct client_follow_spec fs = {
		.filter = "=", .rows = seen_rows, .refused = seen_no, .arg = &s
	};
	struct client_follow *f;

	sv.refuse = "follow";
	f = client_follow_new(c, &fs);
	UNTIL(s.refusals == 1);
	client_follow_free(f);
	client_free(c);
}

/* --- starting one --- */

static void write_program(const char *text)
{
	char name[128];
	FILE *f;

	snprintf(name, sizeof(name), "%s/depinctl-collector", dir);
	f = fopen(name, "w");
	fputs(text, f);
	fclose(f);
	chmod(name, 0700);
}

static int start(struct err *e)
{
	struct start_spec s = { .socket = path, .context = "lab", .linger_ms = 1 };

	*e = (struct err){ 0 };
	return start_collector(&s, e);
}

static void starts(void **state)
{
	struct err e;
	char name[128];

	setenv("DEPINCTL_LIBEXEC", dir, 1);
	assert_int_equal(start(&e), -1);
	assert_int_equal(e.class, ERR_OURS);
	write_program("#!/bin/sh\necho 'error 4: no such context' >&3\n");
	assert_int_equal(start(&e), -1);
	assert_non_null(strstr(e.text, "no such context"));
	assert_int_equal(e.class, ERR_REFUSED);
	write_program("#!/bin/sh\necho 'error 7: no such class' >&3\n");
	assert_int_equal(start(&e), -1);
	assert_int_equal(e.class, ERR_OURS);
	write_program("#!/bin/sh\nexit 1\n");
	assert_int_equal(start(&e), -1);
	assert_non_null(strstr(e.text, "ended before"));
	write_program("#!/bin/sh\necho \"$*\" > \"${0%/*}/args\"\nprintf 'rea' >&3\nprintf 'dy\\n' "
		      ">&3\n");
	assert_true(start(&e) > 0);
	snprintf(name, sizeof(name), "%s/depinctl-collector", dir);
	unlink(name);
	snprintf(name, sizeof(name), "%s/args", dir);
	assert_int_equal(unlink(name), 0);
	unsetenv("DEPINCTL_LIBEXEC");
}

int main(void)
{
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(asks),
		CASE(times_out),
		CASE(line_breaks),
		CASE(says_good_bye),
		CASE(none_runs),
		CASE(other_version),
		CASE(other_version_is_told),
		CASE(view_follows),
		CASE(view_updates),
		CASE(view_outlives_the_line),
		CASE(view_ends_early),
		CASE(views_end_early),
		CASE(follow_resumes),
		CASE(follow_is_refused),
		CASE(starts),
	};
	int rc;

	snprintf(dir, sizeof(dir), "/tmp/depinctl-client-XXXXXX");
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/socket", dir);
	setenv("XDG_STATE_HOME", dir, 1);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/socket.lock", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/depinctl", dir);
	rmdir(path);
	rmdir(dir);
	return rc;
}
