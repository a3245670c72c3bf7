#include "net/ws_queue.h"

#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/alloc.h"

#define WRITE_TURN (1u << 20) /* bytes of one connection in one turn */

struct ws_out {
	struct ws_out *next;
	size_t n;
	enum ws_part part;
	unsigned char bytes[]; /* LWS_PRE, then the text */
};

/* What a message costs beside its text; counted, or a million empty ones would be free. */
#define OVERHEAD (sizeof(struct ws_out) + LWS_PRE)

void ws_queue_init(struct ws_queue *q)
{
	*q = (struct ws_queue){ .first = NULL };
	q->last = &q->first;
}

static void drop_first(struct ws_queue *q)
{
	struct ws_out *m = q->first;

	q->first = m->next;
	if (!q->first)
		q->last = &q->first;
	q->bytes -= m->n + OVERHEAD;
	free(m);
}

void ws_queue_fini(struct ws_queue *q)
{
	while (q->first)
		drop_first(q);
}

int ws_queue_add(struct ws_queue *q, struct slice text, enum ws_part part)
{
	struct ws_out *m;

	if (text.n > WS_QUEUE_MAX || q->bytes + text.n + OVERHEAD > WS_QUEUE_MAX)
		return -1;
	m = xmalloc(sizeof(*m) + LWS_PRE + text.n);
	m->next = NULL;
	m->n = text.n;
	m->part = part;
	if (text.n)
		memcpy(m->bytes + LWS_PRE, text.p, text.n);
	*q->last = m;
	q->last = &m->next;
	q->bytes += m->n + OVERHEAD;
	return 0;
}

void ws_queue_ask(struct ws_queue *q, struct lws *wsi)
{
	if (q->asked || !wsi)
		return;
	q->asked = true;
	lws_callback_on_writable(wsi);
}

static const int protocols[] = {
	[WS_WHOLE] = LWS_WRITE_TEXT,
	[WS_FIRST] = LWS_WRITE_TEXT | LWS_WRITE_NO_FIN,
	[WS_MIDDLE] = LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN,
	[WS_LAST] = LWS_WRITE_CONTINUATION,
	[WS_BYTES] = LWS_WRITE_RAW,
};

static int write_some(struct ws_queue *q, struct lws *wsi)
{
	size_t total = 0;

	/* what the kernel did not take of a message libwebsockets keeps, and sends first */
	while (q->first && !lws_partial_buffered(wsi) && total < WRITE_TURN) {
		struct ws_out *m = q->first;

		if (lws_write(wsi, m->bytes + LWS_PRE, m->n, protocols[m->part]) < 0)
			return -1;
		total += m->n + OVERHEAD;
		drop_first(q);
	}
	return 0;
}

/* Many small messages are one packet and not many: the kernel's work for a packet is most of
 * what a small message costs. */
static void cork(struct lws *wsi, int on)
{
	setsockopt(lws_get_socket_fd(wsi), IPPROTO_TCP, TCP_CORK, &on, sizeof(on));
}

int ws_queue_write(struct ws_queue *q, struct lws *wsi)
{
	bool several = q->first && q->first->next;
	int rc;

	q->asked = false;
	if (several)
		cork(wsi, 1);
	rc = write_some(q, wsi);
	if (several)
		cork(wsi, 0);
	if (rc == 0 && q->first)
		ws_queue_ask(q, wsi);
	return rc;
}
