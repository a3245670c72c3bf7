#include "cli/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/jtext.h"
#include "cli/console.h"
#include "cli/live.h"
#include "cli/status.h"
#include "loop/loop.h"

#define HEADLESS_ROWS 20
#define HEADLESS_MS   4000  /* after the first devices are there */
#define DEVICES_MS    20000 /* for them to come */

static volatile sig_atomic_t stopped; /* by a signal */

static void on_signal(int signo)
{
	stopped = signo;
}

/* --- the folder --- */

static int make_folder(struct sandbox *s, const char *name, const char *variable)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", s->home, name);
	return mkdir(path, 0700) == 0 && setenv(variable, path, 1) == 0 ? 0 : -1;
}

/* Short: a socket's address has 108 bytes. */
static int make_home(struct sandbox *s, struct err *e)
{
	const char *tmp = getenv("TMPDIR");

	if (!tmp || *tmp != '/' || strlen(tmp) > sizeof(s->home) - sizeof("/depinctl-XXXXXX"))
		tmp = "/tmp";
	snprintf(s->home, sizeof(s->home), "%s/depinctl-XXXXXX", tmp);
	if (mkdtemp(s->home))
		return 0;
	s->home[0] = '\0';
	return err_set(e, ERR_OURS, "cannot make a folder in %s: %s", tmp, strerror(errno));
}

static int open_log(struct sandbox *s, struct err *e)
{
	char log[96];

	snprintf(log, sizeof(log), "%s/log", s->home);
	s->log_fd = open(log, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	return s->log_fd < 0 ? err_set(e, ERR_OURS, "%s: %s", log, strerror(errno)) : 0;
}

int sandbox_open(struct sandbox *s, struct cli *c, struct err *e)
{
	struct sigaction sa = { .sa_handler = on_signal };

	*s = (struct sandbox){ .log_fd = -1 };
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	if (make_home(s, e) < 0)
		return -1;
	if (make_folder(s, "config", "XDG_CONFIG_HOME") < 0
		|| make_folder(s, "run", "XDG_RUNTIME_DIR") < 0
		|| make_folder(s, "state", "XDG_STATE_HOME") < 0)
		return err_set(e, ERR_OURS, "%s: %s", s->home, strerror(errno));
	snprintf(s->config, sizeof(s->config), "%s/config.yaml", s->home);
	snprintf(s->socket, sizeof(s->socket), "%s/run/socket", s->home);
	c->global.config = s->config;
	c->global.context = NULL;
	c->global.socket = s->socket;
	return open_log(s, e);
}

int sandbox_write_config(struct sandbox *s, const char *text, struct err *e)
{
	FILE *f = fopen(s->config, "wex");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		return err_set(e, ERR_OURS, "%s: %s", s->config, strerror(errno));
	return 0;
}

static void remove_tree(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (unlinkat(fd, entry->d_name, 0) < 0)
			remove_tree(fd, entry->d_name);
	}
	if (d)
		closedir(d);
	unlinkat(at, name, AT_REMOVEDIR);
}

/* --- children --- */

void sandbox_adopt(struct sandbox *s, int pid)
{
	if (s->n_children == (int)ARRAY_LEN(s->children))
		BUG("more than %d children", s->n_children);
	s->children[s->n_children++] = pid;
}

bool sandbox_child_lives(struct sandbox *s, int pid)
{
	for (int i = 0; i < s->n_children; i++)
		if (s->children[i] == pid && waitpid(pid, NULL, WNOHANG) == 0)
			return true;
	return false;
}

static void end_child(int pid)
{
	for (int ms = 0; ms < 3000; ms += 20) {
		if (ms == 0)
			kill(pid, SIGTERM);
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		usleep(20000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void sandbox_show_log(const struct sandbox *s)
{
	char text[2000];
	off_t size = lseek(s->log_fd, 0, SEEK_END), from = size > 1999 ? size - 1999 : 0;
	ssize_t n = pread(s->log_fd, text, sizeof(text) - 1, from);
	char *line, *rest = text;

	text[n > 0 ? n : 0] = '\0';
	while ((line = strsep(&rest, "\n")))
		if (*line)
			cli_say_line(NULL, line);
}

/* --- showing it --- */

/* The console runs in a child of its own: whatever ends it, we are here to clean up. */
static int show_console(struct cli *c, struct err *e)
{
	int pid = fork(), status = 0, rc;

	if (pid == 0) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		signal(SIGHUP, SIG_DFL);
		rc = console_open(c, e);
		if (rc < 0)
			cli_say("%s", e->text);
		_exit(rc < 0 ? err_exit_code(e->class) : rc);
	}
	if (pid < 0)
		return err_set(e, ERR_OURS, "fork: %s", strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (stopped && stopped != SIGINT) /* that one the terminal has sent it, too */
			kill(pid, stopped);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int ask_status(struct client *client, struct buf *status, struct err *e)
{
	buf_reset(status);
	return client_ask(client, "status", slice_of(""), status, e);
}

static bool has_devices(struct buf *status)
{
	struct slice devices, total;

	return jtext_get(buf_slice(status), "devices", &devices) &&
	       jtext_get(devices, "total", &total) && !slice_is(total, "0");
}

static bool nobody_up(struct buf *status)
{
	struct slice devices, up;

	return jtext_get(buf_slice(status), "devices", &devices) &&
	       jtext_get(devices, "up", &up) && slice_is(up, "0");
}

/* Until devices are there, and then for a while. */
static int wait_devices(struct client *client, struct buf *status, struct err *e)
{
	int64_t start = clock_mono_us_now() / 1000, seen = 0, now;

	do {
		loop_turn(client_loop(client), 100);
		now = clock_mono_us_now() / 1000;
		if (ask_status(client, status, e) < 0)
			return -1;
		if (!seen && has_devices(status))
			seen = now;
	} while (!stopped && (seen ? now - seen < HEADLESS_MS : now - start < DEVICES_MS));
	return seen || stopped ? 0 : err_set(e, ERR_UNREACH, "no device has come in %d s",
		DEVICES_MS / 1000);
}

static int show_headless(struct cli *c, struct err *e)
{
	struct live l = { .cli = c, .form = &form_table, .headers = true, .once = true };
	struct client_query q = { .kind = "devices", .limit = HEADLESS_ROWS };
	struct client *client = cli_connect(c, e);
	struct buf status;
	int rc;

	if (!client)
		return -1;
	l.client = client;
	buf_init(&status, 4u << 20);
	rc = wait_devices(client, &status, e);
	if (status.len)
		status_lines(&c->out, buf_slice(&status));
	out_adds(&c->out, "\n");
	if (rc == 0)
		rc = live_run(&l, &q, e);
	if (status_troubles(client) && rc == 0)
		rc = nobody_up(&status);
	buf_fini(&status);
	client_free(client);
	return rc;
}

int sandbox_show(struct sandbox *s, struct cli *c, struct err *e)
{
	if (c->out.tty && isatty(STDIN_FILENO))
		return show_console(c, e);
	return show_headless(c, e);
}

static void stop_collector(struct sandbox *s)
{
	struct client_spec spec = { .socket = s->socket, .no_start = true };
	struct err ignored;
	struct client *client = client_open(&spec, &ignored);

	if (client)
		client_stop_collector(client, &ignored);
	client_free(client);
}

void sandbox_close(struct sandbox *s)
{
	if (!*s->home)
		return;
	stop_collector(s);
	while (s->n_children)
		end_child(s->children[--s->n_children]);
	if (s->log_fd >= 0)
		close(s->log_fd);
	remove_tree(AT_FDCWD, s->home);
	s->home[0] = '\0';
}
