/* What the files of the filter share: tokens, tests, the tree. */
#ifndef MODEL_FILTER_IN_H
#define MODEL_FILTER_IN_H

#include "model/filter.h"
#include "model/operand.h"
#include "model/pattern.h"

enum token { T_END, T_OPEN, T_CLOSE, T_COMMA, T_OP, T_WORD, T_QUOTED, T_BAD };
enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_RE, OP_NRE, OP_FUZZY, OP_NFUZZY, OP_IN,
	OP_NIN };

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
	uint8_t cols[32], cols_n; /* TEST_WORD: the columns of text, the shared ones first */
	uint8_t shared_n;	  /* of them, those that rows share */
	struct verdicts *shared; /* of cols, or of the left column; NULL: the kind has no codes */
	struct memo *memo;	 /* then of words: what was found in shared texts, by their address */
	uint32_t epoch;
};

/* Reads the values in v (texts) as the left side's type demands; *bad: which one is wrong. */
int test_compile(struct test *t, const struct rows *r, unsigned *bad, size_t *at, struct err *e);
bool test_row(struct test *t, const struct rows *r, const struct model *m, uint64_t row);
/* Of these rows those that pass, moved to the front: how many. */
size_t test_rows(struct test *t, const struct rows *r, const struct model *m, uint64_t *rows,
	size_t n);
/* What a row costs it, roughly, in some unit. */
unsigned test_cost(const struct test *t);
/* The model may have changed since the last row. */
void test_prepare(struct test *t, const struct rows *r, const struct model *m);
void test_fini(struct test *t);

/* fuzzy: the word's letters in their order, whatever stands between them. */
int test_word(struct test *t, const struct rows *r, struct slice text, bool fuzzy, struct err *e);

/* filter_shared.c: texts that many rows share are looked at once, not once a row. */
struct verdicts {
	unsigned col;
	struct codes codes;
	uint16_t *v;	/* by code: epoch << 1 | has; of another epoch: not looked at yet */
	uint32_t n;
	uint16_t epoch;
};

bool column_is_shared(const struct rows *r, int col);
/* For n columns; NULL when the kind has no codes. */
struct verdicts *verdicts_new(const struct rows *r, const uint8_t *cols, unsigned n);
void verdicts_free(struct verdicts *x, unsigned n);
void verdicts_begin(struct verdicts *x, unsigned n, const struct rows *r, const struct model *m);

static inline uint16_t *verdict_of(const struct verdicts *x, uint64_t row)
{
	return &x->v[code_of(&x->codes, row)];
}

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
