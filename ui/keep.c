#include "ui/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"

/* --- reading --- */

static int slurp(int fd, struct buf *b, struct err *e)
{
	char part[4096];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, ERR_USAGE, "not a plain file");
	while ((n = read(fd, part, sizeof(part))) > 0)
		if (buf_add(b, part, (size_t)n) < 0)
			return err_set(e, ERR_USAGE, "larger than %d bytes", KEEP_BYTES);
	return n < 0 ? err_set(e, ERR_OURS, "%s", strerror(errno)) : 0;
}

json_t *keep_read(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	json_t *j = NULL;
	struct buf b;

	*e = (struct err){ 0 };
	if (fd < 0 && errno == ENOENT)
		return NULL;
	buf_init(&b, KEEP_BYTES);
	if (fd < 0)
		err_set(e, ERR_OURS, "%s", strerror(errno));
	else if (slurp(fd, &b, e) == 0)
		j = json_load(buf_slice(&b), e);
	if (j && !json_is_object(j)) {
		err_set(e, ERR_USAGE, "not an object");
		json_decref(j);
		j = NULL;
	}
	if (e->class != ERR_NONE)
		err_prefix(e, "%.200s", path);
	buf_fini(&b);
	if (fd >= 0)
		close(fd);
	return j;
}

/* --- writing --- */

static int make_folders(const char *path, struct err *e)
{
	char *p = xstrdup(path);
	int rc = 0;

	for (char *s = strchr(p + 1, '/'); s && rc == 0; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (mkdir(p, 0700) < 0 && errno != EEXIST)
			rc = err_set(e, ERR_OURS, "%.200s: %s", p, strerror(errno));
		*s = '/';
	}
	free(p);
	return rc;
}

static int write_all(int fd, struct slice s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s = slice_mem(s.p + n, s.n - (size_t)n);
	}
	return 0;
}

int keep_write(const char *path, struct slice text, struct err *e)
{
	char *fresh = xasprintf("%s.XXXXXX", path);
	int fd = -1, rc = make_folders(path, e);

	if (rc < 0)
		goto out;
	fd = mkostemp(fresh, O_CLOEXEC); /* 0600 */
	rc = fd < 0 ? -1 : write_all(fd, text);
	if (fd >= 0 && close(fd) < 0)
		rc = -1;
	if (rc == 0)
		rc = rename(fresh, path);
	if (rc < 0) {
		err_set(e, ERR_OURS, "%.200s: %s", path, strerror(errno));
		if (fd >= 0)
			unlink(fresh);
	}
out:
	free(fresh);
	return rc;
}
