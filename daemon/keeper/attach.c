/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/attach.h"

#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/store_relay.h"
#include "proto/attachment.h"

static int
name_of(const struct desk_call *c, char name[ATTACHMENT_NAME_MAX + 1])
{
	if (!attachment_name_ok(c->m->sub))
		return ERR_NOTFOUND;
	memcpy(name, c->m->sub.p, c->m->sub.n);
	name[c->m->sub.n] = '\0';
	return 0;
}

/* The draft of the path, when its files may still be changed. */
static int
enter(struct keeper *k, struct desk_call *c, struct store_draft *d)
{
	int rc = draft_enter(k, c, d);

	if (rc == 0 && d->state == DRAFT_RELEASED)
		rc =
		    desk_fail(c, P_CONFLICT, NULL, "it is released; update its bulletin");
	return rc == 0 ? drill_keeps(k, c, d->id) : rc;
}

/* Whoever was asked to agree was asked about other files. */
static int
touched(struct keeper *k, struct desk_call *c, struct store_draft *d)
{
	int rc = store_second_drop(k->store, d->id, 0);

	d->state = DRAFT_OPEN;
	d->touched = c->minute;
	return rc == 0 ? store_draft_put(k->store, d) : rc;
}

static int
count_one(void *arg, const struct store_attachment *a)
{
	(void)a;
	++*(unsigned *)arg;
	return 0;
}

static int
fits(struct keeper *k, struct desk_call *c, const struct store_draft *d, const char *name)
{
	struct store_attachment old;
	unsigned n = 0;
	int rc;

	rc = store_attachment_get(k->store, d->id, name, &old, NULL);
	if (rc == 0)
		return 0; /* it takes the place of that */
	if (rc == ERR_NOTFOUND)
		rc = store_attachment_each(k->store, d->id, count_one, &n);
	if (rc == 0 && n >= ATTACHMENTS_MOST)
		rc = desk_fail(c, P_CONFLICT, NULL, "a bulletin has at most 8 files");
	return rc;
}

int
attach_put(struct keeper *k, struct desk_call *c)
{
	const struct slice *data = &c->m->data;
	const char *type, *detail = NULL;
	struct store_attachment a;
	struct store_draft d;
	int rc;

	memset(&a, 0, sizeof a);
	rc = enter(k, c, &d);
	if (rc != 0)
		return rc;
	if (name_of(c, a.name) != 0)
		return desk_fail(c, P_INVALID_FIELD, NULL,
		    "a name of ASCII letters, digits, dots, hyphens and underscores "
		    "that ends with .pdf, .csv or .txt");
	if (data->n == 0)
		return desk_fail(c, P_INVALID_FIELD, NULL, "the file is empty");
	type = attachment_type(c->m->sub, *data, &detail);
	if (type == NULL)
		return desk_fail(c, P_INVALID_FIELD, NULL, detail);
	rc = fits(k, c, &d, a.name);
	if (rc != 0)
		return rc;
	memcpy(a.type, type, strlen(type) + 1);
	a.size = (uint32_t)data->n;
	if (EVP_Digest(data->p, data->n, a.sum, NULL, EVP_sha256(), NULL) != 1)
		return ERR_CRYPTO;
	rc = store_attachment_put(k->store, d.id, &a, *data);
	if (rc == 0)
		rc = touched(k, c, &d);
	if (rc != 0)
		return rc;
	c->created = 1;
	buf_adds(c->out, "{\"attachments\":");
	rc = draft_files(k, d.id, c->out);
	buf_addc(c->out, '}');
	return rc != 0 ? rc : buf_err(c->out);
}

/* The file as it is handed to the front. */
static int
hand_out(struct keeper *k, struct desk_call *c, const uint8_t *draft)
{
	char name[ATTACHMENT_NAME_MAX + 1];
	struct store_attachment a;
	int rc = name_of(c, name);

	if (rc == 0)
		rc = store_attachment_get(k->store, draft, name, &a, NULL);
	if (rc != 0)
		return rc;
	wire_put_str(c->out, slice_of(a.type));
	wire_put_str(c->out, slice_of(a.name));
	return store_attachment_get(k->store, draft, name, &a, c->out);
}

int
attach_get(struct keeper *k, struct desk_call *c)
{
	struct store_draft d;
	int rc = draft_enter(k, c, &d);

	return rc == 0 ? hand_out(k, c, d.id) : rc;
}

int
attach_delete(struct keeper *k, struct desk_call *c)
{
	char name[ATTACHMENT_NAME_MAX + 1];
	struct store_attachment a;
	struct store_draft d;
	int rc = enter(k, c, &d);

	if (rc == 0)
		rc = name_of(c, name);
	if (rc == 0)
		rc = store_attachment_get(k->store, d.id, name, &a, NULL);
	if (rc == 0)
		rc = store_attachment_del(k->store, d.id, name);
	if (rc == 0)
		rc = touched(k, c, &d);
	buf_adds(c->out, "{}");
	return rc;
}

/* Where a bulletin's files lie: of what was passed on those of the original, and of
 * another hub's those that came with it. */
static int
files_of(struct keeper *k, const struct store_bulletin *b, uint8_t ret[ID_LEN])
{
	const uint8_t *id = b->id;
	struct store_relay r;
	struct store_meta m;
	struct buf words;
	int rc;

	if ((b->head.flags & FRAME_RELAY) != 0) {
		buf_init(&words, RELAY_WORDS_MAX);
		rc = store_relay_get(k->store, b->id, &r, &words);
		buf_done(&words);
		if (rc != 0)
			return rc;
		id = r.original;
		if (r.hub[0] != '\0') {
			memcpy(ret, b->id, ID_LEN);
			return 0;
		}
	}
	rc = store_meta_get(k->store, id, &m);
	if (rc == 0)
		memcpy(ret, m.draft, ID_LEN);
	return rc;
}

int
attach_file(struct keeper *k, struct desk_call *c)
{
	const struct rights *r = &c->m->rights;
	struct store_bulletin b;
	uint8_t draft[ID_LEN];
	int rc = shelf_find(k, c->m->ref, &b);

	if (rc == 0 && frame_may_read(&b.head, r, acks_is_cross(k, r)) != VIEW_BODY)
		rc = ERR_NOTFOUND;
	if (rc == 0)
		rc = files_of(k, &b, draft);
	return rc == 0 ? hand_out(k, c, draft) : rc;
}
