#include "devnet/state.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"

#define STATE_MAX     (4u << 20)
#define STATE_VERSION 1
#define MOMENT_MAX_MS 9999999999999ll

struct state {
	int fd;
	char *path, *scenarios;
	struct buf text; /* whole lines only */
	size_t commands; /* where in text they begin */
};

static int read_all(struct state *s, struct err *e)
{
	ssize_t n;

	for (;;) {
		char *room = buf_room(&s->text, 65536);

		if (!room)
			return err_set(e, ERR_REFUSED, "%s: larger than 4 MiB", s->path);
		n = read(s->fd, room, 65536);
		if (n <= 0)
			break;
		s->text.len += (size_t)n;
	}
	if (n < 0)
		return err_set(e, ERR_OURS, "%s: %s", s->path, strerror(errno));
	return 0;
}

/* A line that was being written when the process died never took effect. */
static int drop_torn_line(struct state *s, struct err *e)
{
	size_t n = s->text.len;

	while (n && s->text.p[n - 1] != '\n')
		n--;
	if (n == s->text.len)
		return 0;
	s->text.len = n;
	if (ftruncate(s->fd, (off_t)n) < 0 || lseek(s->fd, 0, SEEK_END) < 0)
		return err_set(e, ERR_OURS, "%s: %s", s->path, strerror(errno));
	return 0;
}

static int write_line(struct state *s, struct buf *line, struct err *e)
{
	buf_addc(line, '\n');
	if (line->full)
		return err_set(e, ERR_OURS, "%s: line too long", s->path);
	if (write(s->fd, line->p, line->len) != (ssize_t)line->len || fdatasync(s->fd) < 0)
		return err_set(e, ERR_OURS, "%s: %s", s->path, strerror(errno));
	return 0;
}

static void put_i64(struct jw *w, const char *key, int64_t v)
{
	jw_key(w, key);
	jw_i64(w, v);
}

static void put_text(struct jw *w, const char *key, struct slice v)
{
	if (!v.n)
		return;
	jw_key(w, key);
	jw_str(w, v);
}

static int begin_run(struct state *s, const struct run_spec *r, struct err *e)
{
	struct buf line;
	struct jw w;
	int rc;

	buf_init(&line, 65536);
	jw_init(&w, &line);
	jw_object(&w);
	put_i64(&w, "depinctl_devnet", STATE_VERSION);
	put_i64(&w, "seed", (int64_t)r->seed);
	put_i64(&w, "epoch", r->epoch);
	put_i64(&w, "devices", r->devices);
	put_i64(&w, "signed", r->sign_share);
	put_i64(&w, "accounts", r->accounts);
	put_i64(&w, "block_ms", r->block_ms);
	jw_key(&w, "rate");
	jw_f64(&w, r->rate);
	put_text(&w, "scenarios", slice_of(r->scenarios));
	jw_end(&w);
	rc = write_line(s, &line, e);
	buf_fini(&line);
	return rc;
}

static int differs(const char *what, struct err *e)
{
	return err_set(e, ERR_USAGE, "it holds another run: --%s differs", what);
}

/* What the user said must be what the file says; what he left open comes from the file. */
static int agree(struct state *s, const json_t *o, struct run_spec *r, const struct run_given *g,
	struct err *e)
{
	struct run_spec f = {
		.seed = (uint64_t)json_i64(o, "seed", -1), .epoch = json_i64(o, "epoch", -1),
		.devices = (uint32_t)json_i64(o, "devices", 0),
		.sign_share = (uint32_t)json_i64(o, "signed", 0),
		.accounts = (uint32_t)json_i64(o, "accounts", 0),
		.block_ms = json_i64(o, "block_ms", 0), .rate = json_f64(o, "rate", 0),
		.scenarios = s->scenarios = xstrdup(json_str(o, "scenarios", "")),
	};

