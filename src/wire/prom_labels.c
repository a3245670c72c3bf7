#include <string.h>

#include "wire/prom_line.h"

int prom_unescape(struct slice s, struct buf *out)
{
	const char *p = s.p, *end = s.p + s.n;

	while (p < end) {
		const char *q = memchr(p, '\\', (size_t)(end - p));

		if (!q || q + 1 == end)
			return buf_add(out, p, (size_t)(end - p));
		if (buf_add(out, p, (size_t)(q - p)) < 0)
			return -1;
		if (q[1] == 'n')
			buf_addc(out, '\n');
		else if (q[1] == '\\' || q[1] == '"')
			buf_addc(out, q[1]);
		else
			buf_add(out, q, 2); /* an unknown escape stands for itself */
		p = q + 2;
	}
	return out->full ? -1 : 0;
}

/* As written, but unknown escapes with their backslash doubled: one form for one value. */
static void put_value(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\') {
			buf_addc(out, s.p[i]);
		} else if (i + 1 < s.n && strchr("\\\"n", s.p[i + 1]) && s.p[i + 1]) {
			buf_add(out, s.p + i, 2);
			i++;
		} else {
			buf_adds(out, "\\\\");
		}
	}
}

static bool bare(struct slice name)
{
	return prom_line_name(name.p, name.p + name.n) == name.n &&
		!memchr(name.p, ':', name.n);
}

static void put_label(struct buf *out, const struct prom_label *l)
{
	if (bare(l->name)) {
		buf_addslice(out, l->name);
	} else {
		buf_addc(out, '"');
		put_value(out, l->name);
		buf_addc(out, '"');
	}
	buf_adds(out, "=\"");
	if (memchr(l->value.p, '\\', l->value.n))
		put_value(out, l->value);
	else
		buf_addslice(out, l->value);
	buf_addc(out, '"');
}

int prom_labels_canonical(const struct prom_sample *s, struct slice skip, struct buf *out)
{
	const struct prom_label *sorted[PROM_LABELS_MAX];
	size_t n = 0, i, k;

	for (i = 0; i < s->nlabels; i++) {
		if (slice_eq(s->labels[i].name, skip))
			continue;
		for (k = n++; k && slice_cmp(sorted[k - 1]->name, s->labels[i].name) > 0; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = &s->labels[i];
	}
	for (i = 0; i < n; i++) {
		if (i)
			buf_addc(out, ',');
		put_label(out, sorted[i]);
	}
	return out->full ? -1 : 0;
}

bool prom_label_value(const struct prom_sample *s, struct slice name, struct buf *out)
{
	for (size_t i = 0; i < s->nlabels; i++)
		if (slice_eq(s->labels[i].name, name))
			return prom_unescape(s->labels[i].value, out) == 0;
	return false;
}
