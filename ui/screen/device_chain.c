/*
 * What the ledgers say of a device: that a registry has it, with which key.  Signatures are not
 * checked by anybody yet, and that is what is told.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "client/client.h"
#include "ui/screen/device.h"
#include "ui/screen/value.h"
#include "ui/term/term.h"

#define AGAIN_MS  15000
#define KEY_SHOWN 16 /* digits */

static void came(void *arg, const json_t *answer, const struct err *e)
{
	struct device *s = arg;

	if (!answer)
		return;
	json_decref(s->registered);
	s->registered = json_incref(json_array_get(json_object_get(answer, "rows"), 0));
	s->st->dirty(s->st->arg);
}

/* "urn:depin:NETWORK:NAME", the name as it is and not as a pattern. */
static void registration_filter(struct slice name, struct buf *b)
{
	struct buf re;

	buf_init(&re, 4096);
	buf_adds(&re, "urn:depin:[^:]*:\\Q");
	buf_addslice(&re, name);
	buf_adds(&re, "\\E(#|$)");
	filter_add(b, "text", "~", buf_slice(&re));
	buf_adds(b, " and removed=false");
	buf_fini(&re);
}

void device_ask_chain(struct device *s)
{
	int64_t now = clock_mono_ms();
	struct slice name = row_text(s->row, "name");
	struct buf b, filter;
	struct jw w;

	if (!name.n || !s->st->client || !s->st->up || memmem(name.p, name.n, "\\E", 2)
		|| (s->chain_ms && now - s->chain_ms < AGAIN_MS))
		return;
	s->chain_ms = now;
	buf_init(&filter, 1 << 16);
	registration_filter(name, &filter);
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of("logs"));
	jw_key(&w, "filter"), jw_str(&w, buf_slice(&filter));
	jw_key(&w, "limit"), jw_i64(&w, 1);
	jw_end(&w);
	asker_call(&s->asker, s->st->client, "query", buf_slice(&b), came, s);
	buf_fini(&b);
	buf_fini(&filter);
}

static struct slice key_of(struct slice text)
{
	const char *at = memmem(text.p, text.n, "#ed25519=", 9);
	struct slice key = { 0 };

	if (!at)
		return key;
	key = slice_mem(at + 9, (size_t)(text.p + text.n - at) - 9);
	key.n = key.n > KEY_SHOWN ? KEY_SHOWN : key.n;
	return key;
}

void device_draw_chain(struct device *s, struct term *t, struct rect r)
{
	struct slice key = key_of(row_text(s->registered, "text"));
	struct buf b;
	int at = 1;

	buf_init(&b, 200);
	buf_adds(&b, "registered in block ");
	value_count(&b, row_num(s->registered, "block"));
	buf_addf(&b, " of %.*s", SLICE_ARG(row_text(s->registered, "ledger")));
	at += draw_text(t, r, 0, at, slice_of("on chain"), ROLE_LABEL) + 1;
	at += draw_text(t, r, 0, at, buf_slice(&b), ROLE_TEXT) + 2;
	at += draw_text(t, r, 0, at, slice_of("key"), ROLE_LABEL) + 1;
	if (!key.n) {
		draw_text(t, r, 0, at, slice_of("none"), ROLE_DIM);
	} else {
		buf_reset(&b);
		buf_addf(&b, "%.*s…", SLICE_ARG(key));
		at += draw_text(t, r, 0, at, buf_slice(&b), ROLE_LINK) + 2;
		draw_text(t, r, 0, at, slice_of("signatures not checked"), ROLE_DIM);
	}
	buf_fini(&b);
}
