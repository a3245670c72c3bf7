#include "model/group.h"
#include "model/kind.h"

enum { ID, NAME, NETWORK, KIND, SITE, STATUS, HEALTH, LAST_SEEN, METRICS, FIRMWARE, SOURCE, SINCE,
	REASON, LAT, LON, AGE, METRICS_N, STALE_AFTER, ALERT };

static const struct field fields[] = {
	[ID] = { "id", FIELD_STR, .help = "unique over all networks" },
	[NAME] = { "name", FIELD_STR, .help = "as people call it; the id when it sent none" },
	[NETWORK] = { "network", FIELD_STR, .help = "the network it serves" },
	[KIND] = { "kind", FIELD_STR, .help = "what it is: storage, gpu, sensor ..." },
	[SITE] = { "site", FIELD_STR, .help = "where it stands" },
	[STATUS] = { "status", FIELD_ENUM, .help = "up, unknown, degraded, stale, down" },
	[HEALTH] = { "health", FIELD_NUM, "%", "0 to 100: what it says of itself, else by status" },
	[LAST_SEEN] = { "last_seen", FIELD_TIME, .help = "time of its newest record" },
	[METRICS] = { "metrics", FIELD_JSON, .help = "current values by name; none when dead or stale" },
	[FIRMWARE] = { "firmware", FIELD_STR, .help = "version it runs", .wide = true },
	[SOURCE] = { "source", FIELD_STR, .help = "the source that tells of it", .wide = true },
	[SINCE] = { "since", FIELD_TIME, .help = "when its status became what it is", .wide = true },
	[REASON] = { "reason", FIELD_STR, .help = "why its status is what it is", .wide = true },
	[LAT] = { "lat", FIELD_NUM, "deg", "latitude", .wide = true },
	[LON] = { "lon", FIELD_NUM, "deg", "longitude", .wide = true },
	[AGE] = { "age", FIELD_AGE, "s", "time since last_seen", .extra = true },
	[METRICS_N] = { "metrics_n", FIELD_INT, .help = "metrics it has", .extra = true },
	[STALE_AFTER] = { "stale_after", FIELD_AGE, "s", "silence that makes it stale", .extra = true },
	[ALERT] = { "alert", FIELD_STR, .help = "id of the alert that it is in", .extra = true },
	{ 0 },
};

static const struct kind kind = { "devices", "device", "dev",
	"the machines of the networks, worst first", fields, group_fields };

static uint64_t total(const struct model *m)
{
	return model_devices_n(m);
}

static uint64_t end(const struct model *m)
{
	return m->devices_n;
}

static bool gone(const struct model *m, uint64_t row)
{
	return m->devices[row].gone;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	do
		row++;
	while (row < m->devices_n && m->devices[row].gone);
	return row < m->devices_n ? row : ROW_NONE;
}

static void place(struct value *v, int32_t at)
{
	if (at != PLACE_NONE)
		v_num(v, at / 1e7);
}

static double stale_after_s(const struct model *m, const struct device *d)
{
	return (double)(d->stale_after_ms ? d->stale_after_ms : m->spec.stale_after_ms) / 1000;
}

static void device_text(const struct model *m, const struct device *d, unsigned col,
	struct value *v)
{
	const struct strtab *t = &m->strs;

	switch (col) {
	case NETWORK:
		v_str(v, str_get(t, m->networks[d->network].name));
		break;
	case KIND:
		v_str(v, str_get(t, d->kind));
		break;
	case SITE:
		v_str(v, str_get(t, d->site));
		break;
	case FIRMWARE:
		v_str(v, str_get(t, d->firmware));
		break;
	case REASON:
		v_str(v, str_get(t, d->reason));
		break;
	case SOURCE:
		v_str(v, model_source_name(m, d->source));
		break;
	}
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct device *d = &m->devices[row];

	v->type = V_NONE;
	switch (col) {
	case ID:
		v_str(v, device_id(m, d));
		break;
	case NAME:
		v_str(v, device_name(m, d));
		break;
	case STATUS:
		v_word(v, &status_words[d->status]);
		break;
	case HEALTH:
		if (d->health != HEALTH_NONE)
			v_num(v, d->health);
		break;
	case LAST_SEEN:
		v_time(v, device_last_seen(m, d));
		break;
	case SINCE:
		v_time(v, d->since_ms);
		break;
	case AGE:
		v_age(v, m, device_last_seen(m, d));
		break;
	case LAT:
		place(v, d->lat);
		break;
	case LON:
		place(v, d->lon);
		break;
	case METRICS_N:
		v_int(v, d->series_n);
		break;
	case STALE_AFTER:
		v_num(v, stale_after_s(m, d));
		break;
	case ALERT:
		v_alert(v, alert_of(m, d));
		break;
	default:
		device_text(m, d, col, v);
	}
}

