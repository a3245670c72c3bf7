#include "ui/term/input.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/keys.h"

enum state {
	GROUND,
	ESC,
	CSI,
	SS3,
	LINUX_F, /* CSI [ x: the Linux console's F1 to F5 */
	X10,	 /* CSI M and three bytes: the mouse of old terminals */
	STR,	 /* OSC, DCS, APC, PM, SOS up to BEL or ST */
	STR_ESC,
	UTF8,
	PASTE,
};

#define SEQ_WAIT_MS   1000 /* sequences are cut by slow lines: only a lone ESC is decided fast */
#define PASTE_WAIT_MS 5000

static const char paste_end[] = "\033[201~";

void input_init(struct input *in)
{
	*in = (struct input){ .esc_wait_ms = 25 };
	buf_init(&in->paste, INPUT_PASTE_MAX);
}

void input_fini(struct input *in)
{
	buf_fini(&in->paste);
}

size_t input_feed(struct input *in, const char *p, size_t n, int64_t now_ms)
{
	if (in->at == in->len)
		in->at = in->len = 0;
	if (n > sizeof(in->raw) - in->len)
		n = sizeof(in->raw) - in->len;
	if (n)
		memcpy(in->raw + in->len, p, n);
	in->len += n;
	in->since_ms = now_ms;
	return n;
}

static void enter(struct input *in, enum state s)
{
	in->state = (uint8_t)s;
	in->n = 0;
	in->overlong = false;
	in->leader = 0;
}

static bool key(struct input *in, struct term_event *ev, uint32_t k)
{
	*ev = (struct term_event){ .type = TERM_EV_KEY, .key = k | in->mods };
	in->mods = 0;
	enter(in, GROUND);
	return true;
}

static bool nothing(struct input *in)
{
	in->mods = 0;
	enter(in, GROUND);
	return false;
}

static void keep(struct input *in, uint8_t c)
{
	if (in->n < sizeof(in->seq))
		in->seq[in->n++] = (char)c;
	else
		in->overlong = true;
}

static bool control(struct input *in, uint8_t c, struct term_event *ev)
{
	switch (c) {
	case '\r':
	case '\n':
		return key(in, ev, TERM_KEY_ENTER);
	case '\t':
		return key(in, ev, TERM_KEY_TAB);
	case '\b':
	case 0x7f:
		return key(in, ev, TERM_KEY_BACKSPACE);
	case 0:
		return key(in, ev, TERM_CTRL | ' ');
	}
	return key(in, ev, TERM_CTRL | (c <= 26 ? c + 'a' - 1 : c + '@'));
}

static bool step_ground(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c == 0x1b) {
		in->mods = 0;
		enter(in, ESC);
		return false;
	}
	if (c < 0x20 || c == 0x7f)
		return control(in, c, ev);
	if (c < 0x80)
		return key(in, ev, c);
	if (c < 0xc2 || c > 0xf4)
		return nothing(in);
	enter(in, UTF8);
	keep(in, c);
	return false;
}

static bool step_esc(struct input *in, uint8_t c, struct term_event *ev)
{
	switch (c) {
	case 0x1b: /* the first was the key, this one begins anew */
		key(in, ev, TERM_KEY_ESC);
		enter(in, ESC);
		return true;
	case '[':
		enter(in, CSI);
		return false;
	case 'O':
		enter(in, SS3);
		return false;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		enter(in, STR);
		keep(in, c);
		return false;
	}
	enter(in, GROUND);
	in->mods = TERM_ALT;
	return step_ground(in, c, ev);
}

static bool step_utf8(struct input *in, uint8_t c, struct term_event *ev)
{
	uint32_t cp;
	uint8_t lead = (uint8_t)in->seq[0];
	int want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (c < 0x80 || c > 0xbf) {
		nothing(in);
		return step_ground(in, c, ev);
	}
	keep(in, c);
	if (in->n < want)
		return false;
	if (utf8_decode(in->seq, in->n, &cp) != in->n || utf8_hidden(cp))
		return nothing(in);
	return key(in, ev, cp);
}

