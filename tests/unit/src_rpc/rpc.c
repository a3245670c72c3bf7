#include "rpc/rpc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"

/* One peer whose other side is the test: what it sends is kept as text. */
struct bench {
	struct loop *l;
	struct rpc_peer *p;
	struct buf sent; /* a message a line */
	bool down;
	struct rpc_req *held; /* the last request with method "later" */
	int requests, notices;
	struct buf seen; /* "method params" of notices */
	/* the last answer to a call of ours */
	int answers, code;
	struct err e;
	struct buf result;
	struct buf data;
	bool free_in_fn;
};

static int on_send(void *arg, struct slice msg)
{
	struct bench *b = arg;

	if (b->down)
		return -1;
	buf_addslice(&b->sent, msg);
	buf_addc(&b->sent, '\n');
	return 0;
}

static void on_request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	struct bench *b = arg;

	b->requests++;
	if (strcmp(method, "echo") == 0) {
		char *s = json_dumps(params, JSON_COMPACT);

		rpc_reply_text(req, slice_of(s));
		free(s);
	} else if (strcmp(method, "later") == 0) {
		b->held = req;
	} else if (strcmp(method, "bye") == 0) {
		rpc_free(b->p);
		b->p = NULL;
		rpc_reply_text(req, slice_of("1"));
	} else {
		rpc_reply_err(req, RPC_NO_METHOD, "no method \"%s\"", method);
	}
}

static void on_notice(void *arg, const char *method, const json_t *params)
{
	struct bench *b = arg;
	char *s = json_dumps(params, JSON_COMPACT);

	b->notices++;
	buf_addf(&b->seen, "%s %s", method, s ? s : "-");
	free(s);
}

static const struct rpc_ops ops = { on_send, on_request, on_notice, NULL };

static int setup(void **state)
{
	struct bench *b = xcalloc(1, sizeof(*b));

	b->l = loop_new();
	b->p = rpc_new(b->l, &ops, b);
	buf_init(&b->sent, 1u << 30);
	buf_init(&b->seen, 1u << 20);
	buf_init(&b->result, 1u << 30);
	buf_init(&b->data, 1u << 20);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	rpc_free(b->p);
	loop_free(b->l);
	buf_fini(&b->sent);
	buf_fini(&b->seen);
	buf_fini(&b->result);
	buf_fini(&b->data);
	free(b);
	return 0;
}

static void feed(struct bench *b, const char *text)
{
	buf_reset(&b->sent);
	rpc_feed(b->p, slice_of(text));
}

#define assert_sent(b, text) assert_string_equal((b)->sent.p, text)

static void on_answer(void *arg, const json_t *result, int code, const struct err *e)
{
	struct bench *b = arg;
	char *s = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);

	b->answers++;
	b->code = code;
	b->e = e ? *e : (struct err){ 0 };
	buf_reset(&b->result);
	buf_adds(&b->result, s ? s : "");
	free(s);
	buf_reset(&b->data);
	buf_addslice(&b->data, rpc_error_data(b->p));
	if (b->free_in_fn) {
		rpc_free(b->p);
		b->p = NULL;
	}
}

static void on_raw(void *arg, struct slice result, int code, const struct err *e)
{
	struct bench *b = arg;

	b->answers++;
	b->code = code;
	b->e = e ? *e : (struct err){ 0 };
	buf_reset(&b->result);
	buf_addslice(&b->result, result);
}

static void request_is_answered_with_its_id_byte_for_byte(void **state)
{
	static const char *const ids[] = { "1", "0", "-7", "1.50", "\"a\\u0041\\n\"", "null",
		"123456789012345678901234567890", "1e400", "\"\xc3\xa9\"" };
	struct bench *b = *state;
	char msg[256], want[256];

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		snprintf(msg, sizeof(msg),
			" {\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1,\"x\"], \"id\" : %s } ",
			ids[i]);
		snprintf(want, sizeof(want), "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":[1,\"x\"]}\n",
			ids[i]);
		feed(b, msg);
		assert_sent(b, want);
	}
	assert_int_equal(b->requests, ARRAY_LEN(ids));
}

