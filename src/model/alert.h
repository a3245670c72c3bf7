/*
 * Alerts as others see them: what is wrong now, and what was resolved lately.  The model makes them
 * itself, as deltas are applied: one for all devices of a network and a site that are degraded, stale
 * or down for one reason, and one for each that a Prometheus server says is firing.  Rows are of kind
 * `alerts`; DELTA_ACK and DELTA_SILENCE are what people do to them.
 *
 * Bounds: ALERTS_MAX open ones (devices beyond are counted, and looked at again when there is room),
 * ALERTS_RESOLVED resolved ones for ALERTS_RESOLVED_MS, SILENCES_MAX silences.
 */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

#define ALERTS_MAX	   10000
#define ALERTS_RESOLVED	   500
#define ALERTS_RESOLVED_MS (24 * 3600000ll)
#define SILENCES_MAX	   1000
#define ALERT_NOTE_MAX	   512 /* bytes of a note */

struct model;

enum alert_severity { ALERT_INFO, ALERT_WARN, ALERT_CRITICAL };
enum alert_state { ALERT_RESOLVED, ALERT_SILENCED, ALERT_ACKED, ALERT_ACTIVE };

struct alert_counts {
	uint32_t active[3]; /* by severity; acknowledged and silenced ones apart */
	uint32_t acked, silenced, resolved;
	uint64_t unlisted; /* devices that are not well, for whose alert there was no room */
};
void model_alert_counts(const struct model *m, struct alert_counts *out);

struct alert_brief {
	enum alert_state state;
	bool acked;	     /* also when it is silenced */
	uint32_t device;     /* the one it is about; MODEL_NONE: none, or several */
	const char *summary; /* borrowed for the turn */
};
/* False: there is none of this id. */
bool model_alert(const struct model *m, struct slice id, struct alert_brief *out);
#define ALERT_ID_TEXT 12
/* The id of a row of kind `alerts`; "" when it is gone. */
void model_alert_id(const struct model *m, uint64_t row, char out[ALERT_ID_TEXT + 1]);
#define SILENCE_FILTER_MAX 4096 /* bytes */
/* The open ones that this server told of, also in an earlier run: ids of the events they began with. */
typedef void model_told_fn(void *arg, const char *id);
void model_alerts_told(const struct model *m, struct slice source, model_told_fn *fn, void *arg);
uint32_t model_silences_n(const struct model *m);
bool model_silence(const struct model *m, uint64_t id);

#endif
