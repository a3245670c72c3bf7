#include "ui/term/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "ui/term/rescue.h"
#include "ui/term/tty.h"

/* Handed down when they were meant for us.  Those that the terminal sends go to both. */
static const int handed[] = { SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE,
	SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM,
	SIGPROF, SIGIO, SIGPWR, SIGSYS, SIGTSTP };

/* Seen by both. */
struct shared {
	struct rescue_will will;
	int rc;
	bool returned;
	struct err e;
};

struct guard {
	const struct guard_opts *o;
	struct shared *s;
	pid_t child;
	bool stopped; /* the child is */
	int status;
	struct rusage used;
	sigset_t set, was;
};

/* --- the child --- */

static void run_here(struct guard *g, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, &g->was, NULL);
	if (getppid() != parent)
		_exit(1);
	rescue_set_will(&g->s->will);
	g->s->rc = g->o->run(g->o->arg, &g->s->e);
	g->s->returned = true;
	exit(0);
}

/* --- the parent --- */

static bool tidy(struct guard *g, bool dead)
{
	struct tty t;
	bool done;

	if (!g->s->will.up || tty_open(&t, STDIN_FILENO, STDOUT_FILENO, NULL) < 0)
		return false;
	done = rescue_inherit(&g->s->will, t.in, t.out, dead);
	tty_close(&t);
	return done;
}

/* As stopped as the child is, so that the shell sees it.  What no handler could undo, we do. */
static void stop_too(struct guard *g)
{
	g->stopped = true;
	tidy(g, false);
	rescue_stop_self();
}

/* True when the child has ended. */
static bool look(struct guard *g)
{
	pid_t pid;

	while ((pid = wait4(g->child, &g->status, WNOHANG | WUNTRACED | WCONTINUED, &g->used)) > 0) {
		if (WIFEXITED(g->status) || WIFSIGNALED(g->status))
			return true;
		if (WIFSTOPPED(g->status))
			stop_too(g);
		else
			g->stopped = false;
	}
	return pid < 0 && errno == ECHILD;
}

static void hand_down(struct guard *g, const siginfo_t *si)
{
	switch (si->si_signo) {
	case SIGCHLD:
		return;
	case SIGCONT: /* a shell sends it to both */
		if (g->stopped)
			kill(g->child, SIGCONT);
		return;
	default:
		if (si->si_code != SI_KERNEL && si->si_pid != g->child)
			kill(g->child, si->si_signo);
	}
}

static void watch(struct guard *g)
{
	siginfo_t si;

	while (!look(g)) {
		if (sigwaitinfo(&g->set, &si) < 0)
			continue;
		if (look(g))
			return;
		hand_down(g, &si);
	}
}

static void say_killed(struct guard *g)
{
	fprintf(stderr, "%s: killed, by hand or for want of memory (it held %ld MiB)%s%s\n",
		program_invocation_short_name, g->used.ru_maxrss / 1024, g->o->hint ? "; " : "",
		g->o->hint ? g->o->hint : "");
}

/* Of the same signal, so that whoever waits for us knows. */
static void die_of(int sig, const sigset_t *was)
{
	struct rlimit none = { 0, 0 }; /* one core is enough */

	setrlimit(RLIMIT_CORE, &none);
	signal(sig, SIG_DFL);
	raise(sig);
	sigprocmask(SIG_SETMASK, was, NULL);
	_exit(128 + sig);
}

static int finish(struct guard *g, struct err *e)
{
	if (tidy(g, true) && WIFSIGNALED(g->status))
		say_killed(g);
	if (WIFSIGNALED(g->status))
		die_of(WTERMSIG(g->status), &g->was);
	sigprocmask(SIG_SETMASK, &g->was, NULL);
	if (!g->s->returned)
		exit(WEXITSTATUS(g->status));
	if (g->s->rc < 0 && e)
		*e = g->s->e;
	return g->s->rc;
}

/* --- both --- */

static void open_set(struct guard *g)
{
	sigemptyset(&g->set);
	sigaddset(&g->set, SIGCHLD);
	sigaddset(&g->set, SIGCONT);
	for (size_t i = 0; i < ARRAY_LEN(handed); i++)
		sigaddset(&g->set, handed[i]);
	sigprocmask(SIG_BLOCK, &g->set, &g->was);
}

static struct shared *share(void)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return NULL;
	s->will.heir = getpid();
	s->will.said = memfd_create("stderr", MFD_CLOEXEC);
	return s;
}

static void unshare_all(struct shared *s)
{
	if (s->will.said >= 0)
		close(s->will.said);
	munmap(s, sizeof(*s));
}

int guard_run(const struct guard_opts *o, struct err *e)
{
	struct guard g = { .o = o, .s = share() };
	int rc;

	if (!g.s)
		return o->run(o->arg, e);
	fflush(NULL);
	open_set(&g);
	g.child = fork();
	if (g.child == 0)
		run_here(&g, g.s->will.heir);
	if (g.child < 0) {
		sigprocmask(SIG_SETMASK, &g.was, NULL);
		rc = o->run(o->arg, e);
	} else {
		watch(&g);
		rc = finish(&g, e);
	}
	unshare_all(g.s);
	return rc;
}
