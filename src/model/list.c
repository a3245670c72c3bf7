#include "model/list.h"

static struct slice trim(struct slice s)
{
	while (s.n && s.p[0] == ' ')
		s = slice_mem(s.p + 1, s.n - 1);
	while (s.n && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

struct slice list_next(struct slice s, size_t *i)
{
	size_t from = *i, end = from;
	bool braces = false;

	for (; end < s.n && (s.p[end] != ',' || braces); end++)
		braces = s.p[end] == '{' || (braces && s.p[end] != '}');
	*i = end + 1;
	return from < s.n ? trim(slice_mem(s.p + from, end - from)) : (struct slice){ 0 };
}

int sort_item(struct slice item, struct slice *name, bool *desc, struct err *e)
{
	struct slice dir = { 0 };
	size_t i = item.n;

	/* metric{a="x:y"} has colons of its own: only one behind the last brace counts */
	while (i > 0 && item.p[i - 1] != ':' && item.p[i - 1] != '}')
		i--;
	*name = item;
	if (i > 0 && item.p[i - 1] == ':') {
		name->n = i - 1;
		dir = slice_mem(item.p + i, item.n - i);
	}
	*desc = slice_is(dir, "desc");
	if (dir.p && !*desc && !slice_is(dir, "asc"))
		return err_set(e, ERR_USAGE, "sort: a key goes up or down: name or name:desc");
	if (!name->n)
		return err_set(e, ERR_USAGE, "sort: a name is missing");
	return 0;
}
