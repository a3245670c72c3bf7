#include "ui/widget/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "ui/term/term.h"

/* --- the text --- */

void offers_add(struct prompt_offers *o, struct slice word)
{
	if (o->n < PROMPT_OFFERS)
		o->words[o->n++] = xmemdup0(word.p, word.n);
}

static void drop_offers(struct prompt *p)
{
	for (size_t i = 0; i < p->offers.n; i++)
		free(p->offers.words[i]);
	p->offers = (struct prompt_offers){ 0 };
	p->cycling = false;
}

void prompt_init(struct prompt *p, const char *sign)
{
	*p = (struct prompt){ .sign = sign };
	buf_init(&p->text, PROMPT_MAX);
}

void prompt_fini(struct prompt *p)
{
	drop_offers(p);
	for (size_t i = 0; i < p->n_history; i++)
		free(p->history[i]);
	free(p->typed);
	buf_fini(&p->text);
	*p = (struct prompt){ 0 };
}

static enum prompt_result changed(struct prompt *p)
{
	p->error[0] = '\0';
	drop_offers(p);
	return PROMPT_CHANGED;
}

/* Replaces text[from, to) and puts the cursor after what came in. */
static enum prompt_result replace(struct prompt *p, size_t from, size_t to, struct slice s)
{
	char *tail = xmemdup0(p->text.p + to, p->text.len - to);
	size_t n_tail = p->text.len - to;

	if (s.n > PROMPT_MAX - from - n_tail)
		s.n = PROMPT_MAX - from - n_tail;
	while (s.n && !utf8_valid(s.p, s.n))
		s.n--; /* not half a character */
	p->text.len = from;
	buf_addslice(&p->text, s);
	buf_add(&p->text, tail, n_tail);
	p->cursor = from + s.n;
	free(tail);
	return changed(p);
}

void prompt_set(struct prompt *p, struct slice text)
{
	p->at_history = p->n_history;
	replace(p, 0, p->text.len, text);
}

/* The start of the character before a byte. */
static size_t before(const struct prompt *p, size_t at)
{
	while (at > 0 && (p->text.p[--at] & 0xc0) == 0x80)
		;
	return at;
}

