#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "ui/term/picture.h"

static struct grid grid;
static struct theme theme;

static int set_up(void **state)
{
	static const char yaml[] = "name: x\nink: \"#cccccc\"\npaper: \"#111111\"\nroles:\n"
				   "  ok: { fg: \"#00ff00\", attrs: bold }\n"
				   "  selected: { bg: \"#303a4f\" }\n"
				   "  link: { fg: 12, attrs: underline italic }\n"
				   "  error: { fg: \"#ff0000\", attrs: reverse dim }\n";

	grid_init(&grid, 3, 12);
	return theme_parse(&theme, slice_of(yaml), "x", NULL);
}

static int tear_down(void **state)
{
	grid_fini(&grid);
	return 0;
}

static void put(int row, int col, const char *s, uint16_t look)
{
	grid_put(&grid, row, col, 99, slice_of(s), look);
}

static char *draw(enum picture_form form, const char *title)
{
	struct picture p = { &grid, &theme, title, form };
	struct buf b;

	buf_init(&b, 1 << 20);
	picture_draw(&p, &b);
	return b.p;
}

static void expect(char *have, const char *const *parts)
{
	for (; *parts; parts++)
		if (!strstr(have, *parts))
			fail_msg("no %s in:\n%s", *parts, have);
	free(have);
}

static void fill(void)
{
	grid_fill(&grid, 0, 0, 3, 12, ROLE_TEXT);
	put(0, 0, "a<b>&\"c", ROLE_TEXT);
	put(0, 8, "up", ROLE_OK);
	put(1, 1, "日本 e\xcc\x81", ROLE_TEXT);
	put(2, 0, "ln", ROLE_LINK);
	put(2, 3, "no", ROLE_ERROR);
	grid_lay(&grid, 1, 0, 1, 12, LOOK_SELECTED);
}

static void text_is_the_cells_alone(void **state)
{
	char *s;

	fill();
	s = draw(PICTURE_TEXT, "");
	assert_string_equal(s, "a<b>&\"c up\n 日本 e\xcc\x81\nln no\n");
	free(s);
}

static void svg_has_looks_and_places(void **state)
{
	static const char *const want[] = { "<title>t &lt;1&gt;</title>",
		"fill=\"#cccccc\"", "rx=\"8\" fill=\"#111111\"",
		"<text x=\"12\" y=\"25\" textLength=\"58.8\">a&lt;b&gt;&amp;\"c</text>",
		"<text x=\"79.2\" y=\"25\" textLength=\"16.8\" fill=\"#00ff00\" "
		"font-weight=\"bold\">up</text>",
		/* a selected row is filled to its end, and wide characters stand alone */
		"<rect x=\"12\" y=\"29\" width=\"8.4\" height=\"17\" fill=\"#303a4f\"/>",
		"<text x=\"20.4\" y=\"42\" textLength=\"16.8\">日</text>",
		"<text x=\"37.2\" y=\"42\" textLength=\"16.8\">本</text>",
		"<text x=\"62.4\" y=\"42\" textLength=\"8.4\">e\xcc\x81</text>",
		"<text x=\"12\" y=\"59\" textLength=\"16.8\" fill=\"#5c5cff\" "
		"font-style=\"italic\" text-decoration=\"underline\">ln</text>",
		"<rect x=\"37.2\" y=\"46\" width=\"16.8\" height=\"17\" fill=\"#ff0000\"/>",
		"fill=\"#111111\" opacity=\"0.6\">no</text>", "</svg>\n", NULL };

	fill();
	expect(draw(PICTURE_SVG, "t <1>"), want);
}

static void html_has_looks(void **state)
{
	static const char *const want[] = { "<title>t</title>", "background: #111111; color: #cccccc",
		"<pre>\na&lt;b&gt;&amp;\"c <span style=\"color:#00ff00;font-weight:bold;\">up</span>  \n",
		"<span style=\"display:inline-block;width:2ch;background:#303a4f;\">日</span>",
		"<span style=\"color:#111111;background:#ff0000;opacity:.6;\">no</span>",
		"</pre>\n", NULL };

	fill();
	expect(draw(PICTURE_HTML, "t"), want);
}

/* Whatever stands in a cell or the title, no markup of its own comes out, nor a control. */
static void nothing_hostile_comes_out(void **state)
{
	static const char bad[] = "</title><script>\033]52;c;x\a\xff";

	grid_fill(&grid, 0, 0, 3, 12, ROLE_TEXT);
	grid_putc(&grid, 0, 0, 0x1b, ROLE_TEXT);
	grid_putc(&grid, 0, 1, 0xffff, ROLE_TEXT);
	grid_putc(&grid, 0, 2, 0x202e, ROLE_TEXT);
	put(1, 0, "<script>", ROLE_OK);
	for (int f = PICTURE_TEXT; f <= PICTURE_HTML; f++) {
		char *s = draw((enum picture_form)f, bad);

		assert_null(strpbrk(s, "\033\a\r"));
		assert_null(strstr(s, "\xef\xbf\xbf"));
		assert_null(strstr(s, "\xe2\x80\xae"));
		assert_int_equal(strstr(s, "<script>") != NULL, f == PICTURE_TEXT);
		free(s);
	}
}

static void the_name_tells_the_form(void **state)
{
	struct err e = { 0 };

	assert_int_equal(picture_form_of("a.b/c.svg", NULL), PICTURE_SVG);
	assert_int_equal(picture_form_of("x.html", NULL), PICTURE_HTML);
	assert_int_equal(picture_form_of("x.txt", NULL), PICTURE_TEXT);
	assert_int_equal(picture_form_of("x.png", &e), -1);
	assert_non_null(strstr(e.text, ".svg"));
	assert_int_equal(picture_form_of("x", NULL), -1);
}

static void a_file_that_is_there_stays(void **state)
{
	char path[] = "/tmp/picture-XXXXXX.txt", text[64] = "";
	struct picture p = { &grid, &theme, "t", PICTURE_TEXT };
	struct err e = { 0 };
	FILE *f;

	close(mkstemps(path, 4));
	fill();
	assert_int_equal(picture_save(&p, path, &e), -1);
	assert_int_equal(e.class, ERR_REFUSED);
	unlink(path);
	assert_int_equal(picture_save(&p, path, &e), 0);
	f = fopen(path, "r");
	assert_non_null(fgets(text, sizeof(text), f));
	assert_string_equal(text, "a<b>&\"c up\n");
	fclose(f);
	unlink(path);
	assert_int_equal(picture_save(&p, "/nosuch/x.txt", &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_the_cells_alone),
		cmocka_unit_test(svg_has_looks_and_places),
		cmocka_unit_test(html_has_looks),
		cmocka_unit_test(nothing_hostile_comes_out),
		cmocka_unit_test(the_name_tells_the_form),
		cmocka_unit_test(a_file_that_is_there_stays),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
