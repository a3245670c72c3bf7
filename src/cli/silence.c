/* silence: hides alerts for a time. */
#include "base/json.h"
#include "cli/ask.h"
#include "cli/cli.h"
#include "client/client.h"

struct silence_opts {
	int64_t for_ms, drop;
	const char *note;
};

#define AT(member) offsetof(struct silence_opts, member)
static const struct opt silence_options[] = {
	{ "for", 0, OPT_DURATION, COMPLETE_NONE, "DUR", "how long: 2h, 30m", NULL, AT(for_ms) },
	{ "note", 0, OPT_STR, COMPLETE_NONE, "TEXT", "why, for the others", NULL, AT(note) },
	{ "drop", 0, OPT_COUNT, COMPLETE_NONE, "ID", "end this one now", NULL, AT(drop) },
	{ 0 },
};
#undef AT

static int drop(struct cli *c, int64_t id, struct err *e)
{
	char params[64];
	json_t *answer;

	snprintf(params, sizeof(params), "{\"id\":%lld}", (long long)id);
	answer = cli_ask(c, "unsilence", slice_of(params), e);
	json_decref(answer);
	return answer ? 0 : -1;
}

static int begin(struct cli *c, const struct silence_opts *o, struct err *e)
{
	long long hides;
	json_t *answer;
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "filter"), jw_str(&w, slice_of(c->words[0]));
	jw_key(&w, "for_ms"), jw_i64(&w, o->for_ms);
	if (o->note)
		jw_key(&w, "note"), jw_str(&w, slice_of(o->note));
	jw_end(&w);
	answer = cli_ask(c, "silence", buf_slice(&b), e);
	buf_fini(&b);
	if (!answer) {
		ask_point(c->words[0], e);
		return -1;
	}
	hides = json_i64(answer, "hides", 0);
	out_addf(&c->out, "%lld\n", (long long)json_i64(answer, "id", 0));
	if (hides)
		cli_say("%lld alert%s silenced until %s", hides, hides == 1 ? " is" : "s are",
			json_str(answer, "until", ""));
	else
		cli_say("no alert matches now; those that come until %s are silenced",
			json_str(answer, "until", ""));
	json_decref(answer);
	return 0;
}

static int silence_run(struct cli *c, struct err *e)
{
	const struct silence_opts *o = c->opts;

	if (o->drop && (c->words_n || o->for_ms || o->note))
		return err_set(e, ERR_USAGE, "--drop stands alone");
	if (o->drop)
		return drop(c, o->drop, e);
	if (!c->words_n || !o->for_ms)
		return err_set(e, ERR_USAGE, "FILTER and --for DUR are needed, or --drop ID");
	return begin(c, o, e);
}

static const char *const silence_examples[] = {
	"depinctl silence 'site=fra-2' --for 2h --note 'racks are moved'",
	"works at a site",
	"depinctl get silences",
	"which there are",
	NULL,
};

const struct verb verb_silence = { .name = "silence", .args = "[FILTER]", .min = 0, .max = 1,
	.help = "hide alerts that match for a time",
	.about = "FILTER is one of alerts: `site=fra-2 and severity<critical`. What matches is hidden, now and "
		 "later, from all who use the collector, until the time is over. Its number is printed. "
		 "`depinctl get silences` lists them, `--drop ID` ends one.",
	.examples = silence_examples, .complete = WORDS_FILTER, .opts = silence_options,
	.opts_size = sizeof(struct silence_opts), .run = silence_run };
