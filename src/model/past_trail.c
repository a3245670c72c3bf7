/* The first change after the moment tells how a device was then; those up to it, when it was heard
 * of, and when it died. */
#include "base/alloc.h"
#include "model/past_in.h"

#define UNDONE_ALL UINT8_MAX

/* Bits of note.undone above those of the texts. */
enum { UNDONE_STATUS = DEVICE_WORDS, UNDONE_NETWORK };

void past_text(struct past *p, uint32_t *ref, uint32_t was)
{
	str_keep(&p->live->strs, was);
	str_drop(&p->live->strs, *ref);
	*ref = was;
}

static void before(struct note *n, const struct trail_step *s)
{
	if (s->was == TRAIL_AGAIN)
		*n = (struct note){ 0 }; /* what was before is another's */
	if (s->was <= STATUS_STALE || s->was >= TRAIL_AGAIN)
		*(status_alive(s->is) ? &n->heard_ms : &n->died_ms) = s->at_ms;
}

/* The device went, or came where none was: what follows is not its own. */
static void gone(struct past *p, struct device *d, struct note *n, const struct trail_step *s)
{
	bool seen = n->undone == UNDONE_ALL;

	n->undone = UNDONE_ALL;
	if (seen)
		return;
	d->gone = s->was == TRAIL_AGAIN;
	if (d->gone)
		return;
	d->id = s->place;
	p->m.revived = xreallocarray(p->m.revived, p->m.revived_n + 1, sizeof(*p->m.revived));
	p->m.revived[p->m.revived_n++] = s->device;
}

static void status_take(struct past *p, struct device *d, const struct trail_step *s)
{
	d->status = s->was;
	d->since_ms = s->since_ms;
	d->life = s->life;
	past_text(p, &d->reason, s->reason);
}

static bool undo(struct note *n, unsigned bit)
{
	bool first = !(n->undone >> bit & 1);

	n->undone |= (uint8_t)(1 << bit);
	return first;
}

static void after(struct past *p, struct device *d, struct note *n, const struct trail_step *s)
{
	switch (s->was) {
	case TRAIL_BORN:
		if (s->device < p->m.devices_n)
			p->m.devices_n = s->device;
		break;
	case TRAIL_AGAIN:
	case TRAIL_GONE:
		gone(p, d, n, s);
		break;
	case TRAIL_TEXT:
		if (undo(n, s->is))
			past_text(p, device_word(d, s->is), s->reason);
		break;
	case TRAIL_MOVED:
		if (undo(n, UNDONE_NETWORK))
			d->network = s->place;
		break;
	default:
		if (undo(n, UNDONE_STATUS))
			status_take(p, d, s);
	}
}

void past_take(struct past *p, const struct trail_step *s)
{
	struct note *n;

	if (s->device >= p->copied)
		return; /* born while the rows were copied */
	n = &p->notes[s->device];
	if (s->at_ms <= p->m.now_ms)
		before(n, s);
	else
		after(p, &p->m.devices[s->device], n, s);
}
