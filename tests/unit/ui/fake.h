/*
 * A collector that knows a small world by heart, on a real socket, and a shell on a terminal in
 * memory in front of it.  Time stands still unless a test moves it, so a screen is always the
 * same.
 */
#ifndef TESTS_UNIT_UI_FAKE_H
#define TESTS_UNIT_UI_FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/json.h"
#include "client/client.h"
#include "loop/loop.h"
#include "rpc/line.h"
#include "rpc/rpc.h"
#include "tests/console/screen.h"
#include "ui/frame.h"
#include "ui/shell.h"

#define NOW_MS 1789997600000ll /* 2026-09-21T13:33:20Z */

static struct fake {
	struct loop *loop;
	struct line_server *server;
	struct line *line;
	struct rpc_peer *peer;
	char dir[32], path[64];
	uint64_t subs;
	unsigned calls; /* taken so far */
	uint64_t sub;	/* of the list of devices asked for last */
	int drift;	/* what devices read is as many seconds newer */
	bool reversed;	/* the order of devices is turned round */
	bool states;	/* devices tell trend(status 2h) */
	bool plays;	/* a recording, which is held */
	bool ended;	/* it has */
	int n_devices, n_events, n_open;
	char hunt[400]; /* the same, where one was asked for */
	char events[400]; /* the filter of the last question about events */
	char last[200]; /* the filter of the last question about devices */
	char sort[80];
	char by[80]; /* "" or what its rows are grouped by */
	char deeds[800]; /* what was done to alerts: "ack {...}", a line each */
} fake;

/* --- its rows --- */

static const char *const fake_networks[] = { "storage", "compute", "ai", "energy", "water" };
static const char *const fake_status[] = { "up", "degraded", "stale", "down" };

static int fake_status_of(int i)
{
	return i < 2 ? 3 : i < 4 ? 2 : i < 8 ? 1 : 0;
}

static void fake_device(struct buf *b, int i)
{
	int st = fake_status_of(i), reads = i + fake.drift;
	struct jw w;

	jw_init(&w, b);
	jw_object(&w);
	jw_key(&w, "id"), jw_str(&w, slice_of((char[]){ 'd', (char)('0' + i / 100 % 10),
						  (char)('0' + i / 10 % 10), (char)('0' + i % 10), 0 }));
	buf_addf(b, ",\"name\":\"%s-%04d\",\"network\":\"%s\",\"kind\":\"gpu\",\"site\":\"fra-%d\"",
		"gpu-fra2", i, fake_networks[i % 5], i % 3);
	buf_addf(b, ",\"status\":\"%s\",\"health\":%d,\"firmware\":\"2.14.%d\",\"source\":\"fleet\"",
		fake_status[st], st == 3 ? 0 : 100 - 20 * st, i % 4);
	buf_adds(b, ",\"last_seen\":");
	w.comma = false;
	jw_time(&w, NOW_MS + fake.drift * 1000 - (st >= 2 ? 400000 : i % 7 * 1000));
	buf_adds(b, ",\"since\":");
	w.comma = false;
	jw_time(&w, NOW_MS - 3600000);
	if (st)
		buf_addf(b, ",\"alert\":\"%012x\",\"reason\":\"%s\"", st,
			st == 1 ? "thermal throttling" : "no word from it");
	if (st < 2)
		buf_addf(b, ",\"metrics\":{\"temp\":%d.5,\"util\":0.%d,\"power\":%d},\"temp\":%d.5,"
			    "\"util\":0.%d,\"power\":%d",
			40 + reads % 50, 10 + reads % 90, 200 + reads, 40 + reads % 50, 10 + reads % 90,
			200 + reads);
	buf_adds(b, ",\"quoted\":\"a \\\"b\\\",\\nc\"");
	if (fake.states)
		buf_addf(b, ",\"trend(status 2h)\":\"%s%c\"", "---------uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuudddssx?uuuuuuu",
			"xsdu"[st == 3 ? 0 : st == 2 ? 1 : st == 1 ? 2 : 3]);
	buf_adds(b, ",\"trend(temp)\":[");
	for (int k = 0; k < (i == 9 ? 5 : 16); k++)
		if (i % 5 == 1 && k > 3 && k < 7)
			buf_adds(b, ",null");
		else
			buf_addf(b, "%s%d.25", k ? "," : "",
				40 + i % 50 + (i % 4 == 0 ? k - 15 : i % 4 == 1 ? k % 2 : 15 - k));
	buf_adds(b, "]}");
}

