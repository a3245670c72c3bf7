/* What the files of the filter share: tokens, tests, the tree. */
#ifndef MODEL_FILTER_IN_H
#define MODEL_FILTER_IN_H

#include "model/filter.h"
#include "model/operand.h"
#include "model/pattern.h"

enum token { T_END, T_OPEN, T_CLOSE, T_COMMA, T_OP, T_WORD, T_QUOTED, T_BAD };
enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_RE, OP_NRE, OP_IN, OP_NIN };

struct lex {
	struct slice s;
	size_t at;    /* where to go on */
	size_t start; /* where the token began */
	enum token token;
	enum op op;	   /* of T_OP */
	struct slice text; /* of T_WORD and T_QUOTED (escapes undone, in `store`) */
	char *store;
	const char *error; /* of T_BAD */
};

/* The next token.  Where a value may stand, a word also takes bytes like = and (. */
void lex_next(struct lex *l);
void lex_next_value(struct lex *l);
bool lex_is(const struct lex *l, const char *keyword); /* in any case */

enum test_kind { TEST_NUM, TEST_TEXT, TEST_RANK, TEST_RE, TEST_WORD };

struct test {
	enum test_kind kind;
	enum op op;
	struct operand left;
	struct test_value {
		double num;
		struct slice text; /* allocated */
	} *v; /* one, or those of `in` */
	unsigned n;
	struct pattern *re;
	uint8_t cols[32], cols_n; /* TEST_WORD: the columns of text */
	struct memo *memo; /* what was found in texts that many rows share; NULL: not remembered */
	uint32_t memo_n, epoch;
};

/* Reads the values in v (texts) as the left side's type demands; *bad: which one is wrong. */
int test_compile(struct test *t, const struct rows *r, unsigned *bad, size_t *at, struct err *e);
bool test_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row);
/* What a row costs it, roughly, in some unit. */
unsigned test_cost(const struct test *t);
/* The model may have changed since the last row. */
void test_prepare(struct test *t, const struct model *m);
void test_fini(struct test *t);

int test_word(struct test *t, const struct rows *r, struct slice text, struct err *e);

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_TEST };

struct node {
	enum node_kind kind;
	struct node *a, *b;
	struct test test;
};

struct filter {
	const struct rows *rows;
	struct node *root; /* NULL: every row */
};

struct node *filter_parse(const struct rows *r, struct slice text, size_t *at, struct err *e);
void node_free(struct node *n);

#endif