static void unsound_requests_are_answered_and_counted(void **state)
{
	static const struct {
		const char *msg;
		int code;
	} rows[] = {
		{ "", -32700 }, { "{", -32700 }, { "nonsense", -32700 }, { "{} {}", -32700 },
		{ "{\"method\":\"echo\",\"id\":1", -32700 }, { "\"text\"", -32600 }, { "17", -32600 },
		{ "{}", -32600 }, { "[]", -32600 }, { "{\"id\":1}", -32600 },
		{ "{\"method\":7,\"id\":1}", -32600 }, { "{\"method\":\"\",\"id\":1}", -32600 },
		{ "{\"method\":\"a\\u0000b\",\"id\":1}", -32600 },
		{ "{\"method\":\"echo\",\"id\":{}}", -32600 },
		{ "{\"method\":\"echo\",\"id\":[1]}", -32600 },
		{ "{\"method\":\"echo\",\"id\":true}", -32600 },
		{ "{\"method\":\"echo\",\"id\":1-2}", -32600 },
		{ "{\"method\":\"echo\",\"id\":01}", -32600 },
		{ "{\"method\":\"echo\",\"id\":\"\xff\"}", -32600 },
	};
	struct bench *b = *state;
	char want[64];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		feed(b, rows[i].msg);
		snprintf(want, sizeof(want), "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":%d,",
			rows[i].code);
		assert_non_null(strstr(b->sent.p, want));
	}
	assert_int_equal(rpc_counts(b->p).malformed, ARRAY_LEN(rows));
	assert_int_equal(b->requests, 0);
	feed(b, "{\"method\":\"echo\",\"id\":5,\"params\":3}");
	assert_sent(b, "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32602,"
		       "\"message\":\"params: not an array or an object\"}}\n");
}

static void method_too_long_is_refused(void **state)
{
	struct bench *b = *state;
	struct buf m;

	buf_init(&m, 1000);
	buf_adds(&m, "{\"id\":1,\"method\":\"");
	for (int i = 0; i < 300; i++)
		buf_addc(&m, 'm');
	buf_adds(&m, "\"}");
	feed(b, m.p);
	assert_non_null(strstr(b->sent.p, "-32600"));
	buf_fini(&m);
}

static void deep_nesting_is_refused(void **state)
{
	struct bench *b = *state;
	char *s = xmalloc(200001);

	memset(s, '[', 200000);
	s[200000] = '\0';
	feed(b, s);
	assert_non_null(strstr(b->sent.p, "-32700"));
	free(s);
}

static void notice_gets_no_answer(void **state)
{
	struct bench *b = *state;

	feed(b, "{\"jsonrpc\":\"2.0\",\"method\":\"tick\",\"params\":{\"a\":[]}}");
	feed(b, "{\"jsonrpc\":\"2.0\",\"method\":\"tock\"}");
	assert_sent(b, "");
	assert_string_equal(b->seen.p, "tick {\"a\":[]}tock -");
}

static void raw_notice(void *arg, const char *method, struct slice params)
{
	struct bench *b = arg;

	buf_addf(&b->seen, "%s %.*s;", method, SLICE_ARG(params));
}

static void raw_notices_keep_their_text(void **state)
{
	struct bench *b = *state;
	struct rpc_ops o = { .send = on_send, .notice_raw = raw_notice };
	struct rpc_peer *p = rpc_new(b->l, &o, b);

	rpc_feed(p, slice_of("{\"method\":\"n\",\"params\":{ \"v\" : 1e999 }}"));
	rpc_feed(p, slice_of("{\"method\":\"m\"}"));
	assert_string_equal(b->seen.p, "n { \"v\" : 1e999 };m ;");
	/* one that answers no requests says so, and does not quarrel about nonsense */
	rpc_feed(p, slice_of("{\"method\":\"m\",\"id\":1}"));
	assert_non_null(strstr(b->sent.p, "\"id\":1,\"error\":{\"code\":-32601"));
	buf_reset(&b->sent);
	rpc_feed(p, slice_of("nonsense"));
	assert_sent(b, "");
	assert_int_equal(rpc_counts(p).malformed, 1);
	rpc_free(p);
}

static void batch_is_answered_with_one(void **state)
{
	struct bench *b = *state;

	feed(b, "[{\"method\":\"echo\",\"params\":[1],\"id\":1},{\"method\":\"tick\"},"
		"{\"method\":\"later\",\"id\":\"x\"},7,{\"method\":\"nope\",\"id\":3}]");
	assert_sent(b, "");
	rpc_reply_text(b->held, slice_of("true"));
	assert_sent(b, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]},"
		       "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,"
		       "\"message\":\"not a request: no JSON object\"}},"
		       "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32601,"
		       "\"message\":\"no method \\\"nope\\\"\"}},"
		       "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":true}]\n");
	feed(b, "[{\"method\":\"tick\"},{\"method\":\"tick\"}]");
	assert_sent(b, ""); /* nothing but notices: no answer at all */
	assert_int_equal(b->notices, 3);
}

