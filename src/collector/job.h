/*
 * Queries in slices, so that none stalls a turn: a job runs a query for a few milliseconds a
 * turn until it is done.  Jobs take turns.  Small ones finish at once, inside job_start().
 */
#ifndef COLLECTOR_JOB_H
#define COLLECTOR_JOB_H

#include "loop/loop.h"
#include "model/query.h"

struct jobs;
struct job;
struct moment;

struct jobs *jobs_new(struct loop *l, const struct model *m);
void jobs_free(struct jobs *js); /* done() of waiting jobs is not called */
/* done(arg) once, perhaps before job_start() returns (then NULL is returned).  q stays the
 * caller's and must outlive the job, as must the moment that it asks about (NULL: now). */
struct job *job_start(struct jobs *js, const struct moment *when, struct query *q,
	void (*done)(void *arg), void *arg);
void job_cancel(struct job *j);

#endif
