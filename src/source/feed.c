#include "source/feed.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/jtext.h"
#include "base/num.h"
#include "config/config.h"
#include "model/model.h"
#include "source/source.h"
#include "wire/cloudevent.h"
#include "wire/telemetry.h"

#define SEQUENCE_MAX 40

struct feed {
	struct source *src;
	struct ce_decoder ce;
	struct tele_value values[TELE_METRICS_MAX];
	struct sample samples[TELE_METRICS_MAX];
	struct buf scratch, text;
	char sequence[SEQUENCE_MAX + 1]; /* the last one, as sent */
	uint64_t number;		 /* the same as a number; 0: none yet, or not a number */
	bool moved;			 /* since it was recorded */
	bool live;  /* there is a server to ask for what is missing */
	bool asked; /* it has just been asked, and has sent no event yet */
	bool deaf;  /* that did not help before: holes are counted and passed over */
	uint64_t hole_at; /* where it was asked for what is missing */
};

/* --- sequence ---------------------------------------------------------------------------- */

enum verdict { SEQ_TAKE, SEQ_DUPLICATE, SEQ_HOLE };

static enum verdict hole(struct feed *f, uint64_t missing)
{
	if (f->live && !f->deaf && f->hole_at != f->number) {
		f->hole_at = f->number;
		return SEQ_HOLE;
	}
	f->deaf = f->live;
	f->src->st.gaps += missing;
	return SEQ_TAKE;
}

/* An event without a number is what a server sends first that does not know our position: it
 * began anew, and its numbers are others. */
static void forget_position(struct feed *f)
{
	f->sequence[0] = '\0';
	f->number = 0;
}

static enum verdict check_sequence(struct feed *f, struct slice seq)
{
	uint64_t n;

	if (seq.n == 0 && f->asked)
		forget_position(f);
	if (seq.n == 0 || seq.n > SEQUENCE_MAX)
		return SEQ_TAKE;
	if (num_u64(seq, &n) == 0 && f->number) {
		if (n <= f->number)
			return SEQ_DUPLICATE;
		if (n > f->number + 1)
			return hole(f, n - f->number - 1);
		if (f->asked)
			f->deaf = false;
	} else if (*f->sequence && slice_cmp(seq, slice_of(f->sequence)) <= 0) {
		return SEQ_DUPLICATE;
	}
	return SEQ_TAKE;
}

static void advance(struct feed *f, struct slice seq)
{
	if (seq.n == 0 || seq.n > SEQUENCE_MAX || slice_is(seq, f->sequence))
		return;
	memcpy(f->sequence, seq.p, seq.n);
	f->sequence[seq.n] = '\0';
	if (num_u64(seq, &f->number) < 0)
		f->number = 0;
	f->moved = true;
}

void feed_asked(struct feed *f)
{
	f->live = true;
	f->asked = *f->sequence;
}

void feed_position(const struct feed *f, char *out, size_t n)
{
	snprintf(out, n, "%s", f->sequence);
}

void feed_save_position(struct feed *f)
{
	if (!f->moved)
		return;
	f->moved = false;
	f->src->env->cursor(f->src->env->arg, f->src->name, slice_of(f->sequence));
}

/* --- devices --------------------------------------------------------------------------------- */

static uint32_t make_device(struct feed *f, struct slice id, const struct tele_birth *b,
	int64_t at_ms)
{
	const struct config_source *c = f->src->cfg;
	struct delta d = { .kind = DELTA_DEVICE, .device = {
		.id = id,
		.name = b->name,
		.network = b->network.n ? b->network : slice_of(c->network),
		.kind = b->kind.n ? b->kind : slice_of(c->device_kind),
		.site = b->site,
		.firmware = b->firmware,
		.lat = b->lat,
		.lon = b->lon,
		.source = f->src->id,
		.stale_after_ms = source_stale_after_ms(f->src),
		.at_ms = at_ms,
	} };

	return source_emit(f->src, &d) < 0 ? MODEL_NONE : d.device.device;
}

