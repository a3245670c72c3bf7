#include "ui/screen/moment.h"

#include "base/clock.h"

static struct {
	int64_t at_ms, skew_ms;
} shown;

int64_t moment_ms(void)
{
	return shown.at_ms ? shown.at_ms : clock_wall_ms() + shown.skew_ms;
}

bool moment_gone(void)
{
	return shown.at_ms != 0;
}

void moment_set(int64_t at_ms)
{
	shown.at_ms = at_ms;
}

void moment_skew(int64_t ms)
{
	shown.skew_ms = ms;
}
