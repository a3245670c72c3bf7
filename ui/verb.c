/* Commands of the command line, run from within: ":status", ":!events --since 10m". */
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/suggest.h"
#include "ui/screen/moment.h"
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

/* What is asked is asked of the moment that the console shows. */
static int open_at(struct shell *s, struct slice name, struct slice line, struct err *e)
{
	struct buf b;
	int rc;

	buf_init(&b, PROMPT_MAX + 80);
	buf_addf(&b, "%.*s --at ", SLICE_ARG(name));
	buf_addtime(&b, moment_ms());
	buf_add(&b, line.p + name.n, line.n - name.n);
	rc = shell_push(s, &screen_output, buf_slice(&b), e);
	buf_fini(&b);
	return rc;
}

int verb_run(struct shell *s, struct slice line, struct err *e)
{
	struct slice name = slice_mem(line.p, 0);
	const struct ui_verb *v;
	char bang[80];
	int rc;

	while (name.n < line.n && name.p[name.n] != ' ')
		name.n++;
	v = verb_named(s, name);
	if (!v)
		return no_verb(s, name, e);
	if (v->apart)
		return err_set(e, ERR_REFUSED, "%s: not from within the console", v->name);
	snprintf(bang, sizeof(bang), "!%s", v->name);
	rc = gate_pass(s, v->acts, slice_of(bang), slice_mem(line.p + name.n, line.n - name.n), e);
	if (rc)
		return rc;
	if (!s->stage.client)
		return err_set(e, ERR_UNREACH, "the collector has not been reached yet");
	if (v->at && moment_gone() && !memmem(line.p, line.n, " --at", 5))
		return open_at(s, name, line, e);
	return shell_push(s, &screen_output, line, e);
}
