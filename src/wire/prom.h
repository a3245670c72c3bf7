/*
 * Metric pages: the Prometheus text format 0.0.4 and OpenMetrics 1.0, read by one tolerant
 * streaming parser.  Sources: prometheus.io "Exposition formats", OpenMetrics 1.0; also the
 * quoted form for UTF-8 names.  What the two disagree on (the unit of timestamps, "# EOF") goes by the
 * dialect that Content-Type names.
 *
 * A bad line never costs the page: it is counted, and the first one's number and story are kept.
 * Pages change little between scrapes: a prom_page remembers the handle that the caller gave
 * each line's series, so that a known line costs a hash of its bytes and the reading of a number.
 *
 * Limits: PROM_LINE_MAX bytes a line, PROM_LABELS_MAX labels a series, PROM_PAGE_MAX remembered
 * lines.  Page size is the transport's.
 */
#ifndef WIRE_PROM_H
#define WIRE_PROM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define PROM_LINE_MAX	65535
#define PROM_LABELS_MAX 64
#define PROM_PAGE_MAX	(4u << 20)

#define PROM_NONE UINT32_MAX	   /* no handle: tell me this series again */
#define PROM_DROP (UINT32_MAX - 1) /* not wanted: never tell me this series again */

enum prom_type { PROM_UNTYPED, PROM_GAUGE, PROM_COUNTER, PROM_HISTOGRAM, PROM_SUMMARY, PROM_INFO,
	PROM_STATESET, PROM_GAUGEHISTOGRAM };

struct prom_family {
	struct slice name, help, unit; /* empty when the page does not say; help as written */
	enum prom_type type;
};

struct prom_label {
	struct slice name, value; /* as written: escapes not undone */
};

/* All slices are good for the call only.  Of a known series (handle not PROM_NONE) only handle,
 * value and time are set. */
struct prom_sample {
	uint32_t handle;
	bool has_time;
	double value;
	int64_t at_ms;
	struct slice name;
	const struct prom_family *family; /* of another name when the sample has no own */
	const struct prom_label *labels;
	size_t nlabels;
};

/* Returns the caller's handle for the series, PROM_NONE or PROM_DROP. */
typedef uint32_t prom_fn(void *arg, const struct prom_sample *s);

struct prom_stats {
	uint64_t bytes, lines, samples;
	uint64_t known;	   /* samples whose line was remembered */
	uint64_t filtered; /* samples of families that nobody asked for */
	uint64_t bad;	   /* lines that are not of the format, too long or not UTF-8 */
	uint64_t bad_line; /* number of the first of them, from 1 */
	char bad_why[96];
};

struct prom;
struct prom_page;

struct prom_spec {
	bool openmetrics;
	struct prom_page *page;	    /* of the same target's last scrape; NULL: remember nothing */
	const char *const *families; /* names or globs (* and ?), NULL-ended; NULL: all.  A page
				     * serves one list: reset it when the list changes */
	prom_fn *fn;
	void *arg;
};

/* One parser serves any number of pages, one after the other. */
struct prom *prom_new(void);
void prom_free(struct prom *p);

void prom_begin(struct prom *p, const struct prom_spec *s); /* spec is copied; families borrowed */
void prom_feed(struct prom *p, struct slice chunk);	    /* cut anywhere */
/*
 * The page's end.  `whole`: the transport says that nothing is missing; otherwise a last line
 * without its newline is dropped and the prom_page stays as it was before.
 * -1: OpenMetrics without its "# EOF" (the samples were delivered all the same).
 */
int prom_finish(struct prom *p, bool whole, struct err *e);
const struct prom_stats *prom_stats(const struct prom *p); /* since prom_begin() */

struct prom_page *prom_page_new(void);
void prom_page_free(struct prom_page *g);
void prom_page_reset(struct prom_page *g); /* forgets all */
size_t prom_page_memory(const struct prom_page *g);

/* Content-Type, NULL allowed. */
bool prom_is_openmetrics(const char *content_type);

/*
 * Canonical labels: a="b",c="d" sorted by name, escapes in one form, names outside
 * [a-zA-Z_][a-zA-Z0-9_]* quoted.  The label called `skip` is left out (empty: none).
 * -1 when out is full.
 */
int prom_labels_canonical(const struct prom_sample *s, struct slice skip, struct buf *out);
/* One label's value, escapes undone, appended to out.  false: no such label. */
bool prom_label_value(const struct prom_sample *s, struct slice name, struct buf *out);
/* Escapes of a HELP text or label value undone. */
int prom_unescape(struct slice s, struct buf *out);
bool prom_glob(const char *glob, struct slice name);

#endif
