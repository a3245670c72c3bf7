#include "collector/moment.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/log.h"
#include "collector/api_conn.h"
#include "model/past.h"

#define MOMENTS_MAX 4	  /* at a time: each costs about as much as devices and series do */
#define UNUSED_MS   20000 /* one who steps to and fro finds the last ones */

struct moment {
	struct moment *next;
	struct past *past;
	uint32_t users;
	bool ready;
	int64_t used_ms;
};

static void moment_free(struct moment **at)
{
	struct moment *m = *at;

	*at = m->next;
	past_free(m->past);
	free(m);
}

/* Room for one more: of those that nobody looks at the one unused longest goes. */
static bool make_room(struct api *a)
{
	struct moment **oldest = NULL;
	int n = 0;

	for (struct moment **at = &a->moments; *at; at = &(*at)->next, n++)
		if (!(*at)->users && (!oldest || (*at)->used_ms < (*oldest)->used_ms))
			oldest = at;
	if (n < MOMENTS_MAX)
		return true;
	if (oldest)
		moment_free(oldest);
	return oldest != NULL;
}

static struct moment *find(struct api *a, int64_t at_ms)
{
	struct moment *m = a->moments;

	while (m && past_at_ms(m->past) != at_ms)
		m = m->next;
	return m;
}

struct moment *moment_take(struct api *a, int64_t at_ms, struct err *e)
{
	struct moment *m = find(a, at_ms);

	if (m) {
		m->users++;
		return m;
	}
	if (!make_room(a)) {
		err_set(e, ERR_REFUSED, "%d other moments are looked at already", MOMENTS_MAX);
		return NULL;
	}
	m = xcalloc(1, sizeof(*m));
	m->past = a->env.past(a->env.arg, at_ms);
	m->users = 1;
	m->next = a->moments;
	a->moments = m;
	return m;
}

void moment_drop(struct moment *m)
{
	if (!m)
		return;
	m->users--;
	m->used_ms = clock_mono_ms();
}

bool moment_step(struct moment *m, int64_t budget_us)
{
	if (!m->ready && past_step(m->past, budget_us)) {
		m->ready = true;
		log_msg(LOG_DEBUG, "travel", "a moment takes %llu KiB",
			(unsigned long long)past_bytes(m->past) >> 10);
	}
	return m->ready;
}

const struct model *moment_model(const struct moment *m)
{
	return past_model(m->past);
}

int64_t moment_at_ms(const struct moment *m)
{
	return past_at_ms(m->past);
}

void moments_tick(struct api *a)
{
	int64_t now = clock_mono_ms();

	for (struct moment **at = &a->moments; *at;)
		if (!(*at)->users && now - (*at)->used_ms > UNUSED_MS)
			moment_free(at);
		else
			at = &(*at)->next;
}

void moments_end(struct api *a)
{
	while (a->moments)
		moment_free(&a->moments);
}
