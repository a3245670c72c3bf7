#include "wire/cloudevent.h"

#include <string.h>

#include "base/alloc.h"
#include "base/num.h"
#include "wire/jscan.h"
#include "wire/scan.h"

enum kind { TEXT, TIME, SEVERITY, DATA };

struct attr {
	char name[16];
	uint8_t n;
	uint8_t kind;
	uint16_t at; /* of a slice in struct cloudevent */
};

#define A(word, k, member) { #word, sizeof(#word) - 1, k, offsetof(struct cloudevent, member) }

/* Sorted by length: first_of[] says where the names of a length begin. */
static const struct attr attrs[] = {
	A(id, TEXT, id),
	A(type, TEXT, type), A(time, TIME, time), A(data, DATA, data),
	A(source, TEXT, source),
	A(subject, TEXT, subject),
	A(sequence, TEXT, sequence),
	A(dataschema, TEXT, dataschema),
	A(specversion, TEXT, specversion), A(data_base64, TEXT, data_base64),
	A(severitytext, TEXT, severitytext), A(partitionkey, TEXT, partitionkey),
	A(dssematerial, TEXT, dssematerial),
	A(severitynumber, SEVERITY, id),
	A(datacontenttype, TEXT, datacontenttype),
};
static const uint8_t first_of[17] = { [2] = 1, [4] = 2, [6] = 5, [7] = 6, [8] = 7, [10] = 8,
	[11] = 9, [12] = 11, [14] = 14, [15] = 15 }; /* place + 1; 0: none */

/* The event being read. */
struct reading {
	struct js j;
	struct ce_decoder *d;
	uint32_t seen; /* of attrs[] */
	struct slice others[CE_ATTRS_MAX]; /* names beyond attrs[] */
};

static const struct attr *attr_of(struct slice name)
{
	size_t i = name.n < ARRAY_LEN(first_of) ? first_of[name.n] : 0;

	if (!i)
		return NULL;
	for (i--; i < ARRAY_LEN(attrs) && attrs[i].n == name.n; i++)
		if (memcmp(attrs[i].name, name.p, name.n) == 0)
			return &attrs[i];
	return NULL;
}

/* CloudEvents forbids U+0000..1F and 7F..9F in strings. */
static bool has_control(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f ||
			(c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0))
			return true;
	}
	return false;
}

/* The attribute's string at p (a quote) into *out; returns the byte after it. */
static const char *take_text(struct reading *r, const char *p, struct slice *out)
{
	struct ce_decoder *d = r->d;
	unsigned flags = 0;
	const char *q = js_string(&r->j, p + 1, &flags);

	if (!q)
		return NULL;
	*out = (struct slice){ p + 1, (size_t)(q - p - 1) };
	if (!flags)
		return q + 1;
	if (flags & JS_ESCAPE) {
		if (out->n > CE_SCRATCH - d->used)
			return js_fail(&r->j, p, "too much text with escapes in attributes");
		out->n = js_unescape(*out, d->scratch + d->used);
		out->p = d->scratch + d->used;
		d->used += out->n;
	}
	if (has_control(*out))
		return js_fail(&r->j, p, "a control character in an attribute");
	return q + 1;
}

static int two(const char *p)
{
	return scan_digit(p[0]) && scan_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : 99;
}

/* HH:MM:SS[.fff...]Z of a day that was read before; -1: let the complete way read it. */
static int64_t clock_ms(struct slice s)
{
	int h = two(s.p + 11), m = two(s.p + 14), sec = two(s.p + 17), ms = 0, scale = 100;

	if (h > 23 || m > 59 || sec > 59 || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' ||
		s.p[s.n - 1] != 'Z')
		return -1;
	if (s.n > 20 && (s.p[19] != '.' || s.n == 21))
		return -1;
	for (size_t i = 20; i + 1 < s.n; i++, scale /= 10) {
		if (!scan_digit(s.p[i]))
			return -1;
		ms += (s.p[i] - '0') * scale;
	}
	return ((h * 60 + m) * 60 + sec) * (int64_t)1000 + ms;
}

static int read_time(struct ce_decoder *d, struct slice s, int64_t *out)
{
	bool usual = s.n >= 20 && s.p[10] == 'T' && s.p[s.n - 1] == 'Z';
	int64_t ms = usual && memcmp(s.p, d->day, sizeof(d->day)) == 0 ? clock_ms(s) : -1;

	if (ms >= 0) {
		*out = d->day_ms + ms;
		return 0;
	}
	if (num_rfc3339_ms(s, out) < 0)
		return -1;
	if (usual && s.p[17] != '6') { /* a leap second belongs to the next day */
		memcpy(d->day, s.p, sizeof(d->day));
		d->day_ms = *out - ((*out % 86400000) + 86400000) % 86400000;
	}
	return 0;
}

