#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

static const char *const names[] = { "error", "warn", "info", "debug" };
static enum log_level max_level = LOG_INFO;
static int log_fd = STDERR_FILENO;

void log_set_level(enum log_level max)
{
	max_level = max;
}

void log_set_fd(int fd)
{
	log_fd = fd;
}

int log_level_parse(const char *name, enum log_level *out)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum log_level)i;
			return 0;
		}
	return -1;
}

static size_t stamp(char *s, size_t n)
{
	int64_t ms = clock_wall_ms();
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	gmtime_r(&t, &tm);
	return strftime(s, n, "%Y-%m-%dT%H:%M:%SZ ", &tm);
}

void log_msg(enum log_level l, const char *area, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	size_t n;
	int m;

	if (l > max_level || log_fd < 0)
		return;
	n = stamp(line, sizeof(line));
	n += (size_t)snprintf(line + n, sizeof(line) - n, "%s %s: ", names[l], area);
	va_start(ap, fmt);
	m = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	n += m < 0 ? 0 : (size_t)m;
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	if (write(log_fd, line, n) < 0)
		return; /* nowhere left to say it */
}
