#include "collector/params.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"

int params_known(const json_t *params, const char *const *names, struct err *e)
{
	const char *key;
	json_t *v;

	if (!params)
		return 0;
	if (!json_is_object(params))
		return err_set(e, ERR_USAGE, "parameters must be an object");
	json_object_foreach((json_t *)params, key, v) {
		const char *const *n = names;

		while (*n && strcmp(*n, key) != 0)
			n++;
		if (!*n)
			return err_set(e, ERR_USAGE, "unknown parameter '%.60s'", key);
	}
	return 0;
}

int params_moment(const json_t *params, const char *name, int64_t def, int64_t *ms, struct err *e)
{
	const json_t *v = json_object_get(params, name);

	*ms = def;
	if (!v || json_is_null(v))
		return 0;
	if (json_is_integer(v)) {
		*ms = json_integer_value(v);
		return 0;
	}
	if (json_is_string(v) && num_rfc3339_ms(slice_of(json_string_value(v)), ms) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "'%s' must be RFC 3339 or Unix milliseconds", name);
}

int params_uint(const json_t *params, const char *name, uint64_t max, uint64_t *v, struct err *e)
{
	const json_t *j = json_object_get(params, name);

	if (!j || json_is_null(j))
		return 0;
	if (!json_is_integer(j) || json_integer_value(j) < 0 ||
		(uint64_t)json_integer_value(j) > max)
		return err_set(e, ERR_USAGE, "'%s' must be an integer from 0 to %llu", name,
			(unsigned long long)max);
	*v = (uint64_t)json_integer_value(j);
	return 0;
}

int params_real(const json_t *params, const char *name, double *v, struct err *e)
{
	const json_t *j = json_object_get(params, name);

	if (!j || json_is_null(j))
		return 0;
	if (!json_is_number(j))
		return err_set(e, ERR_USAGE, "'%s' must be a number", name);
	*v = json_number_value(j);
	return 0;
}

/* A string, or an array of strings that becomes a comma list. */
static int read_text(const json_t *params, const char *name, char **out, struct err *e)
{
	const json_t *v = json_object_get(params, name);
	struct buf b;
	size_t i;
	json_t *s;

	if (!v || json_is_null(v))
		return 0;
	if (json_is_string(v)) {
		free(*out);
		*out = xstrdup(json_string_value(v));
		return 0;
	}
	if (!json_is_array(v))
		return err_set(e, ERR_USAGE, "'%s' must be a string or an array of strings", name);
	buf_init(&b, 1 << 20);
	json_array_foreach((json_t *)v, i, s) {
		if (!json_is_string(s) || (i && buf_addc(&b, ',') < 0) ||
			buf_adds(&b, json_string_value(s)) < 0) {
			buf_fini(&b);
			return err_set(e, ERR_USAGE, "'%s' must hold strings, 1 MiB at most", name);
		}
	}
	free(*out);
	*out = buf_steal(&b);
	buf_fini(&b);
	return 0;
}

static int no_kind(const char *name, struct err *e)
{
	struct buf all;

	buf_init(&all, 400);
	for (const struct kind *const *k = kinds(); *k; k++)
		buf_addf(&all, "%s%s", all.len ? ", " : "", (*k)->name);
	err_set(e, ERR_USAGE, "no kind '%.60s'; there are %s", name, all.p);
	buf_fini(&all);
	return -1;
}

static int read_kind(struct ask *a, const json_t *params, struct err *e)
{
	const json_t *v = json_object_get(params, "kind");

	if (!json_is_string(v))
		return err_set(e, ERR_USAGE, "'kind' is needed: one of devices, events, ... (see schema)");
	a->kind = kind_find(json_string_value(v));
	return a->kind ? 0 : no_kind(json_string_value(v), e);
}

void ask_init(struct ask *a)
{
	*a = (struct ask){ .limit = QUERY_LIMIT_DEFAULT, .interval_ms = 1000 };
}