/* One group of devices, whatever they are grouped by. */
static void fake_group(struct buf *b, int i)
{
	buf_addf(b, "{\"id\":\"%s\",\"network\":\"%s\",\"kind\":\"gpu\",\"site\":%s,"
		    "\"firmware\":\"2.14.%d\",\"devices\":%d,\"up\":%d,\"degraded\":%d,\"stale\":%d,"
		    "\"down\":%d,\"unknown\":0,\"status\":\"%s\",\"health\":%d,\"health_min\":0,"
		    "\"last_seen\":\"2026-09-21T13:33:19Z\",\"temp\":%d.5,\"util\":0.5%d}",
		fake_networks[i], fake_networks[i], i == 2 ? "null" : "\"fra-1\"", i, 80, 80 - 3 * i, i, i, i,
		i ? "down" : "up", 100 - i, 60 + i, i);
}

static void fake_course(struct buf *b, const char *name, int step_s, int i)
{
	buf_addf(b, ",\"%s\":{\"step_s\":%d,\"health\":[", name, step_s);
	for (int k = 0; k < 90; k++)
		buf_addf(b, k == 20 ? "%snull" : "%s%d", k ? "," : "", 100 - 12 * i - (k / 8 == 9) * 30);
	buf_adds(b, "],\"lost\":[");
	for (int k = 0; k < 90; k++)
		buf_addf(b, k == 20 ? "%snull" : "%s%g", k ? "," : "", k / 8 == 9 ? 24.5 : i == k / 20 ? 0.5 : 0);
	buf_adds(b, "]}");
}

static void fake_network(struct buf *b, int i)
{
	buf_addf(b, "{\"name\":\"%s\",\"devices\":%d,\"up\":%d,\"degraded\":%d,\"stale\":%d,\"down\":%d,"
		    "\"unknown\":0,\"health\":%d,\"events_rate\":%d.5,"
		    "\"last_seen\":\"2026-09-21T13:33:19Z\",\"by_health\":[%d,0,0,%d,0,0,%d,0,300,%d]",
		fake_networks[i], 12400 + i, 12400 - 3 * i, i, i, 2 * i, 99 - 12 * i, i,
		2 * i, i, 100 * i, 12100 - 102 * i);
	fake_course(b, "course", 10, i);
	fake_course(b, "course_day", 480, 4 - i);
	buf_addc(b, '}');
}

static void fake_source(struct buf *b, int i)
{
	static const char *const states[] = { "down", "dialing", "live" };

	buf_addf(b, "{\"name\":\"src%d\",\"kind\":\"stream\",\"state\":\"%s\",\"lag_ms\":%d,\"rate\":%d,"
		    "\"drops\":%d,\"gaps\":%d,\"duplicates\":%d,\"bad\":%d,\"bytes\":%d,"
		    "\"since\":\"2026-09-21T13:00:00Z\",\"error\":\"%s\","
		    "\"url\":\"ws://10.0.0.%d:7600/events\"}",
		i, states[i], 40 * i, 1200 * i, i == 1 ? 7 : 0, i == 0 ? 3 : 0, i, i == 1 ? 2 : 0,
		1 << (10 * i), i == 0 ? "connection refused \\u001b[2J" : "", i);
}

static void fake_ledger(struct buf *b, int i)
{
	buf_addf(b, "{\"name\":\"chain%d\",\"kind\":\"evm\",\"network\":\"\",\"chain_id\":%d,\"head\":%d,"
		    "\"head_hash\":\"0x%064d\",\"head_time\":\"2026-09-21T13:33:%02dZ\",\"reorgs\":%d,"
		    "\"block_time\":2}",
		i, 41337 + i, 19442107 + i, i + 1, 18 - i, i);
}