static size_t after(const struct prompt *p, size_t at)
{
	if (at < p->text.len)
		at++;
	while (at < p->text.len && (p->text.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static bool is_word(char c)
{
	return c == '_' || c == '-' || c == '.' || (unsigned char)c >= 0x80 ||
	       (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t word_before(const struct prompt *p, size_t at)
{
	while (at > 0 && !is_word(p->text.p[at - 1]))
		at--;
	while (at > 0 && is_word(p->text.p[at - 1]))
		at--;
	return at;
}

static size_t word_after(const struct prompt *p, size_t at)
{
	while (at < p->text.len && !is_word(p->text.p[at]))
		at++;
	while (at < p->text.len && is_word(p->text.p[at]))
		at++;
	return at;
}

static enum prompt_result move(struct prompt *p, size_t to)
{
	drop_offers(p);
	p->cursor = to;
	return PROMPT_MOVED;
}

static enum prompt_result erase(struct prompt *p, size_t from, size_t to)
{
	return from == to ? PROMPT_MOVED : replace(p, from, to, slice_of(""));
}

/* --- history --- */

void prompt_remember(struct prompt *p, struct slice line)
{
	size_t keep = 0;

	if (line.n == 0)
		return;
	for (size_t i = 0; i < p->n_history; i++)
		if (slice_is(line, p->history[i]))
			free(p->history[i]);
		else
			p->history[keep++] = p->history[i];
	if (keep == PROMPT_HISTORY) {
		free(p->history[0]);
		memmove(p->history, p->history + 1, --keep * sizeof(*p->history));
	}
	p->history[keep++] = xmemdup0(line.p, line.n);
	p->n_history = p->at_history = keep;
}

/* To the next line that begins as the typed one does. */
static enum prompt_result recall(struct prompt *p, int step)
{
	size_t at = p->at_history, n;

	if (at == p->n_history) {
		free(p->typed);
		p->typed = xmemdup0(p->text.p, p->text.len);
	}
	n = strlen(p->typed ? p->typed : "");
	do {
		if ((step < 0 && at == 0) || (step > 0 && at == p->n_history))
			return PROMPT_MOVED;
		at += (size_t)step;
	} while (at < p->n_history && strncmp(p->history[at], p->typed, n) != 0);
	replace(p, 0, p->text.len, slice_of(at < p->n_history ? p->history[at] : p->typed));
	p->at_history = at;
	return PROMPT_CHANGED;
}

/* --- completion --- */

static size_t common_prefix(const struct prompt_offers *o)
{
	size_t n = strlen(o->words[0]);

	for (size_t i = 1; i < o->n; i++)
		for (size_t k = 0; k < n; k++)
			if (o->words[i][k] != o->words[0][k])
				n = k;
	while (n && !utf8_valid(o->words[0], n))
		n--;
	return n;
}

static void insert_offer(struct prompt *p, struct slice word)
{
	struct prompt_offers kept = p->offers;

	p->offers = (struct prompt_offers){ 0 };
	replace(p, kept.from, p->cursor, word);
	p->offers = kept;
}

static enum prompt_result cycle(struct prompt *p, int step)
{
	p->offer = (p->offer + p->offers.n + (size_t)step) % p->offers.n;
	insert_offer(p, slice_of(p->offers.words[p->offer]));
	p->cycling = true;
	return PROMPT_CHANGED;
}

/* What all offers begin with, or else the first, or the last, of them. */
static enum prompt_result use_offers(struct prompt *p, int step)
{
	size_t n;

	if (p->offers.n == 0 || p->offers.from > p->cursor)
		return PROMPT_MOVED;
	n = common_prefix(&p->offers);
	if (p->offers.n == 1 || n > p->cursor - p->offers.from) {
		bool one = p->offers.n == 1;

		insert_offer(p, slice_mem(p->offers.words[0], n));
		if (one)
			drop_offers(p);
		return PROMPT_CHANGED;
	}
	p->offer = step > 0 ? p->offers.n - 1 : 0;
	return cycle(p, step);
}

static enum prompt_result complete(struct prompt *p, int step)
{
	if (p->cycling)
		return cycle(p, step);
	drop_offers(p);
	if (p->complete)
		p->complete(p->arg, buf_slice(&p->text), p->cursor, &p->offers);
	return use_offers(p, step);
}

void prompt_offer(struct prompt *p, const struct prompt_offers *o)
{
	drop_offers(p);
	p->offers = *o;
	use_offers(p, 1);
}

/* --- keys --- */

static enum prompt_result type_char(struct prompt *p, uint32_t key)
{
	char u[4];

	if (key & (TERM_CTRL | TERM_ALT) || TERM_KEY_OF(key) >= TERM_KEY_FIRST)
		return PROMPT_IGNORED;
	p->at_history = p->n_history;
	return replace(p, p->cursor, p->cursor, slice_mem(u, utf8_encode(TERM_KEY_OF(key), u)));
}

static enum prompt_result backspace(struct prompt *p)
{
	if (p->text.len == 0)
		return PROMPT_LEFT;
	return erase(p, before(p, p->cursor), p->cursor);
}

enum prompt_result prompt_key(struct prompt *p, uint32_t key)
{
	switch (key) {
	case TERM_KEY_ENTER:
		return PROMPT_DONE;
	case TERM_KEY_ESC:
	case TERM_CTRL | 'c':
	case TERM_CTRL | 'g':
		return PROMPT_LEFT;
	case TERM_KEY_TAB:
		return complete(p, 1);
	case TERM_KEY_TAB | TERM_SHIFT:
		return complete(p, -1);
	case TERM_KEY_UP:
	case TERM_CTRL | 'p':
		return recall(p, -1);
	case TERM_KEY_DOWN:
	case TERM_CTRL | 'n':
		return recall(p, 1);
	case TERM_KEY_LEFT:
	case TERM_CTRL | 'b':
		return move(p, before(p, p->cursor));
	case TERM_KEY_RIGHT:
	case TERM_CTRL | 'f':
		return move(p, after(p, p->cursor));
	case TERM_KEY_HOME:
	case TERM_CTRL | 'a':
		return move(p, 0);
	case TERM_KEY_END:
	case TERM_CTRL | 'e':
		return move(p, p->text.len);
	case TERM_KEY_LEFT | TERM_CTRL:
	case TERM_ALT | 'b':
		return move(p, word_before(p, p->cursor));
	case TERM_KEY_RIGHT | TERM_CTRL:
	case TERM_ALT | 'f':
		return move(p, word_after(p, p->cursor));
	case TERM_KEY_BACKSPACE:
		return backspace(p);
	case TERM_KEY_DELETE:
	case TERM_CTRL | 'd':
		return erase(p, p->cursor, after(p, p->cursor));
	case TERM_CTRL | 'u':
		return erase(p, 0, p->cursor);
	case TERM_CTRL | 'k':
		return erase(p, p->cursor, p->text.len);
	case TERM_CTRL | 'w':
	case TERM_KEY_BACKSPACE | TERM_ALT:
		return erase(p, word_before(p, p->cursor), p->cursor);
	}
	return type_char(p, key);
}

enum prompt_result prompt_paste(struct prompt *p, struct slice text)
{
	struct buf b;

	buf_init(&b, PROMPT_MAX);
	for (size_t i = 0, len; i < text.n && !b.full; i += len) {
		uint32_t cp;

		len = utf8_decode(text.p + i, text.n - i, &cp);
		if (len && cp >= 0x20 && !utf8_hidden(cp))
			buf_add(&b, text.p + i, len);
		else if (len && cp < 0x20 && b.len)
			buf_addc(&b, ' ');
		len = len ? len : 1;
	}
	while (b.len && b.p[b.len - 1] == ' ')
		b.len--;
	replace(p, p->cursor, p->cursor, buf_slice(&b));
	buf_fini(&b);
	return PROMPT_CHANGED;
}

void prompt_error(struct prompt *p, const char *text, size_t at)
{
	snprintf(p->error, sizeof(p->error), "%s", text ? text : "");
	p->error_at = at > p->text.len ? p->text.len : at;
}

/* --- drawing --- */

/* The newest line of the history that goes on where the text ends. */
static const char *ghost(const struct prompt *p)
{
	if (p->text.len == 0 || p->cursor != p->text.len || p->error[0])
		return "";
	for (size_t i = p->n_history; i-- > 0;)
		if (strncmp(p->history[i], p->text.p, p->text.len) == 0)
			return p->history[i] + p->text.len;
	return "";
}

static void draw_offers(const struct prompt *p, struct term *t, struct rect r, int row)
{
	int at = 1;

	for (int i = 0; i < r.cols; i++)
		draw_glyph(t, r, row, i, ' ', ROLE_TEXT);
	for (size_t i = 0; i < p->offers.n && at < r.cols; i++) {
		uint16_t look = p->cycling && i == p->offer ? ROLE_TEXT | LOOK_SELECTED : ROLE_DIM;

		at += draw_text(t, r, row, at, slice_of(p->offers.words[i]), look) + 2;
	}
}

/* The text's part that fits, such that the cursor shows; returns the byte it begins with. */
static size_t first_shown(const struct prompt *p, int room)
{
	size_t from = 0;

	while (from < p->cursor && utf8_width(p->text.p + from, p->cursor - from) >= room)
		from = after(p, from);
	return from;
}

void prompt_draw(struct prompt *p, struct term *t, struct rect r, int row)
{
	int sign = text_cells(slice_of(p->sign)), at = sign, error = text_cells(slice_of(p->error));
	size_t from = first_shown(p, r.cols - sign - 1);
	struct slice text = slice_mem(p->text.p + from, p->text.len - from);

	for (int i = 0; i < r.cols; i++)
		draw_glyph(t, r, row, i, ' ', ROLE_TEXT);
	draw_text(t, r, row, 0, slice_of(p->sign), ROLE_PROMPT);
	at += draw_text(t, r, row, at, text, ROLE_TEXT);
	draw_text(t, r, row, at, slice_of(ghost(p)), ROLE_GHOST);
	if (p->error[0] && p->error_at >= from) {
		int col = sign + utf8_width(p->text.p + from, p->error_at - from);

		if (p->error_at == p->text.len)
			draw_glyph(t, r, row, col, ' ', ROLE_ERROR);
		term_lay(t, r.row + row, r.col + col, 1, 1, LOOK_UNDERLINE | LOOK_REVERSE);
	}
	if (p->error[0])
		draw_field(t, r, row, at + 2 > r.cols - error ? at + 2 : r.cols - error, error,
			slice_of(p->error), ROLE_ERROR, ALIGN_LEFT);
	if (p->offers.n > 1 && row > 0)
		draw_offers(p, t, r, row - 1);
	term_cursor(t, r.row + row, r.col + sign + utf8_width(text.p, p->cursor - from));
}