static uint32_t device_of(struct feed *f, struct slice id, int64_t at_ms)
{
	static const struct tele_birth nothing = { .lat = NAN, .lon = NAN };
	uint32_t device;

	if (id.n == 0)
		return MODEL_NONE;
	device = model_device(f->src->env->model, id);
	return device != MODEL_NONE ? device : make_device(f, id, &nothing, at_ms);
}

static enum series_type series_type(struct slice type)
{
	return slice_is(type, "counter") ? SERIES_COUNTER
	       : slice_is(type, "state") ? SERIES_STATE
					 : SERIES_GAUGE;
}

static uint32_t make_series(struct feed *f, uint32_t device, struct slice name, struct slice unit,
	enum series_type type)
{
	struct delta d = { .kind = DELTA_SERIES,
		.series = { .device = device, .name = name, .unit = unit, .type = type } };

	return source_emit(f->src, &d) < 0 ? MODEL_NONE : d.series.series;
}

/* What a birth says; also used for the births kept from an earlier run. */
static uint32_t take_birth(struct feed *f, struct slice id, struct slice data, int64_t at_ms)
{
	struct tele_birth b;
	struct tele_metric m;
	struct err e;
	uint32_t device;

	buf_reset(&f->scratch);
	if (tele_birth_decode(data, &f->scratch, &b, &e) < 0) {
		f->src->st.bad++;
		return device_of(f, id, at_ms);
	}
	device = make_device(f, id, &b, at_ms);
	while (device != MODEL_NONE && tele_birth_metric(&b.metrics, &f->scratch, &m))
		make_series(f, device, m.name, m.unit, series_type(m.type));
	return device;
}

static void set_status(struct feed *f, uint32_t device, enum device_status status,
	struct slice reason, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_STATUS, .status = { .device = device, .status = status,
		.reason = reason, .at_ms = at_ms } };

	source_emit(f->src, &d);
}

/* --- events ---------------------------------------------------------------------------------- */

static int default_severity(enum tele_kind kind, const struct tele_note *note)
{
	if (kind == TELE_DEATH || note->status == TELE_DOWN)
		return SEVERITY_ERROR;
	if (kind == TELE_ALERT || note->status == TELE_DEGRADED)
		return SEVERITY_WARN;
	return SEVERITY_INFO;
}

/* Recorded with the position behind it, in one transaction. */
static void tell_event(struct feed *f, enum tele_kind kind, uint32_t device,
	const struct tele_note *note, int64_t at_ms)
{
	const struct cloudevent *ev = &f->ce.ev;
	struct delta d = { .kind = DELTA_EVENT, .event = {
		.source = f->src->id,
		.device = device,
		.origin = ev->source,
		.id = ev->id,
		.type = ev->type,
		.subject = ev->subject,
		.severity = ev->severity ? ev->severity : default_severity(kind, note),
		.at_ms = at_ms,
		.data = ev->data,
	} };

	buf_reset(&f->text);
	if (note->text.n)
		buf_addslice(&f->text, note->text);
	else
		tele_message(ev->data, &f->text);
	d.event.message = buf_slice(&f->text);
	if (source_emit(f->src, &d) == 1)
		f->src->st.duplicates++;
	advance(f, ev->sequence);
	feed_save_position(f);
}

static void take_note(struct feed *f, enum tele_kind kind, uint32_t device, int64_t at_ms)
{
	static const enum device_status statuses[] = { [TELE_UNSAID] = STATUS_UNKNOWN,
		[TELE_UP] = STATUS_UP, [TELE_DEGRADED] = STATUS_DEGRADED, [TELE_DOWN] = STATUS_DOWN };
	const struct source_env *env = f->src->env;
	const struct cloudevent *ev = &f->ce.ev;
	enum device_status status = STATUS_UNKNOWN;
	struct tele_note note = { 0 };
	struct err e;

	buf_reset(&f->scratch);
	if (tele_note_decode(ev->data, &f->scratch, &note, &e) < 0)
		note = (struct tele_note){ 0 };
	if (kind == TELE_DEATH)
		status = STATUS_DOWN;
	else if (kind == TELE_STATUS)
		status = statuses[note.status];
	if (device != MODEL_NONE && status != STATUS_UNKNOWN) {
		set_status(f, device, status, note.text, at_ms);
		env->keep(env->arg, f->src->name, ev->subject, (int)status, (struct slice){ 0 });
	}
	tell_event(f, kind, device, &note, at_ms);
}

