#include "devnet/scenario.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/num.h"
#include "devnet/noise.h"

#define FLAP_DOWN_MS 4000
#define FLAP_UP_MS   6000
#define THROTTLE_AFTER_MS 40000

enum { STORAGE, COMPUTE, AI, ENERGY, WATER, TRANSPORT, HEALTH };

const struct scenario_type scenario_types[SC_COUNT] = {
	[SC_OUTAGE] = { "outage", "a site dies: deaths, silence, births at the end", SC_OUTAGE,
		60000, ENERGY, 1, .silences = true },
	[SC_OVERHEAT] = { "overheat", "a site's cooling fails and its temperatures climb", SC_OVERHEAT,
		120000, COMPUTE, 1, .fades = true },
	[SC_DISKFILL] = { "diskfill", "disks of some of a site's miners fill up steadily", SC_DISKFILL,
		600000, STORAGE, 4, .fades = true },
	[SC_STUCK] = { "stuck", "one sensor of some of a site's devices stops moving", SC_STUCK,
		300000, WATER, 8, .fades = true },
	[SC_FLAP] = { "flap", "the link of some of a site's devices comes and goes", SC_FLAP,
		60000, TRANSPORT, 6, .silences = true },
	[SC_REORG] = { "reorg", "the chain's last blocks are replaced by others", SC_REORG, 1, -1 },
	[SC_SILENT] = { "silent", "some of a site's devices stop without a word", SC_SILENT,
		120000, AI, 12, .silences = true },
	[SC_FLOOD] = { "flood", "twenty times the events", SC_FLOOD, 10000, -1 },
	[SC_MALFORMED] = { "malformed", "hostile frames between the good ones", SC_MALFORMED,
		20000, -1 },
};

/* What the first minutes of a demo are made of, again every eight minutes elsewhere. */
static const char *const demo[] = { "overheat@20s+100s", "flap@45s+40s", "outage@75s+45s",
	"reorg@100s", "diskfill@130s+4m", "stuck@160s+3m", "silent@210s+80s", "flood@300s+6s",
	"reorg@330s", "outage@360s+40s" };
#define DEMO_ROUND_MS  480000
#define DEMO_ROUNDS    12

void scenario_list_fini(struct scenario_list *l)
{
	free(l->v);
	*l = (struct scenario_list){ 0 };
}

static const struct scenario_type *type_of(struct slice name)
{
	for (size_t i = 0; i < SC_COUNT; i++)
		if (slice_is(name, scenario_types[i].name))
			return &scenario_types[i];
	return NULL;
}

/* A site of the network that has devices, chosen by chance; the first demo round is always the
 * network's first site, so that a newcomer and the manual see the same one. */
static int choose_site(const struct fleet *f, const struct scenario_list *l, int network)
{
	int found[FLEET_SITES_MAX], n = 0;

	for (size_t s = 0; s < nsites; s++)
		if (sites[s].network == network && fleet_site_size(f, s))
			found[n++] = (int)s;
	if (n == 0)
		return -1;
	return found[l->n < ARRAY_LEN(demo) ? 0 : noise_pick(f->seed, 0x517e + l->n, (uint64_t)n)];
}

static int range_of_device(const struct fleet *f, const struct scenario_ask *a, struct scenario *s,
	struct err *e)
{
	int64_t index = fleet_find(f, a->device);

	if (index < 0)
		return err_set(e, ERR_USAGE, "no device \"%.*s\" in this fleet", SLICE_ARG(a->device));
	s->first = (uint32_t)index;
	s->last = s->first + 1;
	return 0;
}

static int range_of_site(const struct fleet *f, const struct scenario_list *l,
	const struct scenario_ask *a, struct scenario *s, struct err *e)
{
	int site = a->site.n ? fleet_site(a->site) : choose_site(f, l, s->type->network);
	uint32_t n;

	if (site < 0 && a->site.n)
		return err_set(e, ERR_USAGE, "no site \"%.*s\"", SLICE_ARG(a->site));
	if (site < 0 || fleet_site_size(f, (size_t)site) == 0)
		return err_set(e, ERR_USAGE, "no devices for scenario %s in this fleet", s->type->name);
	n = fleet_site_size(f, (size_t)site) / s->type->part;
	s->first = f->first[site];
	s->last = s->first + (n ? n : 1);
	return 0;
}

static bool overlap(const struct scenario *a, const struct scenario *b)
{
	return a->t0 < b->t1 && b->t0 < a->t1 && a->first < b->last && b->first < a->last;
}

static int check_silenced(const struct scenario_list *l, const struct scenario *s, struct err *e)
{
	for (size_t i = 0; i < l->n; i++)
		if (s->type->silences && l->v[i].type->silences && overlap(s, &l->v[i]))
			return err_set(e, ERR_REFUSED, "%s would strike devices that %s has already",
				s->type->name, l->v[i].type->name);
	return 0;
}

static int check_numbers(const struct scenario_ask *a, struct err *e)
{
	if (a->for_ms < 0 || a->for_ms > SCENARIO_MAX_MS)
		return err_set(e, ERR_USAGE, "a scenario lasts at most 24h");
	if (a->depth > REORG_DEPTH_MAX)
		return err_set(e, ERR_USAGE, "a reorg replaces at most %d blocks", REORG_DEPTH_MAX);
	return 0;
}

static void append(struct scenario_list *l, const struct scenario *s)
{
	if (!l->v) /* once: the timeline keeps pointers into it */
		l->v = xcalloc(SCENARIOS_MAX, sizeof(*l->v));
	l->v[l->n++] = *s;
}

int scenario_add(struct scenario_list *l, const struct fleet *f, const struct scenario_ask *a,
	struct err *e)
{
	struct scenario s = { .type = type_of(a->name), .t0 = a->at_ms };

