/*
 * What signals leave of a terminal: each program is started, sent one, and the terminal looked
 * at.  Modes that stay on or settings that stay changed are not clean; who takes no notice of a
 * signal and goes on is not to be blamed for it.  SIGKILL goes to the process that draws.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "tests/bench/kit.h"
#include "tests/bench/peer.h"
#include "tests/console/pty.h"

#define READY_MS 10000
#define END_MS	 3000
#define PLEA_MS	 150 /* for a parent that puts things right after its child */

static const struct {
	int number;
	const char *name;
} signals[] = { { SIGTERM, "TERM" }, { SIGINT, "INT" }, { SIGHUP, "HUP" }, { SIGQUIT, "QUIT" },
	{ SIGSEGV, "SEGV" }, { SIGABRT, "ABRT" }, { SIGBUS, "BUS" }, { SIGFPE, "FPE" },
	{ SIGPIPE, "PIPE" }, { SIGUSR1, "USR1" }, { SIGKILL, "KILL" } };

struct contender {
	const char *name;
	const char *argv[10];
	bool guarded; /* its child draws */
};

enum outcome { CLEAN, LEFT_ON, LIVES };

static bool is_there(struct pty *p)
{
	char *row = screen_row(pty_screen(p), 0), *next = screen_row(pty_screen(p), 2);
	bool yes = screen_mode(pty_screen(p), 1049) && (*row || *next);

	free(row);
	free(next);
	return yes;
}

static struct pty *start(const struct contender *c)
{
	char *home = xasprintf("HOME=%s", kit_folder());
	const char *env[] = { home, NULL };
	struct pty_opts o = { .rows = 40, .cols = 120, .env = env };
	struct pty *p = pty_start(&o, c->argv);

	for (int ms = 0; !is_there(p) && ms < READY_MS; ms += 20)
		pty_pump(p, 20);
	pty_settle(p, 300);
	free(home);
	return p;
}

static enum outcome try(const struct contender *c, int sig)
{
	struct pty *p = start(c);
	enum outcome o = LIVES;

	kill(c->guarded && sig == SIGKILL ? pty_child(p) : pty_pid(p), sig);
	for (int ms = 0; pty_alive(p) && ms < END_MS; ms += 20)
		pty_pump(p, 20);
	pty_pump(p, PLEA_MS);
	if (!pty_alive(p))
		o = *pty_left_on(p) ? LEFT_ON : CLEAN;
	pty_end(p);
	return o;
}

static void measure(const struct contender *c)
{
	int n[3] = { 0 };
	enum outcome kill = LIVES;

	if (access(c->argv[0], X_OK) < 0) {
		printf("  %-10s is not installed\n", c->name);
		return;
	}
	printf("  %-10s", c->name);
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		enum outcome o = try(c, signals[i].number);

		if (signals[i].number == SIGKILL)
			kill = o;
		else
			n[o]++;
		printf(" %5s", o == CLEAN ? "clean" : o == LEFT_ON ? "LEFT" : "lives");
		fflush(stdout);
	}
	printf("   %d of 10, KILL %s\n", n[CLEAN] + n[LIVES], kill == CLEAN ? "too" : "not");
}

int main(void)
{
	char *exe = kit_program("bin", "depinctl"), *config = kit_path("config.yaml");
	char *sock = collector_socket(), *events = kit_path("events.log");
	pid_t pid;

	kit_begin("(f) the terminal after a signal: clean, modes LEFT on, or the program lives on");
	pid = collector_start("contexts: [{ name: bench, sources: [] }]\n");
	kit_write(events, "2026-11-22T12:00:00 one line\n");
	{
		const struct contender all[] = {
			{ "console", { exe, "--config", config, "--socket", sock, "--no-start" }, true },
			{ "htop", { "/usr/bin/htop" }, false },
			{ "btop", { "/usr/bin/btop", "--utf-force" }, false },
			{ "lnav", { "/usr/bin/lnav", events }, false },
		};

		printf("  %-10s", "");
		for (size_t i = 0; i < ARRAY_LEN(signals); i++)
			printf(" %5s", signals[i].name);
		printf("\n");
		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			measure(&all[i]);
		printf("  aim: 10 of 10, KILL too\n");
	}
	kit_end(pid, SIGTERM);
	free(exe);
	free(config);
	free(sock);
	free(events);
	return 0;
}
