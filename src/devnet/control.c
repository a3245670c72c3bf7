#include "devnet/control.h"

#include "base/json.h"
#include "base/num.h"

#define STEP_MS 100 /* commands take effect on these */

static void put_scenario(struct jw *w, const struct world *world, const struct scenario *s)
{
	jw_object(w);
	jw_key(w, "scenario");
	jw_str(w, slice_of(s->type->name));
	if (s->last > s->first) {
		struct device d = fleet_device(&world->fleet, s->first);

		jw_key(w, "site");
		jw_str(w, slice_of(sites[d.site].name));
		jw_key(w, "devices");
		jw_i64(w, s->last - s->first);
	}
	jw_key(w, "from");
	jw_time(w, s->t0);
	jw_key(w, "to");
	jw_time(w, s->t1);
	jw_end(w);
}

static int read_ask(const json_t *o, struct scenario_ask *a, struct err *e)
{
	const char *for_text = json_str(o, "for", NULL);
	int64_t depth = json_i64(o, "depth", 0);

	*a = (struct scenario_ask){ .name = slice_of(json_str(o, "scenario", "")),
		.site = slice_of(json_str(o, "site", "")),
		.device = slice_of(json_str(o, "device", "")) };
	if (!a->name.n)
		return err_set(e, ERR_USAGE, "want {\"scenario\":NAME}; GET /scenarios names them");
	if (depth < 0 || depth > REORG_DEPTH_MAX)
		return err_set(e, ERR_USAGE, "a reorg replaces 1 to %d blocks", REORG_DEPTH_MAX);
	a->depth = (uint32_t)depth;
	if (for_text && num_duration_ms(for_text, &a->for_ms, e) < 0)
		return err_prefix(e, "for");
	return 0;
}

/* The scenario lies in the future, so it can be taken back if it cannot be recorded. */
static int add_recorded(struct control *c, const struct scenario_ask *a, struct err *e)
{
	struct scenario_list *l = &c->world->timeline.scenarios;

	if (scenario_add(l, &c->world->fleet, a, e) < 0)
		return -1;
	if (c->state && state_append(c->state, a, e) < 0) {
		l->n--;
		return -1;
	}
	return 0;
}

int control_command(struct control *c, struct slice body, int64_t now, struct buf *out,
	struct err *e)
{
	const struct scenario_list *l = &c->world->timeline.scenarios;
	int64_t edge = c->world->timeline.edge;
	json_t *o = json_load(body, e);
	struct scenario_ask a;
	struct jw w;
	int rc;

	if (!o)
		return -1;
	rc = read_ask(o, &a, e);
	a.at_ms = ((now > edge ? now : edge) / STEP_MS + 1) * STEP_MS;
	if (rc == 0)
		rc = add_recorded(c, &a, e);
	json_decref(o);
	if (rc < 0)
		return -1;
	jw_init(&w, out);
	put_scenario(&w, c->world, &l->v[l->n - 1]);
	return 0;
}

void control_list(const struct control *c, int64_t now, struct buf *out)
{
	const struct scenario_list *l = &c->world->timeline.scenarios;
	struct jw w;

	jw_init(&w, out);
	jw_object(&w);
	jw_key(&w, "types");
	jw_object(&w);
	for (size_t i = 0; i < SC_COUNT; i++) {
		jw_key(&w, scenario_types[i].name);
		jw_str(&w, slice_of(scenario_types[i].help));
	}
	jw_end(&w);
	jw_key(&w, "scenarios");
	jw_array(&w);
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].t1 > now)
			put_scenario(&w, c->world, &l->v[i]);
	jw_end(&w);
	jw_end(&w);
}
