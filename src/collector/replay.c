/* `replay`: how the recording is played that this collector shows, if it does. */
#include <math.h>

#include "base/clock.h"
#include "base/json.h"
#include "collector/inside.h"
#include "collector/params.h"
#include "source/tape.h"

static struct tape *tape_of(const struct collector *c)
{
	return c->spec.replay && c->sources_n ? file_tape(c->sources[0]) : NULL;
}

static int set(struct tape *t, const json_t *params, struct err *e)
{
	int64_t now = clock_mono_us_now() / 1000, to;
	double speed = NAN;

	if (params_moment(params, "to", 0, &to, e) < 0 ||
		params_real(params, "speed", &speed, e) < 0 ||
		(!isnan(speed) && tape_speed(t, speed, now, e) < 0))
		return -1;
	if (json_object_get(params, "pause"))
		tape_pause(t, json_flag(params, "pause", false), now);
	return to ? tape_skip(t, to, now, e) : 0;
}

int replay_set(void *arg, const json_t *params, struct jw *w, struct err *e)
{
	static const char *const known[] = { "speed", "pause", "to", NULL };
	struct collector *c = arg;
	struct tape *t = tape_of(c);

	if (params_known(params, known, e) < 0)
		return -1;
	if (!t && params && json_object_size(params))
		return err_set(e, ERR_REFUSED, "no recording is played here");
	if (t && set(t, params, e) < 0)
		return -1;
	jw_key(w, "replaying"), jw_bool(w, t != NULL);
	if (!t)
		return 0;
	jw_key(w, "file"), jw_str(w, slice_of(c->spec.replay));
	jw_key(w, "start"), jw_time(w, t->first_ms);
	jw_key(w, "at"), jw_time(w, t->at_ms);
	jw_key(w, "speed"), jw_f64(w, t->speed);
	jw_key(w, "paused"), jw_bool(w, t->paused);
	jw_key(w, "skipping"), jw_bool(w, t->skip_ms != 0);
	jw_key(w, "ended"), jw_bool(w, t->ended);
	return 0;
}
