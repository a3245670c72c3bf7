/*
 * The turn's middle and end.  Sources emit deltas as they read; each is applied at once, and
 * what must outlive us is added to the journal's batch.  Before the loop waits again the batch
 * is committed; when it is durable, and not before, clients are told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "collector/inside.h"
#include "config/config.h"
#include "model/model.h"

#define LOAD_EVENTS 200000
#define LOAD_BLOCKS 2000
#define SEEN_MIN 20

/*
 * The journal refused a record: what comes behind it must not be recorded either, cursors least of
 * all, until the sources have been dialled again from what it holds (collector.c).
 */
static int refuse(struct collector *c, struct err *e)
{
	if (!c->refused)
		log_msg(LOG_ERROR, "journal", "no room for more: sources will be dialled again from "
			"where it is");
	c->refused = true;
	return e ? err_set(e, ERR_REFUSED, "the journal has no room") : -1;
}

static size_t event_bytes(const struct collector *c, const struct delta_event *ev)
{
	return ev->origin.n + ev->id.n + ev->type.n + ev->subject.n + ev->message.n + ev->data.n +
	       model_source_name(c->model, ev->source).n + model_device_id(c->model, ev->device).n;
}

static int emit_event(struct collector *c, struct delta *d, struct err *e)
{
	struct delta_event *ev = &d->event;

	if (c->journal && journal_known(c->journal, ev->origin, ev->id))
		return 1; /* told before: the source counts a duplicate */
	if (c->refused || (c->journal && !journal_takes(c->journal, event_bytes(c, ev))))
		return refuse(c, e);
	ev->n = c->last_n + 1;
	if (model_apply(c->model, d, e) < 0)
		return -1;
	c->last_n = ev->n;
	if (!c->journal)
		return 0;
	c->dirty = true;
	return journal_event(c->journal, ev, model_source_name(c->model, ev->source),
		model_device_id(c->model, ev->device));
}

static int emit_block(struct collector *c, struct delta *d, struct err *e)
{
	if (model_apply(c->model, d, e) < 0)
		return -1;
	if (!c->journal)
		return 0;
	c->dirty = true;
	if (c->refused || journal_block(c->journal, model_ledger_name(c->model, d->block.ledger),
				  &d->block) < 0)
		return refuse(c, e);
	return 0;
}

int turn_emit(void *arg, struct delta *d, struct err *e)
{
	struct collector *c = arg;
	bool is_new;

	switch (d->kind) {
	case DELTA_EVENT:
		return emit_event(c, d, e);
	case DELTA_BLOCK:
		return emit_block(c, d, e);
	case DELTA_LEDGER:
		is_new = model_ledger(c->model, d->ledger.name) == MODEL_NONE;
		if (model_apply(c->model, d, e) < 0)
			return -1;
		if (is_new)
			turn_load_ledger(c, d->ledger.ledger);
		return 0;
	default:
		return model_apply(c->model, d, e);
	}
}

void turn_cursor(void *arg, const char *source, struct slice position)
{
	struct collector *c = arg;

	if (!c->journal)
		return;
	c->dirty = true;
	if (c->refused || journal_cursor(c->journal, slice_of(source), position) < 0)
		refuse(c, NULL);
}

void turn_cursor_get(void *arg, const char *source, char *out, size_t n)
{
	struct collector *c = arg;
	char *value = NULL;
	struct err e;

	out[0] = '\0';
	if (!c->journal)
		return;
	if (journal_cursor_get(c->journal, slice_of(source), &value, &e) == 1)
		snprintf(out, n, "%s", value);
	free(value);
}

void turn_keep(void *arg, const char *source, struct slice id, int status, struct slice data)
{
	struct collector *c = arg;

	if (!c->journal)
		return;
	c->dirty = true;
	if (c->refused || journal_keep(c->journal, slice_of(source), id, status, data) < 0)
		refuse(c, NULL);
}

void turn_forgotten(void *arg, uint32_t device)
{
	struct collector *c = arg;

	if (!c->journal || c->refused)
		return;
	c->dirty = true;
	journal_forget(c->journal, model_source_name(c->model,
		model_device_source(c->model, device)), model_device_id(c->model, device));
}

