/*
 * The model inside: what the files of this folder share.  Nobody else includes it.
 * Devices and series are plain arrays; a row's number is its place and never changes.
 */
#ifndef MODEL_STATE_H
#define MODEL_STATE_H

#include "model/alert_in.h"
#include "model/coder.h"
#include "model/history.h"
#include "model/index.h"
#include "model/model.h"
#include "model/region.h"
#include "model/ring.h"
#include "model/strtab.h"
#include "model/trail.h"

#define PLACE_NONE INT32_MIN /* no latitude or longitude */
#define WHEEL_SLOTS 2048     /* seconds ahead that staleness is planned for */
#define SERIES_WALK 8	     /* a device with more series has them in the index */
#define NETWORKS_MAX 4096
#define LEDGERS_MAX 256
#define SOURCES_MAX 65536
#define HEALTH_NONE 255
#define HEALTH_PARTS 10
#define LEDGER_DEPTH 10000 /* numbers below the head that are held */

/* What a sample touches comes first: one cache line. */
struct device {
	int64_t last_seen_ms; /* the newest record's own time */
	int64_t heard_ms;     /* by our clock, for staleness */
	int64_t since_ms;     /* when the status became what it is */
	uint32_t life; /* counts deaths: a series of an earlier life has no current value */
	uint8_t status, health; /* HEALTH_NONE: not known */
	bool in_wheel;
	bool gone : 1; /* forgotten: no row, though its place is there; wheel_next: of the list it is in */
	bool unlisted : 1; /* not well, and in no alert for want of room */
	uint32_t network;
	uint32_t stale_after_ms; /* 0: the default */
	uint32_t first, kind, series_n;
	uint32_t id;   /* offset in model.ids: a length byte, then the bytes */
	uint32_t name; /* 0: as the id */
	uint32_t source;
	uint32_t last, site, firmware, reason;
	int32_t lat, lon; /* 1e-7 degrees */
	uint32_t wheel_next;
	uint32_t health_series;
};

/* A device's texts by number. */
enum { DEVICE_NAME, DEVICE_KIND, DEVICE_SITE, DEVICE_FIRMWARE, DEVICE_WORDS };

static inline uint32_t *device_word(struct device *d, unsigned which)
{
	uint32_t *const texts[] = { &d->name, &d->kind, &d->site, &d->firmware };

	return texts[which];
}

/* name, labels, unit and type of a metric; shared by all devices that have it */
struct key {
	uint32_t name, labels, unit, help;
	uint8_t type;
	bool health; /* plain "health": tells the device's health */
};

struct series {
	struct coder last; /* coded so far; last.value is the current value */
	float rate;	   /* counters, per second; NaN: unknown */
	uint32_t device, key, next, block;
	uint32_t life;
	uint16_t bit, count; /* of the open block */
	bool absent; /* the newest sample was NaN, or there is none */
	bool seen;
	bool due; /* of a moment gone by: its sample is still to be looked up */
};

struct course;

struct network {
	uint32_t name;
	uint32_t by_status[5];
	uint64_t health_sum, health_n;
	uint32_t by_health[HEALTH_PARTS]; /* 0..9 %, 10..19 %, .. 90..100 % */
	struct course *course;		  /* NULL: of a moment gone by, or not ticked yet */
	uint64_t events, events_was;
	double events_rate;
	int64_t last_seen_ms;
};

struct source {
	char *name, *kind, *url, *error;
	struct delta_source_state s; /* its newest; .error is unused */
	int64_t since_ms, rated_ms;
	uint64_t records_was, bytes_was;
	double rate, bytes_rate;
};

struct block {
	uint64_t number, gas_used, gas_limit;
	int64_t at_ms;
	uint32_t txs, logs;
	unsigned char hash[32], parent[32];
	bool orphaned;
	bool backfill; /* came as history, not as a head */
};

struct ledger {
	char *name, *kind, *network;
	uint64_t chain_id;
	struct block *blocks; /* a circle of cap; serial s stands at s % cap */
	uint32_t cap;
	uint64_t first, end;  /* serials held: [first, end) */
	struct index by_number; /* best chain: number -> serial % cap */
	bool has_head;
	uint64_t head; /* serial */
	uint64_t reorgs, reorg_max;
};

