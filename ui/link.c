#include "ui/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "client/client.h"
#include "client/start.h"
#include "config/paths.h"
#include "loop/loop.h"
#include "ui/ui.h"

#define AGAIN_MS 1000	/* between two looks for a collector */
#define CRASHED  "the collector closed the line" /* without a good-bye */
#define START_MS 30000	/* between two attempts to start one */

struct link {
	struct loop *loop;
	const struct ui_spec *spec;
	const struct link_ops *ops;
	void *arg;
	struct client *client;
	struct loop_timer *timer;
	struct loop_io *io; /* the starter's word; NULL: none is at work */
	int fd, pid;
	char word[600];
	size_t n_word;
	int64_t started_ms; /* when it was last tried; 0: never */
	bool stopped;	    /* it said good-bye: somebody wants it gone */
};

static void look(void *arg);

/* --- starting one --- */

static char *log_path(const struct link *k)
{
	struct err ignored;
	char *dir = config_state_dir(&ignored), *path;

	if (!dir)
		return NULL;
	path = xasprintf("%s/%s.log", dir, k->spec->context ? k->spec->context : "default");
	free(dir);
	return path;
}

/* In the child: an empty word is success. */
static void starter(const struct link *k, int fd)
{
	struct start_spec s = { .config = k->spec->config, .context = k->spec->context,
		.socket = k->spec->socket, .linger_ms = k->spec->linger_ms };
	struct err e;

	s.log_file = log_path(k);
	if (start_collector(&s, &e) < 0 && write(fd, e.text, strlen(e.text)) < 0)
		_exit(1);
	_exit(0);
}

static void starter_done(struct link *k)
{
	struct err why = { ERR_UNREACH, "" };

	loop_io_free(k->io);
	k->io = NULL;
	close(k->fd);
	waitpid(k->pid, NULL, 0);
	if (k->n_word) {
		snprintf(why.text, sizeof(why.text), "%.*s", (int)k->n_word, k->word);
		k->ops->down(k->arg, &why);
	} else {
		k->ops->say(k->arg, "started a collector in the background");
	}
	loop_timer_again(k->timer, 0, AGAIN_MS);
}

static void on_word(void *arg, int events)
{
	struct link *k = arg;
	ssize_t n = read(k->fd, k->word + k->n_word, sizeof(k->word) - k->n_word);

	if (n > 0)
		k->n_word += (size_t)n;
	else if (n == 0 || errno != EAGAIN)
		starter_done(k);
}

static void start(struct link *k)
{
	int p[2];

	if (k->io || k->spec->no_start
		|| (k->started_ms && clock_mono_ms() - k->started_ms < START_MS))
		return;
	k->started_ms = clock_mono_ms();
	if (pipe2(p, O_CLOEXEC) < 0)
		return;
	k->pid = fork();
	if (k->pid == 0)
		starter(k, p[1]);
	close(p[1]);
	k->fd = p[0];
	k->n_word = 0;
	k->io = k->pid > 0 ? loop_io_new(k->loop, p[0], LOOP_READ, on_word, k) : NULL;
	if (!k->io)
		close(p[0]);
}

/* --- finding one --- */

static void on_state(void *arg, const struct err *why)
{
	struct link *k = arg;

	if (why) {
		k->stopped = strncmp(why->text, CRASHED, strlen(CRASHED)) != 0;
		k->ops->down(k->arg, why);
		loop_timer_again(k->timer, AGAIN_MS, AGAIN_MS);
	} else {
		loop_timer_stop(k->timer);
		k->ops->up(k->arg, k->client);
	}
}

static void look(void *arg)
{
	struct link *k = arg;
	struct client_spec s = { .loop = k->loop, .socket = k->spec->socket,
		.config = k->spec->config, .context = k->spec->context, .no_start = true,
		.reconnect = true, .timeout_ms = k->spec->timeout_ms, .state = on_state, .arg = k };
	struct err e;

	if (!k->client)
		k->client = client_open(&s, &e);
	else if (!client_up(k->client)) {
		if (!k->stopped)
			start(k); /* the client itself dials again and again */
		return;
	}
	if (k->client) {
		loop_timer_stop(k->timer);
		k->ops->up(k->arg, k->client);
		return;
	}
	if (k->spec->no_start || e.class != ERR_UNREACH)
		k->ops->down(k->arg, &e);
	start(k);
}

void link_start(struct link *k)
{
	if (k->client && client_up(k->client))
		return;
	k->stopped = false;
	k->started_ms = 0;
	start(k);
}

struct link *link_new(struct loop *l, const struct ui_spec *s, const struct link_ops *ops,
	void *arg)
{
	struct link *k = xcalloc(1, sizeof(*k));

	*k = (struct link){ .loop = l, .spec = s, .ops = ops, .arg = arg };
	k->timer = loop_timer_new(l, 0, AGAIN_MS, look, k);
	return k;
}

void link_free(struct link *k)
{
	if (!k)
		return;
	if (k->io) {
		loop_io_free(k->io);
		close(k->fd);
	}
	loop_timer_free(k->timer);
	client_free(k->client);
	free(k);
}
