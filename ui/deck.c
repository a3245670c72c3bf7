#include "ui/deck.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/shell.h"

#define TRIP_MAX 1000 /* times: each step of a second is a moment of its own */

/* --- what the collector says of it --- */

static void take(struct deck *d, const json_t *answer)
{
	d->playing = json_flag(answer, "replaying", false);
	d->paused = json_flag(answer, "paused", false);
	d->skipping = json_flag(answer, "skipping", false);
	d->ended = json_flag(answer, "ended", false);
	d->speed = json_f64(answer, "speed", 1);
	d->at_ms = row_time(answer, "at");
	d->start_ms = row_time(answer, "start");
	moment_clock(d->playing ? d->at_ms : 0, d->paused || d->ended ? 0 : d->speed);
}

static void told(void *arg, const json_t *answer, const struct err *e)
{
	struct shell *s = arg;

	s->deck.waiting = false;
	if (answer)
		take(&s->deck, answer);
	s->dirty |= s->deck.playing;
}

static void done(void *arg, const json_t *answer, const struct err *e)
{
	struct shell *s = arg;

	if (e)
		shell_say(s, e->class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, e->text);
	told(arg, answer, e);
}

void deck_ask(struct shell *s)
{
	if (s->deck.waiting || !s->stage.up)
		return;
	s->deck.waiting = true;
	asker_call(&s->deck.asker, s->stage.client, "replay", slice_of("{}"), told, s);
}

void deck_tick(struct shell *s)
{
	if (s->deck.playing)
		deck_ask(s);
}

void deck_fini(struct shell *s)
{
	asker_fini(&s->deck.asker);
	moment_clock(0, 1);
}

/* --- the second row --- */

void deck_text(const struct shell *s, struct buf *b)
{
	const struct deck *d = &s->deck;

	if (!d->playing)
		return;
	if (d->ended)
		buf_adds(b, "■ the end  ");
	else if (d->skipping)
		buf_adds(b, "▶▶  ");
	else if (d->paused)
		buf_adds(b, "‖ held  ");
	else if (d->speed > 0)
		buf_addf(b, "▶ %gx  ", d->speed);
	else
		buf_adds(b, "▶ as fast as it goes  ");
	value_time(b, d->at_ms, d->at_ms);
	if (d->at_ms - d->start_ms >= 5000) {
		buf_adds(b, "  ");
		value_age(b, d->at_ms - d->start_ms);
		buf_adds(b, " in");
	}
}

/* --- commands --- */

static int ask(struct shell *s, const struct buf *params, struct err *e)
{
	if (shell_need_line(s, e) < 0)
		return -1;
	if (!s->deck.playing)
		return err_set(e, ERR_NO, "no recording is played here: `depinctl replay FILE` plays one");
	if (s->deck.ended)
		return err_set(e, ERR_NO, "the recording has ended; :seek -1m goes back in it");
	asker_call(&s->deck.asker, s->stage.client, "replay", buf_slice(params), done, s);
	return 0;
}

int cmd_hold(struct shell *s, struct slice arg, struct err *e)
{
	struct buf b;
	int rc;

	if (travel_on(s)) {
		travel_play(s, s->trip.speed ? 0 : 1);
		return 0;
	}
	buf_init(&b, 40);
	buf_addf(&b, "{\"pause\":%s}", s->deck.paused ? "false" : "true");
	rc = ask(s, &b, e);
	buf_fini(&b);
	return rc;
}

static int read_speed(double was, struct slice arg, double *speed, struct err *e)
{
	if (slice_is(arg, "faster"))
		*speed = was > 0 ? was * 2 : 0;
	else if (slice_is(arg, "slower"))
		*speed = was > 0 ? was / 2 : 1;
	else if (num_f64(arg, speed) < 0 || !(*speed >= 0))
		return err_set(e, ERR_USAGE, "speed 10, faster or slower; 0: as fast as it goes");
	return 0;
}

/* Of what stands still `faster` is as fast as time. */
static double trip_speed(const struct shell *s)
{
	return s->trip.speed ? s->trip.speed : 0.5;
}

int cmd_speed(struct shell *s, struct slice arg, struct err *e)
{
	double speed;
	struct buf b;
	int rc;

	if (read_speed(travel_on(s) ? trip_speed(s) : s->deck.speed, arg, &speed, e) < 0)
		return -1;
	if (travel_on(s)) {
		travel_play(s, speed > TRIP_MAX ? TRIP_MAX : speed);
		return 0;
	}
	buf_init(&b, 80);
	buf_addf(&b, "{\"speed\":%.17g,\"pause\":false}", speed);
	rc = ask(s, &b, e);
	if (rc == 0)
		s->deck.speed = speed; /* for the next key, which may come before the answer */
	buf_fini(&b);
	return rc;
}

/* Back to the recording's first second, and not before it. */
static int seek_back(struct shell *s, int64_t by, struct err *e)
{
	int64_t first = (s->deck.start_ms / 1000 + 1) * 1000;
	int64_t from = s->trip.want_ms ? s->trip.want_ms : moment_now_ms();
	char text[40];

	if (s->deck.playing && from - by < first)
		by = from - first;
	if (by <= 0)
		return err_set(e, ERR_NO, "the recording begins here");
	snprintf(text, sizeof(text), "%lldms", (long long)by);
	return cmd_earlier(s, slice_of(text), e);
}

/* Ahead it is played; what was played is travelled to, and on from there. */
int cmd_seek(struct shell *s, struct slice arg, struct err *e)
{
	bool back = arg.n && *arg.p == '-';
	int64_t to;
	struct buf b;
	int rc;

	if (back || (arg.n && *arg.p == '+'))
		arg = slice_mem(arg.p + 1, arg.n - 1);
	if (travel_step(arg, &to, e) < 0)
		return -1;
	if (back)
		return seek_back(s, to, e);
	if (travel_on(s))
		return cmd_later(s, arg, e);
	buf_init(&b, 80);
	buf_addf(&b, "{\"to\":%lld}", (long long)(s->deck.at_ms + to));
	rc = ask(s, &b, e);
	buf_fini(&b);
	return rc;
}
