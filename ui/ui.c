#include "ui/ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "config/paths.h"
#include "loop/loop.h"
#include "ui/link.h"
#include "ui/shell.h"
#include "ui/term/env.h"
#include "ui/term/guard.h"
#include "ui/term/term.h"

#define TICK_MS 1000
#define OWN_WORDS 12 /* of the command that runs one of the command line */

struct ui {
	struct shell shell;
	struct term *term;
	struct loop *loop;
	struct link *link;
	struct loop_io *in, *out, *signals;
	int64_t tick_ms; /* when the next one is due */
	const char *own[OWN_WORDS + 1];
	char *keep;	 /* the folder of what is remembered */
	char *config;	 /* the configuration's file; it may not be there */
};

/* --- the line --- */

static void on_up(void *arg, struct client *c)
{
	shell_up(&((struct ui *)arg)->shell, c);
}

static void on_down(void *arg, const struct err *why)
{
	shell_down(&((struct ui *)arg)->shell, why);
}

static void on_say(void *arg, const char *text)
{
	shell_say(&((struct ui *)arg)->shell, ROLE_NOTICE, text);
}

static void on_start(void *arg)
{
	link_start(((struct ui *)arg)->link);
}

static const struct link_ops link_ops = { .up = on_up, .down = on_down, .say = on_say };

/* --- the turn --- */

static void on_io(void *arg, int events)
{
	/* It ends the wait; what there is to do is done every turn. */
}

static int64_t sooner(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int wait_ms(const struct ui *u, int64_t now)
{
	int64_t at = sooner(term_deadline(u->term), u->tick_ms);

	if (u->shell.dirty || term_incomplete(u->term))
		at = sooner(at, term_draw_at(u->term, now) > now ? term_draw_at(u->term, now) : now + 5);
	return at <= now ? 0 : (int)(at - now);
}

static void draw(struct ui *u, int64_t now)
{
	if ((!u->shell.dirty && !term_incomplete(u->term)) || u->shell.quit)
		return;
	if (!term_may_draw(u->term, now))
		return;
	shell_draw(&u->shell);
	term_flush(u->term, now);
}

static void turn(struct ui *u)
{
	int64_t now;

	if (u->out)
		loop_io_set(u->out, term_want_write(u->term) ? LOOP_WRITE : 0);
	loop_turn(u->loop, wait_ms(u, clock_mono_ms()));
	now = clock_mono_ms();
	if (term_want_write(u->term))
		term_writable(u->term, now);
	term_read(u->term, now);
	shell_take_events(&u->shell, now);
	if (now >= u->tick_ms) {
		u->tick_ms = now + TICK_MS;
		shell_tick(&u->shell);
	}
	draw(u, now);
}

/* --- life --- */

static enum term_when when_of(int v)
{
	return v == CONFIG_ON ? TERM_ALWAYS : v == CONFIG_OFF ? TERM_NEVER : TERM_AUTO;
}

static struct term_opts term_opts_of(const struct ui_spec *s)
{
	bool over_ssh = env_over_ssh();
	struct term_opts o = { .in_fd = 0, .out_fd = 1, .mouse = !over_ssh,
		.copy = true };

	if (s->color && strcmp(s->color, "always") == 0)
		o.colour = TERM_ALWAYS;
	else if (s->color && strcmp(s->color, "never") == 0)
		o.colour = TERM_NEVER;
	if (!s->look)
		return o;
	o.fps = (int)s->look->fps;
	o.sync = when_of(s->look->sync);
	o.rgb = when_of(s->look->truecolor);
	o.copy = s->look->copy != CONFIG_OFF;
	o.bell = s->look->bell;
	o.notify = s->look->notify;
	o.mouse = s->look->mouse == CONFIG_ON || (s->look->mouse == CONFIG_AUTO && !over_ssh);
	if (s->look->ascii == CONFIG_ON)
		o.utf8 = TERM_NEVER;
	else if (s->look->ascii == CONFIG_OFF)
		o.utf8 = TERM_ALWAYS;
	return o;
}

/* Without one the console does as well, and remembers nothing. */
static char *keep_folder(void)
{
	char *state = config_state_dir(NULL), *keep = state ? xasprintf("%s/console", state) : NULL;

	free(state);
	return keep;
}

static void tell_own(struct ui *u, const struct ui_spec *s)
{
	int n = 0;

	u->own[n++] = s->program;
	if (s->socket)
		u->own[n++] = "--socket", u->own[n++] = s->socket;
	if (s->context)
		u->own[n++] = "--context", u->own[n++] = s->context;
	if (s->config)
		u->own[n++] = "--config", u->own[n++] = s->config;
	u->own[n++] = "--color", u->own[n++] = "never";
	u->own[n++] = "--no-start";
}

static int begin(struct ui *u, const struct ui_spec *s, struct err *e)
{
	struct shell_spec spec = { .loop = u->loop, .look = s->look, .theme = s->theme, .config = u->config,
		.title = s->title ? s->title : "",
		.open = s->open, .keep = u->keep, .read_only = s->read_only,
		.is_protected = s->is_protected,
		.verbs = s->program ? s->verbs : NULL, .own = u->own,
		.start = s->no_start ? NULL : on_start, .arg = u };
	struct term_opts o = term_opts_of(s);

	if (shell_init(&u->shell, &spec, e) < 0)
		return -1;
	o.theme = &u->shell.theme;
	u->term = u->shell.spec.term = term_open(&o, clock_mono_ms(), e);
	if (!u->term)
		return -1;
	u->in = loop_io_new(u->loop, term_input_fd(u->term), LOOP_READ, on_io, u);
	u->out = loop_io_new(u->loop, term_output_fd(u->term), 0, on_io, u);
	u->signals = loop_io_new(u->loop, term_signal_fd(u->term), LOOP_READ, on_io, u);
	return 0;
}

static void end(struct ui *u)
{
	shell_close(&u->shell);
	link_free(u->link);
	shell_fini(&u->shell);
	loop_io_free(u->in);
	loop_io_free(u->out);
	loop_io_free(u->signals);
	term_close(u->term);
	loop_free(u->loop);
	free(u->keep);
	free(u->config);
	free(u);
}

static int run(void *arg, struct err *e)
{
	const struct ui_spec *s = arg;
	struct ui *u = xcalloc(1, sizeof(*u));
	int rc;

	clock_turn();
	u->loop = loop_new();
	u->keep = keep_folder();
	u->config = s->config ? xstrdup(s->config) : config_default_path(NULL);
	tell_own(u, s);
	rc = begin(u, s, e);
	if (rc == 0) {
		draw(u, clock_mono_ms()); /* something to see before anything else is done */
		u->link = link_new(u->loop, s, &link_ops, u);
		while (!u->shell.quit)
			turn(u);
	}
	end(u);
	return rc;
}

int ui_run(const struct ui_spec *s, struct err *e)
{
	struct guard_opts o = { .run = run, .arg = (void *)s };
	char *dir = config_state_dir(NULL);
	char hint[512];

	snprintf(hint, sizeof(hint), "the collector goes on, its log is %s/%s.log", dir ? dir : "?",
		s->context ? s->context : "default");
	free(dir);
	o.hint = hint;
	return guard_run(&o, e);
}
