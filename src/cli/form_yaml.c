/* YAML 1.2 that 1.1 readers understand too: strings are quoted unless they are plain words. */
#include "cli/form.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/utf8.h"

static bool is_word(struct slice s)
{
	static const char *const taken[] = { "true", "false", "null", "yes", "no", "on", "off", "y",
		"n" };

	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		if (s.n == strlen(taken[i]) && strncasecmp(s.p, taken[i], s.n) == 0)
			return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && (i == 0 || !(strchr("-./", c) || (c >= '0' && c <= '9'))))
			return false;
	}
	return s.n > 0;
}

static void add_escaped(struct out *o, uint32_t cp, const char *p, size_t n)
{
	if (cp == '"' || cp == '\\')
		out_addf(o, "\\%c", (char)cp);
	else if (cp == '\n')
		out_adds(o, "\\n");
	else if (cp == '\t')
		out_adds(o, "\\t");
	else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		out_addf(o, "\\x%02x", cp);
	else if (utf8_hidden(cp))
		out_addf(o, cp > 0xffff ? "\\U%08x" : "\\u%04x", cp);
	else
		out_add(o, p, n);
}

static void add_string(struct out *o, struct slice s)
{
	if (is_word(s)) {
		out_addslice(o, s);
		return;
	}
	out_adds(o, "\"");
	for (size_t i = 0; i < s.n;) {
		uint32_t cp = 0xfffd;
		size_t k = utf8_decode(s.p + i, s.n - i, &cp);

		if (k)
			add_escaped(o, cp, s.p + i, k);
		else
			out_adds(o, "\xef\xbf\xbd");
		i += k ? k : 1;
	}
	out_adds(o, "\"");
}

static void add_scalar(struct out *o, struct slice v)
{
	struct buf b;
	const char *e;

	if (!jtext_is_string(v)) {
		/* 1e5 is a number in YAML 1.2 only, 1.0e5 in both */
		e = memchr(v.p, 'e', v.n) ? memchr(v.p, 'e', v.n) : memchr(v.p, 'E', v.n);
		if (e && v.p[0] != 't' && v.p[0] != 'f' && !memchr(v.p, '.', v.n))
			out_addf(o, "%.*s.0%.*s", (int)(e - v.p), v.p, (int)(v.p + v.n - e), e);
		else
			out_addslice(o, v);
		return;
	}
	buf_init(&b, v.n * 4 + 64);
	jtext_plain(v, &b);
	add_string(o, buf_slice(&b));
	buf_fini(&b);
}

static void add_key(struct out *o, struct slice raw)
{
	struct buf b;

	/* the key's quotes stand around it in the text */
	buf_init(&b, raw.n * 4 + 64);
	jtext_plain(slice_mem(raw.p - 1, raw.n + 2), &b);
	add_string(o, buf_slice(&b));
	buf_fini(&b);
	out_adds(o, ":");
}

static bool is_empty(struct slice v)
{
	struct jtext_walk w;
	struct slice x;

	return jtext_open(&w, v) == 0 && jtext_next(&w, NULL, &x) != 1;
}

static void yaml_value(struct out *o, struct slice v, int indent);

/* Members of an object; the first continues the line it is on when `first_inline`. */
static void add_members(struct out *o, struct slice v, int indent, bool first_inline)
{
	struct jtext_walk w;
	struct slice key, value;

	if (jtext_open(&w, v) < 0)
		return;
	while (jtext_next(&w, &key, &value) == 1) {
		if (!first_inline)
			out_pad(o, indent);
		first_inline = false;
		add_key(o, key);
		yaml_value(o, value, indent + 2);
	}
}

static void add_items(struct out *o, struct slice v, int indent)
{
	struct jtext_walk w;
	struct slice value;

	if (jtext_open(&w, v) < 0)
		return;
	while (jtext_next(&w, NULL, &value) == 1) {
		out_pad(o, indent);
		out_adds(o, "-");
		if (*value.p == '{' && !is_empty(value)) {
			out_adds(o, " ");
			add_members(o, value, indent + 2, true);
		} else {
			yaml_value(o, value, indent + 2);
		}
	}
}

/* After `key:` or `-`; what follows on lines of its own stands at this indentation. */
static void yaml_value(struct out *o, struct slice v, int indent)
{
	if (*v.p != '{' && *v.p != '[') {
		out_adds(o, " ");
		add_scalar(o, v);
		out_adds(o, "\n");
	} else if (is_empty(v)) {
		out_adds(o, *v.p == '{' ? " {}\n" : " []\n");
	} else {
		out_adds(o, "\n");
		if (*v.p == '{')
			add_members(o, v, indent, false);
		else
			add_items(o, v, indent);
	}
}

void yaml_object(struct out *o, struct slice v)
{
	if (*v.p == '{' && !is_empty(v))
		add_members(o, v, 0, false);
	else
		out_adds(o, "{}\n");
}

static void yaml_row(struct form *f, struct slice row)
{
	out_adds(f->out, "- ");
	if (*row.p == '{' && !is_empty(row))
		add_members(f->out, row, 2, true);
	else
		out_adds(f->out, "{}\n");
}

static void yaml_end(struct form *f)
{
	if (!f->rows)
		out_adds(f->out, "[]\n");
}

const struct form_class form_yaml = { .name = "yaml", .help = "a list of maps", .row = yaml_row,
	.end = yaml_end };
