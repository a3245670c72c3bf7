#include "ui/hands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "base/utf8.h"
#include "ui/screen/confirm.h"
#include "ui/screen/moment.h"
#include "ui/screen/value.h"
#include "ui/shell.h"

#define ALERTS_MAX  1000 /* that the collector takes at once */
#define DEVICES_MAX 500	 /* that a filter names */
#define LINE_BYTES  (1 << 20)

enum deed { ACK, UNACK, SILENCE };

static const struct {
	const char *name, *what;
} deeds[] = {
	[ACK] = { "ack", "acknowledge" },
	[UNACK] = { "unack", "take back the ack of" },
	[SILENCE] = { "silence", "silence" },
};

/* --- what is asked of the collector --- */

/* "2h NOTE": how long, and what is left. */
static int take_span(struct slice *arg, int64_t *ms, struct err *e)
{
	const char *blank = memchr(arg->p, ' ', arg->n);
	char word[40];
	size_t n = blank ? (size_t)(blank - arg->p) : arg->n;

	snprintf(word, sizeof(word), "%.*s", (int)n, arg->p);
	*arg = slice_mem(arg->p + n + (blank != NULL), arg->n - n - (blank != NULL));
	if (!n)
		return err_set(e, ERR_USAGE, "for how long?  silence 2h, and a note");
	return num_duration_ms(word, ms, e);
}

/* id in ('a','b') */
static void put_in(struct buf *b, const char *field, const struct marks *ids)
{
	buf_addf(b, "%s in (", field);
	for (size_t i = 0; i < ids->n; i++)
		filter_add(b, "", i ? "," : "", slice_of(ids->ids[i]));
	buf_addc(b, ')');
}

static void put_ack(struct jw *w, const struct marks *ids, bool undo, struct slice note)
{
	jw_object(w);
	jw_key(w, "ids"), jw_array(w);
	for (size_t i = 0; i < ids->n; i++)
		jw_str(w, slice_of(ids->ids[i]));
	jw_end(w);
	jw_key(w, "note"), jw_str(w, note);
	if (undo)
		jw_key(w, "undo"), jw_bool(w, true);
	jw_end(w);
}

static void put_silence(struct jw *w, struct slice filter, int64_t ms, struct slice note)
{
	jw_object(w);
	jw_key(w, "filter"), jw_str(w, filter);
	jw_key(w, "for_ms"), jw_i64(w, ms);
	jw_key(w, "note"), jw_str(w, note);
	jw_end(w);
}

/* The command line that does it. */
static int put_line(struct buf *line, enum deed deed, const struct marks *ids, struct slice arg,
	struct err *e)
{
	int64_t ms;
	struct buf filter;
	struct jw w;

	jw_init(&w, line);
	buf_addf(line, "do %s ", deeds[deed].name);
	if (deed != SILENCE) {
		put_ack(&w, ids, deed == UNACK, arg);
		return 0;
	}
	if (take_span(&arg, &ms, e) < 0)
		return -1;
	buf_init(&filter, LINE_BYTES);
	put_in(&filter, "id", ids);
	put_silence(&w, buf_slice(&filter), ms, arg);
	buf_fini(&filter);
	return 0;
}

/* One at once; several are shown first. */
static int on_alerts(struct shell *s, enum deed deed, const struct marks *ids, struct slice arg,
	struct err *e)
{
	char what[400];
	struct buf line;
	int rc;

	if (ids->n > ALERTS_MAX)
		return err_set(e, ERR_REFUSED, "%zu alerts: %d at most at once", ids->n, ALERTS_MAX);
	buf_init(&line, LINE_BYTES);
	rc = put_line(&line, deed, ids, arg, e);
	snprintf(what, sizeof(what), "%s %zu alerts%s%.*s", deeds[deed].what, ids->n, arg.n ? ": " : "",
		(int)utf8_fit(arg.p, arg.n, 60), arg.p);
	if (rc == 0 && ids->n == 1)
		shell_run(s, buf_slice(&line));
	else if (rc == 0)
		confirm_ask(&s->stage, &(struct question){ .what = what, .line = line.p,
			.kind = "alerts", .targets = ids });
	buf_fini(&line);
	return rc;
}

/* --- the alerts of devices: those that their statuses put them in, and those that are about them --- */

static void forget(struct hands *h)
{
	marks_fini(&h->devices);
	free(h->arg);
	h->arg = NULL;
}

static void add_ids(struct marks *ids, const json_t *answer, const char *field)
{
	size_t i;
	json_t *row;

	json_array_foreach(json_object_get(answer, "rows"), i, row)
		if (row_text(row, field).n)
			marks_add(ids, row_text(row, field));
}

static void query(struct shell *s, const char *kind, const char *filter, const char *field,
	asker_fn *fn)
{
	struct buf b;
	struct jw w;

	buf_init(&b, LINE_BYTES);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "kind"), jw_str(&w, slice_of(kind));
	jw_key(&w, "filter"), jw_str(&w, slice_of(filter));
	jw_key(&w, "fields"), jw_array(&w), jw_str(&w, slice_of(field)), jw_end(&w);
	jw_key(&w, "limit"), jw_i64(&w, ALERTS_MAX + 1);
	jw_end(&w);
	asker_call(&s->hands.asker, s->stage.client, "query", buf_slice(&b), fn, s);
	buf_fini(&b);
}

