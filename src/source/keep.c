#include "source/keep.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "config/config.h"
#include "net/url.h"
#include "source/source.h"

#define NOTE_MAX 65536

static const char *const states[] = { [SOURCE_DOWN] = "down", [SOURCE_DIALING] = "dialing",
	[SOURCE_LIVE] = "live", [SOURCE_STALE] = "stale" };

static void add_word(struct jw *w, const char *key, const char *v)
{
	if (v)
		jw_key(w, key), jw_str(w, slice_of(v));
}

static void add_url(struct jw *w, const struct source *s)
{
	const char *url = source_url(s);
	char shown[2048];

	if (!url)
		return;
	url_shown(url, shown, sizeof(shown));
	add_word(w, "url", shown);
}

static void add_families(struct jw *w, const struct config_strings *families)
{
	jw_key(w, "families");
	jw_array(w);
	for (size_t i = 0; i < families->n; i++)
		jw_str(w, slice_of(families->v[i]));
	jw_end(w);
}

static void add_source(struct jw *w, const struct source *s)
{
	add_word(w, "network", s->cfg->network);
	add_word(w, "device_kind", s->cfg->device_kind);
	add_word(w, "device_label", s->cfg->device_label);
	add_word(w, "site_label", s->cfg->site_label);
	if (s->cfg->families.n)
		add_families(w, &s->cfg->families);
	jw_key(w, "stale_after_ms"), jw_i64(w, source_stale_after_ms(s));
}

static void add_note(struct jw *w, const struct source *s)
{
	add_url(w, s);
	if (s->cfg)
		add_source(w, s);
	else
		add_word(w, "network", s->ledger->network);
}

static void add_state(struct jw *w, const struct source *s)
{
	add_word(w, "state", states[s->st.state]);
	add_word(w, "error", s->error);
}

static void keep(struct source *s, enum source_bytes what,
	void (*add)(struct jw *w, const struct source *s))
{
	struct buf b;
	struct jw w;

	if (!s->env->recording(s->env->arg))
		return;
	buf_init(&b, NOTE_MAX);
	jw_init(&w, &b);
	jw_object(&w);
	add(&w, s);
	jw_end(&w);
	if (!b.full)
		source_keep_bytes(s, NULL, what, buf_slice(&b));
	buf_fini(&b);
}

void keep_note(struct source *s)
{
	keep(s, BYTES_NOTE, add_note);
}

void keep_state(struct source *s)
{
	keep(s, BYTES_STATE, add_state);
}

void keep_beginning(struct source *s)
{
	if (!s->env->recording(s->env->arg))
		return;
	keep_note(s);
	keep_state(s);
	if (s->kind->known)
		s->kind->known(s);
}

int keep_replay_state(struct source *s, struct slice text)
{
	struct err e;
	json_t *j = json_load(text, &e);
	const char *word = json_str(j, "state", "");
	int rc = -1;

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		if (strcmp(states[i], word) == 0) {
			source_state(s, (enum source_state)i, json_str(j, "error", ""));
			rc = 0;
		}
	json_decref(j);
	return rc;
}
