#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/ydoc.h"
#include "ui/term/glyph.h"
#include "ui/term/theme.h"

static bool same_style(struct theme_style a, struct theme_style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attrs == b.attrs;
}

static void the_built_in_ones_are_the_files(void **state)
{
	const char *name;
	size_t n = 0;

	for (; (name = theme_builtin(n)); n++) {
		struct err e = { 0 };
		struct theme t;
		struct buf b, path;

		buf_init(&b, 1 << 20);
		buf_init(&path, 1000);
		buf_addf(&path, "themes/%s.yaml", name);
		assert_int_equal(ydoc_slurp(path.p, &b, &e), 0);
		assert_true(slice_eq(buf_slice(&b), theme_builtin_text(n)));
		if (theme_load(&t, name, &e) < 0)
			fail_msg("%s", e.text);
		assert_string_equal(t.name, name);
		assert_true(t.help[0] != '\0');
		assert_int_equal(theme_load(&t, path.p, &e), 0);
		for (int r = 0; r < ROLE_COUNT; r++) /* none is forgotten */
			if (!strstr(b.p, role_name((enum term_role)r)))
				fail_msg("%s says nothing of the role %s", name,
					role_name((enum term_role)r));
		buf_fini(&b);
		buf_fini(&path);
	}
	assert_int_equal(n, 5);
}

/* What differs in meaning differs in looks, in every theme, at every depth. */
static void severities_look_different(void **state)
{
	static const enum term_role apart[] = { ROLE_OK, ROLE_WARN, ROLE_CRIT };

	for (size_t n = 0; theme_builtin(n); n++)
		for (int d = THEME_16; d <= THEME_RGB; d++) {
			struct theme t;
			struct err e;

			assert_int_equal(theme_load(&t, theme_builtin(n), &e), 0);
			for (size_t i = 0; i < 3; i++)
				for (size_t k = 0; k < i; k++)
					assert_false(same_style(
						theme_style(&t, apart[i], (enum theme_depth)d),
						theme_style(&t, apart[k], (enum theme_depth)d)));
			for (int look = 0; look < ROLE_COUNT; look++) {
				struct theme_style s = theme_style(
					&t, (uint16_t)look | LOOK_SELECTED, (enum theme_depth)d);

				/* never a text of the background's own colour */
				assert_true(s.fg != s.bg || s.fg < 0);
			}
		}
}

static void without_colour_there_is_none(void **state)
{
	for (size_t n = 0; theme_builtin(n); n++) {
		struct theme t;
		struct err e;

		assert_int_equal(theme_load(&t, theme_builtin(n), &e), 0);
		for (int look = 0; look < ROLE_COUNT; look++) {
			struct theme_style s = theme_style(&t, (uint16_t)look, THEME_MONO);

			assert_true(s.fg < 0 && s.bg < 0);
		}
		assert_true(theme_style(&t, ROLE_TEXT | LOOK_SELECTED, THEME_MONO).attrs != 0);
	}
}

static void wrong_files_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *text, *story;
	} bad[] = {
		{ "", "mapping" },
		{ "help: no name\n", "needs a name" },
		{ "name: x\ncolour: red\n", "f:2: colour" },
		{ "name: x\nroles:\n  okk: {}\n", "f:3: no role 'okk' (did you mean 'ok'?)" },
		{ "name: x\nroles:\n  ok: red\n", "f:3: ok: wants" },
		{ "name: x\nroles:\n  ok: { fg: 256 }\n", "f:3: ok: fg cannot be '256'" },
		{ "name: x\nroles:\n  ok: { fg: \"#12345g\" }\n", "fg cannot be" },
		{ "name: x\nroles:\n  ok: { fg16: pink }\n", "fg16 cannot be 'pink'" },
		{ "name: x\nroles:\n  ok: { attrs: blink }\n", "attrs cannot be 'blink'" },
		{ "name: x\nroles:\n  ok: { size: 3 }\n", "size cannot be" },
		{ "name: [x\n", "f:" },
	};
	struct theme t = { .name = "untouched" };

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = { 0 };

		assert_int_equal(theme_parse(&t, slice_of(bad[i].text), "f", &e), -1);
		if (!strstr(e.text, bad[i].story))
			fail_msg("'%s' does not say '%s'", e.text, bad[i].story);
		assert_string_equal(t.name, "untouched");
	}
	assert_int_equal(theme_load(&t, "nosuch", &(struct err){ 0 }), -1);
	assert_int_equal(theme_load(&t, "/nosuch/file.yaml", &(struct err){ 0 }), -1);
}

