/*
 * Views: a window of rows that the collector keeps up to date.  A view outlives a broken line:
 * its rows stay as they were and are asked for anew when the line is back.
 */
#ifndef CLIENT_VIEW_H
#define CLIENT_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

struct client;
struct client_view;

/* NULL or 0: the collector's default. */
struct client_query {
	const char *kind, *filter, *sort, *names, *fields;
	const char *by; /* "network,site": the rows are groups of devices */
	uint64_t offset, limit; /* at most 1000 rows */
	int64_t interval_ms;
};

struct client_view_ops {
	/* Rows or counts are other than before. */
	void (*changed)(void *arg, struct client_view *v);
	/* The question was refused; at: the byte of the filter that is wrong, or -1.  What was
	 * shown before stays.  May be NULL. */
	void (*refused)(void *arg, struct client_view *v, const struct err *e, int at);
};

struct client_view *client_view_new(struct client *c, const struct client_query *q,
	const struct client_view_ops *ops, void *arg);
void client_view_free(struct client_view *v);
/* Asks for another filter, order, window ...; the kind stays.  Strings are copied.  While an
 * answer is under way only the newest question is kept. */
void client_view_set(struct client_view *v, const struct client_query *q);
const struct client_query *client_view_query(const struct client_view *v); /* as last set */

bool client_view_ready(const struct client_view *v); /* an answer has been here */
uint64_t client_view_total(const struct client_view *v);
uint64_t client_view_matched(const struct client_view *v);
uint64_t client_view_offset(const struct client_view *v); /* of the rows that are here */
size_t client_view_n(const struct client_view *v);
/* Borrowed until the next turn; i < n.  json: NULL when the row could not be read. */
struct slice client_view_text(const struct client_view *v, size_t i);
const json_t *client_view_row(struct client_view *v, size_t i);

/* The byte that an error of the collector names ("... (at byte 12)"), or -1. */
int client_error_at(const struct err *e);

#endif
