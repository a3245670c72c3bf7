#include "model/course.h"

static const struct course_point none = { COURSE_NONE, COURSE_NONE };

static struct course_point *point(struct course_circle *c, int64_t step)
{
	return &c->v[step % COURSE_POINTS];
}

/* The circle ends with this step; steps in which nobody asked are not known. */
static void go_to(struct course_circle *c, int64_t step)
{
	if (!c->first || step < c->last || step - c->last > COURSE_POINTS)
		c->first = c->last = step; /* the first one, or the clock was set */
	else if (step == c->last)
		return;
	else
		while (++c->last < step)
			*point(c, c->last) = none;
	c->last = step;
	*point(c, step) = none;
	if (c->last - c->first >= COURSE_POINTS)
		c->first = c->last - COURSE_POINTS + 1;
}

static void circle_add(struct course_circle *c, int64_t step, uint8_t health, uint8_t lost)
{
	struct course_point *p;

	go_to(c, step);
	p = point(c, step);
	if (health < p->health) /* COURSE_NONE is above all */
		p->health = health;
	if (p->lost == COURSE_NONE || (lost != COURSE_NONE && lost > p->lost))
		p->lost = lost;
}

void course_add(struct course *c, int64_t now_ms, uint8_t health, uint8_t lost)
{
	circle_add(&c->hour, now_ms / COURSE_STEP_MS, health, lost);
	circle_add(&c->day, now_ms / COURSE_DAY_STEP_MS, health, lost);
}

size_t course_points(const struct course_circle *c, struct course_point *out)
{
	size_t n = 0;

	for (int64_t step = c->first; c->first && step <= c->last; step++)
		out[n++] = c->v[step % COURSE_POINTS];
	return n;
}
