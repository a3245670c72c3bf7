/* depinctl-devnet: a whole network in a box, for demo and tests.  docs/devnet.md. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "devnet/options.h"
#include "devnet/server.h"

#define TOKEN_MAX 512

static int die(const struct err *e)
{
	fprintf(stderr, "depinctl-devnet: %s\n", e->text);
	return err_exit_code(e->class);
}

/* One line of printable ASCII, in a file that only its owner can read. */
static int read_token(const char *path, char token[TOKEN_MAX], struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st = { 0 };
	ssize_t n = fd >= 0 && fstat(fd, &st) == 0 ? read(fd, token, TOKEN_MAX - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return err_set(e, ERR_USAGE, "cannot read the token file %s: %m", path);
	if (st.st_mode & 077)
		return err_set(e, ERR_USAGE, "%s can be read by others: chmod 600 it", path);
	while (n && (token[n - 1] == '\n' || token[n - 1] == '\r'))
		n--;
	token[n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if (token[i] <= ' ' || token[i] > '~')
			n = 0;
	return n ? 0 : err_set(e, ERR_USAGE, "%s holds no token", path);
}

static int print(void (*fn)(struct buf *out))
{
	struct buf out;

	buf_init(&out, 65536);
	fn(&out);
	fputs(out.p, stdout);
	buf_fini(&out);
	return fflush(stdout) == 0 ? 0 : err_exit_code(ERR_OURS);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

static void on_signal(void *arg, int signo)
{
	loop_stop(arg);
}

/* The line that scripts wait for, then everything until somebody says stop. */
static int serve(const struct options *o, struct world *w, struct server_spec *spec,
	struct err *e)
{
	struct loop *l = loop_new();
	struct server *s = server_new(l, spec, e);

	if (s) {
		loop_signal(l, SIGINT, on_signal, l);
		loop_signal(l, SIGTERM, on_signal, l);
		printf("listening on %.*s:%d\n", (int)(strrchr(o->listen, ':') - o->listen), o->listen,
			server_port(s));
		fflush(stdout);
		if (!o->quiet)
			log_msg(LOG_INFO, "devnet", "%u devices, %g events a second, seed %llu, chain %u",
				o->run.devices, o->run.rate, (unsigned long long)o->run.seed, CHAIN_ID);
		if (o->duration_ms)
			loop_timer_new(l, o->duration_ms, 0, stop, l);
		loop_run(l);
	}
	server_free(s);
	loop_free(l);
	return s ? 0 : -1;
}

static int run(struct options *o, struct err *e)
{
	struct world w = { 0 };
	struct server_spec spec = { .world = &w, .control = { .world = &w }, .listen = o->listen };
	char token[TOKEN_MAX];
	int rc = -1;

	if (o->token_file) {
		if (read_token(o->token_file, token, e) < 0)
			return -1;
		spec.token = token;
	}
	if (o->state_file) {
		spec.control.state = state_open(o->state_file, &o->run, &o->given, e);
		if (!spec.control.state)
			return -1;
	}
	world_init(&w, &o->run);
	if (scenario_add_text(&w.timeline.scenarios, &w.fleet, o->run.scenarios, o->run.epoch, e) == 0 &&
		(!o->state_file ||
			state_replay(spec.control.state, &w.timeline.scenarios, &w.fleet, e) == 0)) {
		spec.chain = chain_new(&w, o->run.block_ms, o->run.accounts);
		rc = serve(o, &w, &spec, e);
		chain_free(spec.chain);
	}
	world_fini(&w);
	state_free(spec.control.state);
	return rc;
}

int main(int argc, char **argv)
{
	struct options o;
	struct err e = { 0 };

	clock_turn();
	if (options_parse(&o, argc, argv, clock_wall_ms(), &e) < 0)
		return die(&e);
	switch (o.action) {
	case OPTIONS_HELP:
		return print(options_help);
	case OPTIONS_LIST:
		return print(options_scenarios);
	case OPTIONS_VERSION:
		puts("depinctl-devnet " DEPINCTL_VERSION);
		return 0;
	case OPTIONS_RUN:
		break;
	}
	return run(&o, &e) < 0 ? die(&e) : 0;
}
