#include "net/ws_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/alloc.h"

#define MAX 100000u

static const char *const names[] = { [WS_WANT] = "want", [WS_TEXT] = "text",
	[WS_BINARY] = "binary", [WS_PING] = "ping", [WS_PONG] = "pong", [WS_CLOSE] = "close",
	[WS_BROKEN] = "broken" };

/* Everything up to the end of `in`, as words. */
static enum ws_event read_all(struct ws_decoder *d, struct slice in, struct buf *out)
{
	for (;;) {
		struct slice msg;
		enum ws_event what = ws_decoder_next(d, &in, &msg);

		if (what == WS_WANT || what == WS_BROKEN) {
			if (what == WS_WANT)
				assert_int_equal(in.n, 0);
			return what;
		}
		if (msg.n > 200)
			buf_addf(out, "%s:%zu*%c ", names[what], msg.n, msg.p[msg.n / 2]);
		else
			buf_addf(out, "%s:%.*s ", names[what], SLICE_ARG(msg));
	}
}

/* A server's frame. */
static void frame(struct buf *b, unsigned char first, const char *p, size_t n)
{
	buf_addc(b, (char)first);
	if (n < 126) {
		buf_addc(b, (char)n);
	} else if (n < 65536) {
		buf_add(b, (char[]){ 126, (char)(n >> 8), (char)n }, 3);
	} else {
		buf_add(b, (char[]){ 127, 0, 0, 0, 0, 0, (char)(n >> 16), (char)(n >> 8), (char)n }, 9);
	}
	buf_add(b, p, n);
}

static void frame_text(struct buf *b, unsigned char first, const char *text)
{
	frame(b, first, text, strlen(text));
}

static char *filled(char c, size_t n)
{
	char *p = xmalloc(n);

	memset(p, c, n);
	return p;
}

static void some_frames(struct buf *b)
{
	char *m = filled('m', 300), *l = filled('l', 70000);

	frame_text(b, 0x81, "hello");
	frame_text(b, 0x82, "");
	frame_text(b, 0x89, "are you there");
	frame_text(b, 0x01, "in ");
	frame_text(b, 0x8a, "");
	frame_text(b, 0x00, "three ");
	frame_text(b, 0x89, "x");
	frame_text(b, 0x80, "pieces");
	frame_text(b, 0x02, "");
	frame_text(b, 0x80, "late");
	frame(b, 0x81, m, 300);
	frame(b, 0x81, l, 70000);
	frame_text(b, 0x81, "");
	frame(b, 0x88, "\x03\xe8" "bye", 5);
	free(m);
	free(l);
}

#define SAID "text:hello binary: ping:are you there pong: ping:x text:in three pieces binary:late " \
	     "text:300*m text:70000*l text: close:\x03\xe8" "bye "

static void a_stream_may_be_cut_anywhere(void **state)
{
	struct ws_decoder d;
	struct buf b, out;

	buf_init(&b, 1u << 20);
	buf_init(&out, 1u << 20);
	ws_decoder_init(&d, MAX);
	some_frames(&b);
	for (size_t at = 0; at <= b.len; at += at < 600 || at > b.len - 300 ? 1 : 997) {
		ws_decoder_reset(&d);
		buf_reset(&out);
		assert_int_equal(read_all(&d, slice_mem(b.p, at), &out), WS_WANT);
		assert_int_equal(read_all(&d, slice_mem(b.p + at, b.len - at), &out), WS_WANT);
		assert_string_equal(out.p, SAID);
	}
	ws_decoder_reset(&d);
	buf_reset(&out);
	for (size_t i = 0; i < b.len; i++) {
		char *one = xmemdup0(b.p + i, 1); /* of its own, so that nobody reads beyond */

		assert_int_equal(read_all(&d, slice_mem(one, 1), &out), WS_WANT);
		free(one);
	}
	assert_string_equal(out.p, SAID);
	ws_decoder_fini(&d);
	buf_fini(&out);
	buf_fini(&b);
}

static void a_whole_message_is_not_copied(void **state)
{
	struct ws_decoder d;
	struct slice in = slice_mem("\x81\x02hi\x81\x02yo", 8), msg;
	const char *p = in.p;

	ws_decoder_init(&d, MAX);
	assert_int_equal(ws_decoder_next(&d, &in, &msg), WS_TEXT);
	assert_ptr_equal(msg.p, p + 2);
	assert_int_equal(in.n, 4);
	assert_int_equal(ws_decoder_next(&d, &in, &msg), WS_TEXT);
	assert_ptr_equal(msg.p, p + 6);
	assert_int_equal(ws_decoder_next(&d, &in, &msg), WS_WANT);
	ws_decoder_fini(&d);
}

