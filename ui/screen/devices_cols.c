/* Which columns devices have. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/screen/devices.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"

#define METRIC_COLS 4  /* when all devices in sight are of one kind */
#define READINGS    4  /* in the mixed column */
#define MANY	    60 /* devices, in which all rows may be looked at */
#define TREND_CELLS 21 /* twelve of them the course */

/* Fixed columns, by name for :columns. */
static const struct list_col known[] = {
	{ "name", "NAME", SHOW_TEXT, .min = 14, .want = 18, .grow = 1, .pinned = true },
	{ "network", "NETWORK", SHOW_TEXT, .min = 7, .want = 10 },
	{ "site", "SITE", SHOW_TEXT, .min = 5, .want = 8 },
	{ "status", "STATUS", SHOW_WORD, .min = 10, .want = 10 },
	{ "health", "HEALTH", SHOW_PERCENT, .min = 6, .want = 6 },
	{ "readings", "READINGS", SHOW_OWN, .min = 24, .want = 44, .grow = 4, .also = "metrics" },
	{ "last_seen", "AGE", SHOW_AGE, .min = 6, .want = 6 },
	{ "kind", "KIND", SHOW_TEXT, .min = 6, .want = 9 },
	{ "firmware", "FIRMWARE", SHOW_TEXT, .min = 8, .want = 14 },
	{ "reason", "REASON", SHOW_TEXT, .min = 8, .want = 20, .grow = 1 },
	{ "since", "FOR", SHOW_AGE, .min = 6, .want = 6 },
	{ "source", "SOURCE", SHOW_TEXT, .min = 6, .want = 10 },
	{ "id", "ID", SHOW_TEXT, .min = 12, .want = 20 },
	{ "lat", "LAT", SHOW_NUM, .min = 8, .want = 9 },
	{ "lon", "LON", SHOW_NUM, .min = 8, .want = 9 },
};

static const struct list_col *known_col(struct slice name)
{
	if (slice_is(name, "age"))
		name = slice_of("last_seen");
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (slice_is(name, known[i].field))
			return &known[i];
	return NULL;
}

/* --- cells of our own --- */

static void reading(struct buf *b, const struct metric_info *m, double v)
{
	if (b->len)
		buf_adds(b, "  ");
	buf_adds(b, m->key);
	buf_addc(b, ' ');
	value_unit(b, v, slice_of(m->unit));
}

/* "temp 41.2 °C  util 84 %": what matters most for a device of its kind; before that, why it is
 * not well. */
void devices_cell(void *arg, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	struct devices *s = arg;
	const struct catalog_kind *k = catalog_of(s->list.st->catalog, row);
	const json_t *metrics = json_object_get(row, "metrics");
	int n = 0;

	if (s->by) {
		devices_group_cell(s, row, col, c, b);
		return;
	}
	if (!slice_is(row_text(row, "status"), "up"))
		buf_addslice(b, row_text(row, "reason"));
	for (size_t i = 0; k && i < k->n && n < READINGS; i++) {
		const json_t *v = json_object_get(metrics, k->v[i].key);

		if (json_is_number(v) && !k->v[i].counter) {
			reading(b, &k->v[i], json_number_value(v));
			n++;
		}
	}
	if (b->len)
		return;
	buf_adds(b, k || json_object_size(metrics) == 0 ? "-" : "…");
	c->look = ROLE_DIM;
}

/* --- columns --- */

static bool is_ratio(const struct metric_info *m)
{
	return m && strcmp(m->unit, "ratio") == 0;
}

static struct list_col metric_col(struct devices *s, int i, const char *key,
	const struct metric_info *m)
{
	const char *name = list_keep(&s->list, i, key), *unit = m ? m->unit : "";
	bool ratio = is_ratio(m);
	int title = text_cells(slice_of(name)) + 1, least = ratio ? 6 : 9;

	title = title > 14 ? 14 : title;
	return (struct list_col){ name, name, ratio ? SHOW_RATIO : SHOW_NUM,
		.min = title > least ? title : least, .want = ratio ? 16 : 11, .unit = unit };
}

/* The metric with its course before it; trend: "trend(temp)", "trend(temp 2h)". */
static struct list_col trend_col(struct devices *s, int i, const char *key, const char *trend,
	const struct metric_info *m)
{
	struct list_col c = metric_col(s, i, key, m);

	c.also = list_keep(&s->list, LIST_COLS + i, trend);
	c.show = SHOW_TREND;
	c.want = TREND_CELLS;
	return c;
}

/* How it has been, devices down and time across. */
static struct list_col states_col(struct devices *s, int i, const char *field)
{
	const char *span = strchr(field, ' ');
	char *title = span ? xasprintf("LAST %.*s", (int)strcspn(span + 1, ")"), span + 1)
			   : xstrdup("LAST 2h");
	struct list_col c = { .field = list_keep(&s->list, i, field), .show = SHOW_STATES, .min = 15,
		.want = LIST_STATES, .grow = 1 };

	c.title = list_keep(&s->list, LIST_COLS + i, title);
	free(title);
	return c;
}

/* "trend(temp 2h)": what is within, without the span; malloc'd; NULL: it is no such. */
static char *trend_of(const char *name)
{
	size_t n = strlen(name);
	char *key, *end;

	if (strncmp(name, "trend(", 6) != 0 || name[n - 1] != ')')
		return NULL;
	key = xmemdup0(name + 6, n - 7);
	end = strrchr(key, ' ');
	if (end && !strchr(end, '}'))
		*end = '\0';
	return key;
}

static int add(struct list_col *out, int n, const char *name)
{
	const struct list_col *c = known_col(slice_of(name));

	if (c && n < LIST_COLS)
		out[n++] = *c;
	return n;
}

