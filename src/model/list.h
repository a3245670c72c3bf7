/* Comma lists of names: fields, sort keys, columns.  Commas within braces are labels'. */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

/* The item at *i without the blanks around it; *i moves behind its comma.  An empty list has one
 * empty item:  for (size_t i = 0; i <= s.n;) item = list_next(s, &i); */
struct slice list_next(struct slice s, size_t *i);

/* "name", "name:asc", "name:desc" */
int sort_item(struct slice item, struct slice *name, bool *desc, struct err *e);

#endif
