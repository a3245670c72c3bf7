#include "ui/screen/moment.h"

#include "base/clock.h"

static struct {
	int64_t at_ms;
	int64_t played_ms, then_ms; /* of a recording: its place at this time of ours */
	double speed;
} shown;

int64_t moment_now_ms(void)
{
	if (!shown.played_ms)
		return clock_wall_ms();
	return shown.played_ms + (int64_t)((double)(clock_wall_ms() - shown.then_ms) * shown.speed);
}

int64_t moment_ms(void)
{
	return shown.at_ms ? shown.at_ms : moment_now_ms();
}

bool moment_gone(void)
{
	return shown.at_ms != 0;
}

void moment_set(int64_t at_ms)
{
	shown.at_ms = at_ms;
}

void moment_clock(int64_t at_ms, double speed)
{
	shown.played_ms = at_ms;
	shown.then_ms = clock_wall_ms();
	shown.speed = speed;
}
