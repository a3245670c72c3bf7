#include <ctype.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "model/filter_in.h"

#define MEMO_N 1024
#define TOGETHER 256

struct memo { /* of a text that rows share, by its address: where there are no codes */
	uintptr_t key;
	uint32_t epoch; /* it may be another text in the next */
	bool has;
};

void test_fini(struct test *t)
{
	operand_fini(&t->left);
	for (unsigned i = 0; i < t->n; i++)
		free((char *)(uintptr_t)t->v[i].text.p);
	free(t->v);
	free(t->memo);
	verdicts_free(t->shared, t->shared_n);
	pattern_free(t->re);
}

/* --- words: looked for in every column ------------------------------------------------------ */

static bool is_text(const struct field *f, const struct rows *r)
{
	return f->type == FIELD_STR || f->type == FIELD_ENUM ||
	       (f->type == FIELD_JSON && !r->metrics);
}

int test_word(struct test *t, const struct rows *r, struct slice text, bool fuzzy, struct err *e)
{
	const struct field *f = r->kind->fields;
	size_t at;

	*t = (struct test){ .kind = TEST_WORD, .left.col = -2 };
	for (int shared = 1; shared >= 0; shared--)
		for (uint8_t i = 0; f[i].name; i++)
			if (is_text(&f[i], r) && column_is_shared(r, i) == shared) {
				t->cols[t->cols_n++] = i;
				t->shared_n += (uint8_t)shared;
			}
	t->shared = verdicts_new(r, t->cols, t->shared_n);
	if (!t->shared)
		t->memo = xcalloc(MEMO_N, sizeof(*t->memo));
	t->re = fuzzy ? pattern_fuzzy(text) : pattern_word(text, &at, e);
	return t->re ? 0 : err_prefix(e, "filter: a word");
}

void test_prepare(struct test *t, const struct rows *r, const struct model *m)
{
	t->epoch++;
	verdicts_begin(t->shared, t->shared_n, r, m);
	if (t->left.metric.text)
		metric_resolve(&t->left.metric, m);
}

unsigned test_cost(const struct test *t)
{
	if (t->kind == TEST_WORD)
		return 32;
	if (t->shared)
		return 1;
	if (t->kind == TEST_RE)
		return 16;
	return t->left.col < 0 ? 8 : t->kind == TEST_TEXT ? 4 : 2;
}

/* --- reading the right side ---------------------------------------------------------------- */

static int want_number(struct test_value *v, const char *name, const char *unit, struct err *e)
{
	if (num_with_unit(v->text, &v->num) < 0)
		return err_set(e, ERR_USAGE, "filter: %s is compared with a number, like 80, 2GiB or 5m",
			name);
	/* a duration is in seconds; this column counts milliseconds */
	if (unit && strcmp(unit, "ms") == 0 && isalpha((unsigned char)v->text.p[v->text.n - 1]))
		v->num *= 1000;
	return 0;
}

static int want_moment(struct test_value *v, const char *name, struct err *e)
{
	int64_t ms;
	struct err why;

	if (num_moment_ms(v->text.p, clock_wall_ms(), &ms, &why) < 0)
		return err_set(e, ERR_USAGE, "filter: %s is a time: %.300s", name, why.text);
	v->num = (double)ms;
	return 0;
}

static int want_word(struct test_value *v, const char *name, const struct word *w, struct err *e)
{
	char list[200] = "";

	for (const struct word *i = w; i->text; i++) {
		size_t n = strlen(list);

		if (slice_is(v->text, i->text)) {
			v->num = i->rank;
			return 0;
		}
		snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", i->text);
	}
	if (num_with_unit(v->text, &v->num) == 0)
		return 0;
	return err_set(e, ERR_USAGE, "filter: %s is one of %s", name, list);
}

/* From here on what is looked for is the pattern's own matter. */
static int want_pattern(struct test *t, size_t *at, struct err *e)
{
	bool fuzzy = t->op == OP_FUZZY || t->op == OP_NFUZZY;

	t->kind = TEST_RE;
	t->op = t->op == OP_RE || t->op == OP_FUZZY ? OP_RE : OP_NRE;
	t->re = fuzzy ? pattern_fuzzy(t->v[0].text) : pattern_new(t->v[0].text, at, e);
	return t->re ? 0 : -1;
}

