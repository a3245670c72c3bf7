#include "cli/cli.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/suggest.h"
#include "base/utf8.h"

static const char *const colours[] = { "auto", "always", "never", NULL };

#define AT(member) offsetof(struct cli_globals, member)
const struct opt global_opts[] = {
	{ "context", 0, OPT_STR, COMPLETE_CONTEXT, "NAME", "the context to use, instead of `current`",
		NULL, AT(context) },
	{ "config", 0, OPT_STR, COMPLETE_FILE, "FILE", "the configuration file", NULL, AT(config) },
	{ "socket", 0, OPT_STR, COMPLETE_FILE, "PATH", "the collector's socket", NULL, AT(socket) },
	{ "timeout", 0, OPT_DURATION, COMPLETE_NONE, "DUR",
		"how long to wait for an answer (default 10s)", NULL, AT(timeout_ms) },
	{ "color", 0, OPT_CHOICE, COMPLETE_NONE, "WHEN", "auto, always or never; NO_COLOR is heeded",
		colours, AT(color) },
	{ "no-start", 0, OPT_FLAG, COMPLETE_NONE, NULL, "do not start a collector when none runs",
		NULL, AT(no_start) },
	{ "read-only", 0, OPT_FLAG, COMPLETE_NONE, NULL,
		"a console that shows and never acts", NULL, AT(read_only) },
	{ "plain", 0, OPT_FLAG, COMPLETE_NONE, NULL,
		"no console: the status and the worst devices as text, once", NULL, AT(plain) },
	{ "help", 'h', OPT_FLAG, COMPLETE_NONE, NULL, "show help", NULL, AT(help) },
	{ 0 },
};

const struct verb *const verbs[] = {
	&verb_demo, &verb_devnet, &verb_serve, &verb_stop, &verb_get, &verb_describe, &verb_status,
	&verb_events, &verb_top, &verb_ack, &verb_silence, &verb_record, &verb_replay, &verb_detect,
	&verb_config, &verb_doctor, &verb_completion, &verb_api, &verb_version, &verb_help,
	&verb_complete, &verb_man, NULL,
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *const *v = verbs; *v; v++)
		if (strcmp((*v)->name, name) == 0)
			return *v;
	return NULL;
}

/* Whatever a message quotes, the terminal sees none of its controls. */
static void say(const char *text)
{
	struct buf b;

	buf_init(&b, 8192);
	text_clean(&b, slice_of(text), !out_locale_utf8());
	fprintf(stderr, "depinctl: %s\n", b.p);
	buf_fini(&b);
}

void cli_say(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	say(s);
	free(s);
}

void cli_say_line(void *arg, const char *line)
{
	say(line);
}

static int fail(const struct err *e)
{
	say(e->text);
	return err_exit_code(e->class == ERR_NONE ? ERR_OURS : e->class);
}

static int no_verb(const char *word, struct err *e)
{
	struct suggest s;

	suggest_init(&s, word, strlen(word));
	for (const struct verb *const *v = verbs; *v; v++)
		if (!(*v)->hidden)
			suggest_offer(&s, (*v)->name);
	if (s.best)
		return err_set(
			e, ERR_USAGE, "no command '%.60s'; did you mean '%s'?", word, s.best);
	return err_set(e, ERR_USAGE, "no command '%.60s'; `depinctl help` lists them", word);
}

static int count_words(const struct cli *c, struct err *e)
{
	const struct verb *v = c->verb;

	if (c->words_n < v->min)
		return err_set(e, ERR_USAGE, "`%s` needs %s; `depinctl %s --help` tells more",
			v->name, v->args, v->name);
	if (v->max >= 0 && c->words_n > v->max)
		return err_set(e, ERR_USAGE, "`%s` takes %s, not '%.60s' as well", v->name,
			v->args && *v->args ? v->args : "no arguments", c->words[v->max]);
	return 0;
}

static enum out_colour colour_of(const struct cli *c)
{
	const char *s = c->global.color;

	return !s || strcmp(s, "auto") == 0 ? OUT_AUTO : *s == 'a' ? OUT_ALWAYS : OUT_NEVER;
}

/* Words and options behind the verb. */
static int read_words(struct cli *c, struct err *e)
{
	struct opt_set sets[2] = { { c->verb->opts, c->opts }, { global_opts, &c->global } };

	c->words = xcalloc((size_t)c->raw_n + 1, sizeof(*c->words));
	if (c->verb->raw) {
		for (int i = 0; i < c->raw_n; i++)
			c->words[c->words_n++] = c->raw[i];
		return 0;
	}
	c->words_n = opt_parse(sets, 2, c->raw_n, c->raw, c->words, false, NULL, e);
	return c->words_n < 0 ? -1 : 0;
}

static int run(struct cli *c, struct err *e)
{
	int rc = 0;

	c->opts = c->verb->opts_size ? xcalloc(1, c->verb->opts_size) : NULL;
	if (read_words(c, e) < 0)
		return -1;
	out_init(&c->out, STDOUT_FILENO, colour_of(c));
	if (c->global.help)
		help_verb(&c->out, c->verb);
	else
		rc = count_words(c, e) < 0 ? -1 : c->verb->run(c, e);
	if (out_end(&c->out, rc < 0 ? NULL : e) < 0)
		rc = rc < 0 ? rc : -1;
	out_fini(&c->out);
	return rc;
}

/* `depinctl` alone, or with options only, is the console; --help of it is the help of all. */
static const struct verb *choose(struct cli *c, int argc, char **argv, struct err *e)
{
	struct opt_set set = { global_opts, &c->global };
	const struct verb *v;
	int used = 0;

	c->words = xcalloc((size_t)argc + 1, sizeof(*c->words));
	if (opt_parse(&set, 1, argc, argv, c->words, true, &used, e) < 0)
		return NULL;
	free(c->words);
	c->words = NULL;
	c->raw = argv + used;
	c->raw_n = argc - used;
	if (used == argc)
		return c->global.help ? &verb_help : &verb_console;
	v = verb_find(argv[used]);
	c->raw++;
	c->raw_n--;
	if (!v)
		no_verb(argv[used], e);
	return v;
}

/* What we were not given must not become a socket's number: what is written there fails, as it
 * should, and is not sent to a collector. */
static void hold_stdio(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int cli_main(int argc, char **argv)
{
	struct cli c = { .global.timeout_ms = 10000 };
	struct err e = { 0 };
	int rc;

	hold_stdio();
	signal(SIGPIPE, SIG_IGN);
	clock_turn();
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		argv[1] += 2;
	c.verb = choose(&c, argc - 1, argv + 1, &e);
	if (c.verb == &verb_help)
		c.global.help = false;
	rc = c.verb ? run(&c, &e) : -1;
	free(c.words);
	free(c.opts);
	return rc < 0 ? fail(&e) : rc;
}
