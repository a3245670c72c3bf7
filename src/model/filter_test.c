#include <ctype.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/num.h"
#include "model/filter_in.h"

void test_fini(struct test *t)
{
	operand_fini(&t->left);
	for (unsigned i = 0; i < t->n; i++)
		free((char *)(uintptr_t)t->v[i].text.p);
	free(t->v);
	free(t->memo);
	pattern_free(t->re);
}

/* --- texts that many rows share are looked at once ------------------------------------------ */

#define MEMO_WORD 1024 /* every column */
#define MEMO_COLUMN 128

struct memo {
	uint64_t key;	/* of the text: its address, or its column's and its own number */
	uint32_t epoch; /* the text may be another one in the next */
	bool has;
};

static void memo_new(struct test *t, uint32_t n)
{
	t->memo = xcalloc(n, sizeof(*t->memo));
	t->memo_n = n;
}

/* Where a text's answer has its place, and whether it is there. */
static inline struct memo *memo_at(struct test *t, uint64_t key)
{
	return &t->memo[(key ^ key >> 4 ^ key >> 14 ^ key >> 32) & (t->memo_n - 1)];
}

static inline bool memo_knows(const struct test *t, const struct memo *x, uint64_t key)
{
	return x->key == key && x->epoch == t->epoch;
}

static bool is_shared(const struct rows *r, int col)
{
	return col >= 0 && col < 32 && r->shared >> col & 1;
}

/* --- words: looked for in every column ------------------------------------------------------ */

int test_word(struct test *t, const struct rows *r, struct slice text, struct err *e)
{
	const struct field *f = r->kind->fields;
	size_t at;

	*t = (struct test){ .kind = TEST_WORD, .left.col = -2 };
	for (uint8_t i = 0; f[i].name; i++)
		if (f[i].type == FIELD_STR || f[i].type == FIELD_ENUM ||
			(f[i].type == FIELD_JSON && !r->metrics))
			t->cols[t->cols_n++] = i;
	memo_new(t, MEMO_WORD);
	t->re = pattern_word(text, &at, e);
	return t->re ? 0 : err_prefix(e, "filter: a word");
}

void test_prepare(struct test *t, const struct model *m)
{
	t->epoch++;
	if (t->left.metric.text)
		metric_resolve(&t->left.metric, m);
}

unsigned test_cost(const struct test *t)
{
	if (t->kind == TEST_WORD)
		return 32;
	if (t->memo)
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

static int want_regex(struct test *t, size_t *at, struct err *e)
{
	t->kind = TEST_RE;
	t->re = pattern_new(t->v[0].text, at, e);
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
	if (r->same && is_shared(r, t->left.col))
		memo_new(t, MEMO_COLUMN);
	if (f && f->type == FIELD_JSON && r->metrics)
		return err_set(e, ERR_USAGE, "filter: name a metric itself, like cpu>80");
	if (t->op == OP_RE || t->op == OP_NRE) {
		if (text)
			return want_regex(t, at, e);
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

static uint64_t text_address(const struct rows *r, const struct model *m, uint64_t row,
	unsigned col)
{
	struct value v;

	r->value(m, row, col, &v);
	return v.type == V_NONE ? 0 : (uintptr_t)v.s.p;
}

static bool shared_has(struct test *t, const struct rows *r, const struct model *m, uint64_t row,
	unsigned col)
{
	uint64_t key = r->same ? (uint64_t)col << 32 | r->same(m, row, col) :
				 text_address(r, m, row, col);
	struct memo *x = memo_at(t, key);
	const char *last = NULL;

	if (!memo_knows(t, x, key))
		*x = (struct memo){ key, t->epoch, column_has(t, r, m, row, col, &last) };
	return x->has;
}

static bool word_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row)
{
	const char *last = NULL;

	for (unsigned i = 0; i < t->cols_n; i++) {
		unsigned col = t->cols[i];

		if (is_shared(r, (int)col) ? shared_has(t, r, m, row, col) :
			column_has(t, r, m, row, col, &last))
			return true;
	}
	return false;
}

/* Apart from test_row(), which most rows leave without a value. */
static __attribute__((noinline)) bool value_row(struct test *t, const struct rows *r,
	const struct model *m, uint64_t row)
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

bool test_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row)
{
	struct memo *x;
	uint32_t key;

	if (t->kind == TEST_WORD)
		return word_row(t, r, m, row);
	if (!t->memo)
		return value_row(t, r, m, row);
	key = r->same(m, row, (unsigned)t->left.col);
	x = memo_at(t, key);
	if (!memo_knows(t, x, key))
		*x = (struct memo){ key, t->epoch, value_row(t, r, m, row) };
	return x->has;
}