int devices_width(const struct devices *s)
{
	int cols = s->list.rect.cols;

	return cols < 100 ? 0 : cols < 120 ? 1 : cols < 150 ? 2 : 3;
}

/* One metric shows its course, too: the first that a bar would not tell more of. */
static struct list_col main_col(struct devices *s, int i, const struct metric_info *m, bool trend)
{
	struct list_col c;
	char *field;

	if (!trend || is_ratio(m)) {
		c = metric_col(s, i, m->key, m);
	} else {
		field = xasprintf("trend(%s)", m->key);
		c = trend_col(s, i, m->key, field, m);
		free(field);
	}
	if (devices_width(s) > 1 && c.show != SHOW_NUM)
		c.min = c.show == SHOW_TREND ? TREND_CELLS - 4 : 12; /* graphs before more numbers */
	return c;
}

static void columns_auto(struct devices *s, const struct catalog_kind *k)
{
	struct list_col cols[LIST_COLS];
	int n = 0, metrics = 0, trends = 0, width = devices_width(s);

	n = add(cols, n, "name");
	n = k ? n : add(cols, n, "network"); /* one kind is of one network: the filter tells it */
	n = width > 0 ? add(cols, n, "site") : n;
	n = add(cols, n, "status");
	n = add(cols, n, "health");
	for (size_t i = 0; k && i < k->n && metrics < METRIC_COLS; i++)
		if (!k->v[i].counter) {
			cols[n] = main_col(s, n, &k->v[i], width > 1 && !trends);
			trends += cols[n].show == SHOW_TREND;
			n++, metrics++;
		}
	if (!metrics)
		n = add(cols, n, "readings");
	n = add(cols, n, "last_seen");
	n = width > 2 || k ? add(cols, n, "firmware") : n;
	n = width > 2 || k ? add(cols, n, "reason") : n;
	list_columns(&s->list, cols, n);
}

static int add_metric(struct devices *s, struct list_col *cols, int n, struct slice name,
	const struct catalog_kind *k)
{
	char *field = xmemdup0(name.p, name.n), *key = trend_of(field);
	const struct metric_info *m = catalog_metric(k, key ? key : field);

	m = m ? m : catalog_find(s->list.st->catalog, key ? key : field);
	if (key && strcmp(key, "status") == 0)
		cols[n] = states_col(s, n, field);
	else
		cols[n] = key ? trend_col(s, n, key, field, m) : metric_col(s, n, field, m);
	free(key);
	free(field);
	return n + 1;
}

/* "name,status,trend(temp),disk_free{mount=\"/\"}" */
static void columns_named(struct devices *s, const char *names, const struct catalog_kind *k)
{
	struct list_col cols[LIST_COLS];
	int n = 0;

	while (*names && n < LIST_COLS) {
		size_t len = name_end(names);
		const struct list_col *col = known_col(slice_mem(names, len));

		if (col)
			cols[n++] = *col;
		else if (len)
			n = add_metric(s, cols, n, slice_mem(names, len), k);
		names += len + (names[len] == ',');
	}
	list_columns(&s->list, cols, n);
}

/* The one kind of all devices in sight; NULL: several, or not known yet. */
static const struct catalog_kind *kind_in_sight(struct devices *s)
{
	const struct catalog_kind *k = NULL;
	uint64_t top = s->list.table.top;

	if (!s->list.filter && list_matched(&s->list) > MANY)
		return NULL; /* while one scrolls through all there are, columns stay what they are */
	for (uint64_t i = top; i < top + 200; i++) {
		const json_t *row = list_row(&s->list, i);
		const struct catalog_kind *other = row ? catalog_of(s->list.st->catalog, row) : NULL;

		if (!row)
			break;
		if (!other || (k && other != k))
			return NULL;
		k = other;
	}
	return k;
}

void devices_columns(struct devices *s)
{
	const struct catalog_kind *k = s->by ? NULL : kind_in_sight(s);
	char key[sizeof(s->columns_for)];
	const char *wish;

	if (s->by)
		snprintf(key, sizeof(key), "%d by %u", devices_width(s),
			catalog_age(s->list.st->catalog));
	else
		snprintf(key, sizeof(key), "%d %s", devices_width(s), k ? k->name : "");
	if (strcmp(key, s->columns_for) == 0)
		return;
	memcpy(s->columns_for, key, sizeof(key));
	wish = s->chosen ? s->chosen : s->list.st->columns(s->list.st->arg, "devices");
	if (s->by)
		devices_group_columns(s);
	else if (wish)
		columns_named(s, wish, k);
	else
		columns_auto(s, k);
}

static void add_name(struct buf *b, const char *name)
{
	buf_addf(b, "%s%s", strchr("; ", b->p[b->len - 1]) ? "" : ",", name);
}

/* Metrics of all kinds that have been seen. */
static void add_metrics(const struct catalog *c, struct buf *out)
{
	const struct catalog_kind *k;

	for (size_t i = 0; (k = catalog_at(c, i)); i++)
		for (size_t j = 0; k->ready && j < k->n; j++)
			add_name(out, k->v[j].key);
}

void devices_choice(struct devices *s, struct buf *out)
{
	const struct catalog_kind *k = kind_in_sight(s);

	for (int i = 0; i < s->list.n_cols; i++)
		add_name(out, devices_column_name(&s->list.cols[i]));
	buf_addc(out, ';');
	for (size_t i = 0; k && i < k->n; i++)
		add_name(out, k->v[i].key);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		add_name(out, known[i].field);
	if (!k)
		add_metrics(s->list.st->catalog, out);
}

const char *devices_column_name(const struct list_col *c)
{
	return c->show == SHOW_TREND ? c->also : c->field;
}
