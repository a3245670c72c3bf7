#include "ui/badge.h"

#include "client/view.h"
#include "ui/shell.h"

static void take(struct shell *s, struct client_view *v, unsigned *n)
{
	*n = (unsigned)client_view_matched(v);
	s->dirty = true;
}

static void critical_changed(void *arg, struct client_view *v)
{
	struct shell *s = arg;

	take(s, v, &s->stage.critical);
}

static void warn_changed(void *arg, struct client_view *v)
{
	struct shell *s = arg;

	take(s, v, &s->stage.warn);
}

static struct client_view *count(struct shell *s, const char *filter, const struct client_view_ops *ops)
{
	const struct client_query q = { .kind = "alerts", .filter = filter, .fields = "id", .limit = 1 };

	return client_view_new(s->stage.client, &q, ops, s);
}

void badge_open(struct shell *s)
{
	static const struct client_view_ops critical = { .changed = critical_changed };
	static const struct client_view_ops warn = { .changed = warn_changed };

	s->badge.critical = count(s, "state=active and severity=critical", &critical);
	s->badge.warn = count(s, "state=active and severity=warn", &warn);
}

void badge_close(struct shell *s)
{
	client_view_free(s->badge.critical);
	client_view_free(s->badge.warn);
	s->badge = (struct badge){ 0 };
}
