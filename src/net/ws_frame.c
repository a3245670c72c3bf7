#include "net/ws_frame.h"

#define KEEP_JOIN (1u << 20) /* of the buffer for joined messages */

#define BIT_FIN	 0x80
#define BITS_RSV 0x70
#define BIT_MASK 0x80

void ws_decoder_init(struct ws_decoder *d, uint32_t max_message)
{
	*d = (struct ws_decoder){ .max_message = max_message };
	buf_init(&d->join, max_message);
}

void ws_decoder_fini(struct ws_decoder *d)
{
	buf_fini(&d->join);
}

void ws_decoder_reset(struct ws_decoder *d)
{
	struct buf join = d->join;

	buf_reset(&join);
	buf_trim(&join, KEEP_JOIN);
	*d = (struct ws_decoder){ .max_message = d->max_message, .join = join };
}

static int broken(struct ws_decoder *d, int code, const char *why)
{
	d->code = code;
	d->why = why;
	return -1;
}

/* --- heads */

static size_t head_length(const unsigned char *h)
{
	unsigned n = h[1] & 0x7f;

	return n < 126 ? 2 : n == 126 ? 4 : 10;
}

static uint64_t payload_length(const unsigned char *h)
{
	size_t n = head_length(h);
	uint64_t v = 0;

	if (n == 2)
		return h[1] & 0x7f;
	for (size_t i = 2; i < n; i++)
		v = v << 8 | h[i];
	return v;
}

static int check_control(struct ws_decoder *d)
{
	if (d->op > WS_OP_PONG)
		return broken(d, WS_CODE_PROTOCOL, "a frame of an unknown kind");
	if (!d->fin)
		return broken(d, WS_CODE_PROTOCOL, "a control frame in fragments");
	if (d->left > WS_CONTROL_MAX)
		return broken(d, WS_CODE_PROTOCOL, "a control frame of more than 125 bytes");
	if (d->op == WS_OP_CLOSE && d->left == 1)
		return broken(d, WS_CODE_PROTOCOL, "a close with half a code");
	d->control_n = 0;
	return 0;
}

static int check_data(struct ws_decoder *d)
{
	if (d->op > WS_OP_BINARY)
		return broken(d, WS_CODE_PROTOCOL, "a frame of an unknown kind");
	if (d->op == WS_OP_MORE && !d->open)
		return broken(d, WS_CODE_PROTOCOL, "a fragment of no message");
	if (d->op != WS_OP_MORE && d->open)
		return broken(d, WS_CODE_PROTOCOL, "a message within another");
	if (d->left > d->max_message - d->join.len)
		return broken(d, WS_CODE_TOO_LARGE, "a message too large");
	if (d->op != WS_OP_MORE)
		d->type = d->op;
	d->open = true;
	return 0;
}

static int check_head(struct ws_decoder *d, const unsigned char *h)
{
	static const uint64_t least[] = { [2] = 0, [4] = 126, [10] = 65536 };

	if (h[0] & BITS_RSV)
		return broken(d, WS_CODE_PROTOCOL, "a frame with reserved bits");
	if (h[1] & BIT_MASK)
		return broken(d, WS_CODE_PROTOCOL, "a masked frame");
	d->fin = h[0] & BIT_FIN;
	d->op = h[0] & 0x0f;
	d->left = payload_length(h);
	if (d->left < least[head_length(h)] || d->left >> 63)
		return broken(d, WS_CODE_PROTOCOL, "a frame's length in a wrong form");
	return d->op & WS_OP_CLOSE ? check_control(d) : check_data(d);
}

static void take(struct slice *in, size_t n)
{
	in->p += n;
	in->n -= n;
}

/* 1: the head is known, 0: more bytes are needed, -1: broken. */
static int take_head(struct ws_decoder *d, struct slice *in)
{
	size_t want;

	for (;;) {
		want = d->head_n < 2 ? 2 : head_length(d->head);
		if (d->head_n == want)
			break;
		if (!in->n)
			return 0;
		d->head[d->head_n++] = (unsigned char)*in->p;
		take(in, 1);
	}
	d->head_n = 0;
	if (check_head(d, d->head) < 0)
		return -1;
	d->body = true;
	return 1;
}

/* --- payload */

static enum ws_event take_control(struct ws_decoder *d, struct slice *in, struct slice *payload)
{
	size_t n = in->n < d->left ? in->n : (size_t)d->left;

	if (n)
		memcpy(d->control + d->control_n, in->p, n);
	d->control_n += (uint8_t)n;
	d->left -= n;
	take(in, n);
	if (d->left)
		return WS_WANT;
	d->body = false;
	*payload = slice_mem(d->control, d->control_n);
	return d->op == WS_OP_PING ? WS_PING : d->op == WS_OP_PONG ? WS_PONG : WS_CLOSE;
}

static enum ws_event message_done(struct ws_decoder *d)
{
	d->open = false;
	return d->type == WS_OP_BINARY ? WS_BINARY : WS_TEXT;
}

static enum ws_event take_data(struct ws_decoder *d, struct slice *in, struct slice *payload)
{
	size_t n = in->n < d->left ? in->n : (size_t)d->left;

	if (d->fin && n == d->left && !d->join.len) { /* in one piece: as it lies */
		*payload = slice_mem(in->p, n);
		take(in, n);
		d->body = false;
		return message_done(d);
	}
	if (n)
		buf_add(&d->join, in->p, n); /* it fits: check_data() */
	d->left -= n;
	take(in, n);
	d->body = d->left > 0;
	if (d->body || !d->fin)
		return WS_WANT;
	*payload = buf_slice(&d->join);
	d->handed = true;
	return message_done(d);
}

enum ws_event ws_decoder_next(struct ws_decoder *d, struct slice *in, struct slice *payload)
{
	enum ws_event what;

	*payload = slice_mem(NULL, 0);
	if (d->handed) {
		buf_reset(&d->join);
		buf_trim(&d->join, KEEP_JOIN);
		d->handed = false;
	}
	if (d->code)
		return WS_BROKEN;
	do {
		int rc = d->body ? 1 : take_head(d, in);

		if (rc <= 0)
			return rc < 0 ? WS_BROKEN : WS_WANT;
		what = d->op & WS_OP_CLOSE ? take_control(d, in, payload) : take_data(d, in, payload);
	} while (what == WS_WANT && !d->body);
	return what;
}

/* --- ours */

static size_t head_make(unsigned char h[14], enum ws_op op, size_t n)
{
	size_t bytes = n < 126 ? 0 : n < 65536 ? 2 : 8;

	h[0] = (unsigned char)(BIT_FIN | op);
	h[1] = (unsigned char)(BIT_MASK | (bytes == 0 ? n : bytes == 2 ? 126 : 127));
	for (size_t i = 0; i < bytes; i++)
		h[2 + i] = (unsigned char)((uint64_t)n >> 8 * (bytes - 1 - i));
	return 2 + bytes;
}

int ws_frame_add(struct buf *b, enum ws_op op, struct slice payload, const unsigned char mask[4])
{
	unsigned char h[14];
	size_t n = head_make(h, op, payload.n);
	char *p;

	memcpy(h + n, mask, 4);
	n += 4;
	if (payload.n > SIZE_MAX - n || !(p = buf_room(b, n + payload.n)))
		return -1;
	memcpy(p, h, n);
	p += n;
	for (size_t i = 0; i < payload.n; i++)
		p[i] = (char)(payload.p[i] ^ mask[i & 3]);
	b->len += n + payload.n;
	b->p[b->len] = '\0';
	return 0;
}
