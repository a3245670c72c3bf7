/* :do, what hands ask of the collector once it is clear what it is done to, and what it answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/shell.h"

static void say(struct shell *s, const struct err *e, const struct buf *story)
{
	if (e)
		shell_say(s, e->class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, e->text);
	else
		shell_say(s, ROLE_NOTICE, story->p);
}

static void tell_acks(struct shell *s, const json_t *answer, const struct err *e, const char *did,
	const char *more)
{
	size_t missing = json_array_size(json_object_get(answer, "missing"));
	struct buf b;

	buf_init(&b, 200);
	buf_addf(&b, "%zu %s", json_array_size(json_object_get(answer, "done")), did);
	if (missing)
		buf_addf(&b, ", %zu not open any more", missing);
	buf_adds(&b, more);
	say(s, e, &b);
	buf_fini(&b);
}

static void acked(void *arg, const json_t *answer, const struct err *e)
{
	tell_acks(arg, answer, e, "acknowledged", "; :unack takes it back");
}

static void unacked(void *arg, const json_t *answer, const struct err *e)
{
	tell_acks(arg, answer, e, "not acknowledged any more", "");
}

static void silenced(void *arg, const json_t *answer, const struct err *e)
{
	struct buf b;

	buf_init(&b, 200);
	buf_addf(&b, "silence %lld hides %lld until ", (long long)json_i64(answer, "id", 0),
		(long long)json_i64(answer, "hides", 0));
	value_time(&b, row_time(answer, "until"), moment_ms());
	buf_adds(&b, "; :unsilence ends it");
	say(arg, e, &b);
	buf_fini(&b);
}

static void unsilenced(void *arg, const json_t *answer, const struct err *e)
{
	struct buf b;

	buf_init(&b, 80);
	buf_addf(&b, "silence %lld has ended", (long long)json_i64(answer, "id", 0));
	say(arg, e, &b);
	buf_fini(&b);
}

static const struct way {
	const char *name, *method;
	asker_fn *told;
} ways[] = {
	{ "ack", "ack", acked },
	{ "unack", "ack", unacked },
	{ "silence", "silence", silenced },
	{ "unsilence", "unsilence", unsilenced },
};

static const struct way *way_of(struct slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (slice_is(name, ways[i].name))
			return &ways[i];
	return NULL;
}

/* The gate asks by what is done, not by this word. */
int cmd_do(struct shell *s, struct slice arg, struct err *e)
{
	const char *blank = memchr(arg.p, ' ', arg.n);
	struct slice name = slice_mem(arg.p, blank ? (size_t)(blank - arg.p) : arg.n);
	struct slice params = slice_mem(arg.p + name.n, arg.n - name.n);
	const struct way *way = way_of(name);
	json_t *o = way ? json_load(params, e) : NULL;
	char line[40];
	int rc;

	json_decref(o);
	if (!o)
		return err_set(e, ERR_USAGE, "do ack, unack, silence or unsilence, and its parameters as JSON");
	snprintf(line, sizeof(line), "do %s", way->name);
	rc = gate_pass(s, true, slice_of(line), params, e);
	if (rc || (rc = shell_need_line(s, e)))
		return rc;
	asker_call(&s->hands.asker, s->stage.client, way->method, params, way->told, s);
	return 0;
}
