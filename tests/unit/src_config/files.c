#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/paths.h"

static char home[64];

static int setup(void **state)
{
	strcpy(home, "/tmp/depinctl-test-XXXXXX");
	if (!mkdtemp(home) || chdir(home) < 0)
		return -1;
	setenv("HOME", home, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	return 0;
}

static int teardown(void **state)
{
	char *rm = xasprintf("rm -rf '%s'", home);
	int rc = chdir("/") < 0 || system(rm) != 0;

	free(rm);
	return rc;
}

static void put(const char *path, const char *text, mode_t mode)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void a_missing_default_is_empty(void **state)
{
	struct err e = { 0 };
	struct config *c = config_load(NULL, &e);

	assert_non_null(c);
	assert_null(c->path);
	assert_int_equal(c->n_contexts, 0);
	config_free(c);
}

static void a_missing_named_file_is_an_error(void **state)
{
	struct err e;

	assert_null(config_load("gone.yaml", &e));
	assert_string_equal(e.text, "gone.yaml: No such file or directory");
	assert_int_equal(e.class, ERR_USAGE);
	assert_null(config_load(home, &e));
	assert_null(config_load("/dev/zero", &e));
	assert_string_equal(e.text, "/dev/zero: larger than 1048576 bytes");
}

static void relative_names_start_at_the_file(void **state)
{
	struct err e = { 0 };
	struct config *c;
	char *want;

	assert_int_equal(mkdir(".config", 0700), 0);
	assert_int_equal(mkdir(".config/depinctl", 0700), 0);
	put(".config/depinctl/config.yaml",
		"contexts: [{ name: a, sources: [{ name: t, kind: file, path: x/y }, { name: u, "
		"kind: "
		"file, path: ~/z }] }]\n",
		0644);
	c = config_load(NULL, &e);
	if (!c)
		fail_msg("%s", e.text);
	want = xasprintf("%s/.config/depinctl/x/y", home);
	assert_string_equal(c->contexts[0].sources[0].path, want);
	free(want);
	want = xasprintf("%s/z", home);
	assert_string_equal(c->contexts[0].sources[1].path, want);
	free(want);
	config_free(c);
	c = config_load(".config/depinctl/config.yaml", &e);
	want = xasprintf("%s/.config/depinctl/x/y", home);
	assert_string_equal(c->contexts[0].sources[0].path, want);
	free(want);
	config_free(c);
}

static void secrets_from_files(void **state)
{
	struct config_token t = { .file = "tok" };
	char big[4200], *s = NULL;
	struct err e;

	put("tok", "  s3cret\n\n", 0600);
	assert_int_equal(config_secret(&t, &s, &e), 0);
	assert_string_equal(s, "s3cret");
	config_secret_free(s);
	put("tok", "s3cret", 0640);
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_null(s);
	assert_string_equal(e.text,
		"tok: others may read it (mode 0640); chmod 600 it, and think of "
		"its secret as known");
	assert_int_equal(e.class, ERR_REFUSED);
	put("tok", " \n", 0600);
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_string_equal(e.text, "tok: is empty");
	put("tok", "a\r\nX-Evil: 1", 0600);
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_string_equal(e.text, "tok: holds a control character");
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	put("tok", big, 0600);
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_string_equal(e.text, "tok: larger than 4096 bytes");
	assert_int_equal(unlink("tok"), 0);
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_int_equal(mkfifo("tok", 0600), 0); /* nobody writes: must not wait for it */
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_string_equal(e.text, "tok: is not a file");
}

static void secrets_from_the_environment(void **state)
{
	struct config_token t = { .env = "DEPINCTL_TEST_TOKEN" }, none = { 0 };
	struct err e;
	char *s;

	assert_int_equal(config_secret(&none, &s, &e), 0);
	assert_null(s);
	unsetenv("DEPINCTL_TEST_TOKEN");
	assert_int_equal(config_secret(&t, &s, &e), -1);
	assert_string_equal(e.text, "the environment variable DEPINCTL_TEST_TOKEN is not set");
	setenv("DEPINCTL_TEST_TOKEN", "abc", 1);
	assert_int_equal(config_secret(&t, &s, &e), 0);
	assert_string_equal(s, "abc");
	config_secret_free(s);
}

static void runtime_folder_is_made_and_checked(void **state)
{
	struct err e;
	struct stat st;
	char *dir, *sock, *want;

	setenv("XDG_RUNTIME_DIR", home, 1);
	dir = config_runtime_dir(&e);
	want = xasprintf("%s/depinctl", home);
	assert_string_equal(dir, want);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	sock = config_socket_path("Lab", &e);
	free(want);
	want = xasprintf("%s/depinctl/lab.sock", home);
	assert_string_equal(sock, want);
	free(sock);
	assert_null(config_socket_path("../lab", &e));
	assert_int_equal(chmod(dir, 0755), 0);
	assert_null(config_runtime_dir(&e));
	assert_int_equal(e.class, ERR_REFUSED);
	assert_non_null(strstr(e.text, "others may enter it (mode 0755)"));
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(symlink(home, dir), 0);
	assert_null(config_runtime_dir(&e));
	assert_non_null(strstr(e.text, "is not a directory"));
	assert_int_equal(unlink(dir), 0);
	free(want);
	free(dir);
}

static void runtime_folder_without_xdg(void **state)
{
	char *want = xasprintf("/tmp/depinctl-%u", (unsigned)geteuid()), *dir;
	struct err e;

	setenv("XDG_RUNTIME_DIR", "relative", 1);
	dir = config_runtime_dir(&e);
	if (dir) /* somebody else's folder of that name is rightly refused */
		assert_string_equal(dir, want);
	else
		assert_int_equal(e.class, ERR_REFUSED);
	free(dir);
	free(want);
}

static void a_long_socket_name_is_refused(void **state)
{
	char name[65], *deep = xasprintf("%s/%060d", home, 1);
	struct err e;

	memset(name, 'a', 64);
	name[64] = '\0';
	assert_int_equal(mkdir(deep, 0700), 0);
	setenv("XDG_RUNTIME_DIR", deep, 1);
	assert_null(config_socket_path(name, &e));
	assert_non_null(strstr(e.text, "too long for a socket"));
	free(deep);
}

static void journals_have_a_home(void **state)
{
	struct err e = { 0 };
	struct config *c =
		config_parse(slice_of("collector: { journal: { path: j/k } }"), "c", home, &e);
	struct config *d = config_parse(slice_of(""), "c", home, &e);
	char *got = config_journal_path(c, "lab", &e), *want = xasprintf("%s/j/k/lab.db", home);
	struct stat st;

	assert_string_equal(got, want);
	assert_int_equal(stat("j/k", &st), 0);
	free(got);
	free(want);
	got = config_journal_path(d, "lab", &e);
	want = xasprintf("%s/.local/state/depinctl/lab.db", home);
	assert_string_equal(got, want);
	assert_int_equal(stat(".local/state/depinctl", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	free(got);
	free(want);
	config_free(c);
	config_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_default_is_empty),
		cmocka_unit_test(a_missing_named_file_is_an_error),
		cmocka_unit_test(relative_names_start_at_the_file),
		cmocka_unit_test(secrets_from_files),
		cmocka_unit_test(secrets_from_the_environment),
		cmocka_unit_test(runtime_folder_is_made_and_checked),
		cmocka_unit_test(runtime_folder_without_xdg),
		cmocka_unit_test(a_long_socket_name_is_refused),
		cmocka_unit_test(journals_have_a_home),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
