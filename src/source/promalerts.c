#include "source/promalerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "config/config.h"
#include "model/alert.h"
#include "model/model.h"
#include "net/url.h"
#include "source/source.h"
#include "wire/promapi.h"

#define PROMALERTS_MAX 10000

struct alert {
	uint64_t hash;
	bool seen; /* in the newest answer */
	char *id, *name, *subject;
};

struct promalerts {
	struct source *src;
	char origin[2048]; /* the server's URL as it may be shown, without a slash at its end */
	struct alert *v;
	size_t n;
	struct buf text;
	bool asked; /* what it was firing when we last heard of it is in v */
};

struct promalerts *promalerts_new(struct source *src)
{
	struct promalerts *p = xcalloc(1, sizeof(*p));

	p->src = src;
	url_shown(src->cfg->url ? src->cfg->url : "", p->origin, sizeof(p->origin));
	for (size_t n = strlen(p->origin); n && p->origin[n - 1] == '/'; n--)
		p->origin[n - 1] = '\0';
	buf_init(&p->text, 65536);
	return p;
}

static void tell_alert(struct promalerts *p, const struct alert *al, bool firing, const char *summary,
	int severity, struct slice labels)
{
	struct delta d = { .kind = DELTA_EVENT, .event = { .source = p->src->id,
		.origin = slice_of(p->origin), .subject = slice_of(al->subject),
		.type = slice_of(firing ? "net.depin.prometheus.firing.v1"
					: "net.depin.prometheus.resolved.v1"),
		.severity = firing ? severity : SEVERITY_INFO, .at_ms = clock_wall_ms(),
		.data = labels } };
	char *id = firing ? xstrdup(al->id) : xasprintf("%s#end", al->id);

	buf_reset(&p->text);
	buf_addf(&p->text, "%s %s%s%s", al->name, firing ? "firing" : "resolved",
		summary && *summary ? ": " : "", summary ? summary : "");
	d.event.id = slice_of(id);
	d.event.message = buf_slice(&p->text);
	d.event.device = model_device(p->src->env->model, d.event.subject);
	if (source_emit(p->src, &d) == 1)
		p->src->st.duplicates++;
	free(id);
}

static int severity_of(const char *word)
{
	return strcmp(word, "critical") == 0 ? SEVERITY_ERROR
	       : strcmp(word, "info") == 0   ? SEVERITY_INFO
					     : SEVERITY_WARN;
}

static struct alert *find_alert(struct promalerts *p, uint64_t hash)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].hash == hash)
			return &p->v[i];
	return NULL;
}

static const char *subject_label(const struct promalerts *p)
{
	return p->src->cfg->device_label ? p->src->cfg->device_label : "instance";
}

static struct alert *add_alert(struct promalerts *p, const char *id, const char *name,
	const char *subject)
{
	p->v = xreallocarray(p->v, p->n + 1, sizeof(*p->v));
	p->v[p->n] = (struct alert){ .hash = hash_bytes(id, strlen(id)), .id = xstrdup(id),
		.name = xstrdup(name), .subject = xstrdup(subject ? subject : name) };
	return &p->v[p->n++];
}

/* The same alert, begun at the same moment, has the same id over restarts: told once. */
static int take_alert(void *arg, const struct promapi_alert *pa)
{
	struct promalerts *p = arg;
	struct alert *al;
	char *labels;

	if (!pa->firing || !pa->labels)
		return 0;
	labels = json_dumps(pa->labels, JSON_COMPACT | JSON_SORT_KEYS);
	if (!labels)
		return 0;
	buf_reset(&p->text);
	buf_addf(&p->text, "%.2000s@%lld", labels, (long long)pa->since_ms);
	al = find_alert(p, hash_bytes(p->text.p, p->text.len));
	if (!al && p->n < PROMALERTS_MAX) {
		al = add_alert(p, p->text.p, pa->name, promapi_label(pa->labels, subject_label(p)));
		tell_alert(p, al, true, pa->summary, severity_of(pa->severity),
			slice_of(labels));
	}
	if (al)
		al->seen = true;
	free(labels);
	return 0;
}

/* What was firing when we last heard of the server, perhaps in an earlier run: it may be over. */
static void adopt(void *arg, const char *id)
{
	struct promalerts *p = arg;
	const char *at = strrchr(id, '@'), *name, *subject;
	struct err cut; /* of one whose labels are long the id has not all */
	json_t *labels = json_load(slice_mem(id, at ? (size_t)(at - id) : strlen(id)), &cut);

	name = json_str(labels, "alertname", "an alert");
	subject = promapi_label(labels, subject_label(p));
	if (p->n < PROMALERTS_MAX)
		add_alert(p, id, name, subject);
	json_decref(labels);
}

static void end_alert(struct alert *al)
{
	free(al->id);
	free(al->name);
	free(al->subject);
}

void promalerts_take(struct promalerts *p, const json_t *answer)
{
	struct promapi_stats st = { 0 };
	struct err why;
	size_t kept = 0;

	if (!p->asked)
		model_alerts_told(p->src->env->model, slice_of(p->origin), adopt, p);
	p->asked = true;
	for (size_t i = 0; i < p->n; i++)
		p->v[i].seen = false;
	if (!answer || promapi_alerts(answer, take_alert, p, &st, &why) < 0)
		return; /* a server without /alerts is fine; the query tells of one that is down */
	p->src->st.bad += st.bad;
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].seen) {
			p->v[kept++] = p->v[i];
			continue;
		}
		tell_alert(p, &p->v[i], false, NULL, 0, slice_of("{}"));
		end_alert(&p->v[i]);
	}
	p->n = kept;
}

void promalerts_free(struct promalerts *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		end_alert(&p->v[i]);
	free(p->v);
	buf_fini(&p->text);
	free(p);
}
