#include "ui/term/pace.h"

#define FIRST_WAIT_MS  2000  /* no answer in this time at the start: it may never answer */
#define WAIT_MS	       10000 /* the same later: a line may stall for a while */
#define SILENT_FPS     2
#define SILENT_RATE    8000
#define MAX_UNANSWERED 4 /* even keys wait here */
#define BUDGET_MS      250 /* of the line's time, for a frame */
#define KEY_MS	       40  /* for one that shows what a key did */
#define SMALL	       512 /* frames below this tell the round trip, above it the rate */
#define UNKNOWN_MS     150  /* for answers at the end, when none has come yet */
#define LINGER_MAX_MS  2000 /* the same, at most */
#define FAST_MS	       5   /* a line whose round trip is below this needs no budget */

void pace_init(struct pace *p, const struct pace_opts *o, int64_t now_ms)
{
	*p = (struct pace){ .o = *o, .start_ms = now_ms, .heard_ms = now_ms, .rtt_ms = -1 };
	p->last_ms = now_ms - 1000;
	p->tokens_ms = now_ms;
	if (p->o.fps <= 0)
		p->o.fps = 10;
	p->tokens = p->o.rate;
}

static uint32_t rate_limit(const struct pace *p)
{
	if (p->silent && (p->o.rate == 0 || p->o.rate > SILENT_RATE))
		return SILENT_RATE;
	return p->o.rate;
}

static int interval_ms(const struct pace *p)
{
	return 1000 / (p->silent && p->o.fps > SILENT_FPS ? SILENT_FPS : p->o.fps);
}

static void fill_tokens(struct pace *p, int64_t now_ms)
{
	int64_t rate = rate_limit(p);

	p->tokens += (now_ms - p->tokens_ms) * rate / 1000;
	p->tokens_ms = now_ms;
	if (p->tokens > rate / 2)
		p->tokens = rate / 2;
}

/* One frame in flight when the line, not the way, takes the time, or as long as we do not
 * know; else two. */
static unsigned window(const struct pace *p)
{
	uint32_t bytes;

	if (p->count == 0 || p->rate <= 0)
		return p->rtt_ms >= 0 && p->rtt_ms < FAST_MS ? 2 : 1;
	bytes = p->ring[(p->head + p->count - 1) % PACE_RING].bytes;
	return bytes * 1000.0 / p->rate > p->rtt_ms / 2 ? 1 : 2;
}

/* No answers: write those out off and ask for a fence behind which answers count again. */
static void fall_silent(struct pace *p, int64_t now_ms)
{
	p->silent = true;
	p->want_fence = true;
	p->tokens = 0;
	p->tokens_ms = now_ms;
}

static void check_silence(struct pace *p, int64_t now_ms)
{
	int64_t oldest, wait = p->answers ? WAIT_MS : FIRST_WAIT_MS;

	if (!p->o.ask || p->silent || p->count == 0)
		return;
	oldest = p->ring[p->head].sent_ms;
	if (now_ms - (oldest > p->heard_ms ? oldest : p->heard_ms) >= wait)
		fall_silent(p, now_ms);
}

bool pace_may_send(struct pace *p, int64_t now_ms, enum pace_why why)
{
	check_silence(p, now_ms);
	if (rate_limit(p)) {
		fill_tokens(p, now_ms);
		if (p->tokens < (why == PACE_KEY ? -(int64_t)rate_limit(p) / 2 : 0))
			return false;
	}
	if (why == PACE_NEWS && now_ms - p->last_ms < interval_ms(p))
		return false;
	if (!p->o.ask || p->silent)
		return true;
	if (p->count == 1 && p->ring[p->head].seq == p->probe)
		return true; /* only the question that went ahead of the first frame */
	return p->count < (why == PACE_KEY ? MAX_UNANSWERED : window(p));
}

int64_t pace_next_ms(const struct pace *p, int64_t now_ms, enum pace_why why)
{
	int64_t at = p->last_ms + (why == PACE_NEWS ? interval_ms(p) : 0), t;

	if (rate_limit(p) && p->tokens < 0) {
		t = p->tokens_ms - p->tokens * 1000 / rate_limit(p) + 1;
		at = t > at ? t : at;
	}
	if (p->o.ask && !p->silent && p->count >= window(p)) {
		t = p->ring[p->head].sent_ms;
		t = (t > p->heard_ms ? t : p->heard_ms) + (p->answers ? WAIT_MS : FIRST_WAIT_MS);
		at = t > at ? t : at;
	}
	return at > now_ms ? at : now_ms;
}

