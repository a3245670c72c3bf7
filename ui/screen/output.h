/* What a command of the console's own program prints, on a page of its own. */
#ifndef UI_SCREEN_OUTPUT_H
#define UI_SCREEN_OUTPUT_H

#include "ui/screen/screen.h"

/* Opened with the command line: words apart by blanks, '...' and "..." hold blanks.  It runs with
 * stage.own before it, and ends with its page.  Not among screens[]: ui/verb.c says what may run. */
extern const struct screen screen_output;

#endif
