/* Ledger records from whatever JSON: blocks, logs, quantities, notices, errors. */
#include <stdint.h>
#include <stdlib.h>

#include "base/hex.h"
#include "base/json.h"
#include "wire/ethrpc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_log(const json_t *v)
{
	struct buf bytes, back;
	struct eth_log l;
	struct err e;

	if (eth_log_decode(v, &l, &e) < 0)
		return;
	if (l.topics_n > 4)
		abort();
	buf_init(&bytes, ETH_LOG_DATA_MAX);
	buf_init(&back, 2 * ETH_LOG_DATA_MAX + 2);
	if (eth_log_data(&l, &bytes, &e) < 0 || buf_addhex(&back, bytes.p, bytes.len) < 0)
		abort();
	if (back.len != l.data.n || strncasecmp(back.p, l.data.p, l.data.n) != 0)
		abort();
	buf_fini(&bytes);
	buf_fini(&back);
}

static void check(const json_t *v)
{
	const char *subscription;
	const json_t *result;
	struct eth_block b;
	uint64_t q;
	struct err e;
	struct buf out;

	buf_init(&out, 1 << 24);
	eth_block_decode(v, &b, &e);
	check_log(v);
	if (eth_quantity(v, "it", &q, &e) == 0) {
		buf_addquantity(&out, q);
		if (strcasecmp(out.p, json_string_value(v)) != 0)
			abort();
	}
	eth_notice(v, &subscription, &result, &e);
	buf_reset(&out);
	eth_error_text(v, &out);
	if (memchr(out.p, '\n', out.len))
		abort();
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	json_t *v = json_load(slice_mem(data, n), NULL), *one;
	size_t i;

	if (!v)
		return 0;
	check(v);
	json_array_foreach(v, i, one)
		check(one);
	json_decref(v);
	return 0;
}
