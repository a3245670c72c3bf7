/* or < and < not < test; words that stand side by side mean `and`. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/filter_in.h"

#define TEXT_LIMIT 8192
#define DEPTH_LIMIT 64
#define TESTS_LIMIT 512
#define LIST_LIMIT 1000

struct parser {
	struct lex l;
	const struct rows *rows;
	unsigned depth, tests;
	size_t *at;
	struct err *e;
};

static struct node *parse_or(struct parser *p);

void node_free(struct node *n)
{
	while (n) {
		struct node *a = n->a;

		node_free(n->b);
		test_fini(&n->test);
		free(n);
		n = a;
	}
}

static struct node *fail(struct parser *p, size_t at, const char *what)
{
	*p->at = at;
	err_set(p->e, ERR_USAGE, "filter: %s", what);
	return NULL;
}

static struct node *node_new(enum node_kind k, struct node *a, struct node *b)
{
	struct node *n = xcalloc(1, sizeof(*n));

	*n = (struct node){ .kind = k, .a = a, .b = b };
	return n;
}

/* --- one test --------------------------------------------------------------------------- */

static int value_add(struct parser *p, struct test *t)
{
	if (p->l.token != T_WORD && p->l.token != T_QUOTED) {
		fail(p, p->l.start, p->l.token == T_BAD ? p->l.error : "a value is missing");
		return -1;
	}
	if (t->n == LIST_LIMIT) {
		fail(p, p->l.start, "too long a list");
		return -1;
	}
	t->v = xreallocarray(t->v, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = (struct test_value){
		.text = { xmemdup0(p->l.text.p, p->l.text.n), p->l.text.n } };
	return 0;
}

/* After `in`: ( value, ... ) */
static int parse_list(struct parser *p, struct test *t)
{
	lex_next(&p->l);
	if (p->l.token != T_OPEN) {
		fail(p, p->l.start, "'in' wants a list: in (a, b)");
		return -1;
	}
	do {
		lex_next_value(&p->l);
		if (value_add(p, t) < 0)
			return -1;
		lex_next(&p->l);
	} while (p->l.token == T_COMMA);
	if (p->l.token != T_CLOSE) {
		fail(p, p->l.start, "the list is not closed: ) is missing");
		return -1;
	}
	return 0;
}

/* The operator stands in the lexer. */
static struct node *parse_test(struct parser *p, struct slice name, size_t name_at)
{
	struct node *n = node_new(NODE_TEST, NULL, NULL);
	struct test *t = &n->test;
	size_t value_at, in_value = 0;
	unsigned bad = 0;

	t->op = p->l.op;
	*p->at = name_at;
	if (operand_init(&t->left, p->rows, name, p->e) < 0)
		goto fail;
	if (t->op == OP_IN || t->op == OP_NIN) {
		value_at = p->l.at;
		if (parse_list(p, t) < 0)
			goto fail;
	} else {
		lex_next_value(&p->l);
		value_at = p->l.start;
		if (value_add(p, t) < 0)
			goto fail;
		value_at += p->l.token == T_QUOTED;
	}
	if (test_compile(t, p->rows, &bad, &in_value, p->e) < 0) {
		*p->at = value_at + in_value;
		goto fail;
	}
	lex_next(&p->l);
	return n;
fail:
	node_free(n);
	return NULL;
}

/* ?word: its letters in their order. */
static struct node *parse_bare(struct parser *p, struct slice text, bool quoted, size_t at)
{
	struct node *n = node_new(NODE_TEST, NULL, NULL);
	bool fuzzy = !quoted && text.n > 1 && *text.p == '?';

	*p->at = at;
	if (test_word(&n->test, p->rows, slice_mem(text.p + fuzzy, text.n - fuzzy), fuzzy, p->e) == 0)
		return n;
	node_free(n);
	return NULL;
}

/* Is the token an operator, perhaps spelled `in` or `not in`?  Then it is left in l->op. */
static bool at_operator(struct parser *p)
{
	struct lex peek = p->l;

	if (p->l.token == T_OP)
		return true;
	if (lex_is(&p->l, "in")) {
		p->l.op = OP_IN;
		return true;
	}
	if (!lex_is(&p->l, "not"))
		return false;
	peek.store = NULL;
	lex_next(&peek);
	if (lex_is(&peek, "in")) {
		p->l.at = peek.at;
		p->l.op = OP_NIN;
	}
	free(peek.store);
	return lex_is(&peek, "in");
}

static struct node *parse_term(struct parser *p)
{
	size_t at = p->l.start;
	bool quoted = p->l.token == T_QUOTED;
	struct node *n = NULL;
	struct slice text;

	if ((p->l.token != T_WORD && !quoted) || lex_is(&p->l, "and") || lex_is(&p->l, "or"))
		return fail(p, at, p->l.token == T_BAD ? p->l.error :
			p->l.token == T_END ? "something is missing at the end" :
			"a name or a word should stand here");
	if (++p->tests > TESTS_LIMIT)
		return fail(p, at, "too many tests");
	text.p = xmemdup0(p->l.text.p, p->l.text.n);
	text.n = p->l.text.n;
	lex_next(&p->l);
	if (!quoted && at_operator(p))
		n = parse_test(p, text, at);
	else if (p->l.token == T_BAD)
		fail(p, p->l.start, p->l.error);
	else
		n = parse_bare(p, text, quoted, at);
	free((char *)(uintptr_t)text.p);
	return n;
}

/* --- the tree ---------------------------------------------------------------------------- */

static struct node *parse_group(struct parser *p)
{
	struct node *n;

	lex_next(&p->l);
	n = parse_or(p);
	if (n && p->l.token != T_CLOSE) {
		node_free(n);
		return fail(p, p->l.start, ") is missing");
	}
	if (n)
		lex_next(&p->l);
	return n;
}

static struct node *parse_unary(struct parser *p)
{
	struct node *n;

	if (++p->depth > DEPTH_LIMIT)
		return fail(p, p->l.start, "too deeply nested");
	if (lex_is(&p->l, "not")) {
		lex_next(&p->l);
		n = parse_unary(p);
		if (n)
			n = node_new(NODE_NOT, n, NULL);
	} else if (p->l.token == T_OPEN) {
		n = parse_group(p);
	} else {
		n = parse_term(p);
	}
	p->depth--;
	return n;
}

/* Hangs b under the left node, which is given up when there is no b. */
static struct node *join(enum node_kind k, struct node *a, struct node *b)
{
	if (b)
		return node_new(k, a, b);
	node_free(a);
	return NULL;
}

static struct node *parse_and(struct parser *p)
{
	struct node *n = parse_unary(p);

	while (n && p->l.token != T_END && p->l.token != T_CLOSE && !lex_is(&p->l, "or")) {
		if (lex_is(&p->l, "and"))
			lex_next(&p->l);
		n = join(NODE_AND, n, parse_unary(p));
	}
	return n;
}

static struct node *parse_or(struct parser *p)
{
	struct node *n = parse_and(p);

	while (n && lex_is(&p->l, "or")) {
		lex_next(&p->l);
		n = join(NODE_OR, n, parse_and(p));
	}
	return n;
}

struct node *filter_parse(const struct rows *r, struct slice text, size_t *at, struct err *e)
{
	struct parser p = { .l = { .s = text }, .rows = r, .at = at, .e = e };
	struct node *n;

	*at = 0;
	if (text.n > TEXT_LIMIT)
		return fail(&p, TEXT_LIMIT, "too long");
	lex_next(&p.l);
	n = parse_or(&p);
	if (n && p.l.token != T_END) {
		node_free(n);
		n = fail(&p, p.l.start, "a ) that was not opened");
	}
	free(p.l.store);
	return n;
}
