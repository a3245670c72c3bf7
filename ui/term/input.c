#include "ui/term/input.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/csi.h"
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

static bool step_ground(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c == 0x1b) {
		in->mods = 0;
		enter(in, ESC);
		return false;
	}
	if (c < 0x20 || c == 0x7f)
		return key(in, ev, csi_control_key(c));
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

static bool begin_paste(struct input *in)
{
	nothing(in);
	buf_reset(&in->paste);
	in->paste_match = 0;
	enter(in, PASTE);
	return false;
}

static bool csi_final(struct input *in, uint8_t c, struct term_event *ev)
{
	enum csi_result r =
		in->overlong ? CSI_NOTHING : csi_read(in->leader, in->seq, in->n, c, ev);

	nothing(in);
	switch (r) {
	case CSI_EVENT:
		return true;
	case CSI_PASTE:
		return begin_paste(in);
	case CSI_X10:
		enter(in, X10);
		return false;
	case CSI_LINUX:
		enter(in, LINUX_F);
		return false;
	default:
		return false;
	}
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
	if (!csi_letter_key(c))
		return nothing(in);
	in->mods = in->n ? csi_mods(in->seq[0] - '0') : 0;
	return key(in, ev, csi_letter_key(c));
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
	enter(in, GROUND);
	return csi_mouse((uint8_t)in->seq[0] - 32, (uint8_t)in->seq[1] - 32,
		       (uint8_t)in->seq[2] - 32, false, ev) == CSI_EVENT;
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

static bool end_paste(struct input *in, struct term_event *ev, bool cut)
{
	*ev = (struct term_event){
		.type = TERM_EV_PASTE, .text = buf_slice(&in->paste), .cut = cut
	};
	in->paste_told = true;
	enter(in, GROUND);
	return true;
}

static bool step_paste(struct input *in, uint8_t c, struct term_event *ev)
{
	if (c == (uint8_t)paste_end[in->paste_match]) {
		if (paste_end[++in->paste_match])
			return false;
		return end_paste(in, ev, in->paste.full);
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
	[GROUND] = step_ground,
	[ESC] = step_esc,
	[CSI] = step_csi,
	[SS3] = step_ss3,
	[LINUX_F] = step_linux_f,
	[X10] = step_x10,
	[STR] = step_str,
	[STR_ESC] = step_str_esc,
	[UTF8] = step_utf8,
	[PASTE] = step_paste,
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
	return end_paste(in, ev, true);
}
