/* Birth, death, status and messages: rare, so by members and not by a scanner of their own. */
#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "wire/jscan.h"
#include "wire/telemetry.h"

enum { MESSAGE_MAX = 240 };

/* A raw value that is a string, unescaped at the end of scratch, which has room for all of the
 * event's data: slices into it stay good.  Other values: empty. */
static struct slice text_of(struct slice value, struct buf *scratch)
{
	struct slice s;
	unsigned flags;
	size_t n;

	if (js_text(value, &s, &flags) < 0)
		return (struct slice){ 0 };
	if (!(flags & JS_ESCAPE))
		return s;
	n = js_unescape(s, scratch->p + scratch->len);
	s = (struct slice){ scratch->p + scratch->len, n };
	scratch->len += n;
	scratch->p[scratch->len] = '\0';
	return s;
}

static int begin(struct js *j, struct slice data, struct buf *scratch, struct err *e)
{
	buf_reset(scratch);
	if (!buf_room(scratch, data.n))
		return err_set(e, ERR_REFUSED, "data of %zu bytes: more than the limit", data.n);
	if (js_open(j, data) < 0)
		return err_set(e, ERR_UNREACH, "data is not an object");
	return 0;
}

static int end(const struct js *j, int rc, struct slice data, struct err *e)
{
	return rc == 0 ? 0 : err_set(e, ERR_UNREACH, "byte %zu of data: %s",
		(size_t)(j->p - data.p), j->why);
}

static double degrees(struct slice value, double limit)
{
	double v;

	return num_f64(value, &v) == 0 && fabs(v) <= limit ? v : NAN;
}

int tele_birth_decode(struct slice data, struct buf *scratch, struct tele_birth *b, struct err *e)
{
	struct slice key, value;
	struct js j;
	int rc;

	*b = (struct tele_birth){ .lat = NAN, .lon = NAN };
	if (begin(&j, data, scratch, e) < 0)
		return -1;
	while ((rc = js_member(&j, &key, &value)) > 0) {
		if (slice_is(key, "name"))
			b->name = text_of(value, scratch);
		else if (slice_is(key, "network"))
			b->network = text_of(value, scratch);
		else if (slice_is(key, "kind"))
			b->kind = text_of(value, scratch);
		else if (slice_is(key, "site"))
			b->site = text_of(value, scratch);
		else if (slice_is(key, "firmware"))
			b->firmware = text_of(value, scratch);
		else if (slice_is(key, "lat"))
			b->lat = degrees(value, 90);
		else if (slice_is(key, "lon"))
			b->lon = degrees(value, 180);
		else if (slice_is(key, "metrics") && *value.p == '{')
			b->metrics = value;
	}
	if (isnan(b->lat) || isnan(b->lon))
		b->lat = b->lon = NAN;
	return end(&j, rc, data, e);
}

static enum tele_status status_of(struct slice word)
{
	if (slice_is(word, "up"))
		return TELE_UP;
	if (slice_is(word, "degraded"))
		return TELE_DEGRADED;
	return slice_is(word, "down") ? TELE_DOWN : TELE_UNSAID;
}

int tele_note_decode(struct slice data, struct buf *scratch, struct tele_note *n, struct err *e)
{
	struct slice key, value;
	struct js j;
	int rc;

	*n = (struct tele_note){ 0 };
	if (begin(&j, data, scratch, e) < 0)
		return -1;
	while ((rc = js_member(&j, &key, &value)) > 0) {
		if (slice_is(key, "status"))
			n->status = status_of(text_of(value, scratch));
		else if (slice_is(key, "reason") || slice_is(key, "message"))
			n->text = text_of(value, scratch);
	}
	return end(&j, rc, data, e);
}

bool tele_birth_metric(struct slice *metrics, struct buf *scratch, struct tele_metric *m)
{
	struct slice value, key, v;
	struct js j, in;

	if (!metrics->n)
		return false;
	j = (struct js){ metrics->p, metrics->p + metrics->n, NULL };
	if (*j.p == '{')
		j.p++;
	if (js_member(&j, &m->name, &value) <= 0)
		return false;
	*metrics = (struct slice){ j.p, (size_t)(j.end - j.p) };
	m->unit = m->type = (struct slice){ 0 };
	buf_reset(scratch);
	if (!buf_room(scratch, value.n) || js_open(&in, value) < 0)
		return true;
	while (js_member(&in, &key, &v) > 0) {
		if (slice_is(key, "unit"))
			m->unit = text_of(v, scratch);
		else if (slice_is(key, "type"))
			m->type = text_of(v, scratch);
	}
	return true;
}

/* The first n bytes or fewer, not cutting a character. */
static struct slice head(struct slice s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct slice){ s.p, n };
}

static bool find_message(struct slice data, struct slice *text, unsigned *flags)
{
	static const char *const names[] = { "message", "reason", "summary", "msg" };
	struct slice key, value;
	struct js j;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (js_open(&j, data) < 0)
			return false;
		while (js_member(&j, &key, &value) > 0)
			if (slice_is(key, names[i]) && js_text(value, text, flags) == 0)
				return true;
	}
	return false;
}

int tele_message(struct slice data, struct buf *out)
{
	struct slice text;
	unsigned flags = 0;
	char *room;

	if (!find_message(data, &text, &flags) && js_text(data, &text, &flags) < 0) {
		flags = 0;
		text = data;
	}
	if (!(flags & JS_ESCAPE))
		return buf_addslice(out, head(text, MESSAGE_MAX));
	room = buf_room(out, text.n);
	if (!room)
		return -1;
	out->len += head((struct slice){ room, js_unescape(text, room) }, MESSAGE_MAX).n;
	out->p[out->len] = '\0';
	return 0;
}
