#include "tests/unit/ui_widget/draw.h"

#include <math.h>

#include "base/alloc.h"
#include "ui/widget/canvas.h"
#include "ui/widget/worldmap.h"

static void lines_are_cut_at_the_edge(void **state)
{
	struct paper p = paper_open(3, 8);
	struct canvas c;

	canvas_init(&c, 3, 8);
	canvas_line(&c, -64, 5, 64, 5, ROLE_TEXT, 1);
	canvas_line(&c, 4, -64, 4, 64, ROLE_TEXT, 1);
	canvas_line(&c, -10, -10, -1, 50, ROLE_TEXT, 1);
	canvas_line(&c, 15, 0, 15, 11, ROLE_TEXT, 2);
	canvas_draw(&c, p.t, p.r);
	paper_expect(&p, "  ⡇    ⠨\n⠒⠒⡗⠒⠒⠒⠒⠺\n  ⡇    ⠨\n");
	canvas_fini(&c);
	paper_close(&p);
}

static unsigned dots(const struct canvas *c)
{
	unsigned n = 0;

	for (int i = 0; i < c->rows * c->cols; i++)
		n += (unsigned)__builtin_popcount(c->dots[i]);
	return n;
}

static bool land_at(double lat, double lon)
{
	/* a window of half a degree and what it shows of a coast */
	struct worldmap_view v = { lon - 1, lat + 1, 0.05, 0.05 };
	struct canvas c;
	bool any;

	canvas_init(&c, 10, 20);
	worldmap_draw(&c, &v);
	any = dots(&c) > 0;
	canvas_fini(&c);
	return any;
}

static void coasts_are_where_they_are(void **state)
{
	assert_true(land_at(50.07, -5.7));    /* Land's End */
	assert_true(land_at(36.0, -5.6));     /* Gibraltar */
	assert_true(land_at(-34.4, 18.5));    /* Cape of Good Hope */
	assert_true(land_at(1.3, 103.8));     /* Singapore */
	assert_true(land_at(-17.0, 179.9));   /* Fiji, by the date line */
	assert_true(land_at(65.8, -169));     /* the Bering Strait */
	assert_true(land_at(49.0, -100));     /* a border without a coast */
	assert_false(land_at(0, -30));	      /* the Atlantic */
	assert_false(land_at(-40, 90));	      /* the Indian Ocean */
	assert_false(land_at(24, 5));	      /* the Sahara, between borders */
	assert_false(land_at(75, 180));	      /* where maps are cut */
}

static void a_turn_around_the_world_changes_nothing(void **state)
{
	struct canvas a, b;

	canvas_init(&a, 20, 100);
	canvas_init(&b, 20, 100);
	worldmap_draw(&a, &(struct worldmap_view){ 100, 80, 1.5, 1.5 });
	worldmap_draw(&b, &(struct worldmap_view){ 100 - 720, 80, 1.5, 1.5 });
	assert_true(dots(&a) > 300);
	for (int i = 0; i < 2000; i++)
		a.dots[i] ^= b.dots[i];
	assert_in_range(dots(&a), 0, 30); /* of rounding */
	canvas_fini(&a);
	canvas_fini(&b);
}

#define STAMP \
	"         ⣠⣤⣶⣶⣶⣿⣿⣯⡟⠿⠯⣍⠉⠉⠉⠉⢉⣽⠛   ⠐⠶⠶⠖  ⠒⢒⣤⡤⢄⣀⣀⡠⠾⠶⠶⣤⣄⣀⣀⠠⣤⣤⠄\n" \
	"⠷⢦⣾⠏⢉⣉⡉⠋⠉⠉⠛⠛⠛⠛⣻⢿⣯⣿⣽⡖⠈⢏⣀⠤⠒⠪⠷⠶  ⢀⠤⢒⣭⣍⠹⠷⠒⠚⠛⠋⠛⠛⠈       ⠉⠉⠁ ⠉⣉⣉⣋⣹\n" \
	"  ⠙⠛⠋⠁⠉⠹⢦⣀    ⠉⠒⠾⠃⢉⣙⣦⡀      ⠴⣿⡬⠿⠞⠚⠉                 ⠰⣿⡉⠹⡽⠋⠁\n" \
	"         ⣏       ⣤⠟⠋⠉⠁      ⣶⣻⣴⣶⣷⢦⣼⣽⡿⠘⣿⠄         ⢠⣤⣴⢒⣿⠂\n" \
	"         ⠈⠳⣦⡀⢠⠤⠶⣾⡅         ⣠⠎⠉ ⠈⠒⠚⠓⢿⡁ ⣦⣄⣀⡀       ⢈⡇⠙⠋⠁\n" \
	"   ⠙⠂      ⠈⠳⠼⢖⣿⡝⠗⡶⠆       ⡇       ⠈⢿⣄⡨⠞ ⠙⡇⡴⠛⠳⣄⡰⡟⠡⣇\n" \
	"               ⠈⢛⡏⠉⠙⠶⢄     ⠙⠦⠤⠶⢤     ⣉⠏   ⠘⠗ ⠠⣿⡟⣡⢾⣻⡃\n" \
	"                ⢾    ⠈⠉⢑⡆      ⠙⡆   ⢾⠁        ⠈⠻⠵⣿⣿⢟⣿⢽⢶⡷⢤⡀\n" \
	"⠂                ⠓⡆   ⣀⡞       ⠰⡅  ⢠⠞⣞⠇         ⢀⡤⠞⠉⠙⠚⢧⡀ ⣼ ⠰\n" \
	"                 ⢀⡇ ⣀⡼⠁         ⠱⣄⣠⠏ ⠉          ⠈⣇⣠⠤⣤⡀ ⡽  ⢀⡀\n" \
	"                 ⣸⢀⡞⠉                                ⠉⠿⠁ ⢀⡼⠛\n" \
	"                 ⠓⠿⠕⠂                    ⠉\n"

static void the_world_on_a_stamp(void **state)
{
	struct paper p = paper_open(12, 60);
	struct canvas c;

	canvas_init(&c, 12, 60);
	worldmap_draw(&c, &(struct worldmap_view){ -180, 84, 3, 3 });
	canvas_draw(&c, p.t, p.r);
	paper_expect(&p, STAMP);
	canvas_fini(&c);
	paper_close(&p);
}

static void any_view_is_drawn(void **state)
{
	static const double odd[] = { 0, -1, 1e-9, 1e9, NAN, INFINITY, -INFINITY, 1e300, 180, -180 };
	struct canvas c;

	canvas_init(&c, 5, 9);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		for (size_t j = 0; j < ARRAY_LEN(odd); j++)
			worldmap_draw(&c, &(struct worldmap_view){ odd[i], odd[j], 0.1 * (double)(i + 1),
				odd[j] });
	canvas_fini(&c);
	canvas_init(&c, 0, 0);
	worldmap_draw(&c, &(struct worldmap_view){ -180, 84, 3, 3 });
	canvas_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cut_at_the_edge),
		cmocka_unit_test(coasts_are_where_they_are),
		cmocka_unit_test(a_turn_around_the_world_changes_nothing),
		cmocka_unit_test(the_world_on_a_stamp),
		cmocka_unit_test(any_view_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
