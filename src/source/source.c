#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "config/config.h"
#include "net/url.h"
#include "source/keep.h"

static const struct source_kind *const source_kinds[] = {
	&source_stream, &source_scrape, &source_prometheus, &source_file, &source_evm,
	&source_nats,
};

const struct source_kind *source_kind_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(source_kinds); i++)
		if (strcmp(source_kinds[i]->name, name) == 0)
			return source_kinds[i];
	return NULL;
}

int source_emit(struct source *s, struct delta *d)
{
	struct err e;

	return s->env->emit(s->env->arg, d, &e);
}

int64_t source_stale_after_ms(const struct source *s)
{
	int64_t common = s->env->stale_after_ms, three = s->cfg ? 3 * s->cfg->interval_ms : 0;

	if (s->cfg && s->cfg->stale_after_ms)
		return s->cfg->stale_after_ms;
	return three > common ? three : common;
}

const char *source_url(const struct source *s)
{
	if (s->cfg)
		return s->cfg->url;
	return s->ledger->urls.n ? s->ledger->urls.v[0] : NULL;
}

static void introduce(struct source *s)
{
	const char *url = source_url(s);
	char shown[2048] = "";
	struct delta d = { .kind = DELTA_SOURCE,
		.source = { .name = slice_of(s->name), .kind = slice_of(s->kind->name) } };

	if (url)
		url_shown(url, shown, sizeof(shown));
	d.source.url = slice_of(shown);
	if (source_emit(s, &d) == 0)
		s->id = d.source.source;
	s->st.source = s->id;
	s->st.lag_ms = -1;
	s->dirty = true;
}

static struct source *open_kind(struct source *s, const char *kind, struct err *e)
{
	s->kind = source_kind_find(kind);
	s->id = MODEL_NONE;
	if (!s->kind) {
		err_set(e, ERR_USAGE, "source %s: this build has no kind '%s'", s->name, kind);
		free(s);
		return NULL;
	}
	introduce(s);
	keep_note(s);
	if (s->kind->open(s, e) < 0) {
		err_prefix(e, "source %s", s->name);
		free(s);
		return NULL;
	}
	if (s->kind->known && s->env->recording(s->env->arg))
		s->kind->known(s);
	source_report(s);
	return s;
}

struct source *source_new(const struct source_env *env, const struct config_source *cfg,
	struct err *e)
{
	struct source *s = xcalloc(1, sizeof(*s));

	s->env = env;
	s->cfg = cfg;
	s->name = cfg->name;
	return open_kind(s, config_source_kind_name(cfg->kind), e);
}

struct source *source_new_ledger(const struct source_env *env, const struct config_ledger *cfg,
	struct err *e)
{
	struct source *s = xcalloc(1, sizeof(*s));

	s->env = env;
	s->ledger = cfg;
	s->name = cfg->name;
	return open_kind(s, "evm", e);
}

void source_free(struct source *s)
{
	if (!s)
		return;
	source_state(s, SOURCE_DOWN, "closed"); /* its row stays: the configuration dropped it */
	source_report(s);
	s->kind->close(s);
	free(s);
}

void source_pause(struct source *s, bool paused)
{
	if (s->kind->pause)
		s->kind->pause(s, paused);
}

void source_keep_bytes(struct source *s, const char *part, enum source_bytes what, struct slice b)
{
	char name[256];

	if (!s->env->recording(s->env->arg))
		return;
	snprintf(name, sizeof(name), "%s%s%s", s->name, part ? "/" : "", part ? part : "");
	s->env->bytes(s->env->arg, name, s->kind->name, what, b);
}

void source_state(struct source *s, enum source_state state, const char *error)
{
	bool news = state != s->st.state;
	struct buf clean;

	s->st.state = state;
	s->dirty = true;
	if (error) {
		buf_init(&clean, sizeof(s->error) - 1);
		text_clean(&clean, slice_of(error), false); /* the other side's words may be in it */
		news = news || !slice_is(buf_slice(&clean), s->error);
		snprintf(s->error, sizeof(s->error), "%s", clean.p);
		buf_fini(&clean);
	}
	if (news)
		keep_state(s);
}

void source_report(struct source *s)
{
	struct delta d = { .kind = DELTA_SOURCE_STATE };

	if (!s->dirty)
		return;
	s->dirty = false;
	d.source_state = s->st;
	d.source_state.error = slice_of(s->error);
	source_emit(s, &d);
}
