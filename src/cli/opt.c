#include "cli/opt.h"

#include <string.h>

#include "base/num.h"
#include "base/suggest.h"

const struct opt *opt_find(const struct opt_set *sets, size_t n_sets, const char *name, size_t n)
{
	for (size_t s = 0; s < n_sets; s++)
		for (const struct opt *o = sets[s].opts; o && o->name; o++)
			if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
				return o;
	return NULL;
}

const struct opt *opt_find_letter(const struct opt_set *sets, size_t n_sets, char letter)
{
	for (size_t s = 0; s < n_sets; s++)
		for (const struct opt *o = sets[s].opts; o && o->name; o++)
			if (o->letter && o->letter == letter)
				return o;
	return NULL;
}

static void *place(const struct opt_set *sets, size_t n_sets, const struct opt *o)
{
	for (size_t s = 0; s < n_sets; s++)
		for (const struct opt *at = sets[s].opts; at && at->name; at++)
			if (at == o)
				return (char *)sets[s].into + o->at;
	return NULL;
}

void opt_spell(const struct opt *o, struct buf *out)
{
	if (o->letter)
		buf_addf(out, "-%c, ", o->letter);
	buf_addf(out, "--%s", o->name);
	if (o->arg)
		buf_addf(out, " %s", o->arg);
}

static int set_choice(const struct opt *o, const char *value, void *at, struct err *e)
{
	struct buf all;

	for (const char *const *c = o->choices; *c; c++)
		if (strcmp(*c, value) == 0) {
			*(const char **)at = *c;
			return 0;
		}
	buf_init(&all, 1024);
	for (const char *const *c = o->choices; *c; c++)
		buf_addf(&all, "%s%s", c == o->choices ? "" : ", ", *c);
	err_set(e, ERR_USAGE, "--%s is one of %s, not '%.60s'", o->name, all.p, value);
	buf_fini(&all);
	return -1;
}

static int set_int(const struct opt *o, const char *value, int64_t *at, struct err *e)
{
	if (num_i64(slice_of(value), at) < 0 || *at < 0)
		return err_set(
			e, ERR_USAGE, "--%s takes a whole number, not '%.60s'", o->name, value);
	return 0;
}

static int set_count(const struct opt *o, const char *value, int64_t *at, struct err *e)
{
	if (num_i64(slice_of(value), at) < 0 || *at < 1)
		return err_set(e, ERR_USAGE, "--%s takes a whole number above 0, not '%.60s'",
			o->name, value);
	return 0;
}

static int set_real(const struct opt *o, const char *value, double *at, struct err *e)
{
	if (num_f64(slice_of(value), at) < 0 || !(*at > 0) || *at > 1e9)
		return err_set(e, ERR_USAGE, "--%s takes a number above 0, not '%.60s'", o->name,
			value);
	return 0;
}

static int set_duration(const struct opt *o, const char *value, int64_t *at, struct err *e)
{
	struct err why;

	if (num_i64(slice_of(value), at) == 0 && *at >= 0 && *at <= 1000000000) {
		*at *= 1000;
		return 0;
	}
	if (num_duration_ms(value, at, &why) < 0 || *at < 0)
		return err_set(e, ERR_USAGE,
			"--%s takes a time like 500ms, 5s or 1m30s, not '%.60s'", o->name, value);
	return 0;
}

static int add_list(const struct opt *o, const char *value, struct opt_list *l, struct err *e)
{
	if (l->n == OPT_LIST_MAX)
		return err_set(e, ERR_USAGE, "--%s may be given %d times", o->name, OPT_LIST_MAX);
	l->v[l->n++] = value;
	return 0;
}

static int set_value(const struct opt *o, const char *value, void *at, struct err *e)
{
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)at = true;
		return 0;
	case OPT_STR:
		*(const char **)at = value;
		return 0;
	case OPT_INT:
		return set_int(o, value, at, e);
	case OPT_COUNT:
		return set_count(o, value, at, e);
	case OPT_REAL:
		return set_real(o, value, at, e);
	case OPT_DURATION:
		return set_duration(o, value, at, e);
	case OPT_CHOICE:
		return set_choice(o, value, at, e);
	case OPT_LIST:
		return add_list(o, value, at, e);
	}
	return err_set(e, ERR_OURS, "--%s has no type", o->name);
}

struct parse {
	const struct opt_set *sets;
	size_t n_sets;
	int argc, i;
	char *const *argv;
	struct err *e;
};

static int unknown(struct parse *p, const char *word, size_t n)
{
	struct suggest s;

	suggest_init(&s, word, n);
	for (size_t k = 0; k < p->n_sets; k++)
		for (const struct opt *o = p->sets[k].opts; o && o->name; o++)
			suggest_offer(&s, o->name);
	if (s.best)
		return err_set(p->e, ERR_USAGE, "no option '--%.*s'; did you mean '--%s'?", (int)n,
			word, s.best);
	return err_set(p->e, ERR_USAGE, "no option '--%.*s'", (int)n, word);
}

/* The value given with the option, or the next word. */
static int apply(struct parse *p, const struct opt *o, const char *value)
{
	if (o->type == OPT_FLAG && value)
		return err_set(p->e, ERR_USAGE, "--%s takes no value", o->name);
	if (o->type != OPT_FLAG && !value) {
		if (p->i + 1 >= p->argc)
			return err_set(p->e, ERR_USAGE, "--%s needs a value: --%s %s", o->name,
				o->name, o->arg ? o->arg : "VALUE");
		value = p->argv[++p->i];
	}
	return set_value(o, value, place(p->sets, p->n_sets, o), p->e);
}

static int long_option(struct parse *p, const char *word)
{
	const char *eq = strchr(word, '=');
	size_t n = eq ? (size_t)(eq - word) : strlen(word);
	const struct opt *o = opt_find(p->sets, p->n_sets, word, n);

	return o ? apply(p, o, eq ? eq + 1 : NULL) : unknown(p, word, n);
}

/* -f, -fo json, -ojson */
static int short_options(struct parse *p, const char *letters)
{
	for (; *letters; letters++) {
		const struct opt *o = opt_find_letter(p->sets, p->n_sets, *letters);

		if (!o)
			return err_set(p->e, ERR_USAGE, "no option '-%.*s'",
				(unsigned char)*letters < 0x80 ? 1 : 4, letters);
		if (o->type != OPT_FLAG)
			return apply(p, o, letters[1] ? letters + 1 : NULL);
		if (apply(p, o, NULL) < 0)
			return -1;
	}
	return 0;
}

int opt_parse(const struct opt_set *sets, size_t n_sets, int argc, char *const argv[],
	const char **words, bool stop_at_word, int *used, struct err *e)
{
	struct parse p = { sets, n_sets, argc, 0, argv, e };
	int n = 0, rc = 0;

	for (; p.i < argc && rc == 0; p.i++) {
		const char *a = argv[p.i];

		if (strcmp(a, "--") == 0) {
			for (p.i++; p.i < argc; p.i++)
				words[n++] = argv[p.i];
			break;
		}
		if (a[0] != '-' || !a[1]) {
			if (stop_at_word)
				break;
			words[n++] = a;
		} else {
			rc = a[1] == '-' ? long_option(&p, a + 2) : short_options(&p, a + 1);
		}
	}
	if (used)
		*used = p.i;
	return rc < 0 ? -1 : n;
}
