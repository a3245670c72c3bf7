#include "ui/term/env.h"
#include "ui/term/reach.h"
#include "ui/term/term_own.h"

#define APART_MS 1000 /* bells and notices: a flood of events is one */

static enum reach_through way(const struct term *t)
{
	return t->real ? env_through() : REACH_DIRECT;
}

int term_copy(struct term *t, struct slice text, struct err *e)
{
	if (!t->may.copy)
		return err_set(e, ERR_REFUSED, "the clipboard is off; `ui: { copy: on }` allows it");
	if (!t->modes.xterm)
		return err_set(e, ERR_NO, "this terminal has no clipboard");
	if (reach_copy(&t->out, text, way(t)) < 0)
		return err_set(e, ERR_NO, "too long for the clipboard of a terminal (%d bytes)",
			REACH_COPY_MAX);
	return 0;
}

static bool is_time(int64_t *last_ms, int64_t now_ms)
{
	if (now_ms < *last_ms + APART_MS)
		return false;
	*last_ms = now_ms;
	return true;
}

void term_notify(struct term *t, struct slice text, int64_t now_ms)
{
	if (t->may.notify && t->modes.xterm && is_time(&t->may.notified_ms, now_ms))
		reach_notify(&t->out, text, way(t));
}

void term_bell(struct term *t, int64_t now_ms)
{
	if (t->may.bell && is_time(&t->may.rang_ms, now_ms))
		buf_addc(&t->out, '\a');
}
