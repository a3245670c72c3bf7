/* No verb: the console. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/console.h"
#include "config/config.h"
#include "ui/ui.h"

#define LINGER_MS (15 * 60 * 1000)

int console_open(struct cli *c, struct err *e)
{
	struct ui_spec s = { .color = c->global.color, .timeout_ms = c->global.timeout_ms,
		.no_start = c->global.no_start, .read_only = c->global.read_only,
		.linger_ms = LINGER_MS, .program = "/proc/self/exe", .verbs = console_verbs() };
	const char *term = getenv("TERM");
	struct cli_place p;
	int rc;

	if (c->global.plain)
		return console_plain(c, e);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0)
		return err_set(e, ERR_USAGE,
			"the console needs a terminal that can place its cursor; --plain shows the status "
			"and the worst devices as text, `depinctl help` lists the other commands");
	if (cli_place(c, &p, e) < 0)
		return -1;
	s.socket = p.socket;
	s.config = p.config_path;
	s.context = s.title = p.context;
	if (p.config) {
		const struct config_context *x = config_context(p.config, p.context, e);

		s.look = &p.config->ui;
		s.linger_ms = p.config->collector.linger_ms;
		s.theme = x ? x->theme : NULL;
		s.is_protected = x && x->is_protected;
	}
	rc = ui_run(&s, e);
	cli_place_fini(&p);
	return rc;
}

const struct verb verb_console = { .name = "console", .args = "", .help = "the console",
	.hidden = true, .run = console_open };
