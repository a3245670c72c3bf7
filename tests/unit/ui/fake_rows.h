/*
 * A small world known by heart: its rows of each kind, made up from their number, and the answer to
 * who asks for a list of them.  Time stands still unless a test moves it, so they are always the same.
 */
#ifndef TESTS_UNIT_UI_FAKE_ROWS_H
#define TESTS_UNIT_UI_FAKE_ROWS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "rpc/rpc.h"

#define NOW_MS 1789997600000ll /* 2026-09-21T13:33:20Z */

/* The collector: what a test has set about its world, and what it was asked. */
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

/* --- a list of them --- */

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

#endif
