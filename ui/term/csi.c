#include "ui/term/csi.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/keys.h"

struct args {
	int v[8], n;
	char mid; /* an intermediate byte, or 0 */
};

static void parse_args(const char *seq, size_t n, struct args *a)
{
	*a = (struct args){ .n = 1 };
	for (size_t i = 0; i < n; i++) {
		char c = seq[i];

		if (c >= '0' && c <= '9' && a->v[a->n - 1] < 100000)
			a->v[a->n - 1] = a->v[a->n - 1] * 10 + (c - '0');
		else if (c == ';' && a->n < (int)ARRAY_LEN(a->v))
			a->n++;
		else if (c >= 0x20 && c < 0x30)
			a->mid = c;
	}
}

/* --- keys --- */

uint32_t csi_mods(int param)
{
	uint32_t m = 0;

	if (param < 2)
		return 0;
	param--;
	m |= param & 1 ? TERM_SHIFT : 0;
	m |= param & 2 ? TERM_ALT : 0;
	m |= param & 4 ? TERM_CTRL : 0;
	return m;
}

uint32_t csi_letter_key(uint8_t final)
{
	static const uint32_t keys[] = {
		['A'] = TERM_KEY_UP,
		['B'] = TERM_KEY_DOWN,
		['C'] = TERM_KEY_RIGHT,
		['D'] = TERM_KEY_LEFT,
		['H'] = TERM_KEY_HOME,
		['F'] = TERM_KEY_END,
		['P'] = TERM_KEY_F1,
		['Q'] = TERM_KEY_F2,
		['R'] = TERM_KEY_F3,
		['S'] = TERM_KEY_F4,
		['M'] = TERM_KEY_ENTER,
	};

	return final < ARRAY_LEN(keys) ? keys[final] : 0;
}

static uint32_t tilde_key(int n)
{
	static const uint32_t keys[] = {
		[1] = TERM_KEY_HOME,
		[2] = TERM_KEY_INSERT,
		[3] = TERM_KEY_DELETE,
		[4] = TERM_KEY_END,
		[5] = TERM_KEY_PGUP,
		[6] = TERM_KEY_PGDN,
		[7] = TERM_KEY_HOME,
		[8] = TERM_KEY_END,
		[11] = TERM_KEY_F1,
		[12] = TERM_KEY_F2,
		[13] = TERM_KEY_F3,
		[14] = TERM_KEY_F4,
		[15] = TERM_KEY_F5,
		[17] = TERM_KEY_F6,
		[18] = TERM_KEY_F7,
		[19] = TERM_KEY_F8,
		[20] = TERM_KEY_F9,
		[21] = TERM_KEY_F10,
		[23] = TERM_KEY_F11,
		[24] = TERM_KEY_F12,
	};

	return n >= 0 && n < (int)ARRAY_LEN(keys) ? keys[n] : 0;
}

uint32_t csi_control_key(uint8_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return TERM_KEY_ENTER;
	case '\t':
		return TERM_KEY_TAB;
	case 0x1b:
		return TERM_KEY_ESC;
	case '\b':
	case 0x7f:
		return TERM_KEY_BACKSPACE;
	case 0:
		return TERM_CTRL | ' ';
	}
	return TERM_CTRL | (c <= 26 ? c + 'a' - 1u : c + '@' + 0u);
}

static enum csi_result key(struct term_event *ev, uint32_t k, uint32_t mods)
{
	if (!k)
		return CSI_NOTHING;
	*ev = (struct term_event){ .type = TERM_EV_KEY, .key = k | mods };
	return CSI_EVENT;
}

/* A code point sent with modifiers (CSI cp ; mods u, CSI 27 ; mods ; cp ~). */
static enum csi_result coded_key(struct term_event *ev, int cp, int mods)
{
	if (cp <= 0 || (cp >= 0x80 && utf8_hidden((uint32_t)cp)))
		return CSI_NOTHING;
	if (cp >= 0x20 && cp != 0x7f)
		return key(ev, (uint32_t)cp, csi_mods(mods));
	return key(ev, csi_control_key((uint8_t)cp), csi_mods(mods));
}

static enum csi_result tilde(struct term_event *ev, const struct args *a)
{
	if (a->v[0] == 200)
		return CSI_PASTE;
	if (a->v[0] == 27 && a->n == 3)
		return coded_key(ev, a->v[2], a->v[1]);
	return key(ev, tilde_key(a->v[0]), csi_mods(a->v[1]));
}

static enum csi_result letter(struct term_event *ev, uint8_t final, const struct args *a)
{
	if (a->n > 2 || (a->n == 2 && a->v[0] > 1))
		return CSI_NOTHING;
	return key(ev, csi_letter_key(final), a->n == 2 ? csi_mods(a->v[1]) : 0);
}

/* --- the mouse, and answers --- */

enum csi_result csi_mouse(int b, int x, int y, bool release, struct term_event *ev)
{
	bool wheel = b & 64;
	int button = b & 3;

	if (x < 1 || y < 1 || b < 0 || b > 127 || (wheel && (button > 1 || release)))
		return CSI_NOTHING;
	*ev = (struct term_event){ .type = TERM_EV_MOUSE, .row = y - 1, .col = x - 1 };
	ev->button = wheel || button == 3 ? 0 : button + 1;
	ev->key = csi_mods(1 + (b >> 2 & 7));
	if (wheel)
		ev->mouse = button ? TERM_MOUSE_WHEEL_DOWN : TERM_MOUSE_WHEEL_UP;
	else if (release || (button == 3 && !(b & 32)))
		ev->mouse = TERM_MOUSE_RELEASE;
	else
		ev->mouse = b & 32 ? TERM_MOUSE_DRAG : TERM_MOUSE_PRESS;
	return CSI_EVENT;
}

static enum csi_result reply(struct term_event *ev, enum term_event_type t, int a, int b)
{
	*ev = (struct term_event){ .type = t, .row = a, .col = b };
	return CSI_EVENT;
}

/* Sequences with a leader or an intermediate byte. */
static enum csi_result marked(
	uint8_t leader, uint8_t c, const struct args *a, struct term_event *ev)
{
	if (leader == '<' && !a->mid && (c == 'M' || c == 'm') && a->n == 3)
		return csi_mouse(a->v[0], a->v[1], a->v[2], c == 'm', ev);
	if (leader == '?' && !a->mid && c == 'c')
		return reply(ev, TERM_EV_FENCE, 0, 0);
	if (leader == '?' && a->mid == '$' && c == 'y' && a->n == 2)
		return reply(ev, TERM_EV_MODE, a->v[0], a->v[1]);
	return CSI_NOTHING;
}

enum csi_result csi_read(
	uint8_t leader, const char *seq, size_t n, uint8_t final, struct term_event *ev)
{
	struct args a;

	parse_args(seq, n, &a);
	if (leader || a.mid)
		return marked(leader, final, &a, ev);
	switch (final) {
	case '~':
		return tilde(ev, &a);
	case 'u':
		return coded_key(ev, a.v[0], a.n > 1 ? a.v[1] : 1);
	case 'n':
		return a.n == 1 ? reply(ev, TERM_EV_ACK, a.v[0], 0) : CSI_NOTHING;
	case 'Z':
		return key(ev, TERM_KEY_TAB, TERM_SHIFT);
	case '[':
		return CSI_LINUX;
	case 'M':
		return n == 0 ? CSI_X10 : CSI_NOTHING;
	case 'R': /* F3 with modifiers, or where the cursor is: nobody asked */
		if (n && (a.n != 2 || a.v[1] > 8))
			return CSI_NOTHING;
		break;
	}
	return letter(ev, final, &a);
}
