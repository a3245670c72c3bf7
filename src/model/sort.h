/*
 * Order of rows by several keys, absent values last in both directions, then by row number.
 * Only as many rows as the window needs are kept and ordered, and that in slices.
 */
#ifndef MODEL_SORT_H
#define MODEL_SORT_H

#include "model/kind.h"

struct sort;

/* spec "status:desc,name"; *at: byte that is wrong. */
struct sort *sort_new(const struct rows *r, struct slice spec, size_t *at, struct err *e);
void sort_free(struct sort *s);
/* A new run that wants the first `want` rows. */
void sort_begin(struct sort *s, uint64_t want);
void sort_prepare(struct sort *s, const struct model *m); /* as filter_prepare() */
void sort_add(struct sort *s, const struct model *m, uint64_t row);
void sort_add_rows(struct sort *s, const struct model *m, const uint64_t *rows, size_t n);
/* In the kind's own order, where its numbers are kept: rows [from, to) at once; how many of them
 * are not gone. */
bool sort_kept(const struct sort *s);
uint64_t sort_add_all(struct sort *s, const struct model *m, uint64_t from, uint64_t to);
/* After the last row: 1 when in order, 0 when more time is needed (deadline_us passed, 0: none). */
int sort_finish(struct sort *s, const struct model *m, int64_t deadline_us);
size_t sort_count(const struct sort *s); /* at most `want` */
uint64_t sort_row(const struct sort *s, size_t i);

#endif
