/*
 * The rows of a list into a file: all that match, or those that are marked, with the columns that
 * show.  They come a page at a time from a result that the collector holds, each once.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/num.h"
#include "ui/screen/list_in.h"
#include "ui/screen/value.h"

#define PAGE_ROWS 1000

struct list_export {
	struct list *l;
	struct asker asker;
	FILE *f;
	char *path;
	char *fields; /* "a,b": columns of a CSV */
	bool csv, failed;
	uint64_t held, done, matched;
};

static void end(struct list_export *x, bool whole)
{
	if (x->f && fclose(x->f) != 0)
		whole = false;
	if (!whole && x->path)
		unlink(x->path);
	x->l->export = NULL;
	asker_fini(&x->asker);
	free(x->path);
	free(x->fields);
	free(x);
}

void list_export_fini(struct list *l)
{
	if (l->export)
		end(l->export, false);
}

static void fail(struct list_export *x, const char *why)
{
	struct stage *st = x->l->st;
	char *text = xasprintf("not written: %s: %s", x->path, why);

	end(x, false);
	st->say(st->arg, text);
	free(text);
}

/* --- a row as CSV: RFC 4180, values exact, lists and objects as their JSON --- */

static void csv_text(struct buf *b, struct slice s)
{
	bool quote = s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = strchr(",\"\r\n", s.p[i]) != NULL;
	if (quote)
		buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s.p[i]);
	}
	if (quote)
		buf_addc(b, '"');
}

static void csv_value(struct buf *b, const json_t *v)
{
	struct buf text;
	struct jw w;

	if (!v || json_is_null(v))
		return;
	if (json_is_string(v)) {
		csv_text(b, slice_mem(json_string_value(v), json_string_length(v)));
		return;
	}
	buf_init(&text, 1 << 20);
	jw_init(&w, &text);
	jw_json(&w, v);
	csv_text(b, buf_slice(&text));
	buf_fini(&text);
}

static void csv_row(const struct list_export *x, struct buf *b, const json_t *row)
{
	for (const char *p = x->fields; *p;) {
		size_t n = name_end(p);
		char *name = xmemdup0(p, n);

		if (p > x->fields)
			buf_addc(b, ',');
		if (row)
			csv_value(b, json_object_get(row, name));
		else
			csv_text(b, slice_of(name));
		free(name);
		p += n + (p[n] == ',');
	}
	buf_adds(b, "\r\n");
}

static void json_row(const struct list_export *x, struct buf *b, const json_t *row)
{
	struct jw w;

	buf_adds(b, x->done ? ",\n" : "");
	jw_init(&w, b);
	jw_json(&w, row);
}

/* --- pages --- */

static void put(struct list_export *x, const struct buf *b)
{
	if (b->full || fwrite(b->p, 1, b->len, x->f) != b->len)
		x->failed = true;
}

static void put_rows(struct list_export *x, const json_t *rows)
{
	struct buf b;
	size_t i;
	json_t *row;

	buf_init(&b, 64 << 20);
	if (x->csv && !x->done)
		csv_row(x, &b, NULL);
	else if (!x->csv && !x->done)
		buf_adds(&b, "[\n");
	json_array_foreach(rows, i, row) {
		(x->csv ? csv_row : json_row)(x, &b, row);
		x->done++;
	}
	put(x, &b);
	buf_fini(&b);
}

static void finish(struct list_export *x)
{
	struct stage *st = x->l->st;
	char *text;
	struct buf b;

	if (!x->csv && fputs("\n]\n", x->f) < 0)
		x->failed = true;
	if (fflush(x->f) != 0 || x->failed) {
		fail(x, "the disk took no more");
		return;
	}
	buf_init(&b, 64);
	value_count(&b, (double)x->done);
	text = xasprintf("written: %s rows, %s", b.p, x->path);
	end(x, true);
	st->say(st->arg, text);
	free(text);
	buf_fini(&b);
}

static void on_page(void *arg, const json_t *answer, const struct err *e)
{
	struct list_export *x = arg;
	const json_t *rows = json_object_get(answer, "rows");
	struct buf b;

	if (!answer) {
		fail(x, e->text);
		return;
	}
	x->held = (uint64_t)json_i64(answer, "held", (int64_t)x->held);
	x->matched = (uint64_t)json_i64(answer, "matched", 0);
	put_rows(x, rows);
	if (x->failed || !x->held || !json_array_size(rows) || x->done >= x->matched) {
		finish(x);
		return;
	}
	buf_init(&b, 200);
	buf_addf(&b, "{\"held\":%llu,\"offset\":%llu,\"limit\":%d}", (unsigned long long)x->held,
		(unsigned long long)x->done, PAGE_ROWS);
	asker_call(&x->asker, x->l->st->client, "page", buf_slice(&b), on_page, x);
	buf_fini(&b);
}

/* --- the question --- */

static void add_text(struct jw *w, const char *key, const char *text)
{
	if (text && *text)
		jw_key(w, key), jw_str(w, slice_of(text));
}

static void ask(struct list_export *x, bool marked)
{
	struct list *l = x->l;
	char *filter = marked ? NULL : list_whole_filter(l);
	struct buf b;
	struct jw w;

	buf_init(&b, 8 << 20);
	jw_init(&w, &b);
	jw_object(&w);
	add_text(&w, "kind", l->spec->kind);
	add_text(&w, "filter", filter);
	add_text(&w, "by", marked ? NULL : l->by);
	add_text(&w, "sort", l->sort ? l->sort : l->by ? NULL : l->spec->sort);
	add_text(&w, "fields", x->fields);
	if (marked) {
		jw_key(&w, "names"), jw_array(&w);
		for (size_t i = 0; i < l->marks.n; i++)
			jw_str(&w, slice_of(l->marks.ids[i]));
		jw_end(&w);
	}
	jw_key(&w, "limit"), jw_i64(&w, PAGE_ROWS);
	jw_key(&w, "hold"), jw_bool(&w, true);
	jw_end(&w);
	asker_call(&x->asker, l->st->client, "query", buf_slice(&b), on_page, x);
	buf_fini(&b);
	free(filter);
}

static bool ends_so(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* The marks are of devices: of groups none is. */
static int may_export(const struct list *l, bool marked, struct slice path, struct err *e)
{
	if (!ends_so(path, ".csv") && !ends_so(path, ".json"))
		return err_set(e, ERR_USAGE, "into which file?  Its name ends in .csv or .json");
	if (l->export)
		return err_set(e, ERR_NO, "%s is still being written", l->export->path);
	if (!l->st->up)
		return err_set(e, ERR_UNREACH, "no line to the collector");
	if (marked && (!l->marks.n || l->by))
		return err_set(e, ERR_NO, "nothing is marked here");
	return 0;
}

int list_export(struct list *l, struct slice arg, struct err *e)
{
	bool marked = arg.n > 7 && memcmp(arg.p, "marked ", 7) == 0;
	struct slice path = marked ? slice_mem(arg.p + 7, arg.n - 7) : arg;
	struct list_export *x;
	int fd;

	if (may_export(l, marked, path, e) < 0)
		return -1;
	x = xcalloc(1, sizeof(*x));
	*x = (struct list_export){ .l = l, .path = xmemdup0(path.p, path.n),
		.csv = ends_so(path, ".csv"), .fields = list_field_names(l) };
	l->export = x;
	fd = open(x->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	x->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!x->f) {
		err_set(e, ERR_OURS, "%.300s: %s", x->path, strerror(errno));
		free(x->path);
		x->path = NULL; /* not ours to remove */
		end(x, false);
		return -1;
	}
	ask(x, marked);
	return 0;
}