static void fake_block(struct buf *b, int i)
{
	buf_addf(b, "{\"ledger\":\"chain0\",\"number\":%d,\"hash\":\"0x%064d\",\"parent\":\"0x%064d\","
		    "\"time\":\"2026-09-21T13:%02d:%02dZ\",\"txs\":%d,\"logs\":%d,\"gas_used\":%d,"
		    "\"gas_limit\":30000000,\"orphaned\":%s}",
		19442107 - i, 100 - i, 99 - i, 33 - (i * 2 + 59 - 20) / 60, (80 - i * 2) % 60, i * 3, i,
		i * 1000000, i == 3 ? "true" : "false");
}

static void fake_log(struct buf *b, int i)
{
	buf_addf(b, "{\"ledger\":\"chain0\",\"block\":19442107,\"index\":%d,\"address\":\"0x%040d\","
		    "\"topics\":[\"0x%064d\",\"0x%064d\"],\"data\":\"0x%064d\",\"removed\":false,"
		    "\"tx\":\"0x%064d\",\"text\":\"%s\"}",
		i, 7 * i, i, i + 1, i * 1000, 77 + i,
		i == 4 ? "VoteCast by 0x00 proposal 42 for weight 1200 reason fair" :
		i % 3 == 2 ? "" : "DeviceRegistered uri urn:depin:compute:gpu-1#ed25519=00112233445566778899aabb\\u001b[2J");
}

/* Of event i: one a second; 13:20:00 is that of the 0th. */
static int64_t fake_time(int i)
{
	return NOW_MS - NOW_MS % 3600000 + 20 * 60000 + i * 1000;
}

static void fake_event(struct buf *b, int i)
{
	static const char *const severity[] = { "info", "info", "warn", "error", "debug" };

	buf_addf(b, "{\"n\":%d,\"id\":\"e%d\",\"time\":\"2026-09-21T%02d:%02d:%02dZ\",\"severity\":\"%s\","
		    "\"type\":\"net.depin.device.event.v1\",\"device\":\"d%03d\","
		    "\"network\":\"compute\",\"source\":\"fleet\",\"subject\":\"d%03d\","
		    "\"message\":\"%s %d\",\"data\":{\"temp\":%d.5,\"fan\":[1,2],\"note\":\"\\u202e\"}}",
		i, i, 13 + (20 + i / 60) / 60, (20 + i / 60) % 60, i % 60, severity[i % 5], i % 40, i % 40,
		i % 5 == 3 ? "site unreachable" : "job finished", i, 40 + i);
}

/* Alerts as the collector holds them: first n_open that are active, the worst first, then one each
 * that is acked, silenced and resolved. */
static void fake_alert(struct buf *b, int i)
{
	static const char *const quiet[] = { "acked", "silenced", "resolved" };
	int over = i - fake.n_open;

	buf_addf(b, "{\"id\":\"%012x\",\"severity\":\"%s\",\"state\":\"%s\",\"kind\":\"status\","
		    "\"devices\":%d,\"site\":\"fra-%d\",\"network\":\"%s\","
		    "\"summary\":\"%d devices down at fra-%d\\u001b[2J\","
		    "\"since\":\"2026-09-21T11:%02d:00Z\"",
		i, i % 3 ? "warn" : "critical", over >= 0 ? quiet[over % 3] : "active", i + 1, i,
		fake_networks[i % 5], i + 1, i, i % 60);
	if (i == 0)
		buf_adds(b, ",\"device\":\"d042\"");
	if (over == 0 || over == 1)
		buf_addf(b, ",\"by\":\"ann\",\"note\":\"%s\"", over ? "racks are moved" : "on my way");
	if (over == 1)
		buf_adds(b, ",\"silence\":7");
	buf_addc(b, '}');
}

