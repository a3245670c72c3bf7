#include "wire/prom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "wire/prom_line.h"
#include "wire/prom_page.h"
#include "wire/scan.h"

struct prom {
	struct prom_spec spec;
	struct prom_stats stats;
	struct buf carry;	  /* the bytes so far of a line that chunks cut */
	bool skipping;		  /* within a line that was too long */
	bool eof;		  /* "# EOF" was read */
	struct prom_family family; /* its slices point into the next three */
	struct buf name, help, unit;
	bool wanted; /* the family, by the list of families */
	struct prom_series series;
};

struct prom *prom_new(void)
{
	struct prom *p = xcalloc(1, sizeof(*p));

	buf_init(&p->carry, PROM_LINE_MAX);
	buf_init(&p->name, PROM_LINE_MAX);
	buf_init(&p->help, PROM_LINE_MAX);
	buf_init(&p->unit, PROM_LINE_MAX);
	return p;
}

void prom_free(struct prom *p)
{
	if (!p)
		return;
	buf_fini(&p->carry);
	buf_fini(&p->name);
	buf_fini(&p->help);
	buf_fini(&p->unit);
	free(p);
}

const struct prom_stats *prom_stats(const struct prom *p)
{
	return &p->stats;
}

bool prom_is_openmetrics(const char *content_type)
{
	static const char want[] = "application/openmetrics-text";

	return content_type && strncasecmp(content_type, want, sizeof(want) - 1) == 0;
}