size_t pace_budget(const struct pace *p, enum pace_why why)
{
	double ms = why == PACE_KEY ? KEY_MS : BUDGET_MS, rate = rate_limit(p);
	size_t n;

	if (p->rate > 0 && (rate <= 0 || p->rate < rate))
		rate = p->rate;
	n = (size_t)(rate * ms / 1000);
	return n && n < SMALL ? SMALL : n;
}

static void await_answer(struct pace *p, size_t bytes, int64_t now_ms)
{
	unsigned i;

	if (!p->o.ask)
		return;
	if (p->count == PACE_RING) {
		p->head = (p->head + 1) % PACE_RING;
		p->count--;
	}
	i = (p->head + p->count++) % PACE_RING;
	p->ring[i].sent_ms = now_ms;
	p->ring[i].bytes = (uint32_t)bytes;
	p->ring[i].seq = ++p->seq;
}

void pace_probe(struct pace *p, size_t bytes, int64_t now_ms)
{
	await_answer(p, bytes, now_ms);
	p->probe = p->seq;
}

void pace_sent(struct pace *p, size_t bytes, int64_t now_ms)
{
	p->last_ms = now_ms;
	p->tokens -= rate_limit(p) ? (int64_t)bytes : 0;
	await_answer(p, bytes, now_ms);
}

bool pace_take_fence(struct pace *p)
{
	if (!p->want_fence)
		return false;
	p->want_fence = false;
	p->fence_out = true;
	p->fence = p->seq + 1; /* the frame it travels with, and those after, will be answered */
	return true;
}

static void blend(double *old, double sample, double weight, bool first)
{
	*old = first ? sample : *old + weight * (sample - *old);
}

/*
 * The way there and back from frames that are too small to matter to the line; what larger ones
 * take beyond it is the line's.  A frame that waited behind another had the line for itself only
 * since the other's answer.
 */
static void measure(struct pace *p, double took, double since_last, uint32_t bytes)
{
	bool queued = since_last < took;
	double line;

	if (p->rtt_ms < 0 || took < p->rtt_ms)
		p->rtt_ms = took;
	else if (bytes <= SMALL && !queued)
		blend(&p->rtt_ms, took, 0.125, false);
	if (bytes <= SMALL)
		return;
	line = took - p->rtt_ms < since_last ? took - p->rtt_ms : since_last;
	if (took < FAST_MS)
		p->rate = 0;
	else if (line >= 1)
		blend(&p->rate, bytes * 1000.0 / line, 0.25, p->rate <= 0);
}

static void drop_oldest(struct pace *p)
{
	p->head = (p->head + 1) % PACE_RING;
	p->count--;
}

void pace_answered(struct pace *p, int64_t now_ms)
{
	int64_t last = p->heard_ms;

	p->answers = true;
	p->silent = false;
	p->heard_ms = now_ms;
	if (p->count == 0)
		return; /* nobody asked */
	measure(p, (double)(now_ms - p->ring[p->head].sent_ms), (double)(now_ms - last),
		p->ring[p->head].bytes);
	drop_oldest(p);
}

void pace_fenced(struct pace *p, int64_t now_ms)
{
	if (!p->fence_out)
		return;
	p->fence_out = false;
	p->heard_ms = now_ms;
	while (p->count && (int32_t)(p->ring[p->head].seq - p->fence) < 0)
		drop_oldest(p);
}

void pace_forget(struct pace *p, int64_t now_ms)
{
	p->count = 0;
	p->heard_ms = now_ms;
	p->want_fence = p->o.ask;
}

int pace_linger_ms(const struct pace *p)
{
	double ms = p->rtt_ms, bytes = 0;

	if (!p->o.ask || p->count == 0 || p->silent)
		return 0;
	if (p->rtt_ms < 0)
		return UNKNOWN_MS;
	for (unsigned i = 0; i < p->count; i++)
		bytes += p->ring[(p->head + i) % PACE_RING].bytes;
	if (p->rate > 0)
		ms += bytes * 1000 / p->rate;
	return 30 + 2 * ms > LINGER_MAX_MS ? LINGER_MAX_MS : (int)(30 + 2 * ms);
}
