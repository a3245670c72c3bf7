/* A collector of a few lines: a model, and what a source tells it, to be looked at. */
#ifndef TESTS_SOURCE_WORLD_H
#define TESTS_SOURCE_WORLD_H

#include "tests/unit/src_model/world.h"

#include "base/buf.h"
#include "base/clock.h"
#include "config/config.h"
#include "source/source.h"

#define IDS_MAX 64
#define KEPT_MAX 20000

struct kept {
	char *part; /* "" for none */
	enum source_bytes what;
	char *text;
};

struct world {
	struct model *m;
	struct source_env env;
	struct config_source cfg;
	struct config_ledger ledger;
	struct source src;
	struct buf events; /* "type subject severity message;" */
	char *ids[IDS_MAX]; /* of events, as the journal knows them */
	size_t ids_n;
	char cursor[160];
	struct buf keeps; /* "id=status " */
	struct {
		const char *id, *data;
		int status;
	} known[4]; /* by the journal, before */
	bool recording;
	struct kept *kept;
	size_t kept_n;
};

static inline int world_event(struct world *w, struct delta *d, struct err *e)
{
	const struct delta_event *ev = &d->event;
	char *id = xasprintf("%.*s %.*s", SLICE_ARG(ev->origin), SLICE_ARG(ev->id));

	for (size_t i = 0; i < w->ids_n; i++)
		if (strcmp(w->ids[i], id) == 0) {
			free(id);
			return 1;
		}
	assert_true(w->ids_n < IDS_MAX);
	w->ids[w->ids_n++] = id;
	buf_addf(&w->events, "%.*s %.*s %d %.*s;", SLICE_ARG(ev->type), SLICE_ARG(ev->subject),
		ev->severity, SLICE_ARG(ev->message));
	return model_apply(w->m, d, e);
}

static inline int world_emit(void *arg, struct delta *d, struct err *e)
{
	struct world *w = arg;

	return d->kind == DELTA_EVENT ? world_event(w, d, e) : model_apply(w->m, d, e);
}

static inline void world_cursor(void *arg, const char *source, struct slice position)
{
	struct world *w = arg;

	snprintf(w->cursor, sizeof(w->cursor), "%.*s", SLICE_ARG(position));
}

static inline void world_cursor_get(void *arg, const char *source, char *out, size_t n)
{
	snprintf(out, n, "%s", ((struct world *)arg)->cursor);
}

static inline void world_keep(void *arg, const char *source, struct slice id, int status,
	struct slice data)
{
	buf_addf(&((struct world *)arg)->keeps, "%.*s=%d%s ", SLICE_ARG(id), status,
		data.n ? "!" : "");
}

static inline void world_kept(void *arg, const char *source,
	void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg)
{
	struct world *w = arg;

	for (size_t i = 0; i < ARRAY_LEN(w->known) && w->known[i].id; i++)
		fn(fnarg, S(w->known[i].id), w->known[i].status, S(w->known[i].data));
}

static inline void world_bytes(void *arg, const char *name, const char *kind,
	enum source_bytes what, struct slice b)
{
	struct world *w = arg;
	const char *part = strchr(name, '/');

	assert_true(w->kept_n < KEPT_MAX);
	w->kept = xreallocarray(w->kept, w->kept_n + 1, sizeof(*w->kept));
	w->kept[w->kept_n++] = (struct kept){ xstrdup(part ? part + 1 : ""), what,
		xmemdup0(b.p, b.n) };
}

static inline bool world_recording(void *arg)
{
	return ((struct world *)arg)->recording;
}

/* The source's common part, as source_new() makes it; its impl is the test's. */
static inline void world_init(struct world *w, const struct source_kind *kind)
{
	struct delta d = { .kind = DELTA_SOURCE, .source = { .name = S("it"), .kind = S(kind->name) } };
	struct model_spec spec = { .memory = 16 << 20 };
	struct err e;

	clock_test_set(T0);
	w->m = model_new(&spec);
	w->env = (struct source_env){ .model = w->m, .arg = w, .emit = world_emit,
		.cursor = world_cursor, .cursor_get = world_cursor_get, .keep = world_keep,
		.kept = world_kept, .bytes = world_bytes, .recording = world_recording,
		.stale_after_ms = 60000 };
	w->cfg.name = w->ledger.name = "it";
	assert_int_equal(model_apply(w->m, &d, &e), 0);
	w->src = (struct source){ .kind = kind, .env = &w->env, .name = "it", .id = d.source.source };
	if (kind == &source_evm)
		w->src.ledger = &w->ledger;
	else
		w->src.cfg = &w->cfg;
	buf_init(&w->events, 1 << 20);
	buf_init(&w->keeps, 1 << 20);
}

static inline void world_fini(struct world *w)
{
	for (size_t i = 0; i < w->ids_n; i++)
		free(w->ids[i]);
	for (size_t i = 0; i < w->kept_n; i++) {
		free(w->kept[i].part);
		free(w->kept[i].text);
	}
	free(w->kept);
	buf_fini(&w->events);
	buf_fini(&w->keeps);
	model_free(w->m);
	clock_test_set(0);
}

/* All that was told since it was asked last. */
static inline const char *told(struct world *w)
{
	static char out[4096];

	snprintf(out, sizeof(out), "%s", w->events.p);
	buf_reset(&w->events);
	return out;
}

#endif
