#include "base/clock.h"

#include <stdbool.h>
#include <time.h>

static struct {
	int64_t wall_ms, mono_ms;
	bool read, test, set;
} now;

static int64_t read_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void clock_turn(void)
{
	if (now.test)
		return;
	if (!now.set)
		now.wall_ms = read_us(CLOCK_REALTIME) / 1000;
	now.mono_ms = read_us(CLOCK_MONOTONIC) / 1000;
	now.read = true;
}

int64_t clock_wall_ms(void)
{
	if (!now.read)
		clock_turn();
	return now.wall_ms;
}

int64_t clock_mono_ms(void)
{
	if (!now.read)
		clock_turn();
	return now.mono_ms;
}

int64_t clock_mono_us_now(void)
{
	return read_us(CLOCK_MONOTONIC);
}

void clock_wall_set(int64_t wall_ms)
{
	now.wall_ms = wall_ms;
	now.set = true;
}

void clock_test_set(int64_t wall_ms)
{
	now.wall_ms = wall_ms;
	now.mono_ms = 1000;
	now.read = now.test = true;
}

void clock_test_advance(int64_t ms)
{
	now.wall_ms += ms;
	now.mono_ms += ms;
}
