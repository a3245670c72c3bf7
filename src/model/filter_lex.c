#include <stdlib.h>
#include <strings.h>

#include "base/alloc.h"
#include "model/filter_in.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void token_set(struct lex *l, enum token t, size_t n)
{
	l->token = t;
	l->at += n;
}

static bool lex_op(struct lex *l)
{
	static const struct {
		const char *text;
		enum op op;
	} ops[] = { { "~~", OP_FUZZY }, { "!~~", OP_NFUZZY }, { "==", OP_EQ },
		{ "=~", OP_RE }, { "!=", OP_NE }, { "!~", OP_NRE },
		{ "<=", OP_LE }, { ">=", OP_GE }, { "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT },
		{ "~", OP_RE } };

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		size_t n = strlen(ops[i].text);

		if (l->s.n - l->at >= n && memcmp(l->s.p + l->at, ops[i].text, n) == 0) {
			l->op = ops[i].op;
			token_set(l, T_OP, n);
			return true;
		}
	}
	return false;
}

/* '..' or ".."; a backslash takes the next byte as it is only before a quote or a backslash, so
 * that regular expressions keep theirs. */
static void lex_quoted(struct lex *l)
{
	char quote = l->s.p[l->at], *to;
	size_t i = l->at + 1;

	free(l->store);
	to = l->store = xmalloc(l->s.n - l->at + 1);
	for (; i < l->s.n && l->s.p[i] != quote; i++) {
		if (l->s.p[i] == '\\' && i + 1 < l->s.n &&
			(l->s.p[i + 1] == quote || l->s.p[i + 1] == '\\'))
			i++;
		*to++ = l->s.p[i];
	}
	if (i == l->s.n) {
		l->error = "a quote that is not closed";
		token_set(l, T_BAD, 0);
		return;
	}
	l->text = slice_mem(l->store, (size_t)(to - l->store));
	token_set(l, T_QUOTED, i + 1 - l->at);
}

/* name{labels}: to the brace that closes it, quoted text skipped. */
static size_t labels_end(const struct lex *l, size_t i)
{
	bool quoted = false;

	for (; i < l->s.n; i++) {
		if (quoted && l->s.p[i] == '\\')
			i++;
		else if (l->s.p[i] == '"')
			quoted = !quoted;
		else if (l->s.p[i] == '}' && !quoted)
			return i + 1;
	}
	return l->s.n;
}

/* `!hot`, `!(a or b)`: "not", for whoever types in a hurry. */
static bool lex_bang(struct lex *l)
{
	if (l->s.p[l->at] != '!')
		return false;
	l->text = slice_of("not");
	token_set(l, T_WORD, 1);
	return true;
}

static void lex_word(struct lex *l)
{
	size_t i = l->at;

	while (i < l->s.n && !is_blank(l->s.p[i]) && !strchr("()=!<>~,\"'", l->s.p[i]))
		i = l->s.p[i] == '{' ? labels_end(l, i) : i + 1;
	if (i == l->at) {
		l->error = "not understood";
		token_set(l, T_BAD, 0);
		return;
	}
	l->text = slice_mem(l->s.p + l->at, i - l->at);
	token_set(l, T_WORD, i - l->at);
}

/* A value without quotes ends at a blank, a comma, or a bracket that it did not open. */
static void lex_value(struct lex *l)
{
	size_t i = l->at;
	int depth = 0;

	for (; i < l->s.n && !is_blank(l->s.p[i]); i++) {
		char c = l->s.p[i];

		if (c == '(' || c == '[' || c == '{')
			depth++;
		else if ((c == ')' || c == ']' || c == '}') && depth-- == 0)
			break;
		else if (c == ',' && depth == 0)
			break;
	}
	l->text = slice_mem(l->s.p + l->at, i - l->at);
	token_set(l, i == l->at ? T_BAD : T_WORD, i - l->at);
	l->error = "a value is missing";
}

static bool lex_start(struct lex *l)
{
	while (l->at < l->s.n && is_blank(l->s.p[l->at]))
		l->at++;
	l->start = l->at;
	if (l->at == l->s.n) {
		token_set(l, T_END, 0);
		return false;
	}
	return true;
}

void lex_next(struct lex *l)
{
	static const char marks[] = "(),";
	static const enum token token[] = { T_OPEN, T_CLOSE, T_COMMA };
	const char *mark;

	if (!lex_start(l))
		return;
	mark = l->s.p[l->at] ? strchr(marks, l->s.p[l->at]) : NULL;
	if (mark)
		token_set(l, token[mark - marks], 1);
	else if (l->s.p[l->at] == '\'' || l->s.p[l->at] == '"')
		lex_quoted(l);
	else if (!lex_op(l) && !lex_bang(l))
		lex_word(l);
}

void lex_next_value(struct lex *l)
{
	if (!lex_start(l))
		return;
	if (l->s.p[l->at] == '\'' || l->s.p[l->at] == '"')
		lex_quoted(l);
	else
		lex_value(l);
}

bool lex_is(const struct lex *l, const char *keyword)
{
	return l->token == T_WORD && l->text.n == strlen(keyword) &&
	       strncasecmp(l->text.p, keyword, l->text.n) == 0;
}
