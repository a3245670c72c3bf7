/* The manual page, docs/commands.md and the tables of docs/configuration.md: `make docs` writes
 * them from the tables, tests/tools/docs-check compares. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "config/config.h"

#define MAN_DATE "November 22, 2026"

static const struct {
	int code;
	const char *what;
} exits[] = {
	{ 0, "done" },
	{ 1, "the answer is no: unhealthy, or not found" },
	{ 2, "usage: an option, a filter or the configuration is off" },
	{ 3, "unreachable or timed out" },
	{ 4, "refused, by policy, permission or a limit" },
	{ 5, "our fault, or the machine's" },
};

static const struct {
	const char *name, *what;
} variables[] = {
	{ "DEPINCTL_LIBEXEC", "the folder of the other executables, if not beside this one" },
	{ "NO_COLOR", "no colours, whatever its value" },
	{ "XDG_CONFIG_HOME", "where depinctl/config.yaml is looked for; ~/.config" },
	{ "XDG_RUNTIME_DIR", "where the sockets are; /tmp/depinctl-UID" },
	{ "XDG_STATE_HOME", "where journals and logs are; ~/.local/state" },
};

/* Text in a mdoc line: no macro may begin it and a backslash is an escape. */
static void man_text(struct out *o, const char *s)
{
	if (*s == '.' || *s == '\'')
		out_adds(o, "\\&");
	for (; *s; s++) {
		if (*s == '\\')
			out_adds(o, "\\e");
		else if (*s == '-')
			out_adds(o, "\\-");
		else
			out_add(o, s, 1);
	}
}

/* A sentence a line, as mdoc wants it, and no line beyond 78 bytes. */
static void man_paragraph(struct out *o, const char *s)
{
	size_t at = 0;

	for (bool end = false; *(s += strspn(s, " ")); s += strcspn(s, " ")) {
		char *word = strndup(s, strcspn(s, " "));
		size_t n = strlen(word);

		if (at && (end || at + 1 + n > 78)) {
			out_adds(o, "\n");
			at = 0;
		} else if (at) {
			out_adds(o, " ");
			at++;
		}
		man_text(o, word);
		at += n;
		end = word[n - 1] == '.' && s[n];
		free(word);
	}
	out_adds(o, "\n");
}

/* One argument of a macro, quoted: it may hold blanks and be called like a macro. */
static void man_arg(struct out *o, const char *s)
{
	out_adds(o, " \"");
	for (; *s; s++) {
		if (*s == '"')
			out_adds(o, "\\(dq");
		else if (*s == '\\')
			out_adds(o, "\\e");
		else
			out_add(o, s, 1);
	}
	out_adds(o, "\"");
}

static void man_options(struct out *o, const struct opt *opts)
{
	out_adds(o, ".Bl -tag -width Ds\n");
	for (; opts->name; opts++) {
		out_adds(o, ".It");
		if (opts->letter)
			out_addf(o, " Fl %c ,", opts->letter);
		out_addf(o, " Fl -%s", opts->name);
		if (opts->arg) {
			out_adds(o, " Ar");
			man_arg(o, opts->arg);
		}
		out_adds(o, "\n");
		man_text(o, opts->help);
		out_adds(o, "\n");
	}
	out_adds(o, ".El\n");
}

static void man_verb(struct out *o, const struct verb *v)
{
	out_addf(o, ".Ss %s\n.Nm\n.Cm %s\n", v->name, v->name);
	if (v->opts)
		out_adds(o, ".Op Ar options\n");
	if (*v->args) {
		out_adds(o, ".Ar");
		man_arg(o, v->args);
		out_adds(o, "\n");
	}
	out_adds(o, ".Pp\n");
	out_addf(o, "%c", toupper((unsigned char)v->help[0]));
	man_text(o, v->help + 1);
	out_adds(o, ".\n");
	if (v->about)
		man_paragraph(o, v->about);
	if (v->opts)
		man_options(o, v->opts);
	for (const char *const *x = v->examples; x && *x; x += 2) {
		out_adds(o, ".Pp\n");
		out_addf(o, "%c", toupper((unsigned char)x[1][0]));
		man_text(o, x[1] + 1);
		out_adds(o, ":\n.Dl");
		man_arg(o, x[0]);
		out_adds(o, "\n");
	}
}

