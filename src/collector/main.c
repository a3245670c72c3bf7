/* depinctl-collector: started by `depinctl serve`, or in the background by a client. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "collector/collector.h"

enum { OPT_CONFIG = 256, OPT_CONTEXT, OPT_SOCKET, OPT_LISTEN, OPT_JOURNAL, OPT_REPLAY, OPT_SPEED,
	OPT_LINGER, OPT_READY, OPT_LOG_FILE, OPT_LOG_LEVEL, OPT_VERSION, OPT_HELP };

static const struct option options[] = {
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "context", required_argument, NULL, OPT_CONTEXT },
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "journal", required_argument, NULL, OPT_JOURNAL },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "linger", required_argument, NULL, OPT_LINGER },
	{ "ready-fd", required_argument, NULL, OPT_READY },
	{ "log-file", required_argument, NULL, OPT_LOG_FILE },
	{ "log-level", required_argument, NULL, OPT_LOG_LEVEL },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

static const char help[] =
	"usage: depinctl-collector [--config FILE] [--context NAME] [--socket PATH]\n"
	"         [--listen ADDR:PORT] [--journal FILE|none] [--linger MS]\n"
	"         [--replay FILE [--speed X]] [--log-file FILE] [--log-level LEVEL]\n"
	"         [--ready-fd N]\n"
	"The process behind depinctl's commands and console; `depinctl serve` starts it.\n"
	"--linger: milliseconds without a client after which it leaves; 0: stay\n"
	"--ready-fd: writes \"ready\" or \"error CODE: ...\" there once it serves or cannot\n";

struct args {
	struct collector_spec spec;
	int ready_fd;
	const char *log_file;
};

static int bad(const char *option, const char *value)
{
	fprintf(stderr, "depinctl-collector: --%s: '%s' is not usable\n", option, value);
	return ERR_USAGE;
}

static int take_number(const char *name, double min, double *out)
{
	char *end;

	*out = strtod(optarg, &end);
	return *optarg && !*end && *out >= min ? 0 : bad(name, optarg);
}

static int take(struct args *a, int opt)
{
	enum log_level level;
	double v = 0;
	int rc = 0;

	switch (opt) {
	case OPT_CONFIG: a->spec.config = optarg; break;
	case OPT_CONTEXT: a->spec.context = optarg; break;
	case OPT_SOCKET: a->spec.socket = optarg; break;
	case OPT_LISTEN: a->spec.listen = optarg; break;
	case OPT_JOURNAL: a->spec.journal = optarg; break;
	case OPT_REPLAY: a->spec.replay = optarg; break;
	case OPT_LOG_FILE: a->log_file = optarg; break;
	case OPT_SPEED:
		rc = take_number("speed", 0, &a->spec.speed);
		break;
	case OPT_LINGER:
		rc = take_number("linger", 0, &v);
		a->spec.linger_ms = (int64_t)v;
		break;
	case OPT_READY:
		rc = take_number("ready-fd", 3, &v);
		a->ready_fd = (int)v;
		break;
	case OPT_LOG_LEVEL:
		if (log_level_parse(optarg, &level) < 0)
			return bad("log-level", optarg);
		log_set_level(level);
		break;
	default:
		rc = ERR_USAGE; /* getopt has said why */
	}
	return rc;
}

static void on_signal(void *arg, int signo)
{
	log_msg(LOG_INFO, "collector", "signal %d: leaving", signo);
	loop_stop(arg);
}

static void say_ready(int fd, const char *word, const char *text)
{
	char line[600];
	int n = snprintf(line, sizeof(line), "%s%s\n", word, text);

	if (fd < 0)
		return;
	if (write(fd, line, (size_t)n) < 0)
		log_msg(LOG_WARN, "collector", "nobody waits for us: %s", strerror(errno));
	close(fd);
}

/* With the exit code it stands for: who started us ends with the same. */
static void say_refused(int fd, const struct err *e)
{
	char word[24];

	snprintf(word, sizeof(word), "error %d: ", err_exit_code(e->class));
	say_ready(fd, word, e->text);
}

static void on_settled(void *arg)
{
	const struct args *a = arg;

	say_ready(a->ready_fd, "ready", "");
}

static int open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		fprintf(stderr, "depinctl-collector: %s: %s\n", path, strerror(errno));
		return -1;
	}
	log_set_fd(fd);
	return 0;
}

/* No core file: tokens of sources are in memory. */
static void harden(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	signal(SIGPIPE, SIG_IGN);
	umask(077);
}

static int serve(const struct args *a)
{
	struct err e = { 0 };
	struct loop *l = loop_new();
	struct collector *c;

	loop_signal(l, SIGTERM, on_signal, l);
	loop_signal(l, SIGINT, on_signal, l);
	loop_signal(l, SIGHUP, on_signal, l);
	c = collector_new(l, &a->spec, &e);
	if (c) {
		collector_on_settled(c, on_settled, (void *)a);
		loop_run(l);
	} else {
		say_refused(a->ready_fd, &e);
		if (a->ready_fd < 0)
			fprintf(stderr, "depinctl-collector: %s\n", e.text);
	}
	collector_free(c);
	loop_free(l);
	return c ? 0 : err_exit_code(e.class);
}

int main(int argc, char **argv)
{
	struct args a = { .spec = { .linger_ms = -1, .speed = 1 }, .ready_fd = -1 };
	int opt, rc;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == OPT_HELP)
			return fputs(help, stdout) < 0;
		if (opt == OPT_VERSION)
			return printf("depinctl-collector %s\n", DEPINCTL_VERSION) < 0;
		rc = take(&a, opt);
		if (rc)
			return rc;
	}
	if (optind < argc)
		return bad("", argv[optind]);
	harden();
	if (a.log_file && open_log(a.log_file) < 0)
		return ERR_OURS;
	return serve(&a);
}