/* A birth of a device that is up already says nothing new: servers repeat them. */
static void birth(struct feed *f, int64_t at_ms)
{
	static const struct tele_note back = { .text = { "up again", 8 } };
	const struct source_env *env = f->src->env;
	const struct cloudevent *ev = &f->ce.ev;
	uint32_t known = model_device(env->model, ev->subject), device;
	enum device_status was = model_device_status(env->model, known);

	device = take_birth(f, ev->subject, ev->data, at_ms);
	if (device == MODEL_NONE)
		return;
	set_status(f, device, STATUS_UP, (struct slice){ 0 }, at_ms);
	env->keep(env->arg, f->src->name, ev->subject, STATUS_UP, ev->data);
	if (known != MODEL_NONE && was != STATUS_UP && was != STATUS_UNKNOWN)
		tell_event(f, TELE_BIRTH, device, &back, at_ms);
}

/* --- telemetry: the hot path ------------------------------------------------------------------- */

static void telemetry(struct feed *f, uint32_t device, int64_t at_ms)
{
	const struct model *m = f->src->env->model;
	struct delta d = { .kind = DELTA_SAMPLES, .samples = { .v = f->samples, .device = device,
		.at_ms = at_ms } };
	struct telemetry t;
	struct err e;
	uint32_t n = 0, series = MODEL_NONE;

	model_expect(m, device);
	if (telemetry_decode(f->ce.ev.data, f->values, TELE_METRICS_MAX, &t, &e) < 0) {
		f->src->st.bad++;
		source_state(f->src, f->src->st.state, e.text);
		return;
	}
	if (t.has_time)
		d.samples.at_ms = t.time_ms;
	for (size_t i = 0; i < t.n; i++) {
		const struct tele_value *v = &f->values[i];

		series = model_series_after(m, device, series, v->name);
		if (series == MODEL_NONE)
			series = make_series(f, device, v->name, (struct slice){ 0 },
				v->text.n ? SERIES_STATE : SERIES_GAUGE);
		if (series != MODEL_NONE)
			f->samples[n++] = (struct sample){ series, v->value };
		else
			f->src->st.drops++;
	}
	f->src->st.bad += t.bad;
	d.samples.n = n;
	source_emit(f->src, &d);
}

static void take(struct feed *f, enum tele_kind kind, int64_t at_ms)
{
	static const struct tele_note none;
	uint32_t device;

	if (kind == TELE_BIRTH && f->ce.ev.subject.n) {
		birth(f, at_ms);
		return;
	}
	if (kind == TELE_NONE) { /* not about a device of ours: an event all the same */
		tell_event(f, kind, model_device(f->src->env->model, f->ce.ev.subject), &none, at_ms);
		return;
	}
	device = device_of(f, f->ce.ev.subject, at_ms);
	if (kind != TELE_TELEMETRY)
		take_note(f, kind, device, at_ms);
	else if (device != MODEL_NONE)
		telemetry(f, device, at_ms);
	else
		f->src->st.bad++;
}

static void refuse(struct feed *f, const struct err *e)
{
	f->src->st.bad++;
	source_state(f->src, f->src->st.state, e->text);
}

