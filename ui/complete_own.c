#include "ui/complete.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "ui/screen/own.h"
#include "ui/shell.h"

#define SAID_MAX (256 << 10)

/* What is typed stays as it is: of a list, a filter, --fields=, only the last piece is offered. */
static size_t last_piece(const char *line, size_t word)
{
	for (size_t i = word; line[i]; i++)
		if (strchr(",=<>( ", line[i]))
			word = i + 1;
	return word;
}

/* A line of the answer: a word, a tab, a description.  ":nospace" and ":file" are for shells. */
static void offer_line(const struct own_ask *a, struct slice line, struct prompt_offers *o)
{
	struct slice typed = slice_of(a->line + a->word);
	size_t piece = o->from - a->word;
	const char *tab = memchr(line.p, '\t', line.n);
	struct slice word = slice_mem(line.p, tab ? (size_t)(tab - line.p) : line.n);

	if (word.n < typed.n || memcmp(word.p, typed.p, typed.n) != 0 || *word.p == ':')
		return;
	if (a->blanks || !memchr(word.p, ' ', word.n))
		offers_add(o, slice_mem(word.p + piece, word.n - piece));
}

/* Is the line still the one that was asked for? */
static bool still_typed(const struct shell *s)
{
	const struct prompt *p = s->words.prompt;

	return s->typing == p && slice_is(slice_mem(p->text.p, p->cursor), s->words.line);
}

static bool take_line(struct slice *text, struct slice *line)
{
	const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;

	if (!end)
		return false;
	*line = slice_mem(text->p, (size_t)(end - text->p));
	*text = slice_mem(end + 1, text->n - line->n - 1);
	return true;
}

static bool on_text(void *arg, const char *p, size_t n)
{
	struct shell *s = arg;

	return buf_add(&s->words.said, p, n) == 0;
}

static void on_end(void *arg, int status, int signo)
{
	struct shell *s = arg;
	struct own_ask *a = &s->words;
	struct prompt_offers o = { .from = last_piece(a->line, a->word) };
	struct slice rest = buf_slice(&a->said), line;

	while (still_typed(s) && take_line(&rest, &line))
		offer_line(a, line, &o);
	if (o.n)
		prompt_offer(a->prompt, &o);
	own_ask_fini(a);
	s->dirty = true;
}

void own_ask_fini(struct own_ask *a)
{
	own_free(a->own);
	free(a->line);
	buf_fini(&a->said);
	*a = (struct own_ask){ 0 };
}

/* "__complete --", the words of `before`, and the last one as it is. */
static void start(struct shell *s, const char *before, const char *last)
{
	static const struct own_ops ops = { .text = on_text, .end = on_end };
	const char *words[OWN_WORDS + 4] = { "__complete", "--" };
	char *text = xcalloc(strlen(before) + 2, 1);
	struct err ignored;
	size_t n = 2;

	if (own_words(before, text, words + n, &ignored) == 0) {
		while (words[n])
			n++;
		words[n++] = last, words[n] = NULL;
		s->words.own = own_start(&s->stage, words, &ops, s, &ignored);
	}
	free(text);
}

void own_ask(struct shell *s, struct prompt *p, const char *before, size_t word, bool blanks)
{
	struct own_ask *a = &s->words;

	own_ask_fini(a);
	if (!s->spec.own)
		return;
	a->prompt = p;
	a->word = word;
	a->blanks = blanks;
	a->line = xmemdup0(p->text.p, p->cursor);
	buf_init(&a->said, SAID_MAX);
	start(s, before, a->line + word);
}
