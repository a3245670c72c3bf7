#include "ui/term/reach.h"

#include <string.h>

#include "base/utf8.h"

#define SCREEN_STRING 700 /* GNU screen cuts longer ones */

static void add_base64(struct buf *out, struct slice s)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		size_t n = s.n - i < 3 ? s.n - i : 3;
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)s.p[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			buf_addc(out, k <= n ? digit[v >> (18 - 6 * k) & 63] : '=');
	}
}

/* tmux lets a sequence through to its own terminal when it is asked to ("allow-passthrough"). */
static void add_tmux(struct buf *out, struct slice seq)
{
	buf_adds(out, "\033Ptmux;");
	for (size_t i = 0; i < seq.n; i++) {
		if (seq.p[i] == '\033')
			buf_addc(out, '\033');
		buf_addc(out, seq.p[i]);
	}
	buf_adds(out, "\033\\");
}

static void add_screen(struct buf *out, struct slice seq)
{
	for (size_t i = 0; i < seq.n; i += SCREEN_STRING) {
		size_t n = seq.n - i < SCREEN_STRING ? seq.n - i : SCREEN_STRING;

		buf_adds(out, "\033P");
		buf_add(out, seq.p + i, n);
		buf_adds(out, "\033\\");
	}
}

/* In tmux also as it is: with "set-clipboard on" it takes the text itself. */
static void send(struct buf *out, struct slice seq, enum reach_through via)
{
	if (via != REACH_SCREEN)
		buf_addslice(out, seq);
	if (via == REACH_TMUX)
		add_tmux(out, seq);
	else if (via == REACH_SCREEN)
		add_screen(out, seq);
}

int reach_copy(struct buf *out, struct slice text, enum reach_through via)
{
	struct buf clean, seq;
	int rc = -1;

	buf_init(&clean, REACH_COPY_MAX);
	buf_init(&seq, REACH_COPY_MAX * 2);
	text_clean(&clean, text, false);
	if (!clean.full) {
		buf_adds(&seq, "\033]52;c;");
		add_base64(&seq, buf_slice(&clean));
		buf_addc(&seq, '\a');
		send(out, buf_slice(&seq), via);
		rc = 0;
	}
	buf_fini(&clean);
	buf_fini(&seq);
	return rc;
}

void reach_notify(struct buf *out, struct slice text, enum reach_through via)
{
	struct buf clean, seq;

	if (text.n > REACH_NOTICE_MAX)
		text.n = REACH_NOTICE_MAX;
	buf_init(&clean, REACH_NOTICE_MAX * 8);
	buf_init(&seq, REACH_NOTICE_MAX * 8);
	text_clean(&clean, text, false);
	buf_adds(&seq, "\033]9;");
	if (clean.len && clean.p[0] >= '0' && clean.p[0] <= '9')
		buf_addc(&seq, ' '); /* some take "9;4;..." for a progress bar */
	buf_addslice(&seq, slice_mem(clean.p, utf8_fit(clean.p, clean.len, REACH_NOTICE_MAX)));
	buf_addc(&seq, '\a');
	send(out, buf_slice(&seq), via);
	buf_fini(&clean);
	buf_fini(&seq);
}
