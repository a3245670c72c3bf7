/* One device: values over one another, the plots under the mouse. */
#include "tests/unit/ui/desk.h"

static void values_are_laid_over_one_another(void **state)
{
	struct desk *d = desk_begin(40, 120, "2jj\r");

	desk_keys(d, " ");
	desk_expect(d, "+ temp");
	desk_keys(d, "j ");
	desk_expect(d, "util %  ");
	desk_expect(d, "temp °C →");
	desk_keys(d, "j ");
	desk_expect(d, "100 %"); /* three units: each its own scale */
	desk_expect(d, " to ");
	desk_keys(d, "hh");
	desk_expect_not(d, " to ");
	desk_keys(d, "k "); /* util no longer */
	desk_expect(d, "temp");
	desk_expect_not(d, "+ util");
	desk_keys(d, "\033\033");
	desk_expect_not(d, "+ temp");
	desk_end(d);
}

/* The column where the first plot's lines begin, and one of its rows. */
static int plot_col(struct desk *d, int *row)
{
	for (*row = 4; *row < 20; ++*row) {
		char *s = screen_row(d->screen, *row), *axis = strstr(s, "│");
		int col = axis ? (int)(axis - s) : -1;
		char *copy = col >= 0 ? xmemdup0(s, (size_t)col) : NULL;

		col = copy ? text_cells(slice_of(copy)) : -1;
		free(copy);
		free(s);
		if (col > 40)
			return col + 1;
	}
	fail_msg("no plot");
	return 0;
}

static void the_mouse_moves_through_the_past(void **state)
{
	struct desk *d = desk_begin(40, 120, "2jj\r");
	int row, col = plot_col(d, &row);

	desk_expect(d, "last 15 min");
	desk_mouse(d, 0, row, col + 20, 'M');
	desk_mouse(d, 0, row, col + 20, 'm');
	desk_expect(d, "13:22:"); /* read out */
	desk_expect_not(d, "until");
	desk_mouse(d, 0, row, col + 20, 'M');
	desk_mouse(d, 32, row, col + 40, 'M');
	desk_mouse(d, 0, row, col + 40, 'm');
	desk_expect(d, "last 15 min until 13:28");
	desk_mouse(d, 64, row, col + 20, 'M'); /* the wheel */
	desk_expect(d, "last 5 min until 13:21");
	desk_mouse(d, 65, row, col + 20, 'M');
	desk_mouse(d, 65, row, col + 20, 'M');
	desk_expect(d, "last 60 min");
	desk_mouse(d, 2, row, col + 10, 'M');
	desk_mouse(d, 34, row, col + 40, 'M');
	desk_mouse(d, 2, row, col + 40, 'm');
	desk_expect_not(d, "last 60 min");
	desk_expect(d, "until 13:");
	desk_keys(d, "\033");
	desk_expect_not(d, "until");
	desk_end(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_laid_over_one_another),
		cmocka_unit_test(the_mouse_moves_through_the_past),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
