/* Devices in groups: rolled up by network, site, firmware ..., and opened from there. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "ui/screen/devices.h"
#include "ui/screen/value.h"
#include "ui/term/role.h"
#include "ui/widget/spark.h"

#define MEANS	   16 /* metrics asked for */
#define MEANS_SHOWN 4
#define KIND_MEANS  2 /* of a kind of device */
#define BY_MAX	   3

/* --- what each part is called --- */

static const char *const part_titles[][2] = {
	{ "network", "NETWORK" }, { "kind", "KIND" }, { "site", "SITE" }, { "status", "STATUS" },
	{ "firmware", "FIRMWARE" }, { "source", "SOURCE" }, { "reason", "REASON" },
};

static const char *const fleet_fields[] = { "down", "stale", "degraded", "unknown", "up" };

static const struct list_col rolled_up[] = {
	{ "devices", "DEVICES", SHOW_COUNT, .min = 7, .want = 8 },
	{ "fleet", "FLEET", SHOW_OWN, .min = 12, .want = 24, .grow = 1,
		.also = "up,degraded,stale,down,unknown" },
	{ "down", "DOWN", SHOW_ALARM, .min = 5, .want = 6 },
	{ "stale", "STALE", SHOW_ALARM, .min = 5, .want = 6 },
	{ "degraded", "DEGRADED", SHOW_ALARM, .min = 8, .want = 8 },
	{ "up", "UP", SHOW_COUNT, .min = 6, .want = 8 },
	{ "health", "HEALTH", SHOW_PERCENT, .min = 6, .want = 6 },
	{ "means", "MEANS", SHOW_OWN, .min = 20, .want = 44, .grow = 4 },
	{ "last_seen", "AGE", SHOW_AGE, .min = 6, .want = 6 },
};

/* --- columns --- */

static int part_cols(struct devices *s, struct list_col *cols)
{
	int n = 0;

	for (const char *p = s->by; *p && n < BY_MAX; p += strspn(p, ",")) {
		size_t len = strcspn(p, ",");
		char *field = xmemdup0(p, len);
		const char *name = list_keep(&s->list, n, field), *title = name;

		for (size_t i = 0; i < ARRAY_LEN(part_titles); i++)
			if (strcmp(name, part_titles[i][0]) == 0)
				title = part_titles[i][1];
		cols[n++] = (struct list_col){ name, title, SHOW_TEXT, .min = 8, .want = 14,
			.grow = n == 1, .pinned = n == 1 };
		free(field);
		p += len;
	}
	return n;
}

static bool names(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (; list && *list; list += strspn(list, ",")) {
		if (name_end(list) == n && strncmp(list, name, n) == 0)
			return true;
		list += name_end(list);
	}
	return false;
}

/* What matters most of each kind of device, each metric once. */
static void find_means(struct devices *s)
{
	const struct catalog_kind *k;
	int n = 0;
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; (k = catalog_at(s->list.st->catalog, i)); i++) {
		int of_kind = 0;

		for (size_t j = 0; k->ready && j < k->n && of_kind < KIND_MEANS && n < MEANS; j++) {
			if (k->v[j].counter)
				continue;
			of_kind++;
			if (names(b.p, k->v[j].key))
				continue;
			buf_addf(&b, "%s%s", n++ ? "," : "", k->v[j].key);
		}
	}
	free(s->means);
	s->means = buf_steal(&b);
	buf_fini(&b);
}

void devices_group_columns(struct devices *s)
{
	struct list_col cols[LIST_COLS];
	int n = part_cols(s, cols);

	find_means(s);
	for (size_t i = 0; i < ARRAY_LEN(rolled_up); i++) {
		const struct list_col *c = &rolled_up[i];

		if (devices_width(s) < 2 && strcmp(c->field, "fleet") == 0)
			continue;
		cols[n] = *c;
		if (strcmp(c->field, "means") == 0)
			cols[n].also = s->means;
		n++;
	}
	list_columns(&s->list, cols, n);
}

/* --- cells --- */

