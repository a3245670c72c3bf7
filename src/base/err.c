#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *e, enum err_class c, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return -1;
	e->class = c;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

/* Cutting the end off is meant, which snprintf()'s warnings cannot know. */
static void append(char *p, size_t room, const char *old)
{
	size_t n = strlen(old);

	if (room <= 3)
		return;
	if (n > room - 3)
		n = room - 3;
	memcpy(p, ": ", 2);
	memcpy(p + 2, old, n);
	p[2 + n] = '\0';
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->text)];
	va_list ap;
	int n;

	if (!e)
		return -1;
	memcpy(old, e->text, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(e->text))
		append(e->text + n, sizeof(e->text) - (size_t)n, old);
	return -1;
}

int err_exit_code(enum err_class c)
{
	return (int)c; /* the enum is the table: 0 done ... 5 ours */
}
