/* `record`: the bytes of all sources, as they come, into a file. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "collector/inside.h"
#include "source/keep.h"

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

/* Of one that plays a recording: the sources of that. */
static void begin_source(struct source *s)
{
	if (!s->parts_n)
		keep_beginning(s);
	for (size_t i = 0; i < s->parts_n; i++)
		keep_beginning(s->parts[i]);
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
	for (size_t i = 0; i < c->sources_n; i++)
		begin_source(c->sources[i]);
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
