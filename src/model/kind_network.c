#include "model/kind.h"

#include <math.h>

#include "model/course.h"

enum { NAME, DEVICES, UP, DEGRADED, STALE, DOWN, UNKNOWN, HEALTH, EVENTS_RATE, LAST_SEEN,
	BY_HEALTH, COURSE, COURSE_DAY };

static const struct field fields[] = {
	[NAME] = { "name", FIELD_STR, .help = "the network" },
	[DEVICES] = { "devices", FIELD_INT, .help = "devices that serve it" },
	[UP] = { "up", FIELD_INT, .help = "of them up" },
	[DEGRADED] = { "degraded", FIELD_INT, .help = "of them degraded" },
	[STALE] = { "stale", FIELD_INT, .help = "of them silent for too long" },
	[DOWN] = { "down", FIELD_INT, .help = "of them down" },
	[UNKNOWN] = { "unknown", FIELD_INT, .help = "of them not heard of yet" },
	[HEALTH] = { "health", FIELD_NUM, "%", "mean over its devices" },
	[EVENTS_RATE] = { "events_rate", FIELD_NUM, "/s", "events of its devices, last ten seconds" },
	[LAST_SEEN] = { "last_seen", FIELD_TIME, .help = "time of its newest record" },
	[BY_HEALTH] = { "by_health", FIELD_JSON,
		.help = "how many of its devices are of health 0 to 9, 10 to 19, ... 90 to 100",
		.extra = true },
	[COURSE] = { "course", FIELD_JSON,
		.help = "each ten seconds for half an hour: mean health, share in % that is lost",
		.extra = true },
	[COURSE_DAY] = { "course_day", FIELD_JSON,
		.help = "the worst of each eight minutes for a day, as course", .extra = true },
	{ 0 },
};

static const struct kind kind = { "networks", "network", "net",
	"the networks, rolled up from their devices", .fields = fields };

static uint32_t devices(const struct network *n)
{
	uint32_t sum = 0;

	for (int i = 0; i < 5; i++)
		sum += n->by_status[i];
	return sum;
}

/* Row 0 is of the devices that name no network; it shows only when there are some. */
static uint64_t total(const struct model *m)
{
	return m->networks_n - (devices(&m->networks[0]) == 0);
}

static uint64_t next(const struct model *m, uint64_t row)
{
	row++;
	if (row == 0 && !devices(&m->networks[0]))
		row++;
	return row < m->networks_n ? row : ROW_NONE;
}

static void value(const struct model *m, uint64_t row, unsigned col, struct value *v)
{
	static const uint8_t status[] = { [UP] = STATUS_UP, [DEGRADED] = STATUS_DEGRADED,
		[STALE] = STATUS_STALE, [DOWN] = STATUS_DOWN, [UNKNOWN] = STATUS_UNKNOWN };
	const struct network *n = &m->networks[row];

	v->type = V_NONE;
	switch (col) {
	case NAME:
		v_str(v, row ? str_get(&m->strs, n->name) : slice_of("-"));
		break;
	case DEVICES:
		v_int(v, devices(n));
		break;
	case HEALTH:
		v_num(v, n->health_n ? round(10.0 * (double)n->health_sum / (double)n->health_n) / 10 :
			NAN);
		break;
	case EVENTS_RATE:
		v_num(v, round(n->events_rate * 1000) / 1000);
		break;
	case LAST_SEEN:
		v_time(v, n->last_seen_ms);
		break;
	case BY_HEALTH:
	case COURSE:
	case COURSE_DAY:
		break;
	default:
		v_int(v, n->by_status[status[col]]);
	}
}

static void course_json(const struct course_circle *c, int64_t step_ms, struct jw *w)
{
	struct course_point v[COURSE_POINTS];
	size_t n = c ? course_points(c, v) : 0;

	jw_object(w);
	jw_key(w, "step_s"), jw_i64(w, step_ms / 1000);
	jw_key(w, "health");
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		jw_f64(w, v[i].health == COURSE_NONE ? NAN : v[i].health);
	jw_end(w);
	jw_key(w, "lost");
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		jw_f64(w, v[i].lost == COURSE_NONE ? NAN : v[i].lost / 2.0);
	jw_end(w);
	jw_end(w);
}

static void json(const struct model *m, uint64_t row, unsigned col, struct jw *w)
{
	const struct network *n = &m->networks[row];

	if (col == COURSE) {
		course_json(n->course ? &n->course->hour : NULL, COURSE_STEP_MS, w);
	} else if (col == COURSE_DAY) {
		course_json(n->course ? &n->course->day : NULL, COURSE_DAY_STEP_MS, w);
	} else {
		jw_array(w);
		for (int i = 0; i < HEALTH_PARTS; i++)
			jw_u64(w, n->by_health[i]);
		jw_end(w);
	}
}

const struct rows rows_networks = {
	.kind = &kind, .total = total, .next = next, .value = value, .json = json,
	.sort = "", .names = { "name" },
};
