/* Questions to the collector whose asker may be gone when the answer comes. */
#ifndef UI_SCREEN_ASKER_H
#define UI_SCREEN_ASKER_H

#include <jansson.h>

#include "base/err.h"
#include "base/slice.h"

struct asker_call;
struct client;

struct asker {
	struct asker_call *calls; /* under way */
};

/* answer: borrowed, NULL when there is none, and e says why. */
typedef void asker_fn(void *arg, const json_t *answer, const struct err *e);
void asker_call(struct asker *a, struct client *c, const char *method, struct slice params,
	asker_fn *fn, void *arg);
/* The same, with the answer as text, borrowed: for answers of many rows that are kept as such. */
typedef void asker_text_fn(void *arg, struct slice answer, const struct err *e);
void asker_call_text(struct asker *a, struct client *c, const char *method, struct slice params,
	asker_text_fn *fn, void *arg);
/* The same with {"kind": kind, "name": name}. */
void asker_describe(struct asker *a, struct client *c, const char *kind, struct slice name,
	asker_fn *fn, void *arg);
/* No answer reaches it any more. */
void asker_fini(struct asker *a);

#endif
