#include "ui/screen/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/asker.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"

#define KINDS_MAX 64

struct catalog {
	struct stage *st;
	struct asker asker;
	struct catalog_kind kinds[KINDS_MAX];
	size_t n;
	unsigned age;
};

/* What a person looks at first, in this order; a name matches when it ends so. */
static const char *const telling[] = {
	"temp", "temperature", "util", "power", "load", "turbidity", "incentive", "soc", "disk_used",
	"latency", "flow", "vehicles", "battery", "cpu", "node_load1", "load1", "grid_hz", "speed",
	"trust", "loss", "rssi", "chlorine", "vram_used", "pressure", "fan", "level", "iowait",
	"node_memory_MemAvailable_bytes", "node_filesystem_avail_bytes", "up", "memory", "mem",
};

static bool ends_with(const char *name, const char *tail)
{
	size_t n = strlen(name), t = strlen(tail);

	return n >= t && strcmp(name + n - t, tail) == 0 && (n == t || name[n - t - 1] == '_');
}

int metric_weight(const char *name, struct slice type)
{
	int weight = (int)ARRAY_LEN(telling);

	for (size_t i = 0; i < ARRAY_LEN(telling); i++)
		if (strcmp(name, telling[i]) == 0)
			return (int)i;
	for (size_t i = 0; i < ARRAY_LEN(telling); i++)
		if (ends_with(name, telling[i]) && weight > (int)i + 1)
			weight = (int)i + 1;
	if (slice_is(type, "counter"))
		weight += 1000;
	return slice_is(type, "gauge") || slice_is(type, "counter") ? weight : weight + 100;
}

static int by_weight(const void *a, const void *b)
{
	const struct metric_info *x = a, *y = b;

	return x->weight != y->weight ? (x->weight > y->weight) - (x->weight < y->weight)
				      : strcmp(x->key, y->key);
}

static void metric_fini(struct metric_info *m)
{
	free(m->key);
	free(m->unit);
}

void catalog_kind_fini(struct catalog_kind *k)
{
	for (size_t i = 0; i < k->n; i++)
		metric_fini(&k->v[i]);
	k->n = 0;
}

static struct metric_info metric_read(const json_t *s)
{
	struct slice key = row_text(s, "key"), unit = row_text(s, "unit"), type = row_text(s, "type");
	const char *name = json_str(s, "name", "");

	if (!key.n)
		key = slice_of(name);
	return (struct metric_info){ xmemdup0(key.p, key.n), xmemdup0(unit.p, unit.n),
		slice_is(type, "counter"), metric_weight(name, type) };
}

void catalog_learn(struct catalog_kind *k, const json_t *series)
{
	size_t i, n = 0;
	json_t *s;
	struct metric_info *all = xcalloc(json_array_size(series) + 1, sizeof(*all));

	json_array_foreach((json_t *)series, i, s)
		all[n++] = metric_read(s);
	qsort(all, n, sizeof(*all), by_weight);
	catalog_kind_fini(k);
	for (i = 0; i < n; i++)
		if (k->n < CATALOG_METRICS)
			k->v[k->n++] = all[i];
		else
			metric_fini(&all[i]);
	free(all);
	k->ready = true;
}

const struct metric_info *catalog_metric(const struct catalog_kind *k, const char *key)
{
	for (size_t i = 0; k && i < k->n; i++)
		if (strcmp(k->v[i].key, key) == 0)
			return &k->v[i];
	return NULL;
}

const struct metric_info *catalog_find(const struct catalog *c, const char *key)
{
	static char none[] = "";
	static const struct metric_info mixed = { .key = none, .unit = none };
	const struct metric_info *m = NULL, *other;

	for (size_t i = 0; c && i < c->n; i++) {
		other = c->kinds[i].ready ? catalog_metric(&c->kinds[i], key) : NULL;
		if (m && other && strcmp(m->unit, other->unit) != 0)
			return &mixed;
		m = m ? m : other;
	}
	return m;
}

const struct catalog_kind *catalog_at(const struct catalog *c, size_t i)
{
	return c && i < c->n ? &c->kinds[i] : NULL;
}

unsigned catalog_age(const struct catalog *c)
{
	return c ? c->age : 0;
}

/* --- asking --- */

struct ask {
	struct catalog *c;
	struct catalog_kind *k;
};

static void described(void *arg, const json_t *answer, const struct err *e)
{
	struct ask a = *(struct ask *)arg;

	free(arg);
	if (answer) {
		catalog_learn(a.k, json_object_get(answer, "series"));
		a.c->age++;
		a.c->st->dirty(a.c->st->arg);
	} else {
		a.k->name[0] = '\0'; /* the next row of this kind asks again */
	}
}

static void ask(struct catalog *c, struct catalog_kind *k, struct slice id)
{
	struct ask *a = xmalloc(sizeof(*a));

	*a = (struct ask){ c, k };
	asker_describe(&c->asker, c->st->client, "devices", id, described, a);
}

static struct catalog_kind *slot(struct catalog *c, const char *name)
{
	struct catalog_kind *vacant = NULL;

	for (size_t i = 0; i < c->n; i++) {
		if (strcmp(c->kinds[i].name, name) == 0)
			return &c->kinds[i];
		if (!c->kinds[i].name[0])
			vacant = &c->kinds[i];
	}
	if (!vacant && c->n < KINDS_MAX)
		vacant = &c->kinds[c->n++];
	return vacant;
}

const struct catalog_kind *catalog_of(struct catalog *c, const json_t *device)
{
	struct slice network = row_text(device, "network"), kind = row_text(device, "kind");
	struct catalog_kind *k;
	char name[96];

	if (!c || !c->st->client || !c->st->up)
		return NULL;
	/* the networks of two makers may use the same word for different machines */
	snprintf(name, sizeof(name), "%.*s/%.*s", SLICE_ARG(network), SLICE_ARG(kind));
	k = slot(c, name);
	if (k && !k->name[0]) {
		snprintf(k->name, sizeof(k->name), "%s", name);
		ask(c, k, row_text(device, "id"));
	}
	return k && k->ready ? k : NULL;
}

struct catalog *catalog_new(struct stage *st)
{
	struct catalog *c = xcalloc(1, sizeof(*c));

	c->st = st;
	return c;
}

/* After the client: an answer that has yet to come carries memory of ours. */
void catalog_free(struct catalog *c)
{
	for (size_t i = 0; c && i < c->n; i++)
		catalog_kind_fini(&c->kinds[i]);
	free(c);
}
