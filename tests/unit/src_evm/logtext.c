/* Logs in words, from blocks written by the ABI's own writer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "evm/abi.h"
#include "evm/logtext.h"

struct say {
	uint8_t topics[4][32];
	size_t n;
	struct abi abi;
	struct buf data, text;
};

static void begin(struct say *s, const char *signature, size_t words)
{
	memset(s, 0, sizeof(*s));
	memcpy(s->topics[s->n++], abi_topic(signature).b, 32);
	abi_init(&s->abi, words, 1 << 16);
	buf_init(&s->data, 1 << 16);
	buf_init(&s->text, 1 << 16);
}

static void topic(struct say *s, uint8_t first, uint8_t last)
{
	s->topics[s->n][12] = first;
	s->topics[s->n++][31] = last;
}

static const char *said(struct say *s)
{
	assert_int_equal(abi_finish(&s->abi, &s->data), 0);
	return logtext((const uint8_t(*)[32])s->topics, s->n, buf_slice(&s->data), &s->text) ? s->text.p
											   : NULL;
}

static void end(struct say *s)
{
	buf_fini(&s->data);
	buf_fini(&s->text);
}

static void tokens(void **state)
{
	struct say s;

	begin(&s, "Transfer(address,address,uint256)", 1);
	topic(&s, 0, 1);
	topic(&s, 0, 2);
	abi_put_u64(&s.abi, 1000);
	assert_string_equal(said(&s), "Transfer from 0x0000000000000000000000000000000000000001 to "
				      "0x0000000000000000000000000000000000000002 value 1000");
	end(&s);
	begin(&s, "Transfer(address,address,uint256)", 0); /* of one token that is like no other */
	topic(&s, 0, 1);
	topic(&s, 0, 2);
	topic(&s, 0, 77);
	assert_non_null(strstr(said(&s), " token 77"));
	end(&s);
}

static void votes(void **state)
{
	struct say s;

	begin(&s, "VoteCast(address,uint256,uint8,uint256,string)", 4);
	topic(&s, 0, 9);
	abi_put_u64(&s.abi, 42);
	abi_put_u64(&s.abi, 1);
	abi_put_u64(&s.abi, 1200);
	abi_put_bytes(&s.abi, slice_of("cheaper\033[2J"));
	assert_string_equal(said(&s), "VoteCast by 0x0000000000000000000000000000000000000009 "
				      "proposal 42 for weight 1200 reason cheaper\033[2J");
	end(&s);
	begin(&s, "ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,"
		  "uint256,string)", 9);
	abi_put_u64(&s.abi, 42);
	abi_put_u64(&s.abi, 7);
	for (int i = 0; i < 4; i++)
		abi_put_bytes(&s.abi, slice_of(""));
	abi_put_u64(&s.abi, 100);
	abi_put_u64(&s.abi, 200);
	abi_put_bytes(&s.abi, slice_of("Lower the tariff"));
	assert_string_equal(said(&s), "ProposalCreated proposal 42 by "
				      "0x0000000000000000000000000000000000000007 from 100 to 200 "
				      "text Lower the tariff");
	end(&s);
}

static void registries(void **state)
{
	struct say s;

	begin(&s, "DeviceRegistered(bytes32,address,string)", 1);
	topic(&s, 1, 1);
	topic(&s, 0, 2);
	abi_put_bytes(&s.abi, slice_of("urn:depin:compute:gpu-1"));
	assert_string_equal(said(&s), "DeviceRegistered id 0x000000000000… owner "
				      "0x0000000000000000000000000000000000000002 uri "
				      "urn:depin:compute:gpu-1");
	end(&s);
}

static void what_is_not_as_it_says_is_not_told(void **state)
{
	struct say s;

	begin(&s, "Transfer(address,address,uint256)", 0); /* no value */
	topic(&s, 0, 1);
	topic(&s, 0, 2);
	assert_null(said(&s));
	assert_int_equal(s.text.len, 0);
	end(&s);
	begin(&s, "Transfer(address,address,uint256)", 1); /* an address of 32 bytes */
	topic(&s, 0, 1);
	memset(s.topics[1], 0xff, 32);
	topic(&s, 0, 2);
	abi_put_u64(&s.abi, 1);
	assert_null(said(&s));
	end(&s);
	begin(&s, "Unheard(uint256)", 1);
	abi_put_u64(&s.abi, 1);
	assert_null(said(&s));
	end(&s);
	assert_false(logtext(NULL, 0, slice_of(""), &s.text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens),
		cmocka_unit_test(votes),
		cmocka_unit_test(registries),
		cmocka_unit_test(what_is_not_as_it_says_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
