/* The search: what matches is marked and counted; the next match may be far back in the journal. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/regex.h"
#include "client/client.h"
#include "ui/screen/events.h"
#include "ui/screen/value.h"

#define COUNT_ROWS 400 /* looked at in one go */

static bool line_matches(struct events *s, uint64_t n, struct regex *re)
{
	struct log_line l = { 0 };

	events_line(s, n, &l);
	return regex_match(re, l.text) || regex_match(re, l.tag);
}

static bool is_hit(struct events *s, uint64_t n)
{
	struct feed_row *r = feed_row_mut(&s->feed, s->feed.first + n);

	if (r && r->hit == HIT_UNKNOWN)
		r->hit = line_matches(s, n, s->match) ? HIT_YES : HIT_NO;
	return r && r->hit == HIT_YES;
}

bool events_count(struct events *s)
{
	int budget = COUNT_ROWS;

	s->hits = s->hit_at = 0;
	for (uint64_t n = s->log.total; s->match && n-- > 0;) {
		const struct feed_row *r = feed_row(&s->feed, s->feed.first + n);

		if (r->hit == HIT_UNKNOWN && budget-- == 0)
			return true;
		if (!is_hit(s, n))
			continue;
		s->hits++;
		s->hit_at += n >= s->log.cursor;
	}
	return false;
}

static void forget_hits(struct events *s)
{
	for (uint64_t i = s->feed.first; i < s->feed.total; i++)
		feed_row_mut(&s->feed, i)->hit = HIT_UNKNOWN;
}

/* The next row that matches, from `n` on; total when none does. */
static uint64_t find(struct events *s, uint64_t n, int step)
{
	for (; n < s->log.total; n += (uint64_t)(int64_t)step)
		if (is_hit(s, n))
			return n;
	return s->log.total; /* below 0 wraps to far above it */
}

/* --- beyond what is here --- */

/* The collector's filter for what is seen of a row: the message, else the type and the data. */
static void hunt_filter(const struct events *s, struct buf *b)
{
	static const char *const always[] = { "message", "device" };
	static const char *const else_[] = { "type", "data", "source" };
	char *re = xasprintf("(?i)%s", s->pattern);
	struct slice v = slice_of(re);

	if (s->filter)
		buf_addf(b, "(%s) and ", s->filter);
	buf_addc(b, '(');
	for (size_t i = 0; i < ARRAY_LEN(always); i++) {
		filter_add(b, always[i], "~", v);
		buf_adds(b, " or ");
	}
	buf_adds(b, "(not message~'.' and (");
	for (size_t i = 0; i < ARRAY_LEN(else_); i++) {
		buf_adds(b, i ? " or " : "");
		filter_add(b, else_[i], "~", v);
	}
	buf_adds(b, ")))");
	free(re);
}

static void hunt_on(struct events *s, uint64_t place);

static void hunted(void *arg, const json_t *answer, const struct err *e)
{
	struct events *s = arg;
	const json_t *row = json_array_get(json_object_get(answer, "rows"), 0);
	uint64_t next = (uint64_t)json_i64(answer, "next", 0);

	if (row) {
		s->hunt = 0;
		events_jump(s, (uint64_t)json_i64(row, "n", 0), 0);
	} else if (answer && next) {
		hunt_on(s, next);
	} else {
		s->st->say(s->st->arg, e ? e->text : s->hunt > 0 ? "no further match below"
								 : "no further match above");
		s->hunt = 0;
	}
	s->st->dirty(s->st->arg);
}

static void hunt_on(struct events *s, uint64_t place)
{
	struct buf params, filter;
	struct jw w;

	buf_init(&filter, 1 << 16);
	hunt_filter(s, &filter);
	buf_init(&params, 1 << 17);
	jw_init(&w, &params);
	jw_object(&w);
	jw_key(&w, s->hunt < 0 ? "before" : "after"), jw_i64(&w, (int64_t)place);
	jw_key(&w, "filter"), jw_str(&w, buf_slice(&filter));
	jw_key(&w, "fields"), jw_str(&w, slice_of("n"));
	jw_key(&w, "limit"), jw_i64(&w, 1);
	jw_end(&w);
	asker_call(&s->hunter, s->st->client, "scroll", buf_slice(&params), hunted, s);
	buf_fini(&params);
	buf_fini(&filter);
}

static bool hunt(struct events *s, int step)
{
	uint64_t end = step < 0 ? s->feed.first : s->feed.total - 1;
	const struct feed_row *r = feed_row(&s->feed, end);

	if (!r || !s->st->client || (step < 0 ? !s->feed.before : s->feed.tail))
		return false;
	asker_fini(&s->hunter);
	s->hunt = step;
	hunt_on(s, r->number);
	return true;
}

/* --- the commands --- */

static int jump(struct events *s, int step, struct err *e)
{
	uint64_t at;

	if (!s->match)
		return err_set(e, ERR_NO, "nothing has been searched for");
	at = find(s, s->log.cursor + (uint64_t)(int64_t)step, step);
	if (at < s->log.total) {
		loglist_move_to(&s->log, at);
		s->log.paused = true;
		events_moved(s);
		return 0;
	}
	if (hunt(s, step))
		return 0;
	return err_set(e, ERR_NO, "no further match %s", step > 0 ? "below" : "above");
}

static struct regex *compile(struct events *s, struct slice text)
{
	s->wrong.class = ERR_NONE;
	return text.n ? regex_new(text, REGEX_ICASE, &s->wrong_at, &s->wrong) : NULL;
}

int events_search(struct events *s, struct slice arg, struct err *e)
{
	struct regex *re = compile(s, arg);

	if (arg.n && !re) {
		*e = s->wrong;
		return -1;
	}
	regex_free(s->match);
	s->match = re;
	free(s->pattern);
	s->pattern = re ? xmemdup0(arg.p, arg.n) : NULL;
	s->hunt = 0;
	asker_fini(&s->hunter);
	forget_hits(s);
	if (!re)
		return 0;
	if (s->log.total && is_hit(s, s->log.cursor)) {
		s->log.paused = true;
		return 0;
	}
	if (find(s, s->log.cursor - 1, -1) < s->log.total)
		return jump(s, -1, e);
	if (find(s, s->log.cursor + 1, 1) < s->log.total)
		return jump(s, 1, e);
	return jump(s, -1, e);
}

void events_search_end(struct events *s)
{
	asker_fini(&s->hunter);
	regex_free(s->match);
	regex_free(s->trial);
	free(s->pattern);
}

static int act_search(void *state, struct slice arg, struct err *e)
{
	return events_search(state, arg, e);
}

static int act_next(void *state, struct slice arg, struct err *e)
{
	return jump(state, 1, e);
}

static int act_previous(void *state, struct slice arg, struct err *e)
{
	return jump(state, -1, e);
}

void events_typing(void *state, const char *what, struct slice text)
{
	struct events *s = state;

	if (strcmp(what, "search") != 0)
		return;
	regex_free(s->trial);
	s->trial = text.p ? compile(s, text) : NULL;
	s->typing = text.p != NULL;
}

bool events_trouble(void *state, const char *what, struct slice *story, int *at)
{
	struct events *s = state;

	if (strcmp(what, "search") != 0 || s->wrong.class == ERR_NONE)
		return false;
	*story = slice_of(s->wrong.text);
	*at = (int)s->wrong_at;
	return true;
}

const struct action events_searches[] = {
	{ "search", "REGEX", "mark, count and find what matches", .run = act_search },
	{ "next", "", "the next match, newer", .run = act_next },
	{ "previous", "", "the match before, also far back in the journal", .run = act_previous },
	{ 0 },
};
