/*
 * __complete: what could stand where the last of these words is.  One candidate a line, a tab,
 * a description; ":file" asks for file names, ":nospace" for no blank after the candidate.
 * From the tables, and from a collector if one runs; errors are nobody's business here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "cli/complete.h"
#include "cli/exec.h"
#include "client/client.h"
#include "config/config.h"
#include "config/keys.h"

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

void offer(struct complete *x, const char *word, const char *help)
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

void keep_before(struct complete *x, const char *rest)
{
	if (!x->before_n)
		x->before = x->last;
	x->before_n += (size_t)(rest - x->last);
	x->last = rest;
}

void keep_list(struct complete *x)
{
	const char *comma = strrchr(x->last, ',');

	if (comma)
		keep_before(x, comma + 1);
}

static void offer_files(struct complete *x)
{
	out_adds(&x->c->out, ":file\t\n");
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

/* The devnet's own list: "NAME  what it does" a line. */
static void offer_scenarios(struct complete *x)
{
	char text[8192], *rest = text, *line;
	struct exec devnet = { 0 };
	struct err ignored;
	int fd = memfd_create("scenarios", MFD_CLOEXEC), pid;
	ssize_t n;

	exec_add(&devnet, "--list-scenarios");
	pid = fd < 0 ? -1 : exec_child(&devnet, "depinctl-devnet", fd, &ignored);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	n = pid > 0 ? pread(fd, text, sizeof(text) - 1, 0) : 0;
	text[n > 0 ? n : 0] = '\0';
	keep_list(x);
	while ((line = strsep(&rest, "\n"))) {
		char *help = line + strcspn(line, " ");

		if (*help)
			*help++ = '\0';
		if (*line)
			offer(x, line, help + strspn(help, " "));
	}
	if (fd >= 0)
		close(fd);
}

/* config explain KEY: keys without brackets, which a shell would take for a pattern. */
static void offer_keys(struct complete *x)
{
	char path[160];

	for (size_t i = 0; i < config_keys_n; i++) {
		size_t n = 0;

		for (const char *p = config_keys[i].path; *p && n + 1 < sizeof(path); p++)
			if (*p != '[' && *p != ']')
				path[n++] = *p;
		path[n] = '\0';
		if (!strchr(path, '*'))
			offer(x, path, config_keys[i].help);
	}
}

static void offer_value(struct complete *x, const struct opt *o)
{
	for (const char *const *v = o->choices; v && *v; v++)
		offer(x, *v, "");
	switch (o->complete) {
	case COMPLETE_NONE:
		break;
	case COMPLETE_FILE:
		offer_files(x);
		break;
	case COMPLETE_FILTER:
		offer_filter(x);
		break;
	case COMPLETE_FIELDS:
	case COMPLETE_SORT:
		offer_fields(x, o->complete == COMPLETE_SORT);
		break;
	case COMPLETE_CONTEXT:
		offer_contexts(x);
		break;
	case COMPLETE_SCENARIO:
		offer_scenarios(x);
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
	case WORDS_ALERTS:
		offer_names(x);
		break;
	case WORDS_FILTER:
		offer_filter(x);
		break;
	case WORDS_FILE:
		offer_files(x);
		break;
	case WORDS_VERBS:
		offer_verbs(x);
		break;
	case WORDS_CONFIG:
		if (x->words_n == 1 && strcmp(x->words[0], "explain") == 0)
			offer_keys(x);
		else if (x->words_n == 1)
			offer_files(x);
		/* fall through */
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
		keep_before(x, eq + 1);
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
