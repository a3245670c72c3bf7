#include "model/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/state.h"

#define CLOCK_BACK_MS 600000 /* older than this by so much: the clock was set, not the record late */

struct model *model_new(const struct model_spec *spec)
{
	struct model *m = xcalloc(1, sizeof(*m));

	m->spec = spec ? *spec : (struct model_spec){ 0 };
	if (!m->spec.memory)
		m->spec.memory = (uint64_t)1 << 30;
	if (!m->spec.max_devices)
		m->spec.max_devices = 4000000;
	if (!m->spec.max_series)
		m->spec.max_series = 64000000;
	if (m->spec.stale_after_ms <= 0)
		m->spec.stale_after_ms = 60000;
	strtab_init(&m->strs);
	forget_init(m);
	alerts_init(m);
	trail_init(&m->trail, m->spec.memory / 64, m->spec.begun_ms);
	m->wheel = xmalloc(WHEEL_SLOTS * sizeof(*m->wheel));
	for (int i = 0; i < WHEEL_SLOTS; i++)
		m->wheel[i] = MODEL_NONE;
	m->wheel_rest = MODEL_NONE;
	m->networks = xcalloc(NETWORKS_MAX, sizeof(*m->networks));
	m->networks_n = 1; /* the nameless one */
	/* 11/16 history, 4/16 events, 1/16 logs of ledgers */
	m->history = history_new(m->spec.memory / 16 * 11);
	events_init(m, m->spec.memory / 4);
	logs_init(m, m->spec.memory / 16);
	return m;
}

void model_free(struct model *m)
{
	if (!m)
		return;
	ring_free(m->events);
	ring_free(m->logs);
	history_free(m->history);
	series_fini(m);
	devices_fini(m);
	sources_fini(m);
	trail_fini(&m->trail);
	alerts_fini(m);
	ledgers_fini(m);
	networks_fini(m);
	free(m->wheel);
	strtab_fini(&m->strs);
	free(m);
}

int refuse(struct model *m, struct err *e, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	m->refused++;
	if (!e)
		return -1;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_set(e, ERR_REFUSED, "%s", text);
}

bool time_ok(int64_t at_ms)
{
	return at_ms >= 0 && at_ms < CODER_TIME_MAX;
}

bool time_newer(int64_t at_ms, int64_t last_ms)
{
	return at_ms >= last_ms || at_ms < last_ms - CLOCK_BACK_MS;
}

static int tick_apply(struct model *m, const struct delta_tick *t, struct err *e)
{
	int64_t was = m->now_ms;

	if (!time_ok(t->now_ms))
		return refuse(m, e, "tick: time out of range");
	m->now_ms = t->now_ms;
	trail_tick(m);
	stale_tick(m);
	forget_tick(m);
	sources_tick(m);
	alerts_tick(m);
	if (was && m->now_ms > was)
		networks_tick(m, (double)(m->now_ms - was) / 1000);
	return 0;
}

int model_apply(struct model *m, struct delta *d, struct err *e)
{
	switch (d->kind) {
	case DELTA_SOURCE:
		return source_apply(m, &d->source, e);
	case DELTA_SOURCE_STATE:
		return source_state_apply(m, &d->source_state, e);
	case DELTA_DEVICE:
		return device_apply(m, &d->device, e);
	case DELTA_STATUS:
		return status_apply(m, &d->status, e);
	case DELTA_SERIES:
		return series_apply(m, &d->series, e);
	case DELTA_SAMPLES:
		return samples_apply(m, &d->samples, e);
	case DELTA_EVENT:
		return event_apply(m, &d->event, e);
	case DELTA_LEDGER:
		return ledger_apply(m, &d->ledger, e);
	case DELTA_BLOCK:
		return block_apply(m, &d->block, e);
	case DELTA_LOG:
		return log_apply(m, &d->log, e);
	case DELTA_ACK:
		return ack_apply(m, &d->ack, e);
	case DELTA_SILENCE:
		return silence_apply(m, &d->silence, e);
	case DELTA_TICK:
		return tick_apply(m, &d->tick, e);
	}
	BUG("delta of kind %d", d->kind);
}

void model_status_counts(const struct model *m, uint32_t out[5])
{
	memcpy(out, m->status_n, sizeof(m->status_n));
}

uint64_t model_samples_n(const struct model *m)
{
	return m->samples_seen;
}

int64_t model_history_oldest_ms(const struct model *m)
{
	return history_oldest_ms(m->history);
}

void model_stats(const struct model *m, struct model_stats *out)
{
	int64_t oldest = history_oldest_ms(m->history);

	*out = (struct model_stats){
		.devices = model_devices_n(m),
		.series = m->series_n - m->forget.unused_n,
		.samples_stored = history_stored(m->history),
		.samples_seen = m->samples_seen,
		.events_stored = ring_count(m->events),
		.refused = m->refused,
		.late = m->late,
		.unstored = history_unstored(m->history),
		.bytes_devices = m->devices_n * (sizeof(*m->devices) + sizeof(*m->order) +
			sizeof(*m->nets)) +
				 m->ids_n + index_bytes(&m->by_id) + strtab_bytes(&m->strs),
		.bytes_series = m->series_n * sizeof(*m->series) + m->keys_n * sizeof(*m->keys) +
				index_bytes(&m->by_key) + index_bytes(&m->by_series),
		.bytes_samples = history_bytes(m->history),
		.bytes_events = ring_bytes(m->events),
		.history_ms = oldest && m->now_ms > oldest ? m->now_ms - oldest : 0,
	};
	out->bytes_total = out->bytes_devices + out->bytes_series + out->bytes_samples +
			   out->bytes_events + ring_bytes(m->logs);
}
