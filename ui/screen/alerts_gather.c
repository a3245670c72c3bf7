#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "client/view.h"
#include "ui/screen/alerts.h"
#include "ui/screen/value.h"

#define RESOLVED_MAX 50 /* that are still told */

struct gather {
	struct alert *v;
	size_t n, resolved;
};

static uint64_t story(const json_t *row, const char *const *fields)
{
	uint64_t h = 0;

	for (; *fields; fields++) {
		struct slice s = row_text(row, *fields);

		h = hash_mix(h, hash_bytes(s.p, s.n));
	}
	return h ? h : 1;
}

static struct alert *find(struct gather *g, uint64_t id)
{
	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].id == id)
			return &g->v[i];
	return NULL;
}

static struct alert *add(struct gather *g, uint64_t id, const json_t *row)
{
	struct alert *a;

	if (g->n == ALERTS_MAX)
		return NULL;
	a = &g->v[g->n++];
	*a = (struct alert){ .id = id, .row = row, .firing = true };
	return a;
}

/* --- devices: one alert for a site, a status and a reason --- */

static void add_device(struct gather *g, const json_t *row)
{
	static const char *const fields[] = { "status", "network", "site", "reason", NULL };
	uint64_t id = story(row, fields);
	int64_t since = row_time(row, "since");
	struct alert *a = find(g, id);

	if (!a && (a = add(g, id, row))) {
		a->of_devices = true;
		a->since_ms = since;
		a->severity = slice_is(row_text(row, "status"), "down") ? ALERT_CRITICAL : ALERT_WARN;
	}
	if (!a)
		return;
	a->devices++;
	if (since && since < a->since_ms)
		a->since_ms = since;
}

/* --- what servers tell: begin and end share an id, the end has "#end" behind it --- */

static uint64_t event_id(const json_t *row, bool *end)
{
	struct slice id = row_text(row, "id");

	*end = id.n > 4 && memcmp(id.p + id.n - 4, "#end", 4) == 0;
	return hash_mix(7, hash_bytes(id.p, *end ? id.n - 4 : id.n));
}

static enum alert_severity severity_of(const json_t *row)
{
	struct slice s = row_text(row, "severity");

	return slice_is(s, "error") || slice_is(s, "fatal") ? ALERT_CRITICAL
	       : slice_is(s, "warn")			    ? ALERT_WARN
							    : ALERT_INFO;
}

/* From the newest back: an end comes before its beginning. */
static void add_event(struct gather *g, const json_t *row)
{
	bool end;
	uint64_t id = event_id(row, &end);
	struct alert *a = find(g, id);

	if (end) {
		if (!a && g->resolved < RESOLVED_MAX && (a = add(g, id, row))) {
			a->firing = false;
			a->until_ms = row_time(row, "time");
			g->resolved++;
		}
		return;
	}
	if (!a)
		a = add(g, id, row);
	if (!a || a->since_ms)
		return;
	a->row = row; /* tells more than the end does */
	a->since_ms = row_time(row, "time");
	a->severity = severity_of(row);
	a->devices = row_text(row, "device").n ? 1 : 0;
}

static int worst_first(const void *x, const void *y)
{
	const struct alert *a = x, *b = y;

	if (a->firing != b->firing)
		return a->firing ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->since_ms != b->since_ms)
		return a->since_ms > b->since_ms ? -1 : 1;
	return slice_cmp(row_text(a->row, "id"), row_text(b->row, "id"));
}

size_t alerts_gather(struct client_view *devices, struct client_view *events, struct alert *out)
{
	struct gather g = { .v = out };

	for (size_t i = 0; devices && i < client_view_n(devices); i++)
		add_device(&g, client_view_row(devices, i));
	for (size_t i = 0; events && i < client_view_n(events); i++)
		add_event(&g, client_view_row(events, i));
	qsort(out, g.n, sizeof(*out), worst_first);
	return g.n;
}
