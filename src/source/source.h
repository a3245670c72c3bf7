/*
 * Sources: where the world comes in.  One file per kind; each turns records of the wire into
 * deltas and nothing else.  A source never blocks, retries for ever with jittered backoff, and
 * says how it is: state, lag, rate, drops, gaps, duplicates, last error (DELTA_SOURCE_STATE, once
 * a second when something changed).
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/loop.h"
#include "model/delta.h"

struct config_ledger;
struct config_source;
struct http;
struct model;
struct point;
struct source;
struct ws_hub;

/* What bytes are, for recordings: see docs/recording.md. */
enum source_bytes { BYTES_MESSAGE = 1, BYTES_PAGE_START, BYTES_PAGE, BYTES_PAGE_END, BYTES_NOTE,
	BYTES_STATE = 8 };

/* What the collector lends to each source. */
struct source_env {
	struct loop *loop;
	struct http *http;
	struct ws_hub *hub;
	const struct model *model;
	void *arg;
	/* The only way to change the model.  -1: refused (counted by the model). */
	int (*emit)(void *arg, struct delta *d, struct err *e);
	/* All up to here is emitted: recorded in one transaction with what was emitted this turn. */
	void (*cursor)(void *arg, const char *source, struct slice position);
	/* Where to go on after a restart; "" for a new one.  Copied out. */
	void (*cursor_get)(void *arg, const char *source, char *out, size_t n);
	/* Identities that must outlive us though no event need tell them: a device's birth and last
	 * status (enum device_status), by its id.  Empty data: as it was. */
	void (*keep)(void *arg, const char *source, struct slice id, int status, struct slice data);
	void (*kept)(void *arg, const char *source,
		void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg);
	/* The bytes as they came, for `record`.  name: the source's, "/part" behind it where it
	 * has several. */
	void (*bytes)(void *arg, const char *name, const char *kind, enum source_bytes what,
		struct slice b);
	bool (*recording)(void *arg);
	int64_t stale_after_ms; /* of devices whose source does not say */
	bool replaying; /* open() dials nothing: the bytes come through replay() */
	bool own_clock; /* a replay that is all there is sets the clock to its own time */
};

/* A plot asks for the past of one series.  done once, perhaps at once; e: it failed. */
struct source_history {
	struct slice device, name, labels; /* borrowed for the call that asks */
	int64_t from_ms, to_ms;
	uint64_t points; /* at most */
	void (*done)(void *arg, const struct point *v, size_t n, const struct err *e);
	void *arg;
};

struct source_kind {
	const char *name, *help;
	/* Sets s->impl; dials. */
	int (*open)(struct source *s, struct err *e);
	void (*close)(struct source *s);
	void (*pause)(struct source *s, bool paused); /* back-pressure of the journal */
	/* Bytes of a recording, as bytes() was given them; part "" when it has none. */
	void (*replay)(struct source *s, const char *part, enum source_bytes what, struct slice b);
	/* A recording begins: what is known from before that will not come again, as bytes for
	 * replay().  NULL: all of it comes again. */
	void (*known)(struct source *s);
	/* NULL: what the model holds is all.  false: not asked, done() is not called. */
	bool (*history)(struct source *s, const struct source_history *h);
};

/* The common part; kinds keep their own behind impl. */
struct source {
	const struct source_kind *kind;
	const struct source_env *env;
	const struct config_source *cfg; /* one of cfg and ledger is set */
	const struct config_ledger *ledger;
	const char *name;
	void *impl;
	uint32_t id; /* the model's row */
	struct delta_source_state st;
	char error[256];
	bool dirty;
	/* What it plays, a recording: the sources of that session.  They live as long as it does. */
	struct source *const *parts;
	size_t parts_n;
};

extern const struct source_kind source_stream, source_scrape, source_prometheus, source_file,
	source_evm, source_nats;

const struct source_kind *source_kind_find(const char *name);

/* cfg must outlive the source. */
struct source *source_new(const struct source_env *env, const struct config_source *cfg,
	struct err *e);
struct source *source_new_ledger(const struct source_env *env, const struct config_ledger *cfg,
	struct err *e);
void source_free(struct source *s);
void source_pause(struct source *s, bool paused);
/* Once a second: tells the model how the source is, when that changed. */
void source_report(struct source *s);

/* For the kinds. */
void source_state(struct source *s, enum source_state state, const char *error_or_null);
/* A record came: n bytes, made at at_ms (0: unknown). */
static inline void source_record(struct source *s, size_t bytes)
{
	s->st.records++;
	s->st.bytes += bytes;
	s->dirty = true;
}
int source_emit(struct source *s, struct delta *d);
const char *source_url(const struct source *s); /* where it dials first; NULL: nowhere */
/* Silence after which what it tells of is stale: its own, or the collector's, and then at least
 * three of its intervals. */
int64_t source_stale_after_ms(const struct source *s);
/* For a recording, if one is being made; part NULL: none. */
void source_keep_bytes(struct source *s, const char *part, enum source_bytes what, struct slice b);

#endif
