#include "ui/alarm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "client/view.h"
#include "config/config.h"
#include "ui/screen/value.h"
#include "ui/shell.h"

#define NEWEST	 50
#define APART_MS 10000

/* --- what is new --- */

static uint64_t mark_text(const json_t *row, const char *key)
{
	struct slice s = row_text(row, key);

	return hash_bytes(s.p, s.n);
}

/* One that got worse, or came back, is another. */
static uint64_t mark_of(const json_t *row)
{
	return hash_mix(hash_mix(mark_text(row, "id"), mark_text(row, "severity")),
		mark_text(row, "since"));
}

/* False: it is known. */
static bool learn(struct alarm *a, uint64_t mark)
{
	unsigned n = a->n_known < ALARM_KNOWN ? a->n_known : ALARM_KNOWN;

	for (unsigned i = 0; i < n; i++)
		if (a->known[i] == mark)
			return false;
	a->known[a->n_known++ % ALARM_KNOWN] = mark;
	return true;
}

static void count(struct alarm *a, const json_t *row)
{
	bool crit = slice_is(row_text(row, "severity"), "critical");

	if (a->warns + a->crits == 0 || (crit && !a->crits))
		snprintf(a->first, sizeof(a->first), "%.*s", SLICE_ARG(row_text(row, "summary")));
	a->crits += crit;
	a->warns += !crit;
}

/* --- telling --- */

static int level(const struct shell *s, bool bell)
{
	return !s->spec.look ? CONFIG_ALARM_OFF : bell ? s->spec.look->bell : s->spec.look->notify;
}

static bool wanted(const struct alarm *a, int level)
{
	return level >= CONFIG_ALARM_WARNING ? a->crits + a->warns > 0
					     : level == CONFIG_ALARM_CRITICAL && a->crits > 0;
}

/* "lab: 2 critical, 5 warnings: fra-2: 40 devices down" */
static void notice(struct shell *s, int64_t now)
{
	const struct alarm *a = &s->alarm;
	struct buf b;

	buf_init(&b, 400);
	buf_addf(&b, "%s: ", s->spec.title);
	if (a->crits)
		buf_addf(&b, "%u critical", a->crits);
	if (a->warns)
		buf_addf(&b, "%s%u warning%s", a->crits ? ", " : "", a->warns, a->warns > 1 ? "s" : "");
	buf_addf(&b, ": %s", a->first);
	term_notify(s->spec.term, buf_slice(&b), now);
	buf_fini(&b);
}

static void tell(struct shell *s)
{
	struct alarm *a = &s->alarm;
	int64_t now = clock_mono_ms();

	if (a->warns + a->crits == 0 || (a->told_ms && now < a->told_ms + APART_MS))
		return;
	if (wanted(a, level(s, true)))
		term_bell(s->spec.term, now);
	if (wanted(a, level(s, false)))
		notice(s, now);
	a->told_ms = now;
	a->warns = a->crits = 0;
	s->dirty = true;
}

/* --- looking --- */

/* Of a moment gone by nothing is news. */
static bool travelling(const struct shell *s)
{
	return s->trip.at_ms || s->trip.asked;
}

static void changed(void *arg, struct client_view *v)
{
	struct shell *s = arg;
	struct alarm *a = &s->alarm;

	if (!client_view_ready(v) || travelling(s))
		return;
	for (size_t i = 0; i < client_view_n(v); i++) {
		const json_t *row = client_view_row(v, i);

		if (row && learn(a, mark_of(row)) && a->begun)
			count(a, row);
	}
	a->begun = true;
	tell(s);
}

/* --- life --- */

static void begin(struct shell *s)
{
	static const struct client_view_ops ops = { .changed = changed };
	static const struct client_query q = { .kind = "alerts", .sort = "since:desc", .limit = NEWEST,
		.filter = "state=active and severity>=warn", .fields = "id,severity,since,summary" };

	if (s->stage.client && !s->alarm.view && (level(s, true) >= CONFIG_ALARM_CRITICAL ||
				      level(s, false) >= CONFIG_ALARM_CRITICAL))
		s->alarm.view = client_view_new(s->stage.client, &q, &ops, s);
}

void alarm_tick(struct shell *s)
{
	if (travelling(s)) {
		alarm_fini(&s->alarm);
		return;
	}
	begin(s);
	tell(s);
}

void alarm_fini(struct alarm *a)
{
	client_view_free(a->view);
	a->view = NULL;
}
