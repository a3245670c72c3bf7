#include "devnet/sign.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"

#define PAYLOAD_TYPE "https://cloudevents.io/verifiability/dsse/v0.1"
#define B64_32	     45 /* 32 bytes in base64, with the NUL */
#define B64_64	     89

void signer_init(struct signer *s, const struct fleet *f)
{
	*s = (struct signer){ .fleet = f };
	if (sodium_init() < 0)
		BUG("libsodium does not start");
	if (f->sign_share)
		s->keys = xcalloc(f->ndevices / f->sign_share + 1, sizeof(*s->keys));
}

void signer_fini(struct signer *s)
{
	free(s->keys);
	*s = (struct signer){ 0 };
}

static const unsigned char *key_of(struct signer *s, const struct device *d)
{
	unsigned char *key = s->keys[d->index / s->fleet->sign_share];
	unsigned char seed[32], pub[32];
	uint64_t what[2] = { s->fleet->seed, d->index };

	if (sodium_is_zero(key, 64)) {
		crypto_generichash(seed, sizeof(seed), (const unsigned char *)what, sizeof(what),
			(const unsigned char *)"depinctl devnet device", 22);
		crypto_sign_seed_keypair(pub, key, seed);
	}
	return key;
}

void signer_public(struct signer *s, const struct device *d, unsigned char out[SIGN_KEY_BYTES])
{
	crypto_sign_ed25519_sk_to_pk(out, key_of(s, d));
}

static void add_digest(crypto_hash_sha256_state *all, struct slice part)
{
	unsigned char h[32];

	crypto_hash_sha256(h, (const unsigned char *)(part.n ? part.p : ""), part.n);
	crypto_hash_sha256_update(all, h, sizeof(h));
}

/* SHA-256 over the digests of the core attributes and the data, in the extension's order. */
static void digest_core(const struct signed_event *ev, char out[B64_32])
{
	const struct slice parts[] = { ev->id, ev->source, { "1.0", 3 }, ev->type,
		ev->datacontenttype, { "", 0 } /* dataschema */, ev->subject, ev->time, ev->data };
	crypto_hash_sha256_state all;
	unsigned char h[32];

	crypto_hash_sha256_init(&all);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		add_digest(&all, parts[i]);
	crypto_hash_sha256_final(&all, h);
	sodium_bin2base64(out, B64_32, h, sizeof(h), sodium_base64_VARIANT_ORIGINAL);
}

static void digest_sequence(struct slice sequence, char out[B64_32])
{
	crypto_hash_sha256_state all;
	unsigned char h[32];

	crypto_hash_sha256_init(&all);
	add_digest(&all, sequence);
	crypto_hash_sha256_final(&all, h);
	sodium_bin2base64(out, B64_32, h, sizeof(h), sodium_base64_VARIANT_ORIGINAL);
}

static int verification_material(const struct signed_event *ev, char *out, size_t n)
{
	char core[B64_32], ext[B64_32];

	digest_core(ev, core);
	if (!ev->sequence.n)
		return snprintf(out, n, "{\"core\":\"%s\"}", core);
	digest_sequence(ev->sequence, ext);
	return snprintf(out, n, "{\"core\":\"%s\",\"ext\":\"%s\",\"signedextattrs\":[\"sequence\"]}",
		core, ext);
}

static void sign_payload(const unsigned char *key, const char *vm, int n, char out[B64_64])
{
	unsigned char sig[64];
	char pae[512];
	int len = snprintf(pae, sizeof(pae), "DSSEv1 %zu " PAYLOAD_TYPE " %d %s",
		sizeof(PAYLOAD_TYPE) - 1, n, vm);

	crypto_sign_detached(sig, NULL, (const unsigned char *)pae, (unsigned long long)len, key);
	sodium_bin2base64(out, B64_64, sig, sizeof(sig), sodium_base64_VARIANT_ORIGINAL);
}

size_t signer_material(struct signer *s, const struct device *d, const struct signed_event *ev,
	char out[SIGN_MATERIAL_MAX])
{
	const unsigned char *key = key_of(s, d);
	char vm[256], payload[360], sig[B64_64], keyid[17], envelope[700];
	int n = verification_material(ev, vm, sizeof(vm));

	sodium_bin2base64(payload, sizeof(payload), (unsigned char *)vm, (size_t)n,
		sodium_base64_VARIANT_ORIGINAL);
	sign_payload(key, vm, n, sig);
	sodium_bin2hex(keyid, sizeof(keyid), key + 32, 8);
	n = snprintf(envelope, sizeof(envelope),
		"{\"payload\":\"%s\",\"payloadType\":\"" PAYLOAD_TYPE
		"\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"%s\"}]}",
		payload, keyid, sig);
	sodium_bin2base64(out, SIGN_MATERIAL_MAX, (unsigned char *)envelope, (size_t)n,
		sodium_base64_VARIANT_ORIGINAL);
	return sodium_base64_encoded_len((size_t)n, sodium_base64_VARIANT_ORIGINAL) - 1;
}