static void man_tail(struct out *o)
{
	out_adds(o, ".Sh ENVIRONMENT\n.Bl -tag -width DEPINCTL_LIBEXEC\n");
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		out_addf(o, ".It Ev %s\n", variables[i].name);
		man_text(o, variables[i].what);
		out_adds(o, "\n");
	}
	out_adds(o, ".El\n.Sh FILES\n.Bl -tag -width Ds\n"
		    ".It Pa ~/.config/depinctl/config.yaml\nThe configuration.\n"
		    ".It Pa ~/.local/state/depinctl/\nJournals, and logs of collectors in the background.\n"
		    ".El\n.Sh EXIT STATUS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < sizeof(exits) / sizeof(*exits); i++) {
		out_addf(o, ".It %d\n", exits[i].code);
		man_text(o, exits[i].what);
		out_adds(o, "\n");
	}
	out_adds(o, ".El\n");
}

static void man_page(struct out *o)
{
	out_adds(o, ".\\\" made by `depinctl __man`: change the tables in src/cli\n"
		    ".Dd " MAN_DATE "\n.Dt DEPINCTL 1\n.Os\n.Sh NAME\n.Nm depinctl\n"
		    ".Nd console for decentralized physical infrastructure\n"
		    ".Sh SYNOPSIS\n.Nm\n.Op Ar global options\n.Op Ar command Op Ar options\n"
		    ".Op Ar arguments\n.Sh DESCRIPTION\n"
		    "Without a command\n.Nm\nopens the console on the terminal.\n"
		    "Its commands ask the collector of a context, which they start in the background\n"
		    "when none runs, and write the answer to stdout and everything else to stderr.\n"
		    ".Pp\nThe options of all commands are:\n");
	man_options(o, global_opts);
	out_adds(o, ".Sh COMMANDS\n");
	for (const struct verb *const *v = verbs; *v; v++)
		if (!(*v)->hidden)
			man_verb(o, *v);
	man_tail(o);
}

/* --- docs/commands.md --- */

static void md_cell(struct out *o, const char *s)
{
	for (; *s; s++)
		if (*s == '|')
			out_adds(o, "\\|");
		else
			out_add(o, s, 1);
}

static void md_options(struct out *o, const struct opt *opts)
{
	struct buf b;

	buf_init(&b, 1024);
	out_adds(o, "\n| option | |\n|---|---|\n");
	for (; opts->name; opts++) {
		buf_reset(&b);
		opt_spell(opts, &b);
		out_adds(o, "| `");
		md_cell(o, b.p);
		out_adds(o, "` | ");
		md_cell(o, opts->help);
		out_adds(o, " |\n");
	}
	buf_fini(&b);
}

static void md_verb(struct out *o, const struct verb *v)
{
	out_addf(o, "\n## %s\n\n`depinctl %s%s%s`: %s.\n", v->name, v->name, *v->args ? " " : "",
		v->args, v->help);
	if (v->about)
		out_addf(o, "\n%s\n", v->about);
	if (v->opts)
		md_options(o, v->opts);
	if (!v->examples)
		return;
	out_adds(o, "\n```\n");
	for (const char *const *x = v->examples; *x; x += 2)
		out_addf(o, "$ %s    # %s\n", x[0], x[1]);
	out_adds(o, "```\n");
}

static void md_page(struct out *o)
{
	out_adds(o, "<!-- made by `depinctl __man md`: change the tables in src/cli -->\n# Commands\n\n"
		    "`depinctl` alone opens the console; `depinctl COMMAND` answers once. stdout carries\n"
		    "the answer, stderr the chatter. All commands take these options:\n");
	md_options(o, global_opts);
	for (const struct verb *const *v = verbs; *v; v++)
		if (!(*v)->hidden)
			md_verb(o, *v);
	out_adds(o, "\n## Exit codes\n\n| code | |\n|---|---|\n");
	for (size_t i = 0; i < sizeof(exits) / sizeof(*exits); i++)
		out_addf(o, "| %d | %s |\n", exits[i].code, exits[i].what);
}

static void config_page(struct out *o)
{
	struct buf b;

	buf_init(&b, 1u << 20);
	config_reference(&b);
	out_addslice(o, buf_slice(&b));
	buf_fini(&b);
}

static int man_run(struct cli *c, struct err *e)
{
	const char *which = c->words_n ? c->words[0] : "";

	if (strcmp(which, "md") == 0)
		md_page(&c->out);
	else if (strcmp(which, "config") == 0)
		config_page(&c->out);
	else
		man_page(&c->out);
	return 0;
}

const struct verb verb_man = { .name = "__man", .args = "[md|config]", .max = 1, .hidden = true,
	.help = "write the manual page, docs/commands.md, or the tables of docs/configuration.md",
	.run = man_run };
