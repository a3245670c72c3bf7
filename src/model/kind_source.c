#include "model/kind.h"

#include <math.h>

enum { NAME, KIND, STATE, LAG, RATE, DROP, ERROR, GAPS, DUPLICATES, BAD, BYTES, URL, SINCE, RECORDS,
	BYTES_RATE };

static const struct field fields[] = {
	[NAME] = { "name", FIELD_STR, .help = "as the configuration calls it" },
	[KIND] = { "kind", FIELD_STR, .help = "stream, scrape, prometheus, evm, file ..." },
	[STATE] = { "state", FIELD_ENUM, .help = "live, stale, dialing, down" },
	[LAG] = { "lag_ms", FIELD_NUM, "ms", "age of its newest record when it arrived" },
	[RATE] = { "rate", FIELD_NUM, "/s", "records a second" },
	[DROP] = { "drops", FIELD_INT, .help = "records dropped at a limit" },
	[ERROR] = { "error", FIELD_STR, .help = "the last one" },
	[GAPS] = { "gaps", FIELD_INT, .help = "holes in its sequence", .wide = true },
	[DUPLICATES] = { "duplicates", FIELD_INT, .help = "records that came twice", .wide = true },
	[BAD] = { "bad", FIELD_INT, .help = "records that could not be read", .wide = true },
	[BYTES] = { "bytes", FIELD_BYTES, "B", "received", .wide = true },
	[URL] = { "url", FIELD_STR, .help = "where it is", .wide = true },
	[SINCE] = { "since", FIELD_TIME, .help = "when its state became what it is", .wide = true },
	[RECORDS] = { "records", FIELD_INT, .help = "received", .extra = true },
	[BYTES_RATE] = { "bytes_rate", FIELD_BYTES, "B/s", "received a second", .extra = true },
	{ 0 },
};

static const struct kind kind = { "sources", "source", "src", "where the world comes in",
	.fields = fields };

static const struct word state_words[] = {
	[SOURCE_DOWN] = { "down", 3 }, [SOURCE_DIALING] = { "dialing", 2 },
	[SOURCE_LIVE] = { "live", 0 }, [SOURCE_STALE] = { "stale", 1 }, { NULL, 0 },
};

static uint64_t total(const struct model *m)
{
	return m->sources_n;
}

static uint64_t next(const struct model *m, uint64_t row)
{
	return ++row < m->sources_n ? row : ROW_NONE;
}

static void counter(const struct delta_source_state *s, unsigned col, struct value *v)
{
	switch (col) {
	case DROP:
		v_int(v, s->drops);
		break;
	case GAPS:
		v_int(v, s->gaps);
		break;
	case DUPLICATES:
		v_int(v, s->duplicates);
		break;
	case BAD:
		v_int(v, s->bad);
		break;
	case BYTES:
		v_int(v, s->bytes);
		break;
	case RECORDS:
		v_int(v, s->records);
		break;
	}
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	const struct source *s = &m->sources[row];

	v->type = V_NONE;
	if (m->live && col != NAME && col != KIND && col != URL)
		return; /* nobody keeps how sources were */
	switch (col) {
	case NAME:
		v_str(v, slice_of(s->name));
		break;
	case KIND:
		v_str(v, slice_of(s->kind));
		break;
	case URL:
		v_str(v, slice_of(s->url));
		break;
	case ERROR:
		v_str(v, slice_of(s->error));
		break;
	case STATE:
		v_word(v, &state_words[s->s.state]);
		break;
	case LAG:
		v_num(v, s->s.lag_ms < 0 ? NAN : (double)s->s.lag_ms);
		break;
	case RATE:
		v_num(v, round(s->rate * 10) / 10);
		break;
	case BYTES_RATE:
		v_num(v, round(s->bytes_rate));
		break;
	case SINCE:
		v_time(v, s->since_ms);
		break;
	default:
		counter(&s->s, col, v);
	}
}

static const struct word *words(unsigned col)
{
	return state_words;
}

const struct rows rows_sources = {
	.kind = &kind, .total = total, .next = next, .value = value, .words = words, .sort = "",
	.names = { "name" },
};