/* --- CSI --- */

struct args {
	int v[8], n;
	char mid; /* an intermediate byte, or 0 */
};

static void parse_args(const struct input *in, struct args *a)
{
	*a = (struct args){ .n = 1 };
	for (int i = 0; i < in->n; i++) {
		char c = in->seq[i];

		if (c >= '0' && c <= '9' && a->v[a->n - 1] < 100000)
			a->v[a->n - 1] = a->v[a->n - 1] * 10 + (c - '0');
		else if (c == ';' && a->n < (int)ARRAY_LEN(a->v))
			a->n++;
		else if (c >= 0x20 && c < 0x30)
			a->mid = c;
	}
}

/* xterm's modifier parameter: 1 + (1 shift, 2 alt, 4 ctrl). */
static uint32_t mods_of(int param)
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

static uint32_t letter_key(uint8_t final)
{
	switch (final) {
	case 'A':
		return TERM_KEY_UP;
	case 'B':
		return TERM_KEY_DOWN;
	case 'C':
		return TERM_KEY_RIGHT;
	case 'D':
		return TERM_KEY_LEFT;
	case 'H':
		return TERM_KEY_HOME;
	case 'F':
		return TERM_KEY_END;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return TERM_KEY_F1 + (uint32_t)(final - 'P');
	case 'M':
		return TERM_KEY_ENTER;
	}
	return 0;
}

static uint32_t tilde_key(int n)
{
	static const uint32_t keys[] = {
		[1] = TERM_KEY_HOME,	[2] = TERM_KEY_INSERT, [3] = TERM_KEY_DELETE,
		[4] = TERM_KEY_END,	[5] = TERM_KEY_PGUP,   [6] = TERM_KEY_PGDN,
		[7] = TERM_KEY_HOME,	[8] = TERM_KEY_END,    [11] = TERM_KEY_F1,
		[12] = TERM_KEY_F2,	[13] = TERM_KEY_F3,    [14] = TERM_KEY_F4,
		[15] = TERM_KEY_F5,	[17] = TERM_KEY_F6,    [18] = TERM_KEY_F7,
		[19] = TERM_KEY_F8,	[20] = TERM_KEY_F9,    [21] = TERM_KEY_F10,
		[23] = TERM_KEY_F11,	[24] = TERM_KEY_F12,
	};

	return n >= 0 && n < (int)ARRAY_LEN(keys) ? keys[n] : 0;
}

/* A code point sent with modifiers (CSI cp ; mods u, CSI 27 ; mods ; cp ~). */
static bool coded_key(struct input *in, struct term_event *ev, int cp, int mods)
{
	struct term_event plain;

	if (cp <= 0 || (cp >= 0x80 && utf8_hidden((uint32_t)cp)))
		return nothing(in);
	in->mods = mods_of(mods);
	if (cp == 27)
		return key(in, ev, TERM_KEY_ESC);
	if (cp >= 0x20 && cp != 0x7f)
		return key(in, ev, (uint32_t)cp);
	control(in, (uint8_t)cp, &plain);
	in->mods = mods_of(mods);
	return key(in, ev, TERM_KEY_OF(plain.key));
}

static bool mouse_event(struct input *in, struct term_event *ev, int b, int x, int y, bool release)
{
	bool wheel = b & 64;

	if (x < 1 || y < 1 || b > 127 || (wheel && (b & 3) > 1) || (wheel && release))
		return nothing(in);
	*ev = (struct term_event){ .type = TERM_EV_MOUSE, .row = y - 1, .col = x - 1 };
	ev->button = wheel || (b & 3) == 3 ? 0 : (b & 3) + 1;
	ev->key = mods_of(1 + ((b & 4) >> 2) + ((b & 8) >> 2) + ((b & 16) >> 2));
	if (wheel)
		ev->mouse = b & 1 ? TERM_MOUSE_WHEEL_DOWN : TERM_MOUSE_WHEEL_UP;
	else if (release || ((b & 3) == 3 && !(b & 32)))
		ev->mouse = TERM_MOUSE_RELEASE;
	else
		ev->mouse = b & 32 ? TERM_MOUSE_DRAG : TERM_MOUSE_PRESS;
	enter(in, GROUND);
	return true;
}

