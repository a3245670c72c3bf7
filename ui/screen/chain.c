#include "ui/screen/chain.h"

#include "ui/screen/value.h"
#include "ui/term/term.h"

bool chain_orphaned(const json_t *row, const char *key)
{
	return json_is_true(json_object_get(row, key)) || slice_is(row_text(row, key), "true");
}

struct slice chain_state(bool orphaned, uint16_t *look)
{
	*look = orphaned ? ROLE_WARN : ROLE_OK;
	return slice_of(orphaned ? "✖ orphaned" : "● in chain");
}

static void draw_log(struct pretty *p, const json_t *row, struct term *t, struct rect r)
{
	pretty_read(p, row);
	draw_rule(t, r, 0, slice_of("the log under the cursor"));
	rect_cut_top(&r, 1);
	rect_cut_left(&r, 2);
	pretty_draw(p, t, r, 0);
}

void chain_logs_draw(struct list *logs, struct pretty *p, struct term *t, struct rect r)
{
	struct rect foot = { 0 };

	if (r.rows >= 12 && list_selected(logs))
		foot = rect_cut_bottom(&r, r.rows / 2 > 14 ? 14 : r.rows / 2);
	list_draw(logs, t, r);
	if (foot.rows)
		draw_log(p, list_selected(logs), t, foot);
}
