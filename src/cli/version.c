/* version: ours, and that of the collector when one runs. */
#include <string.h>

#include "cli/cli.h"
#include "client/client.h"

static int version_run(struct cli *c, struct err *e)
{
	struct client *client;
	struct client_hello h;
	struct err ignored;

	out_addf(&c->out, "depinctl %s\n", DEPINCTL_VERSION);
	c->running_only = true;
	client = cli_connect(c, &ignored);
	if (client && client_hello(client, &h, &ignored) == 0) {
		struct buf line;

		buf_init(&line, 1024);
		buf_addf(&line, "collector %s, context %s, pid %lld, api %lld%s", h.version,
			h.context, (long long)h.pid, (long long)h.api,
			h.same_version ? "" : " (another version)");
		out_foreign(&c->out, buf_slice(&line));
		out_adds(&c->out, "\n");
		buf_fini(&line);
	}
	client_free(client);
	return 0;
}

const struct verb verb_version = { .name = "version", .args = "",
	.help = "print the version, and the collector's when one runs", .run = version_run };
