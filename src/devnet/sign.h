/*
 * Devices that sign: Ed25519 keys derived from the seed, and the CloudEvents extension
 * `dssematerial` (a DSSE envelope over digests of the event's attributes and data).  The data
 * is what stands in the frame, byte for byte.  libsodium is known here only.
 */
#ifndef DEVNET_SIGN_H
#define DEVNET_SIGN_H

#include "base/slice.h"
#include "devnet/fleet.h"

#define SIGN_KEY_BYTES	  32
#define SIGN_MATERIAL_MAX 1024

struct signer {
	const struct fleet *fleet;
	unsigned char (*keys)[64]; /* made when first needed; all zero before */
};

/* The attributes that a signature covers; absent ones are empty.  time: whole seconds, Z. */
struct signed_event {
	struct slice id, source, type, datacontenttype, subject, time, data;
	struct slice sequence;
};

void signer_init(struct signer *s, const struct fleet *f);
void signer_fini(struct signer *s);
void signer_public(struct signer *s, const struct device *d, unsigned char out[SIGN_KEY_BYTES]);
/* Writes the attribute's value (base64, not terminated), returns its length. */
size_t signer_material(struct signer *s, const struct device *d, const struct signed_event *ev,
	char out[SIGN_MATERIAL_MAX]);

#endif
