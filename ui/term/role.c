#include "ui/term/role.h"

static const struct {
	const char *name, *help;
} roles[ROLE_COUNT] = {
#define X(id, n, h) [ROLE_##id] = { n, h },
	TERM_ROLES(X)
#undef X
};

const char *role_name(enum term_role r)
{
	return (unsigned)r < ROLE_COUNT ? roles[r].name : "?";
}

const char *role_help(enum term_role r)
{
	return (unsigned)r < ROLE_COUNT ? roles[r].help : "?";
}

int role_parse(struct slice name)
{
	for (int r = 0; r < ROLE_COUNT; r++)
		if (slice_is(name, roles[r].name))
			return r;
	return -1;
}
