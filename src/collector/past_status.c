/* `status` of a moment gone by: what devices and ledgers tell; of the rest nobody keeps how it
 * was. */
#include <stdio.h>

#include "base/alloc.h"
#include "collector/api_conn.h"
#include "collector/status.h"

static const char not_kept[] = "nobody keeps how it was";

static const char *infrastructure(const struct model *m, struct jw *w)
{
	uint32_t by[5], n = model_devices_n(m), bad;
	const char *state;
	char text[160];

	model_status_counts(m, by);
	bad = by[STATUS_DOWN] + by[STATUS_STALE] + by[STATUS_DEGRADED];
	if (by[STATUS_UNKNOWN] == n)
		state = n ? "unknown" : "idle";
	else
		state = bad == 0 ? "well" : bad == n ? "down" : "degraded";
	snprintf(text, sizeof(text), "%u of %u devices up (%u degraded, %u stale, %u down, %u unknown)",
		by[STATUS_UP], n, by[STATUS_DEGRADED], by[STATUS_STALE], by[STATUS_DOWN],
		by[STATUS_UNKNOWN]);
	status_layer(w, "infrastructure", state, text);
	return state;
}

static void blockchain(const struct model *m, struct jw *w)
{
	unsigned char hash[32];
	uint64_t number;
	char text[400];

	if (model_ledger_head(m, 0, &number, hash) < 0)
		snprintf(text, sizeof(text), "%s", not_kept);
	else
		snprintf(text, sizeof(text), "%.*s was at block %llu",
			SLICE_ARG(model_ledger_name(m, 0)), (unsigned long long)number);
	status_layer(w, "blockchain", "unknown", text);
}

void past_status_write(const struct model *m, const char *context, struct jw *w)
{
	static const char *const none[] = { "sources", "ledgers", "model", "rates" };
	const char *state;

	jw_key(w, "context"), jw_str(w, slice_of(context));
	jw_key(w, "layers");
	jw_array(w);
	status_layer(w, "application", "unknown", not_kept);
	status_layer(w, "governance", "unknown", not_kept);
	status_layer(w, "data", "unknown", not_kept);
	blockchain(m, w);
	state = infrastructure(m, w);
	jw_end(w);
	jw_key(w, "state"), jw_str(w, slice_of(state));
	status_devices(w, m);
	status_alerts(w, m);
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		jw_key(w, none[i]);
		jw_object(w);
		jw_end(w);
	}
	jw_key(w, "journal"), jw_null(w);
	jw_key(w, "recording"), jw_null(w);
}