static void fleet_cell(const json_t *row, struct table_cell *c)
{
	static struct stack_part parts[ARRAY_LEN(fleet_fields)];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		double n = row_num(row, fleet_fields[i]);
		struct sign sign = sign_of(slice_of(fleet_fields[i]));
		bool up = i + 1 == ARRAY_LEN(parts); /* many, and calm */

		parts[i] = (struct stack_part){ isnan(n) ? 0 : n, up ? 0xb7 : sign.glyph, sign.look };
	}
	c->stack = parts;
	c->n_stack = ARRAY_LEN(parts);
}

static bool is_of(const struct catalog_kind *k, struct slice network)
{
	return !network.n || (strlen(k->name) > network.n && k->name[network.n] == '/' &&
				     memcmp(k->name, network.p, network.n) == 0);
}

/* A metric of the group's devices; NULL: none, or kinds of them count it in different units, so
 * that a mean means nothing. */
static const struct metric_info *mean_of(struct devices *s, const json_t *row, const char *key)
{
	const struct metric_info *m = NULL, *other;
	const struct catalog_kind *k;

	for (size_t i = 0; (k = catalog_at(s->list.st->catalog, i)); i++) {
		if (!k->ready || !is_of(k, row_text(row, "network")))
			continue;
		other = catalog_metric(k, key);
		if (m && other && strcmp(m->unit, other->unit) != 0)
			return NULL;
		m = m ? m : other;
	}
	return m;
}

static void means_cell(struct devices *s, const json_t *row, struct table_cell *c, struct buf *b)
{
	int n = 0;

	for (const char *p = s->means; p && *p && n < MEANS_SHOWN; p += strspn(p, ",")) {
		char *key = xmemdup0(p, name_end(p));
		const struct metric_info *m = mean_of(s, row, key);
		double v = row_num(row, key);

		if (m && !isnan(v)) {
			buf_addf(b, "%s%s ", n++ ? "  " : "", key);
			value_unit(b, v, slice_of(m->unit));
		}
		p += name_end(p);
		free(key);
	}
	if (!n) {
		buf_addc(b, '-');
		c->look = ROLE_DIM;
	}
}

void devices_group_cell(struct devices *s, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b)
{
	if (strcmp(col->field, "fleet") == 0)
		fleet_cell(row, c);
	else
		means_cell(s, row, c, b);
}

/* --- into a group --- */

char *devices_group_filter(void *arg, const json_t *row)
{
	struct devices *s = arg;
	struct buf b;
	char *line;

	if (!s->by || !row || slice_is(row_text(row, "id"), "(others)"))
		return NULL;
	buf_init(&b, 1 << 16);
	for (const char *p = s->by; *p; p += strspn(p, ",")) {
		char *field = xmemdup0(p, strcspn(p, ","));
		struct slice v = row_text(row, field);

		buf_adds(&b, b.len ? " and " : "");
		if (v.n)
			filter_add(&b, field, "=", v);
		else
			buf_addf(&b, "not %s~'.'", field);
		free(field);
		p += strcspn(p, ",");
	}
	if (s->list.filter && *s->list.filter)
		buf_addf(&b, " and (%s)", s->list.filter);
	line = buf_steal(&b);
	buf_fini(&b);
	return line;
}

/* One part of such a filter by its value; returns what follows, NULL: it is no such part. */
static const char *add_value(struct buf *b, const char *p)
{
	bool none = strncmp(p, "not ", 4) == 0;
	size_t n = strcspn(p += none ? 4 : 0, "=~<>!'( ");

	if (none) {
		buf_addf(b, "no %.*s", (int)n, p);
		return strncmp(p + n, "~'.'", 4) == 0 ? p + n + 4 : NULL;
	}
	if (strncmp(p + n, "='", 2) != 0)
		return NULL;
	for (p += n + 2; *p && *p != '\''; p++) {
		p += *p == '\\' && p[1];
		buf_addc(b, *p);
	}
	return *p ? p + 1 : NULL;
}

