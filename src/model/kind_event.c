#include "base/jtext.h"
#include "model/kind.h"

enum { N, ID, SOURCE, TYPE, SUBJECT, TIME, SEVERITY, MESSAGE, DEVICE, NETWORK, DATA };

static const struct field fields[] = {
	[N] = { "n", FIELD_INT, .help = "number in the journal" },
	[ID] = { "id", FIELD_STR, .help = "as its sender named it", .wide = true },
	[SOURCE] = { "source", FIELD_STR, .help = "who sent it", .wide = true },
	[TYPE] = { "type", FIELD_STR, .help = "what kind of event" },
	[SUBJECT] = { "subject", FIELD_STR, .help = "what it is about", .wide = true },
	[TIME] = { "time", FIELD_TIME, .help = "when it happened" },
	[SEVERITY] = { "severity", FIELD_ENUM, .help = "trace, debug, info, warn, error, fatal" },
	[MESSAGE] = { "message", FIELD_STR, .help = "in words" },
	[DEVICE] = { "device", FIELD_STR, .help = "id of the device" },
	[NETWORK] = { "network", FIELD_STR, .help = "network of the device", .wide = true },
	[DATA] = { "data", FIELD_JSON, .help = "as sent" },
	{ 0 },
};

static const struct kind kind = { "events", "event", "ev",
	"what happened, oldest first; a window without sort or `after` counts from the newest",
	.fields = fields };

/* OpenTelemetry's bands of four */
static const struct word severity_words[] = {
	{ "none", 0 }, { "trace", 1 }, { "debug", 5 }, { "info", 9 }, { "warn", 13 },
	{ "error", 17 }, { "fatal", 21 }, { NULL, 0 },
};

static uint64_t total(const struct model *m)
{
	return ring_count_upto(m->events, m->event_last);
}

static uint64_t next(const struct model *m, uint64_t row)
{
	uint64_t n = ring_at_or_after(m->events, row + 1);

	return n <= m->event_last ? n : ROW_NONE; /* a model of the past shares a longer ring */
}

static uint64_t prev(const struct model *m, uint64_t row)
{
	uint64_t upto = row - 1 < m->event_last ? row - 1 : m->event_last;
	uint64_t n = row == 0 ? 0 : ring_at_or_before(m->events, upto);

	return n ? n : ROW_NONE;
}

static void severity(struct value *v, unsigned n)
{
	v_word(v, &severity_words[(n + 3) / 4 > 6 ? 6 : (n + 3) / 4]);
}

static void source(const struct model *m, const struct event *ev, struct value *v)
{
	v_str(v, ev->origin ? str_get(&m->strs, ev->origin) : model_source_name(m, ev->source));
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct event *ev = ring_get(m->events, row);

	v->type = V_NONE;
	if (!ev)
		return;
	switch (col) {
	case N:
		v_int(v, ev->n);
		break;
	case ID:
		v_str(v, event_id(ev));
		break;
	case SOURCE:
		source(m, ev, v);
		break;
	case TYPE:
		v_str(v, str_get(&m->strs, ev->type));
		break;
	case SUBJECT:
		v_str(v, event_subject(ev));
		break;
	case TIME:
		v_time(v, ev->at_ms);
		break;
	case SEVERITY:
		severity(v, ev->severity);
		break;
	case MESSAGE:
		v_str(v, event_message(ev));
		break;
	case DEVICE:
		v_device(v, m, ev->device);
		break;
	case NETWORK:
		v_network(v, m, ev->device);
		break;
	case DATA:
		v_str(v, event_data(ev));
		break;
	}
}

/* What is no JSON after all is shown as a string. */
static void json(const struct model *m, uint64_t row, unsigned col, struct jw *w)
{
	const struct event *ev = ring_get(m->events, row);
	struct slice data = ev ? event_data(ev) : slice_of("");

	if (!data.n)
		jw_null(w);
	else if (jtext_whole(data))
		jw_raw(w, data);
	else
		jw_str(w, data);
}

static const struct word *words(unsigned col)
{
	return severity_words;
}

const struct rows rows_events = {
	.kind = &kind, .total = total, .next = next, .prev = prev, .value = value, .json = json,
	.words = words, .sort = "", .names = { "id", "n" }, .tail = true,
	.shared = 1u << SOURCE | 1u << TYPE | 1u << SEVERITY | 1u << NETWORK,
};
