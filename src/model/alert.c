/* The table of alerts: places, ids, and how long a resolved one is still there. */
#include "model/alert_in.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/state.h"

#define ID_MASK	(((uint64_t)1 << 48) - 1)
#define WAIT_MS 900000 /* for the cause of an ack to be told again after a restart */

/* --- names --- */

/* FNV-1a; nobody gains by a collision, see alert_open(). */
uint64_t alert_name(uint64_t so_far, struct slice s)
{
	uint64_t h = so_far ? so_far : 0xcbf29ce484222325u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return (h ^ 0x100) * 0x100000001b3u; /* no byte: "a","b" is not "ab" */
}

void alert_id_text(uint64_t id, char out[ALERT_ID_TEXT + 1])
{
	snprintf(out, ALERT_ID_TEXT + 1, "%012llx", (unsigned long long)(id & ID_MASK));
}

bool alert_id_read(struct slice id, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < id.n && i < ALERT_ID_TEXT; i++) {
		char c = id.p[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
		*out = *out << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return id.n == ALERT_ID_TEXT;
}

/* --- finding --- */

static bool cause_eq(const void *owner, uint32_t row, const void *key)
{
	return ((const struct alerts *)owner)->v[row].cause == *(const uint64_t *)key;
}

static bool id_eq(const void *owner, uint32_t row, const void *key)
{
	return ((const struct alerts *)owner)->v[row].id == *(const uint64_t *)key;
}

struct alert *alert_find(const struct model *m, uint64_t cause)
{
	uint32_t at = index_find(&m->alerts.by_cause, cause, cause_eq, &m->alerts, &cause);

	return at == MODEL_NONE ? NULL : &m->alerts.v[at];
}

static struct alert *by_id(const struct model *m, uint64_t id)
{
	uint32_t at = index_find(&m->alerts.by_id, id, id_eq, &m->alerts, &id);

	return at == MODEL_NONE ? NULL : &m->alerts.v[at];
}

struct alert *alert_by_id(const struct model *m, struct slice id)
{
	uint64_t v;

	return alert_id_read(id, &v) ? by_id(m, v) : NULL;
}

uint64_t alert_row(const struct model *m, const struct alert *a)
{
	return (uint64_t)a->serial << 32 | (uint64_t)(a - m->alerts.v);
}

const struct alert *alert_at(const struct model *m, uint64_t row)
{
	uint32_t at = (uint32_t)row;
	const struct alert *a = at < m->alerts.n ? &m->alerts.v[at] : NULL;

	return a && a->cause && a->serial == row >> 32 ? a : NULL;
}

enum alert_state alert_state(const struct alert *a)
{
	return a->end	    ? ALERT_RESOLVED
	       : a->silence ? ALERT_SILENCED
	       : a->who	    ? ALERT_ACKED
			    : ALERT_ACTIVE;
}

uint32_t alert_device(const struct model *m, const struct alert *a)
{
	if (a->device)
		return model_device(m, slice_of(a->device));
	return a->kind == ALERT_OF_STATUS && a->devices == 1 ? (uint32_t)a->sum : MODEL_NONE;
}

/* --- places --- */

static struct alert *place(struct model *m, uint64_t id)
{
	struct alerts *t = &m->alerts;
	uint32_t at = t->free;
	struct alert *a;

	if (at == MODEL_NONE) {
		if (!(t->n & (t->n + 1)))
			t->v = xreallocarray(t->v, 2 * (size_t)t->n + 1, sizeof(*t->v));
		at = t->n++;
	} else {
		t->free = t->v[at].next;
	}
	a = &t->v[at];
	*a = (struct alert){ .id = id, .serial = ++t->serial, .first = MODEL_NONE,
		.last = MODEL_NONE };
	index_put(&t->by_id, id, at);
	t->open_n++;
	return a;
}

/* Whoever finds two causes of one name gets two names: an ack is of one cause alone. */
struct alert *alert_open(struct model *m, uint64_t cause, uint64_t id)
{
	struct alert *a = alert_find(m, cause);

	if (a)
		alert_free(m, a);
	for (id &= ID_MASK; (a = by_id(m, id)) && !a->waiting; id = (id + 1) & ID_MASK)
		;
	if (!a && m->alerts.open_n >= ALERTS_MAX)
		return NULL;
	if (!a)
		a = place(m, id);
	m->alerts.waiting_n -= a->waiting;
	a->waiting = false;
	a->cause = cause;
	a->until_ms = 0;
	index_put(&m->alerts.by_cause, cause, (uint32_t)(a - m->alerts.v));
	return a;
}

struct alert *alert_wait(struct model *m, uint64_t id)
{
	struct alert *a;

	if (m->alerts.open_n >= ALERTS_MAX)
		return NULL;
	a = place(m, id & ID_MASK);
	a->waiting = true;
	a->until_ms = m->now_ms + WAIT_MS;
	m->alerts.waiting_n++;
	return a;
}

void alert_free(struct model *m, struct alert *a)
{
	struct alerts *t = &m->alerts;
	uint32_t at = (uint32_t)(a - t->v);

	index_remove(&t->by_id, a->id, at);
	if (a->cause)
		index_remove(&t->by_cause, a->cause, at);
	if (!m->live) { /* a model of the past borrows them */
		str_drop(&m->strs, a->site);
		str_drop(&m->strs, a->reason);
	}
	*(a->end ? &t->resolved_n : &t->open_n) -= 1;
	t->waiting_n -= a->waiting;
	alert_unhide(a);
	alert_unack(a);
	free(a->summary);
	free(a->device);
	free(a->source);
	free(a->told);
	*a = (struct alert){ .next = t->free };
	t->free = at;
}

/* --- the end of one --- */

static void unacked(struct model *m, struct alert *a)
{
	char id[ALERT_ID_TEXT + 1];

	alert_id_text(a->id, id);
	if (a->who && m->spec.unacked)
		m->spec.unacked(m->spec.arg, slice_of(id));
	alert_unack(a);
}

/* The place that resolution n left there, if it has had no other since. */
static struct alert *ended(struct alerts *t, uint64_t n)
{
	struct alert *a = &t->v[t->ended[n % ALERTS_RESOLVED]];

	return a->end == n ? a : NULL;
}

void alert_resolve(struct model *m, struct alert *a, int64_t at_ms)
{
	struct alerts *t = &m->alerts;
	struct alert *old = t->ends >= ALERTS_RESOLVED ? ended(t, t->ends + 1 - ALERTS_RESOLVED) : NULL;

	if (old)
		alert_free(m, old);
	alert_unhide(a);
	unacked(m, a);
	a->end = ++t->ends;
	a->until_ms = at_ms ? at_ms : m->now_ms;
	t->ended[a->end % ALERTS_RESOLVED] = (uint32_t)(a - t->v);
	t->open_n--;
	t->resolved_n++;
}

static void age(struct model *m)
{
	struct alerts *t = &m->alerts;

	if (t->ends > ALERTS_RESOLVED && t->aged < t->ends - ALERTS_RESOLVED)
		t->aged = t->ends - ALERTS_RESOLVED;
	for (; t->aged < t->ends; t->aged++) {
		struct alert *a = ended(t, t->aged + 1);

		if (a && m->now_ms - a->until_ms <= ALERTS_RESOLVED_MS)
			return;
		if (a)
			alert_free(m, a);
	}
}

static void give_up_waiting(struct model *m)
{
	for (uint32_t i = 0; m->alerts.waiting_n && i < m->alerts.n; i++) {
		struct alert *a = &m->alerts.v[i];

		if (!a->waiting || a->until_ms > m->now_ms)
			continue;
		unacked(m, a);
		alert_free(m, a);
	}
}

void alerts_tick(struct model *m)
{
	age(m);
	give_up_waiting(m);
	silences_tick(m);
	alert_relist(m);
}

void alerts_init(struct model *m)
{
	m->alerts.free = MODEL_NONE;
}

void alerts_fini(struct model *m)
{
	struct alerts *t = &m->alerts;

	for (uint32_t i = 0; i < t->n; i++) {
		alert_unack(&t->v[i]);
		free(t->v[i].summary);
		free(t->v[i].device);
		free(t->v[i].source);
		free(t->v[i].told);
	}
	free(t->v);
	silences_fini(m);
	index_fini(&t->by_cause);
	index_fini(&t->by_id);
}

/* --- as others see them --- */

void model_alert_counts(const struct model *m, struct alert_counts *out)
{
	const struct alerts *t = &m->alerts;

	*out = (struct alert_counts){ .unlisted = t->unlisted };
	for (uint32_t i = 0; i < t->n; i++) {
		const struct alert *a = &t->v[i];

		if (!a->cause)
			continue;
		switch (alert_state(a)) {
		case ALERT_ACTIVE:
			out->active[a->severity]++;
			break;
		case ALERT_ACKED:
			out->acked++;
			break;
		case ALERT_SILENCED:
			out->silenced++;
			break;
		case ALERT_RESOLVED:
			out->resolved++;
			break;
		}
	}
}

void model_alert_id(const struct model *m, uint64_t row, char out[ALERT_ID_TEXT + 1])
{
	const struct alert *a = alert_at(m, row);

	out[0] = '\0';
	if (a)
		alert_id_text(a->id, out);
}

bool model_alert(const struct model *m, struct slice id, struct alert_brief *out)
{
	const struct alert *a = alert_by_id(m, id);

	if (!a || !a->cause)
		return false;
	*out = (struct alert_brief){ alert_state(a), a->who != NULL, alert_device(m, a),
		a->summary };
	return true;
}
