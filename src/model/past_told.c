/* Where the trail does not reach (before this collector began, or long ago) events tell of devices. */
#include "model/past_in.h"

#define REASON_MAX 255

static void tell(struct past *p, uint32_t device, struct told *t, int64_t at_ms)
{
	struct device *d = &p->m.devices[device];

	if (t->message.n > REASON_MAX)
		t->message.n = REASON_MAX;
	d->status = (uint8_t)t->status;
	d->since_ms = at_ms;
	str_set(&p->live->strs, &d->reason, t->status == STATUS_UP ? slice_of("") : t->message);
	p->m.strs = p->live->strs; /* it may have moved */
}

void past_tell(struct past *p, const struct event *ev)
{
	struct told t;
	uint32_t device;

	if (!event_tells(&p->m, ev, &t))
		return;
	/* what was recorded by an earlier run is bound to no row */
	device = ev->device != MODEL_NONE ? ev->device : model_device(&p->m, t.subject);
	if (device < p->m.devices_n)
		tell(p, device, &t, ev->at_ms);
}
