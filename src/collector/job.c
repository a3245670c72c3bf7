#include "collector/job.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "collector/moment.h"

#define FIRST_US 4000 /* at the call itself: enough for 100,000 rows in any order */
#define SLICE_US 2000 /* a turn, all jobs together */

struct job {
	struct job *next, **at;
	struct jobs *js;
	const struct moment *when;
	struct query *q;
	void (*done)(void *arg);
	void *arg;
};

struct jobs {
	struct job *first;
	struct job **last; /* where the next one is hung */
	const struct model *m;
	struct loop_timer *timer;
};

static void unlink_job(struct job *j)
{
	*j->at = j->next;
	if (j->next)
		j->next->at = j->at;
	else
		j->js->last = j->at;
}

static void append_job(struct jobs *js, struct job *j)
{
	j->next = NULL;
	j->at = js->last;
	*js->last = j;
	js->last = &j->next;
}

static const struct model *model_of(const struct jobs *js, const struct moment *when)
{
	return when ? moment_model(when) : js->m;
}

static void run_slice(void *arg)
{
	struct jobs *js = arg;
	struct job *j = js->first;

	if (!j)
		return;
	unlink_job(j);
	if (query_step(j->q, model_of(js, j->when), SLICE_US)) {
		void (*done)(void *) = j->done;
		void *darg = j->arg;

		free(j);
		done(darg);
	} else {
		append_job(js, j);
	}
	if (js->first)
		loop_timer_again(js->timer, 0, 0);
}

struct jobs *jobs_new(struct loop *l, const struct model *m)
{
	struct jobs *js = xcalloc(1, sizeof(*js));

	js->m = m;
	js->last = &js->first;
	js->timer = loop_timer_new(l, 0, 0, run_slice, js);
	return js;
}

void jobs_free(struct jobs *js)
{
	if (!js)
		return;
	while (js->first)
		job_cancel(js->first);
	loop_timer_free(js->timer);
	free(js);
}

struct job *job_start(struct jobs *js, const struct moment *when, struct query *q,
	void (*done)(void *arg), void *arg)
{
	struct job *j;

	if (query_step(q, model_of(js, when), FIRST_US)) {
		done(arg);
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	*j = (struct job){ .js = js, .when = when, .q = q, .done = done, .arg = arg };
	append_job(js, j);
	loop_timer_again(js->timer, 0, 0);
	return j;
}

void job_cancel(struct job *j)
{
	if (!j)
		return;
	unlink_job(j);
	free(j);
}
