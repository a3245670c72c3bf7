/* The parameters of a query, as JSON text. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "client/client.h"

struct ask {
	const char *kind, *filter, *sort, *fields, *by;
	const char *const *names; /* n_names of them */
	int n_names;
	uint64_t offset, limit;
	int64_t since_ms; /* 0: none */
	bool hold;	  /* keep the order for the pages that follow */
	const char *more; /* one more condition beside the filter; may be NULL */
};

void ask_text(const struct ask *a, struct buf *out);
/* The parameters of a further page. */
void ask_page_text(uint64_t held, uint64_t offset, uint64_t limit, struct buf *out);
/* A filter's error of the collector with the place marked below it, for terminals:
 *   status==up
 *         ^
 */
void ask_point(const char *filter, const struct err *e);

#endif
