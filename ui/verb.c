/* Commands of the command line, run from within: ":status", ":!events --since 10m". */
#include <string.h>

#include "base/suggest.h"
#include "ui/screen/output.h"
#include "ui/shell.h"
#include "ui/ui.h"

const struct ui_verb *verb_named(const struct shell *s, struct slice name)
{
	for (const struct ui_verb *v = s->spec.verbs; v && v->name; v++)
		if (slice_is(name, v->name))
			return v;
	return NULL;
}

static int no_verb(const struct shell *s, struct slice name, struct err *e)
{
	struct suggest near;

	suggest_init(&near, name.p, name.n);
	for (const struct ui_verb *v = s->spec.verbs; v && v->name; v++)
		if (!v->apart)
			suggest_offer(&near, v->name);
	return err_set(e, ERR_USAGE, "no command '%.*s' of the command line%s%s%s", SLICE_ARG(name),
		near.best ? "; did you mean '" : "", near.best ? near.best : "", near.best ? "'?" : "");
}

int verb_run(struct shell *s, struct slice line, struct err *e)
{
	struct slice name = slice_mem(line.p, 0);
	const struct ui_verb *v;

	while (name.n < line.n && name.p[name.n] != ' ')
		name.n++;
	v = verb_named(s, name);
	if (!v)
		return no_verb(s, name, e);
	if (v->apart)
		return err_set(e, ERR_REFUSED, "%s: not from within the console", v->name);
	if (v->acts && s->spec.read_only)
		return err_set(e, ERR_REFUSED, "%s: not in a read-only console", v->name);
	if (!s->stage.client)
		return err_set(e, ERR_UNREACH, "the collector has not been reached yet");
	return shell_push(s, &screen_output, line, e);
}
