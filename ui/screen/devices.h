/* The devices screen from the inside: what its files share. */
#ifndef UI_SCREEN_DEVICES_H
#define UI_SCREEN_DEVICES_H

#include "ui/screen/catalog.h"
#include "ui/screen/list.h"

struct devices {
	struct list list;
	char *about;  /* the group that it was opened for; NULL: none */
	char *chosen; /* columns the user named; NULL: by what is in sight */
	char columns_for[112]; /* the width and kind the columns are for, "" kind for mixed */
	char *by;     /* "network,site": the rows are groups; NULL: devices */
	char *sort;   /* the order of devices while groups show */
	char *means;  /* the metrics whose means groups show, "temp,util" */
	bool learned; /* of each kind one device has been asked for */
	struct asker asker;
};

/* devices_cols.c: the columns */
/* Sets them anew when what is in sight, the width or the user's choice asks for others. */
void devices_columns(struct devices *s);
/* SHOW_OWN cells. */
void devices_cell(void *arg, const json_t *row, const struct list_col *col, struct table_cell *c,
	struct buf *b);
/* As :columns takes it. */
const char *devices_column_name(const struct list_col *c);
/* All that there is to choose from, what shows now first, as "a,b;c,d" for the chooser. */
void devices_choice(struct devices *s, struct buf *out);
int devices_width(const struct devices *s); /* 0: 80 columns .. 3: 150 and more */

/* devices_group.c: devices in groups */
extern const struct action devices_groups[];
void devices_group_columns(struct devices *s);
void devices_group_cell(struct devices *s, const json_t *row, const struct list_col *col,
	struct table_cell *c, struct buf *b);
/* The filter of a group's devices; NULL: it cannot be told.  The caller frees. */
char *devices_group_filter(void *arg, const json_t *row);
/* "io.net · fra-2" of "network='io.net' and site='fra-2'"; NULL: such a filter it is not.  The
 * caller frees. */
char *devices_group_name(const char *filter);
/* Opens the devices of the group under the cursor. */
int devices_group_open(struct devices *s, struct err *e);

#endif
