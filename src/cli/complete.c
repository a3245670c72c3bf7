/*
 * __complete: what could stand where the last of these words is.  One candidate a line, a tab,
 * a description; ":file" asks for file names, ":nospace" for no blank after the candidate.
 * From the tables, and from a collector if one runs; errors are nobody's business here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/jtext.h"
#include "base/utf8.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "cli/columns.h"
#include "client/client.h"
#include "config/config.h"

#define NAMES_MOST 200
#define WAIT_MS	   1000

struct complete {
	struct cli *c;
	const struct verb *verb;
	const char *words[3]; /* the verb's, before the last one */
	int words_n;
	const char *last;   /* what is being typed */
	const char *before; /* of it, that stays: "--output=" or "id,name," */
	size_t before_n;
	bool tried; /* to reach a collector: once is enough */
	struct client *client;
	struct buf schema;
};

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static void offer(struct complete *x, const char *word, const char *help)
{
	struct buf b;

	if (!begins(word, x->last))
		return;
	buf_init(&b, 4096);
	buf_add(&b, x->before, x->before_n);
	text_clean(&b, slice_of(word), false);
	buf_addc(&b, '\t');
	text_clean(&b, slice_of(help), false);
	buf_addc(&b, '\n');
	if (!b.full)
		out_addslice(&x->c->out, buf_slice(&b));
	buf_fini(&b);
}

/* --- from the collector --- */

static bool reach(struct complete *x)
{
	struct err ignored;

	if (x->tried)
		return x->schema.len > 0;
	x->tried = true;
	x->c->running_only = true;
	x->c->global.timeout_ms = WAIT_MS;
	x->client = cli_connect(x->c, &ignored);
	return x->client != NULL
		&& client_ask(x->client, "schema", slice_of(""), &x->schema, &ignored) == 0;
}

static char *text_of(struct slice object, const char *key)
{
	struct slice v = { 0 };
	struct buf b;
	char *s;

	buf_init(&b, 4096);
	if (jtext_get(object, key, &v))
		jtext_plain(v, &b);
	s = buf_steal(&b);
	buf_fini(&b);
	return s;
}

static void offer_kind(void *arg, struct slice kind)
{
	char *name = text_of(kind, "name"), *help = text_of(kind, "help");

	offer(arg, name, help);
	free(name);
	free(help);
}

static void offer_kinds(struct complete *x)
{
	if (reach(x))
		columns_kinds(buf_slice(&x->schema), offer_kind, x);
}

/* What comes before the last comma stays. */
static void keep_list(struct complete *x)
{
	const char *comma = strrchr(x->last, ',');

	if (!comma)
		return;
	if (!x->before_n)
		x->before = x->last;
	x->before_n += (size_t)(comma + 1 - x->last);
	x->last = comma + 1;
}

static const char *kind_of(const struct complete *x)
{
	return strcmp(x->verb->name, "events") == 0 ? "events"
		: strcmp(x->verb->name, "top") == 0 || !x->words_n ? "devices" : x->words[0];
}

static void offer_fields(struct complete *x)
{
	struct columns cols;
	struct err ignored;

	if (!reach(x) || columns_read(&cols, buf_slice(&x->schema), kind_of(x), &ignored) < 0)
		return;
	keep_list(x);
	out_adds(&x->c->out, ":nospace\t\n");
	for (size_t i = 0; i < cols.n; i++)
		offer(x, cols.v[i].name, cols.v[i].help);
	columns_fini(&cols);
}

/* id~'^...' with all that means something in a pattern or ends the quotes left out. */
static void names_filter(const char *typed, struct buf *b)
{
	buf_adds(b, "id~'^");
	for (; *typed; typed++) {
		bool plain = (*typed >= '0' && *typed <= '9') || (*typed >= 'a' && *typed <= 'z')
			|| (*typed >= 'A' && *typed <= 'Z') || strchr("_-:/", *typed)
			|| (unsigned char)*typed >= 0x80;

		buf_addc(b, plain ? *typed : '.');
	}
	buf_addc(b, '\'');
}

static bool has_column(struct complete *x, const char *name)
{
	struct columns cols;
	struct err ignored;
	bool has = false;

	if (columns_read(&cols, buf_slice(&x->schema), x->words[0], &ignored) < 0)
		return false;
	for (size_t i = 0; i < cols.n; i++)
		has |= strcmp(cols.v[i].name, name) == 0;
	columns_fini(&cols);
	return has;
}

static void offer_rows(struct complete *x, struct slice answer, const char *key)
{
	struct jtext_walk w;
	struct slice rows, row;

	if (!jtext_get(answer, "rows", &rows) || jtext_open(&w, rows) < 0)
		return;
	while (jtext_next(&w, NULL, &row) == 1) {
		char *name = text_of(row, key);

		offer(x, name, "");
		free(name);
	}
}

static void offer_names(struct complete *x)
{
	const char *key = reach(x) && has_column(x, "id") ? "id" : "name";
	struct ask a = { .kind = x->words[0], .fields = key, .sort = key, .limit = NAMES_MOST };
	struct buf filter, params, answer;
	struct err ignored;

	if (!x->client)
		return;
	buf_init(&filter, 4096);
	buf_init(&params, 65536);
	buf_init(&answer, 4u << 20);
	if (*key == 'i')
		names_filter(x->last, &filter);
	a.filter = filter.p;
	ask_text(&a, &params);
	if (client_ask(x->client, "query", buf_slice(&params), &answer, &ignored) == 0)
		offer_rows(x, buf_slice(&answer), key);
	buf_fini(&filter);
	buf_fini(&params);
	buf_fini(&answer);
}

