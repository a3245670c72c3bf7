#include "wire/prom_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "wire/scan.h"

enum { LOOK_AHEAD = 6 };

struct prom_page *prom_page_new(void)
{
	return xcalloc(1, sizeof(struct prom_page));
}

static void drop_index(struct prom_page *g)
{
	free(g->index);
	g->index = NULL;
	g->index_size = 0;
}

static void drop_next(struct prom_page *g)
{
	free(g->next);
	g->next = NULL;
	g->next_n = g->next_cap = 0;
	g->differs = false;
}

void prom_page_reset(struct prom_page *g)
{
	drop_index(g);
	drop_next(g);
	free(g->v);
	*g = (struct prom_page){ 0 };
}

void prom_page_free(struct prom_page *g)
{
	if (g)
		prom_page_reset(g);
	free(g);
}

size_t prom_page_memory(const struct prom_page *g)
{
	return sizeof(*g) + (g->cap + g->next_cap) * sizeof(*g->v) +
		g->index_size * sizeof(*g->index);
}

void prom_page_begin(struct prom_page *g)
{
	drop_next(g);
	g->at = 0;
}

/* Appends to the new page, as long as there is room. */
static void push(struct prom_page *g, struct prom_entry e)
{
	if (g->next_n == PROM_PAGE_MAX)
		return;
	if (g->next_n == g->next_cap) {
		g->next_cap = g->next_cap ? g->next_cap * 2 : 64;
		g->next = xreallocarray(g->next, g->next_cap, sizeof(*g->next));
	}
	g->next[g->next_n++] = e;
}

/* From here on the new page is another than the last. */
static void diverge(struct prom_page *g)
{
	if (g->differs)
		return;
	g->differs = true;
	g->next_cap = g->n + 64;
	g->next = xreallocarray(NULL, g->next_cap, sizeof(*g->next));
	if (g->at)
		memcpy(g->next, g->v, g->at * sizeof(*g->v));
	g->next_n = g->at;
}

/* The bytes around the end of the prefix come first: they tell most lines apart. */
static bool same(const struct prom_entry *e, const char *line, const char *end, enum prom_type t)
{
	return (size_t)(end - line) > e->len && !scan_blank(line[e->len]) &&
		(scan_blank(line[e->len - 1]) || line[e->len - 1] == '}') && e->type == t &&
		e->handle != PROM_NONE && hash_bytes(line, e->len) == e->print;
}

struct prom_entry *prom_page_match(struct prom_page *g, const char *line, const char *end,
	enum prom_type type)
{
	size_t last = g->n - g->at < LOOK_AHEAD ? g->n : g->at + LOOK_AHEAD;

	for (size_t i = g->at; i < last; i++)
		if (same(&g->v[i], line, end, type))
			return &g->v[i];
	return NULL;
}

static void make_index(struct prom_page *g)
{
	size_t size = 64;

	while (size < 2 * g->n)
		size *= 2;
	g->index = xcalloc(size, sizeof(*g->index));
	g->index_size = size;
	for (size_t i = 0; i < g->n; i++) {
		size_t h = g->v[i].print & (size - 1);

		while (g->index[h])
			h = (h + 1) & (size - 1);
		g->index[h] = (uint32_t)i + 1;
	}
}

struct prom_entry *prom_page_find(struct prom_page *g, const char *line, size_t len,
	enum prom_type type)
{
	uint64_t print = hash_bytes(line, len);
	size_t h;

	if (!g->n)
		return NULL;
	if (!g->index)
		make_index(g);
	for (h = print & (g->index_size - 1); g->index[h]; h = (h + 1) & (g->index_size - 1)) {
		struct prom_entry *e = &g->v[g->index[h] - 1];

		if (e->print == print && e->len == len && e->type == type &&
			e->handle != PROM_NONE)
			return e;
	}
	return NULL;
}

void prom_page_keep(struct prom_page *g, const struct prom_entry *e, uint32_t handle)
{
	size_t i = (size_t)(e - g->v);

	if (i != g->at)
		diverge(g);
	g->at = i + 1;
	g->v[i].handle = handle;
	if (g->differs)
		push(g, g->v[i]);
}

void prom_page_add(struct prom_page *g, const char *line, size_t len, enum prom_type type,
	uint32_t handle)
{
	diverge(g);
	push(g, (struct prom_entry){ hash_bytes(line, len), handle, (uint32_t)len, type });
}

void prom_page_end(struct prom_page *g, bool whole)
{
	drop_index(g);
	if (whole && !g->differs) {
		g->n = g->at; /* the lines after it are gone */
	} else if (whole) {
		free(g->v);
		g->v = xreallocarray(g->next, g->next_n ? g->next_n : 1, sizeof(*g->v));
		g->n = g->next_n;
		g->cap = g->next_n ? g->next_n : 1;
		g->next = NULL;
	}
	drop_next(g);
}
