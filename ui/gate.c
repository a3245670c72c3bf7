#include "ui/gate.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/shell.h"

static void ask(struct shell *s, struct slice name, struct slice arg)
{
	struct gate *g = &s->gate;

	gate_fini(g);
	g->line = xasprintf("%.*s %.*s", SLICE_ARG(name), SLICE_ARG(arg));
	snprintf(g->sign, sizeof(g->sign), "▲ %s is protected; its name for `%.*s`: ", s->spec.title,
		(int)utf8_fit(name.p, name.n, 30), name.p);
	prompt_init(&g->prompt, g->sign);
	s->typing = &g->prompt;
}

int gate_pass(struct shell *s, bool acts, struct slice name, struct slice arg, struct err *e)
{
	if (!acts)
		return 0;
	if (s->spec.read_only)
		return err_set(e, ERR_REFUSED, "%.*s: not in a read-only console", SLICE_ARG(name));
	if (!s->spec.is_protected || s->gate.open)
		return 0;
	ask(s, name, arg);
	return 1;
}

void gate_typed(struct shell *s, struct slice text)
{
	char *line = s->gate.line;

	s->gate.line = NULL;
	if (slice_is(text, s->spec.title)) {
		s->gate.open = true;
		shell_run(s, slice_of(line));
		s->gate.open = false;
	} else {
		shell_say(s, ROLE_WARN, "not done: that is not the context's name");
	}
	free(line);
}

void gate_fini(struct gate *g)
{
	free(g->line);
	prompt_fini(&g->prompt);
	*g = (struct gate){ 0 };
}
