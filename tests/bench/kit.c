#include "tests/bench/kit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double kit_now(void)
{
	return seconds(CLOCK_MONOTONIC);
}

double kit_cpu(void)
{
	return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

void kit_pin(int core)
{
	cpu_set_t set;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	CPU_ZERO(&set);
	CPU_SET((size_t)core, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		fprintf(stderr, "bench: not pinned to core %d: %s\n", core, strerror(errno));
}

/* "model name : AMD EPYC" of /proc/cpuinfo. */
static void processor(char *out, size_t n)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[256], *p;

	snprintf(out, n, "unknown processor");
	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, "model name", 10) == 0 && (p = strchr(line, ':'))) {
			snprintf(out, n, "%.*s", (int)strcspn(p + 2, "\n"), p + 2);
			break;
		}
	if (f)
		fclose(f);
}

void kit_begin(const char *what)
{
	double load[1] = { 0 };
	char cpu[200];

	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	if (getloadavg(load, 1) < 1)
		load[0] = -1;
	processor(cpu, sizeof(cpu));
	printf("\n%s\n  %ld cores, %s, load %.1f at the start\n", what,
		sysconf(_SC_NPROCESSORS_ONLN), cpu, load[0]);
}

/* --- runs --------------------------------------------------------------------------------- */

int kit_run(void (*fn)(void *arg, void *result), void *arg, void *result, size_t n, int limit_s)
{
	void *shared = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int status = -1;

	if (shared == MAP_FAILED)
		BUG("no shared memory");
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm((unsigned)limit_s);
		kit_pin(KIT_CORE_WORK);
		fn(arg, shared);
		fflush(stdout);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	memcpy(result, shared, n);
	munmap(shared, n);
	if (WIFSIGNALED(status))
		fprintf(stderr, "bench: a run ended with signal %d%s\n", WTERMSIG(status),
			WTERMSIG(status) == SIGALRM ? ": it took too long" : "");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double kit_quantile(double *v, size_t n, double q)
{
	size_t at;

	if (n == 0)
		return 0;
	qsort(v, n, sizeof(*v), compare);
	at = (size_t)(q * (double)n);
	return v[at < n ? at : n - 1];
}

double kit_median(double *v, size_t n)
{
	return kit_quantile(v, n, 0.5);
}

/* --- programs ------------------------------------------------------------------------------- */

pid_t kit_start(const char *const *argv, int core, int out)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		BUG("cannot fork: %s", strerror(errno));
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (core >= 0)
			kit_pin(core);
		null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(out < 0 ? null : out, 1);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		fprintf(stderr, "bench: %s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	return pid;
}

void kit_end(pid_t pid, int signo)
{
	if (pid <= 0)
		return;
	kill(pid, signo);
	waitpid(pid, NULL, 0);
}

/* Nanoseconds on a processor: the first number of a schedstat file. */
static double schedstat(pid_t pid, const char *tid)
{
	char path[300];
	unsigned long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid, tid);
	f = fopen(path, "r");
	if (f && fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	if (f)
		fclose(f);
	return (double)ns / 1e9;
}

double kit_thread_cpu(pid_t pid)
{
	char tid[16];

	snprintf(tid, sizeof(tid), "%d", (int)pid);
	return schedstat(pid, tid);
}

double kit_proc_cpu(pid_t pid)
{
	char path[64];
	double sum = 0;
	struct dirent *d;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			sum += schedstat(pid, d->d_name);
	if (dir)
		closedir(dir);
	return sum;
}

char *kit_program(const char *where, const char *name)
{
	const char *b = getenv("B");

	return xasprintf("%s/%s/%s", b ? b : "build", where, name);
}

double kit_proc_rss(pid_t pid)
{
	char path[64];
	long pages = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	f = fopen(path, "r");
	if (f && fscanf(f, "%*d %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

/* --- files ---------------------------------------------------------------------------------- */

static char folder[] = "/tmp/depinctl-bench.XXXXXX";
static pid_t folder_owner;

static void remove_folder(void)
{
	const char *argv[] = { "/bin/rm", "-rf", folder, NULL };

	if (getpid() == folder_owner)
		waitpid(kit_start(argv, -1, -1), NULL, 0);
}

const char *kit_folder(void)
{
	if (folder_owner)
		return folder;
	if (!mkdtemp(folder))
		BUG("no temporary folder: %s", strerror(errno));
	folder_owner = getpid();
	atexit(remove_folder);
	return folder;
}

char *kit_path(const char *name)
{
	return xasprintf("%s/%s", kit_folder(), name);
}

void kit_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0)
		BUG("%s: %s", path, strerror(errno));
	fclose(f);
}
