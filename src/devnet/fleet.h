/*
 * The devices.  Nothing is stored for one: index, name, site, kind and keys follow from the
 * seed and its number, so a million cost no more memory than ten.  Indices run network by
 * network and site by site; a site's devices are one range.
 */
#ifndef DEVNET_FLEET_H
#define DEVNET_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "devnet/kinds.h"

#define FLEET_MAX	1000000u
#define FLEET_SITES_MAX 64
#define DEVICE_NAME_MAX 32

struct fleet {
	uint64_t seed;
	uint32_t ndevices;
	uint32_t sign_share;		      /* one device in so many signs; 0: none */
	uint32_t first[FLEET_SITES_MAX + 1]; /* of each site; the last is ndevices */
};

struct device {
	uint32_t index, number; /* number: within the site, from 1 */
	uint8_t site;
	const struct kind *kind;
	uint64_t key;
};

void fleet_init(struct fleet *f, uint64_t seed, uint32_t ndevices, uint32_t sign_share);
struct device fleet_device(const struct fleet *f, uint32_t index);
uint32_t fleet_site_size(const struct fleet *f, size_t site);
/* The site of this name, or -1. */
int fleet_site(struct slice name);
int fleet_network(struct slice name);
/* The index of the device of this name, or -1. */
int64_t fleet_find(const struct fleet *f, struct slice name);

/* "gpu-fra2-0417"; returns its length. */
size_t device_name(const struct device *d, char out[DEVICE_NAME_MAX]);
const char *device_firmware(const struct device *d);
void device_place(const struct device *d, double *lat, double *lon);
bool device_signs(const struct fleet *f, const struct device *d);

#endif
