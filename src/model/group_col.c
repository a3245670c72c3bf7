#include <stdlib.h>

#include "base/alloc.h"
#include "model/group_in.h"
#include "model/list.h"

#define USUAL_SORT "down:desc,stale:desc,degraded:desc,health"

const struct field group_fields[] = {
	[GROUP_ID] = { "id", FIELD_STR, .help = "what the columns it goes by hold, / between them",
		.wide = true },
	[GROUP_DEVICES] = { "devices", FIELD_INT, .help = "how many" },
	[GROUP_STATUS] = { "status", FIELD_ENUM, .help = "the worst of its devices'" },
	[GROUP_UP] = { "up", FIELD_INT, .help = "devices that are" },
	[GROUP_DEGRADED] = { "degraded", FIELD_INT, .help = "devices that are" },
	[GROUP_STALE] = { "stale", FIELD_INT, .help = "devices that are" },
	[GROUP_DOWN] = { "down", FIELD_INT, .help = "devices that are" },
	[GROUP_UNKNOWN] = { "unknown", FIELD_INT, .help = "devices of unknown status", .wide = true },
	[GROUP_HEALTH] = { "health", FIELD_NUM, "%", "mean of the devices whose health is known" },
	[GROUP_HEALTH_MIN] = { "health_min", FIELD_NUM, "%", "the lowest", .wide = true },
	[GROUP_LAST_SEEN] = { "last_seen", FIELD_TIME, .help = "time of the newest record" },
	[GROUP_BY] = { 0 },
};

/* --- names ------------------------------------------------------------------------------- */

bool kind_groups_by(const struct kind *k, unsigned column)
{
	return k->groups && column < 32 && rows_of(k)->shared >> column & 1;
}

static int not_by(const struct kind *k, struct slice name, struct err *e)
{
	char list[200] = "";

	for (unsigned i = 0; k->fields[i].name; i++) {
		size_t n = strlen(list);

		if (kind_groups_by(k, i))
			snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "",
				k->fields[i].name);
	}
	return err_set(e, ERR_USAGE, "by: '%.*s' is none of %s", name.n > 60 ? 60 : (int)name.n,
		name.p, list);
}

int group_by_read(struct groups *g, struct slice by, struct err *e)
{
	const struct kind *k = g->rows->kind;

	if (!k->groups)
		return err_set(e, ERR_USAGE, "by: %s do not come in groups", k->name);
	for (size_t i = 0; i <= by.n;) {
		struct slice name = list_next(by, &i);
		int col = kind_column(k, name);

		if (col < 0 || !kind_groups_by(k, (unsigned)col))
			return not_by(k, name, e);
		if (g->by_n == GROUPS_BY_MAX)
			return err_set(e, ERR_USAGE, "by: more than %d columns", GROUPS_BY_MAX);
		g->by[g->by_n++] = (unsigned)col;
	}
	return 0;
}

/* "sum(power)": the word before the brackets, and what is in them; a bare name is a mean. */
static int total_split(struct slice name, enum total_kind *kind, struct slice *of, struct err *e)
{
	static const char *const words[] = { [TOTAL_AVG] = "avg", [TOTAL_SUM] = "sum",
		[TOTAL_MIN] = "min", [TOTAL_MAX] = "max", [TOTAL_COUNT] = "count" };
	const char *open = name.n && name.p[name.n - 1] == ')' ? memchr(name.p, '(', name.n) : NULL;

	*kind = TOTAL_AVG;
	*of = name;
	if (!open)
		return 0;
	*of = slice_mem(open + 1, (size_t)(name.p + name.n - open) - 2);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (slice_is(slice_mem(name.p, (size_t)(open - name.p)), words[i])) {
			*kind = (enum total_kind)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "'%.*s' is none of avg(), sum(), min(), max(), count()",
		name.n > 60 ? 60 : (int)name.n, name.p);
}

static bool is_number(const struct groups *g, int col)
{
	enum field_type t = col < 0 ? FIELD_NUM : g->rows->kind->fields[col].type;

	return t == FIELD_NUM || t == FIELD_INT || t == FIELD_AGE || t == FIELD_BYTES;
}

static bool total_is(const struct total *x, enum total_kind kind, const struct operand *of)
{
	return x->kind == kind && x->of.col == of->col &&
	       (of->col >= 0 || strcmp(x->of.metric.text, of->metric.text) == 0);
}

/* The column it has, made when there is none like it. */
static int total_take(struct groups *g, struct slice name, struct err *e)
{
	struct total x;
	struct slice of;

	if (total_split(name, &x.kind, &of, e) < 0 || operand_init(&x.of, g->rows, of, e) < 0)
		return -1;
	for (unsigned i = 0; i < g->totals_n; i++)
		if (total_is(&g->totals[i], x.kind, &x.of)) {
			operand_fini(&x.of);
			return GROUP_TOTAL + (int)i;
		}
	if (!is_number(g, x.of.col) || g->totals_n == GROUP_TOTALS_MAX) {
		operand_fini(&x.of);
		return g->totals_n == GROUP_TOTALS_MAX ?
			err_set(e, ERR_USAGE, "more than %d totals", GROUP_TOTALS_MAX) :
			err_set(e, ERR_USAGE, "'%.*s': a group has this only as one of its 'by'",
				SLICE_ARG(of));
	}
	g->totals = xreallocarray(g->totals, g->totals_n + 1, sizeof(*g->totals));
	g->totals[g->totals_n] = x;
	return GROUP_TOTAL + (int)g->totals_n++;
}

