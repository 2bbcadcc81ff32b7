/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/ferry_file.h"

#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_relay.h"
#include "lib/mem.h"
#include "proto/bundle.h"

/* -------- going out */

struct finding {
	unsigned piece; /* how many pieces lie before it */
	struct store_attachment a;
	struct bundle_file f;
	int found, more;
};

static int
look(void *arg, const struct store_attachment *a)
{
	struct finding *v = arg;
	unsigned parts = (a->size + BUNDLE_PIECE - 1) / BUNDLE_PIECE;

	if (v->found) {
		v->more = 1;
	} else if (v->piece < parts) {
		v->found = 1;
		v->more = v->piece + 1 < parts;
		v->a = *a;
		memcpy(v->f.name, a->name, sizeof v->f.name);
		v->f.part = v->piece;
		v->f.parts = parts;
	} else {
		v->piece -= parts;
	}
	return 0;
}

int
ferry_files(struct keeper *k, const struct frame_head *h, unsigned piece, struct buf *out,
    int *ret_more)
{
	struct finding v = { .piece = piece };
	struct store_attachment a;
	struct store_bulletin b;
	struct store_meta m;
	struct slice part;
	struct buf body;
	int rc;

	*ret_more = 0;
	if (h->kind == FRAME_CANCEL || (h->flags & FRAME_DESK) == 0)
		return 0;
	rc = store_bulletin_get(k->store, h->id, &b);
	if (rc == 0 && b.revision == h->revision)
		rc = store_meta_get(k->store, h->id, &m);
	else if (rc == 0)
		rc = ERR_NOTFOUND;
	if (rc == 0)
		rc = store_attachment_each(k->store, m.draft, look, &v);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	*ret_more = out != NULL ? v.more : v.found;
	if (out == NULL || !v.found)
		return 0;
	buf_init(&body, ATTACHMENT_MAX);
	rc = store_attachment_get(k->store, m.draft, v.a.name, &a, &body);
	if (rc == 0) {
		part.p = body.p + (size_t)v.f.part * BUNDLE_PIECE;
		part.n = body.n - (size_t)v.f.part * BUNDLE_PIECE;
		if (part.n > BUNDLE_PIECE)
			part.n = BUNDLE_PIECE;
		memcpy(v.f.id, h->id, ID_LEN);
		rc = bundle_file_write(&v.f, part, out);
	}
	buf_done(&body);
	return rc;
}

/* -------- coming in */

/* One at a time: its pieces follow each other, and one file is read at a time. */
struct ferry_pending {
	struct bundle_file f; /* the piece that came last */
	struct buf body;
};

void
ferry_file_free(struct ferry_pending *p)
{
	if (p == NULL)
		return;
	buf_done(&p->body);
	mem_free(p);
}

static int
bad(struct fault *why, const char *detail)
{
	const struct json_at at = { NULL, "file", 0 };

	return fault_set(why, P_INVALID_FIELD, &at, detail);
}

/* What the original's signed text says of this file. */
static int
find_entry(const json_t *wrapper, const char *name, struct store_attachment *ret)
{
	const json_t *list = json_object_get(
	    json_object_get(json_object_get(wrapper, "relay"), "original"),
	    "attachments");
	const json_t *one, *size, *sum;
	const char *s;
	size_t i;

	for (i = 0; i < json_array_size(list) && i < ATTACHMENTS_MOST; i++) {
		one = json_array_get(list, i);
		s = json_string_value(json_object_get(one, "name"));
		if (s == NULL || strcmp(s, name) != 0)
			continue;
		size = json_object_get(one, "size");
		sum = json_object_get(one, "sha256");
		if (!json_is_integer(size) || json_integer_value(size) < 1 ||
		    json_integer_value(size) > ATTACHMENT_MAX ||
		    json_string_length(sum) != (size_t)2 * SUM_LEN ||
		    hex_decode(
			(struct slice){ json_string_value(sum), json_string_length(sum) },
			ret->sum, SUM_LEN) != SUM_LEN)
			return ERR_NOTFOUND;
		memcpy(ret->name, name, strlen(name) + 1);
		ret->size = (uint32_t)json_integer_value(size);
		return 0;
	}
	return ERR_NOTFOUND;
}

/* The bulletin of that hub whose newest text names the file. */
static int
entry_of(struct keeper *k, const char *hub, const struct bundle_file *f,
    struct store_attachment *ret)
{
	struct store_bulletin b;
	struct slice body, stub;
	struct frame_head h;
	struct store_relay r;
	struct buf words, row;
	struct wire w;
	json_t *j = NULL;
	uint32_t n = 0;
	int rc;

