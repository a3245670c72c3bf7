#include "devnet/block.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "devnet/anchor.h"
#include "evm/abi.h"
#include "evm/rlp.h"
#include "evm/trie.h"

#define GWEI	   1000000000ull
#define TX_MAX	   4096
#define GAS_TARGET (BLOCK_GAS_LIMIT / 2)

#define SIG_REGISTER   "register(bytes32,address,string)"
#define SIG_ANCHOR     "anchor(bytes32,bytes32,uint64,uint64)"
#define SIG_REGISTERED "DeviceRegistered(bytes32,address,string)"
#define SIG_ANCHORED   "ReadingsAnchored(bytes32,bytes32,uint64,uint64)"

void block_maker_init(struct block_maker *m, struct world *w, int64_t block_ms)
{
	uint64_t seed = w->fleet.seed;
	struct account deployer = account_make(seed, ACCOUNT_DEPLOYER);

	*m = (struct block_maker){ .world = w, .block_ms = block_ms,
		.registrar = account_make(seed, ACCOUNT_REGISTRAR),
		.anchorer = account_make(seed, ACCOUNT_ANCHORER),
		.topic_registered = abi_topic(SIG_REGISTERED),
		.topic_anchored = abi_topic(SIG_ANCHORED) };
	m->registry = addr_of_create(&deployer.addr, 0);
	for (uint32_t i = 0; i < NETWORKS; i++)
		m->operators[i] = account_make(seed, ACCOUNT_OPERATORS + i);
	for (size_t s = 0; s < nsites; s++)
		if (fleet_site_size(&w->fleet, s))
			m->active[m->nactive++] = (uint8_t)s;
}

int64_t block_time(const struct block_maker *m, uint64_t number)
{
	return m->world->timeline.epoch + (int64_t)number * m->block_ms;
}

uint64_t block_next_base_fee(uint64_t base_fee, uint64_t gas_used)
{
	uint64_t step;

	if (gas_used <= GAS_TARGET)
		return base_fee - base_fee * (GAS_TARGET - gas_used) / GAS_TARGET / 8;
	step = base_fee * (gas_used - GAS_TARGET) / GAS_TARGET / 8;
	return base_fee + (step ? step : 1);
}

uint64_t block_gas_price(const struct block *b, const struct block_tx *t)
{
	uint64_t price = b->header.base_fee.w[0] + t->tx.max_priority_fee.w[0];

	return price < t->tx.max_fee.w[0] ? price : t->tx.max_fee.w[0];
}

/* A digest that stands in for what this chain does not have (state, randomness). */
static struct evm_hash stand_in(const struct block_maker *m, char what, uint64_t number,
	uint32_t branch)
{
	uint64_t parts[4] = { (uint64_t)what, m->world->fleet.seed, number, branch };

	return keccak256(parts, sizeof(parts));
}

static struct block_tx *begin_tx(const struct block_maker *m, struct block *b,
	const struct account *from, uint64_t nonce)
{
	struct block_tx *t = &b->txs[b->ntxs++];

	t->from = from->addr;
	t->tx = (struct evm_tx){ .chain_id = CHAIN_ID, .nonce = nonce, .to = m->registry,
		.max_fee = u256_of(2 * GWEI), .max_priority_fee = u256_of(GWEI / 10) };
	t->log.addr = m->registry;
	buf_init(&t->input, TX_MAX);
	buf_init(&t->log_data, TX_MAX);
	return t;
}

/* The input is written: price it, sign it, name it. */
static void end_tx(struct block *b, struct block_tx *t, const struct account *from)
{
	t->gas_used = 21000 + 16 * t->input.len + 375 * t->log.ntopics + 8 * t->log_data.len + 22100;
	t->tx.gas_limit = t->gas_used + t->gas_used / 5;
	t->tx.data = buf_slice(&t->input);
	t->log.data = buf_slice(&t->log_data);
	account_sign(from, &t->tx);
	t->hash = tx_hash(&t->tx);
	b->header.gas_used += t->gas_used;
	log_bloom(&t->log, &b->header.bloom);
}

static void put_selector(struct buf *b, const char *signature)
{
	uint8_t sel[4];

	abi_selector(signature, sel);
	buf_add(b, sel, sizeof(sel));
}

static void device_uri(struct world *w, const struct device *d, struct buf *out)
{
	unsigned char key[SIGN_KEY_BYTES];
	char name[DEVICE_NAME_MAX];

	device_name(d, name);
	buf_addf(out, "urn:depin:%s:%s", networks[sites[d->site].network].name, name);
	if (!device_signs(&w->fleet, d))
		return;
	signer_public(&w->signer, d, key);
	buf_adds(out, "#ed25519=");
	for (size_t i = 0; i < sizeof(key); i++)
		buf_addf(out, "%02x", key[i]);
}

static struct evm_hash topic_of_addr(const struct evm_addr *a)
{
	struct evm_hash topic = { { 0 } };

	memcpy(topic.b + 12, a->b, sizeof(a->b));
	return topic;
}