static void batch_of_too_many_is_cut(void **state)
{
	struct bench *b = *state;
	struct buf m;

	buf_init(&m, 1u << 20);
	buf_addc(&m, '[');
	for (int i = 0; i < RPC_MAX_PENDING + 10; i++)
		buf_adds(&m, i ? ",{\"method\":\"n\"}" : "{\"method\":\"n\"}");
	buf_addc(&m, ']');
	feed(b, m.p);
	assert_int_equal(b->notices, RPC_MAX_PENDING);
	assert_non_null(strstr(b->sent.p, "too many"));
	buf_fini(&m);
}

static void requests_beyond_the_limit_are_refused_as_busy(void **state)
{
	struct bench *b = *state;
	struct rpc_req *held[RPC_MAX_PENDING];

	for (int i = 0; i < RPC_MAX_PENDING; i++) {
		feed(b, "{\"method\":\"later\",\"id\":1}");
		held[i] = b->held;
	}
	assert_sent(b, "");
	feed(b, "{\"method\":\"later\",\"id\":2}");
	assert_non_null(strstr(b->sent.p, "\"id\":2,\"error\":{\"code\":-32004"));
	assert_int_equal(rpc_counts(b->p).busy, 1);
	rpc_reply_text(held[7], slice_of("1"));
	feed(b, "{\"method\":\"echo\",\"id\":3}");
	assert_non_null(strstr(b->sent.p, "\"id\":3,\"result\":"));
	for (int i = 0; i < RPC_MAX_PENDING; i++)
		if (i != 7)
			rpc_reply_err(held[i], RPC_INTERNAL, "no");
}

static void answer_after_the_peer_is_gone_goes_nowhere(void **state)
{
	struct bench *b = *state;
	struct rpc_req *alone;

	feed(b, "{\"method\":\"later\",\"id\":1}");
	alone = b->held;
	feed(b, "[{\"method\":\"later\",\"id\":2}]");
	rpc_free(b->p);
	b->p = NULL;
	rpc_reply_text(alone, slice_of("1"));
	rpc_reply_err(b->held, RPC_INTERNAL, "x");
	assert_sent(b, "");
}

static void peer_may_be_freed_while_it_is_fed(void **state)
{
	struct bench *b = *state;

	feed(b, "[{\"method\":\"bye\",\"id\":1},{\"method\":\"echo\",\"id\":2}]");
	assert_null(b->p);
	assert_sent(b, "");
	assert_int_equal(b->requests, 1);
}

static void call_is_sent_and_answered_once(void **state)
{
	struct bench *b = *state;
	uint64_t id = rpc_call(b->p, "eth_\"x", json_pack("[s,i]", "latest", 7), 0, on_answer, b);

	assert_int_equal(id, 1);
	assert_sent(b, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_\\\"x\",\"params\":[\"latest\",7]}\n");
	feed(b, "{\"jsonrpc\":\"2.0\",\"result\":{\"n\":18446744073709551616,\"m\":1},\"id\":1}");
	assert_int_equal(b->answers, 1);
	assert_string_equal(b->result.p, "{\"n\":\"18446744073709551616\",\"m\":1}");
	feed(b, "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":1}"); /* again: to nobody */
	feed(b, "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":99}");
	feed(b, "{\"jsonrpc\":\"2.0\",\"result\":1,\"id\":\"1\"}");
	feed(b, "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,\"message\":\"x\"},\"id\":null}");
	assert_int_equal(b->answers, 1);
	assert_int_equal(rpc_counts(b->p).stray, 4);
}

static void errors_keep_code_message_and_data(void **state)
{
	static const struct {
		const char *error;
		int code;
		enum err_class class;
		const char *text;
	} rows[] = {
		{ "{\"code\":3,\"message\":\"execution reverted\",\"data\":\"0x08c3\"}", 3, ERR_REFUSED,
			"execution reverted" },
		{ "{\"code\":-32601,\"message\":\"no such method\"}", -32601, ERR_USAGE, "no such method" },
		{ "{\"code\":-32003,\"message\":\"no such device\"}", -32003, ERR_NO, "no such device" },
		{ "{\"code\":-32001,\"message\":\"node is away\"}", -32001, ERR_UNREACH, "node is away" },
		{ "{\"code\":-32005,\"message\":\"a\\nb\\u001b[2J\"}", -32005, ERR_REFUSED, "a^Jb^[[2J" },
		{ "\"just text\"", -32603, ERR_OURS, "just text" },
		{ "{}", -32603, ERR_OURS, "an error without a message" },
		{ "{\"code\":99999999999999,\"message\":7}", -32603, ERR_OURS, "an error without a message" },
	};
	struct bench *b = *state;
	char msg[256];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t id = rpc_call(b->p, "m", NULL, 0, on_answer, b);

		snprintf(msg, sizeof(msg), "{\"id\":%d,\"error\":%s}", (int)id, rows[i].error);
		feed(b, msg);
		assert_int_equal(b->code, rows[i].code);
		assert_int_equal(b->e.class, rows[i].class);
		assert_string_equal(b->e.text, rows[i].text);
		assert_string_equal(b->data.p, i == 0 ? "\"0x08c3\"" : "");
	}
}

