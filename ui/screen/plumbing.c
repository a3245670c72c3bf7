#include "ui/screen/plumbing.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/num.h"
#include "ui/screen/moment.h"
#include "ui/screen/screen.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

static void row_of(struct term *t, struct rect r, int row, const char *what, struct buf *b,
	uint16_t look)
{
	draw_text(t, r, row, 2, slice_of(what), ROLE_LABEL);
	draw_field(t, r, row, 14, r.cols - 16, buf_slice(b), look, ALIGN_LEFT);
	buf_reset(b);
}

static void count(struct buf *b, const json_t *o, const char *key, const char *what)
{
	buf_adds(b, b->len ? "  " : "");
	value_count(b, json_f64(o, key, 0));
	buf_addf(b, " %s", what);
}

static void size(struct buf *b, const json_t *o, const char *key, const char *what)
{
	buf_adds(b, b->len ? "  " : "");
	buf_addsize(b, (uint64_t)json_i64(o, key, 0));
	buf_addf(b, " %s", what);
}

static void put_collector(struct buf *b, const json_t *status)
{
	int64_t clients = json_i64(status, "clients", 0);

	buf_adds(b, "up ");
	value_age(b, json_i64(status, "uptime_s", 0) * 1000);
	count(b, status, "clients", clients == 1 ? "client" : "clients");
	size(b, status, "resident", "of memory");
}

static void put_journal(struct buf *b, const json_t *j)
{
	if (!json_is_object(j)) {
		buf_adds(b, "none");
		return;
	}
	buf_addslice(b, row_text(j, "state"));
	count(b, j, "events", "events since start");
	size(b, j, "bytes", "in the file");
	size(b, j, "pending", "to be written");
	buf_adds(b, "  longest transaction ");
	value_span(b, json_f64(j, "txn_us_max", 0) / 1000);
}

static void put_model(struct buf *b, const json_t *m)
{
	count(b, m, "series", "series");
	count(b, m, "events_stored", "events");
	size(b, m, "bytes_total", "");
	buf_adds(b, " ");
	value_age(b, json_i64(m, "history_ms", 0));
	buf_adds(b, " of history");
	count(b, m, "refused", "refused");
}

static void put_rates(struct buf *b, const json_t *rates)
{
	count(b, rates, "records_s", "records/s");
	count(b, rates, "samples_s", "samples/s");
	buf_adds(b, "  ");
	buf_addsize(b, (uint64_t)json_f64(rates, "bytes_s", 0));
	buf_adds(b, "/s");
}

static bool stalled(const json_t *status)
{
	return slice_is(row_text(json_object_get(status, "journal"), "state"), "stalled");
}

void plumbing_draw(struct stage *st, const json_t *status, struct term *t, struct rect r)
{
	uint16_t look = st->up ? ROLE_TEXT : ROLE_DIM;
	struct buf b;

	draw_rule(t, r, 0, slice_of("the collector and this console"));
	buf_init(&b, 1024);
	if (moment_gone()) {
		buf_adds(&b, "nobody keeps how it was");
		row_of(t, r, 1, "collector", &b, ROLE_DIM);
	} else if (status) {
		put_collector(&b, status);
		row_of(t, r, 1, "collector", &b, look);
		put_journal(&b, json_object_get(status, "journal"));
		row_of(t, r, 2, "journal", &b, stalled(status) ? ROLE_CRIT : look);
		put_model(&b, json_object_get(status, "model"));
		row_of(t, r, 3, "model", &b, look);
		put_rates(&b, json_object_get(status, "rates"));
		row_of(t, r, 4, "comes in", &b, look);
	}
	st->line(st->arg, &b);
	row_of(t, r, 5, "console", &b, ROLE_TEXT);
	buf_fini(&b);
}
