/* What a reading found wrong or odd, by line. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/parse.h"

void config_note_add(struct config_notes *all, const struct ynode *at, bool warning,
	const char *text)
{
	all->errors += !warning;
	all->warnings += warning;
	if (all->n == CONFIG_NOTES_MAX)
		return;
	if (!all->v)
		all->v = xcalloc(CONFIG_NOTES_MAX, sizeof(*all->v));
	all->v[all->n++] = (struct config_note){ at->line, at->col, warning, xstrdup(text) };
}

static int cmp_notes(const void *pa, const void *pb)
{
	const struct config_note *a = pa, *b = pb;

	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->col > b->col) - (a->col < b->col);
}

void config_notes_sort(struct config_notes *all)
{
	if (all->n)
		qsort(all->v, all->n, sizeof(*all->v), cmp_notes);
}

int config_notes_story(const struct config_notes *all, const char *name, struct err *e)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct config_note *n = &all->v[i];

		if (n->warning)
			continue;
		if (all->errors == 1)
			return err_set(e, ERR_USAGE, "%s:%u:%u: %s", name, n->line, n->col, n->text);
		return err_set(e, ERR_USAGE,
			"%s:%u:%u: %s (and %zu more; `depinctl config check` shows all)", name,
			n->line, n->col, n->text, all->errors - 1);
	}
	return all->errors ? err_set(e, ERR_USAGE, "%s: %zu errors", name, all->errors) : 0;
}

void config_notes_fini(struct config_notes *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->v[i].text);
	free(all->v);
	*all = (struct config_notes){ 0 };
}
