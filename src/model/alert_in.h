/* Inside the alerts: their table, and what its files share. */
#ifndef MODEL_ALERT_IN_H
#define MODEL_ALERT_IN_H

#include "model/alert.h"
#include "model/delta.h"
#include "model/index.h"

struct device;
struct err;
struct event;
struct filter;

enum alert_kind { ALERT_OF_STATUS, ALERT_OF_PROMETHEUS };

struct silence {
	uint64_t id;
	char *text, *who, *note;
	int64_t at_ms, until_ms;
	struct filter *filter; /* of text */
	uint32_t hides;	       /* alerts */
};

struct alert {
	uint64_t cause;	 /* what it is about, as a hash of this process; 0: the place is free */
	uint64_t id;	 /* the same for the same cause, also after a restart; 48 bits */
	uint64_t end;	 /* which of all resolutions was its own; 0: it is open */
	uint32_t serial; /* which of the alerts that had this place */
	uint32_t next;	 /* free place */
	uint64_t sum;	 /* of its devices' rows: when there is one, it is that */
	uint32_t devices, most;	  /* now, and at a time */
	uint32_t first, last;	  /* device that it began with, that joined last; MODEL_NONE: it left */
	uint32_t site, reason;	  /* texts */
	uint16_t network;
	uint8_t kind, severity, status;
	bool waiting; /* acknowledged in an earlier run, and not come back yet: nobody sees it */
	int64_t since_ms, until_ms; /* waiting: given up then */
	char *summary;
	char *device; /* id: of Prometheus, what it is about, ours or not; else of the only one it had */
	char *source; /* of Prometheus: the server */
	char *told;   /* and the id of the event that it began with */
	char *who, *note; /* who acknowledged it and why; NULL: nobody did */
	int64_t acked_ms;
	struct silence *silence; /* that hides it */
};

struct alerts {
	struct alert *v;
	uint32_t n, free, serial;
	uint32_t open_n, waiting_n, resolved_n; /* open_n: with those waiting */
	struct index by_cause, by_id;
	uint64_t ends, aged; /* resolutions, and those too long ago */
	uint32_t ended[ALERTS_RESOLVED]; /* resolution n: the place at n % ALERTS_RESOLVED */
	uint64_t unlisted;
	uint32_t device, look; /* looked at next: a device that is unlisted, an alert that is silenced */
	int64_t look_us;       /* what this second still has for it */
	struct silence **silences;
	uint32_t silences_n;
};

/* --- the table (alert.c) --- */

/* Open or resolved; NULL: none. */
struct alert *alert_find(const struct model *m, uint64_t cause);
struct alert *alert_by_id(const struct model *m, struct slice id);
/* The caller fills in what it is about, then calls alert_look().  A resolved one of the same cause
 * gives way.  NULL: there are ALERTS_MAX. */
struct alert *alert_open(struct model *m, uint64_t cause, uint64_t id);
/* A place of an alert to come. */
struct alert *alert_wait(struct model *m, uint64_t id);
void alert_resolve(struct model *m, struct alert *a, int64_t at_ms);
void alert_free(struct model *m, struct alert *a);
void alerts_init(struct model *m);
void alerts_tick(struct model *m);
void alerts_fini(struct model *m);

/* A row is serial << 32 | place. */
uint64_t alert_row(const struct model *m, const struct alert *a);
const struct alert *alert_at(const struct model *m, uint64_t row); /* NULL: it is gone */
enum alert_state alert_state(const struct alert *a);
/* The one it is about; MODEL_NONE: none, or several. */
uint32_t alert_device(const struct model *m, const struct alert *a);

void alert_id_text(uint64_t id, char out[ALERT_ID_TEXT + 1]);
bool alert_id_read(struct slice id, uint64_t *out);

/* For ids: a hash of texts that is the same in each process. */
uint64_t alert_name(uint64_t so_far, struct slice s);

/* --- those of devices (alert_status.c) --- */

struct cause { /* that a device is not well; status 0: it is */
	uint32_t network, site, reason, status;
};
struct cause alert_cause(const struct device *d);
/* Whatever changes one of these of a device takes its cause before, and tells afterwards. */
void alert_moved(struct model *m, struct device *d, const struct cause *was, int64_t at_ms);
void alert_relist(struct model *m); /* some that were not listed */
struct alert *alert_of(const struct model *m, const struct device *d); /* NULL: none */

/* --- those that others tell of (alert_told.c) --- */
void alert_event(struct model *m, const struct delta_event *d);
void alert_event_again(struct model *m, const struct event *ev); /* for a model of the past */

/* --- what people do to them (alert_hand.c) --- */
int ack_apply(struct model *m, struct delta_ack *d, struct err *e);
int silence_apply(struct model *m, struct delta_silence *d, struct err *e);
void alert_unack(struct alert *a);
void alert_look(struct model *m, struct alert *a); /* is it silenced? */
void alert_unhide(struct alert *a);
void silences_tick(struct model *m);
void silences_fini(struct model *m);

#endif
