/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "proto/bundle.h"

/* A row that carries a piece of a bulletin's file. */

static const char start[] = "{\"file\":";

int
bundle_file_is(struct slice row)
{
	return row.n >= sizeof start && memcmp(row.p, start, sizeof start - 1) == 0;
}

int
bundle_file_write(const struct bundle_file *f, struct slice piece, struct buf *out)
{
	buf_addf(out, "%s{\"data\":\"", start);
	buf_add_b64url(out, piece.p, piece.n);
	buf_adds(out, "\",\"id\":\"");
	buf_add_hex(out, f->id, ID_LEN);
	buf_addf(out, "\",\"name\":\"%s\",\"part\":%u,\"parts\":%u}}\n", f->name,
	    (unsigned)f->part, (unsigned)f->parts);
	return buf_err(out);
}

static int
bad(struct fault *why, const char *key, const char *detail)
{
	const struct json_at top = { NULL, "file", 0 }, at = { &top, key, 0 };

	return fault_set(why, P_INVALID_FIELD, key != NULL ? &at : &top, detail);
}

static int
number(const json_t *o, const char *key, uint32_t lo, uint32_t *ret)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < lo ||
	    json_integer_value(v) > BUNDLE_PIECES)
		return 0;
	*ret = (uint32_t)json_integer_value(v);
	return 1;
}

static struct slice
text(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	struct slice s = { json_string_value(v), json_string_length(v) };

	return s.p != NULL ? s : (struct slice){ "", 0 };
}

static int
read_fields(const json_t *o, struct bundle_file *f, struct buf *data, struct fault *why)
{
	struct slice id = text(o, "id"), name = text(o, "name"), b64 = text(o, "data");
	char *room;
	long n;

	if (!json_is_object(o) || json_object_size(o) != 5)
		return bad(why, NULL, "five members");
	if (id.n != (size_t)2 * ID_LEN || hex_decode(id, f->id, ID_LEN) != ID_LEN)
		return bad(why, "id", "32 hexadecimal digits");
	if (!attachment_name_ok(name))
		return bad(why, "name", "the name of a file");
	memcpy(f->name, name.p, name.n);
	f->name[name.n] = '\0';
	if (!number(o, "parts", 1, &f->parts) || !number(o, "part", 0, &f->part) ||
	    f->part >= f->parts)
		return bad(why, "part", "one of its parts");
	buf_reset(data);
	room = buf_extend(data, BUNDLE_PIECE);
	if (room == NULL)
		return buf_err(data);
	n = b64url_decode(b64, room, BUNDLE_PIECE);
	if (n <= 0)
		return bad(why, "data", "base64url, 384 KiB at most");
	data->n = (size_t)n;
	return 0;
}

int
bundle_file_read(
    struct slice row, struct bundle_file *ret, struct buf *data, struct fault *why)
{
	static const struct json_caps caps = { BUNDLE_ROW_MAX, 3, 16, BUNDLE_ROW_MAX };
	struct bundle_file f;
	json_t *j = NULL;
	int rc = json_read(row, &caps, &j, why);

	if (rc != 0)
		return rc;
	memset(&f, 0, sizeof f);
	rc = read_fields(json_object_get(j, "file"), &f, data, why);
	json_decref(j);
	if (rc == 0)
		*ret = f;
	return rc;
}
