/*
 * The table of configuration keys.  Parsing, `config explain`, `config print`, the reference
 * in docs/ and the manual page all read it; a new key is a member of a struct and a row here.
 */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum config_type {
	CFG_MAP,     /* a struct within the struct; its keys are rows "path.key" */
	CFG_LIST,    /* of maps; rows "path[].key" */
	CFG_STRINGS, /* a list of `item` */
	CFG_PAIRS,   /* any keys, with strings */
	CFG_TREE,    /* any keys, with anything: flattened into pairs */
	CFG_STRING,  /* the rest are scalars */
	CFG_TEXT,    /* may span lines, which become blanks */
	CFG_NAME,
	CFG_URL,
	CFG_FILE,
	CFG_ENV,
	CFG_LISTEN,
	CFG_ADDRESS,
	CFG_INT,
	CFG_NUMBER,
	CFG_SIZE,
	CFG_DURATION,
	CFG_CHOICE,
};

struct config_parse;
struct ynode;

struct config_key {
	const char *path; /* "contexts[].sources[].interval" */
	const char *help; /* one sentence without the full stop */
	const char *def;  /* as a user would write it, or NULL */
	enum config_type type, item;
	int64_t min, max;	    /* of numbers, sizes, durations; max 0: none */
	const char *const *choices; /* the index is the value; of URLs: the schemes */
	unsigned only;		    /* bits of source kinds it has a meaning for; 0: all */
	unsigned needed;	    /* bits of source kinds that cannot do without; ~0: all */
	size_t at, count_at, size;  /* in the struct; of lists: the count, an element's size */
	size_t max_n;		    /* of lists */
	bool later;		    /* checked and kept, but nothing heeds it yet */
	/* What the rows cannot say; called with the struct once its keys are in. */
	int (*check)(struct config_parse *p, const struct ynode *n, const void *item);
};

extern const struct config_key config_keys[];
extern const size_t config_keys_n;

const char *config_type_name(const struct config_key *k);
/* True when k stands directly below the map or list element `prefix` ("" is the top);
 * *name is its last part. */
bool config_key_below(const struct config_key *k, const char *prefix, const char **name);
/* Where the keys below k stand: "collector", "contexts[]". k is a map or a list. */
void config_key_prefix(const struct config_key *k, char out[128]);

#endif
