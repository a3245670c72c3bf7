/*
 * Somebody hits keys at random.  Whatever he does, what stands on the terminal is what would
 * stand there had all of it been drawn anew; and a line that is slow, late or silent ends with
 * the same picture as a fast one.  MONKEY_SEED=N repeats a run.
 */
#include "tests/unit/ui/desk.h"

#define KEYS 250

static const char *const keys[] = { "j", "k", "j", "j", "h", "l", "g", "G", "s", "r", "<", ">", "x",
	"u", "n", "N", "f", "d", "e", "c", " ", " ", "J", "K", "+", "-", "[", "]", "?", "/", ":", "y",
	"1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "m", "v", "w", "t", "T", "M", "=", "0", "'",
	"\r", "\r", "\r", "\t", "\033[Z", "\033", "\033", "\033", "\177", "\014", "\024", "\006", "\002",
	"\004", "\025", "\001", "\005", "\013", "\027", "\033[A", "\033[B", "\033[B", "\033[C", "\033[D",
	"\033[H", "\033[F", "\033[5~", "\033[6~", "\033OP", "\033b", "\033f", "temp>60", "status!=up",
	"(", "\"", "\xc3\xa4", "\xe4\xb8\xad", "\033[200~a\nb\033[2Jc\033[201~", "\033[0n",
	"\033[12;40R", "\033]52;c;x\033\\", "\033[<64;20;9M", "\033[<65;20;9M", "\xff\xfe" };

static unsigned seed_or(unsigned seed)
{
	const char *s = getenv("MONKEY_SEED");

	seed = s ? (unsigned)strtoul(s, NULL, 10) : seed;
	print_message("MONKEY_SEED=%u\n", seed);
	return seed;
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16;
}

/* A key, or now and then a click somewhere. */
static const char *some_key(unsigned *seed)
{
	static char click[32];
	unsigned n = next(seed) % (ARRAY_LEN(keys) + 4);

	if (n < ARRAY_LEN(keys))
		return keys[n];
	snprintf(click, sizeof(click), "\033[<0;%u;%uM\033[<0;%u;%um", 1 + next(seed) % 120,
		1 + next(seed) % 40, 1 + next(seed) % 120, 1 + next(seed) % 40);
	return click;
}

/* Row, column, character, bold, underline, reverse, foreground, background. */
static void expect_same(struct desk *d, char *was, char *is, const char *when)
{
	if (strcmp(was, is) != 0)
		fail_msg("%s: %s\n%s", when, screen_difference(was, is), screen_text(d->screen));
	free(was);
	free(is);
}

/* --- drawn anew ------------------------------------------------------------------------------- */

static void resize(struct desk *d, int rows, int cols)
{
	term_resize(d->term, rows, cols);
	screen_resize(d->screen, rows, cols);
	desk_bytes(d, "", 0);
}

static void redraw_and_compare(struct desk *d, const char *when)
{
	char *was;

	desk_show(d);
	was = screen_cells(d->screen);
	term_redraw(d->term);
	d->shell.dirty = true;
	desk_draw(d);
	expect_same(d, was, screen_cells(d->screen), when);
}

static void hit_keys(unsigned seed, int rows, int cols, bool mono)
{
	int n_keys = getenv("UNDER_VALGRIND") ? KEYS / 10 : KEYS; /* there a second becomes a minute */
	struct desk *d;
	char when[80];

	fake_start();
	d = desk_open(rows, cols, mono);
	desk_connect(d);
	desk_show(d);
	for (int i = 0; i < n_keys; i++) {
		const char *key = some_key(&seed);

		desk_bytes(d, key, strlen(key));
		d->shell.quit = false; /* it would be over */
		if (i % 50 == 49)
			resize(d, 5 + (int)(next(&seed) % 45), 40 + (int)(next(&seed) % 160));
		if (i % 7 == 0)
			desk_tick(d, 1000);
		snprintf(when, sizeof(when), "after key %d, %s", i, *key == '\033' ? key + 1 : key);
		redraw_and_compare(d, when);
	}
	desk_close(d);
	fake_end();
}

static void what_stands_there_is_what_should(void **state)
{
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 12, 47 }, { 50, 200 } };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		hit_keys(seed_or(20261122u + (unsigned)i * 7919u), sizes[i][0], sizes[i][1], i % 2);
}

/* --- other lines ------------------------------------------------------------------------------ */

