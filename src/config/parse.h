/* Inside the parser: the walk's state, and how scalars are read and written. */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

#include "base/ydoc.h"
#include "config/config.h"
#include "config/keys.h"

struct config_parse {
	struct config *c;
	const char *name, *dir;
	struct buf where; /* "contexts[0].sources[1].url": the key at hand */
	int kind;	  /* of the source at hand; -1: none is; SOURCE_KINDS: none that is known */
	struct config_notes *notes;
};

/* Notes "WHERE: story" at a node's place, an error; returns -1.  The walk goes on: one reading
 * tells of all that is wrong. */
int config_bad(struct config_parse *p, const struct ynode *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Likewise what is odd, but no error. */
void config_warn(struct config_parse *p, const struct ynode *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void config_note_add(struct config_notes *all, const struct ynode *at, bool warning,
	const char *text);
void config_notes_sort(struct config_notes *all);
/* 0, or -1 with the story of the first error. */
int config_notes_story(const struct config_notes *all, const char *name, struct err *e);
/* Bytes of a key that stories show; free-form keys may not be longer. */
#define CONFIG_KEY_MAX 60
/* Step into a key or an element of p->where; config_leave() with what they returned steps out. */
size_t config_enter_key(struct config_parse *p, const char *key);
size_t config_enter_index(struct config_parse *p, size_t i);
void config_leave(struct config_parse *p, size_t was);
/* The row for `key` of the map `prefix`, its "*" row when no other has that name, or NULL. */
const struct config_key *config_find_key(const char *prefix, const char *key);
/* True for "token", "password" and their like: keys that would hold a secret in clear. */
bool config_names_secret(const char *key);
int config_secret_in_clear(struct config_parse *p, const struct ynode *kid);
/* Any keys with strings into struct config_pairs at `at`. */
int config_parse_pairs(
	struct config_parse *p, const struct config_key *k, const struct ynode *n, void *at);
/* The keys of the map n that no row but k knows, flattened. */
int config_parse_rest(struct config_parse *p, const struct config_key *k, const char *prefix,
	const struct ynode *n, void *at);
/* Memory that lives as long as the configuration, zeroed. */
void *config_alloc(struct config *c, size_t n, size_t size);
const char *config_dup(struct config *c, const char *s);

/* A scalar of type `t` (k->type or k->item) from its text into *at; 0 or config_bad(). */
int config_scalar_set(struct config_parse *p, const struct config_key *k, enum config_type t,
	const struct ynode *n, const char *text, void *at);
/* The text that would set it; nothing when it is absent. */
void config_scalar_text(
	const struct config_key *k, enum config_type t, const void *at, struct buf *out);
/* An int64 of k's unit. */
void config_number_text(enum config_type t, int64_t v, struct buf *out);
/* ", at least 100ms, at most 1d": what holds for k's value or number of elements. */
void config_limits_text(const struct config_key *k, struct buf *out);

int config_check_source(struct config_parse *p, const struct ynode *n, const void *source);
int config_check_ledger(struct config_parse *p, const struct ynode *n, const void *ledger);
int config_check_collector(struct config_parse *p, const struct ynode *n, const void *collector);

#endif