char *devices_group_name(const char *filter)
{
	const char *p = filter;
	struct buf b;
	char *name;

	buf_init(&b, 1 << 16);
	while (p && *p && *p != '(') { /* from there on it is what the groups were of */
		buf_adds(&b, b.len ? " · " : "");
		p = add_value(&b, p);
		if (p && *p)
			p = strncmp(p, " and ", 5) == 0 ? p + 5 : NULL;
	}
	name = p && b.len ? buf_steal(&b) : NULL;
	buf_fini(&b);
	return name;
}

int devices_group_open(struct devices *s, struct err *e)
{
	char *filter = devices_group_filter(s, list_selected(&s->list)), *line;

	if (!filter)
		return err_set(e, ERR_NO, "no group under the cursor that can be opened");
	line = xasprintf("devices %s", filter);
	s->list.st->run(s->list.st->arg, line);
	free(line);
	free(filter);
	return 0;
}

/* --- which metrics there are --- */

static void on_one(void *arg, const json_t *answer, const struct err *e)
{
	struct devices *s = arg;
	const json_t *row = json_array_get(json_object_get(answer, "rows"), 0);

	if (row)
		catalog_of(s->list.st->catalog, row);
}

static void ask_one(struct devices *s, const json_t *group)
{
	struct buf filter, b;
	struct jw w;

	buf_init(&filter, 4096);
	filter_add(&filter, "network", "=", row_text(group, "network"));
	buf_adds(&filter, " and ");
	filter_add(&filter, "kind", "=", row_text(group, "kind"));
	buf_init(&b, 16384);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of("devices"));
	jw_key(&w, "filter"), jw_str(&w, buf_slice(&filter));
	jw_key(&w, "fields"), jw_str(&w, slice_of("id,network,kind"));
	jw_key(&w, "limit"), jw_i64(&w, 1);
	jw_end(&w);
	asker_call(&s->asker, s->list.st->client, "query", buf_slice(&b), on_one, s);
	buf_fini(&b);
	buf_fini(&filter);
}

static void on_kinds(void *arg, const json_t *answer, const struct err *e)
{
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(answer, "rows"), i, row)
		ask_one(arg, row);
}

/* The catalog learns kinds from devices, and groups show none. */
static void learn(struct devices *s)
{
	if (s->learned || !s->list.st->client)
		return;
	s->learned = true;
	asker_call(&s->asker, s->list.st->client, "query",
		slice_of("{\"kind\":\"devices\",\"by\":\"network,kind\",\"fields\":\"network,kind\","
			 "\"limit\":32}"),
		on_kinds, s);
}

/* --- commands --- */

static int act_group(void *state, struct slice arg, struct err *e)
{
	struct devices *s = state;
	char *was = s->by;

	if (!was && !arg.n)
		return err_set(e, ERR_NO, "devices are not in groups");
	if (!was) {
		free(s->sort);
		s->sort = s->list.sort ? xstrdup(s->list.sort) : NULL;
	}
	s->by = arg.n ? xmemdup0(arg.p, arg.n) : NULL;
	/* what the columns need goes with them; "id" and these tell one group from another */
	list_group(&s->list, s->by, s->by, s->by ? NULL : s->sort);
	free(was);
	if (s->by)
		learn(s);
	s->columns_for[0] = '\0';
	devices_columns(s);
	return 0;
}

static int act_group_next(void *state, struct slice arg, struct err *e)
{
	static const char *const turn[] = { "network", "site", "firmware" };
	struct devices *s = state;
	size_t i = 0;

	while (s->by && i < ARRAY_LEN(turn) && strcmp(turn[i], s->by) != 0)
		i++;
	i = s->by ? i + 1 : 0;
	return act_group(s, slice_of(i < ARRAY_LEN(turn) ? turn[i] : ""), e);
}

const struct action devices_groups[] = {
	{ "group", "FIELD,...", "devices in groups by network, site, kind, firmware ...; nothing: each",
		.run = act_group },
	{ "group-next", "", "in groups by network, then by site, by firmware, and each again",
		.run = act_group_next },
	{ 0 },
};
