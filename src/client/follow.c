#include "client/follow.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/jtext.h"
#include "base/num.h"
#include "client/inside.h"

struct client_follow {
	struct client_follow *next;
	struct client *c;
	struct client_follow_spec spec; /* strings ours */
	char *filter, *fields;
	uint64_t id;   /* the collector's; 0: none */
	uint64_t last; /* all up to this number have been told */
	bool placed;   /* last is known */
	struct ask *asking; /* the question under way, or NULL */
};

/* What a call carries: the next follow may lie where the one that asked has been. */
struct ask {
	struct client *c;
	struct client_follow *f; /* NULL: gone */
};

static bool get_u64(struct slice object, const char *key, uint64_t *out)
{
	struct slice s;

	return jtext_get(object, key, &s) && num_u64(s, out) == 0;
}

static void nothing(void *arg, struct slice result, const struct err *e)
{
}

static void unfollow(struct client *c, uint64_t id)
{
	struct buf b;

	buf_init(&b, 64);
	buf_addf(&b, "{\"follow\":%llu}", (unsigned long long)id);
	client_call(c, "unfollow", buf_slice(&b), nothing, NULL);
	buf_fini(&b);
}

static void follow_answer(void *arg, struct slice result, const struct err *e)
{
	struct ask a = *(struct ask *)arg;
	struct client_follow *f = a.f;
	uint64_t id;

	free(arg);
	if (!f) {
		if (!e && get_u64(result, "follow", &id) && client_up(a.c))
			unfollow(a.c, id);
		return;
	}
	f->asking = NULL;
	if (e) {
		if (e->class != ERR_UNREACH || client_up(a.c))
			f->spec.refused(f->spec.arg, e);
		return;
	}
	get_u64(result, "follow", &f->id);
	if (!f->placed)
		f->placed = get_u64(result, "last", &f->last);
}

static void ask(struct client_follow *f)
{
	struct ask *a;
	struct buf b;
	struct jw w;

	if (f->asking || !client_up(f->c))
		return;
	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	if (f->filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(f->filter));
	if (f->fields)
		jw_key(&w, "fields"), jw_str(&w, slice_of(f->fields));
	if (f->placed)
		jw_key(&w, "after"), jw_u64(&w, f->last);
	else if (f->spec.since_ms)
		jw_key(&w, "since"), jw_i64(&w, f->spec.since_ms);
	jw_end(&w);
	f->asking = a = xmalloc(sizeof(*a));
	*a = (struct ask){ f->c, f };
	client_call(f->c, "follow", buf_slice(&b), follow_answer, a);
	buf_fini(&b);
}

static void note_last(struct client_follow *f, struct slice rows)
{
	struct jtext_walk w;
	struct slice row;
	uint64_t n;

	if (jtext_open(&w, rows) < 0)
		return;
	while (jtext_next(&w, NULL, &row) == 1)
		if (get_u64(row, "n", &n) && n > f->last) {
			f->last = n;
			f->placed = true;
		}
}

void follows_notice(struct client *c, struct slice params)
{
	struct client_follow *f = c->follows;
	struct slice rows;
	uint64_t id, missed = 0;

	if (!get_u64(params, "follow", &id) || !jtext_get(params, "rows", &rows))
		return;
	while (f && f->id != id)
		f = f->next;
	if (!f)
		return;
	get_u64(params, "missed", &missed);
	note_last(f, rows);
	f->spec.rows(f->spec.arg, rows, missed);
}

void follows_again(struct client *c)
{
	for (struct client_follow *f = c->follows; f; f = f->next) {
		f->id = 0;
		ask(f);
	}
}

struct client_follow *client_follow_new(struct client *c, const struct client_follow_spec *s)
{
	struct client_follow *f = xcalloc(1, sizeof(*f));

	f->c = c;
	f->spec = *s;
	f->spec.filter = f->filter = s->filter ? xstrdup(s->filter) : NULL;
	f->spec.fields = f->fields = s->fields ? xstrdup(s->fields) : NULL;
	f->last = s->after;
	f->placed = s->after != 0;
	f->next = c->follows;
	c->follows = f;
	ask(f);
	return f;
}

void client_follow_free(struct client_follow *f)
{
	struct client_follow **at;

	if (!f)
		return;
	for (at = &f->c->follows; *at != f; at = &(*at)->next)
		;
	*at = f->next;
	if (f->asking)
		f->asking->f = NULL;
	if (f->id && client_up(f->c))
		unfollow(f->c, f->id);
	free(f->filter);
	free(f->fields);
	free(f);
}
