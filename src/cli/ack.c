/* ack: alerts that somebody knows of. */
#include "base/json.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "client/client.h"

struct ack_opts {
	const char *note, *filter;
	bool undo;
};

#define AT(member) offsetof(struct ack_opts, member)
static const struct opt ack_options[] = {
	{ "filter", 'f', OPT_STR, COMPLETE_FILTER, "EXPR", "all open alerts for which this holds, 1000 at most",
		NULL, AT(filter) },
	{ "note", 0, OPT_STR, COMPLETE_NONE, "TEXT", "why, for the others", NULL, AT(note) },
	{ "undo", 0, OPT_FLAG, COMPLETE_NONE, NULL, "take it back", NULL, AT(undo) },
	{ 0 },
};
#undef AT

static void ack_text(const struct cli *c, const struct ack_opts *o, struct buf *out)
{
	struct jw w;

	jw_init(&w, out);
	jw_object(&w);
	if (c->words_n) {
		jw_key(&w, "ids");
		jw_array(&w);
		for (int i = 0; i < c->words_n; i++)
			jw_str(&w, slice_of(c->words[i]));
		jw_end(&w);
	}
	if (o->filter)
		jw_key(&w, "filter"), jw_str(&w, slice_of(o->filter));
	if (o->note)
		jw_key(&w, "note"), jw_str(&w, slice_of(o->note));
	jw_key(&w, "undo"), jw_bool(&w, o->undo);
	jw_end(&w);
}

static void put_done(struct out *o, const json_t *answer)
{
	const json_t *id;
	size_t i;

	json_array_foreach(json_object_get(answer, "done"), i, id)
		out_addf(o, "%s\n", json_string_value(id));
}

static int tell_missing(const json_t *answer)
{
	const json_t *missing = json_object_get(answer, "missing"), *id;
	size_t i;

	json_array_foreach((json_t *)missing, i, id)
		cli_say("no such alert is open: %s", json_string_value(id));
	return json_array_size(missing) ? 1 : 0;
}

static int ack_run(struct cli *c, struct err *e)
{
	const struct ack_opts *o = c->opts;
	json_t *answer;
	struct buf b;
	int rc;

	if (!c->words_n == !o->filter)
		return err_set(e, ERR_USAGE, "either IDs of alerts, or --filter");
	buf_init(&b, 1 << 20);
	ack_text(c, o, &b);
	answer = cli_ask(c, "ack", buf_slice(&b), e);
	buf_fini(&b);
	if (!answer) {
		ask_point(o->filter, e);
		return -1;
	}
	put_done(&c->out, answer);
	rc = tell_missing(answer);
	json_decref(answer);
	return rc;
}

static const char *const ack_examples[] = {
	"depinctl ack 0a2318a1afd3 --note 'Ann is on her way'",
	"one of those that `depinctl get alerts` shows",
	"depinctl ack --filter 'site=fra-2 and severity>=warn'",
	"all of a site",
	NULL,
};

const struct verb verb_ack = { .name = "ack", .args = "[ID...]", .min = 0, .max = 1000,
	.help = "say that you know of alerts",
	.about = "All who use the collector see who acknowledged what and why. An ack ends when its alert "
		 "is resolved: what comes again wants to be known again. The ids that it was done to are "
		 "printed; the exit code is 1 when one of those named is not open.",
	.examples = ack_examples, .complete = WORDS_ALERTS, .opts = ack_options,
	.opts_size = sizeof(struct ack_opts), .run = ack_run };