struct event { /* a record of the ring; id, subject, message, data follow, in this order */
	uint64_t n;
	int64_t at_ms;
	uint32_t source, device, origin, type;
	uint32_t data_n;
	uint16_t id_n, subject_n, message_n;
	uint8_t severity;
};

struct log { /* data and text follow */
	uint64_t n, block;
	uint32_t ledger, index, data_n;
	uint16_t text_n;
	uint8_t topics_n;
	bool removed;
	unsigned char block_hash[32], tx_hash[32], address[20], topics[4][32];
};

/* Devices that were forgotten (forget.c).  Lists through wheel_next. */
struct forget {
	uint32_t at;	   /* the device that is looked at next */
	uint32_t gone_n;   /* devices that are gone */
	uint32_t unused_n; /* series that have no key */
	uint32_t fresh;	   /* list: forgotten lately */
	uint32_t swept;	   /* list: events that speak of them are looked for */
	uint32_t free;	   /* list: theirs may be another's place */
	uint64_t event;	   /* looked at last */
	int64_t since_ms;  /* when that began */
	uint64_t total;
};

struct model {
	struct model_spec spec;
	int64_t now_ms; /* of the last tick, 0: none yet */
	uint64_t refused, late, samples_seen;

	struct strtab strs;
	struct device *devices;
	struct region devices_mem;
	uint64_t *order; /* of each device, see device_order() */
	struct region order_mem;
	uint16_t *nets; /* its network once more, side by side; NULL: a model of the past has none */
	struct region nets_mem;
	uint32_t devices_n;
	char *ids;
	uint32_t ids_n, ids_cap;
	struct index by_id;
	uint32_t *wheel; /* first device of each slot */
	int64_t wheel_s;     /* the second that was dealt with last */
	uint32_t wheel_rest; /* of its devices, those still to be looked at */

	struct key *keys;
	uint32_t keys_n, keys_cap;
	struct index by_key;
	struct series *series;
	struct region series_mem;
	uint32_t series_n;
	struct index by_series; /* of devices with more than SERIES_WALK */
	struct history *history;

	struct network *networks;
	uint32_t networks_n;
	uint32_t status_n[5];
	struct source *sources;
	uint32_t sources_n;
	struct ledger *ledgers;
	uint32_t ledgers_n;

	struct ring *events, *logs;
	uint64_t event_last, log_last;
	struct forget forget;
	struct trail trail;
	struct alerts alerts;
	const struct model *live; /* of a moment gone by (past.h): the model it is of */
	uint32_t *revived; /* its devices that have been forgotten since */
	uint32_t revived_n;
};

/* Of a moment gone by only what is asked for is looked up, then and there (past_value.c). */
#define SEEN_DUE INT64_MIN /* last_seen_ms of a device: still to be looked up */
void past_settle(const struct model *m, const struct series *s);
int64_t past_last_seen(const struct model *m, const struct device *d);

static inline int64_t device_last_seen(const struct model *m, const struct device *d)
{
	return d->last_seen_ms == SEEN_DUE ? past_last_seen(m, d) : d->last_seen_ms;
}

/* Of one series alone where it is still to be looked up: for sums over many devices. */
static inline int64_t device_glimpsed(const struct device *d)
{
	return d->last_seen_ms == SEEN_DUE ? d->heard_ms : d->last_seen_ms;
}

/* Devices (device.c, stale.c) */
int device_apply(struct model *m, struct delta_device *d, struct err *e);
int status_apply(struct model *m, struct delta_status *d, struct err *e);
void device_status_set(struct model *m, struct device *d, enum device_status s, int64_t at_ms);
void device_health_set(struct model *m, struct device *d, uint8_t health);
uint8_t status_health(enum device_status s);
/* What it says of itself, else what its status tells. */
uint8_t device_health(const struct model *m, const struct device *d);
/* Its number in the usual order, worst first, then by name; names that begin alike share one.
 * m->order holds them side by side: looking at every device costs eight bytes each. */
