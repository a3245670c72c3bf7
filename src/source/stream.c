/*
 * `stream`: CloudEvents over WebSocket, one event a message.  `sequence` is contiguous over the
 * stream: a number already seen is a duplicate and dropped; after a jump, a break of the line or
 * of the process, `?since=` resumes after the last one taken.  What the server no longer has is a
 * gap, and counted.
 *
 * Telemetry becomes samples; births, deaths, status changes and messages become events too.  The
 * cursor is recorded with each event, and once a second for telemetry alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "config/config.h"
#include "net/ws.h"
#include "source/feed.h"
#include "source/source.h"

#define MESSAGE_MAX  (1u << 20)
#define KEEPALIVE_MS 15000
#define SECOND_MS    1000

struct stream {
	struct source *src;
	struct ws_client *ws;
	struct feed *feed;
	char *token;
	struct loop_timer *second;
	int64_t silent_since_ms;
	bool asking; /* we end the line ourselves, to ask for what is missing */
};

static void on_dial(void *arg, char *url, size_t n)
{
	struct stream *s = arg;
	const char *base = s->src->cfg->url;
	char since[32];

	feed_position(s->feed, since, sizeof(since));
	if (*since)
		snprintf(url, n, "%s%csince=%s", base, strchr(base, '?') ? '&' : '?', since);
	else
		snprintf(url, n, "%s", base);
	feed_asked(s->feed);
	source_state(s->src, SOURCE_DIALING, NULL);
}

static void on_state(void *arg, bool up, const struct err *why)
{
	struct stream *s = arg;

	if (up)
		s->silent_since_ms = clock_mono_ms();
	if (s->asking)
		source_state(s->src, SOURCE_DIALING, "events are missing: asked for again");
	else
		source_state(s->src, up ? SOURCE_LIVE : SOURCE_DOWN, up ? NULL : why->text);
	source_report(s->src);
}

static void on_message(void *arg, struct slice msg, bool binary)
{
	struct stream *s = arg;

	source_keep_bytes(s->src, NULL, BYTES_MESSAGE, msg);
	s->silent_since_ms = clock_mono_ms();
	if (s->src->st.state != SOURCE_LIVE)
		source_state(s->src, SOURCE_LIVE, NULL);
	if (feed_message(s->feed, msg))
		return;
	s->asking = true;
	ws_client_redial(s->ws);
	s->asking = false;
}

static void each_second(void *arg)
{
	struct stream *s = arg;

	feed_save_position(s->feed);
	if (s->src->st.state == SOURCE_LIVE &&
		clock_mono_ms() - s->silent_since_ms > source_stale_after_ms(s->src))
		source_state(s->src, SOURCE_STALE, "connected, but nothing comes");
}

static void stream_close(struct source *src)
{
	struct stream *s = src->impl;

	loop_timer_free(s->second);
	ws_client_free(s->ws);
	feed_free(s->feed);
	config_secret_free(s->token);
	free(s);
}

static int dial(struct stream *s, struct err *e)
{
	const struct config_source *c = s->src->cfg;
	struct ws_client_spec spec = { .url = c->url, .subprotocol = "cloudevents.json",
		.subprotocol_needed = true, .bearer = s->token, .ca_file = c->ca_file,
		.max_message = MESSAGE_MAX, .keepalive_ms = KEEPALIVE_MS,
		.connect_timeout_ms = (int)c->timeout_ms, .dial = on_dial, .state = on_state,
		.message = on_message, .arg = s };

	if (!c->url)
		return err_set(e, ERR_USAGE, "kind stream needs a url: ws:// or wss://");
	if (config_secret(&c->token, &s->token, e) < 0)
		return -1;
	s->ws = ws_client_new(s->src->env->hub, &spec, e);
	return s->ws ? 0 : -1;
}

static int stream_open(struct source *src, struct err *e)
{
	struct stream *s = xcalloc(1, sizeof(*s));

	s->src = src;
	src->impl = s;
	s->feed = feed_new(src);
	if (src->env->replaying)
		return 0;
	if (dial(s, e) < 0) {
		stream_close(src);
		return -1;
	}
	s->second = loop_timer_new(src->env->loop, SECOND_MS, SECOND_MS, each_second, s);
	return 0;
}

static void stream_replay(struct source *src, const char *part, enum source_bytes what,
	struct slice b)
{
	struct feed *feed = ((struct stream *)src->impl)->feed;

	if (strcmp(part, "known") == 0)
		feed_replay_known(feed, b);
	else
		feed_batch(feed, b);
}

static void stream_known(struct source *src)
{
	feed_keep_known(((struct stream *)src->impl)->feed);
}

static void stream_pause(struct source *src, bool paused)
{
	ws_client_pause(((struct stream *)src->impl)->ws, paused);
}

const struct source_kind source_stream = {
	.name = "stream",
	.help = "CloudEvents over WebSocket, resumed by sequence",
	.open = stream_open,
	.close = stream_close,
	.pause = stream_pause,
	.replay = stream_replay,
	.known = stream_known,
};
