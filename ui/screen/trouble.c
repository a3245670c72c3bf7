#include "ui/screen/trouble.h"

#include <stdio.h>

#include "client/view.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define GROUPS_MAX 64

struct group {
	const json_t *first; /* the row that stands for all */
	uint64_t n;
	int64_t since; /* the oldest, or the newest event's time */
};

static bool same(const json_t *a, const json_t *b, const char *const *fields)
{
	for (; *fields; fields++)
		if (!slice_eq(row_text(a, *fields), row_text(b, *fields)))
			return false;
	return true;
}

/* --- devices --- */

static int group_devices(struct client_view *v, struct group *g)
{
	static const char *const fields[] = { "status", "network", "site", "reason", NULL };
	int n = 0;

	for (size_t i = 0; i < client_view_n(v); i++) {
		const json_t *row = client_view_row(v, i);
		int64_t since = row_time(row, "since");
		int at = 0;

		while (at < n && !same(g[at].first, row, fields))
			at++;
		if (at == GROUPS_MAX)
			continue;
		if (at == n)
			g[n++] = (struct group){ row, 0, since };
		g[at].n++;
		if (since && since < g[at].since)
			g[at].since = since;
	}
	return n;
}

uint64_t trouble_devices_rows(struct client_view *v)
{
	struct group g[GROUPS_MAX];

	return (uint64_t)group_devices(v, g);
}

/* more: there are rows that were not looked at, each number is the least there are. */
static void draw_device(struct term *t, struct rect r, int line, const struct group *g, bool more,
	bool up)
{
	struct slice status = row_text(g->first, "status"), site = row_text(g->first, "site");
	struct slice reason = row_text(g->first, "reason");
	struct sign sign = sign_of(status);
	uint16_t look = up ? sign.look : ROLE_DIM, plain = up ? ROLE_TEXT : ROLE_DIM;
	char who[128];
	struct buf b;

	buf_init(&b, 64);
	if (g->since)
		value_age(&b, moment_ms() - g->since);
	if (g->n > 1)
		snprintf(who, sizeof(who), "%llu%s at %.*s", (unsigned long long)g->n,
			more ? "+" : "", SLICE_ARG(site.n ? site : slice_of("one site")));
	else
		snprintf(who, sizeof(who), "%.*s", SLICE_ARG(row_text(g->first, "name")));
	draw_glyph(t, r, line, 1, sign.glyph, look);
	draw_field(t, r, line, 3, 9, status, look, ALIGN_LEFT);
	draw_field(t, r, line, 13, 11, row_text(g->first, "network"), plain, ALIGN_LEFT);
	draw_field(t, r, line, 25, 18, slice_of(who), plain, ALIGN_LEFT);
	draw_field(t, r, line, 44, 7, buf_slice(&b), ROLE_DIM, ALIGN_RIGHT);
	draw_field(t, r, line, 53, r.cols - 54, reason, ROLE_DIM, ALIGN_LEFT);
	buf_fini(&b);
}

void trouble_devices_draw(struct client_view *v, struct term *t, struct rect r, bool up)
{
	struct group g[GROUPS_MAX];
	int n = v ? group_devices(v, g) : 0;
	uint64_t all = v ? client_view_matched(v) : 0;
	struct buf title;

	buf_init(&title, 64);
	buf_adds(&title, "Not up");
	if (all) {
		buf_adds(&title, "  ");
		value_count(&title, (double)all);
	}
	draw_rule(t, r, 0, buf_slice(&title));
	buf_fini(&title);
	for (int i = 0; i < n && i < r.rows - 1; i++)
		draw_device(t, r, i + 1, &g[i], all > client_view_n(v), up);
	if (v && client_view_ready(v) && !all)
		draw_text(t, r, 1, 1, slice_of("every device is up"), ROLE_DIM);
}

/* --- events --- */

static int group_events(struct client_view *v, struct group *g)
{
	static const char *const fields[] = { "severity", "message", "type", NULL };
	int n = 0;

	for (size_t i = client_view_n(v); i-- > 0;) {
		const json_t *row = client_view_row(v, i);

		if (n == 0 || !same(g[n - 1].first, row, fields)) {
			if (n == GROUPS_MAX)
				break;
			g[n++] = (struct group){ row, 0, row_time(row, "time") };
		}
		g[n - 1].n++;
	}
	return n;
}

static void draw_event(struct term *t, struct rect r, int line, const struct group *g, bool more,
	bool up)
{
	struct slice severity = row_text(g->first, "severity"), text = row_text(g->first, "message");
	struct slice who = row_text(g->first, "device");
	struct sign sign = sign_of(severity);
	uint16_t look = up ? sign.look : ROLE_DIM, plain = up ? ROLE_TEXT : ROLE_DIM;
	char many[64];
	struct buf b;

	buf_init(&b, 64);
	value_time(&b, g->since, moment_ms());
	snprintf(many, sizeof(many), "%llu%s times", (unsigned long long)g->n,
		more ? "+" : "");
	if (g->n > 1)
		who = slice_of(many);
	else if (!who.n)
		who = row_text(g->first, "source");
	draw_glyph(t, r, line, 1, sign.glyph, look);
	draw_field(t, r, line, 3, 9, severity, look, ALIGN_LEFT);
	draw_field(t, r, line, 13, 11, buf_slice(&b), ROLE_DIM, ALIGN_LEFT);
	draw_field(t, r, line, 25, 18, who, plain, ALIGN_LEFT);
	draw_field(t, r, line, 45, r.cols - 46, text.n ? text : row_text(g->first, "type"), plain,
		ALIGN_LEFT);
	buf_fini(&b);
}

void trouble_events_draw(struct client_view *v, struct term *t, struct rect r, bool up)
{
	struct group g[GROUPS_MAX];
	int n = v ? group_events(v, g) : 0;

	draw_rule(t, r, 0, slice_of("Newest warnings"));
	for (int i = 0; i < n && i < r.rows - 1; i++)
		draw_event(t, r, i + 1, &g[i],
			i == n - 1 && client_view_matched(v) > client_view_n(v), up);
	if (v && client_view_ready(v) && !n)
		draw_text(t, r, 1, 1, slice_of("none"), ROLE_DIM);
}