uint64_t device_order(const struct model *m, const struct device *d);
void device_forget(struct model *m, uint32_t device);
void series_unuse(struct model *m, uint32_t device); /* all of a device's */
void device_seen(struct model *m, uint32_t device, int64_t at_ms);
void devices_fini(struct model *m);
/* Is a record of this time to count as the newest?  Also when the sender's clock went back. */
bool time_newer(int64_t at_ms, int64_t last_ms);
void stale_plan(struct model *m, uint32_t device);
void stale_tick(struct model *m);

/* Forgetting (forget.c) */
#define KEY_UNUSED 0 /* of a series whose device is gone, or has not come to use it */
#define ORDER_GONE UINT64_MAX
void forget_init(struct model *m);
void forget_tick(struct model *m);
uint32_t forget_place(struct model *m); /* of a device that is gone; MODEL_NONE: none is free */

/* Series (series.c, samples.c) */
int series_apply(struct model *m, struct delta_series *d, struct err *e);
int samples_apply(struct model *m, struct delta_samples *d, struct err *e);
void series_fini(struct model *m);
/* model_series() by the texts' numbers (UINT32_MAX: unheard of). */
uint32_t series_of(const struct model *m, uint32_t device, uint32_t name, uint32_t labels);
/* Per second; a counter that went down began again at 0. */
float counter_rate(double was, double is, int64_t ms);
/* Before its last sample is read: of a moment gone by it is looked up now. */
static inline void series_settle(const struct model *m, const struct series *s)
{
	if (s->due)
		past_settle(m, s);
}
/* Has a value that is true now (not dead, not stale, not a gap)?  Settles it. */
bool series_current(const struct model *m, const struct series *s);

/* Networks, sources */
uint32_t network_take(struct model *m, struct slice name); /* MODEL_NONE: too many */
void networks_tick(struct model *m, double seconds);
void networks_fini(struct model *m);
int source_apply(struct model *m, struct delta_source *d, struct err *e);
int source_state_apply(struct model *m, struct delta_source_state *d, struct err *e);
void sources_tick(struct model *m);
void sources_fini(struct model *m);

/* Events, ledgers */
struct told { /* of a device's status; texts are the event's */
	enum device_status status;
	struct slice subject, message;
};
bool event_tells(const struct model *m, const struct event *ev, struct told *out);
int event_apply(struct model *m, struct delta_event *d, struct err *e);
void events_init(struct model *m, size_t bytes);
int ledger_apply(struct model *m, struct delta_ledger *d, struct err *e);
int block_apply(struct model *m, struct delta_block *d, struct err *e);
int log_apply(struct model *m, struct delta_log *d, struct err *e);
void logs_init(struct model *m, size_t bytes);
void logs_remove(struct model *m, uint32_t ledger, const unsigned char block_hash[32]);
void ledgers_fini(struct model *m);

/* Counts the refusal; -1. */
int refuse(struct model *m, struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool time_ok(int64_t at_ms);

static inline struct slice device_id(const struct model *m, const struct device *d)
{
	return (struct slice){ m->ids + d->id + 1, (unsigned char)m->ids[d->id] };
}

static inline struct slice device_name(const struct model *m, const struct device *d)
{
	return d->name ? str_get(&m->strs, d->name) : device_id(m, d);
}

static inline bool device_there(const struct model *m, uint32_t device)
{
	return device < m->devices_n && !m->devices[device].gone;
}

static inline bool status_alive(uint8_t s)
{
	return s != STATUS_DOWN && s != STATUS_STALE;
}

static inline bool device_alive(const struct device *d)
{
	return status_alive(d->status);
}

/* The texts of an event follow it one after another. */
static inline struct slice event_id(const struct event *ev)
{
	return slice_mem((const char *)(ev + 1), ev->id_n);
}

static inline struct slice event_subject(const struct event *ev)
{
	return slice_mem(event_id(ev).p + ev->id_n, ev->subject_n);
}

static inline struct slice event_message(const struct event *ev)
{
	return slice_mem(event_subject(ev).p + ev->subject_n, ev->message_n);
}

static inline struct slice event_data(const struct event *ev)
{
	return slice_mem(event_message(ev).p + ev->message_n, ev->data_n);
}

#endif
