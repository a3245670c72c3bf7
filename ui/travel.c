#include "ui/travel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "client/travel.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/shell.h"

#define STEP_MS	    10000
#define STEP_MAX_MS (INT64_C(30) * 24 * 3600000)

/* --- arriving --- */

static void pages_tell(struct shell *s)
{
	for (size_t i = 0; i < s->n_tabs; i++)
		for (struct page *p = s->tabs[i].top; p; p = p->below)
			if (p->screen->travelled)
				p->screen->travelled(p->state);
}

static void add_reach(struct buf *b, const char *what, int64_t from_ms, int64_t at_ms)
{
	if (from_ms && from_ms <= at_ms)
		return;
	buf_adds(b, b->len ? ", " : "not known of then: ");
	buf_adds(b, what);
	if (from_ms) {
		buf_adds(b, " (from ");
		value_time(b, from_ms, moment_now_ms());
		buf_adds(b, ")");
	}
}

/* What is not known of the moment is shown as unknown; here stands why. */
static void say_reach(struct shell *s, const struct client_travel *t)
{
	struct buf b;

	buf_init(&b, 400);
	add_reach(&b, "statuses and names", t->statuses_ms, t->at_ms);
	add_reach(&b, "values", t->history_ms, t->at_ms);
	add_reach(&b, "events", t->events_ms, t->at_ms);
	if (b.len)
		shell_say(s, ROLE_NOTICE, b.p);
	buf_fini(&b);
}

static void arrived(void *arg, const struct client_travel *t, const struct err *e)
{
	struct shell *s = arg;
	bool moved;

	s->trip.asked -= !t->again;
	s->dirty = true;
	if (e && !t->again) {
		if (s->trip.asked == 0 && e->class != ERR_NONE) {
			s->trip.want_ms = s->trip.at_ms;
			shell_say(s, e->class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, e->text);
		}
		return;
	}
	if (e || !t->at_ms)
		s->trip.speed = 0;
	if (e)
		shell_say(s, ROLE_WARN, "that moment is not known any more: back to now");
	moved = s->trip.at_ms != t->at_ms;
	s->trip.at_ms = t->at_ms;
	if (s->trip.asked == 0)
		s->trip.want_ms = t->at_ms;
	moment_set(t->at_ms);
	if (moved || t->again)
		pages_tell(s);
	if (t->at_ms && moved && !s->trip.speed)
		say_reach(s, t);
}

/* --- leaving --- */

static void go(struct shell *s, int64_t at_ms)
{
	s->trip.asked++;
	s->trip.want_ms = at_ms;
	s->trip.went_ms = clock_mono_ms();
	client_travel(s->stage.client, at_ms, arrived, s);
}

int travel_step(struct slice arg, int64_t *ms, struct err *e)
{
	char text[40];

	*ms = STEP_MS;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(arg));
	if (arg.n && num_duration_ms(text, ms, e) < 0)
		return -1;
	return *ms > 0 && *ms <= STEP_MAX_MS ? 0 : err_set(e, ERR_USAGE, "1 ms to 30 days");
}

int cmd_earlier(struct shell *s, struct slice arg, struct err *e)
{
	int64_t by;

	if (shell_need_line(s, e) < 0 || travel_step(arg, &by, e) < 0)
		return -1;
	go(s, (s->trip.want_ms ? s->trip.want_ms : moment_now_ms()) - by);
	return 0;
}

int cmd_later(struct shell *s, struct slice arg, struct err *e)
{
	int64_t by;

	if (shell_need_line(s, e) < 0 || travel_step(arg, &by, e) < 0)
		return -1;
	if (!s->trip.want_ms)
		return err_set(e, ERR_NO, "it is now");
	by += s->trip.want_ms;
	go(s, by >= moment_now_ms() ? 0 : by);
	return 0;
}

int cmd_warning(struct shell *s, struct slice arg, struct err *e)
{
	bool back = slice_is(arg, "previous");

	if (!back && !slice_is(arg, "next"))
		return err_set(e, ERR_USAGE, "warning next, or warning previous");
	if (shell_need_line(s, e) < 0)
		return -1;
	s->trip.asked++;
	client_travel_to(s->stage.client, back, NULL, arrived, s);
	return 0;
}

int cmd_travel(struct shell *s, struct slice arg, struct err *e)
{
	char text[80];
	int64_t at = 0;

	if (shell_need_line(s, e) < 0)
		return -1;
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(arg));
	if (arg.n && !slice_is(arg, "now") && num_moment_ms(text, moment_now_ms(), &at, e) < 0)
		return -1;
	if (at > moment_now_ms())
		return err_set(e, ERR_USAGE, "that is still to come");
	s->trip.speed = 0;
	go(s, at);
	return 0;
}

/* --- going on --- */

void travel_play(struct shell *s, double speed)
{
	s->trip.speed = speed;
	s->trip.went_ms = clock_mono_ms();
	s->dirty = true;
}

void travel_tick(struct shell *s)
{
	const struct trip *t = &s->trip;
	int64_t at;

	if (!t->speed || !t->at_ms || t->asked || !s->stage.up)
		return;
	at = t->at_ms + (int64_t)((double)(clock_mono_ms() - t->went_ms) * t->speed);
	if (at >= moment_now_ms())
		shell_say(s, ROLE_NOTICE, "that was the past: this is now");
	go(s, at >= moment_now_ms() ? 0 : at);
}

bool travel_back(struct shell *s)
{
	if (!s->trip.at_ms || !s->stage.up)
		return false;
	go(s, 0);
	return true;
}

/* --- the first row --- */

static int64_t shown_ms(const struct shell *s)
{
	return s->trip.asked && s->trip.want_ms ? s->trip.want_ms : s->trip.at_ms;
}

bool travel_on(const struct shell *s)
{
	return shown_ms(s) != 0;
}

void travel_text(const struct shell *s, struct buf *b)
{
	int64_t at = shown_ms(s);

	if (!at)
		return;
	if (s->trip.speed)
		buf_addf(b, "▶ %gx ", s->trip.speed);
	else
		buf_adds(b, "◀ ");
	value_time(b, at, moment_now_ms());
	if (s->trip.asked && !s->trip.speed) {
		buf_adds(b, " ...");
		return;
	}
	buf_adds(b, ", ");
	value_age(b, moment_now_ms() - at);
	buf_adds(b, " ago");
}

bool travel_moved(struct shell *s)
{
	struct buf b;
	bool moved;

	buf_init(&b, sizeof(s->trip.told));
	travel_text(s, &b);
	moved = strcmp(b.len ? b.p : "", s->trip.told) != 0;
	snprintf(s->trip.told, sizeof(s->trip.told), "%s", b.len ? b.p : "");
	buf_fini(&b);
	return moved;
}
