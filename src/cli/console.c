/* No verb: the console. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/console.h"
#include "client/client.h"

int console_open(struct cli *c, struct err *e)
{
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !term || strcmp(term, "dumb") == 0)
		return err_set(e, ERR_USAGE,
			"the console needs a terminal; `depinctl help` lists the commands that do not");
	return err_set(e, ERR_OURS, "this build has no console");
}

const struct verb verb_console = { .name = "console", .args = "", .help = "the console",
	.hidden = true, .run = console_open };