	buf_init(&words, RELAY_WORDS_MAX);
	buf_init(&row, KEEPER_FRAME_MAX);
	rc = store_relay_get(k->store, f->id, &r, &words);
	if (rc == 0 && strcmp(r.hub, hub) != 0)
		rc = ERR_NOTFOUND;
	if (rc == 0)
		rc = store_bulletin_get(k->store, f->id, &b);
	if (rc == 0)
		rc = store_log_page(k->store, b.head.seq, 1, &row, &n);
	if (rc == 0) {
		wire_init(&w, row.p, row.n);
		frame_get(&w, &h, &body, &stub);
		if (n == 1 && w.err == 0 && h.seq == b.head.seq)
			j = json_loadb(body.p, body.n, 0, NULL);
		rc = j != NULL ? find_entry(j, f->name, ret) : ERR_NOTFOUND;
		json_decref(j);
	}
	buf_done(&words);
	buf_done(&row);
	return rc;
}

/* The piece behind the last one, or the first of a file. */
static int
append(struct keeper *k, const struct bundle_file *f, struct slice piece,
    struct ferry_pending **ret)
{
	struct ferry_pending *p = k->ferry;

	if (f->part == 0) {
		ferry_file_free(p);
		p = k->ferry = mem_zalloc(sizeof *p);
		if (p == NULL)
			return ERR_NOMEM;
		buf_init(&p->body, ATTACHMENT_MAX);
	} else if (p == NULL || p->f.part + 1 != f->part || p->f.parts != f->parts ||
		   memcmp(p->f.id, f->id, ID_LEN) != 0 ||
		   strcmp(p->f.name, f->name) != 0) {
		return ERR_INVALID;
	}
	p->f = *f;
	buf_add(&p->body, piece.p, piece.n);
	*ret = p;
	return buf_err(&p->body) == ERR_LIMIT ? ERR_INVALID : buf_err(&p->body);
}

struct storing {
	const uint8_t *id;
	const struct store_attachment *a;
	struct slice body;
};

static int
store_it(struct keeper *k, void *arg)
{
	struct storing *s = arg;

	return store_attachment_put(k->store, s->id, s->a, s->body);
}

/* All of it is here: is it what was signed, and may it be? */
static int
settle(struct keeper *k, struct ferry_pending *p, struct store_attachment *a,
    struct fault *why)
{
	struct slice body = buf_slice(&p->body);
	struct storing s = { p->f.id, a, body };
	unsigned char sum[EVP_MAX_MD_SIZE];
	const char *type, *detail = NULL;
	unsigned n = 0;

	if (EVP_Digest(body.p, body.n, sum, &n, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	if (body.n != a->size || n != SUM_LEN || memcmp(sum, a->sum, SUM_LEN) != 0)
		return bad(why, "the file whose hash its bulletin has signed");
	type = attachment_type(slice_of(a->name), body, &detail);
	if (type == NULL)
		return bad(why, detail);
	memcpy(a->type, type, strlen(type) + 1);
	return batch_transact(k->batch, store_it, &s);
}

int
ferry_file_take(struct keeper *k, const char *hub, struct slice row,
    const char **ret_result, struct fault *why)
{
	struct store_attachment a;
	struct ferry_pending *p = NULL;
	struct bundle_file f;
	struct buf piece;
	int rc;

	memset(&a, 0, sizeof a);
	buf_init(&piece, BUNDLE_PIECE);
	rc = bundle_file_read(row, &f, &piece, why);
	*ret_result = "skipped"; /* its bulletin is not here, or has another revision */
	if (rc == 0)
		rc = entry_of(k, hub, &f, &a);
	if (rc == 0) {
		rc = append(k, &f, buf_slice(&piece), &p);
		if (rc == ERR_INVALID)
			rc =
			    bad(why, "the pieces of a file in their order, 2 MiB in all");
	}
	if (rc == 0 && f.part + 1 == f.parts)
		rc = settle(k, p, &a, why);
	if (rc == 0)
		*ret_result = f.part + 1 == f.parts ? "file" : "piece";
	if (rc != 0 || f.part + 1 == f.parts) {
		ferry_file_free(k->ferry);
		k->ferry = NULL;
	}
	buf_done(&piece);
	return rc;
}
