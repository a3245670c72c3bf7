/* Alerts that others tell of: what a Prometheus server says is firing comes as events, a first and a
 * last one, which has "#end" behind the id of the first. */
#include "base/alloc.h"
#include "base/hash.h"
#include "model/alert_in.h"
#include "model/state.h"

static const char firing[] = "net.depin.prometheus.firing.v1",
		  resolved[] = "net.depin.prometheus.resolved.v1", end_mark[] = "#end";

static enum alert_severity severity_of(int severity)
{
	return severity >= SEVERITY_ERROR  ? ALERT_CRITICAL
	       : severity >= SEVERITY_WARN ? ALERT_WARN
					   : ALERT_INFO;
}

static struct slice without_end(struct slice id)
{
	size_t n = sizeof(end_mark) - 1;

	if (id.n > n && memcmp(id.p + id.n - n, end_mark, n) == 0)
		id.n -= n;
	return id;
}

static void begin(struct model *m, uint64_t cause, const struct delta_event *d)
{
	uint64_t id = alert_name(alert_name(alert_name(0, slice_of("prometheus")), d->origin), d->id);
	struct alert *a = alert_open(m, cause, id);

	if (!a) {
		m->refused++;
		return;
	}
	a->kind = ALERT_OF_PROMETHEUS;
	a->severity = severity_of(d->severity);
	a->since_ms = d->at_ms;
	a->summary = xmemdup0(d->message.p, d->message.n);
	a->source = xmemdup0(d->origin.p, d->origin.n);
	a->told = xmemdup0(d->id.p, d->id.n);
	a->device = xmemdup0(d->subject.p, d->subject.n);
	alert_look(m, a);
}

void alert_event(struct model *m, const struct delta_event *d)
{
	bool begins = slice_is(d->type, firing);
	struct slice id = without_end(d->id);
	struct alert *a;
	uint64_t cause;

	if (!begins && !slice_is(d->type, resolved))
		return;
	cause = hash_mix(hash_bytes(d->origin.p, d->origin.n), hash_bytes(id.p, id.n)) | 1;
	a = alert_find(m, cause);
	if (begins && (!a || a->end))
		begin(m, cause, d);
	else if (!begins && a && !a->end)
		alert_resolve(m, a, d->at_ms);
}

void model_alerts_told(const struct model *m, struct slice source, model_told_fn *fn, void *arg)
{
	for (uint32_t i = 0; i < m->alerts.n; i++) {
		const struct alert *a = &m->alerts.v[i];

		if (a->cause && !a->end && a->told && slice_is(source, a->source))
			fn(arg, a->told);
	}
}

void alert_event_again(struct model *m, const struct event *ev)
{
	const char *p = (const char *)(ev + 1);
	struct delta_event d = { .severity = ev->severity, .at_ms = ev->at_ms,
		.origin = str_get(&m->strs, ev->origin), .type = str_get(&m->strs, ev->type),
		.id = { p, ev->id_n }, .subject = { p + ev->id_n, ev->subject_n },
		.message = { p + ev->id_n + ev->subject_n, ev->message_n } };

	alert_event(m, &d);
}
