#include "config/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "config/config.h"
#include "config/parse.h"

#define ALWAYS	   (~0u)
#define STREAM	   (1u << SOURCE_STREAM)
#define SCRAPE	   (1u << SOURCE_SCRAPE)
#define PROMETHEUS (1u << SOURCE_PROMETHEUS)
#define RECORDED   (1u << SOURCE_FILE)
#define NATS	   (1u << SOURCE_NATS)
#define NETWORKED  (STREAM | SCRAPE | PROMETHEUS | NATS)

#define IN_SOURCE(m)	.at = offsetof(struct config_source, m)
#define IN_LEDGER(m)	.at = offsetof(struct config_ledger, m)
#define IN_COLLECTOR(m) .at = offsetof(struct config_collector, m)
#define IN_UI(m)	.at = offsetof(struct config_ui, m)
#define LIST_OF(s, m, elem, limit)                                                                 \
	.type = CFG_LIST, .at = offsetof(s, m), .count_at = offsetof(s, n_##m),                    \
	.size = sizeof(elem), .max_n = (limit)
#define SECOND 1000
#define DAY    (86400 * (int64_t)SECOND)

static const char *const source_kinds[] = { [SOURCE_STREAM] = "stream",
	[SOURCE_SCRAPE] = "scrape",
	[SOURCE_PROMETHEUS] = "prometheus",
	[SOURCE_FILE] = "file",
	[SOURCE_NATS] = "nats",
	NULL };
static const char *const ledger_kinds[] = { "evm", NULL };
static const char *const source_schemes[] = { "ws", "wss", "ws+unix", "http", "https", "nats",
	"tls", NULL };
static const char *const http_schemes[] = { "http", "https", NULL };
static const char *const ledger_schemes[] = { "ws", "wss", "ws+unix", "http", "https", NULL };
static const char *const autos[] = { "auto", "on", "off", NULL };
static const char *const offs[] = { "off", "on", NULL };
static const char *const alarms[] = { "off", "lost", "critical", "warning", "on", NULL };

/* Rows read better than one member a line. */
/* clang-format off */
const struct config_key config_keys[] = {
	{ .path = "current", .type = CFG_NAME, .at = offsetof(struct config, current),
	  .help = "The context that is used when none is named; not needed when there "
		  "is only one" },
	{ .path = "contexts", .help = "What to watch: each context has a collector of its own",
	  LIST_OF(struct config, contexts, struct config_context, CONFIG_CONTEXTS_MAX) },
	{ .path = "contexts[].name", .type = CFG_NAME, .needed = ALWAYS,
	  .at = offsetof(struct config_context, name), .help = "Its name, for --context" },
	{ .path = "contexts[].protected", .type = CFG_CHOICE, .def = "off", .choices = offs,
	  .at = offsetof(struct config_context, is_protected),
	  .help = "Its console says so on every screen, and changes nothing before its name is typed" },
	{ .path = "contexts[].theme", .type = CFG_STRING, .at = offsetof(struct config_context, theme),
	  .help = "The look of its console, in the place of ui.theme" },

	{ .path = "contexts[].sources", .check = config_check_source,
	  LIST_OF(struct config_context, sources, struct config_source, CONFIG_SOURCES_MAX),
	  .help = "Where devices, metrics and events come from" },
	{ .path = "contexts[].sources[].name", .type = CFG_NAME, .needed = ALWAYS,
	  IN_SOURCE(name), .help = "Its name, as `depinctl get sources` shows it" },
	{ .path = "contexts[].sources[].kind", .type = CFG_CHOICE, .needed = ALWAYS,
	  .choices = source_kinds, IN_SOURCE(kind),
	  .help = "stream: CloudEvents over WebSocket. scrape: /metrics pages. prometheus: a "
		  "Prometheus HTTP API. file: a recording. nats: NATS JetStream (not built yet)" },
	{ .path = "contexts[].sources[].url", .type = CFG_URL, .choices = source_schemes,
	  .only = STREAM | PROMETHEUS | NATS, .needed = STREAM | PROMETHEUS | NATS, IN_SOURCE(url),
	  .help = "Where it is: ws://, wss:// or ws+unix:///path/of.sock:/path for stream, "
		  "http:// or https:// for prometheus, nats:// or tls:// for nats" },
	{ .path = "contexts[].sources[].targets", .type = CFG_STRINGS, .item = CFG_URL,
	  .choices = http_schemes, .only = SCRAPE, .needed = SCRAPE, .max_n = CONFIG_TARGETS_MAX,
	  IN_SOURCE(targets),
	  .help = "The pages to read; each is a device unless device_label is set" },
	{ .path = "contexts[].sources[].query", .type = CFG_TEXT, .only = PROMETHEUS, .def = "up",
	  IN_SOURCE(query), .help = "PromQL that finds the devices and their current values" },
	{ .path = "contexts[].sources[].stream", .type = CFG_STRING, .only = NATS, .needed = NATS,
	  IN_SOURCE(stream), .help = "The JetStream stream to follow" },
	{ .path = "contexts[].sources[].path", .type = CFG_FILE, .only = RECORDED,
	  .needed = RECORDED, IN_SOURCE(path),
	  .help = "The recording, as `depinctl record` wrote it" },
	{ .path = "contexts[].sources[].speed", .type = CFG_NUMBER, .only = RECORDED, .def = "1",
	  .max = 100000, IN_SOURCE(speed),
	  .help = "How fast to play it: 1 as it was recorded, 10 ten times that, 0 as "
		  "fast as it goes" },
	{ .path = "contexts[].sources[].interval", .type = CFG_DURATION, .def = "10s",
	  .min = 100, .max = DAY, .only = SCRAPE | PROMETHEUS, IN_SOURCE(interval_ms),
	  .help = "How often to ask" },
	{ .path = "contexts[].sources[].timeout", .type = CFG_DURATION, .def = "10s", .min = 100,
	  .max = 600 * SECOND, .only = NETWORKED, IN_SOURCE(timeout_ms),
	  .help = "How long to wait for an answer or a connection" },
	{ .path = "contexts[].sources[].stale_after", .type = CFG_DURATION, .def = "0",
	  .max = 30 * DAY, IN_SOURCE(stale_after_ms),
	  .help = "How long a device may be silent before it counts as stale; 0: "
		  "collector.stale_after, "
		  "and at least three intervals" },
	{ .path = "contexts[].sources[].token_file", .type = CFG_FILE, .only = NETWORKED,
	  IN_SOURCE(token.file),
	  .help = "A file with the bearer token, readable by its owner only" },
	{ .path = "contexts[].sources[].token_env", .type = CFG_ENV, .only = NETWORKED,
	  IN_SOURCE(token.env), .help = "The environment variable with the bearer token" },
	{ .path = "contexts[].sources[].ca_file", .type = CFG_FILE, .only = NETWORKED,
	  IN_SOURCE(ca_file), .help = "Certificates to trust instead of the system's, PEM" },
	{ .path = "contexts[].sources[].families", .type = CFG_STRINGS, .item = CFG_STRING,
	  .only = SCRAPE, .max_n = CONFIG_TARGETS_MAX, IN_SOURCE(families),
	  .help = "The metric families to keep, by name or glob (node_cpu_*); none: all" },
	{ .path = "contexts[].sources[].device_label", .type = CFG_STRING,
	  .only = SCRAPE | PROMETHEUS, IN_SOURCE(device_label),
	  .help = "The label that names the device, where one page tells of many" },
	{ .path = "contexts[].sources[].site_label", .type = CFG_STRING,
	  .only = SCRAPE | PROMETHEUS, IN_SOURCE(site_label),
	  .help = "The label that names the device's site" },
	{ .path = "contexts[].sources[].network", .type = CFG_STRING, IN_SOURCE(network),
	  .help = "The network its devices belong to, where they do not say so themselves" },
	{ .path = "contexts[].sources[].device_kind", .type = CFG_STRING, IN_SOURCE(device_kind),
	  .help = "What its devices are (miner, gpu, sensor), where they do not say so "
		  "themselves" },

	{ .path = "contexts[].ledgers", .check = config_check_ledger,
	  LIST_OF(struct config_context, ledgers, struct config_ledger, CONFIG_SOURCES_MAX),
	  .help = "The chains to follow" },
	{ .path = "contexts[].ledgers[].name", .type = CFG_NAME, .needed = ALWAYS, IN_LEDGER(name),
	  .help = "Its name, as `depinctl get ledgers` shows it" },
	{ .path = "contexts[].ledgers[].kind", .type = CFG_CHOICE, .def = "evm",
	  .choices = ledger_kinds, IN_LEDGER(kind), .help = "evm: Ethereum JSON-RPC" },
	{ .path = "contexts[].ledgers[].urls", .type = CFG_STRINGS, .item = CFG_URL,
	  .needed = ALWAYS, .choices = ledger_schemes, .max_n = 16, IN_LEDGER(urls),
	  .help = "Its nodes, the preferred first; the next is tried when one is down" },
	{ .path = "contexts[].ledgers[].network", .type = CFG_STRING, IN_LEDGER(network),
	  .help = "The network whose devices are registered on it" },
	{ .path = "contexts[].ledgers[].poll", .type = CFG_DURATION, .def = "2s", .min = 100,
	  .max = DAY, IN_LEDGER(poll_ms),
	  .help = "How often to ask for the head where the node cannot push it" },
	{ .path = "contexts[].ledgers[].timeout", .type = CFG_DURATION, .def = "10s", .min = 100,
	  .max = 600 * SECOND, IN_LEDGER(timeout_ms), .help = "How long to wait for an answer" },
	{ .path = "contexts[].ledgers[].confirmations", .type = CFG_INT, .later = true, .def = "12", .max = 1024,
	  IN_LEDGER(confirmations), .help = "Blocks on top before a block counts as settled" },
	{ .path = "contexts[].ledgers[].token_file", .type = CFG_FILE, IN_LEDGER(token.file),
	  .help = "A file with the bearer token, readable by its owner only" },
	{ .path = "contexts[].ledgers[].token_env", .type = CFG_ENV, IN_LEDGER(token.env),
	  .help = "The environment variable with the bearer token" },
	{ .path = "contexts[].ledgers[].ca_file", .type = CFG_FILE, IN_LEDGER(ca_file),
	  .help = "Certificates to trust instead of the system's, PEM" },
	{ .path = "contexts[].ledgers[].addresses", .type = CFG_STRINGS, .item = CFG_ADDRESS,
	  .max_n = 1024, IN_LEDGER(addresses), .help = "Contracts whose logs are followed" },
	{ .path = "contexts[].ledgers[].daos", .later = true,
	  LIST_OF(struct config_ledger, daos, struct config_dao, 256),
	  .help = "The DAOs that govern on it" },
	{ .path = "contexts[].ledgers[].daos[].name", .type = CFG_NAME, .needed = ALWAYS,
	  .at = offsetof(struct config_dao, name), .help = "Its name, for --dao" },
	{ .path = "contexts[].ledgers[].daos[].governor", .type = CFG_ADDRESS, .needed = ALWAYS,
	  .at = offsetof(struct config_dao, governor),
	  .help = "The address of its Governor contract" },

	{ .path = "contexts[].plugins", .later = true,
	  LIST_OF(struct config_context, plugins, struct config_plugin, 256),
	  .help = "Plugins to run, each in a process of its own" },
	{ .path = "contexts[].plugins[].name", .type = CFG_NAME, .needed = ALWAYS,
	  .at = offsetof(struct config_plugin, name), .help = "The plugin's name" },
	{ .path = "contexts[].plugins[].*", .type = CFG_TREE, .max_n = CONFIG_TARGETS_MAX,
	  .at = offsetof(struct config_plugin, keys), .help = "Keys the plugin asks for" },

	{ .path = "collector", .type = CFG_MAP, .at = offsetof(struct config, collector),
	  .check = config_check_collector, .help = "How the collectors run" },
	{ .path = "collector.memory", .type = CFG_SIZE, .def = "1GiB", .min = 16 << 20,
	  .max = (int64_t)1 << 46, IN_COLLECTOR(memory),
	  .help = "Memory for metrics' history; what does not fit is forgotten, oldest first" },
	{ .path = "collector.linger", .type = CFG_DURATION, .def = "15m", .max = 365 * DAY,
	  IN_COLLECTOR(linger_ms),
	  .help = "How long a collector that a command started stays when no client is left" },
	{ .path = "collector.stale_after", .type = CFG_DURATION, .def = "60s", .min = SECOND,
	  .max = 30 * DAY, IN_COLLECTOR(stale_after_ms),
	  .help = "How long a device may be silent before it counts as stale" },
	{ .path = "collector.forget_after", .type = CFG_DURATION, .def = "7d", .max = 3650 * DAY,
	  IN_COLLECTOR(forget_after_ms),
	  .help = "How long a device is shown after it went down or stale, and kept in the journal; "
		  "0: for ever" },
	{ .path = "collector.listen", .type = CFG_LISTEN, IN_COLLECTOR(listen),
	  .help = "ADDR:PORT to serve the API on besides the socket; only with TLS and a token" },
	{ .path = "collector.cert_file", .type = CFG_FILE, IN_COLLECTOR(cert_file),
	  .help = "The certificate chain for listen, PEM" },
	{ .path = "collector.key_file", .type = CFG_FILE, IN_COLLECTOR(key_file),
	  .help = "The certificate's private key, PEM" },
	{ .path = "collector.token_file", .type = CFG_FILE, IN_COLLECTOR(token.file),
	  .help = "A file with the token that clients of listen must show" },
	{ .path = "collector.token_env", .type = CFG_ENV, IN_COLLECTOR(token.env),
	  .help = "The environment variable with that token" },
	{ .path = "collector.journal", .type = CFG_MAP, IN_COLLECTOR(journal),
	  .help = "The record of events, alerts and cursors" },
	{ .path = "collector.journal.path", .type = CFG_FILE,
	  .at = offsetof(struct config_collector, journal.path) -
		offsetof(struct config_collector, journal),
	  .help = "The folder of the journals, a file for each context; else the state folder" },
	{ .path = "collector.journal.max_age", .type = CFG_DURATION, .def = "7d",
	  .min = 60 * SECOND, .max = 36500 * DAY,
	  .at = offsetof(struct config_collector, journal.max_age_ms) -
		offsetof(struct config_collector, journal),
	  .help = "Events older than this are pruned" },
	{ .path = "collector.journal.max_size", .type = CFG_SIZE, .def = "2GiB", .min = 1 << 20,
	  .max = (int64_t)1 << 46,
	  .at = offsetof(struct config_collector, journal.max_size) -
		offsetof(struct config_collector, journal),
	  .help = "Beyond this the oldest events are pruned" },

	{ .path = "ui", .type = CFG_MAP, .at = offsetof(struct config, ui), .help = "The console" },
	{ .path = "ui.theme", .type = CFG_STRING, .def = "dark", IN_UI(theme),
	  .help = "A theme by name, or the path of a theme file" },
	{ .path = "ui.keys", .type = CFG_PAIRS, .max_n = 1024, IN_UI(keys),
	  .help = "Keys bound to the console's command lines, everywhere or on one screen: "
		  "{ \"ctrl-e\": \"events\", \"devices H\": \"sort health\" }" },
	{ .path = "ui.columns", .type = CFG_PAIRS, .max_n = 64, IN_UI(columns),
	  .help = "The columns of a screen's table, as --fields takes them: { devices: "
		  "\"id,status\" }" },
	{ .path = "ui.fps", .type = CFG_INT, .def = "20", .min = 1, .max = 60, IN_UI(fps),
	  .help = "Frames a second, at most" },
	{ .path = "ui.ascii", .type = CFG_CHOICE, .def = "auto", .choices = autos, IN_UI(ascii),
	  .help = "Draw with ASCII only; auto: when the locale is not UTF-8" },
	{ .path = "ui.sync", .type = CFG_CHOICE, .def = "auto", .choices = autos, IN_UI(sync),
	  .help = "Synchronized output (DEC mode 2026); auto: when the terminal says it has it" },
	{ .path = "ui.mouse", .type = CFG_CHOICE, .def = "auto", .choices = autos, IN_UI(mouse),
	  .help = "Take mouse clicks and the wheel" },
	{ .path = "ui.truecolor", .type = CFG_CHOICE, .def = "auto", .choices = autos, IN_UI(truecolor),
	  .help = "Send colours as the theme says them, in 24 bits; auto: when COLORTERM says "
		  "truecolor or 24bit. Else the nearest of 256" },
	{ .path = "ui.copy", .type = CFG_CHOICE, .def = "auto", .choices = autos, IN_UI(copy),
	  .help = "Let `y` and `:copy` put text into your terminal's clipboard (OSC 52); auto: on" },
	{ .path = "ui.bell", .type = CFG_CHOICE, .def = "off", .choices = alarms, IN_UI(bell),
	  .help = "Ring the terminal's bell. lost: when the line to the collector is lost. critical: then, "
		  "and when a critical alert begins. warning, on: and when one that warns does" },
	{ .path = "ui.notify", .type = CFG_CHOICE, .def = "off", .choices = alarms, IN_UI(notify),
	  .help = "Tell the desktop through the terminal (OSC 9), when the bell would ring" },
};
/* clang-format on */
const size_t config_keys_n = ARRAY_LEN(config_keys);

const char *config_source_kind_name(int kind)
{
	return kind >= 0 && kind < SOURCE_KINDS ? source_kinds[kind] : "?";
}

const char *config_type_name(const struct config_key *k)
{
	static const char *const names[] = { [CFG_MAP] = "map",
		[CFG_LIST] = "list of maps",
		[CFG_STRINGS] = "list",
		[CFG_PAIRS] = "map of strings",
		[CFG_TREE] = "anything",
		[CFG_STRING] = "string",
		[CFG_TEXT] = "string",
		[CFG_NAME] = "name",
		[CFG_URL] = "URL",
		[CFG_FILE] = "file",
		[CFG_ENV] = "variable",
		[CFG_LISTEN] = "ADDR:PORT",
		[CFG_ADDRESS] = "address",
		[CFG_INT] = "integer",
		[CFG_NUMBER] = "number",
		[CFG_SIZE] = "size",
		[CFG_DURATION] = "duration",
		[CFG_CHOICE] = "choice" };
	static const char *const lists[] = { [CFG_STRING] = "list of strings",
		[CFG_URL] = "list of URLs",
		[CFG_ADDRESS] = "list of addresses" };

	return k->type == CFG_STRINGS ? lists[k->item] : names[k->type];
}

bool config_key_below(const struct config_key *k, const char *prefix, const char **name)
{
	size_t n = strlen(prefix);

	if (n && (strncmp(k->path, prefix, n) != 0 || k->path[n] != '.'))
		return false;
	*name = k->path + n + (n > 0);
	return !strchr(*name, '.');
}

void config_key_prefix(const struct config_key *k, char out[128])
{
	snprintf(out, 128, "%s%s", k->path, k->type == CFG_LIST ? "[]" : "");
}