static const struct wire {
	const char *name;
	enum term_when ask;
	uint32_t rate;
	int late;	    /* keys that are pressed before an answer comes; < 0: none comes */
	const char *answer; /* to each frame */
} wires[] = {
	{ "fast", TERM_NEVER, 0, 0, "" },
	{ "at once", TERM_ALWAYS, 0, 0, "\033[0n" },
	{ "slow", TERM_ALWAYS, 1000, 3, "\033[0n" },
	{ "late", TERM_ALWAYS, 0, 9, "\033[0n" },
	{ "twice", TERM_ALWAYS, 0, 1, "\033[0n\033[0n" },
	{ "garbage", TERM_ALWAYS, 4000, 2, "\033[3n\033[0;0n\033[?0n\033[99999999999n\033[0n" },
	{ "silent", TERM_ALWAYS, 0, -1, "" },
};

struct sitting {
	struct desk *d;
	const struct wire *wire;
	int64_t now;  /* the line's time; the world's is another's business */
	int owed[64]; /* steps until the answer to a frame comes */
	int n_owed;
};

static void look(struct sitting *s)
{
	struct slice out = term_output(s->d->term);

	for (size_t asked = desk_asked(s->d); asked && s->wire->late >= 0 && s->n_owed < (int)ARRAY_LEN(s->owed); asked--)
		s->owed[s->n_owed++] = s->wire->late;
	screen_feed(s->d->screen, out.p, out.n);
	term_take(s->d->term);
}

static void feed(struct sitting *s, const char *p)
{
	term_input(s->d->term, p, strlen(p), s->now);
	s->now += 200;
	term_read(s->d->term, s->now);
	shell_take_events(&s->d->shell, s->now);
	s->d->shell.quit = false;
}

static void take_answers(struct sitting *s)
{
	for (int i = 0; i < s->n_owed; i++)
		s->owed[i]--;
	while (s->n_owed && s->owed[0] < 0) {
		memmove(s->owed, s->owed + 1, sizeof(s->owed[0]) * (size_t)--s->n_owed);
		feed(s, s->wire->answer);
	}
}

/* A turn of the console: a frame only when the line may have one. */
static void sit(struct sitting *s)
{
	desk_settle(s->d);
	take_answers(s);
	s->now += 50;
	if ((!s->d->shell.dirty && !term_incomplete(s->d->term)) || !term_may_draw(s->d->term, s->now))
		return;
	shell_draw(&s->d->shell);
	term_flush(s->d->term, s->now);
	look(s);
}

/* But what tells of the line itself: the last row, and on Sources the one above it. */
static char *picture(struct desk *d)
{
	char *row = screen_row(d->screen, 38), *cells = screen_cells(d->screen);

	*strstr(cells, strncmp(row, "  console  ", 11) == 0 ? "\n38,0 " : "\n39,0 ") = '\0';
	free(row);
	return cells;
}

static char *play(const struct wire *w, unsigned seed, int n_keys)
{
	struct sitting s = { .wire = w, .now = NOW_MS };
	char *cells;

	fake_start();
	s.d = desk_open(40, 120, false);
	desk_terminal(s.d, 40, 120, false, w->ask, w->rate);
	desk_connect(s.d);
	sit(&s);
	for (int i = 0; i < n_keys; i++) {
		feed(&s, some_key(&seed));
		clock_test_advance(100);
		sit(&s);
	}
	clock_test_advance(NOW_MS + 120000 - clock_wall_ms());
	shell_tick(&s.d->shell);
	for (int i = 0; i < 600; i++) {
		s.now += 100;
		sit(&s);
		s.d->shell.dirty |= i == 300; /* ages are those of now */
	}
	cells = picture(s.d);
	desk_close(s.d);
	fake_end();
	return cells;
}

/* The later ones have ended otherwise: pages not laid out yet, answers to pages that were gone, rows
 * without ids. */
static const struct {
	unsigned seed;
	int n_keys;
} sittings[] = { { 20261122, 60 }, { 20269041, 100 }, { 20276960, 140 }, { 4, 60 }, { 11, 60 },
	{ 11, 100 }, { 11, 140 }, { 3, 100 }, { 38, 60 }, { 40, 100 }, { 29, 100 } };

static void every_line_ends_with_the_same_picture(void **state)
{
	for (size_t k = 0; k < ARRAY_LEN(sittings); k++) {
		unsigned seed = seed_or(sittings[k].seed);
		int n = sittings[k].n_keys;
		char *first = play(&wires[0], seed, n);

		for (size_t i = 1; i < ARRAY_LEN(wires); i++) {
			char *cells = play(&wires[i], seed, n);

			if (strcmp(first, cells) != 0)
				fail_msg("%s: %s", wires[i].name,
					screen_difference(first, cells));
			free(cells);
		}
		free(first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_there_is_what_should),
		cmocka_unit_test(every_line_ends_with_the_same_picture),
	};

	unsetenv("NO_COLOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
