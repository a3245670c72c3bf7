/* Events and batches: what is taken is JSON that Jansson takes too, with the same attributes, and
 * fits in itself: its data decodes to the same when wrapped in another event. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "wire/cloudevent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct ce_decoder dec;

static void same_text(const json_t *v, const char *key, struct slice got)
{
	const json_t *o = json_object_get(v, key);
	struct slice want = { json_string_value(o), json_string_length(o) };

	if (!slice_eq(want, got))
		abort();
}

static void beside_jansson(struct slice msg, const struct cloudevent *ev)
{
	json_error_t je;
	json_t *v = json_loadb(msg.p, msg.n, JSON_ALLOW_NUL, &je);

	if (!v && (json_error_code(&je) == json_error_numeric_overflow ||
		json_error_code(&je) == json_error_null_byte_in_key))
		return;
	if (!json_is_object(v))
		abort();
	same_text(v, "id", ev->id);
	same_text(v, "source", ev->source);
	same_text(v, "type", ev->type);
	same_text(v, "subject", ev->subject);
	same_text(v, "sequence", ev->sequence);
	same_text(v, "dssematerial", ev->dssematerial);
	if ((json_object_get(v, "data") != NULL) != (ev->data.n != 0))
		abort();
	json_decref(v);
}

static void wrap(const struct cloudevent *ev)
{
	struct slice data = ev->data;
	struct err e;
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_adds(&b, "{\"id\":\"1\",\"source\":\"2\",\"type\":\"3\",\"specversion\":\"1.0\",\"data\":");
	buf_addslice(&b, data);
	buf_adds(&b, "}");
	if (ce_decode(&dec, buf_slice(&b), &e) < 0 || !slice_eq(dec.ev.data, data))
		abort();
	buf_fini(&b);
}

static int on_event(void *arg, struct ce_decoder *d, const struct err *bad)
{
	int *told = arg;

	++*told;
	if (!d && !bad->text[0])
		abort();
	return *told > 10000 ? -1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n ? n : 1);
	struct slice msg = { copy, n };
	int told = 0, good;
	struct err e;
	bool ok;

	if (n)
		memcpy(copy, data, n);
	good = ce_decode_batch(&dec, msg, on_event, &told, &e);
	if (good > told)
		abort();
	ok = ce_decode(&dec, msg, &e) == 0;
	if (ok != (good == 1 && n && memchr("{ \t\r\n", copy[0], 5) && told == 1) && ok)
		abort();
	if (ok) {
		beside_jansson(msg, &dec.ev);
		if (dec.ev.data.n)
			wrap(&dec.ev);
	}
	free(copy);
	return 0;
}