	if (!s.type)
		return err_set(e, ERR_USAGE, "no scenario \"%.*s\" (--list-scenarios names them)",
			SLICE_ARG(a->name));
	if (check_numbers(a, e) < 0)
		return -1;
	if (l->n == SCENARIOS_MAX)
		return err_set(e, ERR_REFUSED, "at most %d scenarios a run", SCENARIOS_MAX);
	s.t1 = s.t0 + (a->for_ms && s.type->id != SC_REORG ? a->for_ms : s.type->for_ms);
	s.depth = s.type->id != SC_REORG ? 0 : a->depth ? a->depth : 3;
	if (s.type->part && (a->device.n ? range_of_device(f, a, &s, e) :
					  range_of_site(f, l, a, &s, e)) < 0)
		return -1;
	if (check_silenced(l, &s, e) < 0)
		return -1;
	append(l, &s);
	return 0;
}

/* Cuts the front of *s up to the first of `stops`; the stop itself stays. */
static struct slice cut(struct slice *s, const char *stops)
{
	struct slice front = { s->p, 0 };

	while (front.n < s->n && !memchr(stops, front.p[front.n], strlen(stops)))
		front.n++;
	s->p += front.n;
	s->n -= front.n;
	return front;
}

static int duration(struct slice s, int64_t *ms, struct err *e)
{
	char text[32];

	if (s.n == 0 || s.n >= sizeof(text))
		return err_set(e, ERR_USAGE, "no duration \"%.*s\" (say 20s or 5m)", SLICE_ARG(s));
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (num_duration_ms(text, ms, e) < 0)
		return -1;
	return *ms > SCENARIO_MAX_MS ? err_set(e, ERR_USAGE, "%s is more than 24h", text) : 0;
}

/* NAME[:SITE][@OFFSET][+DURATION] */
static int parse_one(struct slice text, int64_t epoch, struct scenario_ask *a, struct err *e)
{
	struct slice rest = text;
	int64_t offset = 0;

	*a = (struct scenario_ask){ .name = cut(&rest, ":@+") };
	while (rest.n) {
		char mark = *rest.p++;
		struct slice word;

		rest.n--;
		word = cut(&rest, ":@+");
		if (mark == ':')
			a->site = word;
		else if (duration(word, mark == '@' ? &offset : &a->for_ms, e) < 0)
			return err_prefix(e, "scenario \"%.*s\"", SLICE_ARG(text));
	}
	a->at_ms = epoch + offset;
	return 0;
}

static int add_demo(struct scenario_list *l, const struct fleet *f, int64_t start, struct err *e)
{
	for (int round = 0; round < DEMO_ROUNDS; round++, start += DEMO_ROUND_MS)
		for (size_t i = 0; i < ARRAY_LEN(demo); i++) {
			struct scenario_ask a;
			struct err none;

			if (parse_one(slice_of(demo[i]), start, &a, e) < 0)
				return -1;
			scenario_add(l, f, &a, &none); /* a small fleet may lack the place */
		}
	return 0;
}

int scenario_add_text(struct scenario_list *l, const struct fleet *f, const char *text,
	int64_t epoch, struct err *e)
{
	struct slice rest = slice_of(text);

	while (rest.n) {
		struct slice one = cut(&rest, ",");
		struct scenario_ask a;

		if (rest.n) {
			rest.p++;
			rest.n--;
		}
		if (parse_one(one, epoch, &a, e) < 0)
			return -1;
		if (slice_is(a.name, "demo") ? add_demo(l, f, a.at_ms, e) < 0 :
					       scenario_add(l, f, &a, e) < 0)
			return -1;
	}
	return 0;
}

/* Flapping: down, up, down, up, from t0 on; the k-th change. */
static int64_t flap_change(const struct scenario *s, int64_t k)
{
	return s->t0 + k / 2 * (FLAP_DOWN_MS + FLAP_UP_MS) + (k & 1 ? FLAP_DOWN_MS : 0);
}

static int64_t flap_next(const struct scenario *s, int64_t t)
{
	int64_t k = (t - s->t0) / (FLAP_DOWN_MS + FLAP_UP_MS) * 2;

	while (flap_change(s, k) <= t)
		k++;
	return flap_change(s, k) < s->t1 ? flap_change(s, k) : s->t1;
}

int64_t scenario_turn(const struct scenario *s)
{
	int64_t at = s->t1;

	if (s->type->id == SC_OVERHEAT)
		at = s->t0 + THROTTLE_AFTER_MS;
	if (s->type->id == SC_DISKFILL)
		at = s->t0 + (s->t1 - s->t0) * 7 / 10;
	return at < s->t1 ? at : s->t1;
}

int64_t scenario_next(const struct scenario *s, int64_t t)
{
	if (t < s->t0)
		return s->t0;
	if (s->type->id == SC_FLAP && t < s->t1)
		return flap_next(s, t);
	if (t < scenario_turn(s))
		return scenario_turn(s);
	if (t < s->t1)
		return s->t1;
	if (s->type->fades && t < s->t1 + SCENARIO_TAIL_MS)
		return s->t1 + SCENARIO_TAIL_MS;
	return INT64_MAX;
}

bool scenario_active(const struct scenario *s, int64_t t)
{
	return t >= s->t0 && t < s->t1;
}

bool scenario_silences(const struct scenario *s, int64_t t)
{
	if (!s->type->silences || !scenario_active(s, t))
		return false;
	return s->type->id != SC_FLAP || (t - s->t0) % (FLAP_DOWN_MS + FLAP_UP_MS) < FLAP_DOWN_MS;
}

bool scenario_bears(const struct scenario *s, int64_t t)
{
	return s->type->fades && t >= s->t0 && t < s->t1 + SCENARIO_TAIL_MS;
}
