/*
 * Alerts of devices: those of one network and one site that have one status for one reason are one
 * alert.  A change of a device takes it out of one and into another; nobody walks over all devices.
 */
#include "base/alloc.h"
#include "base/hash.h"
#include "model/alert_in.h"
#include "model/kind.h"
#include "model/state.h"

#define RELIST_TICK 20000 /* devices looked at in a tick */

struct cause alert_cause(const struct device *d)
{
	if (d->gone || d->status == STATUS_UP || d->status == STATUS_UNKNOWN)
		return (struct cause){ 0 };
	return (struct cause){ d->network, d->site, d->reason, d->status };
}

static uint64_t hash_of(const struct cause *c)
{
	uint64_t h = hash_bytes(c, sizeof(*c));

	return h ? h : 1;
}

static uint64_t name_of(const struct model *m, const struct cause *c)
{
	uint64_t h = alert_name(0, slice_of("status"));

	h = alert_name(h, str_get(&m->strs, m->networks[c->network].name));
	h = alert_name(h, str_get(&m->strs, c->site));
	h = alert_name(h, slice_of(status_words[c->status].text));
	return alert_name(h, str_get(&m->strs, c->reason));
}

static struct alert *begin(struct model *m, const struct device *d, const struct cause *c)
{
	struct alert *a = alert_open(m, hash_of(c), name_of(m, c));
	struct slice reason = str_get(&m->strs, c->reason);

	if (!a)
		return NULL;
	a->kind = ALERT_OF_STATUS;
	a->severity = c->status == STATUS_DOWN ? ALERT_CRITICAL : ALERT_WARN;
	a->status = (uint8_t)c->status;
	a->network = (uint16_t)c->network;
	a->site = c->site;
	a->reason = c->reason;
	if (!m->live) {
		str_keep(&m->strs, a->site);
		str_keep(&m->strs, a->reason);
	}
	a->summary = xasprintf("%s%s%.*s", status_words[c->status].text, reason.n ? ": " : "",
		SLICE_ARG(reason));
	a->since_ms = d->since_ms ? d->since_ms : m->now_ms;
	a->first = (uint32_t)(d - m->devices);
	alert_look(m, a);
	return a;
}

static void enter(struct model *m, struct device *d, const struct cause *c)
{
	uint32_t row = (uint32_t)(d - m->devices);
	struct alert *a = alert_find(m, hash_of(c));

	if (!a || a->end)
		a = begin(m, d, c);
	d->unlisted = !a;
	m->alerts.unlisted += d->unlisted;
	if (!a)
		return;
	a->last = row;
	a->sum += row;
	if (++a->devices > a->most)
		a->most = a->devices;
	if (d->since_ms && d->since_ms < a->since_ms)
		a->since_ms = d->since_ms;
}

static void leave(struct model *m, struct device *d, const struct cause *c, int64_t at_ms)
{
	uint32_t row = (uint32_t)(d - m->devices);
	struct alert *a = d->unlisted ? NULL : alert_find(m, hash_of(c));

	m->alerts.unlisted -= d->unlisted;
	d->unlisted = false;
	if (!a || a->end)
		return;
	if (a->first == row)
		a->first = MODEL_NONE;
	if (a->last == row)
		a->last = MODEL_NONE;
	a->sum -= row;
	if (--a->devices)
		return;
	if (!m->now_ms) { /* what is known from before is still being put together */
		alert_free(m, a);
		return;
	}
	if (a->most == 1)
		a->device = xmemdup0(device_id(m, d).p, device_id(m, d).n);
	alert_resolve(m, a, at_ms);
}

void alert_moved(struct model *m, struct device *d, const struct cause *was, int64_t at_ms)
{
	struct cause now = alert_cause(d);

	if (memcmp(&now, was, sizeof(now)) == 0)
		return;
	if (was->status)
		leave(m, d, was, at_ms);
	if (now.status)
		enter(m, d, &now);
}

void alert_relist(struct model *m)
{
	struct alerts *t = &m->alerts;

	for (uint32_t n = 0; t->unlisted && t->open_n < ALERTS_MAX && n < RELIST_TICK &&
			     n < m->devices_n; n++) {
		struct device *d;
		struct cause c;

		t->device = t->device < m->devices_n ? t->device : 0;
		d = &m->devices[t->device++];
		if (!d->unlisted)
			continue;
		t->unlisted--;
		c = alert_cause(d);
		enter(m, d, &c);
	}
}

struct alert *alert_of(const struct model *m, const struct device *d)
{
	struct cause c = alert_cause(d);

	return c.status && !d->unlisted ? alert_find(m, hash_of(&c)) : NULL;
}
