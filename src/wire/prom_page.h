/*
 * What a page's lines were last time: for each sample line a hash of the bytes before its value
 * and the caller's handle, in the page's order, 16 bytes a line.  The hash is keyed and 64 bits
 * wide: two series that share one are not to be met.  Private to this folder.
 */
#ifndef WIRE_PROM_PAGE_H
#define WIRE_PROM_PAGE_H

#include "wire/prom.h"

struct prom_entry {
	uint64_t print;
	uint32_t handle;
	uint32_t len : 24, type : 8; /* bytes hashed; type of the family it stood under */
};

struct prom_page {
	struct prom_entry *v; /* the last page */
	size_t n, cap, at;    /* at: the line expected next */
	/* The page now being read.  As long as it runs like the last one nothing is written;
	 * where it first differs, `next` begins with a copy of what ran alike. */
	struct prom_entry *next;
	size_t next_n, next_cap;
	bool differs;
	uint32_t *index; /* of v by print, made when first needed; 0: empty, else place + 1 */
	size_t index_size;
};

void prom_page_begin(struct prom_page *g);
/* The entry that says the same as this line of a family of this type, NULL when none does. */
struct prom_entry *prom_page_match(struct prom_page *g, const char *line, const char *end,
	enum prom_type type);
/* The same for a line that has been parsed: by its first len bytes, wherever it stood. */
struct prom_entry *prom_page_find(struct prom_page *g, const char *line, size_t len,
	enum prom_type type);
/* Makes a found entry the next of the new page, with this handle. */
void prom_page_keep(struct prom_page *g, const struct prom_entry *e, uint32_t handle);
void prom_page_add(struct prom_page *g, const char *line, size_t len, enum prom_type type,
	uint32_t handle);
void prom_page_end(struct prom_page *g, bool whole);

#endif