/* So many a second that each is named four times in the age at which the journal prunes. */
static uint64_t seen_a_second(const struct collector *c)
{
	int64_t age_s = c->config->collector.journal.max_age_ms / 1000;

	return SEEN_MIN + 4 * (uint64_t)model_devices_n(c->model) / (uint64_t)(age_s > 0 ? age_s : 1);
}

void turn_seen(struct collector *c)
{
	uint64_t forgotten = model_forgotten(c->model);
	uint64_t n = c->journal && !c->refused && !c->paused ? seen_a_second(c) : 0;

	if (forgotten != c->forgotten)
		log_msg(LOG_INFO, "model", "%llu devices are forgotten: down or stale for too long",
			(unsigned long long)(forgotten - c->forgotten));
	c->forgotten = forgotten;
	for (; n--; c->seen++) {
		struct slice id = model_device_id(c->model, c->seen);
		enum device_status st = model_device_status(c->model, c->seen);

		if (!id.n) {
			c->seen = 0;
			return;
		}
		if (st == STATUS_DOWN || st == STATUS_STALE)
			continue;
		c->dirty = true;
		journal_seen(c->journal, model_source_name(c->model,
			model_device_source(c->model, c->seen)), id);
	}
}

void turn_kept(void *arg, const char *source,
	void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg)
{
	struct collector *c = arg;
	struct err e;

	if (c->journal && journal_load_kept(c->journal, slice_of(source), fn, fnarg, &e) < 0)
		log_msg(LOG_ERROR, "journal", "known devices cannot be read: %s", e.text);
}

static void pause_sources(struct collector *c, bool paused)
{
	if (c->paused == paused)
		return;
	c->paused = paused;
	for (size_t i = 0; i < c->sources_n; i++)
		source_pause(c->sources[i], paused);
	log_msg(paused ? LOG_WARN : LOG_INFO, "journal",
		paused ? "full: sources wait until it has written" : "sources go on");
}

void turn_end(void *arg)
{
	struct collector *c = arg;

	if (!c->journal) {
		if (c->recorded == c->last_n)
			return;
		c->recorded = c->last_n;
		hands_recorded(c);
		api_recorded(c->api);
		return;
	}
	if (c->dirty)
		journal_commit(c->journal);
	c->dirty = false;
	pause_sources(c, journal_full(c->journal));
}

void turn_committed(void *arg, uint64_t ticket, const struct err *e)
{
	struct collector *c = arg;
	uint64_t before = c->recorded;

	if (e)
		log_msg(LOG_ERROR, "journal", "stalled, nothing new is told: %s", e->text);
	c->recorded = journal_durable_n(c->journal);
	if (c->recorded == before || !c->api)
		return;
	hands_recorded(c);
	api_recorded(c->api);
}

/* --- start-up ------------------------------------------------------------------------ */

static void load_event(void *arg, const struct journal_event *je)
{
	struct collector *c = arg;
	struct delta d = { .kind = DELTA_EVENT, .event = *je->ev };
	struct err e;

	d.event.seen_ms = je->seen_ms;
	d.event.source = model_source(c->model, je->source);
	d.event.device = model_device(c->model, je->device);
	model_apply(c->model, &d, &e);
}

void turn_load(struct collector *c)
{
	struct err e;

	if (c->journal && journal_load_events(c->journal, LOAD_EVENTS, load_event, c, &e) < 0)
		log_msg(LOG_ERROR, "journal", "older events cannot be read: %s", e.text);
	model_recall(c->model);
	hands_load(c);
}

struct load_blocks {
	struct collector *c;
	uint32_t ledger;
};

static void load_block(void *arg, const struct delta_block *b)
{
	struct load_blocks *lb = arg;
	struct delta d = { .kind = DELTA_BLOCK, .block = *b };
	struct err e;

	d.block.ledger = lb->ledger;
	model_apply(lb->c->model, &d, &e);
}

void turn_load_ledger(struct collector *c, uint32_t ledger)
{
	struct load_blocks lb = { c, ledger };
	struct err e;

	if (c->journal && journal_load_blocks(c->journal, model_ledger_name(c->model, ledger),
				  LOAD_BLOCKS, load_block, &lb, &e) < 0)
		log_msg(LOG_ERROR, "journal", "older blocks cannot be read: %s", e.text);
}
