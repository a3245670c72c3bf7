/*
 * RFC 4180: CRLF at line ends, quotes where needed, values exact.  A list or an object is its
 * JSON text.  `name`: the id alone, for `xargs` and loops.
 */
#include "cli/form.h"

#include <string.h>

#include "base/jtext.h"
#include "base/utf8.h"

static void csv_field(struct out *o, struct slice s)
{
	bool quote = false;

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = strchr(",\"\r\n", s.p[i]) != NULL;
	quote |= s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
	if (!quote) {
		out_foreign(o, s);
		return;
	}
	out_adds(o, "\"");
	while (s.n) {
		const char *q = memchr(s.p, '"', s.n);
		size_t n = q ? (size_t)(q - s.p) + 1 : s.n;

		out_foreign(o, slice_mem(s.p, n));
		if (q)
			out_adds(o, "\"");
		s.p += n;
		s.n -= n;
	}
	out_adds(o, "\"");
}

static void csv_header(struct form *f)
{
	for (size_t i = 0; f->headers && i < f->columns->n; i++) {
		out_adds(f->out, i ? "," : "");
		csv_field(f->out, slice_of(f->columns->v[i].name));
	}
	if (f->headers)
		out_adds(f->out, "\r\n");
}

static void csv_row(struct form *f, struct slice row)
{
	struct buf b;

	if (!f->rows)
		csv_header(f);
	buf_init(&b, row.n * 4 + 64);
	for (size_t i = 0; i < f->columns->n; i++) {
		struct slice v;

		buf_reset(&b);
		if (jtext_get(row, f->columns->v[i].name, &v) && !jtext_is_null(v))
			jtext_plain(v, &b);
		out_adds(f->out, i ? "," : "");
		csv_field(f->out, buf_slice(&b));
	}
	out_adds(f->out, "\r\n");
	buf_fini(&b);
}

static void csv_end(struct form *f)
{
	if (!f->rows)
		csv_header(f);
}

/* The id, or the name; never more than one line, whatever it holds. */
static void name_row(struct form *f, struct slice row)
{
	struct slice v;
	struct buf plain, clean;

	if (!jtext_get(row, "id", &v) && !jtext_get(row, "name", &v) && !jtext_get(row, "n", &v)
	    && !jtext_get(row, "number", &v))
		return;
	buf_init(&plain, v.n * 4 + 64);
	buf_init(&clean, v.n * 16 + 64);
	jtext_plain(v, &plain);
	text_clean(&clean, buf_slice(&plain), false);
	out_addslice(f->out, buf_slice(&clean));
	out_adds(f->out, "\n");
	buf_fini(&clean);
	buf_fini(&plain);
}

const struct form_class form_csv = { .name = "csv",
	.help = "RFC 4180, with a header line",
	.needs_columns = true,
	.columns = COLUMNS_WIDE | COLUMNS_JSON,
	.row = csv_row,
	.end = csv_end };
const struct form_class form_name = { .name = "name", .help = "the ids, one a line",
	.row = name_row };
