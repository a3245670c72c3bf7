/* Becoming another of our programs. */
#ifndef CLI_EXEC_H
#define CLI_EXEC_H

#include "base/err.h"

#define EXEC_ARGS_MAX 128

/* Arguments under construction; strings are borrowed. */
struct exec {
	const char *argv[EXEC_ARGS_MAX + 2];
	int n;
};

void exec_add(struct exec *x, const char *arg);
/* "--name value"; nothing when value is NULL. */
void exec_option(struct exec *x, const char *name, const char *value);
/* Runs libexec/depinctl/PROGRAM in our place; returns only when that fails: -1. */
int exec_run(struct exec *x, const char *program, struct err *e);
/* Runs it as a child that ends when we do: its output goes to log_fd.  The process id, or -1. */
int exec_child(struct exec *x, const char *program, int log_fd, struct err *e);

#endif