bool prom_glob(const char *glob, struct slice s)
{
	const char *star = NULL; /* the last one; where it may be made to eat one more */
	size_t i = 0, mark = 0;

	while (i < s.n) {
		if (*glob == '*') {
			star = ++glob;
			mark = i;
		} else if (*glob && (*glob == '?' || *glob == s.p[i])) {
			glob++;
			i++;
		} else if (star) {
			glob = star;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return !*glob;
}

static bool is_wanted(const struct prom *p, struct slice family)
{
	const char *const *f = p->spec.families;

	if (!f)
		return true;
	for (; *f; f++)
		if (prom_glob(*f, family))
			return true;
	return false;
}

static void count_bad(struct prom *p, const char *why)
{
	if (p->stats.bad++)
		return;
	p->stats.bad_line = p->stats.lines;
	snprintf(p->stats.bad_why, sizeof(p->stats.bad_why), "%s", why);
}

/* --- families */

static void set_text(struct buf *b, struct slice *s, struct slice text)
{
	buf_reset(b);
	buf_addslice(b, text); /* a line is never longer than the buffer's limit */
	*s = buf_slice(b);
}

static void open_family(struct prom *p, struct slice name)
{
	if (slice_eq(p->family.name, name) && name.n)
		return;
	set_text(&p->name, &p->family.name, name);
	p->family.help = p->family.unit = (struct slice){ 0 };
	p->family.type = PROM_UNTYPED;
	p->wanted = name.n ? is_wanted(p, name) : true;
}

/* To the next blank or the end; names are long enough for memchr() to pay. */
static struct slice next_word(const char **p, const char *end)
{
	const char *from = scan_blanks(*p, end), *sp, *tab;

	sp = memchr(from, ' ', (size_t)(end - from));
	*p = sp ? sp : end;
	tab = memchr(from, '\t', (size_t)(*p - from));
	*p = tab ? tab : *p;
	return (struct slice){ from, (size_t)(*p - from) };
}

/* The name of a HELP, TYPE or UNIT line, which may be quoted. */
static struct slice family_name(const char **p, const char *end)
{
	struct slice w;
	const char *q;

	*p = scan_blanks(*p, end);
	if (*p == end || **p != '"')
		return next_word(p, end);
	w.p = *p + 1;
	for (q = w.p; q < end && *q != '"'; q++)
		if (*q == '\\' && q + 1 < end)
			q++;
	w.n = (size_t)(q - w.p);
	*p = q < end ? q + 1 : q;
	return w;
}

static void take_type(struct prom *p, struct slice word)
{
	if (!prom_type_of(word, &p->family.type))
		count_bad(p, "an unknown type of metric");
}

enum comment { REMARK, HELP, TYPE, UNIT, END };

static enum comment comment_of(struct slice word)
{
	if (word.n == 4 && memcmp(word.p, "HELP", 4) == 0)
		return HELP;
	if (word.n == 4 && memcmp(word.p, "TYPE", 4) == 0)
		return TYPE;
	if (word.n == 4 && memcmp(word.p, "UNIT", 4) == 0)
		return UNIT;
	return slice_is(word, "EOF") ? END : REMARK;
}

/* A line that begins with #: at is behind it. */
static void take_comment(struct prom *p, const char *at, const char *end)
{
	enum comment what = comment_of(next_word(&at, end));
	struct slice name, rest;

	if (what == END && p->spec.openmetrics)
		p->eof = true;
	if (what == REMARK || what == END)
		return;
	name = family_name(&at, end);
	at = scan_blanks(at, end);
	rest = (struct slice){ at, (size_t)(end - at) };
	if (!name.n || !utf8_valid(name.p, (size_t)(end - name.p))) {
		count_bad(p, name.n ? "not UTF-8" : "a comment without the name of a metric");
		return;
	}
	open_family(p, name);
	if (what == TYPE)
		take_type(p, rest);
	else if (p->wanted && what == HELP)
		set_text(&p->help, &p->family.help, rest);
	else if (p->wanted)
		set_text(&p->unit, &p->family.unit, rest);
}

/* Whether a sample of this name belongs to the family: its name, or its name and a suffix. */
static bool in_family(const struct prom *p, struct slice name)
{
	static const char *const suffixes[] = { "_total", "_bucket", "_count", "_sum", "_created",
		"_info", "_gcount", "_gsum" };
	struct slice f = p->family.name, rest;

	if (!f.n || name.n < f.n || memcmp(name.p, f.p, f.n) != 0)
		return false;
	rest = (struct slice){ name.p + f.n, name.n - f.n };
	if (!rest.n)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (slice_is(rest, suffixes[i]))
			return true;
	return false;
}

/* --- samples */

static void deliver_known(struct prom *p, const struct prom_entry *e, struct prom_sample *s)
{
	uint32_t handle = e->handle;

	p->stats.samples++;
	p->stats.known++;
	s->handle = handle;
	if (handle != PROM_DROP)
		handle = p->spec.fn(p->spec.arg, s);
	prom_page_keep(p->spec.page, e, handle);
}

static void deliver_new(struct prom *p, struct prom_sample *s, const char *line)
{
	static const struct prom_family none;
	bool own = in_family(p, p->series.name);
	uint32_t handle;

	p->stats.samples++;
	s->handle = PROM_NONE;
	s->name = p->series.name;
	s->labels = p->series.labels;
	s->nlabels = p->series.nlabels;
	s->family = own ? &p->family : &none;
	handle = p->spec.fn(p->spec.arg, s);
	if (p->spec.page && handle != PROM_NONE)
		prom_page_add(p->spec.page, line, (size_t)(p->series.value - line),
			p->family.type, handle);
}

/* The family is known by now; a name without a family of its own is asked about itself. */
static bool is_filtered(struct prom *p, struct slice name)
{
	if (!p->spec.families || (in_family(p, name) ? p->wanted : is_wanted(p, name)))
		return false;
	p->stats.filtered++;
	return true;
}

static void take_new(struct prom *p, const char *line, const char *end)
{
	struct prom_sample s = { .handle = PROM_NONE };
	struct prom_entry *e = NULL;
	const char *why;

	if (prom_line_series(line, end, &p->series, &why) < 0) {
		count_bad(p, why);
		return;
	}
	if (is_filtered(p, p->series.name))
		return;
	if (prom_line_value(p->series.value, end, p->spec.openmetrics, &s, &why) < 0) {
		count_bad(p, why);
		return;
	}
	if (p->spec.page)
		e = prom_page_find(p->spec.page, line, (size_t)(p->series.value - line),
			p->family.type);
	if (e)
		deliver_known(p, e, &s);
	else if (!utf8_valid(line, (size_t)(p->series.value - line)))
		count_bad(p, "not UTF-8");
	else
		deliver_new(p, &s, line);
}

static void take_sample(struct prom *p, const char *line, const char *end)
{
	struct prom_page *g = p->spec.page;
	struct prom_sample s = { .handle = PROM_NONE };
	struct prom_entry *e;
	const char *why;

	if (!p->wanted && in_family(p, (struct slice){ line, prom_line_name(line, end) })) {
		p->stats.filtered++;
		return;
	}
	e = g ? prom_page_match(g, line, end, p->family.type) : NULL;
	if (e && prom_line_value(line + e->len, end, p->spec.openmetrics, &s, &why) == 0)
		deliver_known(p, e, &s);
	else
		take_new(p, line, end);
}

static void take_line(struct prom *p, const char *line, const char *end)
{
	p->stats.lines++;
	if (end > line && end[-1] == '\r')
		end--;
	while (end > line && scan_blank(end[-1]))
		end--;
	line = scan_blanks(line, end);
	if (line == end)
		return;
	if (p->eof)
		count_bad(p, "a line after # EOF");
	else if (*line == '#')
		take_comment(p, line + 1, end);
	else
		take_sample(p, line, end);
}

/* --- pages */

void prom_begin(struct prom *p, const struct prom_spec *s)
{
	p->spec = *s;
	p->stats = (struct prom_stats){ 0 };
	p->skipping = p->eof = false;
	buf_reset(&p->carry);
	open_family(p, (struct slice){ 0 });
	if (s->page)
		prom_page_begin(s->page);
}

static void too_long(struct prom *p)
{
	p->stats.lines++;
	count_bad(p, "a line longer than 65535 bytes");
}

/* The end of a line that began in an earlier chunk; returns where the next one begins. */
static const char *take_carried(struct prom *p, const char *at, const char *end)
{
	const char *nl = memchr(at, '\n', (size_t)(end - at));
	const char *stop = nl ? nl : end;

	if (!p->skipping && buf_add(&p->carry, at, (size_t)(stop - at)) < 0) {
		too_long(p);
		p->skipping = true;
		buf_reset(&p->carry);
	}
	if (!nl)
		return end;
	if (!p->skipping)
		take_line(p, p->carry.p, p->carry.p + p->carry.len);
	p->skipping = false;
	buf_reset(&p->carry);
	return nl + 1;
}

void prom_feed(struct prom *p, struct slice chunk)
{
	const char *at = chunk.p, *end, *nl;

	if (!chunk.n)
		return;
	end = at + chunk.n;
	p->stats.bytes += chunk.n;
	if (p->carry.len || p->skipping)
		at = take_carried(p, at, end);
	for (; at < end; at = nl + 1) {
		nl = memchr(at, '\n', (size_t)(end - at));
		if (!nl) {
			take_carried(p, at, end);
			return;
		}
		if (nl - at > PROM_LINE_MAX)
			too_long(p);
		else
			take_line(p, at, nl);
	}
}

int prom_finish(struct prom *p, bool whole, struct err *e)
{
	if (whole && p->carry.len)
		take_line(p, p->carry.p, p->carry.p + p->carry.len);
	if (p->spec.page)
		prom_page_end(p->spec.page, whole);
	if (p->spec.openmetrics && whole && !p->eof)
		return err_set(e, ERR_UNREACH, "the page ends without \"# EOF\"; is it cut off?");
	return 0;
}
