/*
 * What events tell of the status of devices: their deaths, births and statuses (docs/wire-formats.md).
 * That a device fell silent no event tells.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "model/state.h"

static bool ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

static bool status_told(struct slice data, enum device_status *out)
{
	static const struct {
		const char *word;
		enum device_status status;
	} words[] = { { "\"up\"", STATUS_UP }, { "\"degraded\"", STATUS_DEGRADED },
		{ "\"down\"", STATUS_DOWN } };
	struct slice v;

	if (!jtext_get(data, "status", &v))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_is(v, words[i].word)) {
			*out = words[i].status;
			return true;
		}
	return false;
}

bool event_tells(const struct model *m, const struct event *ev, struct told *out)
{
	const char *subject = (const char *)(ev + 1) + ev->id_n, *message = subject + ev->subject_n;
	struct slice type = str_get(&m->strs, ev->type);

	*out = (struct told){ STATUS_UP, { subject, ev->subject_n }, { message, ev->message_n } };
	if (ends_with(type, ".device.status.v1"))
		return status_told(slice_mem(message + ev->message_n, ev->data_n), &out->status);
	if (!ends_with(type, ".device.death.v1"))
		return ends_with(type, ".device.birth.v1");
	out->status = STATUS_DOWN;
	return true;
}

/* Sources know after a restart that a device is down, not why, nor which are degraded. */
static void recall(struct model *m, const struct event *ev, const struct told *t)
{
	struct device *d = &m->devices[ev->device];
	struct delta_status s = { .device = ev->device, .status = t->status, .reason = t->message,
		.at_ms = ev->at_ms };

	if (!(d->status == STATUS_DOWN && t->status == STATUS_DOWN) &&
		!(d->status == STATUS_UNKNOWN && t->status == STATUS_DEGRADED))
		return;
	d->since_ms = ev->at_ms;
	status_apply(m, &s, NULL);
}

void model_recall(struct model *m)
{
	bool *known = xcalloc((size_t)m->devices_n + 1, sizeof(*known));
	struct told t;

	for (uint64_t n = m->event_last; n && (n = ring_at_or_before(m->events, n)); n--) {
		const struct event *ev = ring_get(m->events, n);

		if (!device_there(m, ev->device) || known[ev->device] || !event_tells(m, ev, &t))
			continue;
		known[ev->device] = true;
		recall(m, ev, &t);
	}
	free(known);
}
