/* Help, from the tables. */
#include <string.h>

#include "base/utf8.h"
#include "cli/cli.h"

#define WIDTH 80
#define OPTION_COLUMN 30

/* Words, the line broken before the one that does not fit; `at` is where the line stands. */
void help_wrap(struct out *o, const char *text, int at, int indent)
{
	bool first = true;

	while (*(text += strspn(text, " "))) {
		size_t n = strcspn(text, " ");
		int cells = utf8_width(text, n);

		if (!first && at + 1 + cells > WIDTH) {
			out_adds(o, "\n");
			out_pad(o, indent);
			at = indent;
		} else if (!first) {
			out_adds(o, " ");
			at++;
		}
		out_add(o, text, n);
		at += cells;
		first = false;
		text += n;
	}
	out_adds(o, "\n");
}

static void put_options(struct out *o, const struct opt *opts)
{
	struct buf b;

	buf_init(&b, 1024);
	for (; opts && opts->name; opts++) {
		buf_reset(&b);
		buf_adds(&b, opts->letter ? "  " : "      ");
		opt_spell(opts, &b);
		out_adds(o, b.p);
		if (b.len + 2 > OPTION_COLUMN)
			out_adds(o, "\n"), b.len = 0;
		out_pad(o, OPTION_COLUMN - (int)b.len);
		help_wrap(o, opts->help, OPTION_COLUMN, OPTION_COLUMN);
	}
	buf_fini(&b);
}

static void put_examples(struct out *o, const char *const *examples)
{
	out_adds(o, "\nexamples:\n");
	for (; *examples; examples += 2)
		out_addf(o, "  %s\n      %s\n", examples[0], examples[1]);
}

void help_verb(struct out *o, const struct verb *v)
{
	out_addf(o, "usage: depinctl %s%s%s%s\n\n", v->name, v->opts ? " [options]" : "",
		*v->args ? " " : "", v->args);
	out_adds(o, v->help);
	out_adds(o, "\n");
	if (v->about) {
		out_adds(o, "\n");
		help_wrap(o, v->about, 0, 0);
	}
	if (v->opts) {
		out_adds(o, "\noptions:\n");
		put_options(o, v->opts);
	}
	out_adds(o, "\nglobal options:\n");
	put_options(o, global_opts);
	if (v->examples)
		put_examples(o, v->examples);
}

static void put_verb(struct out *o, const struct verb *v)
{
	int n = 2 + (int)strlen(v->name) + 1 + (int)strlen(v->args);

	out_addf(o, "  %s %s", v->name, v->args);
	if (n + 2 > OPTION_COLUMN)
		out_adds(o, "\n"), n = 0;
	out_pad(o, OPTION_COLUMN - n);
	help_wrap(o, v->help, OPTION_COLUMN, OPTION_COLUMN);
}

void help_all(struct out *o)
{
	out_adds(o,
		"usage: depinctl [global options] [command [options] [arguments]]\n\n"
		"A console for decentralized physical infrastructure. Without a command it opens\n"
		"on the terminal; `depinctl demo` shows it on a network in a box.\n\ncommands:\n");
	for (const struct verb *const *v = verbs; *v; v++)
		if (!(*v)->hidden)
			put_verb(o, *v);
	out_adds(o, "\nglobal options:\n");
	put_options(o, global_opts);
	out_adds(o,
		"\nexit codes: 0 done, 1 the answer is no or unhealthy, 2 usage, 3 unreachable or\n"
		"timed out, 4 refused, 5 our fault.  `depinctl COMMAND --help` tells more.\n");
}

static int help_run(struct cli *c, struct err *e)
{
	const struct verb *v;

	if (!c->words_n) {
		help_all(&c->out);
		return 0;
	}
	v = verb_find(c->words[0]);
	if (!v)
		return err_set(e, ERR_USAGE, "no command '%.60s'; `depinctl help` lists them",
			c->words[0]);
	help_verb(&c->out, v);
	return 0;
}

const struct verb verb_help = { .name = "help", .args = "[COMMAND]", .max = 1,
	.help = "show help, of all commands or of one", .complete = WORDS_VERBS, .run = help_run };
