/*
 * Roles, not colours: whoever draws says what a cell means, the theme says how that looks.
 * The names are the keys of the theme files and of the manual.
 */
#ifndef UI_TERM_ROLE_H
#define UI_TERM_ROLE_H

#include <stdint.h>

#include "base/slice.h"

#define TERM_ROLES(X)                                                                              \
	X(TEXT, "text", "ordinary text")                                                           \
	X(DIM, "dim", "less important: units, absent values")                                      \
	X(TITLE, "title", "titles of screens and boxes")                                           \
	X(HEADER, "header", "column headers")                                                      \
	X(LABEL, "label", "names of values")                                                       \
	X(SELECTED, "selected", "the row or item under the cursor")                                \
	X(MARKED, "marked", "rows marked for a bulk action")                                       \
	X(MATCH, "match", "text that matches the search")                                          \
	X(BORDER, "border", "lines and frames")                                                    \
	X(OK, "ok", "well, up")                                                                    \
	X(NOTICE, "notice", "worth knowing")                                                       \
	X(WARN, "warn", "degraded, soon bad")                                                      \
	X(CRIT, "crit", "bad, act now")                                                            \
	X(STALE, "stale", "old: the source is silent")                                             \
	X(ACCENT, "accent", "what is in focus")                                                    \
	X(LINK, "link", "something to follow: an id, an address")                                  \
	X(TAB, "tab", "a tab in the back")                                                         \
	X(TAB_ON, "tab-on", "the tab in front")                                                    \
	X(BAR, "bar", "the status line")                                                           \
	X(KEY, "key", "a key in a hint")                                                           \
	X(HINT, "hint", "what a key does")                                                         \
	X(PROMPT, "prompt", "the prompt's sign")                                                   \
	X(GHOST, "ghost", "a completion offered, not yet typed")                                   \
	X(ERROR, "error", "an error message")                                                      \
	X(GAUGE, "gauge", "the filled part of a bar or gauge")                                     \
	X(GAUGE_REST, "gauge-rest", "the empty part of a bar or gauge")                            \
	X(SPARK, "spark", "sparklines")                                                            \
	X(AXIS, "axis", "axes of a plot and their numbers")                                        \
	X(PLOT1, "plot1", "first series of a plot")                                                \
	X(PLOT2, "plot2", "second series")                                                         \
	X(PLOT3, "plot3", "third series")                                                          \
	X(PLOT4, "plot4", "fourth series")                                                         \
	X(PLOT5, "plot5", "fifth series")                                                          \
	X(PLOT6, "plot6", "sixth series")                                                          \
	X(BAND, "band", "the range that is usual or forecast")                                     \
	X(LIMIT, "limit", "a limit in a plot")                                                     \
	X(HEAT0, "heat0", "heat map: calm")                                                        \
	X(HEAT1, "heat1", "heat map: a little")                                                    \
	X(HEAT2, "heat2", "heat map: middling")                                                    \
	X(HEAT3, "heat3", "heat map: high")                                                        \
	X(HEAT4, "heat4", "heat map: worst")                                                       \
	X(PAST, "past", "the moment gone by that is shown")

enum term_role {
#define X(id, name, help) ROLE_##id,
	TERM_ROLES(X)
#undef X
		ROLE_COUNT
};

/* A cell's look (uint16_t): a role in the low byte, and what is laid over it. */
#define LOOK_ROLE(l)   ((l)&0xff)
#define LOOK_BOLD      0x0100
#define LOOK_UNDERLINE 0x0200
#define LOOK_REVERSE   0x0400
#define LOOK_SELECTED  0x0800 /* on the background of the role `selected` */
#define LOOK_MARKED    0x1000 /* on the background of the role `marked` */

const char *role_name(enum term_role r);
const char *role_help(enum term_role r);
int role_parse(struct slice name); /* the role, or -1 */

#endif
