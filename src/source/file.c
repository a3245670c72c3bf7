/*
 * `file`: recorded bytes.  A recording (docs/recording.md) plays each of its sources through
 * that kind's own decoder, at the speed of the recording times `speed`; 0: as fast as it goes.  A
 * file of CloudEvents, one a line, and a metric page are read once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "config/config.h"
#include "source/keep.h"
#include "source/source.h"
#include "source/tape.h"
#include "store/recording.h"

#define TICK_MS	 10
#define SLICE_US 4000
#define LINE_MAX (1u << 20)
#define CHUNK	 65536

struct child { /* a recorded source */
	struct source *s;
	bool tried;  /* to start it */
	bool stated; /* its states are in the recording */
	struct config_source cfg;
	struct config_ledger ledger;
	json_t *note; /* owns the strings of cfg */
	char *name, *kind;
};

struct file {
	struct source *src;
	struct source_env env; /* the collector's, without cursors: a file starts at its start */
	struct loop_timer *timer;
	struct recording_file *rec;
	struct recording_item item;
	bool have_item;
	struct tape tape;
	int64_t ticked_ms; /* the model's clock, where it is the recording's */
	struct child *children;
	struct source **parts; /* those of them that play, for all to see */
	size_t n, parts_n;
	int fd; /* a plain file */
	bool page;
	struct buf line;
};

static void no_cursor(void *arg, const char *source, struct slice position)
{
}

static void no_cursor_get(void *arg, const char *source, char *out, size_t n)
{
	out[0] = '\0';
}

static void no_keep(void *arg, const char *source, struct slice id, int status, struct slice data)
{
}

static void no_kept(void *arg, const char *source,
	void (*fn)(void *fnarg, struct slice id, int status, struct slice data), void *fnarg)
{
}

/* --- children --------------------------------------------------------------------------------- */

static void child_fini(struct child *c)
{
	source_free(c->s);
	if (c->note)
		free(c->cfg.families.v);
	json_decref(c->note);
	free(c->name);
	free(c->kind);
}

static int kind_number(const char *name)
{
	for (int i = 0; i < SOURCE_KINDS; i++)
		if (strcmp(config_source_kind_name(i), name) == 0)
			return i;
	return -1;
}

/* Borrowed from the note. */
static struct config_strings families_of(const json_t *note)
{
	const json_t *list = json_object_get(note, "families"), *v;
	struct config_strings s = { 0 };
	size_t i;

	if (!json_array_size(list))
		return s;
	s.v = xcalloc(json_array_size(list), sizeof(*s.v));
	json_array_foreach((json_t *)list, i, v)
		if (json_is_string(v))
			s.v[s.n++] = json_string_value(v);
	return s;
}

static void show_part(struct file *f, struct source *s)
{
	if (!f->rec)
		return; /* a plain file and its one child are one row to the user */
	if (!f->parts)
		f->parts = xcalloc(RECORDING_SOURCES, sizeof(struct source *));
	f->parts[f->parts_n++] = s;
	f->src->parts = f->parts;
	f->src->parts_n = f->parts_n;
}

/* `note`: what the configuration said of it when it was recorded. */
static void child_configure(struct child *c)
{
	c->cfg = (struct config_source){ .name = c->name, .kind = kind_number(c->kind),
		.network = json_str(c->note, "network", NULL),
		.url = json_str(c->note, "url", NULL), .families = families_of(c->note),
		.device_kind = json_str(c->note, "device_kind", NULL),
		.device_label = json_str(c->note, "device_label", NULL),
		.site_label = json_str(c->note, "site_label", NULL),
		.stale_after_ms = json_i64(c->note, "stale_after_ms", 60000) };
	c->ledger = (struct config_ledger){ .name = c->name, .network = c->cfg.network,
		.urls = { &c->cfg.url, c->cfg.url ? 1 : 0 } };
}

static void child_start(struct file *f, struct child *c)
{
	struct err e = { 0 };

	c->tried = true;
	if (strcmp(c->kind, "evm") == 0)
		c->s = source_new_ledger(&f->env, &c->ledger, &e);
	else if (c->cfg.kind >= 0 && c->cfg.kind != SOURCE_FILE)
		c->s = source_new(&f->env, &c->cfg, &e);
	else
		f->src->st.bad++;
	if (c->s)
		show_part(f, c->s);
}

/* A name is the source's, "/part" behind it.  NULL: too many, or a kind we do not know. */
static struct child *child_of(struct file *f, const char *name, const char *kind)
{
	size_t n = strcspn(name, "/");
	struct child *c;

