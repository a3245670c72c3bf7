#include "source/tape.h"

static int64_t place(const struct tape *t, int64_t mono_ms)
{
	if (t->paused)
		return t->from_ms;
	if (t->speed <= 0)
		return t->at_ms > t->from_ms ? t->at_ms : t->from_ms;
	return t->from_ms + (int64_t)((double)(mono_ms - t->began_ms) * t->speed);
}

/* From here on it goes another way. */
static void rebase(struct tape *t, int64_t at_ms, int64_t mono_ms)
{
	t->from_ms = at_ms;
	t->began_ms = mono_ms;
}

void tape_begin(struct tape *t, int64_t first_ms, int64_t mono_ms)
{
	t->first_ms = t->at_ms = first_ms;
	rebase(t, first_ms, mono_ms);
}

bool tape_due(struct tape *t, int64_t time_ms, int64_t mono_ms)
{
	if (t->skip_ms && time_ms < t->skip_ms)
		return true;
	if (t->skip_ms) {
		rebase(t, t->skip_ms, mono_ms);
		t->skip_ms = 0;
	}
	return (t->speed <= 0 && !t->paused) || time_ms <= place(t, mono_ms);
}

int tape_speed(struct tape *t, double speed, int64_t mono_ms, struct err *e)
{
	if (!(speed >= 0 && speed <= TAPE_SPEED_MAX))
		return err_set(e, ERR_USAGE, "'speed' must be 0 (as fast as it goes) to %d",
			TAPE_SPEED_MAX);
	rebase(t, place(t, mono_ms), mono_ms);
	t->speed = speed;
	return 0;
}

void tape_pause(struct tape *t, bool paused, int64_t mono_ms)
{
	rebase(t, place(t, mono_ms), mono_ms);
	t->paused = paused;
}

int tape_skip(struct tape *t, int64_t to_ms, int64_t mono_ms, struct err *e)
{
	if (t->ended)
		return err_set(e, ERR_NO, "the recording has ended");
	if (to_ms < place(t, mono_ms))
		return err_set(e, ERR_REFUSED,
			"a recording plays forwards only; what was played can be travelled to");
	t->skip_ms = to_ms;
	return 0;
}