static void null_error_beside_a_result_is_a_result(void **state)
{
	struct bench *b = *state;

	rpc_call(b->p, "m", NULL, 0, on_answer, b);
	feed(b, "{\"id\":1,\"error\":null,\"result\":null}");
	assert_int_equal(b->e.class, ERR_NONE);
	assert_string_equal(b->result.p, "null");
}

static void a_long_message_is_cut_at_a_character(void **state)
{
	struct bench *b = *state;
	struct buf m;

	buf_init(&m, 10000);
	buf_adds(&m, "{\"id\":1,\"error\":{\"code\":5,\"message\":\"x");
	for (int i = 0; i < 1000; i++)
		buf_adds(&m, "\xc3\xa9");
	buf_adds(&m, "\"}}");
	rpc_call(b->p, "m", NULL, 0, on_answer, b);
	feed(b, m.p);
	assert_int_equal(strlen(b->e.text), 511);
	assert_string_equal(b->e.text + 509, "\xc3\xa9");
	buf_fini(&m);
}

static void unreadable_result_is_an_error(void **state)
{
	struct bench *b = *state;

	rpc_call(b->p, "m", NULL, 0, on_answer, b);
	feed(b, "{\"id\":1,\"result\":[1-2]}"); /* sound in structure, but no number */
	assert_int_equal(b->answers, 1);
	assert_int_equal(b->e.class, ERR_UNREACH);
	rpc_call_raw(b->p, "m", slice_of("[]"), 0, on_raw, b);
	feed(b, "{\"id\":2,\"result\":{ \"z\" : 1.000 }}");
	assert_string_equal(b->result.p, "{ \"z\" : 1.000 }");
	rpc_call_raw(b->p, "m", slice_of("[]"), 0, on_raw, b);
	feed(b, "{\"id\":3,\"error\":{\"code\":5,\"message\":\"no\"}}");
	assert_int_equal(b->code, 5);
	assert_string_equal(b->result.p, "");
}

static void call_times_out(void **state)
{
	struct bench *b = *state;

	rpc_call(b->p, "slow", NULL, 5, on_answer, b);
	while (!b->answers)
		loop_turn(b->l, -1);
	assert_int_equal(b->e.class, ERR_UNREACH);
	assert_string_equal(b->e.text, "slow: no answer within 5 ms");
	feed(b, "{\"id\":1,\"result\":1}");
	assert_int_equal(b->answers, 1);
	assert_int_equal(rpc_counts(b->p).stray, 1);
}

static void answered_call_does_not_time_out(void **state)
{
	struct bench *b = *state;

	rpc_call(b->p, "fast", NULL, 5, on_answer, b);
	feed(b, "{\"id\":1,\"result\":1}");
	loop_run(b->l); /* nothing is left to wait for */
	assert_int_equal(b->answers, 1);
	assert_int_equal(b->e.class, ERR_NONE);
}

static void cancelled_call_is_silent(void **state)
{
	struct bench *b = *state;
	uint64_t id = rpc_call(b->p, "m", NULL, 5, on_answer, b);

	rpc_cancel(b->p, id);
	rpc_cancel(b->p, id);
	rpc_cancel(b->p, 12345);
	feed(b, "{\"id\":1,\"result\":1}");
	loop_run(b->l);
	assert_int_equal(b->answers, 0);
}

static void call_on_a_broken_line_fails_at_once(void **state)
{
	struct bench *b = *state;

	b->down = true;
	assert_int_equal(rpc_call(b->p, "m", NULL, 1000, on_answer, b), 0);
	assert_int_equal(b->answers, 1);
	assert_int_equal(b->e.class, ERR_UNREACH);
	assert_int_equal(rpc_counts(b->p).unsent, 1);
	assert_int_equal(rpc_notify_text(b->p, "n", slice_of("[]")), -1);
}

