/*
 * CloudEvents 1.0 in the JSON format, structured mode: one event a message, or a batch (an
 * array).  Source: github.com/cloudevents/spec, json-format.md.  One pass over the bytes, no tree,
 * nothing allocated.  The whole message is checked (JSON, UTF-8, depth), the data too; numbers
 * of any size pass.
 *
 * Refused: a required attribute missing or empty (id, source, type, specversion "1.0"), an
 * attribute twice, names outside [a-z0-9], objects and arrays as attributes, control characters
 * in attributes, a time that is not RFC 3339, data and data_base64 at once.
 * Limits: CE_DEPTH_MAX levels, CE_ATTRS_MAX attributes, CE_SCRATCH bytes of attributes that
 * hold escapes.  Message size is the transport's.
 */
#ifndef WIRE_CLOUDEVENT_H
#define WIRE_CLOUDEVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

#define CE_DEPTH_MAX 64
#define CE_ATTRS_MAX 64
#define CE_SCRATCH   2048

/* Slices point into the message or into the decoder: good until either changes.  An absent
 * attribute is an empty slice. */
struct cloudevent {
	struct slice id, source, specversion, type, subject;
	struct slice datacontenttype, dataschema, time, sequence, partitionkey;
	struct slice severitytext, dssematerial;
	bool has_time;
	int64_t time_ms;   /* of `time`; 0 without one */
	int severity;	   /* severitynumber 1..24, else what severitytext says, else 0 */
	unsigned extensions; /* attributes beyond those above */
	struct slice data; /* the JSON value, exactly as sent; empty: none */
	struct slice data_base64; /* the text between the quotes */
};

/* Make one for each stream and reuse it: it remembers the last day it has read. Zeros to start. */
struct ce_decoder {
	struct cloudevent ev;
	int64_t day_ms;
	char day[10];
	size_t used;
	char scratch[CE_SCRATCH];
};

/* One event into d->ev.  -1: refused; e says why and at which byte. */
int ce_decode(struct ce_decoder *d, struct slice msg, struct err *e);

/*
 * A batch: an array of events, [] allowed; a single event passes too.  fn gets each event's
 * decoder or, for one that was refused, NULL and the reason; the rest goes on.  fn's -1 ends it.
 * Returns how many events were good, or -1 when the array itself is broken (those before the
 * break have been told).
 */
typedef int ce_fn(void *arg, struct ce_decoder *d, const struct err *bad);
int ce_decode_batch(struct ce_decoder *d, struct slice msg, ce_fn *fn, void *arg, struct err *e);

/* "WARN", "error2" ... -> 1..24; 0 for other words. */
int ce_severity(struct slice text);

#endif
