/* config: is the configuration sound, what is in effect, what does a key mean, where is it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "config/config.h"
#include "config/paths.h"

struct config_opts {
	bool socket, state;
};

#define AT(member) offsetof(struct config_opts, member)
static const struct opt config_options[] = {
	{ "socket", 0, OPT_FLAG, COMPLETE_NONE, NULL, "path: of the context's socket", NULL, AT(socket) },
	{ "state", 0, OPT_FLAG, COMPLETE_NONE, NULL, "path: of the folder of journals and logs", NULL,
		AT(state) },
	{ 0 },
};
#undef AT

/* A file named on the command line, or the one in effect. */
static struct config *load(struct cli *c, struct err *e)
{
	return config_load(c->words_n > 1 ? c->words[1] : c->global.config, e);
}

static void count(const struct config *c, size_t *sources, size_t *ledgers)
{
	*sources = *ledgers = 0;
	for (size_t i = 0; i < c->n_contexts; i++) {
		*sources += c->contexts[i].n_sources;
		*ledgers += c->contexts[i].n_ledgers;
	}
}

/* "config.yaml:7:9: error: contexts[0].name: is missing": as compilers do, for editors. */
static void put_notes(struct out *o, const char *path, const struct config_notes *notes)
{
	for (size_t i = 0; i < notes->n; i++) {
		const struct config_note *n = &notes->v[i];

		out_foreign(o, slice_of(path));
		out_addf(o, ":%u:%u: %s: ", n->line, n->col, n->warning ? "warning" : "error");
		out_foreign(o, slice_of(n->text));
		out_adds(o, "\n");
	}
}

static int faulty(struct cli *c, const struct config_notes *notes, struct err *e)
{
	struct err ignored;
	const char *named = c->words_n > 1 ? c->words[1] : c->global.config;
	char *path = named ? xstrdup(named) : config_default_path(&ignored);

	if (notes->errors) {
		put_notes(&c->out, path, notes);
		err_set(e, ERR_USAGE, "%s: %zu error%s%s", path, notes->errors,
			notes->errors == 1 ? "" : "s",
			notes->errors + notes->warnings > notes->n ? ", not all shown" : "");
	}
	free(path);
	return -1;
}

static int check_notes(struct cli *c, struct config_notes *notes, struct err *e)
{
	struct config *cfg = config_read(c->words_n > 1 ? c->words[1] : c->global.config, notes, e);
	size_t sources, ledgers;
	int rc = 0;

	if (!cfg)
		return faulty(c, notes, e);
	if (cfg->path)
		put_notes(&c->out, cfg->path, notes);
	if (cfg->n_contexts && !config_context(cfg, c->global.context, e))
		rc = -1;
	count(cfg, &sources, &ledgers);
	if (rc == 0 && !cfg->path)
		out_adds(&c->out, "there is no configuration; the defaults hold\n");
	else if (rc == 0)
		out_addf(&c->out, "%s: sound; contexts %zu, sources %zu, ledgers %zu\n", cfg->path,
			cfg->n_contexts, sources, ledgers);
	config_free(cfg);
	return rc;
}

static int check(struct cli *c, struct err *e)
{
	struct config_notes notes = { 0 };
	int rc = check_notes(c, &notes, e);

	config_notes_fini(&notes);
	return rc;
}

static int print(struct cli *c, struct err *e)
{
	struct config *cfg = load(c, e);
	struct buf b;

	if (!cfg)
		return -1;
	buf_init(&b, 64u << 20);
	config_print(cfg, &b);
	out_foreign(&c->out, buf_slice(&b));
	buf_fini(&b);
	config_free(cfg);
	return 0;
}

static int explain(struct cli *c, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, 1 << 20);
	rc = config_explain(c->words_n > 1 ? c->words[1] : "", &b, e);
	if (rc == 0)
		out_addslice(&c->out, buf_slice(&b));
	buf_fini(&b);
	return rc;
}

static int path(struct cli *c, struct err *e)
{
	const struct config_opts *o = c->opts;
	struct cli_place p = { 0 };
	char *s;

	if (o->socket) {
		if (cli_place(c, &p, e) < 0)
			return -1;
		out_addf(&c->out, "%s\n", p.socket);
		cli_place_fini(&p);
		return 0;
	}
	if (!o->state && c->global.config) {
		out_addf(&c->out, "%s\n", c->global.config);
		return 0;
	}
	s = o->state ? config_state_dir(e) : config_default_path(e);
	if (s)
		out_addf(&c->out, "%s\n", s);
	free(s);
	return s ? 0 : -1;
}

static const struct {
	const char *name;
	int (*run)(struct cli *c, struct err *e);
} doings[] = { { "check", check }, { "print", print }, { "explain", explain }, { "path", path } };

static int config_run(struct cli *c, struct err *e)
{
	for (size_t i = 0; i < sizeof(doings) / sizeof(*doings); i++)
		if (strcmp(doings[i].name, c->words[0]) == 0)
			return doings[i].run(c, e);
	return err_set(e, ERR_USAGE, "config can check, print, explain or tell the path, not '%.60s'",
		c->words[0]);
}

static const char *const config_doings[] = { "check", "print", "explain", "path", NULL };
static const char *const config_examples[] = {
	"depinctl config check new.yaml", "is that file sound?",
	"depinctl config explain contexts.sources.interval", "what a key means",
	"depinctl config path --socket", "where the collector listens",
	NULL,
};

const struct verb verb_config = { .name = "config", .args = "check|print|explain|path [FILE|KEY]",
	.min = 1, .max = 2, .help = "check, print and explain the configuration",
	.about = "check [FILE] lists all mistakes by line and key, and warns of keys without effect. print "
		 "[FILE] shows what is in effect, defaults included. explain [KEY] tells a key's type, "
		 "default and meaning. path tells where the configuration is.",
	.examples = config_examples, .opts = config_options, .opts_size = sizeof(struct config_opts),
	.complete = WORDS_CONFIG, .choices = config_doings, .run = config_run };
