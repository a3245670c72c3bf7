/* Events into the model: what their sequence says of missing and repeated ones. */
#include "tests/unit/src_source/world.h"

#include "source/feed.h"

struct fixture {
	struct world w;
	struct feed *f;
};

static int setup(void **state)
{
	struct fixture *f = *state = xcalloc(1, sizeof(*f));

	world_init(&f->w, &source_stream);
	f->w.cfg.network = "lab";
	f->f = feed_new(&f->w.src);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	feed_free(f->f);
	world_fini(&f->w);
	free(f);
	return 0;
}

/* A restart: what was recorded is all that is known. */
static void again(struct fixture *f)
{
	feed_free(f->f);
	f->f = feed_new(&f->w.src);
}

static bool send(struct fixture *f, const char *type, const char *subject, const char *sequence,
	const char *data)
{
	static unsigned n;
	char *text = xasprintf("{\"specversion\":\"1.0\",\"id\":\"e%s%u\",\"source\":\"//t\","
		"\"type\":\"net.depin.device.%s.v1\",\"subject\":\"%s\"%s%s%s,\"data\":%s}", sequence,
		*sequence ? 0 : ++n, type, subject, *sequence ? ",\"sequence\":\"" : "", sequence,
		*sequence ? "\"" : "", data);
	bool taken = feed_message(f->f, slice_of(text));

	free(text);
	return taken;
}

static bool note(struct fixture *f, const char *sequence)
{
	return send(f, "log", "d1", sequence, "{\"message\":\"m\"}");
}

static void assert_counts(struct fixture *f, uint64_t gaps, uint64_t duplicates, uint64_t bad)
{
	assert_int_equal(f->w.src.st.gaps, gaps);
	assert_int_equal(f->w.src.st.duplicates, duplicates);
	assert_int_equal(f->w.src.st.bad, bad);
}

static void in_order_is_no_gap(void **state)
{
	struct fixture *f = *state;
	char position[64];

	feed_asked(f->f);
	for (const char *const *s = (const char *const[]){ "7", "8", "9", "10", NULL }; *s; s++)
		assert_true(note(f, *s));
	assert_counts(f, 0, 0, 0);
	assert_int_equal(f->w.ids_n, 4);
	feed_position(f->f, position, sizeof(position));
	assert_string_equal(position, "10");
	assert_string_equal(f->w.cursor, "10"); /* with the event, not later */
}

static void seen_before_is_dropped(void **state)
{
	struct fixture *f = *state;

	note(f, "7");
	note(f, "8");
	told(&f->w);
	assert_true(note(f, "8"));
	assert_true(note(f, "3"));
	assert_true(note(f, "0000000000000000000007"));
	assert_counts(f, 0, 3, 0);
	assert_string_equal(told(&f->w), "");
}

static void a_hole_is_asked_for_once(void **state)
{
	struct fixture *f = *state;

	feed_asked(f->f);
	note(f, "7");
	assert_false(note(f, "10")); /* dial anew */
	assert_int_equal(f->w.ids_n, 1);
	assert_counts(f, 0, 0, 0);
	feed_asked(f->f);
	assert_true(note(f, "10")); /* nor has it them now */
	assert_counts(f, 2, 0, 0);
	assert_true(note(f, "14")); /* a server that cannot: no more asking */
	assert_counts(f, 5, 0, 0);
	assert_int_equal(f->w.ids_n, 3);
}

static void a_server_that_fills_the_hole_is_asked_again(void **state)
{
	struct fixture *f = *state;

	feed_asked(f->f);
	note(f, "7");
	assert_false(note(f, "9"));
	feed_asked(f->f);
	assert_true(note(f, "8"));
	assert_true(note(f, "9"));
	assert_counts(f, 0, 0, 0);
	assert_false(note(f, "12"));
	feed_asked(f->f);
	assert_true(note(f, "10"));
	assert_true(note(f, "11"));
	assert_true(note(f, "12"));
	assert_counts(f, 0, 0, 0);
	assert_int_equal(f->w.ids_n, 6);
}

static void a_file_has_nobody_to_ask(void **state)
{
	struct fixture *f = *state;

	note(f, "1");
	assert_true(note(f, "5"));
	assert_counts(f, 3, 0, 0);
}

static void numbers_begin_anew_with_an_event_without_one(void **state)
{
	struct fixture *f = *state;

	feed_asked(f->f);
	note(f, "900");
	feed_asked(f->f);
	assert_true(note(f, "")); /* the server knows no 900: its state of things first */
	assert_true(note(f, "1"));
	assert_true(note(f, "2"));
	assert_counts(f, 0, 0, 0);
	assert_true(note(f, "")); /* in the middle it says nothing */
	assert_true(note(f, "2"));
	assert_counts(f, 0, 1, 0);
}

static void words_are_in_order_of_their_text(void **state)
{
	struct fixture *f = *state;

	feed_asked(f->f);
	assert_true(note(f, "a5"));
	assert_true(note(f, "a9"));
	assert_true(note(f, "a7"));
	assert_counts(f, 0, 1, 0);
	assert_true(note(f, "18446744073709551616")); /* no number of ours: text as well */
	assert_counts(f, 0, 2, 0);
	assert_true(note(f, "b"));
	assert_counts(f, 0, 2, 0);
}