static bool reply(struct input *in, struct term_event *ev, enum term_event_type t, int a, int b)
{
	nothing(in);
	*ev = (struct term_event){ .type = t, .row = a, .col = b };
	return true;
}

static bool tilde(struct input *in, struct term_event *ev, const struct args *a)
{
	uint32_t k;

	if (a->v[0] == 200) {
		nothing(in);
		buf_reset(&in->paste);
		in->paste_match = 0;
		enter(in, PASTE);
		return false;
	}
	if (a->v[0] == 27 && a->n == 3)
		return coded_key(in, ev, a->v[2], a->v[1]);
	k = tilde_key(a->v[0]);
	if (!k)
		return nothing(in);
	in->mods = mods_of(a->v[1]);
	return key(in, ev, k);
}

/* Sequences with a leader or an intermediate byte: the mouse, and answers. */
static bool csi_private(struct input *in, uint8_t c, struct term_event *ev, const struct args *a)
{
	if (in->leader == '<' && !a->mid && (c == 'M' || c == 'm') && a->n == 3)
		return mouse_event(in, ev, a->v[0], a->v[1], a->v[2], c == 'm');
	if (in->leader == '?' && !a->mid && c == 'c')
		return reply(in, ev, TERM_EV_FENCE, 0, 0);
	if (in->leader == '?' && a->mid == '$' && c == 'y' && a->n == 2)
		return reply(in, ev, TERM_EV_MODE, a->v[0], a->v[1]);
	return nothing(in);
}

static bool csi_final(struct input *in, uint8_t c, struct term_event *ev)
{
	struct args a;

	if (in->overlong)
		return nothing(in);
	parse_args(in, &a);
	if (in->leader || a.mid)
		return csi_private(in, c, ev, &a);
	switch (c) {
	case '~':
		return tilde(in, ev, &a);
	case 'u':
		return coded_key(in, ev, a.v[0], a.n > 1 ? a.v[1] : 1);
	case 'n':
		return a.n == 1 ? reply(in, ev, TERM_EV_ACK, a.v[0], 0) : nothing(in);
	case 'Z':
		in->mods = TERM_SHIFT;
		return key(in, ev, TERM_KEY_TAB);
	case '[':
		enter(in, LINUX_F);
		return false;
	case 'M':
		if (in->n == 0) {
			enter(in, X10);
			return false;
		}
		return nothing(in);
	case 'R': /* F3 with modifiers, or where the cursor is: nobody asked */
		if (in->n && (a.n != 2 || a.v[0] != 1 || a.v[1] > 8))
			return nothing(in);
		break;
	}
	if (!letter_key(c) || (a.n > 1 && a.v[0] > 1))
		return nothing(in);
	in->mods = a.n > 1 ? mods_of(a.v[1]) : 0;
	return key(in, ev, letter_key(c));
}

static bool step_csi(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c < 0x20 || c >= 0x7f) { /* not ours any more */
		nothing(in);
		return c >= 0x7f ? false : step_ground(in, c, ev);
	}
	if (c >= 0x40)
		return csi_final(in, c, ev);
	if (c >= 0x3c && in->n == 0 && !in->leader)
		in->leader = c;
	else
		keep(in, c);
	return false;
}

static bool step_ss3(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c >= '0' && c <= '9' && in->n == 0) { /* SS3 5 P: with modifiers */
		keep(in, c);
		return false;
	}
	if (c < 0x20) {
		nothing(in);
		return step_ground(in, c, ev);
	}
	if (!letter_key(c))
		return nothing(in);
	in->mods = in->n ? mods_of(in->seq[0] - '0') : 0;
	return key(in, ev, letter_key(c));
}