int ce_severity(struct slice s)
{
	static const struct {
		const char *word;
		int number;
	} words[] = { { "TRACE", 1 }, { "DEBUG", 5 }, { "INFO", 9 }, { "WARN", 13 },
		{ "ERROR", 17 }, { "FATAL", 21 }, { "WARNING", 13 }, { "CRITICAL", 21 } };
	int more = s.n && s.p[s.n - 1] >= '2' && s.p[s.n - 1] <= '4' ? s.p[s.n - 1] - '1' : 0;
	size_t n = s.n - (more != 0);

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (n == strlen(words[i].word) && strncasecmp(words[i].word, s.p, n) == 0)
			return words[i].number + more;
	return 0;
}

/* An attribute that we only look at: any JSON but objects and arrays. */
static const char *take_other(struct reading *r, const char *p)
{
	struct slice unused;

	if (p < r->j.end && *p == '"')
		return take_text(r, p, &unused);
	if (p < r->j.end && (*p == '{' || *p == '['))
		return js_fail(&r->j, p, "an attribute that is an object or an array");
	return js_value(&r->j, p, 1);
}

static const char *take_severity(struct reading *r, const char *p)
{
	const char *q = take_other(r, p);
	struct slice s = { p, q ? (size_t)(q - p) : 0 };
	uint64_t v;

	if (s.n > 2 && *p == '"')
		s = (struct slice){ p + 1, s.n - 2 };
	if (q && num_u64(s, &v) == 0 && v >= 1 && v <= 24)
		r->d->ev.severity = (int)v;
	return q;
}

static const char *take_data(struct reading *r, const char *p)
{
	const char *q = js_value(&r->j, p, CE_DEPTH_MAX - 1);

	if (q)
		r->d->ev.data = (struct slice){ p, (size_t)(q - p) };
	return q;
}

static const char *take_time(struct reading *r, const char *p)
{
	struct cloudevent *ev = &r->d->ev;
	const char *q = take_text(r, p, &ev->time);

	if (!q)
		return NULL;
	if (read_time(r->d, ev->time, &ev->time_ms) < 0)
		return js_fail(&r->j, p, "time is not RFC 3339");
	ev->has_time = true;
	return q;
}

static bool is_null(const struct reading *r, const char *p)
{
	return r->j.end - p >= 4 && memcmp(p, "null", 4) == 0;
}

static const char *take_known(struct reading *r, const char *p, const struct attr *a)
{
	uint32_t bit = 1u << (a - attrs);

	if (r->seen & bit)
		return js_fail(&r->j, p, "an attribute twice");
	r->seen |= bit;
	if (a->kind == DATA)
		return take_data(r, p);
	if (is_null(r, p))
		return p + 4; /* null: as if it were not there */
	if (a->kind == SEVERITY)
		return take_severity(r, p);
	if (p == r->j.end || *p != '"')
		return js_fail(&r->j, p, "an attribute that has to be a string");
	if (a->kind == TIME)
		return take_time(r, p);
	return take_text(r, p, (struct slice *)((char *)&r->d->ev + a->at));
}

static const char *take_extension(struct reading *r, const char *p, struct slice name)
{
	unsigned *n = &r->d->ev.extensions;

	for (size_t i = 0; i < name.n; i++)
		if (!scan_digit(name.p[i]) && (name.p[i] < 'a' || name.p[i] > 'z'))
			return js_fail(&r->j, name.p, "an attribute's name outside a-z and 0-9");
	if (!name.n)
		return js_fail(&r->j, name.p, "an attribute without a name");
	for (unsigned i = 0; i < *n; i++)
		if (slice_eq(r->others[i], name))
			return js_fail(&r->j, name.p, "an attribute twice");
	if (*n == CE_ATTRS_MAX)
		return js_fail(&r->j, name.p, "too many attributes");
	r->others[(*n)++] = name;
	return take_other(r, p);
}

/* "name": value at p; returns the byte after it. */
static const char *take_attr(struct reading *r, const char *p)
{
	const struct attr *a;
	unsigned flags = 0;
	struct slice name;
	const char *q;

	if (p == r->j.end || *p != '"')
		return js_fail(&r->j, p, p == r->j.end ? "cut off" : "an attribute was expected");
	q = js_string(&r->j, p + 1, &flags);
	if (!q)
		return NULL;
	name = (struct slice){ p + 1, (size_t)(q - p - 1) };
	p = js_space(q + 1, r->j.end);
	if (p == r->j.end || *p != ':')
		return js_fail(&r->j, p, "a colon was expected");
	p = js_space(p + 1, r->j.end);
	a = attr_of(name);
	return a ? take_known(r, p, a) : take_extension(r, p, name);
}