/* How many a filter lets through. */
static int fake_alerts(const char *filter)
{
	int critical = (fake.n_open + 2) / 3;

	return strstr(filter, "severity=critical") ? critical
	       : strstr(filter, "severity=warn")   ? fake.n_open - critical
	       : strstr(filter, "state=active")	   ? fake.n_open
	       : strstr(filter, "state!=resolved") ? fake.n_open + 2
						   : fake.n_open + 3;
}

static void fake_silence(struct buf *b, int i)
{
	buf_addf(b, "{\"id\":%d,\"filter\":\"site='fra-%d'\",\"hides\":%d,\"by\":\"ann\","
		    "\"note\":\"racks are moved\",\"since\":\"2026-09-21T13:%02d:00Z\","
		    "\"until\":\"2026-09-21T15:33:20Z\"}", 7 + i, i, 1 - i, 20 + i);
}

static const struct fake_kind {
	const char *name;
	int n;
	void (*row)(struct buf *b, int i);
} fake_kinds[] = {
	{ "groups", 5, fake_group }, { "devices", 400, fake_device }, { "networks", 5, fake_network }, { "sources", 3, fake_source },
	{ "ledgers", 2, fake_ledger },	 { "blocks", 30, fake_block },	  { "events", 60, fake_event },
	{ "logs", 5, fake_log }, { "alerts", 0, fake_alert }, { "silences", 2, fake_silence },
};

static const struct fake_kind *fake_kind(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(fake_kinds); i++)
		if (strcmp(fake_kinds[i].name, name) == 0)
			return &fake_kinds[i];
	return NULL;
}

/* --- what it answers --- */

static bool fake_wrong(struct rpc_req *req, const char *filter)
{
	if (!strstr(filter, ">>"))
		return false;
	rpc_reply_err(req, RPC_BAD_PARAMS, "filter: a value is missing (at byte %d)",
		(int)(strstr(filter, ">>") - filter) + 1);
	return true;
}

/* Which block a filter names; the newest, where it names none. */
static int fake_block_of(const char *filter)
{
	const char *hash = strstr(filter, "hash='0x");

	return hash ? 100 - (int)strtol(hash + 8, NULL, 10) : 0;
}

static void fake_rows(struct rpc_req *req, const json_t *params, const char *kind)
{
	const struct fake_kind *k = fake_kind(*json_str(params, "by", "") ? "groups" : kind);
	const char *filter = json_str(params, "filter", "");
	int offset = (int)json_i64(params, "offset", 0), limit = (int)json_i64(params, "limit", 100);
	int n = k->row == fake_device ? fake.n_devices : k->row == fake_alert ? fake_alerts("") : k->n;
	int matched = n;
	int step = 1;
	uint64_t sub;
	const json_t *names;
	bool first = true;
	struct buf b;

	sub = (uint64_t)json_i64(params, "sub", (int64_t)++fake.subs * 10 + (fake_kind(kind) - fake_kinds));
	if (strcmp(kind, "devices") == 0 && limit > 32) { /* of a list, not in passing */
		fake.sub = sub;
		snprintf(fake.last, sizeof(fake.last), "%s", filter);
		snprintf(fake.sort, sizeof(fake.sort), "%s", json_str(params, "sort", ""));
		snprintf(fake.by, sizeof(fake.by), "%s", json_str(params, "by", ""));
	}
	if (fake_wrong(req, filter))
		return;
	if (k->row == fake_alert)
		matched = fake_alerts(filter);
	else if (strstr(filter, "status!=up") || strstr(filter, "status>=degraded"))
		matched = 8;
	else if (*filter && strcmp(kind, "devices") == 0)
		matched = 80;
	else if (*filter && strcmp(kind, "blocks") == 0)
		matched = strstr(filter, "hash=") ? 1 : 2; /* and what a reorg replaced */
	if (strstr(filter, "network='storage'"))
		step = 5;
	buf_init(&b, 8 << 20);
	if (k->row == fake_group)
		matched = n;
	if (*json_str(params, "names", ""))
		matched = 2; /* whichever */
	buf_addf(&b, "{\"sub\":%llu,\"kind\":\"%s\",\"total\":%d,\"matched\":%d,\"offset\":%d,\"rows\":[",
		(unsigned long long)sub, kind, n, matched, offset);
	names = json_object_get(params, "names");
	for (int i = offset; i < offset + limit && i < matched; i++, first = false) {
		if (json_is_array(names) && i >= (int)json_array_size(names))
			break;
		if (!first)
			buf_addc(&b, ',');
		if (json_is_array(names)) {
			k->row(&b, atoi(json_string_value(json_array_get(names, (size_t)i)) + 1));
			continue;
		}
		k->row(&b, fake.reversed && k->row == fake_device ? matched - 1 - i
			: k->row == fake_block ? fake_block_of(filter) + i : i * step);
	}
	buf_adds(&b, "]");
	if (json_flag(params, "hold", false) && offset + limit < matched)
		buf_adds(&b, ",\"held\":7");
	buf_adds(&b, "}");
	rpc_reply_text(req, buf_slice(&b));
	buf_fini(&b);
}

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

