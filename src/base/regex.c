#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/regex.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/alloc.h"

#define PATTERN_MAX 1024
#define NEST_MAX    100
/* Backtracks: far more than an honest pattern needs on a line, a few milliseconds at most. */
#define MATCH_LIMIT	100000
#define DEPTH_LIMIT	1000
#define HEAP_LIMIT_KIB	1024
#define JIT_STACK_START (32 * 1024)
#define JIT_STACK_MAX	(512 * 1024)

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *ctx;
	pcre2_jit_stack *stack; /* our own: PCRE2's default of 32 KiB gives up on honest patterns */
	bool jit;
	uint64_t limited;
};

static pcre2_code *compile(struct slice pattern, int flags, size_t *at, struct err *e)
{
	uint32_t opts = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
			(flags & REGEX_ICASE ? PCRE2_CASELESS : 0);
	pcre2_compile_context *cc = pcre2_compile_context_create(NULL);
	PCRE2_SIZE where = 0;
	pcre2_code *code;
	int rc;

	if (!cc)
		BUG("pcre2: no compile context");
	pcre2_set_parens_nest_limit(cc, NEST_MAX);
	code = pcre2_compile(
		(PCRE2_SPTR)(pattern.n ? pattern.p : ""), pattern.n, opts, &rc, &where, cc);
	pcre2_compile_context_free(cc);
	if (!code) {
		PCRE2_UCHAR why[128];

		pcre2_get_error_message(rc, why, sizeof(why));
		*at = where > pattern.n ? pattern.n : where;
		err_set(e, ERR_USAGE, "regular expression: %s at byte %zu", (char *)why, *at + 1);
	}
	return code;
}

struct regex *regex_new(struct slice pattern, int flags, size_t *at, struct err *e)
{
	struct regex *r;
	pcre2_code *code;
	size_t nowhere;

	if (!at)
		at = &nowhere;
	*at = 0;
	if (pattern.n > PATTERN_MAX) {
		*at = PATTERN_MAX;
		err_set(e, ERR_USAGE, "regular expression: longer than %d bytes", PATTERN_MAX);
		return NULL;
	}
	code = compile(pattern, flags, at, e);
	if (!code)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->code = code;
	r->data = pcre2_match_data_create(1, NULL); /* the whole match is all anyone asks for */
	r->ctx = pcre2_match_context_create(NULL);
	r->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
	if (!r->data || !r->ctx || !r->stack)
		BUG("pcre2: no match context");
	pcre2_set_match_limit(r->ctx, MATCH_LIMIT);
	pcre2_set_depth_limit(r->ctx, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->ctx, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(r->ctx, NULL, r->stack);
	r->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
	return r;
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_jit_stack_free(r->stack);
	pcre2_match_context_free(r->ctx);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
	free(r);
}

static bool run(struct regex *r, struct slice s, size_t from)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(s.n ? s.p : "");
	int rc = r->jit ? pcre2_jit_match(r->code, p, s.n, from, 0, r->data, r->ctx)
			: pcre2_match(r->code, p, s.n, from, 0, r->data, r->ctx);

	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
		r->limited++;
	return rc >= 0;
}

bool regex_match(struct regex *r, struct slice subject)
{
	return run(r, subject, 0);
}

bool regex_find(struct regex *r, struct slice subject, size_t from, size_t *start, size_t *end)
{
	const PCRE2_SIZE *at;

	if (from > subject.n || !run(r, subject, from))
		return false;
	at = pcre2_get_ovector_pointer(r->data);
	/* \K in a lookahead may put the start behind the end */
	*start = at[0];
	*end = at[1] < at[0] ? at[0] : at[1];
	return true;
}

uint64_t regex_limited(const struct regex *r)
{
	return r->limited;
}
