#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "config/config.h"

#define SECRET_MAX 4096

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int keep_trimmed(const char *s, size_t n, const char *from, char **out, struct err *e)
{
	for (; n && blank(s[n - 1]); n--)
		;
	for (; n && blank(*s); n--)
		s++;
	if (!n)
		return err_set(e, ERR_USAGE, "%s: is empty", from);
	for (size_t i = 0; i < n; i++) /* it goes into a header line */
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return err_set(e, ERR_USAGE, "%s: holds a control character", from);
	*out = xmemdup0(s, n);
	return 0;
}

static int check_file(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "%s: is not a file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(e, ERR_REFUSED, "%s: belongs to somebody else", path);
	if (st.st_mode & 077)
		return err_set(e, ERR_REFUSED,
			"%s: others may read it (mode %04o); chmod 600 it, and think of its "
			"secret as known",
			path, st.st_mode & 07777);
	if (st.st_size > SECRET_MAX)
		return err_set(e, ERR_REFUSED, "%s: larger than %d bytes", path, SECRET_MAX);
	return 0;
}

static ssize_t read_some(int fd, char *p, size_t n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t k = read(fd, p + got, n - got);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (k == 0)
			break;
		got += (size_t)k;
	}
	return (ssize_t)got;
}

static int from_file(const char *path, char **out, struct err *e)
{
	char text[SECRET_MAX + 1]; /* the odd byte shows a file that grew */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc;
	ssize_t n;

	if (fd < 0)
		return err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
	rc = check_file(fd, path, e);
	if (rc == 0) {
		n = read_some(fd, text, sizeof(text));
		if (n < 0)
			rc = err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
		else if (n > SECRET_MAX)
			rc = err_set(e, ERR_REFUSED, "%s: larger than %d bytes", path, SECRET_MAX);
		else
			rc = keep_trimmed(text, (size_t)n, path, out, e);
	}
	explicit_bzero(text, sizeof(text));
	close(fd);
	return rc;
}

static int from_env(const char *name, char **out, struct err *e)
{
	const char *s = getenv(name);

	if (!s)
		return err_set(e, ERR_USAGE, "the environment variable %s is not set", name);
	if (strlen(s) > SECRET_MAX)
		return err_set(e, ERR_REFUSED, "$%s: longer than %d bytes", name, SECRET_MAX);
	return keep_trimmed(s, strlen(s), name, out, e);
}

int config_secret(const struct config_token *t, char **out, struct err *e)
{
	*out = NULL;
	if (t->file)
		return from_file(t->file, out, e);
	return t->env ? from_env(t->env, out, e) : 0;
}

void config_secret_free(char *secret)
{
	if (!secret)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}
