#include "model/kind.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

enum { DEVICE, NAME, LABELS, VALUE, UNIT, TYPE, AT, NETWORK, AGE, RATE, KEY, HELP };

static const struct field fields[] = {
	[DEVICE] = { "device", FIELD_STR, .help = "id of the device" },
	[NAME] = { "name", FIELD_STR, .help = "the metric's name" },
	[LABELS] = { "labels", FIELD_STR, .help = "a=\"b\",c=\"d\"" },
	[VALUE] = { "value", FIELD_NUM, .help = "newest value; none when dead, stale or a gap" },
	[UNIT] = { "unit", FIELD_STR, .help = "of the value" },
	[TYPE] = { "type", FIELD_ENUM, .help = "gauge, counter, ..." },
	[AT] = { "at", FIELD_TIME, .help = "when the newest sample was taken" },
	[NETWORK] = { "network", FIELD_STR, .help = "network of the device", .wide = true },
	[AGE] = { "age", FIELD_AGE, "s", "time since the newest sample", .wide = true },
	[RATE] = { "rate", FIELD_NUM, "/s", "counters: between the last two samples", .wide = true },
	[KEY] = { "key", FIELD_STR, .help = "name{labels}", .extra = true },
	[HELP] = { "help", FIELD_STR, .help = "what the exporter says of it", .extra = true },
	{ 0 },
};

static const struct kind kind = { "metrics", "metric", "series",
	"what devices measure, one row a metric of a device", .fields = fields };

static const struct word type_words[] = {
	[SERIES_UNTYPED] = { "untyped", 0 }, [SERIES_GAUGE] = { "gauge", 1 },
	[SERIES_COUNTER] = { "counter", 2 }, [SERIES_HISTOGRAM] = { "histogram", 3 },
	[SERIES_SUMMARY] = { "summary", 4 }, [SERIES_INFO] = { "info", 5 },
	[SERIES_STATE] = { "state", 6 }, { NULL, 0 },
};

static uint64_t total(const struct model *m)
{
	return m->series_n - m->forget.unused_n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	do
		row++;
	while (row < m->series_n && m->series[row].key == KEY_UNUSED);
	return row < m->series_n ? row : ROW_NONE;
}

/* Keys are long at times: this one text is made anew with each call. */
static void key_value(const struct model *m, const struct key *k, struct value *v)
{
	static char text[2304];
	struct slice name = str_get(&m->strs, k->name), labels = str_get(&m->strs, k->labels);
	size_t n = name.n;

	memcpy(text, name.p, n);
	if (labels.n) {
		text[n++] = '{';
		memcpy(text + n, labels.p, labels.n);
		n += labels.n;
		text[n++] = '}';
	}
	v_str(v, slice_mem(text, n));
}

static void key_text(const struct model *m, const struct key *k, unsigned col, struct value *v)
{
	switch (col) {
	case NAME:
		v_str(v, str_get(&m->strs, k->name));
		break;
	case LABELS:
		v_str(v, str_get(&m->strs, k->labels));
		break;
	case UNIT:
		v_str(v, str_get(&m->strs, k->unit));
		break;
	case HELP:
		v_str(v, str_get(&m->strs, k->help));
		break;
	case KEY:
		key_value(m, k, v);
		break;
	case TYPE:
		v_word(v, &type_words[k->type]);
		break;
	}
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct series *s = &m->series[row];

	v->type = V_NONE;
	switch (col) {
	case DEVICE:
		v_device(v, m, s->device);
		break;
	case NETWORK:
		v_network(v, m, s->device);
		break;
	case VALUE:
		if (series_current(m, s))
			v_num(v, s->last.value);
		break;
	case RATE:
		if (series_current(m, s))
			v_num(v, (double)s->rate);
		break;
	case AT:
		series_settle(m, s);
		v_time(v, s->last.at_ms);
		break;
	case AGE:
		series_settle(m, s);
		v_age(v, m, s->last.at_ms);
		break;
	default:
		key_text(m, &m->keys[s->key], col, v);
	}
}

static const struct word *words(unsigned col)
{
	return type_words;
}

const struct rows rows_metrics = {
	.kind = &kind, .total = total, .next = next, .value = value, .words = words, .sort = "",
	.names = { "device", "name", "key" },
	.shared = 1u << NAME | 1u << LABELS | 1u << UNIT | 1u << TYPE | 1u << NETWORK | 1u << HELP,
};

/* --- a device's metric by name ---------------------------------------------------------- */

int metric_init(struct metric *x, struct slice text)
{
	const char *open = text.n ? memchr(text.p, '{', text.n) : NULL;
	size_t n = open ? (size_t)(open - text.p) : text.n;

	*x = (struct metric){ .name_id = UINT32_MAX };
	if (!n || (open && text.p[text.n - 1] != '}'))
		return -1;
	x->text = xmemdup0(text.p, text.n);
	x->name = slice_mem(x->text, n);
	if (open)
		x->labels = slice_mem(x->text + n + 1, text.n - n - 2);
	return 0;
}

void metric_fini(struct metric *x)
{
	free(x->text);
	*x = (struct metric){ 0 };
}

void metric_resolve(struct metric *x, const struct model *m)
{
	x->name_id = str_find(&m->strs, x->name);
	x->labels_id = str_find(&m->strs, x->labels);
}

static bool is_metric(const struct metric *x, const struct model *m, uint32_t row)
{
	const struct key *k = &m->keys[m->series[row].key];

	return k->name == x->name_id && k->labels == x->labels_id;
}

/* Devices of a kind mostly have the same metrics in one order. */
static uint32_t *hint_of(struct metric *x, const struct device *d)
{
	return &x->hint[d->kind % METRIC_HINTS];
}

/* Without labels asked for, one with labels will do when there is none without. */
static uint32_t metric_find(struct metric *x, const struct model *m, uint32_t device)
{
	const struct device *d = &m->devices[device];
	uint32_t at = series_of(m, device, x->name_id, x->labels_id);

	if (at == MODEL_NONE && !x->labels.n)
		for (at = d->first; at != MODEL_NONE; at = m->series[at].next)
			if (m->keys[m->series[at].key].name == x->name_id)
				break;
	if (at != MODEL_NONE)
		*hint_of(x, d) = at - d->first;
	return at;
}

#define AHEAD 12 /* rows; the device is asked for twice as early as its series */

void metric_prefetch(struct metric *x, const struct model *m, const uint64_t *rows, size_t n,
	size_t i)
{
	const struct device *d;

	if (i + 2 * AHEAD < n)
		__builtin_prefetch(&m->devices[rows[i + 2 * AHEAD]].first);
	if (i + AHEAD >= n)
		return;
	d = &m->devices[rows[i + AHEAD]];
	if (d->first < m->series_n)
		__builtin_prefetch(&m->series[d->first + *hint_of(x, d)]);
}

uint32_t metric_series(struct metric *x, const struct model *m, uint32_t device)
{
	const struct device *d = &m->devices[device];
	uint64_t at = (uint64_t)d->first + *hint_of(x, d);

	if (x->name_id == UINT32_MAX || x->labels_id == UINT32_MAX)
		return MODEL_NONE;
	if (at >= m->series_n || m->series[at].device != device ||
		!is_metric(x, m, (uint32_t)at))
		at = metric_find(x, m, device);
	return (uint32_t)at;
}

bool metric_value(struct metric *x, const struct model *m, uint32_t device, double *v)
{
	uint32_t at = metric_series(x, m, device);

	if (at == MODEL_NONE)
		return false;
	if (!series_current(m, &m->series[at]))
		return false;
	*v = m->series[at].last.value;
	return true;
}