static void a_restart_goes_on_behind_the_last_event(void **state)
{
	struct fixture *f = *state;

	note(f, "7");
	note(f, "8");
	again(f);
	feed_asked(f->f);
	assert_true(note(f, "8"));
	assert_counts(f, 0, 1, 0);
	assert_true(note(f, "9"));
	assert_counts(f, 0, 1, 0);
	send(f, "telemetry", "d1", "10", "{\"metrics\":{\"a\":1}}");
	assert_string_equal(f->w.cursor, "9");
	feed_save_position(f->f);
	assert_string_equal(f->w.cursor, "10");
}

static void an_event_of_the_journal_is_not_told_again(void **state)
{
	struct fixture *f = *state;

	note(f, "7");
	again(f);
	f->w.cursor[0] = '\0';
	again(f);
	told(&f->w);
	assert_true(note(f, "7"));
	assert_counts(f, 0, 1, 0);
	assert_string_equal(told(&f->w), "");
}

static void a_device_is_born_dies_and_returns(void **state)
{
	struct fixture *f = *state;

	send(f, "birth", "d1", "1", "{\"name\":\"one\",\"site\":\"muc\",\"metrics\":[{\"name\":\"t\","
		"\"unit\":\"C\"}]}");
	assert_string_equal(told(&f->w), "");
	assert_string_equal(ask(f->w.m, "devices", "", "id,name,network,site,status"),
		"d1 one lab muc up");
	send(f, "birth", "d1", "2", "{\"name\":\"one\"}"); /* told again by its server */
	assert_string_equal(told(&f->w), "");
	send(f, "death", "d1", "3", "{\"reason\":\"gone\"}");
	assert_string_equal(told(&f->w), "net.depin.device.death.v1 d1 17 gone;");
	assert_string_equal(ask(f->w.m, "devices", "", "status,reason"), "down gone");
	send(f, "birth", "d1", "4", "{\"name\":\"one\"}");
	assert_string_equal(told(&f->w), "net.depin.device.birth.v1 d1 9 up again;");
	assert_string_equal(ask(f->w.m, "devices", "", "status"), "up");
	assert_string_equal(f->w.keeps.p, "d1=1! d1=1! d1=3 d1=1! ");
}

static void what_the_journal_knew_is_there_again(void **state)
{
	struct fixture *f = *state;

	f->w.known[0].id = "d1";
	f->w.known[0].data = "{\"name\":\"one\",\"site\":\"muc\"}";
	f->w.known[0].status = STATUS_DOWN;
	f->w.known[1].id = "d2";
	f->w.known[1].data = "";
	again(f);
	assert_string_equal(ask_sorted(f->w.m, "devices", "", "id", "id,name,site,status", 0, 9),
		"d1 one muc down|d2 d2 null unknown");
	assert_string_equal(told(&f->w), "");
}

/* Into a recording and back: devices as they were when it began. */
static void what_is_known_goes_into_a_recording(void **state)
{
	struct fixture *f = *state;
	struct world r = { 0 };
	struct feed *feed;

	f->w.known[0].id = "d1";
	f->w.known[0].data = "{\"name\":\"\\u00fc \\\"1\\\"\",\"site\":\"muc\"}";
	f->w.known[0].status = STATUS_UP;
	f->w.known[1].id = "d\\\"2";
	f->w.known[1].data = "";
	again(f);
	send(f, "death", "d1", "3", "{\"reason\":\"gone\"}");
	f->w.recording = true;
	feed_keep_known(f->f);
	assert_int_equal(f->w.kept_n, 2);
	world_init(&r, &source_stream);
	r.cfg.network = "lab";
	feed = feed_new(&r.src);
	for (size_t i = 0; i < f->w.kept_n; i++) {
		assert_string_equal(f->w.kept[i].part, "known");
		feed_replay_known(feed, slice_of(f->w.kept[i].text));
	}
	assert_string_equal(ask_sorted(r.m, "devices", "", "id", "id,name,network,site,status", 0, 9),
		"d1 ü \"1\" lab muc down|d\\\"2 d\\\"2 lab null unknown");
	assert_string_equal(told(&r), "");
	for (const char *const *bad = (const char *const[]){ "", "{}", "[]", "{\"id\":", "{\"id\":\"\"}",
		NULL }; *bad; bad++)
		feed_replay_known(feed, slice_of(*bad));
	assert_int_equal(r.src.st.bad, 5);
	feed_free(feed);
	world_fini(&r);
}

static void bad_ones_are_counted_and_told(void **state)
{
	struct fixture *f = *state;

	assert_true(feed_message(f->f, slice_of("{\"specversion\":\"1.0\"")));
	assert_true(feed_message(f->f, slice_of("null")));
	assert_counts(f, 0, 0, 2);
	assert_true(f->w.src.error[0]);
	feed_batch(f->f, slice_of("[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"},"
		"{\"id\":\"2\"},{\"specversion\":\"1.0\",\"id\":\"3\",\"source\":\"s\",\"type\":\"t\"}]"));
	assert_counts(f, 0, 0, 3);
	assert_int_equal(f->w.ids_n, 2);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(in_order_is_no_gap),
		T(seen_before_is_dropped),
		T(a_hole_is_asked_for_once),
		T(a_server_that_fills_the_hole_is_asked_again),
		T(a_file_has_nobody_to_ask),
		T(numbers_begin_anew_with_an_event_without_one),
		T(words_are_in_order_of_their_text),
		T(a_restart_goes_on_behind_the_last_event),
		T(an_event_of_the_journal_is_not_told_again),
		T(a_device_is_born_dies_and_returns),
		T(what_the_journal_knew_is_there_again),
		T(what_is_known_goes_into_a_recording),
		T(bad_ones_are_counted_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
