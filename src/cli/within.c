/* The verbs as the console's own command line has them. */
#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/console.h"
#include "ui/ui.h"

#define CONSOLE_VERBS 32

/* They stay, ask, or have nothing to say to a reader. */
static const struct verb *const apart[] = { &verb_demo, &verb_devnet, &verb_serve, &verb_replay,
	&verb_completion, &verb_api, &verb_man };
static const struct verb *const acting[] = { &verb_stop, &verb_record, &verb_ack, &verb_silence };

static bool among(const struct verb *const *list, size_t n, const struct verb *v)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == v)
			return true;
	return false;
}

static bool knows_the_past(const struct verb *v)
{
	const struct opt_set set = { v->opts, NULL };

	return opt_find(&set, 1, "at", 2) != NULL;
}

const struct ui_verb *console_verbs(void)
{
	static struct ui_verb out[CONSOLE_VERBS + 1];
	size_t n = 0;

	for (const struct verb *const *v = verbs; *v && n < CONSOLE_VERBS; v++)
		if (!(*v)->hidden)
			out[n++] = (struct ui_verb){ .name = (*v)->name, .args = (*v)->args,
				.help = (*v)->help, .apart = among(apart, ARRAY_LEN(apart), *v),
				.acts = among(acting, ARRAY_LEN(acting), *v),
				.at = knows_the_past(*v) };
	return out;
}
