#include "devnet/frame.h"

#include <string.h>

#include "devnet/digits.h"
#include "devnet/noise.h"

#define CHATTER_SHARE	1024 /* one slot in so many is a line of log instead of telemetry */
#define EVENT_METRICS	4
#define SEQUENCE_DIGITS 20

static const char *const type_names[] = {
	[EV_TELEMETRY] = "net.depin.device.telemetry.v1",
	[EV_BIRTH] = "net.depin.device.birth.v1",
	[EV_DEATH] = "net.depin.device.death.v1",
	[EV_STATUS] = "net.depin.device.status.v1",
	[EV_LOG] = "net.depin.device.log.v1",
};

/* What is being written; the slices point into the frame and go into the signature. */
struct writer {
	char *p;
	struct device device;
	struct signed_event sig;
	char time[20]; /* whole seconds, not terminated */
};

static void put(struct writer *w, const char *s)
{
	w->p = digits_text(w->p, s);
}

#define PUT(w, literal) (memcpy((w)->p, literal, sizeof(literal) - 1), (w)->p += sizeof(literal) - 1)

static void put_u64(struct writer *w, uint64_t v, int width)
{
	w->p = digits_u64(w->p, v, width);
}

static void put_fixed(struct writer *w, double v, unsigned decimals)
{
	w->p = digits_fixed(w->p, v, decimals);
}

static struct slice since(const struct writer *w, const char *start)
{
	return slice_mem(start, (size_t)(w->p - start));
}

/* Days since 1970 to a date (Hinnant's civil calendar). */
static void put_date(struct writer *w, int64_t days)
{
	int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9;

	put_u64(w, (uint64_t)(yoe + era * 400 + (month <= 2)), 4);
	*w->p++ = '-';
	put_u64(w, (uint64_t)month, 2);
	*w->p++ = '-';
	put_u64(w, (uint64_t)(doy - (153 * mp + 2) / 5 + 1), 2);
}

static void put_time(struct writer *w, int64_t t_ms)
{
	int64_t s = t_ms / 1000;
	char *start = w->p;

	put_date(w, s / 86400);
	*w->p++ = 'T';
	put_u64(w, (uint64_t)(s / 3600 % 24), 2);
	*w->p++ = ':';
	put_u64(w, (uint64_t)(s / 60 % 60), 2);
	*w->p++ = ':';
	put_u64(w, (uint64_t)(s % 60), 2);
	memcpy(w->time, start, 19);
	w->time[19] = 'Z';
	*w->p++ = '.';
	put_u64(w, (uint64_t)(t_ms % 1000), 3);
	*w->p++ = 'Z';
}

/* A snapshot's ids say for which device and when, and never meet the stream's. */
static void put_head(struct writer *w, const struct world *world, enum event_type type,
	uint64_t seq, int64_t t_ms, bool snapshot)
{
	char name[DEVICE_NAME_MAX], *start;

	PUT(w, "{\"specversion\":\"1.0\",\"id\":\"");
	start = w->p;
	put(w, world->run);
	*w->p++ = '-';
	put_u64(w, seq, 1);
	if (snapshot) {
		*w->p++ = '-';
		put_u64(w, (uint64_t)w->device.index * 8 + type, 1);
	}
	w->sig.id = since(w, start);
	PUT(w, "\",\"source\":\"");
	start = w->p;
	PUT(w, "//devnet/");
	put(w, networks[sites[w->device.site].network].name);
	w->sig.source = since(w, start);
	PUT(w, "\",\"type\":\"");
	w->sig.type = slice_of(type_names[type]);
	put(w, type_names[type]);
	PUT(w, "\",\"subject\":\"");
	start = w->p;
	device_name(&w->device, name);
	put(w, name);
	w->sig.subject = since(w, start);
	PUT(w, "\",\"time\":\"");
	put_time(w, t_ms);
	w->sig.time = slice_mem(w->time, 20);
	if (snapshot) {
		PUT(w, "\"");
		return;
	}
	PUT(w, "\",\"sequence\":\"");
	start = w->p;
	put_u64(w, seq, SEQUENCE_DIGITS);
	w->sig.sequence = since(w, start);
	PUT(w, "\"");
}

static void put_severity(struct writer *w, unsigned number)
{
	PUT(w, ",\"severitytext\":\"");
	put(w, number >= 17 ? "ERROR" : number >= 13 ? "WARN" : "INFO");
	PUT(w, "\",\"severitynumber\":");
	put_u64(w, number, 1);
}

static void put_telemetry(struct writer *w, struct world *world, const struct event *ev)
{
	const struct kind *k = w->device.kind;
	bool second = ev->slot / world->fleet.ndevices & 1;
	size_t n = k->nmetrics < EVENT_METRICS ? k->nmetrics : EVENT_METRICS;
	size_t from = second ? k->nmetrics - n : 0;
	struct forces fo;

	physics_forces(&world->physics, &w->device, &ev->seg->effects, ev->t_ms, &fo);
	PUT(w, "{\"m\":{\"");
	for (size_t i = from; i < from + n; i++) {
		if (i > from)
			PUT(w, ",\"");
		put(w, k->metrics[i].name);
		PUT(w, "\":");
		put_fixed(w, physics_value(&world->physics, &fo, i), k->metrics[i].decimals);
	}
	PUT(w, "}}");
}

