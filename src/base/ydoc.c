#include "base/ydoc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <yaml.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"

struct reader {
	yaml_parser_t parser;
	yaml_event_t ev; /* the current event; owned between next() and the following one */
	bool have;
	const char *name;
	struct err *e;
};

static int fail(struct reader *r, yaml_mark_t at, const char *what)
{
	return err_set(r->e, ERR_USAGE, "%s:%zu:%zu: %s", r->name, at.line + 1, at.column + 1, what);
}

static void place(struct ynode *n, yaml_mark_t at)
{
	n->line = (unsigned)at.line + 1;
	n->col = (unsigned)at.column + 1;
}

static int next(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (r->have)
		yaml_event_delete(&r->ev);
	r->have = yaml_parser_parse(&r->parser, &r->ev) != 0;
	if (r->have)
		return 0;
	return fail(r, p->problem_mark.line ? p->problem_mark : p->context_mark,
		p->problem ? p->problem : "not YAML");
}

static int check_plain(struct reader *r, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return fail(r, r->ev.start_mark, "anchors and aliases are not taken here");
	if (tag && strcmp((const char *)tag, "!") != 0)
		return fail(r, r->ev.start_mark, "tags (!...) are not taken here");
	return 0;
}

static bool is_null(const yaml_event_t *ev)
{
	const char *s = (const char *)ev->data.scalar.value;

	return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (!*s || strcmp(s, "~") == 0 || strcmp(s, "null") == 0);
}

static int read_scalar(struct reader *r, struct ynode *out)
{
	const char *s = (const char *)r->ev.data.scalar.value;
	size_t n = r->ev.data.scalar.length;

	if (check_plain(r, r->ev.data.scalar.anchor, r->ev.data.scalar.tag) < 0)
		return -1;
	if (memchr(s, '\0', n))
		return fail(r, r->ev.start_mark, "a NUL in a string");
	out->kind = is_null(&r->ev) ? YNODE_NULL : YNODE_SCALAR;
	if (out->kind == YNODE_SCALAR)
		out->text = xmemdup0(s, n);
	return 0;
}

static struct ynode *add_kid(struct ynode *parent)
{
	size_t n = parent->n;

	if ((n & (n - 1)) == 0) /* a power of two is full */
		parent->kids = xreallocarray(parent->kids, n ? n * 2 : 1, sizeof(*parent->kids));
	parent->kids[n] = (struct ynode){ 0 };
	parent->n++;
	return &parent->kids[n];
}

static int read_node(struct reader *r, struct ynode *out, int depth);

static int read_list(struct reader *r, struct ynode *out, int depth)
{
	out->kind = YNODE_LIST;
	if (check_plain(r, r->ev.data.sequence_start.anchor, r->ev.data.sequence_start.tag) < 0)
		return -1;
	for (;;) {
		if (next(r) < 0)
			return -1;
		if (r->ev.type == YAML_SEQUENCE_END_EVENT)
			return 0;
		if (read_node(r, add_kid(out), depth + 1) < 0)
			return -1;
	}
}

static int read_key(struct reader *r, struct ynode *kid)
{
	struct ynode key = { 0 };

	if (r->ev.type != YAML_SCALAR_EVENT)
		return fail(r, r->ev.start_mark, "a key must be a word");
	if (read_scalar(r, &key) < 0)
		return -1;
	if (!key.text)
		return fail(r, r->ev.start_mark, "a key is missing");
	kid->key = key.text;
	return 0;
}

struct seen {
	uint64_t hash;
	const struct ynode *node;
};

static int cmp_seen(const void *pa, const void *pb)
{
	const struct seen *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->node > b->node) - (a->node < b->node);
}

/* By sorted hashes: a map may have a hundred thousand keys, all of a stranger's choosing. */
static int check_twice(struct reader *r, const struct ynode *map)
{
	struct seen *s = xreallocarray(NULL, map->n ? map->n : 1, sizeof(*s));
	const struct ynode *twice = NULL;

	for (size_t i = 0; i < map->n; i++)
		s[i] = (struct seen){ hash_bytes(map->kids[i].key, strlen(map->kids[i].key)),
			&map->kids[i] };
	qsort(s, map->n, sizeof(*s), cmp_seen);
	for (size_t i = 1; i < map->n && !twice; i++)
		if (s[i].hash == s[i - 1].hash && strcmp(s[i].node->key, s[i - 1].node->key) == 0)
			twice = s[i].node;
	free(s);
	if (twice) {
		struct buf b;

		buf_init(&b, 80);
		text_clean(&b, slice_of(twice->key), false);
		err_set(r->e, ERR_USAGE, "%s:%u:%u: the key %s is there twice", r->name,
			twice->line, twice->col, b.p);
		buf_fini(&b);
	}
	return twice ? -1 : 0;
}

