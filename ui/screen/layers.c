#include "ui/screen/layers.h"

#include <stdio.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"
#include "ui/widget/spark.h"

/* "1,872 of 2,000 up  74 degraded  54 down": only what there is. */
static void add_devices(struct buf *b, const json_t *devices)
{
	static const char *const bad[] = { "degraded", "stale", "down", "unknown" };

	value_count(b, json_f64(devices, "up", 0));
	buf_adds(b, " of ");
	value_count(b, json_f64(devices, "total", 0));
	buf_adds(b, " up");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (json_f64(devices, bad[i], 0) > 0) {
			buf_adds(b, "  ");
			value_count(b, json_f64(devices, bad[i], 0));
			buf_addf(b, " %s", bad[i]);
		}
}

static void draw_layer(const struct layers *l, struct term *t, struct rect r, int row,
	const json_t *layer)
{
	const json_t *devices = json_object_get(l->status, "devices");
	struct slice name = row_text(layer, "name"), state = row_text(layer, "state");
	struct sign sign = sign_of(state);
	bool up = l->up;
	uint16_t look = up ? sign.look : ROLE_DIM;
	char title[24];
	struct buf b;

	buf_init(&b, 500);
	if (slice_is(name, "infrastructure") && json_f64(devices, "total", 0) > 0)
		add_devices(&b, devices);
	else if (slice_is(name, "blockchain") && l->chain)
		buf_adds(&b, l->chain);
	else
		buf_addslice(&b, row_text(layer, "text"));
	snprintf(title, sizeof(title), "%.*s", SLICE_ARG(name));
	if (title[0] >= 'a' && title[0] <= 'z')
		title[0] = (char)(title[0] - 'a' + 'A');
	draw_text(t, r, row, 1, slice_of(title), ROLE_LABEL);
	draw_glyph(t, r, row, 17, sign.glyph, look);
	draw_field(t, r, row, 19, 9, state, look, ALIGN_LEFT);
	draw_field(t, r, row, 29, r.cols - 30, buf_slice(&b), up ? ROLE_TEXT : ROLE_DIM, ALIGN_LEFT);
	buf_fini(&b);
}

void layers_draw(const struct layers *l, struct term *t, struct rect r)
{
	json_t *layers = json_object_get(l->status, "layers"), *layer;
	size_t i;

	json_array_foreach(layers, i, layer)
		draw_layer(l, t, r, (int)i, layer);
	if (!l->status)
		draw_text(t, r, 0, 1, slice_of("waiting for the collector ..."), ROLE_DIM);
}

static void fact(struct term *t, struct rect r, int row, const char *what, const struct buf *b)
{
	draw_text(t, r, row, 0, slice_of(what), ROLE_LABEL);
	draw_field(t, r, row, 10, r.cols - 11, buf_slice(b), ROLE_TEXT, ALIGN_LEFT);
}

static void count_word(struct buf *b, const json_t *o, const char *key)
{
	double v = row_num(o, key);

	if (v > 0)
		buf_addf(b, "%s%.0f %s", b->len ? "  " : "", v, key);
}

static void draw_tally(struct term *t, struct rect r, int row, const char *what, const json_t *o,
	struct buf *b)
{
	static const char *const states[] = { "live", "dialing", "stale", "down" };

	buf_reset(b);
	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		count_word(b, o, states[i]);
	if (!b->len)
		buf_adds(b, "none");
	fact(t, r, row, what, b);
}

static void draw_journal(struct term *t, struct rect r, int row, const json_t *o, struct buf *b)
{
	buf_reset(b);
	if (json_is_object(o)) {
		struct slice state = row_text(o, "state");

		buf_addf(b, "%.*s  ", SLICE_ARG(state));
		value_count(b, json_f64(o, "events", 0));
		buf_adds(b, " events  ");
		buf_addsize(b, (uint64_t)json_i64(o, "bytes", 0));
	} else {
		buf_adds(b, "none");
	}
	fact(t, r, row, "Journal", b);
}

static void draw_model(struct term *t, struct rect r, int row, const json_t *o, struct buf *b)
{
	buf_reset(b);
	buf_addsi(b, json_f64(o, "series", 0), "");
	buf_adds(b, " series  ");
	buf_addsize(b, (uint64_t)json_i64(o, "bytes_total", 0));
	buf_adds(b, "  ");
	value_span(b, (double)json_i64(o, "history_ms", 0));
	buf_adds(b, " back");
	fact(t, r, row, "Memory", b);
}

void facts_draw(const struct layers *l, struct term *t, struct rect r)
{
	const json_t *rates = json_object_get(l->status, "rates");
	int spark = r.cols - 24 > 40 ? 40 : r.cols - 24;
	float top = 1;
	struct buf b;

	if (!l->status)
		return;
	if (moment_gone()) {
		draw_text(t, r, 0, 0, slice_of("nobody keeps how the collector was"), ROLE_DIM);
		return;
	}
	buf_init(&b, 512);
	value_count(&b, json_f64(rates, "samples_s", 0));
	buf_adds(&b, "/s");
	fact(t, r, 0, "Samples", &b);
	for (size_t i = 0; i < l->n_rates; i++)
		top = l->rates[i] > top ? l->rates[i] : top;
	if (spark > 4)
		spark_draw(t, r, 0, 22, spark, l->rates, l->n_rates, 0, top,
			l->up ? ROLE_SPARK : ROLE_DIM);
	draw_tally(t, r, 1, "Sources", json_object_get(l->status, "sources"), &b);
	draw_tally(t, r, 2, "Ledgers", json_object_get(l->status, "ledgers"), &b);
	draw_journal(t, r, 3, json_object_get(l->status, "journal"), &b);
	draw_model(t, r, 4, json_object_get(l->status, "model"), &b);
	buf_fini(&b);
}
