/*
 * What a recording holds of a source beside its bytes (docs/recording.md): a note of what the
 * configuration says of it, its states, and at the beginning what it knew from before.
 */
#ifndef SOURCE_KEEP_H
#define SOURCE_KEEP_H

#include <jansson.h>

#include "base/slice.h"

struct source;

/* Of a recording that is being made; nothing otherwise. */
void keep_note(struct source *s);
void keep_state(struct source *s);
/* All three: of each source when a recording begins, and of each that is opened while one is made. */
void keep_beginning(struct source *s);

/* A state that was kept, taken on; -1: it is none. */
int keep_replay_state(struct source *s, struct slice text);

#endif