void ask_fini(struct ask *a)
{
	free(a->filter);
	free(a->sort);
	free(a->names);
	free(a->fields);
	free(a->by);
	*a = (struct ask){ 0 };
}

int ask_read(struct ask *a, const json_t *params, bool is_update, struct err *e)
{
	static const char *const known[] = { "kind", "filter", "sort", "names", "fields", "offset",
		"limit", "after", "since", "interval_ms", "hold", "by", NULL };
	static const char *const known_update[] = { "sub", "filter", "sort", "names", "fields",
		"offset", "limit", "interval_ms", "by", NULL };

	if (params_known(params, is_update ? known_update : known, e) < 0 ||
		(!is_update && read_kind(a, params, e) < 0) ||
		read_text(params, "filter", &a->filter, e) < 0 ||
		read_text(params, "sort", &a->sort, e) < 0 ||
		read_text(params, "names", &a->names, e) < 0 ||
		read_text(params, "fields", &a->fields, e) < 0 ||
		read_text(params, "by", &a->by, e) < 0 ||
		params_uint(params, "offset", UINT32_MAX, &a->offset, e) < 0 ||
		params_uint(params, "limit", QUERY_LIMIT_MAX, &a->limit, e) < 0 ||
		params_uint(params, "after", INT64_MAX, &a->after, e) < 0 ||
		params_uint(params, "interval_ms", 3600000, &a->interval_ms, e) < 0)
		return -1;
	a->hold = json_flag(params, "hold", false) && !(a->by && *a->by); /* a page has all groups */
	if (a->interval_ms < 100)
		a->interval_ms = 100;
	return params_moment(params, "since", a->since_ms, &a->since_ms, e);
}

/* `since` is one more condition in front of the user's own. */
static size_t add_since(struct buf *b, const struct ask *a)
{
	size_t before;

	buf_adds(b, "time>='");
	buf_addtime(b, a->since_ms);
	buf_adds(b, "'");
	if (!a->filter || !*a->filter)
		return b->len;
	buf_adds(b, " and (");
	before = b->len;
	buf_adds(b, a->filter);
	buf_adds(b, ")");
	return before;
}

struct query *ask_query(const struct ask *a, uint64_t recorded, size_t *at, struct err *e)
{
	struct query_spec s = {
		.kind = a->kind,
		.filter = slice_of(a->filter),
		.sort = slice_of(a->sort),
		.names = slice_of(a->names),
		.offset = a->hold ? 0 : a->offset,
		.limit = a->hold ? UINT32_MAX : a->limit,
		.after = a->after,
		.upto = recorded,
		.by = slice_of(a->by),
		.fields = slice_of(a->fields),
	};
	size_t before = 0;
	struct query *q;
	struct buf b;

	if (!recorded)
		s.after = INT64_MAX; /* upto 0 would mean no bound, and nothing is recorded yet */
	buf_init(&b, 1 << 20);
	if (a->since_ms && strcmp(a->kind->name, "events") == 0) {
		before = add_since(&b, a);
		s.filter = buf_slice(&b);
	}
	q = query_new(&s, at, e);
	if (!q && *at != SIZE_MAX && *at >= before)
		*at -= before;
	buf_fini(&b);
	return q;
}

struct fields *ask_fields(const struct ask *a, struct err *e)
{
	size_t at;

	return fields_new(a->kind, slice_of(a->fields), &at, e);
}

int ask_compile(const struct ask *a, uint64_t recorded, struct query **q, struct fields **f,
	size_t *at, struct err *e)
{
	*at = SIZE_MAX;
	*q = NULL;
	*f = NULL;
	/* groups write their fields themselves */
	if (!(a->by && *a->by) && !(*f = ask_fields(a, e)))
		return -1;
	*q = ask_query(a, recorded, at, e);
	if (*q)
		return 0;
	fields_free(*f);
	*f = NULL;
	return -1;
}