static const struct {
	const char *bytes;
	size_t n;
	int code;
	const char *before; /* what is heard first */
} wrong[] = {
	{ "\xc1\x01x", 3, 1002, "" },			      /* reserved bits */
	{ "\xa1\x01x", 3, 1002, "" },
	{ "\x91\x01x", 3, 1002, "" },
	{ "\x83\x01x", 3, 1002, "" },			      /* kinds that do not exist */
	{ "\x87\x01x", 3, 1002, "" },
	{ "\x8b\x01x", 3, 1002, "" },
	{ "\x8f\x01x", 3, 1002, "" },
	{ "\x81\x81\x00\x00\x00\x00x", 7, 1002, "" },	      /* masked */
	{ "\x89\x80\x00\x00\x00\x00", 6, 1002, "" },
	{ "\x09\x01x", 3, 1002, "" },			      /* a PING in fragments */
	{ "\x08\x00", 2, 1002, "" },
	{ "\x89\x7e\x00\x7e", 4, 1002, "" },		      /* too long a PING */
	{ "\x8a\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10, 1002, "" },
	{ "\x88\x01\x03", 3, 1002, "" },		      /* half a code */
	{ "\x80\x01x", 3, 1002, "" },			      /* a fragment of nothing */
	{ "\x81\x01x\x80\x01x", 6, 1002, "text:x " },
	{ "\x01\x01x\x81\x01x", 6, 1002, "" },		      /* a message within another */
	{ "\x01\x01x\x89\x01y\x02\x01x", 9, 1002, "ping:y " },
	{ "\x81\x7e\x00\x7d", 4, 1002, "" },		      /* lengths the long way */
	{ "\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", 10, 1002, "" },
	{ "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00", 10, 1002, "" },
	{ "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10, 1002, "" },
	{ "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10, 1009, "" }, /* too large */
	{ "\x81\x7f\x00\x00\x00\x00\x00\x01\x86\xa1", 10, 1009, "" }, /* by one */
	{ "\x01\x01x\x80\x7f\x00\x00\x00\x00\x00\x01\x86\xa0", 13, 1009, "" }, /* in sum */
};

static void what_breaks_the_protocol_is_refused(void **state)
{
	struct ws_decoder d;
	struct buf out;

	buf_init(&out, 1000);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct slice in = slice_mem(wrong[i].bytes, wrong[i].n), msg;

		for (size_t at = 0; at < in.n; at++) {
			ws_decoder_init(&d, MAX);
			buf_reset(&out);
			if (read_all(&d, slice_mem(in.p, at), &out) == WS_WANT)
				read_all(&d, slice_mem(in.p + at, in.n - at), &out);
			if (d.code != wrong[i].code)
				fail_msg("row %zu cut at %zu: %d", i, at, d.code);
			assert_non_null(d.why);
			assert_string_equal(out.p, wrong[i].before);
			in = slice_mem("\x81\x01x", 3); /* it stays so */
			assert_int_equal(ws_decoder_next(&d, &in, &msg), WS_BROKEN);
			in = slice_mem(wrong[i].bytes, wrong[i].n);
			ws_decoder_fini(&d);
		}
	}
	buf_fini(&out);
}

static void the_largest_message_is_taken(void **state)
{
	struct ws_decoder d;
	struct buf b, out;
	char *p = filled('z', MAX);

	buf_init(&b, 1u << 20);
	buf_init(&out, 1000);
	ws_decoder_init(&d, MAX);
	frame(&b, 0x81, p, MAX);
	frame(&b, 0x01, p, 200);
	frame(&b, 0x80, p, MAX - 200);
	assert_int_equal(read_all(&d, slice_mem(b.p, 1000), &out), WS_WANT);
	assert_int_equal(read_all(&d, slice_mem(b.p + 1000, b.len - 1000), &out), WS_WANT);
	assert_string_equal(out.p, "text:100000*z text:100000*z ");
	ws_decoder_fini(&d);
	buf_fini(&out);
	buf_fini(&b);
	free(p);
}

static void the_end_of_a_line_forgets_what_was_half_said(void **state)
{
	struct ws_decoder d;
	struct buf out;

	buf_init(&out, 1000);
	ws_decoder_init(&d, MAX);
	assert_int_equal(read_all(&d, slice_mem("\x01\x03old\x80\x05ha", 9), &out), WS_WANT);
	ws_decoder_reset(&d);
	assert_int_equal(read_all(&d, slice_mem("\x83", 1), &out), WS_WANT);
	ws_decoder_reset(&d);
	assert_int_equal(read_all(&d, slice_mem("\x83\x00", 2), &out), WS_BROKEN);
	ws_decoder_reset(&d);
	assert_int_equal(read_all(&d, slice_mem("\x81\x03new", 5), &out), WS_WANT);
	assert_string_equal(out.p, "text:new ");
	ws_decoder_fini(&d);
	buf_fini(&out);
}

static void frames_of_ours_are_masked(void **state)
{
	static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
	static const size_t sizes[] = { 0, 1, 125, 126, 65535, 65536 };
	static const size_t heads[] = { 6, 6, 6, 8, 8, 14 };
	char *p = filled('A', 65536);
	struct buf b;

	buf_init(&b, 1u << 20);
	/* the example of RFC 6455, section 5.7 */
	assert_int_equal(ws_frame_add(&b, WS_OP_TEXT, slice_of("Hello"), mask), 0);
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.p, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		buf_reset(&b);
		assert_int_equal(ws_frame_add(&b, WS_OP_PONG, slice_mem(p, sizes[i]), mask), 0);
		assert_int_equal(b.len, heads[i] + sizes[i]);
		assert_int_equal((unsigned char)b.p[0], 0x8a);
		assert_true(b.p[1] & 0x80);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(b.p[heads[i] + k] ^ (char)mask[k & 3], 'A');
	}
	assert_memory_equal(b.p + 2, "\0\0\0\0\0\1\0\0", 8);
	buf_fini(&b);
	buf_init(&b, 100);
	assert_int_equal(ws_frame_add(&b, WS_OP_TEXT, slice_mem(p, 95), mask), -1);
	assert_int_equal(b.len, 0);
	buf_fini(&b);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_may_be_cut_anywhere),
		cmocka_unit_test(a_whole_message_is_not_copied),
		cmocka_unit_test(what_breaks_the_protocol_is_refused),
		cmocka_unit_test(the_largest_message_is_taken),
		cmocka_unit_test(the_end_of_a_line_forgets_what_was_half_said),
		cmocka_unit_test(frames_of_ours_are_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
