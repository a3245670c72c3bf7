/*
 * A YAML document as a tree whose every node knows its line; the only file that knows libyaml.
 * (libcyaml, which sits on libyaml, cannot name the line and key of an unknown key, nor
 * suggest one; so schemas are tables of ours above this tree.)
 * Refused: anchors, aliases and tags, keys that are not scalars, a key twice, several
 * documents, NUL, more than 1 MiB, nested deeper than 16.
 */
#ifndef BASE_YDOC_H
#define BASE_YDOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define YDOC_BYTES_MAX (1 << 20)
#define YDOC_DEPTH_MAX 16

enum ynode_kind { YNODE_NULL, YNODE_SCALAR, YNODE_LIST, YNODE_MAP };

struct ynode {
	enum ynode_kind kind;
	unsigned line, col; /* where it begins, from 1; in a map: where its key stands */
	char *key;	    /* in a map, else NULL */
	char *text;	    /* of a scalar; NULL for the others */
	struct ynode *kids; /* of a list or a map, n of them */
	size_t n;
};

/* An empty document is a YNODE_NULL.  NULL on failure; the story begins with `name:LINE:COLUMN: `. */
struct ynode *ydoc_read(struct slice text, const char *name, struct err *e);
/* A file's bytes appended to b; larger than YDOC_BYTES_MAX is refused.  Stories name the path. */
int ydoc_slurp(const char *path, struct buf *b, struct err *e);
/* Both in one, `name` being the path.  A missing file is ERR_USAGE like the rest. */
struct ynode *ydoc_read_file(const char *path, struct err *e);
void ydoc_free(struct ynode *root);
/* The member of a map, or NULL. */
const struct ynode *ynode_get(const struct ynode *map, const char *key);

#endif