	for (size_t i = 0; i < f->n; i++)
		if (strlen(f->children[i].name) == n && memcmp(f->children[i].name, name, n) == 0)
			return &f->children[i];
	if (f->n == RECORDING_SOURCES)
		return NULL;
	if (!f->children) /* not moved: sources point into it */
		f->children = xcalloc(RECORDING_SOURCES, sizeof(*f->children));
	c = &f->children[f->n++];
	c->name = xmemdup0(name, n);
	c->kind = xstrdup(kind);
	return c;
}

/* A source is there from its note on, whatever it sends. */
static void play_note(struct file *f, struct child *c, struct slice text)
{
	struct err e;

	if (c->tried)
		return;
	c->note = json_load(text, &e);
	child_configure(c);
	child_start(f, c);
}

static void play_state(struct file *f, struct child *c, struct slice text)
{
	c->stated = true;
	if (c->s && keep_replay_state(c->s, text) < 0)
		f->src->st.bad++;
}

static void play_bytes(struct child *c, const char *part, const struct recording_item *it)
{
	if (!c->s || !c->s->kind->replay)
		return;
	if (!c->stated && c->s->st.state == SOURCE_DOWN)
		source_state(c->s, SOURCE_LIVE, NULL); /* an older recording */
	c->s->kind->replay(c->s, part ? part + 1 : "", (enum source_bytes)it->kind, it->bytes);
}

static void play(struct file *f, const struct recording_item *it)
{
	struct child *c = it->name ? child_of(f, it->name, it->what) : NULL;

	if (!c || it->kind == RECORDING_LOST)
		return;
	if (it->kind == RECORDING_NOTE) {
		play_note(f, c, it->bytes);
		return;
	}
	if (!c->tried) {
		child_configure(c);
		child_start(f, c);
	}
	if (it->kind == RECORDING_STATE)
		play_state(f, c, it->bytes);
	else
		play_bytes(c, strchr(it->name, '/'), it);
	source_record(f->src, it->bytes.n);
}

/* --- the timer ----------------------------------------------------------------------------------- */

/* A plain file and its one child are one row to the user: the child's counts, our state. */
static const char *take_counts(struct file *f, const char *story)
{
	const struct source *c = f->rec || !f->n ? NULL : f->children[0].s;

	if (!c)
		return story;
	f->src->st = c->st;
	return c->error[0] ? c->error : story;
}

static void end(struct file *f, const char *story)
{
	f->tape.ended = true;
	loop_timer_stop(f->timer);
	for (size_t i = 0; i < f->n; i++)
		if (f->children[i].s)
			source_report(f->children[i].s);
	source_state(f->src, SOURCE_STALE, take_counts(f, story));
	source_report(f->src);
}

static bool fetch(struct file *f)
{
	struct err e;
	int rc = f->have_item ? 1 : recording_read(f->rec, &f->item, &e);

	if (rc == 1 && !f->tape.first_ms)
		tape_begin(&f->tape, f->item.time_ms, clock_mono_us_now() / 1000);
	f->have_item = rc == 1;
	if (rc == 0)
		end(f, recording_cut(f->rec) ? "the end; its last record is cut off" : "the end");
	else if (rc < 0)
		end(f, e.text);
	return rc == 1;
}

/* At any speed the world's clock ticks once a second of the recording. */
static void set_clock(struct file *f, int64_t at_ms)
{
	struct delta d = { .kind = DELTA_TICK, .tick.now_ms = at_ms };

	clock_wall_set(at_ms);
	if (at_ms < f->ticked_ms + 1000)
		return;
	f->ticked_ms = at_ms;
	source_emit(f->src, &d);
}

static void play_some(struct file *f)
{
	int64_t until = clock_mono_us_now() + SLICE_US;

	while (fetch(f) && tape_due(&f->tape, f->item.time_ms, clock_mono_us_now() / 1000) &&
		clock_mono_us_now() < until) {
		if (f->env.own_clock)
			set_clock(f, f->item.time_ms);
		f->tape.at_ms = f->item.time_ms;
		play(f, &f->item);
		f->have_item = false;
	}
	for (size_t i = 0; i < f->n; i++)
		if (f->children[i].s)
			source_report(f->children[i].s);
}

static void line_done(struct file *f, struct child *c)
{
	if (f->line.len && !f->line.full)
		c->s->kind->replay(c->s, "", BYTES_MESSAGE, buf_slice(&f->line));
	else if (f->line.full)
		f->src->st.bad++;
	buf_reset(&f->line);
}

