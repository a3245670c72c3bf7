#include "ui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/config.h"
#include "ui/term/keys.h"

/* In the user's own syntax: what stands here could stand under `ui.keys` of a configuration. */
static const struct config_pair defaults[] = {
	{ "q", "quit" },
	{ "ctrl-c", "quit" },
	{ ":", "prompt" },
	{ "?", "help" },
	{ "f1", "help" },
	{ "esc", "back" },
	{ "backspace", "back" },
	{ "1", "tab 1" }, { "2", "tab 2" }, { "3", "tab 3" }, { "4", "tab 4" }, { "5", "tab 5" },
	{ "6", "tab 6" }, { "7", "tab 7" }, { "8", "tab 8" }, { "9", "tab 9" },
	{ "tab", "tab next" },
	{ "shift-tab", "tab previous" },
	{ "`", "tab last" },
	{ "ctrl-l", "redraw" },
	{ "ctrl-z", "suspend" },
	{ "ctrl-t", "theme" },
	{ "T", "ask travel" },
	{ "{", "earlier 10s" }, { "}", "later 10s" },
	{ "alt-{", "earlier 1m" }, { "alt-}", "later 1m" },
	{ "alt-(", "earlier 10m" }, { "alt-)", "later 10m" },
	{ "(", "warning previous" }, { ")", "warning next" },
	{ ";", "hold" }, { ",", "speed slower" }, { ".", "speed faster" },
	{ "y", "copy" },
	{ "enter", "open" },
	{ "down", "move 1" }, { "j", "move 1" },
	{ "up", "move -1" }, { "k", "move -1" },
	{ "pgdn", "page 1" }, { "ctrl-f", "page 1" }, { "ctrl-d", "page 1" },
	{ "pgup", "page -1" }, { "ctrl-b", "page -1" }, { "ctrl-u", "page -1" },
	{ "g", "home" }, { "home", "home" },
	{ "G", "end" }, { "end", "end" },

	{ "list /", "ask filter" },
	{ "list u", "unfilter" },
	{ "list s", "ask sort" },
	{ "list >", "sort-column 1" },
	{ "list <", "sort-column -1" },
	{ "list r", "reverse" },
	{ "list x", "release" },
	{ "list right", "scroll 1" }, { "list l", "scroll 1" },
	{ "list left", "scroll -1" }, { "list h", "scroll -1" },
	{ "overview H", "strip" },
	{ "devices e", "its-events" },
	{ "devices c", "ask columns" },
	{ "devices C", "choose-columns" },
	{ "devices H", "heat" },
	{ "devices b", "group-next" },
	{ "chooser space", "toggle" },
	{ "chooser J", "shift 1" }, { "chooser right", "shift 1" },
	{ "chooser K", "shift -1" }, { "chooser left", "shift -1" },
	{ "chooser t", "course" },
	{ "chooser enter", "apply" },
	{ "chooser A", "usual" },
	{ "confirm y", "yes" },
	{ "confirm n", "back" },
	{ "devices space", "mark" },
	{ "devices y", "copy-marks" },
	{ "devices ctrl-space", "mark-range" },

	{ "log /", "ask search" },
	{ "log n", "next" },
	{ "log N", "previous" },
	{ "log f", "ask filter" },
	{ "log i", "filter-in type" }, { "log I", "filter-in" },
	{ "log o", "filter-out type" }, { "log O", "filter-out" },
	{ "log u", "unfilter" },
	{ "log @", "ask goto" },
	{ "log m", "mark" }, { "log '", "next-mark" },
	{ "log y", "copy-message" }, { "log Y", "copy-row" },
	{ "log w", "wrap" },
	{ "log t", "deltas" },
	{ "log H", "strip" },
	{ "log [", "strip-move -1" }, { "log ]", "strip-move 1" },
	{ "log +", "strip-zoom 1" }, { "log =", "strip-zoom 1" },
	{ "log -", "strip-zoom -1" },
	{ "log space", "pause" }, { "log p", "pause" },
	{ "log d", "its-device" },
	{ "log J", "scroll-detail 3" },
	{ "log K", "scroll-detail -3" },
	{ "log right", "scroll 1" }, { "log l", "scroll 1" },
	{ "log left", "scroll -1" }, { "log h", "scroll -1" },

	{ "output right", "scroll 1" }, { "output l", "scroll 1" },
	{ "output left", "scroll -1" }, { "output h", "scroll -1" },

	{ "alerts a", "ask ack" }, { "devices a", "ask ack" }, { "device a", "ask ack" },
	{ "alerts A", "unack" }, { "devices A", "unack" }, { "device A", "unack" },
	{ "alerts z", "ask silence" }, { "devices z", "ask silence" }, { "device z", "ask silence" },
	{ "alerts Z", "unsilence" }, { "silences Z", "unsilence" },
	{ "alerts S", "silences" },
	{ "alerts space", "mark" },
	{ "alerts y", "copy-marks" },
	{ "alerts ctrl-space", "mark-range" },
	{ "alerts d", "detail" },
	{ "device e", "its-events" },
	{ "device space", "overlay" },
	{ "device +", "zoom 1" }, { "device =", "zoom 1" },
	{ "device -", "zoom -1" },
	{ "device right", "cursor 1" }, { "device l", "cursor 1" },
	{ "device left", "cursor -1" }, { "device h", "cursor -1" },
	{ "device [", "pan -1" },
	{ "device ]", "pan 1" },

	{ "map /", "ask filter" },
	{ "map n", "next" },
	{ "map N", "previous" },
	{ "map +", "zoom 1" }, { "map =", "zoom 1" },
	{ "map -", "zoom -1" },
	{ "map left", "pan left" }, { "map h", "pan left" },
	{ "map right", "pan right" }, { "map l", "pan right" },
	{ "map up", "pan up" }, { "map k", "pan up" },
	{ "map down", "pan down" }, { "map j", "pan down" },
	{ "map g", "fit world" },
	{ "map f", "fit devices" },
	{ "map w", "shade" },
};

