#include "client/travel.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "client/inside.h"

struct trip { /* a call under way */
	struct client *c;
	bool again;
	client_travel_fn *fn;
	void *arg;
};

static int64_t moment(const json_t *o, const char *key)
{
	int64_t ms;

	return num_rfc3339_ms(slice_of(json_str(o, key, "")), &ms) == 0 ? ms : 0;
}

static int read_answer(struct slice result, struct client_travel *t, struct err *e)
{
	json_t *j = json_load(result, e);
	const json_t *oldest = json_object_get(j, "oldest");

	if (!j)
		return -1;
	t->at_ms = moment(j, "at");
	t->now_ms = moment(j, "now");
	t->statuses_ms = moment(oldest, "statuses");
	t->history_ms = moment(oldest, "history");
	t->events_ms = moment(oldest, "events");
	json_decref(j);
	return 0;
}

static void answered(void *arg, struct slice result, const struct err *e)
{
	struct trip *k = arg;
	struct client *c = k->c;
	struct client_travel t = { .again = k->again };
	struct err bad = { 0 };

	if (!e && read_answer(result, &t, &bad) < 0)
		e = &bad;
	if (!e)
		c->travel_ms = t.at_ms;
	else if (k->again)
		c->travel_ms = 0;
	k->fn(k->arg, &t, e);
	free(k);
}

static void call(struct client *c, struct slice params, bool again)
{
	struct trip *k = xmalloc(sizeof(*k));

	*k = (struct trip){ c, again, c->travel_fn, c->travel_arg };
	client_call(c, "travel", params, answered, k);
}

static void travel(struct client *c, int64_t at_ms, bool again)
{
	struct buf b;

	buf_init(&b, 64);
	if (at_ms)
		buf_addf(&b, "{\"at\":%lld}", (long long)at_ms);
	else
		buf_adds(&b, "{}");
	call(c, buf_slice(&b), again);
	buf_fini(&b);
}

void client_travel(struct client *c, int64_t at_ms, client_travel_fn *fn, void *arg)
{
	c->travel_fn = fn;
	c->travel_arg = arg;
	travel(c, at_ms, false);
}

void client_travel_to(struct client *c, bool back, const char *filter, client_travel_fn *fn,
	void *arg)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "to"), jw_str(&w, slice_of(back ? "previous" : "next"));
	if (filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(filter));
	jw_end(&w);
	c->travel_fn = fn;
	c->travel_arg = arg;
	call(c, buf_slice(&b), false);
	buf_fini(&b);
}

void travel_again(struct client *c)
{
	if (c->travel_ms)
		travel(c, c->travel_ms, true);
}
