/* What the environment says about the terminal and its user's wishes. */
#ifndef UI_TERM_ENV_H
#define UI_TERM_ENV_H

#include <stdbool.h>

#include "ui/term/reach.h"
#include "ui/term/term.h"

/* True when characters beyond ASCII may be sent; sets LC_CTYPE so that ncurses can. */
bool env_use_utf8(enum term_when w);
bool env_no_colour(enum term_when w);
/* 24 bits a colour may be sent. */
bool env_true_colour(enum term_when w);
/* Over SSH, and with a multiplexer in between that answers in the terminal's place. */
bool env_over_ssh(void);
bool env_multiplexed(void);
enum reach_through env_through(void);

#endif
