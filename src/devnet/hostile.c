#include "devnet/hostile.h"

#include "base/alloc.h"
#include "devnet/frame.h"
#include "devnet/noise.h"

#define RIDES_IN 6   /* one event in so many has a rider */
#define LOST_IN	 150 /* one in so many is lost */

bool hostile_due(const struct segment *s, uint64_t seq)
{
	return s->malformed && noise_pick(seq, 0x405, RIDES_IN) == 0;
}

bool hostile_loses(const struct segment *s, uint64_t seq)
{
	return s->malformed && noise_pick(seq, 0x105e, LOST_IN) == 0;
}

/* A frame whose envelope is right up to what is given. */
#define HEAD "{\"specversion\":\"1.0\",\"id\":\"h-%llu\",\"source\":\"//devnet/compute\","
#define TELE "\"type\":\"net.depin.device.telemetry.v1\",\"subject\":\"gpu-fra2-0001\","
#define TIME "\"time\":\"2026-01-01T00:00:00.000Z\","

/* Each has one %llu for the id. */
static const char *const texts[] = {
	"{\"specversion\":\"1.0\",\"id\":\"h-%llu\",\"source\":\"//devnet/compute\"", /* cut off */
	"%llu",
	"[{\"id\":\"h-%llu\"}]",
	"\"h-%llu\"",
	"not json at all %llu",
	"{\"specversion\":\"0.3\",\"id\":\"h-%llu\",\"source\":\"//devnet/compute\",\"type\":\"x\"}",
	"{\"specversion\":1.0,\"id\":%llu,\"source\":[],\"type\":{},\"data\":\"?\"}",
	"{\"specversion\":\"1.0\",\"id\":\"h-%llu\",\"source\":\"//devnet/compute\"}", /* no type */
	HEAD TELE "\"data\":{\"m\":{\"temp\":\"hot\",\"util\":[1,2],\"power\":{\"w\":3},\"fan\":null}}}",
	HEAD TELE "\"data\":{\"m\":{\"temp\":123456789012345678901234567890,\"util\":-99999999999999999999}}}",
	HEAD TELE "\"data\":{\"m\":{\"temp\":1e999,\"util\":-1e999,\"fan\":1e-999}}}",
	HEAD TELE "\"data\":{\"m\":{\"temp\":NaN,\"util\":Infinity}}}",
	HEAD TELE "\"data\":{\"m\":[61.2,0.83]}}",
	HEAD TELE "\"data\":null}",
	HEAD TELE "\"sequence\":\"99999999999999999999\",\"data\":{\"m\":{\"temp\":50}}}",
	HEAD TELE "\"sequence\":\"-1\",\"data\":{\"m\":{\"temp\":50}}}",
	HEAD TELE "\"sequence\":17,\"data\":{\"m\":{\"temp\":50}}}",
	HEAD TELE "\"time\":\"yesterday\",\"data\":{\"m\":{\"temp\":50}}}",
	HEAD TELE "\"time\":\"9999-99-99T99:99:99Z\",\"data\":{\"m\":{\"temp\":50}}}",
	HEAD TELE TIME "\"severitynumber\":99999999999,\"data\":{\"m\":{\"temp\":50}}}",
	HEAD "\"type\":\"net.depin.device.birth.v1\",\"subject\":\"evil\\u001b[2J\\u001b]0;owned\\u0007\","
		"\"data\":{\"name\":\"\\u001b[31mred\\u202egpj\\u0000x\",\"network\":\"compute\","
		"\"kind\":\"gpu\",\"site\":\"\\u009b31m\",\"firmware\":\"\\r\\nforged line\"}}",
	HEAD "\"type\":\"net.depin.device.log.v1\",\"subject\":\"gpu-fra2-0001\","
		"\"data\":{\"message\":\"\xff\xfe\xc0\xaf\xed\xa0\x80 is no UTF-8\"}}",
	HEAD "\"type\":\"net.depin.device.birth.v1\",\"subject\":\"\",\"data\":{\"name\":7,\"lat\":\"x\","
		"\"lon\":1e9,\"metrics\":[]}}",
	HEAD "\"type\":\"net.depin.device.selfdestruct.v9\",\"subject\":\"gpu-fra2-0001\",\"data\":{}}",
	HEAD TELE "\"dssematerial\":\"bm90IGFuIGVudmVsb3Bl\",\"data\":{\"m\":{\"temp\":50}}}",
};

static void deep(struct buf *out)
{
	for (int i = 0; i < 5000; i++)
		buf_adds(out, "{\"a\":[");
}

static void overlong(struct buf *out, unsigned long long id)
{
	buf_addf(out, HEAD "\"type\":\"net.depin.device.log.v1\",\"subject\":\"", id);
	for (int i = 0; i < 70000; i++)
		buf_addc(out, (char)('a' + i % 26));
	buf_adds(out, "\",\"data\":{\"message\":\"overlong\"}}");
}

static void many_metrics(struct buf *out, unsigned long long id)
{
	buf_addf(out, HEAD TELE "\"data\":{\"m\":{\"temp\":50", id);
	for (int i = 0; i < 3000; i++)
		buf_addf(out, ",\"made_up_%d\":%d", i, i);
	buf_adds(out, "}}}");
}

/* The event before ev once more. */
static void duplicate(struct world *w, const struct event *ev, struct buf *out)
{
	char *room = buf_room(out, FRAME_MAX);
	struct cursor c;
	struct event old = *ev;

	if (!room)
		return;
	if (ev->seq > 1) {
		cursor_seek(&w->timeline, &c, ev->seq - 1);
		cursor_next(&w->timeline, &c, ev->t_ms, &old);
	}
	out->len += frame_event(w, &old, room);
}

size_t hostile_kinds(void)
{
	return ARRAY_LEN(texts) + 4;
}

void hostile_frame(struct world *w, const struct event *ev, struct buf *out)
{
	uint64_t kind = noise_pick(ev->seq, 0x171d, hostile_kinds());

	if (kind < ARRAY_LEN(texts))
		buf_addf(out, texts[kind], (unsigned long long)ev->seq);
	else if (kind == ARRAY_LEN(texts))
		deep(out);
	else if (kind == ARRAY_LEN(texts) + 1)
		overlong(out, ev->seq);
	else if (kind == ARRAY_LEN(texts) + 2)
		many_metrics(out, ev->seq);
	else
		duplicate(w, ev, out);
}