static int col_of(struct groups *g, struct slice name, struct err *e)
{
	for (int i = 0; group_fields[i].name; i++)
		if (slice_is(name, group_fields[i].name))
			return i;
	for (unsigned i = 0; i < g->by_n; i++)
		if (slice_is(name, g->rows->kind->fields[g->by[i]].name))
			return GROUP_BY + (int)i;
	return total_take(g, name, e);
}

static void col_add(struct groups *g, struct slice key, int col)
{
	g->cols = xreallocarray(g->cols, g->cols_n + 1, sizeof(*g->cols));
	g->cols[g->cols_n++] = (struct group_col){ xmemdup0(key.p, key.n), col };
}

/* `status` stands among the fields already. */
static void usual_cols(struct groups *g)
{
	col_add(g, slice_of(group_fields[GROUP_ID].name), GROUP_ID);
	for (unsigned i = 0; i < g->by_n; i++) {
		const char *name = g->rows->kind->fields[g->by[i]].name;

		if (strcmp(name, group_fields[GROUP_STATUS].name) != 0)
			col_add(g, slice_of(name), GROUP_BY + (int)i);
	}
	for (int i = GROUP_ID + 1; group_fields[i].name; i++)
		col_add(g, slice_of(group_fields[i].name), i);
}

int group_fields_read(struct groups *g, struct slice fields, struct err *e)
{
	if (!fields.n)
		usual_cols(g);
	for (size_t i = 0; fields.n && i <= fields.n;) {
		struct slice name = list_next(fields, &i);
		int col;

		if (!name.n)
			return err_set(e, ERR_USAGE, "fields: a name is missing");
		if (g->cols_n == GROUP_COLS_MAX)
			return err_set(e, ERR_USAGE, "fields: more than %d", GROUP_COLS_MAX);
		col = col_of(g, name, e);
		if (col < 0)
			return -1;
		col_add(g, name, col);
	}
	return 0;
}

int group_sort_read(struct groups *g, struct slice sort, struct err *e)
{
	struct slice s = sort.n ? sort : slice_of(USUAL_SORT);

	for (size_t i = 0; i <= s.n;) {
		struct group_key *k = &g->keys[g->keys_n];
		struct slice name;

		if (g->keys_n == GROUP_KEYS_MAX)
			return err_set(e, ERR_USAGE, "sort: more than %d keys", GROUP_KEYS_MAX);
		if (sort_item(list_next(s, &i), &name, &k->desc, e) < 0 ||
			(k->col = col_of(g, name, e)) < 0)
			return -1;
		g->keys_n++;
	}
	return 0;
}

void group_cols_fini(struct groups *g)
{
	for (unsigned i = 0; i < g->cols_n; i++)
		free(g->cols[i].key);
	for (unsigned i = 0; i < g->totals_n; i++)
		operand_fini(&g->totals[i].of);
	free(g->cols);
	free(g->totals);
}

/* --- values ------------------------------------------------------------------------------- */

static void worst_status(const struct group *x, struct value *v)
{
	unsigned worst = STATUS_UP;

	for (unsigned s = 0; s < ARRAY_LEN(x->by_status); s++)
		if (x->by_status[s] && (!x->by_status[worst] ||
				status_words[s].rank > status_words[worst].rank))
			worst = s;
	v_word(v, &status_words[worst]);
}

static void total_value(const struct total *t, const struct cell *c, struct value *v)
{
	v->type = V_NONE;
	if (t->kind == TOTAL_COUNT)
		v_int(v, c->n);
	else if (c->n)
		v_num(v, t->kind == TOTAL_AVG ? c->v / (double)c->n : c->v);
}

void group_value(const struct groups *g, const struct table *t, uint32_t i, int col,
	struct value *v)
{
	const struct group *x = &t->v[i];

	v->type = V_NONE;
	switch (col) {
	case GROUP_ID:
		v_str(v, group_id(x));
		break;
	case GROUP_DEVICES:
		v_int(v, x->devices);
		break;
	case GROUP_STATUS:
		worst_status(x, v);
		break;
	case GROUP_UP:
		v_int(v, x->by_status[STATUS_UP]);
		break;
	case GROUP_DEGRADED:
		v_int(v, x->by_status[STATUS_DEGRADED]);
		break;
	case GROUP_STALE:
		v_int(v, x->by_status[STATUS_STALE]);
		break;
	case GROUP_DOWN:
		v_int(v, x->by_status[STATUS_DOWN]);
		break;
	case GROUP_UNKNOWN:
		v_int(v, x->by_status[STATUS_UNKNOWN]);
		break;
	case GROUP_HEALTH:
		if (x->health_n)
			v_num(v, (double)x->health_sum / x->health_n);
		break;
	case GROUP_HEALTH_MIN:
		if (x->health_n)
			v_num(v, x->health_min);
		break;
	case GROUP_LAST_SEEN:
		v_time(v, x->last_seen_ms);
		break;
	default:
		if (col >= GROUP_TOTAL)
			total_value(&g->totals[col - GROUP_TOTAL],
				&t->cells[i * g->totals_n + (unsigned)(col - GROUP_TOTAL)], v);
		else
			v_str(v, group_part(x, (unsigned)(col - GROUP_BY)));
	}
}
