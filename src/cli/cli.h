/*
 * Verbs: one file and one row each.  stdout carries the answer, stderr the chatter; exit codes
 * are those of err_exit_code().
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "cli/opt.h"
#include "cli/out.h"

struct client;
struct config;
struct loop;

/* Options that every verb takes. */
struct cli_globals {
	const char *context, *config, *socket, *color;
	int64_t timeout_ms;
	bool no_start, read_only, plain, help;
};

struct cli {
	struct cli_globals global;
	const struct verb *verb;
	const char **words; /* the verb's arguments without options */
	int words_n;
	char *const *raw; /* what stood behind the verb, as typed */
	int raw_n;
	void *opts; /* the verb's own options, as its table says */
	const char *at; /* of --at: the collector is asked as of this moment; NULL: now */
	bool running_only; /* the verb has no use for a collector that it would have to start */
	struct out out;
};

/* What completion offers for a verb's words. */
enum verb_complete { WORDS_NONE, WORDS_KIND_NAMES, WORDS_FILE, WORDS_VERBS, WORDS_CHOICE,
	WORDS_ALERTS, WORDS_FILTER,
	WORDS_CONFIG /* choices, then a key or a file */ };

struct verb {
	const char *name;
	const char *args; /* "KIND [NAME...]" */
	const char *help; /* one line */
	const char *about; /* paragraphs for --help and the manual page, may be NULL */
	const char *const *examples; /* pairs: command line, what it does; NULL-terminated */
	const struct opt *opts;
	size_t opts_size;
	const char *const *choices; /* for WORDS_CHOICE */
	enum verb_complete complete;
	int min, max; /* words; max -1: any number */
	bool hidden; /* works, is not shown */
	bool raw;    /* parses its own words: they go to another program */
	/* The exit code, or -1 with the story in e. */
	int (*run)(struct cli *c, struct err *e);
};

extern const struct verb verb_ack, verb_api, verb_complete, verb_completion, verb_config, verb_console,
	verb_demo, verb_describe, verb_detect, verb_devnet, verb_doctor, verb_events, verb_get, verb_help,
	verb_man, verb_record, verb_replay, verb_serve, verb_silence, verb_status, verb_stop, verb_top,
	verb_version;

extern const struct verb *const verbs[]; /* NULL-terminated, in the order help shows them */
const struct verb *verb_find(const char *name);

extern const struct opt global_opts[];

int cli_main(int argc, char **argv);

/* A line of chatter on stderr: "depinctl: ...". */
void cli_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The same from a callback. */
void cli_say_line(void *arg, const char *line);

/* help.c */
void help_wrap(struct out *o, const char *text, int at, int indent);
void help_all(struct out *o);
void help_verb(struct out *o, const struct verb *v);

/* session.c: a client connected as the global options say; NULL with the story. */
struct client *cli_connect(struct cli *c, struct err *e);
/* One call of it, and its answer; NULL with the story. */
json_t *cli_ask(struct cli *c, const char *method, struct slice params, struct err *e);
/* The context's names and paths as the global options and the configuration say. */
struct cli_place {
	struct config *config; /* NULL without a file */
	char *config_path, *context, *socket;
};
int cli_place(struct cli *c, struct cli_place *p, struct err *e);
void cli_place_fini(struct cli_place *p);

#endif