static int read_map(struct reader *r, struct ynode *out, int depth)
{
	out->kind = YNODE_MAP;
	if (check_plain(r, r->ev.data.mapping_start.anchor, r->ev.data.mapping_start.tag) < 0)
		return -1;
	for (;;) {
		struct ynode *kid;
		yaml_mark_t at;

		if (next(r) < 0)
			return -1;
		if (r->ev.type == YAML_MAPPING_END_EVENT)
			return check_twice(r, out);
		kid = add_kid(out);
		at = r->ev.start_mark;
		if (read_key(r, kid) < 0 || next(r) < 0 || read_node(r, kid, depth + 1) < 0)
			return -1;
		place(kid, at);
	}
}

static int read_node(struct reader *r, struct ynode *out, int depth)
{
	place(out, r->ev.start_mark);
	if (depth > YDOC_DEPTH_MAX)
		return fail(r, r->ev.start_mark, "nested too deeply");
	switch (r->ev.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, out);
	case YAML_SEQUENCE_START_EVENT:
		return read_list(r, out, depth);
	case YAML_MAPPING_START_EVENT:
		return read_map(r, out, depth);
	default:
		return fail(r, r->ev.start_mark, "anchors and aliases are not taken here");
	}
}

static int read_all(struct reader *r, struct ynode *root)
{
	if (next(r) < 0 || next(r) < 0) /* the stream, the document */
		return -1;
	if (r->ev.type == YAML_STREAM_END_EVENT)
		return 0;
	if (next(r) < 0 || read_node(r, root, 1) < 0 || next(r) < 0 || next(r) < 0)
		return -1;
	if (r->ev.type != YAML_STREAM_END_EVENT)
		return fail(r, r->ev.start_mark, "a second document (---)");
	return 0;
}

struct ynode *ydoc_read(struct slice text, const char *name, struct err *e)
{
	struct ynode *root = xcalloc(1, sizeof(*root));
	struct reader r = { .name = name, .e = e };
	int rc;

	if (text.n > YDOC_BYTES_MAX) {
		err_set(e, ERR_USAGE, "%s: larger than %d bytes", name, YDOC_BYTES_MAX);
		free(root);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.parser))
		BUG("libyaml: no parser");
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const yaml_char_t *)(text.n ? text.p : ""), text.n);
	rc = read_all(&r, root);
	if (r.have)
		yaml_event_delete(&r.ev);
	yaml_parser_delete(&r.parser);
	if (rc == 0)
		return root;
	ydoc_free(root);
	return NULL;
}

static int read_fd(int fd, struct buf *b, const char *path, struct err *e)
{
	size_t total = 0;

	for (;;) {
		char part[8192];
		ssize_t n = read(fd, part, sizeof(part));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > YDOC_BYTES_MAX || buf_add(b, part, (size_t)n) < 0)
			return err_set(
				e, ERR_USAGE, "%s: larger than %d bytes", path, YDOC_BYTES_MAX);
	}
}

int ydoc_slurp(const char *path, struct buf *b, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
	rc = read_fd(fd, b, path, e);
	close(fd);
	return rc;
}

struct ynode *ydoc_read_file(const char *path, struct err *e)
{
	struct ynode *root = NULL;
	struct buf b;

	buf_init(&b, YDOC_BYTES_MAX);
	if (ydoc_slurp(path, &b, e) == 0)
		root = ydoc_read(buf_slice(&b), path, e);
	buf_fini(&b);
	return root;
}

static void fini(struct ynode *n)
{
	for (size_t i = 0; i < n->n; i++)
		fini(&n->kids[i]);
	free(n->kids);
	free(n->key);
	free(n->text);
}

void ydoc_free(struct ynode *root)
{
	if (!root)
		return;
	fini(root);
	free(root);
}

const struct ynode *ynode_get(const struct ynode *map, const char *key)
{
	for (size_t i = 0; map->kind == YNODE_MAP && i < map->n; i++)
		if (strcmp(map->kids[i].key, key) == 0)
			return &map->kids[i];
	return NULL;
}
