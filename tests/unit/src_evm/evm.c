#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "evm/abi.h"
#include "evm/addr.h"
#include "evm/bloom.h"
#include "evm/keccak.h"
#include "evm/rlp.h"
#include "evm/trie.h"
#include "evm/u256.h"

static void hash_is(struct evm_hash h, const char *want)
{
	char got[67] = { 0 };
	struct buf b;

	buf_init(&b, 128);
	buf_addhex(&b, h.b, sizeof(h.b));
	memcpy(got, b.p, 66);
	buf_fini(&b);
	assert_string_equal(got, want);
}

static void test_hex(void **state)
{
	static const char *const bad[] = { "", "0", "0x", "0x00", "0x01", "1", "0xg", "x1", "0x1 ",
		"0x10000000000000000", "-0x1", "0x-1" };
	uint64_t v;
	uint8_t d[4];
	size_t n;

	assert_int_equal(hex_quantity(slice_of("0x0"), &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(hex_quantity(slice_of("0xFFffffffffffffff"), &v), 0);
	assert_true(v == UINT64_MAX);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(hex_quantity(slice_of(bad[i]), &v), -1);
	assert_int_equal(hex_data(slice_of("0x"), d, 4, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(hex_data(slice_of("0x00fF"), d, 4, &n), 0);
	assert_memory_equal(d, "\0\xff", 2);
	assert_int_equal(hex_data(slice_of("0x123"), d, 4, &n), -1);
	assert_int_equal(hex_data(slice_of("0x0102030405"), d, 4, &n), -1);
	assert_int_equal(hex_data_exact(slice_of("0x0102"), d, 3), -1);
}

static void quantity_is(uint64_t v, const char *want)
{
	struct buf b;

	buf_init(&b, 128);
	buf_addquantity(&b, v);
	assert_string_equal(b.p, want);
	buf_fini(&b);
}

static void test_hex_write(void **state)
{
	struct buf b;

	quantity_is(0, "0x0");
	quantity_is(255, "0xff");
	quantity_is(UINT64_MAX, "0xffffffffffffffff");
	buf_init(&b, 6);
	assert_int_equal(buf_addhex(&b, "\x01\xab", 2), 0);
	assert_string_equal(b.p, "0x01ab");
	assert_int_equal(buf_addhex(&b, "\x01", 1), -1);
	assert_true(b.full);
	buf_fini(&b);
}

static void dec_is(struct u256 v, const char *want)
{
	struct u256 back;
	struct buf b;

	buf_init(&b, 128);
	buf_addu256(&b, v);
	assert_string_equal(b.p, want);
	assert_int_equal(u256_from_dec(buf_slice(&b), &back), 0);
	assert_int_equal(u256_cmp(v, back), 0);
	buf_reset(&b);
	buf_addu256_hex(&b, v);
	assert_int_equal(u256_from_quantity(buf_slice(&b), &back), 0);
	assert_int_equal(u256_cmp(v, back), 0);
	buf_fini(&b);
}

#define MAX256 "115792089237316195423570985008687907853269984665640564039457584007913129639935"

static void test_u256(void **state)
{
	struct u256 max = { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } }, v;
	uint8_t be[32];

	dec_is(u256_of(0), "0");
	dec_is(u256_of(UINT64_MAX), "18446744073709551615");
	dec_is((struct u256){ { 0, 1 } }, "18446744073709551616");
	dec_is((struct u256){ { 7, 0, 0, 1 } },
		"6277101735386680763835789423207666416102355444464034512903");
	dec_is(max, MAX256);
	assert_int_equal(u256_from_dec(slice_of("11579208923731619542357098500868790785326998466"
		"5640564039457584007913129639936"), &v), -1);
	assert_int_equal(u256_from_dec(slice_of(""), &v), -1);
	assert_int_equal(u256_from_dec(slice_of("12a"), &v), -1);
	assert_int_equal(u256_from_hex(slice_of("0x"), &v), -1);
	assert_int_equal(u256_from_quantity(slice_of("0x01"), &v), -1);
	assert_int_equal(u256_from_hex(slice_of("0x0001"), &v), 0);
	assert_int_equal(u256_cmp(v, u256_of(1)), 0);
	u256_to_be(max, be);
	assert_int_equal(u256_cmp(u256_from_be(be, 32), max), 0);
	assert_int_equal(u256_from_be((const uint8_t *)"\x01\x02", 2).w[0], 0x102);
	assert_int_equal(u256_bits(max), 256);
	assert_int_equal(u256_bits((struct u256){ { 0, 1 } }), 65);
}

static void test_u256_arithmetic(void **state)
{
	struct u256 max = { { UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX } }, v;

	assert_true(u256_add(max, u256_of(1), &v));
	assert_true(u256_is_zero(v));
	assert_true(u256_sub(u256_of(0), u256_of(1), &v));
	assert_int_equal(u256_cmp(v, max), 0);
	assert_false(u256_sub((struct u256){ { 0, 0, 1 } }, u256_of(1), &v));
	assert_int_equal(u256_cmp(v, (struct u256){ { UINT64_MAX, UINT64_MAX } }), 0);
	assert_true(u256_mul_u64(max, 2, &v));
	assert_true(u256_to_f64((struct u256){ { 0, 1 } }) == 18446744073709551616.0);
}

static void units_are(const char *dec, int decimals, const char *want)
{
	struct u256 v;
	struct buf b;

	buf_init(&b, 128);
	assert_int_equal(u256_from_dec(slice_of(dec), &v), 0);
	assert_int_equal(buf_addu256_units(&b, v, decimals), 0);
	assert_string_equal(b.p, want);
	buf_fini(&b);
}

static void test_u256_units(void **state)
{
	units_are("12500000000000000000", 18, "12.5");
	units_are("1", 18, "0.000000000000000001");
	units_are("0", 18, "0");
	units_are("1000000", 6, "1");
	units_are("100", 0, "100");
	units_are(MAX256, 77,
		"1.15792089237316195423570985008687907853269984665640564039457584007913129639935");
}

/* --- RLP */

static void rlp_is(struct buf *b, const char *want)
{
	struct buf h;

	buf_init(&h, 4096);
	buf_addhex(&h, b->p, b->len);
	assert_string_equal(h.p, want);
	buf_fini(&h);
	buf_reset(b);
}

static void test_rlp_write(void **state)
{
	struct buf b;
	size_t m, k;

	buf_init(&b, 4096);
	rlp_bytes(&b, "dog", 3);
	rlp_is(&b, "0x83646f67");
	rlp_bytes(&b, NULL, 0);
	rlp_is(&b, "0x80");
	rlp_u64(&b, 0);
	rlp_is(&b, "0x80");
	rlp_u64(&b, 15);
	rlp_is(&b, "0x0f");
	rlp_u64(&b, 1024);
	rlp_is(&b, "0x820400");
	rlp_bytes(&b, "\0", 1);
	rlp_is(&b, "0x00");
	m = rlp_open(&b); /* [[], "cat"] */
	k = rlp_open(&b);
	rlp_close(&b, k);
	rlp_bytes(&b, "cat", 3);
	rlp_close(&b, m);
	rlp_is(&b, "0xc5c083636174");
	m = rlp_open(&b);
	rlp_bytes(&b, "Lorem ipsum dolor sit amet, consectetur adipisicing elit", 56);
	rlp_close(&b, m);
	assert_memory_equal(b.p, "\xf8\x3a\xb8\x38Lorem", 9);
	assert_int_equal(b.len, 60);
	buf_fini(&b);
}

static void test_rlp_read_refuses(void **state)
{
	static const struct {
		const char *p;
		size_t n;
	} bad[] = {
		{ "", 0 },
		{ "\x81\x05", 2 },		/* needs no prefix */
		{ "\x83" "ab", 3 },		/* cut off */
		{ "\xb8\x02" "ab", 4 },		/* long form of a short string */
		{ "\xb9\x00\x38", 3 },		/* leading zero */
		{ "\xbf\xff\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ "\xb8", 1 },
		{ "\x05\x05", 2 }, /* more than one */
		{ "\x81", 1 },
	};
	struct rlp r;
	struct err e;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(rlp_whole(slice_mem(bad[i].p, bad[i].n), &r, &e), -1);
}

static void test_rlp_integers(void **state)
{
	struct slice in = slice_mem("\x82\x00\x01", 3), body;
	uint64_t v;
	struct err e;

	assert_int_equal(rlp_next_u64(&in, &v, &e), -1); /* leading zero */
	in = slice_mem("\x89\x01\0\0\0\0\0\0\0\0", 10);
	assert_int_equal(rlp_next_u64(&in, &v, &e), -1);
	in = slice_mem("\x82\x01\x00\x80\xc0", 5);
	assert_int_equal(rlp_next_u64(&in, &v, &e), 0);
	assert_int_equal(v, 256);
	assert_int_equal(rlp_next_u64(&in, &v, &e), 0);
	assert_int_equal(v, 0);
	assert_int_equal(rlp_next_u64(&in, &v, &e), -1); /* a list */
	in = slice_mem("\xc2\x05\x80\x06", 4);
	assert_int_equal(rlp_next_list(&in, &body, &e), 0);
	assert_true(slice_eq(body, slice_mem("\x05\x80", 2)));
	assert_int_equal(rlp_next_list(&in, &body, &e), -1);
}

/* --- addresses, ABI, tries, bloom */

static void test_addr(void **state)
{
	struct evm_addr a;
	char s[ADDR_TEXT];
	struct err e;

	assert_int_equal(addr_parse(slice_of("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"), &a, &e), 0);
	addr_text(&a, s);
	assert_string_equal(s, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
	assert_int_equal(addr_parse(slice_of(s), &a, &e), 0);
	s[3] = 'b'; /* the checksum breaks */
	assert_int_equal(addr_parse(slice_of(s), &a, &e), -1);
	assert_non_null(strstr(e.text, "checksum"));
	assert_int_equal(addr_parse(slice_of("0xFB6916095CA1DF60BB79CE92CE3EA74C37C5D359"), &a, &e), 0);
	assert_int_equal(addr_parse(slice_of("0xfb69"), &a, &e), -1);
}

static void test_addr_of_create(void **state)
{
	struct evm_addr a;
	char s[ADDR_TEXT];
	struct err e;

	assert_int_equal(addr_parse(slice_of("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"), &a, &e), 0);
	a = addr_of_create(&a, 1);
	addr_text(&a, s);
	assert_string_equal(s, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8");
}

static void test_trie(void **state)
{
	struct evm_pair dogs[] = {
		{ slice_of("doe"), slice_of("reindeer") },
		{ slice_of("dog"), slice_of("puppy") },
		{ slice_of("dogglesworth"), slice_of("cat") },
	};
	struct evm_pair puppy[] = {
		{ slice_of("do"), slice_of("verb") },
		{ slice_of("horse"), slice_of("stallion") },
		{ slice_of("doge"), slice_of("coin") },
		{ slice_of("dog"), slice_of("puppy") },
	};
	struct evm_pair foo[] = {
		{ slice_of("foo"), slice_of("bar") },
		{ slice_of("food"), slice_of("bass") },
	};

	hash_is(evm_trie_root(dogs, 3),
		"0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3");
	hash_is(evm_trie_root(puppy, 4),
		"0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84");
	hash_is(evm_trie_root(foo, 2),
		"0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3");
	hash_is(evm_trie_root(NULL, 0),
		"0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
	hash_is(evm_empty_ommers(),
		"0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
}

static void test_abi_roundtrip(void **state)
{
	struct evm_addr who = { { 1, 2, 3 } }, a;
	struct slice s, block;
	struct abi enc;
	struct buf b;
	struct err e;
	uint64_t v;
	bool flag;

	buf_init(&b, 4096);
	abi_init(&enc, 5, 1024);
	abi_put_u64(&enc, 42);
	abi_put_bytes(&enc, slice_of("a device's name that is longer than one word"));
	abi_put_addr(&enc, &who);
	abi_put_bool(&enc, true);
	abi_put_bytes(&enc, slice_of(""));
	assert_int_equal(abi_finish(&enc, &b), 0);
	assert_int_equal(b.len, 5 * 32 + 32 + 64 + 32);
	block = buf_slice(&b);
	assert_int_equal(abi_get_u64(block, 0, &v, &e), 0);
	assert_int_equal(v, 42);
	assert_int_equal(abi_get_bytes(block, 1, &s, &e), 0);
	assert_true(slice_is(s, "a device's name that is longer than one word"));
	assert_int_equal(abi_get_addr(block, 2, &a, &e), 0);
	assert_memory_equal(&a, &who, sizeof(a));
	assert_int_equal(abi_get_bool(block, 3, &flag, &e), 0);
	assert_true(flag);
	assert_int_equal(abi_get_bytes(block, 4, &s, &e), 0);
	assert_int_equal(s.n, 0);
	assert_int_equal(abi_get_u64(block, b.len / 32, &v, &e), -1);
	assert_int_equal(abi_get_bool(block, 0, &flag, &e), -1);
	buf_fini(&b);
}

static void test_abi_hostile(void **state)
{
	uint8_t d[64] = { 0 };
	struct slice block = slice_mem(d, sizeof(d)), s;
	struct err e;

	memset(d, 0xff, 32);
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), -1); /* offset beyond 64 bits */
	memset(d, 0, 32);
	d[31] = 65;
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), -1); /* points outside */
	d[31] = 64;
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), -1); /* no room for the length */
	d[31] = 32;
	d[63] = 1;
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), -1); /* no room for the byte */
	memset(d + 32, 0xff, 32);
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), -1);
	d[31] = 0; /* points at itself: length 0 */
	assert_int_equal(abi_get_bytes(block, 0, &s, &e), 0);
}

static void test_bloom(void **state)
{
	struct evm_bloom f = { { 0 } }, g = { { 0 } };

	bloom_add(&f, "contract", 8);
	assert_true(bloom_test(&f, "contract", 8));
	assert_false(bloom_test(&f, "other", 5));
	bloom_merge(&g, &f);
	assert_memory_equal(&f, &g, sizeof(f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_hex_write),
		cmocka_unit_test(test_u256),
		cmocka_unit_test(test_u256_arithmetic),
		cmocka_unit_test(test_u256_units),
		cmocka_unit_test(test_rlp_write),
		cmocka_unit_test(test_rlp_read_refuses),
		cmocka_unit_test(test_rlp_integers),
		cmocka_unit_test(test_addr),
		cmocka_unit_test(test_addr_of_create),
		cmocka_unit_test(test_trie),
		cmocka_unit_test(test_abi_roundtrip),
		cmocka_unit_test(test_abi_hostile),
		cmocka_unit_test(test_bloom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
