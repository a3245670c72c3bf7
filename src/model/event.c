#include "model/state.h"

#define ID_LIMIT 1024
#define TYPE_LIMIT 255
#define MESSAGE_LIMIT 4096

static void event_evict(void *owner, const void *rec)
{
	struct model *m = owner;
	const struct event *ev = rec;

	str_drop(&m->strs, ev->origin);
	str_drop(&m->strs, ev->type);
}

void events_init(struct model *m, size_t bytes)
{
	m->events = ring_new(bytes, event_evict, m);
}

static struct slice cut(struct slice s, size_t limit)
{
	if (s.n > limit)
		s.n = limit;
	return s;
}

static char *add(char *p, struct slice s)
{
	if (s.n)
		memcpy(p, s.p, s.n);
	return p + s.n;
}

static void event_fill(struct model *m, struct event *ev, const struct delta_event *d)
{
	struct slice id = cut(d->id, ID_LIMIT), subject = cut(d->subject, ID_LIMIT),
		     message = cut(d->message, MESSAGE_LIMIT);
	char *p = (char *)(ev + 1);

	*ev = (struct event){
		.n = d->n, .at_ms = d->at_ms, .source = d->source, .device = d->device,
		.origin = str_take(&m->strs, cut(d->origin, ID_LIMIT)),
		.type = str_take(&m->strs, cut(d->type, TYPE_LIMIT)),
		.data_n = (uint32_t)d->data.n, .id_n = (uint16_t)id.n,
		.subject_n = (uint16_t)subject.n, .message_n = (uint16_t)message.n,
		.severity = (uint8_t)(d->severity < 0 ? 0 : d->severity >= SEVERITIES ? SEVERITIES - 1 : d->severity),
	};
	p = add(p, id);
	p = add(p, subject);
	p = add(p, message);
	add(p, d->data);
}

int event_apply(struct model *m, struct delta_event *d, struct err *e)
{
	size_t size = sizeof(struct event) + cut(d->id, ID_LIMIT).n + cut(d->subject, ID_LIMIT).n +
		      cut(d->message, MESSAGE_LIMIT).n + d->data.n;
	struct event *ev;

	if (!time_ok(d->at_ms) || d->data.n > UINT32_MAX / 2)
		return refuse(m, e, "event: time out of range");
	if (d->n && d->n <= m->event_last)
		return refuse(m, e, "event: number %llu is not above the last",
			(unsigned long long)d->n);
	if (!d->n)
		d->n = m->event_last + 1;
	ev = ring_push(m->events, d->n, size);
	if (!ev)
		return refuse(m, e, "event: %zu bytes are more than a quarter of the memory for events",
			size);
	m->event_last = d->n;
	if (d->seen_ms)
		trail_recorded(m, d->seen_ms, d->n);
	event_fill(m, ev, d);
	alert_event(m, d);
	if (!d->seen_ms && d->device < m->devices_n) /* one of the past is no part of today's rate */
		m->networks[m->devices[d->device].network].events++;
	return 0;
}

uint64_t model_events_last(const struct model *m)
{
	return m->event_last;
}

uint64_t model_events_first(const struct model *m)
{
	return ring_count(m->events) ? ring_first(m->events) : m->event_last + 1;
}
