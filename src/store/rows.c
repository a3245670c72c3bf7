#include "store/rows.h"

struct slice rows_text(sqlite3_stmt *s, int column)
{
	const void *p = sqlite3_column_blob(s, column);

	return slice_mem(p, (size_t)sqlite3_column_bytes(s, column));
}

void rows_event(sqlite3_stmt *s, struct delta_event *ev, struct journal_event *out)
{
	*ev = (struct delta_event){
		.n = (uint64_t)sqlite3_column_int64(s, 0),
		.at_ms = sqlite3_column_int64(s, 1),
		.severity = sqlite3_column_int(s, 3),
		.source = MODEL_NONE,
		.device = MODEL_NONE,
		.origin = rows_text(s, 6),
		.id = rows_text(s, 7),
		.type = rows_text(s, 8),
		.subject = rows_text(s, 9),
		.message = rows_text(s, 10),
		.data = rows_text(s, 11),
	};
	*out = (struct journal_event){
		.ev = ev,
		.seen_ms = sqlite3_column_int64(s, 2),
		.source = rows_text(s, 4),
		.device = rows_text(s, 5),
	};
}