static int add(struct keymap *m, const struct config_pair *p, struct err *e)
{
	const char *blank = strchr(p->key, ' ');
	struct binding *b;

	m->v = xreallocarray(m->v, m->n + 1, sizeof(*m->v));
	b = &m->v[m->n];
	*b = (struct binding){ .key = key_parse(slice_of(blank ? blank + 1 : p->key)) };
	if (blank)
		snprintf(b->group, sizeof(b->group), "%.*s", (int)(blank - p->key), p->key);
	if (!b->key)
		return err_set(e, ERR_USAGE, "ui.keys: '%.60s' names no key", p->key);
	b->line = xstrdup(p->value ? p->value : "");
	m->n++;
	return 0;
}

int keymap_init(struct keymap *m, const struct config_pairs *user, struct err *e)
{
	*m = (struct keymap){ 0 };
	for (size_t i = 0; user && i < user->n; i++)
		if (add(m, &user->v[i], e) < 0)
			return -1;
	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (add(m, &defaults[i], e) < 0)
			return -1;
	return 0;
}

void keymap_fini(struct keymap *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->v[i].line);
	free(m->v);
	*m = (struct keymap){ 0 };
}

static const struct binding *find(const struct keymap *m, const char *group, uint32_t key)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->v[i].key == key && strcmp(m->v[i].group, group) == 0)
			return &m->v[i];
	return NULL;
}

const char *keymap_line(const struct keymap *m, const char *screen, const char *group,
	uint32_t key)
{
	const char *const groups[] = { screen, group, "" };
	const struct binding *b = NULL;

	for (size_t i = 0; i < ARRAY_LEN(groups) && !b; i++)
		b = groups[i] ? find(m, groups[i], key) : NULL;
	return b && *b->line ? b->line : NULL;
}

uint32_t keymap_key(const struct keymap *m, const char *screen, const char *group,
	const char *line)
{
	for (size_t i = 0; i < m->n; i++) {
		const char *now;

		if (strcmp(m->v[i].line, line) != 0)
			continue;
		now = keymap_line(m, screen, group, m->v[i].key);
		if (now && strcmp(now, line) == 0)
			return m->v[i].key;
	}
	return 0;
}
