#include "model/kind.h"

enum { ID, FILTER, HIDES, BY, NOTE, SINCE, UNTIL };

static const struct field fields[] = {
	[ID] = { "id", FIELD_INT, .help = "its number" },
	[FILTER] = { "filter", FIELD_STR, .help = "the alerts that it hides" },
	[HIDES] = { "hides", FIELD_INT, .help = "how many that are now; one is hidden by the oldest" },
	[BY] = { "by", FIELD_STR, .help = "who made it" },
	[NOTE] = { "note", FIELD_STR, .help = "why" },
	[SINCE] = { "since", FIELD_TIME, .help = "when it was made" },
	[UNTIL] = { "until", FIELD_TIME, .help = "when it ends" },
	{ 0 },
};

static const struct kind kind = { "silences", "silence", "sil",
	"which alerts are hidden for a time, the oldest first", .fields = fields };

/* A row is its number: it does not become another's. */
static const struct silence *at_or_after(const struct model *m, uint64_t id)
{
	const struct silence *best = NULL;

	for (uint32_t i = 0; i < m->alerts.silences_n; i++) {
		const struct silence *s = m->alerts.silences[i];

		if (s->id >= id && (!best || s->id < best->id))
			best = s;
	}
	return best;
}

static uint64_t total(const struct model *m)
{
	return m->alerts.silences_n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	const struct silence *s = at_or_after(m, row + 1);

	return s ? s->id : ROW_NONE;
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct silence *s = at_or_after(m, row);

	v->type = V_NONE;
	if (!s || s->id != row)
		return;
	switch (col) {
	case ID:
		v_int(v, s->id);
		break;
	case FILTER:
		v_str(v, slice_of(s->text));
		break;
	case HIDES:
		v_int(v, s->hides);
		break;
	case BY:
		v_str(v, slice_of(s->who));
		break;
	case NOTE:
		v_str(v, slice_of(s->note));
		break;
	case SINCE:
		v_time(v, s->at_ms);
		break;
	case UNTIL:
		v_time(v, s->until_ms);
		break;
	}
}

const struct rows rows_silences = {
	.kind = &kind, .total = total, .next = next, .value = value, .sort = "", .names = { "id" },
};
