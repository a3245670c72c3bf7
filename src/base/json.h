/*
 * JSON.  Writing: straight into a struct buf, escapes done, C1 and bidi controls as \u.
 * Reading: Jansson, except on measured hot paths.  Jansson refuses a whole message that holds
 * an integer beyond int64 or a number beyond double; json_load() first turns such numbers
 * into strings, so that one odd number never hides the rest.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Parses one whole value; depth at most 64; error says byte and line.  NULL on failure. */
json_t *json_load(struct slice s, struct err *e);

/* Typed members; the default when absent, null or of another type. Borrowed strings. */
const char *json_str(const json_t *o, const char *key, const char *def);
int64_t json_i64(const json_t *o, const char *key, int64_t def); /* also decimal strings */
double json_f64(const json_t *o, const char *key, double def);	 /* also decimal strings */
bool json_flag(const json_t *o, const char *key, bool def);

/*
 * A streaming writer.  Commas and colons are its business:
 *   jw_object(&w); jw_key(&w, "id"); jw_str(&w, id); jw_end(&w);
 * One depth of nesting each object/array, at most 96 (json_load()'s 64 and ours).
 * Errors (limit) show in b->full.
 */
struct jw {
	struct buf *b;
	uint8_t depth;
	bool comma;
	char stack[96];
};

void jw_init(struct jw *w, struct buf *b);
void jw_object(struct jw *w);
void jw_array(struct jw *w);
void jw_end(struct jw *w);
void jw_key(struct jw *w, const char *key);
void jw_str(struct jw *w, struct slice s); /* invalid UTF-8 becomes U+FFFD */
void jw_i64(struct jw *w, int64_t v);
void jw_u64(struct jw *w, uint64_t v);
void jw_f64(struct jw *w, double v); /* NaN and infinities become null */
void jw_bool(struct jw *w, bool v);
void jw_null(struct jw *w);
void jw_raw(struct jw *w, struct slice json); /* already JSON */
void jw_time(struct jw *w, int64_t unix_ms);  /* RFC 3339, null when 0 */
void jw_json(struct jw *w, const json_t *v);

#endif
