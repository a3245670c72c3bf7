#include "ui/term/modes.h"

#include <string.h>

#include "base/alloc.h"
#include "ui/term/paint.h"

enum need { ALWAYS, XTERM, MOUSE, SYNC };

/* Switched on from the first row to the last, off from the last to the first. */
static const struct mode {
	const char *name;
	enum need need;
	const char *on, *off; /* "%x": a capability of struct modes, see expand() */
} table[] = {
	{ "alternate screen", ALWAYS, "%s", "%r" },
	{ "hidden cursor", ALWAYS, "%c", "%C" },
	{ "bracketed paste", XTERM, "\033[?2004h", "\033[?2004l" },
	{ "mouse", MOUSE, "\033[?1002h\033[?1006h", "\033[?1006l\033[?1002l" },
	{ "colours, scroll region", ALWAYS, "", "%0" },
	{ "synchronized output", SYNC, "", "\033[?2026l" },
};

void modes_init(struct modes *m, struct paint *p)
{
	char cap[256];

	*m = (struct modes){ 0 };
	m->xterm = *paint_cap(p, "kmous", cap, sizeof(cap)) != '\0';
	paint_cap(p, "clear", m->clear, sizeof(m->clear));
	paint_cap(p, "smcup", m->smcup, sizeof(m->smcup));
	paint_cap(p, "rmcup", m->rmcup, sizeof(m->rmcup));
	paint_cap(p, "civis", m->civis, sizeof(m->civis));
	paint_cap(p, "cnorm", m->cnorm, sizeof(m->cnorm));
	paint_cap(p, "sgr0", m->sgr0, sizeof(m->sgr0));
	paint_cap(p, "csr", m->csr, sizeof(m->csr));
}

static bool needed(const struct modes *m, enum need n)
{
	switch (n) {
	case XTERM:
		return m->xterm;
	case MOUSE:
		return m->xterm && m->mouse;
	case SYNC:
		return m->sync;
	default:
		return true;
	}
}

static void expand(const struct modes *m, const char *s, struct buf *out)
{
	if (s[0] != '%') {
		buf_adds(out, s);
		return;
	}
	switch (s[1]) {
	case 's':
		buf_adds(out, m->smcup);
		break;
	case 'r': /* without an alternate screen, a clean one */
		buf_adds(out, *m->rmcup ? m->rmcup : m->clear);
		break;
	case 'c':
		buf_adds(out, m->civis);
		break;
	case 'C':
		buf_adds(out, m->cnorm);
		break;
	case '0':
		buf_adds(out, m->sgr0);
		if (strncmp(m->csr, "\033[", 2) == 0)
			buf_adds(out, "\033[r");
		break;
	default:
		BUG("mode string %s", s);
	}
}

void modes_enter(const struct modes *m, struct buf *out)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (needed(m, table[i].need))
			expand(m, table[i].on, out);
}

void modes_leave(const struct modes *m, struct buf *out)
{
	for (size_t i = ARRAY_LEN(table); i-- > 0;)
		if (needed(m, table[i].need))
			expand(m, table[i].off, out);
}

void modes_mouse(struct modes *m, bool on, struct buf *out)
{
	m->mouse = true;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (table[i].need == MOUSE && needed(m, MOUSE))
			expand(m, on ? table[i].on : table[i].off, out);
	m->mouse = on;
}
