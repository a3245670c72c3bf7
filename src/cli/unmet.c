#include "cli/unmet.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/columns.h"

/* One item of a list, without what says its order. */
static void add(struct unmet *u, const struct columns *c, const char *item, size_t n, bool sort)
{
	struct suggest near;

	for (; n && *item == ' '; item++)
		n--;
	for (; n && item[n - 1] == ' '; n--)
		;
	if (!n || u->n == UNMET_MAX || memchr(item, '(', n) || memchr(item, '{', n) ||
		columns_find(c, slice_mem(item, n)))
		return;
	suggest_init(&near, item, n);
	for (size_t i = 0; i < c->n; i++)
		suggest_offer(&near, c->v[i].name);
	u->v[u->n++] = (struct unmet_name){ xmemdup0(item, n),
		near.best ? xstrdup(near.best) : NULL, sort };
}

static void add_list(struct unmet *u, const struct columns *c, const char *list, bool sort)
{
	for (size_t n; list && *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		add(u, c, list, sort ? strcspn(list, ":,") : n, sort);
	}
}

void unmet_init(struct unmet *u, const struct columns *all, const char *fields, const char *sort)
{
	*u = (struct unmet){ 0 };
	add_list(u, all, fields, false);
	if (!fields) /* else the rows do not hold what they are sorted by */
		add_list(u, all, sort, true);
}

/* Also of a metric with labels: cpu{core="0"} */
static bool in_metrics(struct slice row, const char *name)
{
	struct slice metrics, key, value;
	struct jtext_walk w;
	size_t n = strlen(name);

	if (!jtext_get(row, "metrics", &metrics) || jtext_open(&w, metrics) < 0)
		return false;
	while (jtext_next(&w, &key, &value) == 1)
		if (key.n >= n && memcmp(key.p, name, n) == 0 && (key.n == n || key.p[n] == '{'))
			return true;
	return false;
}

static bool met(const struct unmet_name *name, struct slice row)
{
	struct slice v;

	return name->sort ? in_metrics(row, name->name)
			  : jtext_get(row, name->name, &v) && !jtext_is_null(v);
}

static void name_fini(struct unmet_name *n)
{
	free(n->name);
	free(n->near);
}

void unmet_rows(struct unmet *u, const struct slice *rows, size_t n)
{
	for (size_t r = 0; u->n && r < n; r++, u->rows++)
		for (size_t i = 0; i < u->n; i++)
			if (met(&u->v[i], rows[r])) {
				name_fini(&u->v[i]);
				u->v[i--] = u->v[--u->n];
			}
}

void unmet_say(const struct unmet *u, const char *singular)
{
	for (size_t i = 0; u->rows && i < u->n; i++) {
		const struct unmet_name *n = &u->v[i];

		cli_say("no %s here has a metric '%.60s'%s%s%s", singular, n->name,
			n->near ? "; did you mean '" : "", n->near ? n->near : "",
			n->near ? "'?" : "");
	}
}

void unmet_fini(struct unmet *u)
{
	for (size_t i = 0; i < u->n; i++)
		name_fini(&u->v[i]);
	u->n = 0;
}
