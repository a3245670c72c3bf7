/*
 * The configuration: YAML in, typed structs out, checked against one table of keys (keys.h).
 * Never rewritten by us.  Strings belong to the struct config they are in; absent strings are
 * NULL, absent lists empty, all else has its default (zeros where a source's kind has no use
 * for it).  File names are absolute or as the user gave them on the command line: `~/` and names
 * relative to the configuration are resolved.
 *
 * Secrets never stand in a configuration, only where to find them: see config_secret().
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define CONFIG_CONTEXTS_MAX 256
#define CONFIG_SOURCES_MAX  4096  /* in one context, ledgers likewise */
#define CONFIG_TARGETS_MAX  65536 /* of one source; any other list too */

struct config_strings {
	const char **v;
	size_t n;
};

struct config_pair {
	const char *key, *value;
};

struct config_pairs {
	struct config_pair *v;
	size_t n;
};

enum config_source_kind {
	SOURCE_STREAM,
	SOURCE_SCRAPE,
	SOURCE_PROMETHEUS,
	SOURCE_FILE,
	SOURCE_NATS,
	SOURCE_KINDS,
};

/* Where a secret is; at most one of the two. */
struct config_token {
	const char *file, *env;
};

struct config_source {
	const char *name;
	int kind;		       /* enum config_source_kind */
	const char *url;	       /* stream, prometheus, nats */
	struct config_strings targets; /* scrape */
	const char *query;	       /* prometheus */
	const char *stream;	       /* nats */
	const char *path;	       /* file */
	double speed;		       /* file: 1 as recorded, 0 as fast as it goes */
	int64_t interval_ms, timeout_ms, stale_after_ms;
	struct config_token token;
	const char *ca_file;
	struct config_strings families; /* names or globs; empty: all */
	const char *device_label, *site_label;
	const char *network, *device_kind;
};

struct config_dao {
	const char *name;
	const char *governor; /* an address; one that ends in an ellipsis is yet to be filled in */
};

struct config_ledger {
	const char *name;
	int kind; /* 0: evm */
	struct config_strings urls;
	const char *network;
	int64_t poll_ms, timeout_ms;
	int64_t confirmations;
	struct config_token token;
	const char *ca_file;
	struct config_strings addresses; /* contracts whose logs are followed; empty: none */
	struct config_dao *daos;
	size_t n_daos;
};

/* Keys of a plugin are its own business: flattened, "endpoints.lotus", "miners[0]". */
struct config_plugin {
	const char *name;
	struct config_pairs keys;
};

struct config_context {
	const char *name;
	const char *theme; /* or NULL */
	int is_protected; /* 1: on */
	struct config_source *sources;
	size_t n_sources;
	struct config_ledger *ledgers;
	size_t n_ledgers;
	struct config_plugin *plugins;
	size_t n_plugins;
};

struct config_collector {
	int64_t memory; /* bytes */
	int64_t linger_ms;
	int64_t stale_after_ms, forget_after_ms;
	const char *listen; /* with cert_file, key_file and a token, or NULL */
	const char *cert_file, *key_file;
	struct config_token token;
	struct {
		const char *path; /* a folder; NULL: config_state_dir() */
		int64_t max_age_ms, max_size;
	} journal;
};

enum config_auto { CONFIG_AUTO, CONFIG_ON, CONFIG_OFF };

/* Each also rings for what those before it do; on: all. */
enum config_alarm {
	CONFIG_ALARM_OFF,
	CONFIG_ALARM_LOST,
	CONFIG_ALARM_CRITICAL,
	CONFIG_ALARM_WARNING,
	CONFIG_ALARM_ON
};

struct config_ui {
	const char *theme;
	struct config_pairs keys;    /* key -> command line */
	struct config_pairs columns; /* screen -> "a,b,c", as --fields takes it */
	int64_t fps;
	int ascii, sync, mouse, truecolor, copy; /* enum config_auto */
	int bell, notify; /* enum config_alarm */
};

struct config {
	const char *path; /* the file, or NULL when there is none */
	const char *current;
	struct config_context *contexts;
	size_t n_contexts;
	struct config_collector collector;
	struct config_ui ui;
	struct config_mem *mem;
};

/* What a reading found, by line: errors, and keys that are accepted but have no effect yet. */
#define CONFIG_NOTES_MAX 100 /* are kept; all are counted */
struct config_note {
	unsigned line, col;
	bool warning;
	char *text; /* "contexts[0].sources[1].intervall: unknown key; did you mean interval?" */
};
struct config_notes {
	struct config_note *v;
	size_t n, errors, warnings;
};
void config_notes_fini(struct config_notes *all);

/*
 * path NULL: the default file, and when that is missing an empty configuration.  A story
 * reads "config.yaml:7:9: contexts[0].sources[1].intervall: unknown key; did you mean interval?"
 * and tells of the first error.
 */
struct config *config_load(const char *path, struct err *e);
/* The same, and all that was found: notes is zeros before, and ended by the caller.  A file that
 * is not there or not YAML has a story alone. */
struct config *config_read(const char *path, struct config_notes *notes, struct err *e);
/* The same from memory; `name` stands for the path in stories, `dir` is what relative names
 * start from. */
struct config *config_parse(struct slice text, const char *name, const char *dir, struct err *e);
struct config *config_parse_notes(struct slice text, const char *name, const char *dir,
	struct config_notes *notes, struct err *e);
void config_free(struct config *c);

/* By name (case does not count); NULL: the one `current` names, or the only one there is.
 * NULL with a story when there is no such context. */
const struct config_context *config_context(
	const struct config *c, const char *name, struct err *e);
/* [A-Za-z0-9][A-Za-z0-9._-]{0,63}: contexts, sources, ledgers, plugins, daos. */
bool config_name_ok(const char *name);
const char *config_source_kind_name(int kind);

/*
 * Reads the secret: a file that only its owner may read, of at most 4 KiB, or an environment
 * variable; blanks around it cut.  0 with *out NULL when t names neither.  The caller ends
 * *out with config_secret_free(), which wipes it.
 */
int config_secret(const struct config_token *t, char **out, struct err *e);
void config_secret_free(char *secret);

/* What is in effect, defaults included, as YAML; secrets as references only. */
void config_print(const struct config *c, struct buf *out);
/* A key's type, default, limits and help; of "contexts.sources" also the keys below.  "" lists
 * the top.  -1 with a suggestion when there is no such key. */
int config_explain(const char *key, struct buf *out, struct err *e);
/* The tables of all keys, as they stand in docs/configuration.md. */
void config_reference(struct buf *out);

#endif
