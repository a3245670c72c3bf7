/*
 * WebSocket frames (RFC 6455) as a client sees and makes them: bytes in, messages out, and no
 * socket.  Our own because libwebsockets 4.1.6 reads a client's payload a byte at a time, which is
 * the measured limit of a node's stream (docs/benchmarks.md).
 *
 * Refused: masked frames, reserved bits and opcodes, control frames longer than 125 bytes or in
 * fragments, lengths not in their shortest form, fragments out of order, closes of one byte.  Not
 * checked: that a text is UTF-8; whoever reads JSON from it checks that, once.
 */
#ifndef NET_WS_FRAME_H
#define NET_WS_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define WS_HEAD_MAX    10  /* of a server's frame */
#define WS_CONTROL_MAX 125 /* bytes in a PING, PONG or CLOSE */

enum ws_op { WS_OP_MORE, WS_OP_TEXT, WS_OP_BINARY, WS_OP_CLOSE = 8, WS_OP_PING, WS_OP_PONG };

enum ws_event {
	WS_WANT,    /* all bytes are taken and more are needed */
	WS_TEXT,    /* a message, its fragments joined */
	WS_BINARY,
	WS_PING,
	WS_PONG,
	WS_CLOSE,
	WS_BROKEN,  /* see why and code; it stays so */
};

enum { WS_CODE_PROTOCOL = 1002, WS_CODE_TOO_LARGE = 1009 };

struct ws_decoder {
	uint32_t max_message;
	const char *why;
	int code; /* to close with; 0: nothing is wrong */
	/* the frame at hand */
	unsigned char head[WS_HEAD_MAX];
	uint8_t head_n, op;
	bool fin, body; /* body: the head is known, `left` bytes of payload are to come */
	uint64_t left;
	char control[WS_CONTROL_MAX];
	uint8_t control_n;
	/* the message at hand */
	bool open, handed;
	uint8_t type;
	struct buf join;
};

void ws_decoder_init(struct ws_decoder *d, uint32_t max_message);
void ws_decoder_fini(struct ws_decoder *d); /* accepts zeros */
void ws_decoder_reset(struct ws_decoder *d); /* for another connection */
/*
 * Takes bytes off the front of *in up to and with the next event.  *payload holds until the next
 * call: it lies in `in` when the message came in one piece, else in d.
 */
enum ws_event ws_decoder_next(struct ws_decoder *d, struct slice *in, struct slice *payload);

/* Appends one whole frame under this mask, which must come from a random source. */
int ws_frame_add(struct buf *b, enum ws_op op, struct slice payload, const unsigned char mask[4]);

#endif
