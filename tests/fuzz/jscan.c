/* Our JSON scanner beside Jansson: both take the same texts, and read the same strings. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "wire/jscan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool ours(struct slice s, struct slice *value)
{
	struct js j = { s.p, s.p + s.n, NULL };
	const char *p = js_space(j.p, j.end), *q = js_value(&j, p, 64);

	if (!q) {
		if (!j.why || j.p < s.p || j.p > j.end)
			abort();
		return false;
	}
	*value = (struct slice){ p, (size_t)(q - p) };
	return js_space(q, j.end) == j.end;
}

static void same_string(struct slice value, const json_t *v)
{
	struct slice text;
	unsigned flags;
	char *out;
	size_t len;

	if (js_text(value, &text, &flags) < 0)
		abort();
	out = malloc(text.n + 1);
	len = js_unescape(text, out);
	if (len > text.n || len != json_string_length(v) ||
		memcmp(out, json_string_value(v), len) != 0)
		abort();
	free(out);
}

/* Members one by one: as many as there are, and the last of a name is Jansson's. */
static void same_members(struct slice value, const json_t *v)
{
	struct slice key, member;
	struct js j;
	size_t n = 0;
	int rc;

	if (js_open(&j, value) < 0)
		abort();
	while ((rc = js_member(&j, &key, &member)) > 0)
		n++;
	if (rc < 0 || n < json_object_size(v))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = malloc(n ? n : 1);
	struct slice value = { 0 };
	json_error_t je;
	json_t *v;
	bool ok;

	if (n)
		memcpy(copy, data, n);
	ok = ours(slice_mem(copy, n), &value);
	v = json_loadb(copy, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &je);
	/* Jansson ends at a raw NUL; what is longer may be too deep for us alone */
	if (v && !ok && n < 64 && !memchr(copy, 0, n))
		abort();
	if (!v && ok && json_error_code(&je) != json_error_numeric_overflow &&
		json_error_code(&je) != json_error_null_byte_in_key)
		abort();
	if (v && ok && json_is_string(v))
		same_string(value, v);
	if (v && ok && json_is_object(v))
		same_members(value, v);
	json_decref(v);
	free(copy);
	return 0;
}