/* The event that f->ce holds. */
static bool take_event(struct feed *f)
{
	struct source *s = f->src;
	const struct cloudevent *ev = &f->ce.ev;
	enum verdict v;
	int64_t at_ms;

	v = check_sequence(f, ev->sequence);
	if (v == SEQ_HOLE)
		return false;
	f->asked = false;
	if (v == SEQ_DUPLICATE) {
		s->st.duplicates++;
		return true;
	}
	at_ms = ev->has_time ? ev->time_ms : clock_wall_ms();
	s->st.lag_ms = clock_wall_ms() - at_ms;
	take(f, tele_kind(ev->type), at_ms);
	advance(f, ev->sequence);
	return true;
}

bool feed_message(struct feed *f, struct slice msg)
{
	struct err e;

	source_record(f->src, msg.n);
	if (ce_decode(&f->ce, msg, &e) < 0) {
		refuse(f, &e);
		return true;
	}
	return take_event(f);
}

static int take_of_batch(void *arg, struct ce_decoder *d, const struct err *bad)
{
	struct feed *f = arg;

	if (bad)
		refuse(f, bad);
	else
		take_event(f);
	return 0;
}

void feed_batch(struct feed *f, struct slice msg)
{
	struct err e;

	source_record(f->src, msg.n);
	if (ce_decode_batch(&f->ce, msg, take_of_batch, f, &e) < 0)
		refuse(f, &e);
}

/* --- life ------------------------------------------------------------------------------------------ */

static void take_kept(void *arg, struct slice id, int status, struct slice data)
{
	struct feed *f = arg;
	uint32_t device = data.n ? take_birth(f, id, data, 0) : device_of(f, id, 0);

	/* one of a source that is only dialled again has a better reason */
	if (device != MODEL_NONE && status == STATUS_DOWN &&
		model_device_status(f->src->env->model, device) != STATUS_DOWN)
		set_status(f, device, STATUS_DOWN, slice_of("down before the restart"), 0);
}

/* With the status that it has now. */
static void keep_device(void *arg, struct slice id, int status, struct slice data)
{
	struct feed *f = arg;
	const struct model *m = f->src->env->model;
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "id"), jw_str(&w, id);
	jw_key(&w, "status"), jw_i64(&w, model_device_status(m, model_device(m, id)));
	if (data.n)
		jw_key(&w, "data"), jw_raw(&w, data);
	jw_end(&w);
	if (!b.full)
		source_keep_bytes(f->src, "known", BYTES_MESSAGE, buf_slice(&b));
	buf_fini(&b);
}

void feed_keep_known(struct feed *f)
{
	f->src->env->kept(f->src->env->arg, f->src->name, keep_device, f);
}

void feed_replay_known(struct feed *f, struct slice text)
{
	struct slice id, data = { 0 }, status = { 0 };
	int64_t now = clock_wall_ms(), code = 0;
	uint32_t device;

	buf_reset(&f->text);
	if (!jtext_get(text, "id", &id) || jtext_plain(id, &f->text) < 0 || !f->text.len) {
		f->src->st.bad++;
		return;
	}
	if (jtext_get(text, "status", &status))
		num_i64(status, &code);
	id = buf_slice(&f->text);
	device = jtext_get(text, "data", &data) ? take_birth(f, id, data, now)
						: device_of(f, id, now);
	if (device != MODEL_NONE && (code == STATUS_UP || code == STATUS_DEGRADED || code == STATUS_DOWN))
		set_status(f, device, (enum device_status)code, (struct slice){ 0 }, now);
}

struct feed *feed_new(struct source *s)
{
	struct feed *f = xcalloc(1, sizeof(*f));

	f->src = s;
	buf_init(&f->scratch, 1 << 20);
	buf_init(&f->text, 4096);
	s->env->cursor_get(s->env->arg, s->name, f->sequence, sizeof(f->sequence));
	if (num_u64(slice_of(f->sequence), &f->number) < 0)
		f->number = 0;
	s->env->kept(s->env->arg, s->name, take_kept, f);
	return f;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	buf_fini(&f->scratch);
	buf_fini(&f->text);
	free(f);
}
