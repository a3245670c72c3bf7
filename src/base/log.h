/*
 * The program's own log: one line a message on stderr (or the file the collector
 * was given), `time level area: text`, control bytes made visible, no secrets.
 * A client with a screen sends it to memory and shows it after the screen is gone.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level max);
int log_level_parse(const char *name, enum log_level *out); /* "error" ... "debug" */
/* -1: silent.  The descriptor stays the caller's. */
void log_set_fd(int fd);
void log_msg(enum log_level l, const char *area, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