static uint64_t order(const struct model *m, uint64_t row, unsigned col)
{
	const struct device *d = &m->devices[row];

	if (col == STATUS)
		return order_rank(status_words[d->status].rank);
	return order_text(col == NAME ? device_name(m, d) : device_id(m, d));
}

/* --- the usual order, kept: three bits of status, 61 of the name --------------------------- */

#define ORDER_STATUS 61
#define CODES 75 /* of a byte; nine of them and a 29th of one fill 61 bits */
#define CODES_WHOLE 9
#define CODES_REST 29

/* Bytes in their order: 0 is the end, those that names are made of have a code each, the others
 * share one with their neighbours (*shared). */
static unsigned name_code(unsigned char c, bool *shared)
{
	*shared = false;
	if (c >= 'a' && c <= 'z')
		return 48u + c - 'a';
	if (c >= 'A' && c <= 'Z')
		return 19u + c - 'A';
	if (c >= '-' && c <= ':')
		return 4u + c - '-';
	if (c == ' ')
		return 2;
	if (c == '_')
		return 46;
	*shared = true;
	return c < ' ' ? 1 : c < '-' ? 3 : c < 'A' ? 18 : c < '_' ? 45 : c < 'a' ? 47 : 74;
}

/* Names come in series, node-00017: nine bytes tell more of them apart than seven would. */
static uint64_t name_order(struct slice s)
{
	uint64_t v = 0;
	unsigned code = 0;
	bool more = true, shared = false;

	for (size_t i = 0; i <= CODES_WHOLE; i++) {
		code = 0;
		more = more && i < s.n && !shared;
		if (more)
			code = name_code((unsigned char)s.p[i], &shared);
		v = i < CODES_WHOLE ? v * CODES + code : v * CODES_REST + code * CODES_REST / CODES;
	}
	return v;
}

uint64_t device_order(const struct model *m, const struct device *d)
{
	uint64_t worst = 4 - status_words[d->status].rank;

	return worst << ORDER_STATUS | name_order(device_name(m, d));
}

static const uint64_t *kept(const struct model *m)
{
	return m->order;
}

static size_t in_device(unsigned col)
{
	switch (col) {
	case NETWORK:
		return offsetof(struct device, network);
	case SITE:
		return offsetof(struct device, site);
	case KIND:
		return offsetof(struct device, kind);
	case FIRMWARE:
		return offsetof(struct device, firmware);
	case REASON:
		return offsetof(struct device, reason);
	}
	return offsetof(struct device, source);
}

/* Network and status are asked for most, and stand side by side. */
static void codes(const struct model *m, unsigned col, struct codes *c)
{
	if (col == STATUS)
		*c = (struct codes){ .at = (const char *)m->order, .stride = 8, .width = 8,
			.shift = ORDER_STATUS, .top = 1u << (64 - ORDER_STATUS) };
	else if (col == NETWORK && m->nets)
		*c = (struct codes){ .at = (const char *)m->nets, .stride = 2, .width = 2,
			.top = m->networks_n };
	else
		*c = (struct codes){ .at = (const char *)m->devices + in_device(col),
			.stride = sizeof(struct device), .width = 4,
			.top = col == NETWORK ? m->networks_n : col == SOURCE ? m->sources_n :
				m->strs.n };
}

static void metric_key(const struct model *m, const struct key *k, struct jw *w)
{
	struct slice name = str_get(&m->strs, k->name), labels = str_get(&m->strs, k->labels);
	char text[512];

	if (!labels.n && name.n < sizeof(text)) {
		memcpy(text, name.p, name.n);
		text[name.n] = '\0';
		jw_key(w, text);
		return;
	}
	struct buf b;

	buf_init(&b, 4096);
	buf_addf(&b, "%.*s{%.*s}", SLICE_ARG(name), SLICE_ARG(labels));
	jw_key(w, b.p);
	buf_fini(&b);
}

static void json(const struct model *m, uint64_t row, unsigned col, struct jw *w)
{
	const struct device *d = &m->devices[row];

	jw_object(w);
	for (uint32_t s = d->first; s != MODEL_NONE; s = m->series[s].next) {
		if (!series_current(m, &m->series[s]))
			continue;
		metric_key(m, &m->keys[m->series[s].key], w);
		jw_f64(w, m->series[s].last.value);
	}
	jw_end(w);
}

static const struct word *words(unsigned col)
{
	return status_words;
}

const struct rows rows_devices = {
	.kind = &kind, .total = total, .next = next, .value = value, .json = json, .words = words,
	.shared = 1u << NETWORK | 1u << KIND | 1u << SITE | 1u << STATUS | 1u << FIRMWARE |
		  1u << REASON | 1u << SOURCE,
	.codes = codes,
	.order = order, .ordered = 1u << ID | 1u << NAME | 1u << STATUS,
	.kept = kept, .sort = "status:desc,name", .names = { "id", "name" }, .metrics = true,
	.end = end, .gone = gone,
};