/* --- from the tables --- */

static void offer_contexts(struct complete *x)
{
	struct err ignored;
	struct config *c = config_load(x->c->global.config, &ignored);

	for (size_t i = 0; c && i < c->n_contexts; i++)
		offer(x, c->contexts[i].name, "");
	config_free(c);
}

static void offer_value(struct complete *x, const struct opt *o)
{
	for (const char *const *v = o->choices; v && *v; v++)
		offer(x, *v, "");
	switch (o->complete) {
	case COMPLETE_NONE:
		break;
	case COMPLETE_FILE:
		out_adds(&x->c->out, ":file\t\n");
		break;
	case COMPLETE_FIELDS:
		offer_fields(x);
		break;
	case COMPLETE_CONTEXT:
		offer_contexts(x);
		break;
	}
}

static void offer_options(struct complete *x, const struct opt *opts)
{
	char spelled[80];

	for (; opts && opts->name; opts++) {
		snprintf(spelled, sizeof(spelled), "--%s", opts->name);
		offer(x, spelled, opts->help);
	}
}

static void offer_verbs(struct complete *x)
{
	for (const struct verb *const *v = verbs; *v; v++)
		if (!(*v)->hidden)
			offer(x, (*v)->name, (*v)->help);
}

static void offer_word(struct complete *x)
{
	switch (x->verb->complete) {
	case WORDS_NONE:
		break;
	case WORDS_KIND_NAMES:
		if (x->words_n)
			offer_names(x);
		else
			offer_kinds(x);
		break;
	case WORDS_FILE:
		out_adds(&x->c->out, ":file\t\n");
		break;
	case WORDS_VERBS:
		offer_verbs(x);
		break;
	case WORDS_CHOICE:
		for (const char *const *v = x->verb->choices; !x->words_n && v && *v; v++)
			offer(x, *v, "");
		break;
	}
}

/* --- the words before the last --- */

static const struct opt *option_of(const struct complete *x, const char *word)
{
	struct opt_set sets[2] = { { global_opts, NULL },
		{ x->verb ? x->verb->opts : NULL, NULL } };
	size_t n = strlen(word);

	if (n > 2 && word[1] == '-')
		return opt_find(sets, 2, word + 2, strcspn(word + 2, "="));
	return n == 2 ? opt_find_letter(sets, 2, word[1]) : NULL;
}

/* The option whose value the next word is, or NULL. */
static const struct opt *wants_value(const struct complete *x, const char *word)
{
	const struct opt *o = *word == '-' && word[1] ? option_of(x, word) : NULL;

	return o && o->type != OPT_FLAG && !strchr(word, '=') ? o : NULL;
}

static void note_global(struct complete *x, const struct opt *o, const char *value)
{
	if (strcmp(o->name, "context") == 0)
		x->c->global.context = value;
	else if (strcmp(o->name, "config") == 0)
		x->c->global.config = value;
	else if (strcmp(o->name, "socket") == 0)
		x->c->global.socket = value;
}

static void note_word(struct complete *x, const char *word)
{
	if (!x->verb)
		x->verb = verb_find(word);
	else if (x->words_n < (int)ARRAY_LEN(x->words))
		x->words[x->words_n++] = word;
}

/* The option that waits for a value where the last word stands. */
static const struct opt *read_before(struct complete *x, const char *const *words, int n)
{
	const struct opt *open = NULL;

	for (int i = 0; i < n; i++) {
		if (open) {
			note_global(x, open, words[i]);
			open = NULL;
		} else if (*words[i] == '-' && words[i][1]) {
			open = wants_value(x, words[i]);
		} else {
			note_word(x, words[i]);
		}
	}
	return open;
}

static void complete_last(struct complete *x, const struct opt *open)
{
	const char *eq = begins(x->last, "--") ? strchr(x->last, '=') : NULL;
	const struct opt *o = eq ? option_of(x, x->last) : NULL;

	if (open) {
		offer_value(x, open);
	} else if (o) {
		x->before = x->last;
		x->before_n = (size_t)(eq + 1 - x->last);
		x->last = eq + 1;
		offer_value(x, o);
	} else if (*x->last == '-') {
		offer_options(x, x->verb ? x->verb->opts : NULL);
		offer_options(x, global_opts);
	} else if (x->verb) {
		offer_word(x);
	} else {
		offer_verbs(x);
	}
}

static int complete_run(struct cli *c, struct err *e)
{
	struct complete x = { .c = c, .last = "", .before = "" };
	int n = c->words_n;
	const char *const *words = c->words;

	if (n && strcmp(words[0], "--") == 0)
		words++, n--;
	if (n)
		x.last = words[--n];
	buf_init(&x.schema, 4u << 20);
	complete_last(&x, read_before(&x, words, n));
	client_free(x.client);
	buf_fini(&x.schema);
	return 0;
}

const struct verb verb_complete = { .name = "__complete", .args = "-- WORD...", .max = -1,
	.hidden = true, .raw = true, .help = "what could stand where the last word is",
	.run = complete_run };