static void add_register(const struct block_maker *m, struct block *b, uint32_t index)
{
	struct device d = fleet_device(&m->world->fleet, index);
	struct evm_addr owner = m->operators[sites[d.site].network].addr;
	struct block_tx *t = begin_tx(m, b, &m->registrar, index);
	char name[DEVICE_NAME_MAX];
	struct evm_hash id = keccak256(name, device_name(&d, name));
	struct buf uri;
	struct abi a;

	buf_init(&uri, 256);
	device_uri(m->world, &d, &uri);
	put_selector(&t->input, SIG_REGISTER);
	abi_init(&a, 3, TX_MAX);
	abi_put_b32(&a, id.b);
	abi_put_addr(&a, &owner);
	abi_put_bytes(&a, buf_slice(&uri));
	abi_finish(&a, &t->input);
	t->log.ntopics = 3;
	t->log.topics[0] = m->topic_registered;
	t->log.topics[1] = id;
	t->log.topics[2] = topic_of_addr(&owner);
	abi_init(&a, 1, TX_MAX);
	abi_put_bytes(&a, buf_slice(&uri));
	abi_finish(&a, &t->log_data);
	buf_fini(&uri);
	end_tx(b, t, &m->registrar);
}

static void put_anchor(struct abi *a, const struct anchor *an)
{
	abi_put_b32(a, an->root.b);
	abi_put_u64(a, an->from);
	abi_put_u64(a, an->to);
}

static void add_anchor(const struct block_maker *m, struct block *b)
{
	uint64_t n = b->header.number, turn = m->nactive;
	uint8_t site = m->active[(n - 1) % turn];
	struct block_tx *t = begin_tx(m, b, &m->anchorer, n - 1);
	struct evm_hash name = keccak256(sites[site].name, strlen(sites[site].name));
	struct anchor an;
	struct abi a;

	anchor_make(m->world, site, n > turn ? block_time(m, n - turn) : 0, block_time(m, n), &an);
	put_selector(&t->input, SIG_ANCHOR);
	abi_init(&a, 4, TX_MAX);
	abi_put_b32(&a, name.b);
	put_anchor(&a, &an);
	abi_finish(&a, &t->input);
	t->log.ntopics = 2;
	t->log.topics[0] = m->topic_anchored;
	t->log.topics[1] = name;
	abi_init(&a, 3, TX_MAX);
	put_anchor(&a, &an);
	abi_finish(&a, &t->log_data);
	end_tx(b, t, &m->anchorer);
}

/* A block of another branch holds the same transactions in another order. */
static void add_txs(const struct block_maker *m, struct block *b)
{
	uint64_t first = (b->header.number - 1) * BLOCK_REGISTERS;

	if (b->branch)
		add_anchor(m, b);
	for (uint64_t i = first; i < first + BLOCK_REGISTERS && i < m->world->fleet.ndevices; i++)
		add_register(m, b, (uint32_t)i);
	if (!b->branch)
		add_anchor(m, b);
}

static struct evm_hash root_of(struct buf *all, const size_t *ends, size_t n)
{
	struct slice values[BLOCK_TXS];
	size_t start = 0;

	for (size_t i = 0; i < n; start = ends[i++])
		values[i] = slice_mem(all->p + start, ends[i] - start);
	return evm_list_root(values, n);
}

static void hash_bodies(struct block *b)
{
	struct buf txs, receipts;
	size_t tx_ends[BLOCK_TXS], receipt_ends[BLOCK_TXS];
	uint64_t gas = 0;

	buf_init(&txs, BLOCK_TXS * TX_MAX * 2);
	buf_init(&receipts, BLOCK_TXS * TX_MAX * 2);
	for (size_t i = 0; i < b->ntxs; i++) {
		struct block_tx *t = &b->txs[i];
		struct evm_receipt r = { .type = 2, .ok = true, .logs = &t->log, .nlogs = 1,
			.cumulative_gas = gas += t->gas_used };

		tx_encode(&t->tx, &txs);
		tx_ends[i] = txs.len;
		receipt_encode(&r, &receipts);
		receipt_ends[i] = receipts.len;
	}
	if (txs.full || receipts.full)
		BUG("a block outgrew its buffers");
	b->header.tx_root = root_of(&txs, tx_ends, b->ntxs);
	b->header.receipts_root = root_of(&receipts, receipt_ends, b->ntxs);
	b->size = txs.len + 640;
	buf_fini(&txs);
	buf_fini(&receipts);
}

struct block *block_make(const struct block_maker *m, uint64_t number, uint32_t branch,
	const struct evm_hash *parent, uint64_t base_fee)
{
	struct block *b = xcalloc(1, sizeof(*b));
	struct evm_header *h = &b->header;

	b->branch = branch;
	snprintf(b->extra, sizeof(b->extra), "depinctl devnet %u", branch);
	*h = (struct evm_header){ .fork = EVM_CANCUN, .ommers = evm_empty_ommers(),
		.beneficiary = m->operators[number % NETWORKS].addr,
		.state_root = stand_in(m, 's', number, branch),
		.mix = stand_in(m, 'r', number, branch),
		.parent_beacon_root = stand_in(m, 'b', number, branch),
		.withdrawals_root = evm_empty_root(), .number = number,
		.gas_limit = BLOCK_GAS_LIMIT, .base_fee = u256_of(base_fee),
		.timestamp = (uint64_t)(block_time(m, number) / 1000),
		.extra = slice_of(b->extra) };
	if (parent)
		h->parent = *parent;
	if (number)
		add_txs(m, b);
	hash_bodies(b);
	b->hash = header_hash(h);
	return b;
}

void block_free(struct block *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->ntxs; i++) {
		buf_fini(&b->txs[i].input);
		buf_fini(&b->txs[i].log_data);
	}
	free(b);
}
