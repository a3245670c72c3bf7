/* detect: the AI engine over one series on stdin, as the collector runs it. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "cli/cli.h"
#include "detect/detect.h"
#include "detect/line.h"

#define LINE_MAX_ 4096
#define CHUNK	  (64u << 10)

struct detect_opts {
	bool why;
};

struct feed {
	struct out *out;
	bool why;
	struct detect_core core;
	struct detect_deep deep;
	struct buf line; /* of a line that came in parts; `full`: it is too long */
	uint64_t lines, bad;
};

static void put_row(struct feed *f, const struct series_line *l, const struct detect_verdict *v)
{
	struct buf b;

	buf_init(&b, 4096);
	buf_addf64(&b, v->score);
	if (f->why) {
		buf_adds(&b, ",\"");
		if (v->begins)
			detect_explain(v, &b);
		buf_adds(&b, "\"");
	}
	out_foreign(f->out, l->timestamp);
	out_adds(f->out, ",");
	out_foreign(f->out, l->text);
	out_adds(f->out, ",");
	out_addslice(f->out, buf_slice(&b));
	out_adds(f->out, "\n");
	buf_fini(&b);
}

static void take_line(struct feed *f, struct slice text)
{
	struct series_line l;
	struct detect_verdict v;

	series_line_read(text, &l);
	if (f->lines++ == 0 && l.named) {
		out_addf(f->out, "timestamp,value,anomaly_score%s\n", f->why ? ",why" : "");
		return;
	}
	f->bad += !isfinite(l.value);
	detect_step(&f->core, &f->deep, l.t_ms, l.value, &v);
	put_row(f, &l, &v);
}

/* A line above the limit is a row without time and value. */
static void end_line(struct feed *f, struct slice last)
{
	if (!f->line.len && !f->line.full && last.n <= LINE_MAX_) {
		take_line(f, last);
		return;
	}
	buf_addslice(&f->line, last);
	take_line(f, f->line.full ? slice_mem(NULL, 0) : buf_slice(&f->line));
	buf_reset(&f->line);
}

static void take_bytes(struct feed *f, const char *p, size_t n)
{
	const char *end = p + n, *nl;

	for (; (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1)
		end_line(f, slice_mem(p, (size_t)(nl - p)));
	buf_add(&f->line, p, (size_t)(end - p));
}

static int read_all(struct feed *f, struct err *e)
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_OURS, "cannot read stdin: %s", strerror(errno));
		take_bytes(f, chunk, (size_t)n);
		out_flush(f->out); /* a live series is answered row by row */
		if (out_gone(f->out))
			return 0;
	}
	if (f->line.len || f->line.full)
		end_line(f, slice_mem(NULL, 0));
	return 0;
}

static int detect_run(struct cli *c, struct err *e)
{
	const struct detect_opts *o = c->opts;
	struct feed f = { .out = &c->out, .why = o->why };
	int rc;

	detect_core_init(&f.core);
	detect_deep_init(&f.deep);
	buf_init(&f.line, LINE_MAX_);
	if (isatty(STDIN_FILENO))
		cli_say("lines of `timestamp,value`, Ctrl-D ends them");
	rc = read_all(&f, e);
	if (f.bad)
		cli_say("%llu of %llu lines had no number for a value and score 0",
			(unsigned long long)f.bad, (unsigned long long)f.lines);
	buf_fini(&f.line);
	return rc;
}

static const struct opt detect_options[] = {
	{ "why", 0, OPT_FLAG, COMPLETE_NONE, NULL,
		"a fourth column: what made the score, for rows from 0.5 on", NULL,
		offsetof(struct detect_opts, why) },
	{ 0 },
};

static const char *const detect_examples[] = {
	"depinctl detect < series.csv", "a score for each row",
	"depinctl detect --why < series.csv | awk -F, '$3 >= 0.5'",
	"the rows at which something begins, and why",
	NULL,
};

const struct verb verb_detect = { .name = "detect", .args = "",
	.help = "score the rows of a series on stdin by the AI engine",
	.about = "Reads lines of `timestamp,value`, with or without a header, and writes "
		 "`timestamp,value,anomaly_score`: one line for each line, as soon as it was read, "
		 "from what came before it alone. The score is between 0 and 1; from 0.5 on an "
		 "event begins at this row, below it says how unusual the row is. Times are RFC 3339, "
		 "with a blank for the T or without a zone, too, or Unix seconds; a row without a "
		 "number for a value scores 0 and teaches nothing.",
	.examples = detect_examples, .opts = detect_options, .opts_size = sizeof(struct detect_opts),
	.run = detect_run };
