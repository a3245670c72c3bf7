#include "config/paths.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "config/config.h"

/* The variable when it holds an absolute path: XDG asks to ignore it otherwise. */
static const char *env_dir(const char *name)
{
	const char *s = getenv(name);

	return s && *s == '/' ? s : NULL;
}

static char *home_dir(struct err *e)
{
	const char *home = env_dir("HOME");
	struct passwd *pw;

	if (home)
		return xstrdup(home);
	pw = getpwuid(getuid());
	if (pw && pw->pw_dir && *pw->pw_dir == '/')
		return xstrdup(pw->pw_dir);
	err_set(e, ERR_USAGE, "no home directory; set HOME");
	return NULL;
}

/* $VAR/depinctl, else HOME/tail/depinctl. */
static char *xdg_dir(const char *var, const char *tail, struct err *e)
{
	const char *dir = env_dir(var);
	char *home, *out;

	if (dir)
		return xasprintf("%s/depinctl", dir);
	home = home_dir(e);
	if (!home)
		return NULL;
	out = xasprintf("%s/%s/depinctl", home, tail);
	free(home);
	return out;
}

static int make_parents(const char *path, struct err *e)
{
	char *p = xstrdup(path);
	int rc = 0;

	for (char *s = strchr(p + 1, '/'); s && rc == 0; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (mkdir(p, 0700) < 0 && errno != EEXIST)
			rc = err_set(e, ERR_OURS, "%s: %s", p, strerror(errno));
		*s = '/';
	}
	free(p);
	return rc;
}

/* Made 0700 if need be.  Whatever stands there must be a folder of ours that others cannot
 * enter: in /tmp somebody else may have been faster, or have laid a link. */
static int make_private(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_set(e, ERR_OURS, "%s: %s", path, strerror(errno));
	if (lstat(path, &st) < 0)
		return err_set(e, ERR_OURS, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_REFUSED, "%s: is not a directory", path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_REFUSED, "%s: belongs to somebody else (uid %u)", path,
			(unsigned)st.st_uid);
	if (st.st_mode & 077)
		return err_set(e, ERR_REFUSED, "%s: others may enter it (mode %04o); chmod 700 it",
			path, st.st_mode & 07777);
	return 0;
}

static char *private_dir(char *path, struct err *e)
{
	if (path && make_private(path, e) == 0)
		return path;
	free(path);
	return NULL;
}

char *config_default_path(struct err *e)
{
	char *dir = xdg_dir("XDG_CONFIG_HOME", ".config", e), *path;

	if (!dir)
		return NULL;
	path = xasprintf("%s/config.yaml", dir);
	free(dir);
	return path;
}

char *config_runtime_dir(struct err *e)
{
	const char *run = env_dir("XDG_RUNTIME_DIR");
	struct stat st;

	if (run && stat(run, &st) == 0 && S_ISDIR(st.st_mode))
		return private_dir(xasprintf("%s/depinctl", run), e);
	return private_dir(xasprintf("/tmp/depinctl-%u", (unsigned)geteuid()), e);
}

char *config_state_dir(struct err *e)
{
	char *dir = xdg_dir("XDG_STATE_HOME", ".local/state", e);

	if (dir && make_parents(dir, e) < 0) {
		free(dir);
		return NULL;
	}
	return private_dir(dir, e);
}

/* DIR/context.ext; takes dir.  Names differ by more than case, so lower case keeps them apart. */
static char *context_file(char *dir, const char *context, const char *ext, struct err *e)
{
	char *path = NULL;

	if (!dir)
		return NULL;
	if (!config_name_ok(context))
		err_set(e, ERR_USAGE,
			"not a context's name: letters, digits, dot, dash and "
			"underscore, at most 64");
	else
		path = xasprintf("%s/%s%s", dir, context, ext);
	for (char *c = path ? path + strlen(dir) : NULL; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	free(dir);
	return path;
}

char *config_socket_path(const char *context, struct err *e)
{
	char *path = context_file(config_runtime_dir(e), context, ".sock", e);

	if (path && strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
		err_set(e, ERR_USAGE,
			"%.150s: too long for a socket; set XDG_RUNTIME_DIR to a "
			"shorter one or give --socket",
			path);
		free(path);
		return NULL;
	}
	return path;
}

char *config_journal_path(const struct config *c, const char *context, struct err *e)
{
	const char *dir = c->collector.journal.path;
	char *made;

	if (!dir)
		return context_file(config_state_dir(e), context, ".db", e);
	made = xasprintf("%s/", dir); /* the folder itself is one of its own parents */
	if (make_parents(made, e) < 0) {
		free(made);
		return NULL;
	}
	free(made);
	return context_file(xstrdup(dir), context, ".db", e);
}
