#include "wire/prom_line.h"

#include <string.h>

#include "base/alloc.h"
#include "wire/scan.h"

enum { FIRST = 1, REST = 2, COLON = 4 };

#define LETTERS(c)   [c] = FIRST | REST, [c + 1] = FIRST | REST
#define LETTERS_8(c) LETTERS(c), LETTERS(c + 2), LETTERS(c + 4), LETTERS(c + 6)
#define ALPHABET(c)  LETTERS_8(c), LETTERS_8(c + 8), LETTERS_8(c + 16), LETTERS(c + 24)

static const uint8_t class[256] = { ALPHABET('A'), ALPHABET('a'), ['_'] = FIRST | REST,
	[':'] = COLON, ['0' ... '9'] = REST };

static int bad(const char **why, const char *text)
{
	*why = text;
	return -1;
}

static size_t name_len(const char *p, const char *end, uint8_t also)
{
	const char *q = p;

	if (p == end || !(class[(uint8_t)*p] & (FIRST | also)))
		return 0;
	while (q < end && class[(uint8_t)*q] & (REST | also))
		q++;
	return (size_t)(q - p);
}

size_t prom_line_name(const char *p, const char *end)
{
	return name_len(p, end, COLON);
}

/* p is after an opening quote; returns the closing one, or NULL. */
static const char *quoted_end(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '"')
			return p;
		if (*p == '\\')
			p++;
	}
	return NULL;
}

/* A name at p, bare or quoted; returns the byte after it. */
static const char *take_name(const char *p, const char *end, struct slice *name, bool *quoted)
{
	const char *q;

	*quoted = p < end && *p == '"';
	if (!*quoted) {
		*name = (struct slice){ p, name_len(p, end, 0) };
		return name->n ? p + name->n : NULL;
	}
	q = quoted_end(++p, end);
	*name = (struct slice){ p, q ? (size_t)(q - p) : 0 };
	return name->n ? q + 1 : NULL;
}

static int add_label(struct prom_series *s, struct prom_label l, const char **why)
{
	for (size_t i = 0; i < s->nlabels; i++)
		if (slice_eq(s->labels[i].name, l.name))
			return bad(why, "a label twice");
	if (s->nlabels == PROM_LABELS_MAX)
		return bad(why, "too many labels");
	s->labels[s->nlabels++] = l;
	return 0;
}

/* name="value", or the quoted metric name; returns the byte after it. */
static const char *take_label(const char *p, const char *end, struct prom_series *s,
	const char **why)
{
	struct prom_label l;
	const char *q;
	bool quoted;

	*why = "a label without a name";
	p = take_name(p, end, &l.name, &quoted);
	if (!p)
		return NULL;
	p = scan_blanks(p, end);
	if (p < end && *p != '=' && quoted && !s->name.n) {
		s->name = l.name;
		return p;
	}
	*why = "a label without a value";
	if (p == end || *p != '=')
		return NULL;
	p = scan_blanks(p + 1, end);
	if (p == end || *p != '"')
		return NULL;
	q = quoted_end(p + 1, end);
	*why = "a label value without an end";
	if (!q)
		return NULL;
	l.value = (struct slice){ p + 1, (size_t)(q - p - 1) };
	return add_label(s, l, why) < 0 ? NULL : q + 1;
}

/* p is after the opening brace; returns the byte after the closing one. */
static const char *take_labels(const char *p, const char *end, struct prom_series *s,
	const char **why)
{
	for (;;) {
		p = scan_blanks(p, end);
		if (p < end && *p == '}')
			return p + 1;
		p = take_label(p, end, s, why);
		if (!p)
			return NULL;
		p = scan_blanks(p, end);
		*why = "labels without an end";
		if (p == end || (*p != ',' && *p != '}'))
			return NULL;
		p += *p == ',';
	}
}

int prom_line_series(const char *p, const char *end, struct prom_series *s, const char **why)
{
	const char *q;

	s->nlabels = 0;
	s->name = (struct slice){ p, prom_line_name(p, end) };
	q = p + s->name.n;
	p = scan_blanks(q, end);
	if (p < end && *p == '{') {
		p = take_labels(p + 1, end, s, why);
		if (!p)
			return -1;
		q = p;
		p = scan_blanks(p, end);
	} else if (p == q) {
		return bad(why, s->name.n ? "no value" : "not a metric name");
	}
	if (!s->name.n)
		return bad(why, "not a metric name");
	if (p == end)
		return bad(why, "no value");
	s->value = p;
	return 0;
}

static int take_time(struct slice word, bool openmetrics, int64_t *ms)
{
	double v;

	if (!openmetrics)
		return num_i64(word, ms);
	if (num_f64(word, &v) < 0 || !(fabs(v) < 9e15))
		return -1;
	*ms = (int64_t)llround(v * 1000);
	return 0;
}

static struct slice take_word(const char **p, const char *end)
{
	const char *from = *p;

	while (*p < end && !scan_blank(**p))
		(*p)++;
	return (struct slice){ from, (size_t)(*p - from) };
}

int prom_line_value(const char *p, const char *end, bool openmetrics, struct prom_sample *out,
	const char **why)
{
	const char *q = scan_f64(p, end, &out->value);
	struct slice w;

	out->has_time = false;
	if (q && q == end)
		return 0;
	if (!q || !scan_blank(*q)) {
		w = take_word(&p, end);
		if (num_f64(w, &out->value) < 0)
			return bad(why, "not a number");
		q = p;
	}
	p = scan_blanks(q, end);
	if (p < end && *p != '#') {
		w = take_word(&p, end);
		if (take_time(w, openmetrics, &out->at_ms) < 0)
			return bad(why, "not a timestamp");
		out->has_time = true;
		p = scan_blanks(p, end);
	}
	if (p < end && *p != '#') /* an exemplar is none of our business */
		return bad(why, "more than a value and a timestamp");
	return 0;
}

bool prom_type_of(struct slice word, enum prom_type *out)
{
	static const struct {
		const char *word;
		enum prom_type type;
	} words[] = {
		{ "gauge", PROM_GAUGE }, { "counter", PROM_COUNTER },
		{ "histogram", PROM_HISTOGRAM }, { "summary", PROM_SUMMARY },
		{ "untyped", PROM_UNTYPED }, { "unknown", PROM_UNTYPED },
		{ "info", PROM_INFO }, { "stateset", PROM_STATESET },
		{ "gaugehistogram", PROM_GAUGEHISTOGRAM },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (word.n && words[i].word[0] == *word.p && slice_is(word, words[i].word)) {
			*out = words[i].type;
			return true;
		}
	}
	return false;
}
