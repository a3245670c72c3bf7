/* status: one line a layer, and an exit code. */
#include <string.h>

#include "base/jtext.h"
#include "base/utf8.h"
#include "cli/cell.h"
#include "cli/cli.h"
#include "cli/form.h"
#include "cli/status.h"
#include "client/client.h"

struct status_opts {
	const char *output, *at;
};

static const char *const status_forms[] = { "table", "json", "yaml", NULL };
static const struct opt status_options[] = {
	{ "output", 'o', OPT_CHOICE, COMPLETE_NONE, "FORM", "table, json or yaml", status_forms,
		offsetof(struct status_opts, output) },
	{ "at", 0, OPT_STR, COMPLETE_NONE, "MOMENT", "as it was then: 15m ago, 14:05 ...", NULL,
		offsetof(struct status_opts, at) },
	{ 0 },
};

static void member(struct slice object, const char *key, struct buf *out)
{
	struct slice v = { 0 };

	buf_reset(out);
	jtext_get(object, key, &v);
	cell_text(v, CELL_STR, out);
}

static void put_padded(struct out *o, const char *text, int width)
{
	out_adds(o, text);
	out_pad(o, width - utf8_width(text, strlen(text)));
}

static void put_state(struct out *o, const char *word)
{
	const struct mark *m = o->tty || o->colour ? mark_of(slice_of(word)) : NULL;

	if (m && o->colour)
		out_addf(o, "\033[%sm", m->sgr);
	if (m)
		out_addf(o, "%s ", o->tty && !o->utf8 ? m->ascii : m->glyph);
	put_padded(o, word, 8);
	if (m && o->colour)
		out_adds(o, "\033[0m");
}

static void put_layer(struct out *o, struct slice layer)
{
	struct buf b;

	buf_init(&b, 64u << 10);
	member(layer, "name", &b);
	put_padded(o, b.p, 16);
	member(layer, "state", &b);
	put_state(o, b.p);
	member(layer, "text", &b);
	out_addf(o, "  %s\n", b.p);
	buf_fini(&b);
}

void status_lines(struct out *o, struct slice status)
{
	struct jtext_walk w;
	struct slice layers, layer;

	if (jtext_get(status, "layers", &layers) && jtext_open(&w, layers) == 0)
		while (jtext_next(&w, NULL, &layer) == 1)
			put_layer(o, layer);
}

bool status_well(struct slice status)
{
	struct slice v;

	return jtext_get(status, "state", &v) &&
	       (slice_is(v, "\"well\"") || slice_is(v, "\"idle\""));
}

static bool tell_trouble(struct slice row)
{
	struct buf name, state, error;
	bool trouble;

	buf_init(&name, 4096);
	buf_init(&state, 4096);
	buf_init(&error, 4096);
	member(row, "name", &name);
	member(row, "state", &state);
	member(row, "error", &error);
	trouble = strcmp(state.p, "live") != 0 && error.len > 1 && strncmp(error.p, "the end", 7) != 0;
	if (trouble)
		cli_say("source %s is %s: %s", name.p, state.p, error.p);
	buf_fini(&name);
	buf_fini(&state);
	buf_fini(&error);
	return trouble;
}

int status_troubles(struct client *client)
{
	static const char ask[] = "{\"kind\":\"sources\",\"fields\":\"name,state,error\",\"limit\":100}";
	struct slice rows, row;
	struct jtext_walk w;
	struct err ignored;
	struct buf answer;
	int n = 0;

	buf_init(&answer, 4u << 20);
	if (client_ask(client, "query", slice_of(ask), &answer, &ignored) == 0 &&
		jtext_get(buf_slice(&answer), "rows", &rows) && jtext_open(&w, rows) == 0)
		while (jtext_next(&w, NULL, &row) == 1)
			n += tell_trouble(row);
	buf_fini(&answer);
	return n;
}

static void put_whole(struct out *o, const char *form, struct slice status)
{
	if (strcmp(form, "yaml") == 0) {
		yaml_object(o, status);
		return;
	}
	out_foreign(o, status);
	out_adds(o, "\n");
}

static int status_run(struct cli *c, struct err *e)
{
	const struct status_opts *opts = c->opts;
	struct client *client;
	struct buf status;
	int rc;

	c->at = opts->at;
	client = cli_connect(c, e);
	if (!client)
		return -1;
	buf_init(&status, 4u << 20);
	rc = client_ask(client, "status", slice_of(""), &status, e);
	if (rc == 0 && opts->output && *opts->output != 't')
		put_whole(&c->out, opts->output, buf_slice(&status));
	else if (rc == 0)
		status_lines(&c->out, buf_slice(&status));
	if (rc == 0)
		rc = status_well(buf_slice(&status)) ? 0 : 1;
	buf_fini(&status);
	client_free(client);
	return rc;
}

const struct verb verb_status = { .name = "status", .args = "", .help = "tell whether each layer is well",
	.about = "One line a layer. The exit code is 0 when all layers are well or idle, 1 when one is "
		 "degraded or down.",
	.opts = status_options, .opts_size = sizeof(struct status_opts), .run = status_run };