/* --- the shell in front of it --- */

struct desk {
	struct shell shell;
	struct term *term;
	struct screen *screen;
	struct client *client;
};

static void desk_state(void *arg, const struct err *why)
{
	struct desk *d = arg;

	if (why)
		shell_down(&d->shell, why);
	else
		shell_up(&d->shell, d->client);
}

static void desk_connect(struct desk *d)
{
	struct client_spec c = { .loop = fake.loop, .socket = fake.path, .no_start = true,
		.reconnect = true, .state = desk_state, .arg = d };
	struct err e;

	d->client = client_open(&c, &e);
	if (!d->client)
		fail_msg("%s", e.text);
	shell_up(&d->shell, d->client);
}

/* A terminal in memory before it, in the place of the one that it had; `ask`: one that answers. */
static void desk_terminal(struct desk *d, int rows, int cols, bool mono, enum term_when ask, uint32_t rate)
{
	struct term_opts o = { .in_fd = -1, .out_fd = -1, .rows = rows, .cols = cols,
		.type = "xterm-256color", .utf8 = TERM_ALWAYS, .copy = true,
		.colour = mono ? TERM_NEVER : TERM_ALWAYS, .ask = ask, .rate = rate,
		.theme = &d->shell.theme };
	struct err e;

	term_close(d->term);
	d->term = d->shell.spec.term = term_open(&o, clock_mono_ms(), &e);
	if (!d->term)
		fail_msg("%s", e.text);
}

static struct desk *desk_open_with(int rows, int cols, bool mono, struct shell_spec spec)
{
	struct desk *d = xcalloc(1, sizeof(*d));
	struct err e;

	spec.loop = fake.loop;
	spec.title = "lab";
	if (shell_init(&d->shell, &spec, &e) < 0)
		fail_msg("%s", e.text);
	desk_terminal(d, rows, cols, mono, TERM_AUTO, 0);
	d->screen = screen_new(rows, cols);
	return d;
}

static inline struct desk *desk_open(int rows, int cols, bool mono)
{
	return desk_open_with(rows, cols, mono, (struct shell_spec){ 0 });
}

static void desk_close(struct desk *d)
{
	shell_close(&d->shell);
	client_free(d->client);
	shell_fini(&d->shell);
	term_close(d->term);
	screen_free(d->screen);
	free(d);
}

/* Until nothing more comes: questions have their answers, and those theirs. */
static void desk_settle(struct desk *d)
{
	for (int quiet = 0; quiet < 12; quiet++) {
		unsigned calls = fake.calls;
		bool dirty = d->shell.dirty;

		d->shell.dirty = false;
		loop_turn(fake.loop, 0);
		if (fake.calls != calls || d->shell.dirty)
			quiet = 0;
		d->shell.dirty |= dirty;
	}
}

/* How often it asks whether a frame has arrived. */
static size_t desk_asked(struct desk *d)
{
	struct slice out = term_output(d->term);
	size_t n = 0;

	for (const char *p = out.p; out.n && (p = memmem(p, out.n - (size_t)(p - out.p), "\033[5n", 4)); p++)
		n++;
	return n;
}

