/* The configuration and the theme's file are edited while the console runs. */
#include "tests/unit/ui/desk.h"

#include "config/config.h"

static char config_path[64], theme_path[64];

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A look that finds it changed, and one that finds it is over. */
static void wait_for_it(struct desk *d)
{
	for (int i = 0; i < 2; i++)
		desk_tick(d, 1000);
}

static void change(struct desk *d, const char *path, const char *text)
{
	put(path, text);
	wait_for_it(d);
}

static struct config *began; /* as the command line would hold it */

static struct desk *begin(const char *yaml)
{
	struct shell_spec spec = { .config = config_path };
	struct err e;

	fake_start();
	snprintf(config_path, sizeof(config_path), "%s/config.yaml", fake.dir);
	snprintf(theme_path, sizeof(theme_path), "%s/mine.yaml", fake.dir);
	put(config_path, yaml);
	put(theme_path, "name: mine\nroles: { accent: { fg: 201 } }\n");
	began = config_load(config_path, &e);
	if (!began)
		fail_msg("%s", e.text);
	spec.look = &began->ui;
	return desk_sit(40, 100, spec, "");
}

static void end(struct desk *d)
{
	desk_close(d);
	config_free(began);
	unlink(config_path);
	unlink(theme_path);
	fake_end();
}

static void keys_columns_and_theme_take_effect(void **state)
{
	struct desk *d = begin("ui: { keys: { Z: help } }\n");

	desk_keys(d, "2");
	desk_expect(d, "READINGS");
	change(d, config_path, "ui: { theme: light, keys: { Z: \"tab 5\" }, "
			       "columns: { devices: \"name,firmware\" } }\n");
	desk_expect(d, "has changed, and counts");
	assert_string_equal(d->shell.theme.name, "light");
	desk_expect(d, "FIRMWARE");
	desk_expect_not(d, "READINGS");
	desk_keys(d, "Z");
	desk_expect(d, "UNKNOWN");
	put(config_path, "ui: { keys: { Z: \"tab 2\" } }\n");
	desk_keys(d, ":reload\r");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_keys(d, "Z");
	desk_expect(d, "READINGS");
	end(d);
}

static void a_context_has_its_own(void **state)
{
	struct desk *d = begin("ui: { theme: mono }\n");

	desk_expect_not(d, "protected");
	change(d, config_path, "ui: { theme: mono }\ncontexts:\n- { name: lab, protected: on, theme: light }\n"
			       "- { name: other, theme: dark }\n");
	assert_string_equal(d->shell.theme.name, "light");
	desk_expect(d, "▲ lab: protected");
	change(d, config_path, "contexts: [{ name: lab }, { name: other, protected: on }]\n");
	assert_string_equal(d->shell.theme.name, "dark");
	desk_expect_not(d, "protected");
	end(d);
}

static void what_the_user_chose_stays(void **state)
{
	struct desk *d = begin("ui: { theme: dark }\n");

	desk_keys(d, "2:columns name,site\r");
	desk_keys(d, ":theme light\r");
	change(d, config_path, "ui: { theme: dark, keys: { Z: help }, columns: { devices: \"name,firmware\" } }\n");
	desk_expect(d, "SITE");
	desk_expect_not(d, "FIRMWARE");
	assert_string_equal(d->shell.theme.name, "light");
	desk_keys(d, "Z");
	desk_expect(d, "› Help");
	end(d);
}

static void of_what_is_wrong_nothing_is_taken(void **state)
{
	static const char *const wrong[] = {
		"ui: { theme: no-such, keys: { Z: \"tab 5\" } }\n",
		"ui: { theme: light, keys: { nokey: help } }\n",
		"ui: { theme: light, kyes: { Z: help } }\n",
		"ui: { theme: light\n",
	};
	struct desk *d = begin("ui: { keys: { Z: help } }\n");

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		change(d, config_path, wrong[i]);
		desk_expect(d, "not taken, all is as before");
		assert_string_equal(d->shell.theme.name, "dark");
		desk_keys(d, "Z");
		desk_expect(d, "Everywhere");
		desk_keys(d, "\033");
		desk_expect_not(d, "Everywhere");
	}
	change(d, config_path, "ui: { theme: light }\n");
	assert_string_equal(d->shell.theme.name, "light");
	desk_keys(d, "Z");
	desk_expect_not(d, "Everywhere");
	end(d);
}

static void a_theme_file_is_watched(void **state)
{
	struct desk *d = begin("");
	char line[100];

	snprintf(line, sizeof(line), ":theme %s\r", theme_path);
	desk_keys(d, line);
	assert_int_equal(d->shell.theme.rows[ROLE_ACCENT].fg, 201);
	change(d, theme_path, "name: mine\nroles: { accent: { fg: 33 } }\n");
	desk_expect(d, "the theme has changed");
	assert_int_equal(d->shell.theme.rows[ROLE_ACCENT].fg, 33);
	change(d, theme_path, "name: mine\nroles: { accent: { fg: purple } }\n");
	desk_expect(d, "not taken");
	assert_int_equal(d->shell.theme.rows[ROLE_ACCENT].fg, 33);
	unlink(theme_path);
	wait_for_it(d);
	assert_int_equal(d->shell.theme.rows[ROLE_ACCENT].fg, 33);
	change(d, theme_path, "name: mine\nroles: { accent: { fg: 34 } }\n");
	assert_int_equal(d->shell.theme.rows[ROLE_ACCENT].fg, 34);
	desk_keys(d, ":theme light\r"); /* another: nobody looks at the file any more */
	change(d, theme_path, "name: mine\nroles: { accent: { fg: 35 } }\n");
	assert_string_equal(d->shell.theme.name, "light");
	end(d);
}

static void the_mouse_follows(void **state)
{
	struct desk *d = begin("ui: { mouse: off }\n");

	put(config_path, "ui: { mouse: on }\n");
	for (int i = 0; i < 2; i++)
		shell_tick(&d->shell);
	assert_non_null(memmem(term_output(d->term).p, term_output(d->term).n, "\033[?1002h", 8));
	end(d);
}

static void no_file_is_none(void **state)
{
	struct desk *d = begin("ui: { theme: light }\n");

	unlink(config_path);
	wait_for_it(d);
	desk_expect(d, "not taken");
	assert_string_equal(d->shell.theme.name, "light");
	change(d, config_path, "ui: { theme: light }\n"); /* the same again is no news */
	desk_expect_not(d, "and counts");
	end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_columns_and_theme_take_effect),
		cmocka_unit_test(a_context_has_its_own),
		cmocka_unit_test(what_the_user_chose_stays),
		cmocka_unit_test(of_what_is_wrong_nothing_is_taken),
		cmocka_unit_test(a_theme_file_is_watched),
		cmocka_unit_test(the_mouse_follows),
		cmocka_unit_test(no_file_is_none),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
