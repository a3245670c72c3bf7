#include "model/filter.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "model/filter_in.h"

static bool blank(struct slice s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(" \t\r\n", s.p[i]) || !s.p[i])
			return false;
	return true;
}

/* The cheaper side of `and` and `or` first; what the tree costs. */
static unsigned cheapest_first(struct node *n)
{
	unsigned a, b = 0;

	if (n->kind == NODE_TEST)
		return test_cost(&n->test);
	a = cheapest_first(n->a);
	if (n->b)
		b = cheapest_first(n->b);
	if (n->b && b < a) {
		struct node *t = n->a;

		n->a = n->b;
		n->b = t;
	}
	return a + b;
}

struct filter *filter_new(const struct rows *r, struct slice text, size_t *at, struct err *e)
{
	struct filter *f;
	struct node *root = NULL;

	if (!blank(text)) {
		root = filter_parse(r, text, at, e);
		if (!root)
			return NULL;
		cheapest_first(root);
	}
	f = xcalloc(1, sizeof(*f));
	*f = (struct filter){ .rows = r, .root = root };
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->root);
	free(f);
}

static void prepare(struct node *n, const struct rows *r, const struct model *m)
{
	for (; n; n = n->a) {
		if (n->kind == NODE_TEST)
			test_prepare(&n->test, r, m);
		prepare(n->b, r, m);
	}
}

void filter_prepare(struct filter *f, const struct model *m)
{
	prepare(f->root, f->rows, m);
}

static bool match(struct node *n, const struct rows *r, const struct model *m, uint64_t row)
{
	switch (n->kind) {
	case NODE_AND:
		return match(n->a, r, m, row) && match(n->b, r, m, row);
	case NODE_OR:
		return match(n->a, r, m, row) || match(n->b, r, m, row);
	case NODE_NOT:
		return !match(n->a, r, m, row);
	case NODE_TEST:
		break;
	}
	return test_row(&n->test, r, m, row);
}

static size_t keep(struct node *n, const struct rows *r, const struct model *m, uint64_t *rows,
	size_t rows_n)
{
	size_t kept = 0;

	if (n->kind == NODE_AND)
		return keep(n->b, r, m, rows, keep(n->a, r, m, rows, rows_n));
	if (n->kind == NODE_TEST)
		return test_rows(&n->test, r, m, rows, rows_n);
	for (size_t i = 0; i < rows_n; i++)
		if (match(n, r, m, rows[i]))
			rows[kept++] = rows[i];
	return kept;
}

size_t filter_rows(struct filter *f, const struct model *m, uint64_t *rows, size_t n)
{
	return f->root ? keep(f->root, f->rows, m, rows, n) : n;
}

bool filter_empty(const struct filter *f)
{
	return !f->root;
}

bool filter_match(struct filter *f, const struct model *m, uint64_t row)
{
	return !f->root || match(f->root, f->rows, m, row);
}

static bool alone(const struct node *n, int col)
{
	if (n->kind == NODE_TEST)
		return n->test.kind != TEST_WORD && n->test.left.col == col;
	return alone(n->a, col) && (!n->b || alone(n->b, col));
}

bool filter_alone(const struct filter *f, const char *column)
{
	int col = kind_column(f->rows->kind, slice_of(column));

	return !f->root || (col >= 0 && alone(f->root, col));
}

static struct slice pinned(const struct node *n, int col)
{
	struct slice s = { 0 };

	if (n->kind == NODE_AND) {
		s = pinned(n->a, col);
		return s.p ? s : pinned(n->b, col);
	}
	if (n->kind == NODE_TEST && n->test.kind == TEST_TEXT && n->test.op == OP_EQ &&
		n->test.left.col == col)
		s = n->test.v[0].text;
	return s;
}

struct slice filter_pinned(const struct filter *f, const char *column)
{
	int col = kind_column(f->rows->kind, slice_of(column));

	return f->root && col >= 0 ? pinned(f->root, col) : (struct slice){ 0 };
}
