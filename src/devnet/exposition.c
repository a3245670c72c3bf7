#include "devnet/exposition.h"

#include <stdio.h>

#include "devnet/digits.h"

#define LINE_ROOM    256
#define DEVICE_BYTES 400 /* a device takes at least this much of a page */

struct page {
	struct world *world;
	const struct exposition_spec *spec;
	const struct segment *seg;
	struct buf *out;
};

/* "depin_temp_celsius"; counters get their _total where the form wants it. */
static void family_name(const struct metric *m, bool total, char *out, size_t n)
{
	bool unit = m->unit[0] && strcmp(m->unit, m->name) != 0;

	snprintf(out, n, "depin_%s%s%s%s", m->name, unit ? "_" : "", unit ? m->unit : "",
		total && m->shape == SHAPE_COUNTER ? "_total" : "");
}

static void family_head(struct page *p, const char *name, const char *type, const char *help)
{
	buf_addf(p->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void metric_head(struct page *p, const struct metric *m)
{
	char name[96];

	family_name(m, !p->spec->openmetrics, name, sizeof(name));
	family_head(p, name, m->shape == SHAPE_COUNTER ? "counter" : "gauge", m->help);
	if (p->spec->openmetrics && m->unit[0] && strcmp(m->unit, m->name) != 0)
		buf_addf(p->out, "# UNIT %s %s\n", name, m->unit);
}

static void line(struct page *p, const char *family, const struct device *d, double v,
	unsigned decimals)
{
	char *start = buf_room(p->out, LINE_ROOM), *q = start;

	if (!q)
		return;
	q = digits_text(q, family);
	q = digits_text(q, "{device=\"");
	q += device_name(d, q);
	q = digits_text(q, "\",network=\"");
	q = digits_text(q, networks[sites[d->site].network].name);
	q = digits_text(q, "\",site=\"");
	q = digits_text(q, sites[d->site].name);
	q = digits_text(q, "\"} ");
	q = digits_fixed(q, v, decimals);
	*q++ = '\n';
	p->out->len += (size_t)(q - start);
}

static bool site_wanted(const struct page *p, size_t site)
{
	return (p->spec->site < 0 || p->spec->site == (int)site) &&
	       (p->spec->network < 0 || p->spec->network == sites[site].network);
}

static void up_family(struct page *p)
{
	const struct fleet *f = &p->world->fleet;

	family_head(p, "depin_up", "gauge", "1 while the device answers");
	for (size_t s = 0; s < nsites; s++)
		for (uint32_t i = f->first[s]; site_wanted(p, s) && i < f->first[s + 1]; i++) {
			struct device d = fleet_device(f, i);

			line(p, "depin_up", &d, !segment_silences(p->seg, i), 0);
		}
}

static void device_line(struct page *p, const char *family, uint32_t index, size_t metric)
{
	struct device d = fleet_device(&p->world->fleet, index);
	struct physics *ph = &p->world->physics;
	struct forces fo;

	if (segment_silences(p->seg, index))
		return;
	physics_forces(ph, &d, &p->seg->effects, p->spec->now, &fo);
	line(p, family, &d, physics_value(ph, &fo, metric), d.kind->metrics[metric].decimals);
}

/* All devices of the k-th kind of a site's network; a site deals its kinds out in turn. */
static void site_lines(struct page *p, const char *family, size_t site, size_t k, size_t metric)
{
	const struct fleet *f = &p->world->fleet;
	size_t nkinds = networks[sites[site].network].nkinds;

	for (uint32_t i = f->first[site] + (uint32_t)k; i < f->first[site + 1]; i += (uint32_t)nkinds)
		device_line(p, family, i, metric);
}

static bool same_family(const struct metric *a, const struct metric *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->unit, b->unit) == 0 &&
	       (a->shape == SHAPE_COUNTER) == (b->shape == SHAPE_COUNTER);
}

/* Everybody's lines of the family of m, which is the first of it in the tables. */
static void family_lines(struct page *p, const struct metric *m)
{
	char name[96];

	family_name(m, true, name, sizeof(name));
	for (size_t s = 0; s < nsites; s++) {
		const struct network *net = &networks[sites[s].network];

		for (size_t k = 0; site_wanted(p, s) && k < net->nkinds; k++)
			for (size_t i = 0; i < net->kinds[k]->nmetrics; i++)
				if (same_family(m, &net->kinds[k]->metrics[i]))
					site_lines(p, name, s, k, i);
	}
}

/* Calls fn for each metric of the wanted networks that is the first of its family there. */
static void each_family(struct page *p, void (*fn)(struct page *p, const struct metric *m))
{
	const struct metric *seen[NETWORKS * KINDS_PER_NETWORK * METRICS_MAX];
	size_t nseen = 0, at;

	for (int n = 0; n < NETWORKS; n++)
		for (size_t k = 0; k < networks[n].nkinds; k++)
			for (size_t i = 0; i < networks[n].kinds[k]->nmetrics; i++) {
				const struct metric *m = &networks[n].kinds[k]->metrics[i];

				if (p->spec->network >= 0 && p->spec->network != n)
					continue;
				for (at = 0; at < nseen && !same_family(m, seen[at]); at++)
					;
				if (at < nseen)
					continue;
				seen[nseen++] = m;
				fn(p, m);
			}
}

static void family(struct page *p, const struct metric *m)
{
	metric_head(p, m);
	family_lines(p, m);
}

/* So that a hopeless page is refused before it is made. */
static bool fits(const struct page *p)
{
	uint64_t devices = 0;

	for (size_t s = 0; s < nsites; s++)
		devices += site_wanted(p, s) ? fleet_site_size(&p->world->fleet, s) : 0;
	return devices * DEVICE_BYTES < p->out->max;
}

int exposition_write(struct world *w, const struct exposition_spec *s, struct buf *out)
{
	struct page p = { .world = w, .spec = s, .out = out,
		.seg = timeline_segment(&w->timeline, s->now) };

	if (!fits(&p))
		return -1;
	up_family(&p);
	each_family(&p, family);
	if (s->openmetrics)
		buf_adds(out, "# EOF\n");
	return out->full ? -1 : 0;
}
