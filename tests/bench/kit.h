/*
 * What the benches share: time and processor time, runs in a process of their own, medians.
 * Nothing here is fast or clever; it must only be out of the way while something is measured.
 */
#ifndef TESTS_BENCH_KIT_H
#define TESTS_BENCH_KIT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KIT_CORE_WORK 0 /* where what is measured runs */
#define KIT_CORE_LOAD 1 /* where what feeds it runs; with one core only, nothing is pinned */

double kit_now(void); /* seconds, monotonic */
double kit_cpu(void); /* seconds of processor time of this process, all threads */
void kit_pin(int core);
/* Line-buffered stdout, and a word on the machine and its load as the first line. */
void kit_begin(const char *what);

/*
 * Runs fn in a child pinned to KIT_CORE_WORK, so that no run finds the memory of another.
 * result: n bytes that fn fills and the caller gets.  -1: it failed or took longer than
 * limit_s; it has said why.
 */
int kit_run(void (*fn)(void *arg, void *result), void *arg, void *result, size_t n, int limit_s);

double kit_median(double *v, size_t n); /* sorts v */
double kit_quantile(double *v, size_t n, double q); /* sorts v */

/*
 * A program in the background, pinned to core (-1: not); its stdin is /dev/null, its stdout `out`
 * (-1: /dev/null).  kit_end() sends it signo and waits.
 */
pid_t kit_start(const char *const *argv, int core, int out);
void kit_end(pid_t pid, int signo);
double kit_proc_cpu(pid_t pid);	  /* seconds of processor time of all its threads so far */
double kit_thread_cpu(pid_t pid); /* of its first one alone */
double kit_proc_rss(pid_t pid);	  /* MiB resident */
/* build/libexec/depinctl/NAME or build/bin/NAME, by the environment's B; to be freed. */
char *kit_program(const char *folder, const char *name);

/* A temporary folder, removed with all that is in it at the end. */
const char *kit_folder(void);
char *kit_path(const char *name); /* in it; to be freed */
void kit_write(const char *path, const char *text);

#endif
