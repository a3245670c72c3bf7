#include "ui/screen/pretty.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/json.h"
#include "ui/term/role.h"

#define DEPTH_MAX 16

static void line(struct pretty *p, int indent, const char *key, char *text, uint16_t look)
{
	if (p->n == PRETTY_MAX) {
		free(text);
		return;
	}
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 32;
		p->v = xreallocarray(p->v, (size_t)p->cap, sizeof(*p->v));
	}
	p->v[p->n++] = (struct pretty_line){ indent, key ? xstrdup(key) : NULL, text, look };
}

static char *one_line(const json_t *v)
{
	struct buf b;
	struct jw w;
	char *s;

	buf_init(&b, 4096);
	jw_init(&w, &b);
	jw_json(&w, v);
	s = buf_steal(&b);
	buf_fini(&b);
	return s;
}

static void value(struct pretty *p, int indent, const char *key, const json_t *v);

static void members(struct pretty *p, int indent, const json_t *v)
{
	const char *key;
	json_t *m;
	size_t i;

	json_object_foreach((json_t *)v, key, m)
		value(p, indent, key, m);
	json_array_foreach((json_t *)v, i, m)
		value(p, indent, "·", m);
}

static void value(struct pretty *p, int indent, const char *key, const json_t *v)
{
	bool nested = json_object_size(v) || json_array_size(v);

	if (nested && indent < DEPTH_MAX) {
		line(p, indent, key, xstrdup(""), ROLE_TEXT);
		members(p, indent + 1, v);
	} else if (json_is_string(v)) {
		line(p, indent, key, xmemdup0(json_string_value(v), json_string_length(v)),
			ROLE_TEXT);
	} else {
		line(p, indent, key, one_line(v), json_is_null(v) ? ROLE_DIM : ROLE_ACCENT);
	}
}

void pretty_read(struct pretty *p, const json_t *v)
{
	pretty_fini(p);
	if (json_is_object(v) || json_is_array(v))
		members(p, 0, v);
	else if (v)
		value(p, 0, NULL, v);
}

void pretty_fini(struct pretty *p)
{
	for (int i = 0; i < p->n; i++) {
		free(p->v[i].key);
		free(p->v[i].text);
	}
	free(p->v);
	*p = (struct pretty){ 0 };
}

int pretty_draw(const struct pretty *p, struct term *t, struct rect r, int from)
{
	int row = 0, width = 0;

	for (int i = 0; i < p->n; i++)
		if (p->v[i].key && 2 * p->v[i].indent + text_cells(slice_of(p->v[i].key)) > width)
			width = 2 * p->v[i].indent + text_cells(slice_of(p->v[i].key));
	width = width > r.cols / 3 ? r.cols / 3 : width;
	for (int i = from; i < p->n && row < r.rows; i++, row++) {
		const struct pretty_line *l = &p->v[i];
		int at = 2 * l->indent;

		if (l->key)
			draw_field(t, r, row, at, width > at ? width - at : 8, slice_of(l->key),
				ROLE_LABEL, ALIGN_LEFT);
		draw_text(t, r, row, width + 2, slice_of(l->text), l->look);
	}
	return row;
}
