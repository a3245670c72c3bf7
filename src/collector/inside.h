/* Inside the collector: what its files share.  Nobody else includes this. */
#ifndef COLLECTOR_INSIDE_H
#define COLLECTOR_INSIDE_H

#include "collector/api.h"
#include "collector/collector.h"
#include "source/source.h"
#include "store/journal.h"
#include "store/recorder.h"

struct config;
struct config_context;
struct listen;

struct rates { /* per second, over the last few */
	uint64_t records, bytes, samples;
	double records_s, bytes_s, samples_s;
	int64_t at_ms;
};

struct collector {
	struct collector_spec spec;
	char *socket, *journal_path, *context_name;
	struct loop *loop;
	struct config *config;
	const struct config_context *context;
	struct http *http;
	struct ws_hub *hub;
	struct model *model;
	struct journal *journal; /* NULL: none */
	struct api *api;
	struct listen *listen;
	struct source_env env;
	struct source **sources;
	size_t sources_n;
	struct loop_timer *second, *settle;
	int64_t settle_by_ms;
	void (*settled)(void *arg);
	void *settled_arg;
	struct recorder *recorder; /* NULL: not recording */
	char *recorder_file;
	struct rates rates;
	int64_t started_ms, linger_ms, config_mtime;
	bool paused, dirty; /* dirty: something of this turn is to be committed */
	bool refused; /* the journal took no more: nothing is taken until sources are dialled again */
	uint64_t forgotten; /* devices, as was logged last */
	uint32_t seen;	   /* devices up to this one have been named to the journal */
	struct act *acts, **acts_end; /* of people, that wait to be recorded */
	uint32_t silences_waiting;    /* of them */
	uint64_t silence_last;	      /* number */
	uint64_t last_n;   /* newest event's number */
	uint64_t recorded; /* all events up to this one are in the journal */
};

/* turn.c */
int turn_emit(void *arg, struct delta *d, struct err *e);
void turn_cursor(void *arg, const char *source, struct slice position);
void turn_cursor_get(void *arg, const char *source, char *out, size_t n);
void turn_keep(void *arg, const char *source, struct slice id, int status, struct slice data);
void turn_forgotten(void *arg, uint32_t device); /* the model is about to forget it */
void turn_seen(struct collector *c);		 /* once a second: some that must not be pruned */
void turn_kept(void *arg, const char *source,
	void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg);
void turn_end(void *arg);			   /* before the loop waits */
void turn_committed(void *arg, uint64_t ticket, const struct err *e);
void turn_load(struct collector *c);		   /* the model's past, from the journal */
void turn_load_ledger(struct collector *c, uint32_t ledger);

/* hands.c: what people do to alerts */
int hands_act(void *arg, struct act *a, struct err *e);
void hands_recorded(struct collector *c);	  /* does what is recorded by now */
void hands_end(struct collector *c);
void hands_load(struct collector *c);		  /* from the journal */
void hands_unacked(void *arg, struct slice alert); /* the alert was resolved */

/* status.c */
void status_write(void *arg, struct jw *w);
void status_rates(struct collector *c);

/* replay.c */
int replay_set(void *arg, const json_t *params, struct jw *w, struct err *e);

/* record.c */
int record_set(void *arg, const char *file, struct jw *w, struct err *e);
void record_bytes(void *arg, const char *name, const char *kind, enum source_bytes b,
	struct slice bytes);
void record_end(struct collector *c);
bool record_on(void *arg);

#endif
