/*
 * Where the trail does not reach (before this collector began, or long ago) events tell of devices:
 * their deaths, births and statuses.  That a device fell silent no event tells.
 */
#include "base/alloc.h"
#include "base/jtext.h"
#include "model/past_in.h"

#define REASON_MAX 255

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

/* net.depin.device.death.v1 and its like (docs/wire-formats.md). */
static bool status_of(struct slice type, struct slice data, enum device_status *out)
{
	if (ends_with(type, ".device.status.v1"))
		return status_told(data, out);
	*out = ends_with(type, ".device.death.v1") ? STATUS_DOWN : STATUS_UP;
	return *out == STATUS_DOWN || ends_with(type, ".device.birth.v1");
}

static void tell(struct past *p, uint32_t device, enum device_status s, int64_t at_ms,
	struct slice message)
{
	struct device *d = &p->m.devices[device];

	if (message.n > REASON_MAX)
		message.n = REASON_MAX;
	d->status = (uint8_t)s;
	d->since_ms = at_ms;
	str_set(&p->live->strs, &d->reason, s == STATUS_UP ? slice_of("") : message);
	p->m.strs = p->live->strs; /* it may have moved */
}

void past_tell(struct past *p, const struct event *ev)
{
	enum device_status s;
	uint32_t device;

	if (!status_of(str_get(&p->m.strs, ev->type), event_data(ev), &s))
		return;
	/* what was recorded by an earlier run is bound to no row */
	device = ev->device != MODEL_NONE ? ev->device : model_device(&p->m, event_subject(ev));
	if (device < p->m.devices_n)
		tell(p, device, s, ev->at_ms, event_message(ev));
}
