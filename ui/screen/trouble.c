#include "ui/screen/trouble.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/json.h"
#include "client/view.h"
#include "ui/screen/alerts.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define GROUPS_MAX 64

struct group {
	const json_t *first; /* the row that stands for all */
	uint64_t n;
	int64_t at; /* the newest one's time */
};

static bool same(const json_t *a, const json_t *b, const char *const *fields)
{
	for (; *fields; fields++)
		if (!slice_eq(row_text(a, *fields), row_text(b, *fields)))
			return false;
	return true;
}

/* --- alerts --- */

static void draw_alert(struct term *t, struct rect r, int line, const json_t *row, bool up)
{
	struct slice severity = row_text(row, "severity"), state = row_text(row, "state");
	struct sign sign = sign_of(severity);
	bool active = slice_is(state, "active");
	uint16_t look = up && active ? sign.look : ROLE_DIM, plain = up && active ? ROLE_TEXT : ROLE_DIM;
	int64_t since = row_time(row, "since");
	struct buf b;

	buf_init(&b, 400);
	draw_glyph(t, r, line, 1, sign.glyph, look);
	draw_field(t, r, line, 3, 9, active ? severity : state, look, ALIGN_LEFT);
	draw_field(t, r, line, 13, 11, row_text(row, "network"), plain, ALIGN_LEFT);
	alert_about(row, &b);
	draw_field(t, r, line, 25, 22, buf_slice(&b), plain, ALIGN_LEFT);
	buf_reset(&b);
	if (since)
		value_age(&b, moment_ms() - since);
	draw_field(t, r, line, 47, 6, buf_slice(&b), ROLE_DIM, ALIGN_RIGHT);
	draw_field(t, r, line, 55, r.cols - 56, row_text(row, "summary"), plain, ALIGN_LEFT);
	buf_fini(&b);
}

/* "Alerts  2 critical  5 warn  1 acked": only what there is. */
static void put_counts(const json_t *counts, struct buf *b)
{
	static const char *const words[] = { "critical", "warn", "info", "acked", "silenced", "unlisted" };

	buf_adds(b, "Alerts");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (json_i64(counts, words[i], 0) > 0) {
			buf_adds(b, "  ");
			value_count(b, json_f64(counts, words[i], 0));
			buf_addf(b, " %s", words[i]);
		}
}

void trouble_alerts_draw(struct client_view *v, const json_t *counts, struct term *t, struct rect r,
	bool up)
{
	struct buf title;

	buf_init(&title, 200);
	put_counts(counts, &title);
	draw_rule(t, r, 0, buf_slice(&title));
	buf_fini(&title);
	for (size_t i = 0; v && i < client_view_n(v) && (int)i < r.rows - 1; i++)
		draw_alert(t, r, (int)i + 1, client_view_row(v, i), up);
	if (v && client_view_ready(v) && !client_view_matched(v))
		draw_text(t, r, 1, 1, slice_of("nothing is wrong"), ROLE_DIM);
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
	value_time(&b, g->at, moment_ms());
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
