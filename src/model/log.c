/* Logs of ledgers: what contracts said in a block. */
#include "model/past_in.h"

#define TEXT_LIMIT 1024
#define BACK_MAX 8192 /* logs looked at for one that is taken back */

static void log_evict(void *owner, const void *rec)
{
	(void)owner;
	(void)rec;
}

void logs_init(struct model *m, size_t bytes)
{
	m->logs = ring_new(bytes, log_evict, m);
}

/* Newest first; only `removed` of a log ever changes after it was written. */
static struct log *log_back(struct model *m, uint64_t n)
{
	return (struct log *)(uintptr_t)ring_get(m->logs, n);
}

static struct log *log_find(struct model *m, const struct delta_log *d)
{
	uint64_t n = m->log_last;

	for (int i = 0; i < BACK_MAX && n; i++, n--) {
		struct log *l = log_back(m, n);

		if (!l)
			return NULL;
		if (l->index == d->index && l->ledger == d->ledger &&
			memcmp(l->block_hash, d->block_hash, 32) == 0)
			return l;
	}
	return NULL;
}

void logs_remove(struct model *m, uint32_t ledger, const unsigned char block_hash[32])
{
	uint64_t n = m->log_last;
	struct log *l;

	for (int i = 0; i < BACK_MAX && n && (l = log_back(m, n)); i++, n--)
		if (l->ledger == ledger && memcmp(l->block_hash, block_hash, 32) == 0)
			l->removed = true;
}

static void log_fill(struct log *l, const struct delta_log *d, uint64_t n, struct slice text)
{
	*l = (struct log){ .n = n, .block = d->block, .ledger = d->ledger, .index = d->index,
		.data_n = (uint32_t)d->data.n, .text_n = (uint16_t)text.n,
		.topics_n = d->topics_n, .removed = d->removed };
	memcpy(l->block_hash, d->block_hash, 32);
	memcpy(l->tx_hash, d->tx_hash, 32);
	memcpy(l->address, d->address, 20);
	memcpy(l->topics, d->topics, sizeof(l->topics));
	if (d->data.n)
		memcpy(l + 1, d->data.p, d->data.n);
	if (text.n)
		memcpy((char *)(l + 1) + d->data.n, text.p, text.n);
}

int log_apply(struct model *m, struct delta_log *d, struct err *e)
{
	struct slice text = d->text;
	struct log *l;

	if (d->ledger >= m->ledgers_n || d->topics_n > 4 || d->data.n > UINT32_MAX / 2)
		return refuse(m, e, "log: no such ledger, or too many topics");
	l = log_find(m, d);
	if (l) { /* seen before, or taken back, or come again */
		l->removed = d->removed;
		return 0;
	}
	if (text.n > TEXT_LIMIT)
		text.n = TEXT_LIMIT;
	l = ring_push(m->logs, m->log_last + 1, sizeof(*l) + d->data.n + text.n);
	if (!l)
		return refuse(m, e, "log: %zu bytes are too many to keep", d->data.n);
	log_fill(l, d, ++m->log_last, text);
	return 0;
}

static void log_tell(const struct log *l, void (*fn)(void *arg, const struct delta_log *l), void *arg)
{
	const char *data = (const char *)(l + 1);
	struct delta_log d = { .ledger = l->ledger, .block = l->block, .index = l->index,
		.topics_n = l->topics_n, .removed = l->removed,
		.data = { data, l->data_n }, .text = { data + l->data_n, l->text_n } };

	memcpy(d.block_hash, l->block_hash, 32);
	memcpy(d.tx_hash, l->tx_hash, 32);
	memcpy(d.address, l->address, 20);
	memcpy(d.topics, l->topics, sizeof(l->topics));
	fn(arg, &d);
}

void model_logs(const struct model *m, uint32_t ledger, uint64_t last_n,
	void (*fn)(void *arg, const struct delta_log *l), void *arg)
{
	uint64_t n = m->log_last > last_n ? m->log_last - last_n + 1 : 1;

	for (n = ring_at_or_after(m->logs, n); n <= m->log_last; n++) {
		const struct log *l = ring_get(m->logs, n);

		if (l && l->ledger == ledger)
			log_tell(l, fn, arg);
	}
}

uint64_t logs_upto(const struct model *m, uint64_t last)
{
	uint64_t n = last, head;
	unsigned char hash[32];
	const struct log *l;

	while (n && (l = ring_get(m->logs, n)) &&
		(model_ledger_head(m, l->ledger, &head, hash) < 0 || l->block > head))
		n--;
	return n;
}