static int want_one(struct test *t, const struct rows *r, struct test_value *v, struct err *e)
{
	const struct field *f = t->left.col < 0 ? NULL : &r->kind->fields[t->left.col];

	if (!f) {
		const char *near = column_near(r->kind, t->left.metric.name);

		t->kind = TEST_NUM;
		if (num_with_unit(v->text, &v->num) == 0)
			return 0;
		return err_set(e, ERR_USAGE, "filter: %.100s is no field, and as a metric it is "
			"compared with a number%s%s%s", t->left.metric.text,
			near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	switch (f->type) {
	case FIELD_STR:
	case FIELD_JSON:
		t->kind = TEST_TEXT;
		return 0;
	case FIELD_ENUM:
		t->kind = TEST_RANK;
		return want_word(v, f->name, r->words((unsigned)t->left.col), e);
	case FIELD_TIME:
		t->kind = TEST_NUM;
		return want_moment(v, f->name, e);
	case FIELD_NUM:
	case FIELD_INT:
	case FIELD_AGE:
	case FIELD_BYTES:
		break;
	}
	t->kind = TEST_NUM;
	return want_number(v, f->name, f->unit, e);
}

int test_compile(struct test *t, const struct rows *r, unsigned *bad, size_t *at, struct err *e)
{
	const struct field *f = t->left.col < 0 ? NULL : &r->kind->fields[t->left.col];
	bool text = f && (f->type == FIELD_STR || f->type == FIELD_ENUM || f->type == FIELD_JSON);

	*at = 0;
	*bad = 0;
	if (column_is_shared(r, t->left.col)) {
		t->cols[0] = (uint8_t)t->left.col;
		t->shared_n = 1;
		t->shared = verdicts_new(r, t->cols, 1);
	}
	if (f && f->type == FIELD_JSON && r->metrics)
		return err_set(e, ERR_USAGE, "filter: name a metric itself, like cpu>80");
	if (t->op >= OP_RE && t->op <= OP_NFUZZY) {
		if (text)
			return want_pattern(t, at, e);
		return err_set(e, ERR_USAGE, "filter: ~ wants a text, and %s is a number",
			f ? f->name : t->left.metric.text);
	}
	for (unsigned i = 0; i < t->n; i++)
		if (want_one(t, r, &t->v[i], e) < 0) {
			*bad = i;
			return -1;
		}
	return 0;
}

/* --- a row ----------------------------------------------------------------------------------- */

static bool holds(enum op op, int cmp)
{
	switch (op) {
	case OP_EQ:
	case OP_IN:
		return cmp == 0;
	case OP_NE:
	case OP_NIN:
		return cmp != 0;
	case OP_LT:
		return cmp < 0;
	case OP_LE:
		return cmp <= 0;
	case OP_GT:
		return cmp > 0;
	case OP_GE:
		return cmp >= 0;
	case OP_RE:
	case OP_NRE:
	case OP_FUZZY:
	case OP_NFUZZY:
		break;
	}
	return false;
}

static inline int cmp_num(double a, double b)
{
	return (a > b) - (a < b);
}

/* One value, or one of a list; `not in` wants none of it. */
static bool number_row(const struct test *t, double x)
{
	if (x != x)
		return false;
	for (unsigned i = 0; i < t->n; i++) {
		bool hit = t->v[i].num == t->v[i].num && holds(t->op, cmp_num(x, t->v[i].num));

		if (t->op != OP_NIN)
			if (hit)
				return true;
		if (t->op == OP_NIN && !hit)
			return false;
	}
	return t->op == OP_NIN;
}

static bool text_row(const struct test *t, struct slice x)
{
	for (unsigned i = 0; i < t->n; i++) {
		bool hit = t->op == OP_EQ ? slice_eq(x, t->v[i].text) :
			holds(t->op, slice_cmp(x, t->v[i].text));

		if (t->op != OP_NIN && hit)
			return true;
		if (t->op == OP_NIN && !hit)
			return false;
	}
	return t->op == OP_NIN;
}

/* A column of text has the word. */
static bool column_has(struct test *t, const struct rows *r, const struct model *m, uint64_t row,
	unsigned col, const char **last)
{
	struct value v;

	r->value(m, row, col, &v);
	if ((v.type != V_STR && v.type != V_ENUM && v.type != V_BOOL) || v.s.p == *last)
		return false;
	*last = v.s.p == v.tmp ? NULL : v.s.p; /* a name is often the id */
	return pattern_match(t->re, v.s);
}

static uintptr_t text_address(const struct rows *r, const struct model *m, uint64_t row,
	unsigned col)
{
	struct value v;

	r->value(m, row, col, &v);
	return v.type == V_NONE ? 0 : (uintptr_t)v.s.p;
}

static bool memo_has(struct test *t, const struct rows *r, const struct model *m, uint64_t row,
	unsigned col)
{
	uintptr_t key = text_address(r, m, row, col);
	struct memo *x = &t->memo[(key >> 4 ^ key >> 14) & (MEMO_N - 1)];
	const char *last = NULL;

	if (x->key != key || x->epoch != t->epoch)
		*x = (struct memo){ key, t->epoch, column_has(t, r, m, row, col, &last) };
	return x->has;
}

/* --- words -------------------------------------------------------------------------------------- */

/* In has[i]: the word is in this column of row i. */
static void shared_has(struct test *t, const struct verdicts *col, const struct rows *r,
	const struct model *m, const uint64_t *rows, size_t n, uint8_t *has)
{
	const struct verdicts x = *col;

	for (size_t i = 0; i < n; i++) {
		uint16_t *v = verdict_of(&x, rows[i]);
		const char *last = NULL;

		if (*v >> 1 != x.epoch)
			*v = (uint16_t)(x.epoch << 1 |
				column_has(t, r, m, rows[i], x.col, &last));
		has[i] |= *v & 1;
	}
}

static bool own_has(struct test *t, const struct rows *r, const struct model *m, uint64_t row)
{
	const char *last = NULL;

	for (unsigned i = 0; t->memo && i < t->shared_n; i++)
		if (memo_has(t, r, m, row, t->cols[i]))
			return true;
	for (unsigned i = t->shared_n; i < t->cols_n; i++)
		if (column_has(t, r, m, row, t->cols[i], &last))
			return true;
	return false;
}

static size_t word_rows(struct test *t, const struct rows *r, const struct model *m,
	uint64_t *rows, size_t n)
{
	uint8_t has[TOGETHER];
	size_t kept = 0;

	for (size_t from = 0; from < n; from += TOGETHER) {
		size_t some = n - from < TOGETHER ? n - from : TOGETHER;

		memset(has, 0, some);
		for (unsigned i = 0; t->shared && i < t->shared_n; i++)
			shared_has(t, &t->shared[i], r, m, rows + from, some, has);
		for (size_t i = 0; i < some; i++)
			if (has[i] || own_has(t, r, m, rows[from + i]))
				rows[kept++] = rows[from + i];
	}
	return kept;
}

/* --- one column, or a metric ---------------------------------------------------------------------- */

static bool value_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row)
{
	struct value v;
	double x;

	operand_value(&t->left, r, m, row, &v);
	if (v.type == V_NONE)
		return false;
	if (t->kind == TEST_RE)
		return pattern_match(t->re, v.s) == (t->op == OP_RE);
	if (t->kind == TEST_TEXT)
		return text_row(t, v.s);
	return value_number(&v, &x) && number_row(t, x);
}

static size_t shared_rows(struct test *t, const struct rows *r, const struct model *m,
	uint64_t *rows, size_t n)
{
	const struct verdicts x = *t->shared;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t row = rows[i];
		uint16_t *v = verdict_of(&x, row);

		if (*v >> 1 != x.epoch)
			*v = (uint16_t)(x.epoch << 1 | value_row(t, r, m, row));
		rows[kept] = row;
		kept += *v & 1;
	}
	return kept;
}

static size_t value_rows(struct test *t, const struct rows *r, const struct model *m,
	uint64_t *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (value_row(t, r, m, rows[i]))
			rows[kept++] = rows[i];
	return kept;
}

static size_t metric_rows(struct test *t, const struct model *m, uint64_t *rows, size_t n)
{
	struct metric *x = &t->left.metric;
	size_t kept = 0;
	double v;

	for (size_t i = 0; i < n; i++) {
		uint64_t row = rows[i];

		metric_prefetch(x, m, rows, n, i);
		rows[kept] = row;
		kept += metric_value(x, m, (uint32_t)row, &v) && number_row(t, v);
	}
	return kept;
}

size_t test_rows(struct test *t, const struct rows *r, const struct model *m, uint64_t *rows,
	size_t n)
{
	if (t->kind == TEST_WORD)
		return word_rows(t, r, m, rows, n);
	if (t->shared)
		return shared_rows(t, r, m, rows, n);
	return t->left.col < 0 ? metric_rows(t, m, rows, n) : value_rows(t, r, m, rows, n);
}

bool test_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row)
{
	return test_rows(t, r, m, &row, 1) == 1;
}
