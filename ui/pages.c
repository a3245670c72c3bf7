/* Pages: opened, piled, shown, hidden, closed. */
#include <stdlib.h>

#include "base/alloc.h"
#include "ui/shell.h"

struct page *shell_page(struct shell *s)
{
	return s->tabs[s->on].top;
}

int shell_tab_of(const struct shell *s, const struct screen *screen)
{
	for (size_t i = 0; i < s->n_tabs; i++)
		if (s->tabs[i].screen == screen)
			return (int)i;
	return -1;
}

static void show(struct page *p, bool on)
{
	if (!p)
		return;
	p->laid_out = false;
	p->screen->show(p->state, on);
}

static void page_free(struct page *p)
{
	p->screen->show(p->state, false);
	p->screen->close(p->state);
	free(p->state);
	free(p);
}

static struct page *page_new(struct shell *s, const struct screen *screen, struct slice arg,
	struct err *e)
{
	struct page *p = xcalloc(1, sizeof(*p));

	p->screen = screen;
	p->state = xcalloc(1, screen->state_size);
	if (screen->open(p->state, &s->stage, arg, e) == 0)
		return p;
	page_free(p);
	return NULL;
}

static int depth(const struct page *p)
{
	int n = 0;

	for (; p; p = p->below)
		n++;
	return n;
}

static void put(struct shell *s, struct page *p)
{
	struct page *top = shell_page(s);

	show(top, false);
	p->below = top;
	s->tabs[s->on].top = p;
	show(p, true);
}

int shell_push(struct shell *s, const struct screen *screen, struct slice arg, struct err *e)
{
	struct page *p;

	if (depth(shell_page(s)) >= SHELL_PILE)
		return err_set(e, ERR_NO, "%d pages lie above one another: go back first", SHELL_PILE);
	p = page_new(s, screen, arg, e);
	if (!p)
		return -1;
	put(s, p);
	return 0;
}

bool shell_pop(struct shell *s)
{
	struct page *top = shell_page(s);

	if (!top || !top->below)
		return false;
	s->tabs[s->on].top = top->below;
	page_free(top);
	show(shell_page(s), true);
	return true;
}

int shell_tab(struct shell *s, size_t tab, struct err *e)
{
	struct page *p;

	if (tab >= s->n_tabs)
		return err_set(e, ERR_NO, "there are %zu tabs", s->n_tabs);
	show(shell_page(s), false);
	s->before = s->on == tab ? s->before : s->on;
	s->on = tab;
	if (s->tabs[tab].top) {
		show(s->tabs[tab].top, true);
		return 0;
	}
	p = page_new(s, s->tabs[tab].screen, slice_of(""), e);
	if (!p)
		return -1;
	memory_restore(s, p);
	put(s, p);
	return 0;
}

void shell_close(struct shell *s)
{
	memory_save(s);
	alarm_fini(&s->alarm);
	badge_close(s);
	for (size_t i = 0; i < s->n_tabs; i++)
		while (s->tabs[i].top) {
			struct page *below = s->tabs[i].top->below;

			page_free(s->tabs[i].top);
			s->tabs[i].top = below;
		}
}
