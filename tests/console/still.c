#include "tests/console/still.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"

#define STEP_MS 5
#define WORDS	16

struct still {
	struct pty *pty;
	struct still_clock *clock;
	char *path, *env[5];
};

static struct still_clock *map_clock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *p;

	if (fd < 0 || ftruncate(fd, sizeof(struct still_clock)) < 0)
		fail_msg("%s cannot be made", path);
	p = mmap(NULL, sizeof(struct still_clock), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

struct still *still_start(const char *build, const char *dir, int64_t wall_ms, struct pty_opts o,
	const char *const *words)
{
	struct still *s = xcalloc(1, sizeof(*s));
	char *program = xasprintf("%s/bin/depinctl", build);
	const char *argv[WORDS] = { program };

	s->path = xasprintf("%s/clock", dir);
	s->clock = map_clock(s->path);
	*s->clock = (struct still_clock){ wall_ms, 1000 };
	s->env[0] = xasprintf("LD_PRELOAD=%s/tests/console/still_clock.so", build);
	s->env[1] = xasprintf(STILL_VAR "=%s", s->path);
	s->env[2] = xstrdup("ASAN_OPTIONS=verify_asan_link_order=0"); /* the clock comes before it */
	s->env[3] = xstrdup("XDG_STATE_HOME=/dev/null"); /* nothing is remembered */
	o.env = (const char *const *)s->env;
	for (size_t i = 1; i < WORDS - 1 && words[i - 1]; i++)
		argv[i] = words[i - 1];
	s->pty = pty_start(&o, argv);
	free(program);
	return s;
}

struct pty *still_pty(struct still *s)
{
	return s->pty;
}

/* The one behind the guard, which is there when something has come of it. */
static bool sleeps(const struct still *s)
{
	char path[64], state = '\0';
	FILE *f;

	if (pty_output(s->pty)->len == 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/stat", pty_child(s->pty));
	f = fopen(path, "re");
	if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = '\0';
	if (f)
		fclose(f);
	return state == 'S';
}

bool still_step(struct still *s, bool moves)
{
	if (pty_await(s->pty, 1) || !sleeps(s))
		return false;
	s->clock->mono_ms += moves ? STEP_MS : 0;
	return true;
}

/* A signal's last words wait for the terminal's answers for a while: that of its clock. */
const char *still_stop(struct still *s)
{
	pty_signal(s->pty, SIGTERM);
	while (pty_alive(s->pty)) {
		pty_await(s->pty, 1);
		s->clock->mono_ms += 1;
	}
	return pty_left_on(s->pty);
}

void still_free(struct still *s)
{
	pty_end(s->pty);
	munmap(s->clock, sizeof(*s->clock));
	unlink(s->path);
	free(s->path);
	for (size_t i = 0; s->env[i]; i++)
		free(s->env[i]);
	free(s);
}
