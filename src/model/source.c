#include <stdlib.h>

#include "base/alloc.h"
#include "model/state.h"

#define NAME_LIMIT 255
#define TEXT_LIMIT 1024

void sources_fini(struct model *m)
{
	for (uint32_t i = 0; i < m->sources_n; i++) {
		free(m->sources[i].name);
		free(m->sources[i].kind);
		free(m->sources[i].url);
		free(m->sources[i].error);
	}
	free(m->sources);
}

uint32_t model_source(const struct model *m, struct slice name)
{
	for (uint32_t i = 0; i < m->sources_n; i++)
		if (slice_is(name, m->sources[i].name))
			return i;
	return MODEL_NONE;
}

struct slice model_source_name(const struct model *m, uint32_t source)
{
	return slice_of(source < m->sources_n ? m->sources[source].name : "");
}

static void text_set(char **to, struct slice s)
{
	if (!s.n)
		return;
	free(*to);
	*to = xmemdup0(s.p, s.n > TEXT_LIMIT ? TEXT_LIMIT : s.n);
}

int source_apply(struct model *m, struct delta_source *d, struct err *e)
{
	struct source *s;

	if (!d->name.n || d->name.n > NAME_LIMIT)
		return refuse(m, e, "source: a name of 1 to %d bytes is needed", NAME_LIMIT);
	d->source = model_source(m, d->name);
	if (d->source == MODEL_NONE) {
		if (m->sources_n == SOURCES_MAX)
			return refuse(m, e, "source: more than %d", SOURCES_MAX);
		d->source = m->sources_n++;
		m->sources = xreallocarray(m->sources, m->sources_n, sizeof(*m->sources));
		m->sources[d->source] = (struct source){ .name = xmemdup0(d->name.p, d->name.n),
			.kind = xstrdup(""), .url = xstrdup(""), .error = xstrdup(""),
			.s = { .source = d->source, .lag_ms = -1 }, .since_ms = m->now_ms };
	}
	s = &m->sources[d->source];
	text_set(&s->kind, d->kind);
	text_set(&s->url, d->url);
	return 0;
}

int source_state_apply(struct model *m, struct delta_source_state *d, struct err *e)
{
	struct source *s;

	if (d->source >= m->sources_n || d->state > SOURCE_STALE)
		return refuse(m, e, "source state: no such source or state");
	s = &m->sources[d->source];
	if (s->s.state != d->state)
		s->since_ms = m->now_ms;
	text_set(&s->error, d->error);
	s->s = *d;
	s->s.error = slice_of("");
	return 0;
}

static double per_second(uint64_t now, uint64_t was, int64_t ms)
{
	return now > was ? (double)(now - was) * 1000 / (double)ms : 0;
}

void sources_tick(struct model *m)
{
	for (uint32_t i = 0; i < m->sources_n; i++) {
		struct source *s = &m->sources[i];
		int64_t ms = m->now_ms - s->rated_ms;

		if (ms >= 0 && ms < 1000)
			continue;
		if (s->rated_ms && ms > 0) {
			s->rate = per_second(s->s.records, s->records_was, ms);
			s->bytes_rate = per_second(s->s.bytes, s->bytes_was, ms);
		}
		s->rated_ms = m->now_ms;
		s->records_was = s->s.records;
		s->bytes_was = s->s.bytes;
	}
}