static void colours_find_their_nearest(void **state)
{
	struct theme t;
	struct err e = { 0 };

	assert_int_equal(
		theme_parse(&t,
			slice_of("name: x\nroles:\n"
				 "  ok: { fg: \"#ff0000\", bg: \"#080808\", attrs: bold underline "
				 "}\n"
				 "  warn: { fg: 208, fg16: yellow }\n  crit: { fg: default }\n"),
			"f", &e),
		0);
	assert_int_equal(t.rows[ROLE_OK].fg, 196);
	assert_int_equal(t.rows[ROLE_OK].bg, 232);
	assert_int_equal(t.rows[ROLE_OK].fg16, 9);
	assert_int_equal(t.rows[ROLE_OK].attrs, THEME_BOLD | THEME_UNDERLINE);
	assert_int_equal(t.rows[ROLE_WARN].fg, 208);
	assert_int_equal(t.rows[ROLE_WARN].fg16, 3);
	assert_int_equal(t.rows[ROLE_CRIT].fg16, -1);
	assert_int_equal(t.rows[ROLE_TEXT].fg, -1);
}

/* All of what a file says, but by number where the palette has the same. */
static void direct_colours_are_kept(void **state)
{
	struct theme t;
	struct err e = { 0 };
	struct theme_style s;

	assert_int_equal(theme_parse(&t,
				 slice_of("name: x\nink: \"#010203\"\nroles:\n"
					  "  ok: { fg: \"#ff0000\", bg: \"#303a4f\" }\n"
					  "  warn: { fg: 3 }\n"),
				 "f", &e),
		0);
	s = theme_style(&t, ROLE_OK, THEME_RGB);
	assert_int_equal(s.fg, 196);
	assert_int_equal(s.bg, THEME_DIRECT | 0x303a4f);
	assert_int_equal(theme_rgb(s.fg), 0xff0000);
	assert_int_equal(theme_rgb(s.bg), 0x303a4f);
	s = theme_style(&t, ROLE_WARN, THEME_RGB);
	assert_int_equal(s.fg, 3);
	assert_int_equal(s.bg, -1);
	assert_int_equal(t.ink, 0x010203);
	assert_int_equal(theme_parse(&t, slice_of("name: x\npaper: white\n"), "f", &e), -1);
	assert_non_null(strstr(e.text, "f:2: paper wants"));
}

static void glyphs_have_stand_ins(void **state)
{
	static const uint32_t ours[] = { 0xb7, 0x203a, 0x2026, 0x2500, 0x2502, 0x2514, 0x2524,
		0x2581, 0x2588, 0x258f, 0x2591, 0x25a0, 0x25b2, 0x25b6, 0x25bc, 0x25c0, 0x25c6,
		0x25cf, 0x2716, 0x28ff, 0x2801, 0x2880 };

	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		uint32_t a = glyph_at(ours[i], GLYPH_ASCII);

		assert_true(a >= 0x20 && a < 0x7f && a != '?');
		assert_int_equal(glyph_at(ours[i], GLYPH_FULL), ours[i]);
	}
	for (uint32_t cp = 0; cp < 0x30000;
		cp++) /* whatever it is, it ends in one that can be shown */
		assert_true(glyph_at(cp, GLYPH_ASCII) < 0x7f || cp == 0x7f);
	assert_int_equal(glyph_at('a', GLYPH_ASCII), 'a');
	assert_int_equal(glyph_at(0xe9, GLYPH_VGA), 0xe9);
	assert_int_equal(glyph_at(0x65e5, GLYPH_VGA), '?');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_built_in_ones_are_the_files),
		cmocka_unit_test(severities_look_different),
		cmocka_unit_test(without_colour_there_is_none),
		cmocka_unit_test(wrong_files_are_refused_with_their_line),
		cmocka_unit_test(colours_find_their_nearest),
		cmocka_unit_test(direct_colours_are_kept),
		cmocka_unit_test(glyphs_have_stand_ins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
