#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "model/state.h"

#define NAME_MAX_ 200
#define LABELS_MAX 2048
#define UNIT_MAX 64
#define HELP_MAX 1024
#define EXPECTED 8 /* series of an event; more come in order and need no help */
#define STRINGS_MIN ((size_t)64 << 20)

void series_fini(struct model *m)
{
	free(m->keys);
	region_fini(&m->series_mem);
	index_fini(&m->by_key);
	index_fini(&m->by_series);
}

bool series_current(const struct model *m, const struct series *s)
{
	const struct device *d = &m->devices[s->device];

	series_settle(m, s);
	return s->seen && !s->absent && s->life == d->life && device_alive(d);
}

/* --- keys ------------------------------------------------------------------------- */

static uint64_t key_hash(const struct key *k)
{
	return hash_mix((uint64_t)k->name << 32 | k->labels, (uint64_t)k->unit << 8 | k->type);
}

static bool key_eq(const void *owner, uint32_t row, const void *key)
{
	const struct key *a = &((const struct model *)owner)->keys[row], *b = key;

	return a->name == b->name && a->labels == b->labels && a->unit == b->unit &&
	       a->type == b->type;
}

/* The key's strings stay for good: a key is never deleted. */
static uint32_t key_take(struct model *m, struct slice name, struct slice labels,
	struct slice unit, struct slice help, enum series_type type)
{
	struct key k = { .name = str_take(&m->strs, name), .labels = str_take(&m->strs, labels),
		.unit = str_take(&m->strs, unit), .type = (uint8_t)type,
		.health = slice_is(name, "health") && !labels.n };
	uint32_t row = index_find(&m->by_key, key_hash(&k), key_eq, m, &k);

	if (row != MODEL_NONE) {
		str_drop(&m->strs, k.name);
		str_drop(&m->strs, k.labels);
		str_drop(&m->strs, k.unit);
		return row;
	}
	k.help = str_take(&m->strs, help);
	if (m->keys_n == m->keys_cap) {
		m->keys_cap = m->keys_cap ? m->keys_cap * 2 : 64;
		m->keys = xreallocarray(m->keys, m->keys_cap, sizeof(*m->keys));
	}
	if (!m->keys_n)
		m->keys[m->keys_n++] = (struct key){ 0 }; /* KEY_UNUSED */
	m->keys[m->keys_n] = k;
	index_put(&m->by_key, key_hash(&k), m->keys_n);
	return m->keys_n++;
}

/* --- look-ups ---------------------------------------------------------------------- */

struct series_id {
	uint32_t device, name, labels;
};

static bool id_matches(const struct model *m, uint32_t row, const struct series_id *id)
{
	const struct series *s = &m->series[row];
	const struct key *k = &m->keys[s->key];

	return s->device == id->device && k->name == id->name && k->labels == id->labels;
}

static bool series_eq(const void *owner, uint32_t row, const void *key)
{
	/* a model of the past knows fewer than the index */
	return row < ((const struct model *)owner)->series_n && id_matches(owner, row, key);
}

static uint64_t series_hash(const struct series_id *id)
{
	return hash_mix((uint64_t)id->name << 32 | id->labels, id->device);
}

static uint32_t series_find(const struct model *m, const struct series_id *id)
{
	const struct device *d = &m->devices[id->device];

	if (d->series_n > SERIES_WALK)
		return index_find(&m->by_series, series_hash(id), series_eq, m, id);
	for (uint32_t s = d->first; s != MODEL_NONE; s = m->series[s].next)
		if (id_matches(m, s, id))
			return s;
	return MODEL_NONE;
}

uint32_t series_of(const struct model *m, uint32_t device, uint32_t name, uint32_t labels)
{
	struct series_id id = { device, name, labels };

	if (device >= m->devices_n || id.name == UINT32_MAX || id.labels == UINT32_MAX)
		return MODEL_NONE;
	return series_find(m, &id);
}

uint32_t model_series(const struct model *m, uint32_t device, struct slice name,
	struct slice labels)
{
	return series_of(m, device, str_find(&m->strs, name), str_find(&m->strs, labels));
}

uint32_t model_series_device(const struct model *m, uint32_t series)
{
	return series < m->series_n ? m->series[series].device : MODEL_NONE;
}

uint32_t model_series_after(const struct model *m, uint32_t device, uint32_t series,
	struct slice name)
{
	uint32_t row;

	if (device >= m->devices_n)
		return MODEL_NONE;
	row = series == MODEL_NONE ? m->devices[device].first : series + 1;
	if (row < m->series_n && m->series[row].device == device) {
		const struct key *k = &m->keys[m->series[row].key];

		if (!k->labels && slice_eq(str_get(&m->strs, k->name), name))
			return row;
	}
	return model_series(m, device, name, slice_of(""));
}

void model_expect(const struct model *m, uint32_t device)
{
	uint64_t row = device < m->devices_n ? m->devices[device].first : MODEL_NONE;

	for (uint64_t i = row; i < row + EXPECTED && i < m->series_n; i++)
		__builtin_prefetch(&m->series[i], 1);
}