static void take_lines(struct file *f, struct child *c, const char *p, size_t n)
{
	while (n) {
		const char *nl = memchr(p, '\n', n);
		size_t len = nl ? (size_t)(nl - p) : n;

		buf_add(&f->line, p, len);
		if (!nl)
			return;
		line_done(f, c);
		n -= len + 1;
		p = nl + 1;
	}
}

/* The one child of a plain file has the file's name and all that is said of it. */
static struct child *begin_plain(struct file *f, bool page)
{
	struct child *c = child_of(f, f->src->name, page ? "scrape" : "stream");

	f->page = page;
	c->cfg = *f->src->cfg;
	c->cfg.kind = page ? SOURCE_SCRAPE : SOURCE_STREAM;
	child_start(f, c);
	if (!c->s)
		return c;
	source_state(c->s, SOURCE_LIVE, NULL);
	if (page)
		c->s->kind->replay(c->s, f->src->name, BYTES_PAGE_START, (struct slice){ 0 });
	return c;
}

static void read_plain(struct file *f)
{
	char chunk[CHUNK];
	ssize_t n = read(f->fd, chunk, sizeof(chunk));
	struct child *c = f->n ? &f->children[0] : NULL;

	if (!c && n > 0)
		c = begin_plain(f, chunk[0] != '{' && chunk[0] != '[');
	if (!c || !c->s || n < 0) {
		end(f, n < 0 ? "cannot be read" : "empty");
	} else if (n == 0) {
		if (f->page)
			c->s->kind->replay(c->s, f->src->name, BYTES_PAGE_END, (struct slice){ 0 });
		else
			line_done(f, c);
		end(f, "the end");
	} else if (f->page) {
		c->s->kind->replay(c->s, f->src->name, BYTES_PAGE, slice_mem(chunk, (size_t)n));
	} else {
		take_lines(f, c, chunk, (size_t)n);
	}
}

static void tick(void *arg)
{
	struct file *f = arg;

	if (f->rec)
		play_some(f);
	else
		read_plain(f);
}

static void file_close(struct source *src)
{
	struct file *f = src->impl;

	loop_timer_free(f->timer);
	for (size_t i = 0; i < f->n; i++)
		child_fini(&f->children[i]);
	free(f->children);
	free(f->parts);
	src->parts_n = 0;
	recording_close(f->rec);
	if (f->fd >= 0)
		close(f->fd);
	buf_fini(&f->line);
	free(f);
}

static bool is_recording(int fd)
{
	char head[RECORDING_HEADER];
	struct recording r;
	struct recording_item item;
	struct err e;
	struct slice rest;
	ssize_t n = pread(fd, head, sizeof(head), 0);
	bool begun;

	if (n != (ssize_t)sizeof(head))
		return false;
	recording_init(&r);
	rest = slice_mem(head, sizeof(head));
	recording_next(&r, &rest, &item, &e);
	begun = r.begun;
	recording_fini(&r);
	return begun;
}

static int file_open(struct source *src, struct err *e)
{
	const struct config_source *c = src->cfg;
	struct stat st;
	struct file *f;
	int fd;

	if (!c->path)
		return err_set(e, ERR_USAGE, "kind file needs a path");
	fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_set(e, ERR_USAGE, "cannot open %s: %s", c->path, strerror(errno));
	if (fstat(fd, &st) < 0 || S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(e, ERR_USAGE, "%s is not a file", c->path);
	}
	f = xcalloc(1, sizeof(*f));
	src->impl = f;
	f->src = src;
	f->fd = fd;
	f->tape.speed = c->speed;
	f->env = *src->env;
	f->env.replaying = true;
	f->env.cursor = no_cursor;
	f->env.cursor_get = no_cursor_get;
	f->env.keep = no_keep;
	f->env.kept = no_kept;
	buf_init(&f->line, LINE_MAX);
	if (is_recording(fd) && !(f->rec = recording_open(c->path, e))) {
		file_close(src);
		return -1;
	}
	source_state(src, SOURCE_LIVE, NULL);
	f->timer = loop_timer_new(src->env->loop, 0, TICK_MS, tick, f);
	return 0;
}

struct tape *file_tape(struct source *s)
{
	struct file *f = s->kind == &source_file ? s->impl : NULL;

	return f && f->rec ? &f->tape : NULL;
}

const struct source_kind source_file = {
	.name = "file",
	.help = "recorded bytes: a recording, CloudEvents a line, or a metric page",
	.open = file_open,
	.close = file_close,
};
