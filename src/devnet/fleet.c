#include "devnet/fleet.h"

#include "base/alloc.h"
#include "devnet/digits.h"
#include "devnet/noise.h"

/* Hands n things to `parts` takers as evenly as it goes: what the i-th gets. */
static uint32_t even_part(uint32_t n, uint32_t parts, uint32_t i)
{
	return n / parts + (i < n % parts);
}

static uint32_t sites_of(uint8_t network)
{
	uint32_t n = 0;

	for (size_t s = 0; s < nsites; s++)
		n += sites[s].network == network;
	return n;
}

/* Shares are rounded from their running sum, so that they add up to the whole. */
static uint32_t network_end(uint32_t ndevices, uint8_t network)
{
	uint32_t percent = 0;

	for (uint8_t i = 0; i <= network; i++)
		percent += networks[i].share;
	return (uint32_t)((uint64_t)ndevices * percent / 100);
}

void fleet_init(struct fleet *f, uint64_t seed, uint32_t ndevices, uint32_t sign_share)
{
	uint32_t next = 0, start = 0, nth = 0;

	if (nsites > FLEET_SITES_MAX)
		BUG("%zu sites", nsites);
	*f = (struct fleet){ .seed = seed, .ndevices = ndevices, .sign_share = sign_share };
	for (size_t s = 0; s < nsites; s++, nth++) {
		if (s > 0 && sites[s].network != sites[s - 1].network) {
			start = next;
			nth = 0;
		}
		f->first[s] = next;
		next += even_part(network_end(ndevices, sites[s].network) - start,
			sites_of(sites[s].network), nth);
	}
	f->first[nsites] = next;
	if (next != ndevices)
		BUG("%u of %u devices have a site", next, ndevices);
}

static uint8_t site_of(const struct fleet *f, uint32_t index)
{
	size_t lo = 0, hi = nsites;

	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;

		if (f->first[mid] <= index)
			lo = mid;
		else
			hi = mid;
	}
	return (uint8_t)lo;
}

struct device fleet_device(const struct fleet *f, uint32_t index)
{
	struct device d = { .index = index, .site = site_of(f, index) };
	const struct network *net = &networks[sites[d.site].network];

	d.number = index - f->first[d.site] + 1;
	d.kind = net->kinds[(d.number - 1) % net->nkinds];
	d.key = noise_mix(f->seed, 0xdef1ce00000000u + index);
	return d;
}

uint32_t fleet_site_size(const struct fleet *f, size_t site)
{
	return f->first[site + 1] - f->first[site];
}

int fleet_site(struct slice name)
{
	for (size_t s = 0; s < nsites; s++)
		if (slice_is(name, sites[s].name))
			return (int)s;
	return -1;
}

int fleet_network(struct slice name)
{
	for (int i = 0; i < NETWORKS; i++)
		if (slice_is(name, networks[i].name))
			return i;
	return -1;
}

/* Names are made, not kept: of each site, the one device that these digits can mean. */
static int64_t find_in_site(const struct fleet *f, size_t site, struct slice name, uint32_t number)
{
	char text[DEVICE_NAME_MAX];
	struct device d;

	if (number == 0 || number > fleet_site_size(f, site))
		return -1;
	d = fleet_device(f, f->first[site] + number - 1);
	return slice_eq(name, slice_mem(text, device_name(&d, text))) ? (int64_t)d.index : -1;
}

int64_t fleet_find(const struct fleet *f, struct slice name)
{
	uint32_t number = 0;
	size_t i = name.n;

	if (name.n >= DEVICE_NAME_MAX)
		return -1;
	while (i > 0 && name.p[i - 1] >= '0' && name.p[i - 1] <= '9')
		i--;
	for (size_t j = i; j < name.n && number < FLEET_MAX; j++)
		number = number * 10 + (uint32_t)(name.p[j] - '0');
	for (size_t s = 0; s < nsites; s++) {
		int64_t index = find_in_site(f, s, name, number);

		if (index >= 0)
			return index;
	}
	return -1;
}

size_t device_name(const struct device *d, char out[DEVICE_NAME_MAX])
{
	char *p = digits_text(out, d->kind->prefix);

	*p++ = '-';
	p = digits_text(p, sites[d->site].code);
	*p++ = '-';
	p = digits_u64(p, d->number, 4);
	*p = '\0';
	return (size_t)(p - out);
}

const char *device_firmware(const struct device *d)
{
	uint64_t r = noise_pick(d->key, 0xf1, 100); /* most are up to date */

	return d->kind->models[r < 8 ? 0 : r < 35 ? 1 : 2];
}

void device_place(const struct device *d, double *lat, double *lon)
{
	*lat = sites[d->site].lat + 0.04 * noise_unit(d->key, 0x1a7);
	*lon = sites[d->site].lon + 0.06 * noise_unit(d->key, 0x109);
}

bool device_signs(const struct fleet *f, const struct device *d)
{
	return f->sign_share && d->index % f->sign_share == f->sign_share / 2;
}
