/* One device: values over one another, the plots under the mouse. */
#include "tests/unit/ui/fake.h"

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

static void mouse(struct desk *d, int button, int col, int row, char end)
{
	char text[40];

	snprintf(text, sizeof(text), "\033[<%d;%d;%d%c", button, col + 1, row + 1, end);
	desk_keys(d, text);
}

static void the_mouse_moves_through_the_past(void **state)
{
	struct desk *d = desk_begin(40, 120, "2jj\r");
	int row, col = plot_col(d, &row);

	desk_expect(d, "last 15 min");
	mouse(d, 0, col + 20, row, 'M');
	mouse(d, 0, col + 20, row, 'm');
	desk_expect(d, "13:22:"); /* read out */
	desk_expect_not(d, "until");
	mouse(d, 0, col + 20, row, 'M');
	mouse(d, 32, col + 40, row, 'M');
	mouse(d, 0, col + 40, row, 'm');
	desk_expect(d, "last 15 min until 13:28");
	mouse(d, 64, col + 20, row, 'M'); /* the wheel */
	desk_expect(d, "last 5 min until 13:21");
	mouse(d, 65, col + 20, row, 'M');
	mouse(d, 65, col + 20, row, 'M');
	desk_expect(d, "last 60 min");
	mouse(d, 2, col + 10, row, 'M');
	mouse(d, 34, col + 40, row, 'M');
	mouse(d, 2, col + 40, row, 'm');
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
