#include "ui/term/env.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"

static bool set(const char *name)
{
	const char *v = getenv(name);

	return v && *v;
}

static bool names_utf8(void)
{
	static const char *const vars[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < ARRAY_LEN(vars); i++)
		if (set(vars[i]))
			return strcasestr(getenv(vars[i]), "utf-8") ||
			       strcasestr(getenv(vars[i]), "utf8");
	return false;
}

static bool codeset_is_utf8(void)
{
	return strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* The user's locale may not be installed here; its encoding is all that is asked. */
bool env_use_utf8(enum term_when w)
{
	if (w == TERM_NEVER || (w == TERM_AUTO && !names_utf8()))
		return false;
	if (setlocale(LC_CTYPE, "") && codeset_is_utf8())
		return true;
	return setlocale(LC_CTYPE, "C.UTF-8") && codeset_is_utf8();
}

bool env_no_colour(enum term_when w)
{
	return w == TERM_NEVER || (w == TERM_AUTO && set("NO_COLOR"));
}

/* GNU screen hands the variable on and takes "38;2;..." for other things. */
bool env_true_colour(enum term_when w)
{
	const char *v = getenv("COLORTERM");

	if (w != TERM_AUTO)
		return w == TERM_ALWAYS;
	return v && (strcmp(v, "truecolor") == 0 || strcmp(v, "24bit") == 0) && !set("STY");
}

bool env_over_ssh(void)
{
	return set("SSH_CONNECTION") || set("SSH_TTY");
}

bool env_multiplexed(void)
{
	return set("TMUX") || set("STY");
}

enum reach_through env_through(void)
{
	return set("TMUX") ? REACH_TMUX : set("STY") ? REACH_SCREEN : REACH_DIRECT;
}
