#include "devnet/ethlogs.h"

#include "base/hex.h"

static int parse_hex(const json_t *v, uint8_t *out, size_t n, const char *what, struct err *e)
{
	if (!json_is_string(v) || hex_data_exact(slice_mem(json_string_value(v),
				json_string_length(v)), out, n) < 0)
		return err_set(e, ERR_USAGE, "invalid %s in the filter: want %zu bytes of hex", what, n);
	return 0;
}

/* null, one value, or an array of them, into items of n bytes each. */
static int parse_any(const json_t *v, uint8_t *out, size_t n, size_t *count, const char *what,
	struct err *e)
{
	*count = 0;
	if (!v || json_is_null(v))
		return 0;
	if (!json_is_array(v)) {
		*count = 1;
		return parse_hex(v, out, n, what, e);
	}
	if (json_array_size(v) > ETHLOGS_ANY)
		return err_set(e, ERR_REFUSED, "more than %d alternatives in the filter", ETHLOGS_ANY);
	for (size_t i = 0; i < json_array_size(v); i++, ++*count)
		if (parse_hex(json_array_get(v, i), out + i * n, n, what, e) < 0)
			return -1;
	return 0;
}

int log_filter_parse(const json_t *o, struct log_filter *f, struct err *e)
{
	const json_t *topics = json_object_get(o, "topics");

	*f = (struct log_filter){ 0 };
	if (parse_any(json_object_get(o, "address"), f->addrs[0].b, sizeof(f->addrs[0]), &f->naddrs,
		    "address", e) < 0)
		return -1;
	if (!topics || json_is_null(topics))
		return 0;
	if (!json_is_array(topics) || json_array_size(topics) > 4)
		return err_set(e, ERR_USAGE, "topics must be an array of at most 4");
	for (size_t i = 0; i < json_array_size(topics); i++)
		if (parse_any(json_array_get(topics, i), f->topics[i].v[0].b,
			    sizeof(f->topics[i].v[0]), &f->topics[i].n, "topic", e) < 0)
			return -1;
	return 0;
}

static bool match_addr(const struct log_filter *f, const struct evm_addr *a)
{
	for (size_t i = 0; i < f->naddrs; i++)
		if (memcmp(f->addrs[i].b, a->b, sizeof(a->b)) == 0)
			return true;
	return f->naddrs == 0;
}

static bool match_topic(const struct log_filter *f, size_t at, const struct evm_log *l)
{
	if (f->topics[at].n == 0)
		return true;
	for (size_t i = 0; at < l->ntopics && i < f->topics[at].n; i++)
		if (evm_hash_eq(&f->topics[at].v[i], &l->topics[at]))
			return true;
	return false;
}

bool log_filter_match(const struct log_filter *f, const struct evm_log *l)
{
	for (size_t i = 0; i < 4; i++)
		if (!match_topic(f, i, l))
			return false;
	return match_addr(f, &l->addr);
}

bool log_filter_may(const struct log_filter *f, const struct evm_bloom *bloom)
{
	bool may = f->naddrs == 0;

	for (size_t i = 0; i < f->naddrs && !may; i++)
		may = bloom_test(bloom, f->addrs[i].b, sizeof(f->addrs[i].b));
	for (size_t at = 0; at < 4 && may; at++) {
		may = f->topics[at].n == 0;
		for (size_t i = 0; i < f->topics[at].n && !may; i++)
			may = bloom_test(bloom, f->topics[at].v[i].b, 32);
	}
	return may;
}
