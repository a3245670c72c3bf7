#include "ui/screen/asker.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "client/client.h"

struct asker_call {
	struct asker_call *next;
	struct asker *asker; /* NULL: gone */
	asker_fn *fn;
	asker_text_fn *text_fn; /* or this */
	void *arg;
};

static void forget(struct asker_call *k)
{
	struct asker_call **at = &k->asker->calls;

	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
}

static void answered(void *arg, struct slice result, const struct err *e)
{
	struct asker_call *k = arg;
	struct err bad = { 0 };
	json_t *j = NULL;

	if (k->asker && k->text_fn) {
		forget(k);
		k->text_fn(k->arg, result, e);
	} else if (k->asker) {
		forget(k);
		j = e ? NULL : json_load(result, &bad);
		k->fn(k->arg, j, e ? e : j ? NULL : &bad);
	}
	json_decref(j);
	free(k);
}

static struct asker_call *new_call(struct asker *a, void *arg)
{
	struct asker_call *k = xcalloc(1, sizeof(*k));

	*k = (struct asker_call){ .next = a->calls, .asker = a, .arg = arg };
	a->calls = k;
	return k;
}

void asker_call(struct asker *a, struct client *c, const char *method, struct slice params,
	asker_fn *fn, void *arg)
{
	struct asker_call *k = new_call(a, arg);

	k->fn = fn;
	client_call(c, method, params, answered, k);
}

void asker_call_text(struct asker *a, struct client *c, const char *method, struct slice params,
	asker_text_fn *fn, void *arg)
{
	struct asker_call *k = new_call(a, arg);

	k->text_fn = fn;
	client_call(c, method, params, answered, k);
}

void asker_describe(struct asker *a, struct client *c, const char *kind, struct slice name,
	asker_fn *fn, void *arg)
{
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of(kind));
	jw_key(&w, "name"), jw_str(&w, name);
	jw_end(&w);
	asker_call(a, c, "describe", buf_slice(&b), fn, arg);
	buf_fini(&b);
}

void asker_fini(struct asker *a)
{
	for (struct asker_call *k = a->calls; k; k = k->next)
		k->asker = NULL;
	a->calls = NULL;
}