static bool step_linux_f(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c >= 'A' && c <= 'E')
		return key(in, ev, TERM_KEY_F1 + (uint32_t)(c - 'A'));
	return nothing(in);
}

static bool step_x10(struct input *in, uint8_t c, struct term_event *ev)
{
	keep(in, c);
	if (in->n < 3)
		return false;
	return mouse_event(in, ev, (uint8_t)in->seq[0] - 32, (uint8_t)in->seq[1] - 32,
		(uint8_t)in->seq[2] - 32, false);
}

static bool step_str(struct input *in, uint8_t c, struct term_event *ev)
{
	keep(in, c);
	if (c == 0x07 || c == 0x18 || c == 0x1a)
		return nothing(in);
	if (c == 0x1b)
		in->state = STR_ESC;
	return false;
}

static bool step_str_esc(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c == '\\')
		return nothing(in);
	enter(in, ESC); /* the string was cut off by another sequence */
	return step_esc(in, c, ev);
}

static bool step_paste(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c == (uint8_t)paste_end[in->paste_match]) {
		if (paste_end[++in->paste_match])
			return false;
		*ev = (struct term_event){ .type = TERM_EV_PASTE, .text = buf_slice(&in->paste) };
		ev->cut = in->paste.full;
		in->paste_told = true;
		enter(in, GROUND);
		return true;
	}
	buf_add(&in->paste, paste_end, in->paste_match);
	in->paste_match = 0;
	if (c == (uint8_t)paste_end[0])
		in->paste_match = 1;
	else
		buf_addc(&in->paste, (char)c);
	return false;
}

static bool (*const steps[])(struct input *, uint8_t, struct term_event *) = {
	[GROUND] = step_ground,	    [ESC] = step_esc,	[CSI] = step_csi, [SS3] = step_ss3,
	[LINUX_F] = step_linux_f,   [X10] = step_x10,	[STR] = step_str,
	[STR_ESC] = step_str_esc,   [UTF8] = step_utf8, [PASTE] = step_paste,
};

static void forget_paste(struct input *in)
{
	if (!in->paste_told)
		return;
	in->paste_told = false;
	buf_reset(&in->paste);
	buf_trim(&in->paste, 64);
}

bool input_next(struct input *in, struct term_event *ev)
{
	forget_paste(in);
	while (in->at < in->len)
		if (steps[in->state](in, (uint8_t)in->raw[in->at++], ev))
			return true;
	return false;
}

int64_t input_deadline(const struct input *in)
{
	switch (in->state) {
	case GROUND:
		return -1;
	case ESC:
		return in->since_ms + in->esc_wait_ms;
	case PASTE:
		return in->since_ms + PASTE_WAIT_MS;
	}
	return in->since_ms + SEQ_WAIT_MS;
}

/* A sequence that stopped right after its introducer was that key with Alt. */
static bool give_up(struct input *in, struct term_event *ev)
{
	static const uint8_t intro[] = { [CSI] = '[', [SS3] = 'O' };

	in->mods = TERM_ALT;
	if ((in->state == CSI || in->state == SS3) && in->n == 0 && !in->leader)
		return key(in, ev, intro[in->state]);
	if (in->state == STR && in->n == 1)
		return key(in, ev, (uint8_t)in->seq[0]);
	return nothing(in);
}

bool input_tick(struct input *in, int64_t now_ms, struct term_event *ev)
{
	int64_t due = input_deadline(in);

	if (due < 0 || now_ms < due || in->at < in->len)
		return false;
	if (in->state == ESC)
		return key(in, ev, TERM_KEY_ESC);
	if (in->state != PASTE)
		return give_up(in, ev);
	*ev = (struct term_event){ .type = TERM_EV_PASTE, .text = buf_slice(&in->paste), .cut = true };
	in->paste_told = true;
	enter(in, GROUND);
	return true;
}
