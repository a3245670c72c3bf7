/* From the global options to a connected client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/num.h"
#include "cli/cli.h"
#include "client/client.h"
#include "client/travel.h"
#include "config/config.h"
#include "config/paths.h"

#define LINGER_MS (15 * 60 * 1000)

static int no_contexts(const struct cli_place *p, struct err *e)
{
	char *path = p->config_path ? xstrdup(p->config_path) : config_default_path(e);

	if (!path)
		return -1;
	err_set(e, ERR_USAGE, "no context is configured in %s; `depinctl demo` needs none, and "
		"`depinctl config explain` tells what to write", path);
	free(path);
	return -1;
}

static int place_context(struct cli *c, struct cli_place *p, struct err *e)
{
	const struct config_context *x;

	p->config = config_load(c->global.config, e);
	if (!p->config)
		return -1;
	if (p->config->path)
		p->config_path = xstrdup(p->config->path);
	if (!p->config->n_contexts && !c->global.context)
		return no_contexts(p, e);
	x = config_context(p->config, c->global.context, e);
	if (!x)
		return -1;
	p->context = xstrdup(x->name);
	return 0;
}

int cli_place(struct cli *c, struct cli_place *p, struct err *e)
{
	bool only_socket = c->global.socket && !c->global.context && !c->global.config;

	*p = (struct cli_place){ 0 };
	if (!only_socket && place_context(c, p, e) < 0) {
		cli_place_fini(p);
		return -1;
	}
	p->socket =
		c->global.socket ? xstrdup(c->global.socket) : config_socket_path(p->context, e);
	if (p->socket)
		return 0;
	cli_place_fini(p);
	return -1;
}

void cli_place_fini(struct cli_place *p)
{
	config_free(p->config);
	free(p->config_path);
	free(p->context);
	free(p->socket);
	*p = (struct cli_place){ 0 };
}

static bool ask_user(void *arg, const char *question)
{
	int answer, rest;

	fprintf(stderr, "depinctl: %s [y/N] ", question);
	fflush(stderr);
	answer = rest = getchar();
	while (rest != '\n' && rest != EOF)
		rest = getchar();
	return answer == 'y' || answer == 'Y';
}

static void add_no_start(struct err *e)
{
	size_t n = strlen(e->text);

	snprintf(e->text + n, sizeof(e->text) - n, ", and --no-start forbids to start one");
}

static void arrived(void *arg, const struct client_travel *t, const struct err *e)
{
	if (e)
		*(struct err *)arg = *e;
}

/* What is asked from now on is answered as of --at. */
static int travel(struct client *client, const char *at, struct err *e)
{
	int64_t now = clock_wall_ms(), ms;
	struct err why = { 0 };

	if (num_moment_ms(at, now, &ms, e) < 0)
		return err_prefix(e, "--at");
	client_travel(client, ms, arrived, &why);
	if (client_wait(client, e) < 0)
		return -1;
	if (why.class == ERR_NONE)
		return 0;
	*e = why;
	return err_prefix(e, "--at %s", at);
}

struct client *cli_connect(struct cli *c, struct err *e)
{
	struct client_spec s = { .timeout_ms = c->global.timeout_ms, .say = cli_say_line,
		.no_start = c->global.no_start || c->running_only, .linger_ms = LINGER_MS };
	struct cli_place p;
	struct client *client;

	if (cli_place(c, &p, e) < 0)
		return NULL;
	s.socket = p.socket;
	s.config = p.config_path;
	s.context = p.context;
	if (p.config)
		s.linger_ms = p.config->collector.linger_ms;
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		s.may_replace = ask_user;
	client = client_open(&s, e);
	if (!client && e->class == ERR_UNREACH && c->global.no_start)
		add_no_start(e);
	cli_place_fini(&p);
	if (client && c->at && travel(client, c->at, e) < 0) {
		client_free(client);
		return NULL;
	}
	return client;
}

json_t *cli_ask(struct cli *c, const char *method, struct slice params, struct err *e)
{
	struct client *client = cli_connect(c, e);
	json_t *answer = NULL;
	struct buf b;

	if (!client)
		return NULL;
	buf_init(&b, 4u << 20);
	if (client_ask(client, method, params, &b, e) == 0)
		answer = json_load(buf_slice(&b), e);
	buf_fini(&b);
	client_free(client);
	return answer;
}
