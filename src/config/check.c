#include <string.h>
#include <strings.h>

#include "config/parse.h"

static const struct ynode *place_of(const struct ynode *map, const char *key)
{
	const struct ynode *n = ynode_get(map, key);

	return n ? n : map;
}

/* The story is about this key of the map at hand. */
static const struct ynode *at_key(struct config_parse *p, const struct ynode *map, const char *key)
{
	buf_addf(&p->where, ".%s", key);
	return place_of(map, key);
}

static int one_token(struct config_parse *p, const struct ynode *n, const struct config_token *t)
{
	if (t->file && t->env)
		return config_bad(p, at_key(p, n, "token_env"),
			"both token_file and token_env; keep one of them");
	return 0;
}

static bool begins(const char *url, const char *scheme)
{
	size_t n = strcspn(url, ":");

	return strlen(scheme) == n && strncasecmp(url, scheme, n) == 0;
}

int config_check_source(struct config_parse *p, const struct ynode *n, const void *source)
{
	static const char *const schemes[SOURCE_KINDS][3] = {
		[SOURCE_STREAM] = { "ws", "wss", "ws+unix" },
		[SOURCE_PROMETHEUS] = { "http", "https" },
		[SOURCE_NATS] = { "nats", "tls" },
	};
	const struct config_source *s = source;
	const char *const *ok = schemes[s->kind];

	if (s->url && ok[0] && !begins(s->url, ok[0]) && !begins(s->url, ok[1]) &&
		!(ok[2] && begins(s->url, ok[2])))
		return config_bad(p, at_key(p, n, "url"),
			"a source of kind %s has a URL of %s:// or %s://",
			config_source_kind_name(s->kind), ok[0], ok[1]);
	if (s->kind == SOURCE_NATS)
		config_warn(p, at_key(p, n, "kind"), "nats is checked, but not built yet");
	if (s->kind == SOURCE_SCRAPE && !s->targets.n)
		return config_bad(p, at_key(p, n, "targets"), "is empty");
	return one_token(p, n, &s->token);
}

int config_check_ledger(struct config_parse *p, const struct ynode *n, const void *ledger)
{
	const struct config_ledger *l = ledger;

	if (l->urls.n == 0)
		return config_bad(p, at_key(p, n, "urls"), "is empty");
	return one_token(p, n, &l->token);
}

int config_check_collector(struct config_parse *p, const struct ynode *n, const void *collector)
{
	const struct config_collector *c = collector;

	if (c->listen && (!c->cert_file || !c->key_file))
		return config_bad(p, at_key(p, n, "listen"),
			"needs cert_file and key_file; the API goes over a network "
			"only with TLS");
	if (c->listen && !c->token.file && !c->token.env)
		return config_bad(p, at_key(p, n, "listen"),
			"needs token_file or token_env, the token clients show");
	return one_token(p, n, &c->token);
}