/* The object at p; returns the byte after it. */
static const char *take_event(struct reading *r, const char *p)
{
	if (p == r->j.end || *p != '{')
		return js_fail(&r->j, p, "not an object");
	p = js_space(p + 1, r->j.end);
	if (p < r->j.end && *p == '}')
		return p + 1;
	for (;;) {
		p = take_attr(r, p);
		if (!p)
			return NULL;
		p = js_space(p, r->j.end);
		if (p < r->j.end && *p == '}')
			return p + 1;
		if (p == r->j.end || *p != ',')
			return js_fail(&r->j, p, p == r->j.end ? "cut off" : "a comma was expected");
		p = js_space(p + 1, r->j.end);
	}
}

static const char *missing(const struct cloudevent *ev)
{
	if (!ev->id.n)
		return "id is missing or empty";
	if (!ev->source.n)
		return "source is missing or empty";
	if (!ev->type.n)
		return "type is missing or empty";
	if (!slice_is(ev->specversion, "1.0"))
		return "specversion is not \"1.0\"";
	return ev->data.n && ev->data_base64.p ? "data and data_base64 at once" : NULL;
}

int ce_decode(struct ce_decoder *d, struct slice msg, struct err *e)
{
	struct reading r;
	const char *p, *why;

	if (!msg.n)
		return err_set(e, ERR_UNREACH, "event: an empty message");
	r.j = (struct js){ msg.p, msg.p + msg.n, NULL };
	r.d = d;
	r.seen = 0;
	d->ev = (struct cloudevent){ 0 };
	d->used = 0;
	p = take_event(&r, js_space(r.j.p, r.j.end));
	if (p) {
		p = js_space(p, r.j.end);
		if (p != r.j.end)
			js_fail(&r.j, p, "bytes after the end");
	}
	if (r.j.why)
		return err_set(e, ERR_UNREACH, "event, byte %zu: %s", (size_t)(r.j.p - msg.p),
			r.j.why);
	why = missing(&d->ev);
	if (why)
		return err_set(e, ERR_UNREACH, "event: %s", why);
	if (!d->ev.severity)
		d->ev.severity = ce_severity(d->ev.severitytext);
	return 0;
}

struct batch {
	struct ce_decoder *d;
	ce_fn *fn;
	void *arg;
	int good;
};

/* Returns fn's answer. */
static int tell(struct batch *b, struct slice one)
{
	struct err bad;

	if (ce_decode(b->d, one, &bad) < 0)
		return b->fn(b->arg, NULL, &bad);
	b->good++;
	return b->fn(b->arg, b->d, NULL);
}

/* The array's elements from p on, behind the bracket; returns the byte after it. */
static const char *take_batch(struct js *j, const char *p, struct batch *b)
{
	p = js_space(p, j->end);
	if (p < j->end && *p == ']')
		return p + 1;
	for (;;) {
		const char *q = js_value(j, p, CE_DEPTH_MAX);

		if (!q)
			return NULL;
		if (tell(b, (struct slice){ p, (size_t)(q - p) }) < 0)
			return j->end;
		p = js_space(q, j->end);
		if (p < j->end && *p == ']')
			return p + 1;
		if (p == j->end || *p != ',')
			return js_fail(j, p, p == j->end ? "cut off" : "a comma was expected");
		p = js_space(p + 1, j->end);
	}
}

int ce_decode_batch(struct ce_decoder *d, struct slice msg, ce_fn *fn, void *arg, struct err *e)
{
	struct batch b = { d, fn, arg, 0 };
	struct js j;
	const char *p;

	if (!msg.n)
		return err_set(e, ERR_UNREACH, "batch of events: an empty message");
	j = (struct js){ msg.p, msg.p + msg.n, NULL };
	p = js_space(j.p, j.end);
	if (p < j.end && *p == '{') {
		tell(&b, msg);
		return b.good;
	}
	if (p == j.end || *p != '[')
		return err_set(e, ERR_UNREACH, "batch of events: not an array");
	p = take_batch(&j, p + 1, &b);
	if (p && js_space(p, j.end) != j.end)
		js_fail(&j, p, "bytes after the end");
	if (j.why)
		return err_set(e, ERR_UNREACH, "batch of events, byte %zu: %s",
			(size_t)(j.p - msg.p), j.why);
	return b.good;
}
