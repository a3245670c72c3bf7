#include "cli/ask.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "client/view.h"

static void put(struct jw *w, const char *key, const char *value)
{
	if (!value)
		return;
	jw_key(w, key);
	jw_str(w, slice_of(value));
}

static void put_filter(struct jw *w, const struct ask *a)
{
	struct buf b;

	if (!a->more) {
		put(w, "filter", a->filter);
		return;
	}
	buf_init(&b, 1 << 20);
	buf_adds(&b, a->more);
	if (a->filter && *a->filter)
		buf_addf(&b, " and (%s)", a->filter);
	put(w, "filter", b.p);
	buf_fini(&b);
}

void ask_text(const struct ask *a, struct buf *out)
{
	struct jw w;

	jw_init(&w, out);
	jw_object(&w);
	put(&w, "kind", a->kind);
	put_filter(&w, a);
	put(&w, "sort", a->sort);
	put(&w, "fields", a->fields);
	put(&w, "by", a->by);
	if (a->n_names) {
		jw_key(&w, "names");
		jw_array(&w);
		for (int i = 0; i < a->n_names; i++)
			jw_str(&w, slice_of(a->names[i]));
		jw_end(&w);
	}
	if (a->since_ms)
		jw_key(&w, "since"), jw_i64(&w, a->since_ms);
	if (a->offset)
		jw_key(&w, "offset"), jw_u64(&w, a->offset);
	jw_key(&w, "limit"), jw_u64(&w, a->limit);
	if (a->hold)
		jw_key(&w, "hold"), jw_bool(&w, true);
	jw_end(&w);
}

void ask_page_text(uint64_t held, uint64_t offset, uint64_t limit, struct buf *out)
{
	buf_addf(out, "{\"held\":%llu,\"offset\":%llu,\"limit\":%llu}", (unsigned long long)held,
		(unsigned long long)offset, (unsigned long long)limit);
}

void ask_point(const char *filter, const struct err *e)
{
	int at = client_error_at(e);
	size_t n = filter ? strlen(filter) : 0;
	struct buf clean;

	if (!n || at < 0 || (size_t)at > n || strchr(filter, '\n'))
		return;
	buf_init(&clean, 64u << 10);
	text_clean(&clean, slice_of(filter), !out_locale_utf8());
	fprintf(stderr, "  %s\n", clean.p);
	buf_reset(&clean);
	text_clean(&clean, slice_mem(filter, (size_t)at), !out_locale_utf8());
	fprintf(stderr, "  %*s^\n", utf8_width(clean.p, clean.len), "");
	buf_fini(&clean);
}
