/* How a WebSocket is opened, as a client says it and reads the answer (RFC 6455, section 4). */
#ifndef NET_WS_HANDSHAKE_H
#define NET_WS_HANDSHAKE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

#define WS_KEY_SIZE   25     /* 16 random bytes in base64, terminated */
#define WS_ANSWER_MAX 8192u /* bytes of an answer's head */

struct ws_ask {
	const char *host, *path;
	const char *subprotocol; /* NULL: none is asked for */
	bool subprotocol_needed; /* the server must choose it */
	const char *bearer;	 /* NULL: none */
	char key[WS_KEY_SIZE];
};

/* A new key from the system's random source. */
void ws_ask_key(struct ws_ask *a);
int ws_ask_write(const struct ws_ask *a, struct buf *b);
/*
 * Judges the answer so far: its length when it is whole and right (what follows are frames), 0
 * when more must come, -1 with a story of what is wrong.
 */
ssize_t ws_ask_answer(const struct ws_ask *a, struct slice answer, struct err *e);

#endif