	if (json_i64(o, "depinctl_devnet", 0) != STATE_VERSION || f.epoch < 0 || f.block_ms < 1 ||
		f.devices < 1 || f.devices > FLEET_MAX || !(f.rate > 0) || f.accounts > 1000)
		return err_set(e, ERR_USAGE, "no state file of this version");
	if (g->seed && f.seed != r->seed)
		return differs("seed", e);
	if (g->epoch && f.epoch != r->epoch)
		return differs("epoch", e);
	if (g->devices && f.devices != r->devices)
		return differs("devices", e);
	if (g->sign_share && f.sign_share != r->sign_share)
		return differs("signed", e);
	if (g->accounts && f.accounts != r->accounts)
		return differs("accounts", e);
	if (g->rate && fabs(f.rate - r->rate) > 1e-9)
		return differs("rate", e);
	if (g->block_ms && f.block_ms != r->block_ms)
		return differs("block-time", e);
	if (g->scenarios && strcmp(f.scenarios, r->scenarios) != 0)
		return differs("scenario", e);
	*r = f;
	return 0;
}

static int read_run(struct state *s, struct run_spec *r, const struct run_given *g, struct err *e)
{
	const char *nl = memchr(s->text.p, '\n', s->text.len);
	json_t *o = json_load(slice_mem(s->text.p, (size_t)(nl - s->text.p)), e);
	int rc;

	if (!o)
		return err_prefix(e, "line 1");
	s->commands = (size_t)(nl - s->text.p) + 1;
	rc = agree(s, o, r, g, e);
	json_decref(o);
	return rc;
}

static int open_locked(struct state *s, struct err *e)
{
	s->fd = open(s->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (s->fd < 0)
		return err_set(e, ERR_USAGE, "%s", strerror(errno));
	if (flock(s->fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(e, ERR_REFUSED, "in use by another devnet");
	return 0;
}

struct state *state_open(const char *path, struct run_spec *spec, const struct run_given *given,
	struct err *e)
{
	struct state *s = xcalloc(1, sizeof(*s));

	s->path = xstrdup(path);
	buf_init(&s->text, STATE_MAX);
	if (open_locked(s, e) == 0 && read_all(s, e) == 0 && drop_torn_line(s, e) == 0 &&
		(s->text.len ? read_run(s, spec, given, e) : begin_run(s, spec, e)) == 0)
		return s;
	err_prefix(e, "state file %s", path);
	state_free(s);
	return NULL;
}

void state_free(struct state *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_fini(&s->text);
	free(s->scenarios);
	free(s->path);
	free(s);
}

static int replay_line(struct slice line, struct scenario_list *l, const struct fleet *f,
	struct err *e)
{
	json_t *o = json_load(line, e);
	struct scenario_ask a;
	int rc;

	if (!o)
		return -1;
	a = (struct scenario_ask){ .name = slice_of(json_str(o, "scenario", "")),
		.site = slice_of(json_str(o, "site", "")),
		.device = slice_of(json_str(o, "device", "")), .at_ms = json_i64(o, "at", 0),
		.for_ms = json_i64(o, "for_ms", 0), .depth = (uint32_t)json_i64(o, "depth", 0) };
	if (a.at_ms < 0 || a.at_ms > MOMENT_MAX_MS)
		rc = err_set(e, ERR_USAGE, "\"at\" is no moment");
	else
		rc = scenario_add(l, f, &a, e);
	json_decref(o);
	return rc;
}

int state_replay(struct state *s, struct scenario_list *l, const struct fleet *f, struct err *e)
{
	size_t at = s->commands, n = 2;

	for (; s->commands && at < s->text.len; n++) {
		const char *nl = memchr(s->text.p + at, '\n', s->text.len - at);
		size_t len = (size_t)(nl - s->text.p) - at;

		if (replay_line(slice_mem(s->text.p + at, len), l, f, e) < 0)
			return err_prefix(e, "state file %s: line %zu", s->path, n);
		at += len + 1;
	}
	return 0;
}

int state_append(struct state *s, const struct scenario_ask *a, struct err *e)
{
	struct buf line;
	struct jw w;
	int rc;

	buf_init(&line, 4096);
	jw_init(&w, &line);
	jw_object(&w);
	put_i64(&w, "at", a->at_ms);
	put_text(&w, "scenario", a->name);
	put_text(&w, "site", a->site);
	put_text(&w, "device", a->device);
	put_i64(&w, "for_ms", a->for_ms);
	put_i64(&w, "depth", a->depth);
	jw_end(&w);
	rc = write_line(s, &line, e);
	buf_fini(&line);
	return rc;
}
