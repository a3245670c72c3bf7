/*
 * A collector that knows the world of fake_rows.h: what it answers to each method, and the real socket
 * that it listens on.
 */
#ifndef TESTS_UNIT_UI_FAKE_API_H
#define TESTS_UNIT_UI_FAKE_API_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "loop/loop.h"
#include "rpc/line.h"
#include "tests/unit/ui/fake_rows.h"

/* --- what it answers --- */

static void fake_describe(struct rpc_req *req, const json_t *params)
{
	static const char *const series[] = {
		"\"temp\",\"key\":\"temp\",\"value\":71.5,\"unit\":\"celsius\",\"type\":\"gauge\"",
		"\"util\",\"key\":\"util\",\"value\":0.84,\"unit\":\"ratio\",\"type\":\"gauge\"",
		"\"power\",\"key\":\"power\",\"value\":310,\"unit\":\"watts\",\"type\":\"gauge\"",
		"\"jobs\",\"key\":\"jobs\",\"value\":12345,\"unit\":\"\",\"type\":\"counter\",\"rate\":0.5",
		"\"disk_free\",\"key\":\"disk_free{mount=\\\"/\\\"}\",\"value\":null,\"unit\":\"bytes\","
		"\"type\":\"gauge\"",
	};
	const char *name = json_str(params, "name", ""), *kind = json_str(params, "kind", "");
	struct buf b;

	if (strcmp(name, "nobody") == 0) {
		rpc_reply_err(req, RPC_NOT_FOUND, "no device 'nobody'");
		return;
	}
	buf_init(&b, 1 << 20);
	buf_adds(&b, "{\"row\":");
	fake_kind(kind)->row(&b, atoi(name + 1));
	if (strcmp(kind, "devices") == 0) {
		buf_adds(&b, ",\"series\":[");
		for (size_t i = 0; i < ARRAY_LEN(series); i++)
			buf_addf(&b, "%s{\"device\":\"%s\",\"name\":%s,\"at\":\"2026-09-21T13:33:18Z\"}",
				i ? "," : "", name, series[i]);
		buf_adds(&b, "],\"events\":[");
		for (int i = 5; i > 0; i--) {
			fake_event(&b, i);
			buf_adds(&b, i > 1 ? "," : "]");
		}
		buf_adds(&b, ",\"alerts\":[");
		if (fake_status_of(atoi(name + 1))) {
			fake_alert(&b, 1), buf_addc(&b, ',');
			fake_alert(&b, fake.n_open), buf_addc(&b, ',');
			fake_alert(&b, fake.n_open + 2);
		}
		buf_addc(&b, ']');
	}
	buf_addc(&b, '}');
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

/* Where it is usual, and where it will go for a quarter of the span. */
static void fake_expected(struct buf *b, int64_t from, int64_t to)
{
	buf_adds(b, ",\"band\":[");
	for (int p = 0; p <= 10; p++)
		buf_addf(b, "%s[%lld,30,36]", p ? "," : "", (long long)(from + (to - from) * p / 10));
	buf_adds(b, "],\"forecast\":[");
	for (int p = 0; p <= 5; p++)
		buf_addf(b, "%s[%lld,%d,%d,%d]", p ? "," : "", (long long)(to + (to - from) * p / 20),
			40 - p, 40 + p, 40 + 3 * p);
	buf_adds(b, "]");
}

/* Straight lines, up and down, with a hole. */
static void fake_history(struct rpc_req *req, const json_t *params)
{
	int64_t from = json_i64(params, "from", 0), to = json_i64(params, "to", 0);
	int points = 40;
	size_t i;
	json_t *key;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_adds(&b, "{\"oldest\":\"2026-09-20T13:33:18Z\",\"series\":[");
	json_array_foreach(json_object_get(params, "metrics"), i, key) {
		buf_addf(&b, "%s{\"key\":", i ? "," : "");
		struct jw w;

		jw_init(&w, &b);
		jw_str(&w, slice_of(json_string_value(key)));
		buf_adds(&b, ",\"points\":[");
		for (int p = 0; p < points; p++) {
			int v = 40 + (p < points / 2 ? p : points - p) * (int)(i + 1);

			buf_addf(&b, "%s[%lld,%d,%d,%d,%d]", p ? "," : "",
				(long long)(from + (to - from) * p / points), v - 1, v + 1, v,
				p == 30 ? 0 : 3);
		}
		buf_adds(&b, "]");
		if (strcmp(json_string_value(key), "jobs") == 0)
			fake_expected(&b, from, to);
		buf_adds(&b, "}");
	}
	buf_adds(&b, "]}");
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

/* Six cities, wherever the grid puts them; one of them goes dark. */
static void fake_cells(struct rpc_req *req, const json_t *params)
{
	static const struct {
		const char *site;
		double lat, lon;
		int devices, down, stale, degraded, worst;
	} cities[] = { { "scl-1", -33.4, -70.6, 1266, 1200, 0, 0, 4 }, { "fra-2", 50.1, 8.7, 734, 2, 40, 3, 4 },
		{ "sin-1", 1.3, 103.8, 2400, 0, 1, 0, 3 }, { "den-1", 39.7, -105, 8, 0, 0, 0, 0 },
		{ "syd-1", -33.8, 151.2, 4000, 0, 0, 0, 0 }, { "suv-1", -18.1, 178.4, 90, 0, 0, 0, 0 } };
	double west = json_f64(params, "west", -180), east = json_f64(params, "east", 180);
	double north = json_f64(params, "north", 90), south = json_f64(params, "south", -90);
	int cols = (int)json_i64(params, "cols", 72), rows = (int)json_i64(params, "rows", 36);
	bool first = true;
	int outside = 0;
	struct buf b;

	snprintf(fake.last, sizeof(fake.last), "%s", json_str(params, "filter", ""));
	if (strstr(fake.last, ">>")) {
		rpc_reply_err(req, RPC_BAD_PARAMS, "filter: a value is missing (at byte %d)",
			(int)(strstr(fake.last, ">>") - fake.last) + 1);
		return;
	}
	buf_init(&b, 1 << 20);
	buf_adds(&b, "{\"cells\":[");
	for (size_t i = 0; i < ARRAY_LEN(cities); i++) {
		double lon = cities[i].lon - west, lat = cities[i].lat;
		int x = (int)((lon - 360 * (int)(lon / 360 + (lon < 0 ? -1 : 0))) / (east - west) * cols);
		int y = (int)((north - lat) / (north - south) * rows);

		if (x >= cols || lat > north || y >= rows) {
			outside += cities[i].devices;
			continue;
		}
		buf_addf(&b, "%s[%d,%d,%d,%d,%d,%d,%d,0,\"%s\",%s,%g,%g]", first ? "" : ",", x, y,
			cities[i].devices, cities[i].worst, cities[i].down, cities[i].stale,
			cities[i].degraded, cities[i].site, i == 4 ? "true" : "false", lat, cities[i].lon);
		first = false;
	}
	buf_addf(&b, "],\"placed\":8498,\"unplaced\":12,\"outside\":%d,\"left_out\":0,"
		     "\"extent\":[-105,-33.8,178.4,50.1]}", outside);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

static const char fake_status_text[] =
	"{\"context\":\"lab\",\"layers\":["
	"{\"name\":\"application\",\"state\":\"well\",\"text\":\"7 networks, 1 clients\"},"
	"{\"name\":\"governance\",\"state\":\"idle\",\"text\":\"no DAO is configured\"},"
	"{\"name\":\"data\",\"state\":\"degraded\",\"text\":\"1 of 3 sources live, 98204 samples/s\"},"
	"{\"name\":\"blockchain\",\"state\":\"well\",\"text\":\"2 of 2 ledgers live\"},"
	"{\"name\":\"infrastructure\",\"state\":\"down\",\"text\":\"0 of 400 devices up\"}],"
	"\"state\":\"down\",\"sources\":{\"live\":1,\"dialing\":1,\"stale\":0,\"down\":1},"
	"\"ledgers\":{\"live\":2,\"dialing\":0,\"stale\":0,\"down\":0},"
	"\"alerts\":{\"critical\":1,\"warn\":2,\"info\":0,\"acked\":1,\"silenced\":1,\"resolved\":1},"
	"\"journal\":{\"state\":\"writing\",\"events\":12345,\"bytes\":2254857830},"
	"\"model\":{\"series\":1204331,\"bytes_total\":734003200,\"history_ms\":7200000},"
	"\"rates\":{\"samples_s\":98204,\"records_s\":24551,\"bytes_s\":8300000},"
	"\"clients\":2,\"resident\":812646400,\"uptime_s\":7300}";

static const char fake_schema[] =
	"{\"kinds\":[{\"name\":\"devices\",\"fields\":[{\"name\":\"id\"},{\"name\":\"name\"},"
	"{\"name\":\"network\"},{\"name\":\"status\"},{\"name\":\"site\"},{\"name\":\"since\"}]}]}";

/* Nothing new: what there is comes by pages. */
static void fake_follow(struct rpc_req *req)
{
	rpc_reply_text(req, slice_of("{\"follow\":7,\"last\":0}"));
}

/* Events 1 to n_events, the newest first or from a place on; a filter lets each third through. */
static void fake_scroll(struct rpc_req *req, const json_t *params)
{
	int last = fake.n_events, limit = (int)json_i64(params, "limit", 100), n = 0, i;
	int step = json_object_get(params, "after") || json_object_get(params, "at") ? 1 : -1;
	int from = (int)json_i64(params, step > 0 ? "after" : "before", last + 1);
	const char *filter = json_str(params, "filter", "");
	struct buf b;

	snprintf(fake.events, sizeof(fake.events), "%s", filter);
	if (limit == 1)
		snprintf(fake.hunt, sizeof(fake.hunt), "%s", filter);
	if (fake_wrong(req, filter))
		return;
	if (json_object_get(params, "at"))
		from = (int)((json_i64(params, "at", 0) - fake_time(1)) / 1000);
	from = from > last + 1 ? last + 1 : from < 0 ? 0 : from;
	buf_init(&b, 8 << 20);
	buf_addf(&b, "{\"from\":%d,\"last\":%d,\"rows\":[", from, last);
	for (i = from + step; i > 0 && i <= last && n < limit; i += step) {
		if (*filter && i % 3)
			continue;
		buf_adds(&b, n++ ? "," : "");
		fake_event(&b, i);
	}
	buf_addf(&b, "],\"next\":%d}", i > 0 && i <= last ? i - step : 0);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

static void fake_histogram(struct rpc_req *req, const json_t *params)
{
	int64_t from = json_i64(params, "from", 0), to = json_i64(params, "to", 0);
	int n = (int)json_i64(params, "buckets", 1);
	struct buf b;
	struct jw w;

	buf_init(&b, 1 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "from"), jw_time(&w, from);
	jw_key(&w, "oldest"), jw_time(&w, from + (to - from) / 8);
	jw_key(&w, "step_ms"), jw_i64(&w, (to - from) / n);
	buf_adds(&b, ",\"buckets\":[");
	for (int i = 0; i < n; i++)
		buf_addf(&b, "%s[%d,%d,%d]", i ? "," : "", i < n / 8 ? 0 : i % 17, i % 17 == 5,
			i % 17 == 9 ? 4 : 0);
	buf_adds(&b, "]}");
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

static void fake_deed(struct rpc_req *req, const char *method, const json_t *params)
{
	char *text = json_dumps(params, JSON_COMPACT);
	const json_t *ids = json_object_get(params, "ids");
	size_t n = strlen(fake.deeds);
	struct buf b;
	struct jw w;

	snprintf(fake.deeds + n, sizeof(fake.deeds) - n, "%s %s\n", method, text);
	free(text);
	buf_init(&b, 1 << 16);
	jw_init(&w, &b);
	jw_object(&w);
	jw_key(&w, "id"), jw_i64(&w, json_i64(params, "id", 9));
	jw_key(&w, "hides"), jw_i64(&w, 1);
	jw_key(&w, "until"), jw_time(&w, NOW_MS + json_i64(params, "for_ms", 0));
	jw_key(&w, "done"), jw_json(&w, ids);
	jw_end(&w);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

/* Where it was asked for, and how far back that is known. */
static void fake_travel(struct rpc_req *req, const json_t *params)
{
	int64_t at = json_i64(params, "at", 0);
	struct buf b;
	struct jw w;

	buf_init(&b, 1000);
	jw_init(&w, &b);
	jw_object(&w);
	if (at)
		jw_key(&w, "at"), jw_time(&w, at);
	jw_key(&w, "now"), jw_time(&w, NOW_MS);
	jw_key(&w, "oldest"), jw_object(&w);
	jw_key(&w, "statuses"), jw_time(&w, NOW_MS - 600000);
	jw_key(&w, "history"), jw_time(&w, NOW_MS - 7200000);
	jw_key(&w, "events"), jw_time(&w, NOW_MS - 7200000);
	jw_end(&w), jw_end(&w);
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

#define FAKE_TAPE "{\"replaying\":true,\"speed\":10,\"start\":\"2026-09-21T13:30:00Z\"," \
	"\"at\":\"2026-09-21T13:33:20Z\","

static void fake_request(void *arg, struct rpc_req *req, const char *method, const json_t *params)
{
	int64_t sub = json_i64(params, "sub", 0);

	fake.calls++;
	if (strcmp(method, "subscribe") == 0 || strcmp(method, "query") == 0)
		fake_rows(req, params, json_str(params, "kind", "devices"));
	else if (strcmp(method, "update") == 0)
		fake_rows(req, params, fake_kinds[sub % 10].row == fake_group ? "devices"
									      : fake_kinds[sub % 10].name);
	else if (strcmp(method, "page") == 0)
		fake_rows(req, params, "devices");
	else if (strcmp(method, "describe") == 0)
		fake_describe(req, params);
	else if (strcmp(method, "history") == 0)
		fake_history(req, params);
	else if (strcmp(method, "cells") == 0)
		fake_cells(req, params);
	else if (strcmp(method, "status") == 0)
		rpc_reply_text(req, slice_of(fake_status_text));
	else if (strcmp(method, "schema") == 0)
		rpc_reply_text(req, slice_of(fake_schema));
	else if (strcmp(method, "hello") == 0)
		rpc_reply_text(req, slice_of("{\"version\":\"" DEPINCTL_VERSION "\",\"api\":1}"));
	else if (strcmp(method, "follow") == 0)
		fake_follow(req);
	else if (strcmp(method, "travel") == 0)
		fake_travel(req, params);
	else if (strcmp(method, "replay") == 0 && fake.plays)
		rpc_reply_text(req, slice_of(fake.ended ? FAKE_TAPE "\"ended\":true}" :
			FAKE_TAPE "\"paused\":true}"));
	else if (strcmp(method, "scroll") == 0)
		fake_scroll(req, params);
	else if (strcmp(method, "ack") == 0 || strcmp(method, "silence") == 0 ||
		strcmp(method, "unsilence") == 0)
		fake_deed(req, method, params);
	else if (strcmp(method, "histogram") == 0)
		fake_histogram(req, params);
	else
		rpc_reply_text(req, slice_of("{}"));
}

/* --- its line --- */

static int fake_send(void *arg, struct slice msg)
{
	return fake.line ? line_send(fake.line, msg) : -1;
}

static void fake_message(void *arg, struct slice msg)
{
	rpc_feed(fake.peer, msg);
}

static inline void fake_hang_up(void)
{
	rpc_free(fake.peer);
	line_free(fake.line);
	fake.peer = NULL;
	fake.line = NULL;
}

static void fake_closed(void *arg, const struct err *why)
{
}

static void fake_accepted(void *arg, struct line *c)
{
	static const struct line_ops line_ops = { fake_message, fake_closed };
	static const struct rpc_ops rpc_ops = { .send = fake_send, .request = fake_request };

	if (fake.peer)
		fake_hang_up();
	fake.line = c;
	fake.peer = rpc_new(fake.loop, &rpc_ops, NULL);
	line_start(c, &line_ops, NULL);
}

static void fake_listen(void)
{
	struct err e;

	fake.server = line_listen(fake.loop, fake.path, fake_accepted, NULL, &e);
	if (!fake.server)
		fail_msg("%s", e.text);
}

static void fake_start(void)
{
	fake = (struct fake){ .n_devices = 400, .n_events = 60, .n_open = 3 };
	fake.loop = loop_new();
	clock_test_set(NOW_MS);
	snprintf(fake.dir, sizeof(fake.dir), "/tmp/ui-XXXXXX");
	assert_non_null(mkdtemp(fake.dir));
	snprintf(fake.path, sizeof(fake.path), "%s/s", fake.dir);
	fake_listen();
}

static void fake_end(void)
{
	if (fake.peer)
		fake_hang_up();
	line_server_free(fake.server);
	loop_free(fake.loop);
	rmdir(fake.dir);
}

#endif
