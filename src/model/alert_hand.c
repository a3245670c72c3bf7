/*
 * What people do to alerts.  An ack is of one alert and ends when that is resolved; a silence hides
 * whatever matches its filter until it expires.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "model/alert_in.h"
#include "model/filter.h"
#include "model/state.h"

#define LOOK_US	 8000 /* of each second, for holding alerts against silences */
#define BEGIN_US 5000 /* for holding all of them against a new one; its turn comes to the rest */

/* --- acks --- */

void alert_unack(struct alert *a)
{
	free(a->who);
	free(a->note);
	a->who = a->note = NULL;
	a->acked_ms = 0;
}

static struct alert *to_ack(struct model *m, const struct delta_ack *d)
{
	struct alert *a = alert_by_id(m, d->alert);
	uint64_t id;

	if (a || !d->restored)
		return a && a->cause && !a->end ? a : NULL;
	return alert_id_read(d->alert, &id) ? alert_wait(m, id) : NULL;
}

int ack_apply(struct model *m, struct delta_ack *d, struct err *e)
{
	struct alert *a = to_ack(m, d);

	if (!a)
		return refuse(m, e, "ack: no such alert is open: %.*s",
			d->alert.n > 60 ? 60 : (int)d->alert.n, d->alert.p);
	if (d->note.n > ALERT_NOTE_MAX)
		return refuse(m, e, "ack: a note of more than %d bytes", ALERT_NOTE_MAX);
	alert_unack(a);
	if (d->undo)
		return 0;
	a->who = xmemdup0(d->who.p, d->who.n);
	a->note = xmemdup0(d->note.p, d->note.n);
	a->acked_ms = d->at_ms;
	return 0;
}

/* --- which alerts are silenced --- */

static bool matches(const struct silence *s, const struct model *m, const struct alert *a)
{
	filter_prepare(s->filter, m);
	return filter_match(s->filter, m, alert_row(m, a));
}

static void hide(struct alert *a, struct silence *s)
{
	a->silence = s;
	s->hides++;
}

void alert_unhide(struct alert *a)
{
	if (a->silence)
		a->silence->hides--;
	a->silence = NULL;
}

/* As if nothing silenced it: a filter may ask for its state.  Beyond the second's share it stays as it
 * is until its turn comes. */
void alert_look(struct model *m, struct alert *a)
{
	struct alerts *t = &m->alerts;
	int64_t begun_us;

	if (a->end || !a->cause || !t->silences_n || t->look_us <= 0)
		return;
	begun_us = clock_mono_us_now();
	alert_unhide(a);
	for (uint32_t i = 0; i < t->silences_n && !a->silence; i++)
		if (matches(t->silences[i], m, a))
			hide(a, t->silences[i]);
	t->look_us -= clock_mono_us_now() - begun_us;
}

/* --- silences --- */

static void silence_free(struct silence *s)
{
	filter_free(s->filter);
	free(s->text);
	free(s->who);
	free(s->note);
	free(s);
}

static uint32_t silence_at(const struct model *m, uint64_t id)
{
	uint32_t i = 0;

	while (i < m->alerts.silences_n && m->alerts.silences[i]->id != id)
		i++;
	return i;
}

static void silence_end(struct model *m, uint32_t at)
{
	struct alerts *t = &m->alerts;
	struct silence *s = t->silences[at];

	t->silences_n--;
	memmove(&t->silences[at], &t->silences[at + 1],
		(t->silences_n - at) * sizeof(t->silences[0]));
	for (uint32_t i = 0; s->hides && i < t->n; i++) {
		if (t->v[i].silence != s)
			continue;
		alert_unhide(&t->v[i]);
		alert_look(m, &t->v[i]);
	}
	silence_free(s);
}

static struct silence *silence_new(const struct delta_silence *d, struct err *e)
{
	struct silence *s = xcalloc(1, sizeof(*s));
	size_t at;

	s->filter = filter_new(&rows_alerts, d->filter, &at, e);
	s->id = d->id;
	s->text = xmemdup0(d->filter.p, d->filter.n);
	s->who = xmemdup0(d->who.p, d->who.n);
	s->note = xmemdup0(d->note.p, d->note.n);
	s->at_ms = d->at_ms;
	s->until_ms = d->until_ms;
	if (s->filter)
		return s;
	silence_free(s);
	return NULL;
}

static void silence_begin(struct model *m, struct silence *s)
{
	struct alerts *t = &m->alerts;
	int64_t until_us = clock_mono_us_now() + BEGIN_US;

	t->silences = xreallocarray(t->silences, t->silences_n + 1, sizeof(*t->silences));
	t->silences[t->silences_n++] = s;
	for (uint32_t i = 0; i < t->n && clock_mono_us_now() < until_us; i++) {
		struct alert *a = &t->v[i];

		if (a->cause && !a->end && !a->silence && matches(s, m, a))
			hide(a, s);
	}
}

int silence_apply(struct model *m, struct delta_silence *d, struct err *e)
{
	uint32_t at = silence_at(m, d->id);
	struct silence *s;

	d->hides = 0;
	if (!d->filter.n && at == m->alerts.silences_n)
		return refuse(m, e, "silence: there is no %llu", (unsigned long long)d->id);
	if (d->filter.n > SILENCE_FILTER_MAX || d->note.n > ALERT_NOTE_MAX)
		return refuse(m, e, "silence: a filter of more than %d bytes, or a note of more than %d",
			SILENCE_FILTER_MAX, ALERT_NOTE_MAX);
	s = d->filter.n ? silence_new(d, e) : NULL;
	if (d->filter.n && !s)
		return -1;
	if (at < m->alerts.silences_n)
		silence_end(m, at);
	if (!s)
		return 0;
	if (m->alerts.silences_n == SILENCES_MAX) {
		silence_free(s);
		return refuse(m, e, "silence: there are %d already", SILENCES_MAX);
	}
	silence_begin(m, s);
	d->hides = s->hides;
	return 0;
}

/* Half of the second's share goes to those that are there already: what a filter asks for (how many
 * devices, since when) may have changed. */
void silences_tick(struct model *m)
{
	struct alerts *t = &m->alerts;

	t->look_us = LOOK_US;
	for (uint32_t i = t->silences_n; i-- > 0;)
		if (t->silences[i]->until_ms <= m->now_ms)
			silence_end(m, i);
	for (uint32_t i = 0; t->silences_n && i < t->n && t->look_us > LOOK_US / 2; i++) {
		t->look = t->look < t->n ? t->look : 0;
		alert_look(m, &t->v[t->look++]);
	}
}

void silences_fini(struct model *m)
{
	for (uint32_t i = 0; i < m->alerts.silences_n; i++)
		silence_free(m->alerts.silences[i]);
	free(m->alerts.silences);
}

uint32_t model_silences_n(const struct model *m)
{
	return m->alerts.silences_n;
}

bool model_silence(const struct model *m, uint64_t id)
{
	return silence_at(m, id) < m->alerts.silences_n;
}
