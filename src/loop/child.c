#include <stdlib.h>

#include "base/alloc.h"
#include "loop/internal.h"

struct loop_child {
	struct owned owned;
	uv_process_t uv;
	void (*exited)(void *arg, int status, int signo);
	void *arg;
	bool gone, orphan;
};

static void child_exited(uv_process_t *h, int64_t status, int signo)
{
	struct loop_child *c = uv_handle_get_data((uv_handle_t *)h);

	c->gone = true;
	if (c->orphan)
		owned_close(&c->owned);
	else if (c->exited)
		c->exited(c->arg, (int)status, signo);
}

static void set_fds(uv_stdio_container_t io[3], const int fds[3])
{
	for (int i = 0; i < 3; i++) {
		io[i].flags = fds[i] < 0 ? UV_IGNORE : UV_INHERIT_FD;
		io[i].data.fd = fds[i];
	}
}

struct loop_child *loop_child_new(struct loop *l, const char *path, char *const argv[],
	const int fds[3], void (*exited)(void *arg, int status, int signo), void *arg, struct err *e)
{
	struct loop_child *c = xcalloc(1, sizeof(*c));
	uv_stdio_container_t io[3];
	uv_process_options_t o = {
		.exit_cb = child_exited, .file = path, .args = (char **)argv,
		.stdio = io, .stdio_count = 3,
	};
	int rc;

	set_fds(io, fds);
	rc = uv_spawn(&l->uv, &c->uv, &o);
	c->exited = exited;
	c->arg = arg;
	owned_add(l, &c->owned, &c->uv);
	if (rc == 0)
		return c;
	owned_close(&c->owned); /* libuv wants even a failed one closed */
	err_set(e, ERR_OURS, "cannot run %s: %s", path, uv_strerror(rc));
	return NULL;
}

int loop_child_pid(const struct loop_child *c)
{
	return c->gone ? 0 : uv_process_get_pid(&c->uv);
}

void loop_child_kill(struct loop_child *c, int signo)
{
	if (!c->gone)
		uv_process_kill(&c->uv, signo);
}

/* A child that still runs is kept until it has ended, or it would stay a zombie. */
void loop_child_free(struct loop_child *c)
{
	if (!c)
		return;
	if (c->gone) {
		owned_close(&c->owned);
		return;
	}
	c->orphan = true;
	uv_unref((uv_handle_t *)&c->uv);
}
