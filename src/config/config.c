#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "config/parse.h"
#include "config/paths.h"

struct config_mem {
	struct config_mem *next;
	max_align_t data[];
};

void *config_alloc(struct config *c, size_t n, size_t size)
{
	struct config_mem *m;
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) ||
		__builtin_add_overflow(bytes, sizeof(*m), &bytes))
		BUG("%zu elements of %zu bytes", n, size);
	m = xcalloc(1, bytes);
	m->next = c->mem;
	c->mem = m;
	return m->data;
}

const char *config_dup(struct config *c, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(config_alloc(c, n, 1), s, n);
}

void config_free(struct config *c)
{
	if (!c)
		return;
	for (struct config_mem *m = c->mem, *next; m; m = next) {
		next = m->next;
		free(m);
	}
	free(c);
}

static char *absolute(const char *path)
{
	char *cwd, *abs;

	if (*path == '/')
		return xstrdup(path);
	cwd = getcwd(NULL, 0);
	abs = xasprintf("%s/%s", cwd ? cwd : "", path);
	free(cwd);
	return abs;
}

static struct config *load(const char *path, struct config_notes *notes, struct err *e)
{
	char *dir = absolute(path), *slash = strrchr(dir, '/');
	struct config *c = NULL;
	struct buf text;

	if (slash)
		*slash = '\0';
	buf_init(&text, YDOC_BYTES_MAX);
	if (ydoc_slurp(path, &text, e) == 0)
		c = config_parse_notes(buf_slice(&text), path, dir, notes, e);
	if (c)
		c->path = config_dup(c, path);
	buf_fini(&text);
	free(dir);
	return c;
}

struct config *config_read(const char *path, struct config_notes *notes, struct err *e)
{
	struct config *c;
	char *def;

	if (path)
		return load(path, notes, e);
	def = config_default_path(e);
	if (!def)
		return NULL;
	if (access(def, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR))
		c = config_parse((struct slice){ NULL, 0 }, def, "/", e);
	else
		c = load(def, notes, e);
	free(def);
	return c;
}

struct config *config_load(const char *path, struct err *e)
{
	struct config_notes notes = { 0 };
	struct config *c = config_read(path, &notes, e);

	config_notes_fini(&notes);
	return c;
}

static const struct config_context *find(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_contexts; i++)
		if (strcasecmp(c->contexts[i].name, name) == 0)
			return &c->contexts[i];
	return NULL;
}

static void no_such(const struct config *c, const char *name, struct err *e)
{
	struct suggest s;

	suggest_init(&s, name, strlen(name));
	for (size_t i = 0; i < c->n_contexts; i++)
		suggest_offer(&s, c->contexts[i].name);
	if (!c->n_contexts)
		err_set(e, ERR_USAGE, "no context %.64s: the configuration has none", name);
	else if (s.best)
		err_set(e, ERR_USAGE, "no context %.64s; did you mean %s?", name, s.best);
	else
		err_set(e, ERR_USAGE, "no context %.64s; there is %s%s", name, c->contexts[0].name,
			c->n_contexts > 1 ? " and others" : "");
}

const struct config_context *config_context(const struct config *c, const char *name, struct err *e)
{
	const struct config_context *x;

	if (!name)
		name = c->current;
	if (!name) {
		if (c->n_contexts == 1)
			return &c->contexts[0];
		err_set(e, ERR_USAGE,
			c->n_contexts ? "several contexts and no `current`; name one with --context"
				      : "no contexts are configured");
		return NULL;
	}
	if (!config_name_ok(name)) {
		err_set(e, ERR_USAGE,
			"not a context's name: letters, digits, dot, dash and "
			"underscore, at most 64");
		return NULL;
	}
	x = find(c, name);
	if (!x)
		no_such(c, name, e);
	return x;
}