static void alerts_known(void *arg, const json_t *answer, const struct err *e)
{
	struct shell *s = arg;
	struct hands *h = &s->hands;
	struct marks ids = { 0 };
	struct err bad = { 0 };

	add_ids(&ids, answer, "id");
	if (e)
		bad = *e;
	else if (!ids.n)
		err_set(&bad, ERR_NO, "no alert is open there");
	else
		on_alerts(s, (enum deed)h->deed, &ids, slice_of(h->arg), &bad);
	if (bad.class != ERR_NONE)
		shell_say(s, bad.class == ERR_NO ? ROLE_NOTICE : ROLE_ERROR, bad.text);
	marks_fini(&ids);
	forget(h);
}

static void devices_known(void *arg, const json_t *answer, const struct err *e)
{
	struct shell *s = arg;
	struct marks ids = { 0 };
	struct buf filter;

	if (e) {
		alerts_known(arg, NULL, e);
		return;
	}
	add_ids(&ids, answer, "alert");
	buf_init(&filter, LINE_BYTES);
	buf_adds(&filter, "state!=resolved and (");
	put_in(&filter, "device", &s->hands.devices);
	if (ids.n) {
		buf_adds(&filter, " or ");
		put_in(&filter, "id", &ids);
	}
	buf_addc(&filter, ')');
	query(s, "alerts", filter.p, "id", alerts_known);
	buf_fini(&filter);
	marks_fini(&ids);
}

/* Takes the marks. */
static int on_devices(struct shell *s, enum deed deed, struct marks *devices, struct slice arg,
	struct err *e)
{
	struct hands *h = &s->hands;
	struct buf filter;

	if (h->devices.n)
		return err_set(e, ERR_NO, "one after the other: the collector has not answered yet");
	if (devices->n > DEVICES_MAX)
		return err_set(e, ERR_REFUSED, "%zu devices: alerts of %d at most at once", devices->n,
			DEVICES_MAX);
	h->deed = deed;
	h->arg = xmemdup0(arg.p, arg.n);
	h->devices = *devices;
	*devices = (struct marks){ 0 };
	buf_init(&filter, LINE_BYTES);
	put_in(&filter, "id", &h->devices);
	query(s, "devices", filter.p, "alert", devices_known);
	buf_fini(&filter);
	return 0;
}

/* --- commands --- */

static int may(struct shell *s, const char *name, struct slice arg, struct err *e)
{
	if (s->spec.read_only)
		return gate_pass(s, true, slice_of(name), arg, e);
	if (moment_gone())
		return err_set(e, ERR_REFUSED, "%s: not while a moment gone by is shown", name);
	return shell_need_line(s, e);
}

/* What the page in front means: "alerts", "devices"; NULL: nothing. */
static const char *meant(struct shell *s, struct marks *ids)
{
	const struct page *p = shell_page(s);

	return p && p->screen->meant ? p->screen->meant(p->state, ids) : NULL;
}

void hands_point(struct shell *s)
{
	struct marks ids = { 0 };

	meant(s, &ids);
	marks_fini(&ids);
}

/* Elsewhere it is the command of the command line that has the same name. */
static int as_verb(struct shell *s, const char *name, struct slice arg, struct err *e)
{
	char *line = xasprintf("%s %.*s", name, SLICE_ARG(arg));
	int rc = verb_run(s, slice_of(line), e);

	free(line);
	return rc;
}

static int act(struct shell *s, enum deed deed, struct slice arg, struct err *e)
{
	const char *name = deeds[deed].name;
	struct marks ids = { 0 };
	const char *kind = meant(s, &ids);
	struct slice rest = arg;
	int64_t ms;
	int rc;

	if (!kind)
		rc = as_verb(s, name, arg, e);
	else if ((rc = may(s, name, arg, e)) == 0 && !ids.n)
		rc = err_set(e, ERR_NO, "%s what?  Nothing is under the cursor", name);
	else if (rc == 0 && deed == SILENCE && take_span(&rest, &ms, e) < 0)
		rc = -1;
	else if (rc == 0 && strcmp(kind, "devices") == 0)
		rc = on_devices(s, deed, &ids, arg, e);
	else if (rc == 0)
		rc = on_alerts(s, deed, &ids, arg, e);
	marks_fini(&ids);
	return rc;
}

int cmd_ack(struct shell *s, struct slice arg, struct err *e)
{
	return act(s, ACK, arg, e);
}

int cmd_unack(struct shell *s, struct slice arg, struct err *e)
{
	return act(s, UNACK, arg, e);
}

int cmd_silence(struct shell *s, struct slice arg, struct err *e)
{
	return act(s, SILENCE, arg, e);
}

/* All that match, also those that are still to come: that is what is shown before. */
int cmd_silence_filter(struct shell *s, struct slice arg, struct err *e)
{
	const struct page *p = shell_page(s);
	struct slice filter;
	struct buf line;
	struct jw w;
	char *text;
	int64_t ms;

	if (!p || p->screen != &screen_alerts)
		return err_set(e, ERR_NO, "silence-filter: on the alerts, with a filter");
	filter = p->screen->current(p->state, "filter");
	if (may(s, "silence-filter", arg, e) || take_span(&arg, &ms, e) < 0)
		return -1;
	if (!filter.n)
		return err_set(e, ERR_NO, "which alerts?  Filter them first");
	buf_init(&line, LINE_BYTES);
	buf_adds(&line, "do silence ");
	jw_init(&w, &line);
	put_silence(&w, filter, ms, arg);
	text = xmemdup0(filter.p, filter.n);
	confirm_ask(&s->stage, &(struct question){ .kind = "alerts", .line = line.p,
		.what = "silence these and all to come that match", .filter = text });
	free(text);
	buf_fini(&line);
	return 0;
}

void hands_fini(struct hands *h)
{
	asker_fini(&h->asker);
	forget(h);
}