/* --- birth --------------------------------------------------------------------------- */

static void index_series(struct model *m, uint32_t row)
{
	const struct series *s = &m->series[row];
	const struct key *k = &m->keys[s->key];
	struct series_id id = { s->device, k->name, k->labels };

	index_put(&m->by_series, series_hash(&id), row);
}

static void device_append(struct model *m, uint32_t device, uint32_t row)
{
	struct device *d = &m->devices[device];

	if (d->first == MODEL_NONE)
		d->first = row;
	else
		m->series[d->last].next = row;
	d->last = row;
}

static void device_count(struct model *m, uint32_t device, uint32_t row)
{
	struct device *d = &m->devices[device];

	d->series_n++;
	if (d->series_n == SERIES_WALK + 1) {
		for (uint32_t s = d->first; s != MODEL_NONE; s = m->series[s].next)
			if (m->series[s].key != KEY_UNUSED)
				index_series(m, s);
	} else if (d->series_n > SERIES_WALK) {
		index_series(m, row);
	}
	if (m->keys[m->series[row].key].health)
		d->health_series = row;
}

/* One of a device that was forgotten, in the same place. */
static uint32_t series_unused(struct model *m, uint32_t device)
{
	uint32_t s = m->forget.unused_n ? m->devices[device].first : MODEL_NONE;

	while (s != MODEL_NONE && m->series[s].key != KEY_UNUSED)
		s = m->series[s].next;
	m->forget.unused_n -= s != MODEL_NONE;
	return s;
}

static uint32_t series_new(struct model *m, uint32_t device)
{
	uint32_t row = m->series_n;

	if ((row + 1) * sizeof(*m->series) > m->series_mem.bytes)
		m->series = region_grow(&m->series_mem, (row + row / 2 + 64) * sizeof(*m->series),
			true);
	m->series[row].next = MODEL_NONE;
	m->series_n++;
	device_append(m, device, row);
	return row;
}

static uint32_t series_create(struct model *m, uint32_t device, uint32_t key)
{
	uint32_t row = series_unused(m, device);

	if (row == MODEL_NONE)
		row = series_new(m, device);
	m->series[row] = (struct series){ .device = device, .key = key,
		.next = m->series[row].next, .block = MODEL_NONE, .rate = NAN, .absent = true };
	device_count(m, device, row);
	return row;
}

void series_unuse(struct model *m, uint32_t device)
{
	struct device *d = &m->devices[device];

	for (uint32_t row = d->first; row != MODEL_NONE; row = m->series[row].next) {
		struct series *s = &m->series[row];
		const struct key *k = &m->keys[s->key];
		struct series_id id = { device, k->name, k->labels };

		if (s->key == KEY_UNUSED)
			continue;
		if (d->series_n > SERIES_WALK)
			index_remove(&m->by_series, series_hash(&id), row);
		history_forget(m, row);
		*s = (struct series){ .device = device, .key = KEY_UNUSED, .next = s->next,
			.block = MODEL_NONE, .rate = NAN, .absent = true };
		m->forget.unused_n++;
	}
	d->series_n = 0;
}

static bool series_valid(const struct model *m, const struct delta_series *d)
{
	return device_there(m, d->device) && d->name.n && d->name.n <= NAME_MAX_ &&
	       d->labels.n <= LABELS_MAX && d->unit.n <= UNIT_MAX && d->type <= SERIES_STATE;
}

/* What is known of it now may be more than at its birth. */
static void series_refine(struct model *m, uint32_t row, const struct delta_series *d)
{
	struct series *s = &m->series[row];
	const struct key *k = &m->keys[s->key];
	enum series_type type = d->type ? d->type : (enum series_type)k->type;
	struct slice unit = d->unit.n ? d->unit : str_get(&m->strs, k->unit);

	if (type == (enum series_type)k->type && slice_eq(unit, str_get(&m->strs, k->unit)))
		return;
	/* its coded samples are of the old type: they must not be read as the new one */
	if ((type == SERIES_COUNTER) != (k->type == SERIES_COUNTER))
		history_forget(m, row);
	s->key = key_take(m, d->name, d->labels, unit, d->help, type);
}

int series_apply(struct model *m, struct delta_series *d, struct err *e)
{
	struct slice help = d->help;

	d->series = MODEL_NONE;
	if (!series_valid(m, d))
		return refuse(m, e, "series: no such device, or a name, labels or unit too long");
	d->series = model_series(m, d->device, d->name, d->labels);
	if (d->series != MODEL_NONE) {
		series_refine(m, d->series, d);
		return 0;
	}
	if (m->series_n - m->forget.unused_n >= m->spec.max_series)
		return refuse(m, e, "series: more than %u", m->spec.max_series);
	if (m->strs.bytes > STRINGS_MIN && m->strs.bytes > m->spec.memory)
		return refuse(m, e, "series: names and labels take more than collector.memory");
	if (help.n > HELP_MAX)
		help.n = HELP_MAX;
	d->series = series_create(m, d->device,
		key_take(m, d->name, d->labels, d->unit, help, d->type));
	return 0;
}
