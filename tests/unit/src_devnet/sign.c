/*
 * Device signatures, checked the way a stranger would: from the frame's text, the extension's
 * description and the key in the birth, with none of the devnet's own digesting.
 */
#include "run.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static struct world w;

/* The value's bytes as they stand in the frame. */
static struct slice raw_data(const char *text, size_t n)
{
	const char *p = memmem(text, n, "\"data\":", 7), *end;
	int depth = 0;

	p += 7;
	end = p;
	do
		depth += *end == '{' ? 1 : *end == '}' ? -1 : 0;
	while (++end && depth);
	return slice_mem(p, (size_t)(end - p));
}

static size_t unbase64(const char *s, unsigned char *out, size_t n)
{
	size_t len;

	assert_int_equal(sodium_base642bin(out, n, s, strlen(s), NULL, &len, NULL,
				 sodium_base64_VARIANT_ORIGINAL), 0);
	return len;
}

static void hash_part(unsigned char *at, const void *p, size_t n)
{
	crypto_hash_sha256(at, p, n);
}

static void core_of(const json_t *o, struct slice data, unsigned char out[32])
{
	static const char *const names[] = { "id", "source", "specversion", "type",
		"datacontenttype", "dataschema", "subject" };
	unsigned char all[9][32];
	char time[32];

	for (size_t i = 0; i < 7; i++) {
		const char *v = json_str(o, names[i], "");

		hash_part(all[i], v, strlen(v));
	}
	snprintf(time, sizeof(time), "%.19sZ", json_str(o, "time", ""));
	hash_part(all[7], time, strlen(time));
	hash_part(all[8], data.p, data.n);
	crypto_hash_sha256(out, all[0], sizeof(all));
}

static void check_ext(const json_t *o, const json_t *vm)
{
	const char *seq = json_str(o, "sequence", NULL);
	unsigned char h[32], want[32], got[64];

	if (!seq) {
		assert_null(json_object_get(vm, "ext"));
		return;
	}
	hash_part(h, seq, strlen(seq));
	crypto_hash_sha256(want, h, sizeof(h));
	assert_int_equal(unbase64(json_str(vm, "ext", ""), got, sizeof(got)), 32);
	assert_memory_equal(got, want, 32);
	assert_string_equal(json_string_value(json_array_get(json_object_get(vm, "signedextattrs"), 0)),
		"sequence");
}

/* 0: the signature is good for this frame and key. */
static int verify(const char *text, size_t n, const unsigned char *key)
{
	unsigned char envelope[2048], payload[512], sig[64], core[32], got[64];
	struct err e;
	json_t *o = json_load(slice_mem(text, n), &e), *dsse, *vm;
	const char *type = "https://cloudevents.io/verifiability/dsse/v0.1";
	char pae[1024];
	size_t len, plen;
	int rc;

	assert_non_null(o);
	len = unbase64(json_str(o, "dssematerial", ""), envelope, sizeof(envelope));
	dsse = json_load(slice_mem(envelope, len), &e);
	assert_non_null(dsse);
	assert_string_equal(json_str(dsse, "payloadType", ""), type);
	plen = unbase64(json_str(dsse, "payload", ""), payload, sizeof(payload));
	vm = json_load(slice_mem(payload, plen), &e);
	assert_non_null(vm);
	core_of(o, raw_data(text, n), core);
	assert_int_equal(unbase64(json_str(vm, "core", ""), got, sizeof(got)), 32);
	rc = memcmp(got, core, 32);
	if (rc == 0)
		check_ext(o, vm);
	assert_int_equal(unbase64(json_str(json_array_get(json_object_get(dsse, "signatures"), 0),
					  "sig", ""), sig, sizeof(sig)), 64);
	len = (size_t)snprintf(pae, sizeof(pae), "DSSEv1 %zu %s %zu ", strlen(type), type, plen);
	memcpy(pae + len, payload, plen);
	if (crypto_sign_verify_detached(sig, (unsigned char *)pae, len + plen, key) != 0)
		rc = -1;
	json_decref(vm);
	json_decref(dsse);
	json_decref(o);
	return rc;
}

static void key_in_birth(uint32_t device, unsigned char key[32])
{
	char text[FRAME_MAX];
	struct err e;
	json_t *o = json_load(slice_mem(text,
			frame_snapshot(&w, EV_BIRTH, device, 1, EPOCH, text)), &e);
	const char *hex = json_str(json_object_get(o, "data"), "key", "");

	assert_int_equal(strncmp(hex, "ed25519:", 8), 0);
	assert_int_equal(sodium_hex2bin(key, 32, hex + 8, 64, NULL, NULL, NULL), 0);
	json_decref(o);
}

static void test_signed_events_verify(void **state)
{
	struct run_spec spec = run_spec(200, 50);
	int good = 0, unsigned_ones = 0;
	char text[FRAME_MAX];
	struct cursor c;
	struct event ev;

	spec.scenarios = "overheat@2s+50s,outage@5s+5s";
	run_start(&w, &spec);
	run_to(&w, 60000);
	cursor_seek(&w.timeline, &c, 1);
	while (cursor_next(&w.timeline, &c, INT64_MAX, &ev)) {
		struct device d = fleet_device(&w.fleet, ev.device);
		size_t n = frame_event(&w, &ev, text);
		unsigned char key[32];

		if (!memmem(text, n, "dssematerial", 12)) {
			assert_true(ev.type == EV_DEATH || !device_signs(&w.fleet, &d));
			unsigned_ones++;
			continue;
		}
		assert_true(device_signs(&w.fleet, &d));
		key_in_birth(ev.device, key);
		assert_int_equal(verify(text, n, key), 0);
		good++;
		if (ev.type == EV_TELEMETRY) { /* one digit changed on the way */
			char *digit = memmem(text, n, "\"m\":{", 5);

			while (*digit < '0' || *digit > '9')
				digit++;
			*digit = *digit == '5' ? '6' : '5';
			assert_int_not_equal(verify(text, n, key), 0);
		}
	}
	assert_true(good > 100);
	assert_true(unsigned_ones > good * 5);
	world_fini(&w);
}

static void test_keys_differ_and_follow_the_seed(void **state)
{
	struct run_spec spec = run_spec(200, 50);
	unsigned char a[32], b[32], c[32];

	run_start(&w, &spec);
	key_in_birth(8, a);
	key_in_birth(24, b);
	world_fini(&w);
	run_start(&w, &spec);
	key_in_birth(8, c);
	world_fini(&w);
	assert_memory_not_equal(a, b, 32);
	assert_memory_equal(a, c, 32);
}

static void test_nobody_signs_when_told_so(void **state)
{
	struct run_spec spec = run_spec(200, 50);

	spec.sign_share = 0;
	run_start(&w, &spec);
	for (uint32_t i = 0; i < 200; i++) {
		struct device d = fleet_device(&w.fleet, i);

		assert_false(device_signs(&w.fleet, &d));
	}
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed_events_verify),
		cmocka_unit_test(test_keys_differ_and_follow_the_seed),
		cmocka_unit_test(test_nobody_signs_when_told_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
