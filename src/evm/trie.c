#include "evm/trie.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "evm/rlp.h"

/*
 * A node is written at the end of one buffer; a child follows its parent's bytes so far and is
 * at once replaced there by its hash if it is 32 bytes or longer.  Neither nodes nor
 * levels need memory of their own.
 */
struct trie {
	struct buf out;
	const struct evm_pair *pairs;
};

static unsigned nibble(struct slice key, size_t i)
{
	return (uint8_t)key.p[i / 2] >> (i % 2 ? 0 : 4) & 15;
}

/* Nibbles [from, to) of key with the hex-prefix flag. */
static void put_path(struct buf *out, struct slice key, size_t from, size_t to, bool leaf)
{
	uint8_t path[TRIE_KEY_MAX + 1];
	size_t n = 0;
	unsigned flag = leaf ? 2 : 0;

	if ((to - from) % 2)
		path[n++] = (uint8_t)((flag + 1) << 4 | nibble(key, from++));
	else
		path[n++] = (uint8_t)(flag << 4);
	for (; from < to; from += 2)
		path[n++] = (uint8_t)(nibble(key, from) << 4 | nibble(key, from + 1));
	rlp_bytes(out, path, n);
}

static void put_node(struct trie *t, size_t lo, size_t hi, size_t depth);

static void put_child(struct trie *t, size_t lo, size_t hi, size_t depth)
{
	size_t mark = t->out.len;
	struct evm_hash h;

	put_node(t, lo, hi, depth);
	if (t->out.len - mark < sizeof(h.b))
		return;
	h = keccak256(t->out.p + mark, t->out.len - mark);
	t->out.len = mark;
	rlp_bytes(&t->out, h.b, sizeof(h.b));
}

static void put_branch(struct trie *t, size_t lo, size_t hi, size_t depth)
{
	struct slice own = { NULL, 0 };

	if (t->pairs[lo].key.n * 2 == depth)
		own = t->pairs[lo++].value;
	for (unsigned d = 0; d < 16; d++) {
		size_t end = lo;

		while (end < hi && nibble(t->pairs[end].key, depth) == d)
			end++;
		if (end == lo)
			rlp_bytes(&t->out, NULL, 0);
		else
			put_child(t, lo, end, depth + 1);
		lo = end;
	}
	rlp_bytes(&t->out, own.p, own.n);
}

/* The node of the sorted pairs [lo, hi), which agree in their first `depth` nibbles. */
static void put_node(struct trie *t, size_t lo, size_t hi, size_t depth)
{
	struct slice first = t->pairs[lo].key, last = t->pairs[hi - 1].key;
	size_t mark = rlp_open(&t->out), same = depth;

	if (hi - lo == 1) {
		put_path(&t->out, first, depth, first.n * 2, true);
		rlp_bytes(&t->out, t->pairs[lo].value.p, t->pairs[lo].value.n);
		rlp_close(&t->out, mark);
		return;
	}
	while (same < first.n * 2 && nibble(first, same) == nibble(last, same))
		same++; /* sorted: what the ends share, all share */
	if (same > depth) {
		put_path(&t->out, first, depth, same, false);
		put_child(t, lo, hi, same);
	} else {
		put_branch(t, lo, hi, depth);
	}
	rlp_close(&t->out, mark);
}

static int pair_cmp(const void *a, const void *b)
{
	return slice_cmp(((const struct evm_pair *)a)->key, ((const struct evm_pair *)b)->key);
}

static void check(const struct evm_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pairs[i].key.n == 0 || pairs[i].key.n > TRIE_KEY_MAX || pairs[i].value.n == 0)
			BUG("trie pair %zu: key of %zu, value of %zu bytes", i, pairs[i].key.n,
				pairs[i].value.n);
		if (i && slice_eq(pairs[i - 1].key, pairs[i].key))
			BUG("trie key %zu twice", i);
	}
}

struct evm_hash evm_trie_root(struct evm_pair *pairs, size_t n)
{
	struct trie t = { .pairs = pairs };
	struct evm_hash h;

	if (n == 0)
		return evm_empty_root();
	qsort(pairs, n, sizeof(*pairs), pair_cmp);
	check(pairs, n);
	buf_init(&t.out, SIZE_MAX / 4);
	put_node(&t, 0, n, 0);
	h = keccak256(t.out.p, t.out.len);
	buf_fini(&t.out);
	return h;
}

struct evm_hash evm_list_root(const struct slice *values, size_t n)
{
	struct evm_pair *pairs;
	struct evm_hash h;
	struct buf keys;
	size_t i, at = 0;

	if (n == 0)
		return evm_empty_root();
	pairs = xcalloc(n, sizeof(*pairs));
	buf_init(&keys, n * 9);
	for (i = 0; i < n; i++) {
		rlp_u64(&keys, i);
		pairs[i].key.n = keys.len - at;
		pairs[i].value = values[i];
		at = keys.len;
	}
	for (i = 0, at = 0; i < n; at += pairs[i++].key.n)
		pairs[i].key.p = keys.p + at; /* only now: the buffer may have moved */
	h = evm_trie_root(pairs, n);
	buf_fini(&keys);
	free(pairs);
	return h;
}

struct evm_hash evm_empty_root(void)
{
	return keccak256("\x80", 1);
}

struct evm_hash evm_empty_ommers(void)
{
	return keccak256("\xc0", 1);
}
