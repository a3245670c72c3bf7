#include "tests/unit/ui_widget/draw.h"

#include "base/alloc.h"
#include "ui/widget/heat.h"
#include "ui/widget/spark.h"

static void a_cell_stands_for_a_round_number(void **state)
{
	assert_int_equal(heat_scale(0, 40), 1);
	assert_int_equal(heat_scale(40, 40), 1);
	assert_int_equal(heat_scale(41, 40), 2);
	assert_int_equal(heat_scale(100000, 40), 5000);
	assert_int_equal(heat_scale(31020, 500), 100);
	assert_int_equal(heat_scale(7, 0), 10);
	assert_true(heat_scale(UINT64_MAX / 2, 1) >= 1);
}

static const char *fill(uint64_t calm, uint64_t a, uint64_t b, uint64_t c, uint64_t worst, uint64_t per,
	size_t max)
{
	static char out[100];
	uint64_t counts[] = { calm, a, b, c, worst };
	uint8_t levels[64];
	size_t n = heat_fill(counts, per, levels, max);

	for (size_t i = 0; i < n; i++)
		out[i] = (char)('0' + levels[i]);
	out[n] = '\0';
	return out;
}

static void the_worst_come_first_however_few(void **state)
{
	assert_string_equal(fill(0, 0, 0, 0, 0, 10, 64), "");
	assert_string_equal(fill(100, 0, 0, 0, 0, 10, 64), "0000000000");
	assert_string_equal(fill(99, 0, 0, 0, 1, 10, 64), "4000000000");
	assert_string_equal(fill(75, 1, 11, 3, 10, 10, 64), "4322100000");
	assert_string_equal(fill(1, 0, 0, 0, 19, 10, 64), "440");
	assert_string_equal(fill(0, 0, 0, 0, 1000, 10, 5), "44444");
	assert_string_equal(fill(1, 1, 1, 1, 1, 1000000, 64), "43210");
	assert_string_equal(fill(3, 0, 0, 0, 0, 0, 64), "000");
}

static const char *squeeze(const char *text, size_t cells)
{
	static char out[100];
	uint8_t v[64], levels[64];
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		v[i] = text[i] == '-' ? HEAT_NOTHING : (uint8_t)(text[i] - '0');
	n = heat_squeeze(v, n, levels, cells);
	for (size_t i = 0; i < n; i++)
		out[i] = levels[i] == HEAT_NOTHING ? '-' : (char)('0' + levels[i]);
	out[n] = '\0';
	return out;
}

/* The newest piece is whole, the oldest may be short. */
static void time_is_squeezed_without_losing_the_worst(void **state)
{
	assert_string_equal(squeeze("", 4), "");
	assert_string_equal(squeeze("0123", 4), "0123");
	assert_string_equal(squeeze("0123", 9), "0123");
	assert_string_equal(squeeze("00400010", 4), "0401");
	assert_string_equal(squeeze("3000010", 4), "3001");
	assert_string_equal(squeeze("--0-4---", 4), "-04-");
	assert_string_equal(squeeze("0123", 0), "");
	assert_string_equal(squeeze("01234", 1), "4");
}

static void levels_differ_without_utf8(void **state)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .type = "xterm", .rows = 2, .cols = 8,
		.utf8 = TERM_NEVER, .colour = TERM_NEVER };
	struct paper p = { .r = { 0, 0, 2, 8 }, .now = 1000 };
	struct err e = { 0 };

	p.t = term_open(&o, 0, &e);
	assert_non_null(p.t);
	p.s = screen_new(2, 8);
	heat_draw(p.t, p.r, (const uint8_t[]){ 4, 3, 2, 1, 0, HEAT_NOTHING, 0 }, 7);
	paper_expect(&p, "#*+-. .\n\n");
	paper_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_stands_for_a_round_number),
		cmocka_unit_test(the_worst_come_first_however_few),
		cmocka_unit_test(levels_differ_without_utf8),
		cmocka_unit_test(time_is_squeezed_without_losing_the_worst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
