/* `record`: the bytes of all sources, as they come, into a file. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "collector/inside.h"
#include "config/config.h"

void record_bytes(void *arg, const char *name, const char *kind, enum source_bytes what,
	struct slice bytes)
{
	struct collector *c = arg;

	recorder_add(c->recorder, name, kind, (enum recording_kind)what, clock_wall_ms(), bytes);
}

bool record_on(void *arg)
{
	return ((struct collector *)arg)->recorder != NULL;
}

static void add_word(struct jw *w, const char *key, const char *v)
{
	if (v)
		jw_key(w, key), jw_str(w, slice_of(v));
}

/* What a replay must know of each source beside its bytes. */
static void note_source(struct collector *c, const struct source *s)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 65536);
	jw_init(&w, &b);
	jw_object(&w);
	if (s->cfg) {
		add_word(&w, "network", s->cfg->network);
		add_word(&w, "device_kind", s->cfg->device_kind);
		add_word(&w, "device_label", s->cfg->device_label);
		add_word(&w, "site_label", s->cfg->site_label);
		jw_key(&w, "stale_after_ms"), jw_i64(&w, source_stale_after_ms(s));
	} else {
		add_word(&w, "network", s->ledger->network);
	}
	jw_end(&w);
	recorder_add(c->recorder, s->name, s->kind->name, RECORDING_NOTE, clock_wall_ms(),
		buf_slice(&b));
	buf_fini(&b);
}

struct snapshot {
	struct collector *c;
	const struct source *s;
};

/* A device that was born before the recording began is born in it: its kept birth as an event. */
static void add_birth(void *arg, struct slice id, int status, struct slice data)
{
	struct snapshot *snap = arg;
	struct buf b;
	struct jw w;

	if (!data.n)
		return;
	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	add_word(&w, "specversion", "1.0");
	add_word(&w, "source", snap->s->name);
	add_word(&w, "type", "net.depin.device.birth.v1");
	jw_key(&w, "id"), jw_str(&w, id);
	jw_key(&w, "subject"), jw_str(&w, id);
	jw_key(&w, "time"), jw_time(&w, clock_wall_ms());
	jw_key(&w, "data"), jw_raw(&w, data);
	jw_end(&w);
	if (!b.full)
		recorder_add(snap->c->recorder, snap->s->name, snap->s->kind->name,
			RECORDING_MESSAGE, clock_wall_ms(), buf_slice(&b));
	buf_fini(&b);
}

static void say(struct collector *c, struct jw *w)
{
	struct recorder_stats st = { 0 };

	if (c->recorder)
		recorder_stats(c->recorder, &st);
	jw_key(w, "recording"), jw_bool(w, c->recorder != NULL);
	jw_key(w, "file"), jw_str(w, slice_of(c->recorder_file));
	jw_key(w, "bytes"), jw_u64(w, st.bytes);
	jw_key(w, "records"), jw_u64(w, st.records);
	jw_key(w, "lost"), jw_u64(w, st.lost);
}

void record_end(struct collector *c)
{
	struct err e;

	if (c->recorder && recorder_close(c->recorder, &e) < 0)
		log_msg(LOG_ERROR, "record", "%s is not whole: %s", c->recorder_file, e.text);
	c->recorder = NULL;
	free(c->recorder_file);
	c->recorder_file = NULL;
}

static int begin(struct collector *c, const char *file, struct jw *w, struct err *e)
{
	if (c->recorder)
		return err_set(e, ERR_REFUSED, "already recording to %s", c->recorder_file);
	if (file[0] != '/')
		return err_set(e, ERR_USAGE, "'file' must be an absolute path");
	c->recorder = recorder_open(c->loop, file, 0, e);
	if (!c->recorder)
		return -1;
	c->recorder_file = xstrdup(file);
	for (size_t i = 0; i < c->sources_n; i++) {
		struct snapshot snap = { c, c->sources[i] };

		note_source(c, c->sources[i]);
		turn_kept(c, c->sources[i]->name, add_birth, &snap);
	}
	say(c, w);
	return 0;
}

int record_set(void *arg, const char *file, struct jw *w, struct err *e)
{
	struct collector *c = arg;

	if (file)
		return begin(c, file, w, e);
	say(c, w);
	record_end(c);
	return 0;
}