static void calls_beyond_the_limit_fail(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < RPC_MAX_PENDING; i++)
		assert_int_not_equal(rpc_call(b->p, "m", NULL, 0, on_answer, b), 0);
	assert_int_equal(rpc_call(b->p, "m", NULL, 0, on_answer, b), 0);
	assert_int_equal(b->e.class, ERR_REFUSED);
	/* the first stays open while thousands pass: its slot is walked around */
	for (int i = 2; i <= RPC_MAX_PENDING; i++)
		rpc_cancel(b->p, (uint64_t)i);
	for (int i = 0; i < 5000; i++) {
		uint64_t id = rpc_call(b->p, "m", NULL, 0, on_answer, b);

		assert_int_not_equal(id, 0);
		rpc_cancel(b->p, id);
	}
	b->answers = 0;
	feed(b, "{\"id\":1,\"result\":\"late\"}");
	assert_int_equal(b->answers, 1);
	assert_string_equal(b->result.p, "\"late\"");
}

static void free_ends_all_calls(void **state)
{
	struct bench *b = *state;
	struct rpc_peer *p = b->p;

	for (int i = 0; i < 20; i++)
		rpc_call(p, "m", NULL, 1000, on_answer, b);
	rpc_free(p);
	assert_int_equal(b->answers, 20);
	assert_int_equal(b->e.class, ERR_UNREACH);
	b->p = NULL;
}

static void peer_may_be_freed_in_an_answer(void **state)
{
	struct bench *b = *state;

	rpc_call(b->p, "m", NULL, 1000, on_answer, b);
	rpc_call(b->p, "n", NULL, 1000, on_answer, b);
	b->free_in_fn = true;
	feed(b, "{\"id\":1,\"error\":{\"code\":5}}");
	assert_null(b->p);
	assert_int_equal(b->answers, 2);
}

/* Two peers back to back, ten megabytes each way. */
struct pair {
	struct rpc_peer *other;
	struct bench *b;
};

static int pair_send(void *arg, struct slice msg)
{
	struct pair *x = arg;

	rpc_feed(x->other, msg);
	return 0;
}

static void pair_request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	on_request(((struct pair *)arg)->b, req, method, params);
}

static void large_messages_pass_both_ways(void **state)
{
	struct bench *b = *state;
	struct pair x = { .b = b }, y = { .b = b };
	const struct rpc_ops o = { .send = pair_send, .request = pair_request };
	struct rpc_peer *px = rpc_new(b->l, &o, &x), *py = rpc_new(b->l, &o, &y);
	size_t n = 10u << 20;
	char *s = xmalloc(n + 5);

	x.other = py;
	y.other = px;
	memset(s, 'z', n + 4);
	memcpy(s, "[\"", 2);
	memcpy(s + n + 2, "\"]", 3);
	rpc_call_text(px, "echo", slice_of(s), 0, on_answer, b);
	assert_int_equal(b->answers, 1);
	assert_true(strcmp(b->result.p, s) == 0);
	free(s);
	rpc_free(px);
	rpc_free(py);
}

static void classes_and_codes_map_both_ways(void **state)
{
	for (int c = ERR_NO; c <= ERR_OURS; c++)
		assert_int_equal(rpc_class_of(rpc_code_of((enum err_class)c)), c);
	assert_int_equal(rpc_code_of(ERR_NONE), 0);
	assert_int_equal(rpc_class_of(RPC_PARSE), ERR_USAGE);
	assert_int_equal(rpc_class_of(RPC_BUSY), ERR_REFUSED);
	assert_int_equal(rpc_class_of(3), ERR_REFUSED);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(request_is_answered_with_its_id_byte_for_byte),
		T(unsound_requests_are_answered_and_counted),
		T(method_too_long_is_refused),
		T(deep_nesting_is_refused),
		T(notice_gets_no_answer),
		T(raw_notices_keep_their_text),
		T(batch_is_answered_with_one),
		T(batch_of_too_many_is_cut),
		T(requests_beyond_the_limit_are_refused_as_busy),
		T(answer_after_the_peer_is_gone_goes_nowhere),
		T(peer_may_be_freed_while_it_is_fed),
		T(call_is_sent_and_answered_once),
		T(errors_keep_code_message_and_data),
		T(null_error_beside_a_result_is_a_result),
		T(a_long_message_is_cut_at_a_character),
		T(unreadable_result_is_an_error),
		T(call_times_out),
		T(answered_call_does_not_time_out),
		T(cancelled_call_is_silent),
		T(call_on_a_broken_line_fails_at_once),
		T(calls_beyond_the_limit_fail),
		T(free_ends_all_calls),
		T(peer_may_be_freed_in_an_answer),
		T(large_messages_pass_both_ways),
		T(classes_and_codes_map_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
