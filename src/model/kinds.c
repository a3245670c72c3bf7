#include "model/kind.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/hex.h"

static const struct rows *const all[] = { &rows_devices, &rows_metrics, &rows_events,
	&rows_networks, &rows_sources, &rows_ledgers, &rows_blocks, &rows_logs, &rows_alerts,
	&rows_silences };

#define KINDS_N (sizeof(all) / sizeof(all[0]))

const struct kind *const *kinds(void)
{
	static const struct kind *list[KINDS_N + 1];

	for (size_t i = 0; i < KINDS_N; i++)
		list[i] = all[i]->kind;
	return list;
}

const struct kind *kind_find(const char *name)
{
	for (size_t i = 0; name && i < KINDS_N; i++) {
		const struct kind *k = all[i]->kind;

		if (strcmp(name, k->name) == 0 || strcmp(name, k->singular) == 0 ||
			(k->alias && strcmp(name, k->alias) == 0))
			return k;
	}
	return NULL;
}

const struct rows *rows_of(const struct kind *k)
{
	for (size_t i = 0; i < KINDS_N; i++)
		if (all[i]->kind == k)
			return all[i];
	BUG("no rows of kind %s", k->name);
}

int kind_column(const struct kind *k, struct slice name)
{
	for (int i = 0; k->fields[i].name; i++)
		if (slice_is(name, k->fields[i].name))
			return i;
	return -1;
}

/* --- values ------------------------------------------------------------------------- */

/* Ranks go from well to bad, so that status>=degraded reads as it should. */
const struct word status_words[] = {
	[STATUS_UNKNOWN] = { "unknown", 1 }, [STATUS_UP] = { "up", 0 },
	[STATUS_DEGRADED] = { "degraded", 2 }, [STATUS_DOWN] = { "down", 4 },
	[STATUS_STALE] = { "stale", 3 }, { NULL, 0 },
};

void v_word(struct value *v, const struct word *w)
{
	v->type = V_ENUM;
	v->s = slice_of(w->text);
	v->u = w->rank;
}

void v_bool(struct value *v, bool b)
{
	v->type = V_BOOL;
	v->s = slice_of(b ? "true" : "false");
	v->u = b;
}

void v_hex(struct value *v, const unsigned char *p, size_t n)
{
	v->type = V_STR;
	v->s = slice_mem(v->tmp, hex_text(v->tmp, p, n));
}

void v_age(struct value *v, const struct model *m, int64_t at_ms)
{
	v_num(v, at_ms && m->now_ms ? (double)(m->now_ms - at_ms) / 1000 : NAN);
}

void v_device(struct value *v, const struct model *m, uint32_t device)
{
	v_str(v, model_device_id(m, device));
}

void v_network(struct value *v, const struct model *m, uint32_t device)
{
	if (device < m->devices_n)
		v_str(v, str_get(&m->strs, m->networks[m->devices[device].network].name));
}

bool value_number(const struct value *v, double *out)
{
	switch (v->type) {
	case V_NUM:
		*out = v->d;
		return true;
	case V_TIME:
		*out = (double)v->ms;
		return true;
	case V_INT:
	case V_ENUM:
	case V_BOOL:
		*out = (double)v->u;
		return true;
	case V_NONE:
	case V_STR:
		break;
	}
	return false;
}

uint64_t value_order(const struct value *v)
{
	double d = v->d + 0.0; /* both zeros are one */
	uint64_t u;

	switch (v->type) {
	case V_NUM:
		memcpy(&u, &d, 8);
		return u >> 63 ? ~u : u | (uint64_t)1 << 63;
	case V_STR:
		return order_text(v->s);
	case V_TIME:
		return (uint64_t)v->ms + ((uint64_t)1 << 62);
	case V_INT:
	case V_ENUM:
	case V_BOOL:
		return order_rank(v->u);
	case V_NONE:
		break;
	}
	return ORDER_NONE;
}

static int present_cmp(const struct value *a, const struct value *b)
{
	double x = 0, y = 0;

	if (a->type == V_STR && b->type == V_STR)
		return slice_cmp(a->s, b->s);
	if (a->type == V_INT && b->type == V_INT)
		return (a->u > b->u) - (a->u < b->u);
	value_number(a, &x);
	value_number(b, &y);
	return (x > y) - (x < y);
}

int value_cmp(const struct value *a, const struct value *b, bool desc)
{
	if (a->type == V_NONE || b->type == V_NONE)
		return (a->type == V_NONE) - (b->type == V_NONE);
	return desc ? present_cmp(b, a) : present_cmp(a, b);
}

/* Readers of JSON keep 53 bits of a number: what is longer goes as a string. */
static void int_json(uint64_t u, struct jw *w)
{
	char text[24];

	if (u <= (uint64_t)1 << 53) {
		jw_u64(w, u);
	} else {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)u);
		jw_str(w, slice_of(text));
	}
}

void value_json(const struct value *v, struct jw *w)
{
	switch (v->type) {
	case V_NONE:
		jw_null(w);
		break;
	case V_STR:
	case V_ENUM:
		jw_str(w, v->s);
		break;
	case V_NUM:
		jw_f64(w, v->d);
		break;
	case V_INT:
		int_json(v->u, w);
		break;
	case V_TIME:
		jw_time(w, v->ms);
		break;
	case V_BOOL:
		jw_bool(w, v->u != 0);
		break;
	}
}

const char *kind_word(const struct kind *k, unsigned column, unsigned i)
{
	const struct word *w = k->fields[column].type == FIELD_ENUM ? rows_of(k)->words(column) : NULL;

	for (; w && w->text && i; w++)
		i--;
	return w ? w->text : NULL;
}
