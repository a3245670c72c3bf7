/* Inside the list: what its files share. */
#ifndef UI_SCREEN_LIST_IN_H
#define UI_SCREEN_LIST_IN_H

#include "client/view.h"
#include "ui/screen/list.h"

extern const struct client_view_ops list_view_ops;

/* Asks for the window as it now is: filter, order, columns, place. */
void list_ask(struct list *l);
void list_mind_window(struct list *l);
/* The user moved: the order stays as it is for a while. */
void list_hold(struct list *l);
void list_let_go(struct list *l);
/* Takes the id of the row under the cursor. */
void list_select(struct list *l, bool sticky);
/* The table's sort mark from l->sort. */
void list_mark_sort(struct list *l);

/* The columns of a row as they are read, one blank between. */
void list_row_line(struct list *l, uint64_t n, struct buf *out);

/* The filter of the question: what always holds and the user's.  The caller frees; NULL: none. */
char *list_whole_filter(const struct list *l);
/* The fields that the columns are made of, "id,name,temp", without courses.  The caller frees. */
char *list_field_names(const struct list *l);

/* list_export.c: "[marked] FILE" */
int list_export(struct list *l, struct slice arg, struct err *e);
void list_export_fini(struct list *l);

#endif