static void put_metrics(struct writer *w, const struct kind *k)
{
	for (size_t i = 0; i < k->nmetrics; i++) {
		const struct metric *m = &k->metrics[i];

		put(w, i ? ",\"" : "\"");
		put(w, m->name);
		PUT(w, "\":{\"unit\":\"");
		put(w, m->unit);
		PUT(w, "\",\"type\":\"");
		put(w, m->shape == SHAPE_COUNTER ? "counter" : "gauge");
		PUT(w, "\"}");
	}
}

static void put_key(struct writer *w, struct world *world)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char key[SIGN_KEY_BYTES];

	signer_public(&world->signer, &w->device, key);
	PUT(w, ",\"key\":\"ed25519:");
	for (size_t i = 0; i < sizeof(key); i++) {
		*w->p++ = hex[key[i] >> 4];
		*w->p++ = hex[key[i] & 15];
	}
	PUT(w, "\"");
}

static void put_birth(struct writer *w, struct world *world)
{
	char name[DEVICE_NAME_MAX];
	double lat, lon;

	device_name(&w->device, name);
	device_place(&w->device, &lat, &lon);
	PUT(w, "{\"name\":\"");
	put(w, name);
	PUT(w, "\",\"network\":\"");
	put(w, networks[sites[w->device.site].network].name);
	PUT(w, "\",\"kind\":\"");
	put(w, w->device.kind->name);
	PUT(w, "\",\"site\":\"");
	put(w, sites[w->device.site].name);
	PUT(w, "\",\"firmware\":\"");
	put(w, device_firmware(&w->device));
	PUT(w, "\",\"lat\":");
	put_fixed(w, lat, 3);
	PUT(w, ",\"lon\":");
	put_fixed(w, lon, 3);
	if (device_signs(&world->fleet, &w->device))
		put_key(w, world);
	PUT(w, ",\"metrics\":{");
	put_metrics(w, w->device.kind);
	PUT(w, "}}");
}

static void put_reason(struct writer *w, const char *reason)
{
	PUT(w, "{\"reason\":\"");
	put(w, reason);
	PUT(w, "\"}");
}

static void put_status(struct writer *w, const struct burst *b)
{
	PUT(w, "{\"status\":\"");
	put(w, b->severity >= 17 ? "down" : b->severity >= 13 ? "degraded" : "up");
	PUT(w, "\",\"reason\":\"");
	put(w, b->text);
	PUT(w, "\"}");
}

static void put_log(struct writer *w, const struct event *ev)
{
	const struct network *net = &networks[sites[w->device.site].network];

	PUT(w, "{\"message\":\"");
	put(w, ev->burst ? ev->burst->text : net->chatter[noise_pick(ev->slot, 1, 4)]);
	PUT(w, "\"}");
}

static void put_data(struct writer *w, struct world *world, const struct event *ev)
{
	switch (ev->type) {
	case EV_TELEMETRY:
		put_telemetry(w, world, ev);
		break;
	case EV_BIRTH:
		put_birth(w, world);
		break;
	case EV_DEATH:
		put_reason(w, ev->burst->text);
		break;
	case EV_STATUS:
		put_status(w, ev->burst);
		break;
	case EV_LOG:
		put_log(w, ev);
		break;
	}
}

/* A dead device signs nothing: the gateway speaks for it. */
static void put_signature(struct writer *w, struct world *world, enum event_type type)
{
	if (type == EV_DEATH || !device_signs(&world->fleet, &w->device))
		return;
	PUT(w, ",\"dssematerial\":\"");
	w->sig.datacontenttype = slice_of("application/json");
	w->p += signer_material(&world->signer, &w->device, &w->sig, w->p);
	PUT(w, "\"");
}

static size_t write_frame(struct world *world, const struct event *ev, bool snapshot,
	char out[FRAME_MAX])
{
	struct writer w = { .p = out, .device = fleet_device(&world->fleet, ev->device) };
	char *start;

	put_head(&w, world, ev->type, ev->seq, ev->t_ms, snapshot);
	if (ev->type == EV_LOG || ev->type == EV_STATUS)
		put_severity(&w, ev->burst ? ev->burst->severity : 9);
	PUT(&w, ",\"datacontenttype\":\"application/json\",\"data\":");
	start = w.p;
	put_data(&w, world, ev);
	w.sig.data = since(&w, start);
	put_signature(&w, world, ev->type);
	*w.p++ = '}';
	return (size_t)(w.p - out);
}

size_t frame_event(struct world *w, const struct event *ev, char out[FRAME_MAX])
{
	struct event e = *ev;

	if (!e.burst && noise_pick(w->fleet.seed ^ 0xca7, e.slot, CHATTER_SHARE) == 0)
		e.type = EV_LOG;
	return write_frame(w, &e, false, out);
}

size_t frame_snapshot(struct world *w, enum event_type type, uint32_t device, uint64_t seq,
	int64_t t_ms, char out[FRAME_MAX])
{
	static const struct burst silent = { .text = "silent when you joined" };
	struct event ev = { .seq = seq, .t_ms = t_ms, .type = type, .device = device,
		.burst = &silent };

	return write_frame(w, &ev, true, out);
}