static void desk_draw(struct desk *d)
{
	size_t asked;

	shell_draw(&d->shell);
	term_flush(d->term, clock_mono_ms());
	screen_feed(d->screen, term_output(d->term).p, term_output(d->term).n);
	asked = desk_asked(d);
	term_take(d->term);
	while (asked--)
		term_input(d->term, "\033[0n", 4, clock_mono_ms());
	shell_take_events(&d->shell, clock_mono_ms());
}

/* Settles, draws what that asks for, until drawing asks for nothing more. */
static void desk_show(struct desk *d)
{
	for (int i = 0; i < 4; i++) {
		desk_settle(d);
		desk_draw(d);
	}
}

#define DESK_KEY_MS 100 /* a lone Esc is a key by then */

static inline void desk_bytes(struct desk *d, const char *bytes, size_t n)
{
	term_input(d->term, bytes, n, clock_mono_ms());
	clock_test_advance(DESK_KEY_MS);
	term_read(d->term, clock_mono_ms());
	shell_take_events(&d->shell, clock_mono_ms());
	desk_show(d);
}

/* Keys one by one, or a sequence of the terminal's whole. */
static inline void desk_keys(struct desk *d, const char *keys)
{
	if (!*keys || strncmp(keys, "\033[", 2) == 0) {
		desk_bytes(d, keys, strlen(keys));
		return;
	}
	for (; *keys; keys++)
		desk_bytes(d, keys, 1);
}

/* A desk whose user has hit these keys, in front of the world that was started. */
static inline struct desk *desk_sit(int rows, int cols, struct shell_spec spec, const char *keys)
{
	struct desk *d = desk_open_with(rows, cols, false, spec);

	desk_connect(d);
	desk_show(d);
	if (*keys)
		desk_keys(d, keys);
	return d;
}

static inline struct desk *desk_begin(int rows, int cols, const char *keys)
{
	fake_start();
	return desk_sit(rows, cols, (struct shell_spec){ 0 }, keys);
}

static inline void desk_end(struct desk *d)
{
	desk_close(d);
	fake_end();
}

/* A button of the mouse, pressed ('M') or let go ('m') on a cell; 32: dragged to it. */
static inline void desk_mouse(struct desk *d, int button, int row, int col, char end)
{
	char text[40];

	snprintf(text, sizeof(text), "\033[<%d;%d;%d%c", button, col + 1, row + 1, end);
	desk_keys(d, text);
}

static inline void desk_tick(struct desk *d, int64_t ms)
{
	clock_test_advance(ms);
	shell_tick(&d->shell);
	desk_show(d);
}

static __attribute__((unused, noinline)) void desk_expect(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	if (!strstr(all, text))
		fail_msg("'%s' is not on the screen:\n%s", text, all);
	free(all);
}

/* Until the text is there: for what is not the fake's, and takes its time. */
static inline void desk_wait(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	for (int i = 0; i < 2000 && !strstr(all, text); i++) {
		free(all);
		loop_turn(fake.loop, 10);
		desk_draw(d);
		all = screen_text(d->screen);
	}
	free(all);
	desk_expect(d, text);
}

static __attribute__((unused, noinline)) void desk_expect_not(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen);

	if (strstr(all, text))
		fail_msg("'%s' is on the screen:\n%s", text, all);
	free(all);
}

/* The first row of the screen that has this text; fails when none has. */
static __attribute__((unused, noinline)) int desk_row(struct desk *d, const char *text)
{
	char *all = screen_text(d->screen), *at = strstr(all, text);
	int row = 0;

	if (!at)
		fail_msg("'%s' is not on the screen:\n%s", text, all);
	for (char *p = all; p < at; p++)
		row += *p == '\n';
	free(all);
	return row;
}

static __attribute__((unused, noinline)) bool desk_row_has(struct desk *d, int row, const char *text)
{
	char *s = screen_row(d->screen, row);
	bool has = strstr(s, text) != NULL;

	free(s);
	return has;
}

#endif
