/* Free-form keys: maps of strings, and a plugin's own keys flattened into pairs. */
#include <string.h>

#include "base/utf8.h"
#include "config/parse.h"

static int check_free_key(struct config_parse *p, const struct ynode *n)
{
	const char *s = n->key;
	size_t len = strlen(s);

	for (size_t i = 0; i < len;) {
		uint32_t cp;
		size_t k = utf8_decode(s + i, len - i, &cp);

		if (!k || utf8_hidden(cp))
			return config_bad(
				p, n, "a key with a control or an invisible character");
		i += k;
	}
	return len > CONFIG_KEY_MAX
		       ? config_bad(p, n, "a key of more than %d bytes", CONFIG_KEY_MAX)
		       : 0;
}

static int add_pair(struct config_parse *p, const struct config_key *k, struct config_pairs *out,
	const char *key, const struct ynode *n)
{
	const char *value;

	if (out->n == k->max_n)
		return config_bad(p, n, "more than %zu values", k->max_n);
	if (config_scalar_set(p, k, CFG_STRING, n, n->text, &value) < 0)
		return -1;
	if ((out->n & (out->n - 1)) == 0) {
		struct config_pair *v = config_alloc(p->c, out->n ? out->n * 2 : 1, sizeof(*v));

		if (out->n)
			memcpy(v, out->v, out->n * sizeof(*v));
		out->v = v;
	}
	out->v[out->n++] = (struct config_pair){ config_dup(p->c, key), value };
	return 0;
}

int config_parse_pairs(
	struct config_parse *p, const struct config_key *k, const struct ynode *n, void *at)
{
	int rc = 0;

	if (n->kind != YNODE_MAP)
		return config_bad(p, n, "must be a map, like { a: b }");
	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *kid = &n->kids[i];
		size_t was = config_enter_key(p, kid->key);

		if (kid->kind != YNODE_SCALAR)
			rc = config_bad(p, kid, "must be a single value");
		else if (check_free_key(p, kid) < 0 || add_pair(p, k, at, kid->key, kid) < 0)
			rc = -1;
		config_leave(p, was);
	}
	return rc;
}

/* `root` is where in p->where the flattened name begins. */
static int flatten(struct config_parse *p, const struct config_key *k, const struct ynode *n,
	size_t root, struct config_pairs *out)
{
	int rc = 0;

	if (n->kind == YNODE_SCALAR)
		return add_pair(p, k, out, p->where.p + root, n);
	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *kid = &n->kids[i];
		size_t was = kid->key ? config_enter_key(p, kid->key) : config_enter_index(p, i);

		if (kid->key && config_names_secret(kid->key))
			rc = config_secret_in_clear(p, kid);
		else if ((kid->key && check_free_key(p, kid) < 0) ||
			flatten(p, k, kid, root, out) < 0)
			rc = -1;
		config_leave(p, was);
	}
	return rc;
}

/* The keys of the map n that no other row knows. */
int config_parse_rest(struct config_parse *p, const struct config_key *k, const char *prefix,
	const struct ynode *n, void *at)
{
	size_t root = p->where.len + 1;
	int rc = 0;

	for (size_t i = 0; i < n->n; i++) {
		const struct ynode *kid = &n->kids[i];
		size_t was;

		if (config_find_key(prefix, kid->key) != k)
			continue;
		was = config_enter_key(p, kid->key);
		if (check_free_key(p, kid) < 0 || flatten(p, k, kid, root, at) < 0)
			rc = -1;
		config_leave(p, was);
	}
	return rc;
}
