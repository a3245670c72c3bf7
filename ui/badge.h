/* How many alerts nobody has acknowledged or silenced: on their tab, whatever is in front. */
#ifndef UI_BADGE_H
#define UI_BADGE_H

struct client_view;
struct shell;

struct badge {
	struct client_view *critical, *warn;
};

void badge_open(struct shell *s);
void badge_close(struct shell *s);

#endif
