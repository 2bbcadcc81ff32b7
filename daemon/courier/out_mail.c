/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/sender.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/courier/smtp.h"
#include "lib/mem.h"
#include "proto/mail.h"
#include "proto/mail_mime.h"

/*
 * A bulletin as a mail, or the day's small ones as one.  Our own server takes it, over
 * TLS and after a password; what becomes of it behind that is the server's affair, whose
 * complaints go to the address that mails come from.
 */
static enum courier_outcome
aim(struct courier *c, struct delivery *d, const char **ret_why)
{
	if (!c->opt.mail.on) {
		*ret_why = "no such way here";
		return OUTCOME_UNABLE;
	}
	if (!mail_address_ok(slice_of(d->contact.value))) {
		*ret_why = "no mail address";
		return OUTCOME_FAILED;
	}
	d->target = c->opt.mail.at;
	return OUTCOME_SENT;
}

/* What all tries of this mail have in common, and its updates with it. */
static int
thread_make(const struct delivery *d, const struct delivery *const *all, unsigned n,
    uint8_t ret[MAIL_THREAD])
{
	const struct courier_key *key;
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct buf b;
	unsigned i;
	int ok;

	buf_init(&b, 4096);
	buf_adds(&b, n > 0 ? "ceptoar digest" : "ceptoar mail");
	buf_add(&b, d->job.key.receiver, RECEIVER_LEN);
	buf_addc(&b, (char)d->contact.n);
	for (i = 0; i < (n > 0 ? n : 1); i++) {
		key = n > 0 ? &all[i]->job.key : &d->job.key;
		buf_add(&b, key->bulletin, ID_LEN);
		if (n > 0)
			buf_addf(&b, "%u", (unsigned)key->revision);
	}
	ok = buf_err(&b) == 0 && EVP_Digest(b.p, b.n, sum, NULL, EVP_sha256(), NULL) == 1;
	buf_done(&b);
	if (!ok)
		return ERR_CRYPTO;
	memcpy(ret, sum, MAIL_THREAD);
	return 0;
}

static void
item_make(
    struct courier *c, const struct delivery *d, char token[32], struct mail_item *ret)
{
	struct buf b;

	buf_init(&b, 32);
	/* A page has no link: somebody takes it at the desk. */
	if (c->opt.mail.answers_url[0] != '\0' && d->job.stage != BROUGHT_PAGE)
		buf_add_b64url(&b, d->job.token, COURIER_TOKEN_LEN);
	(void)snprintf(token, 32, "%s", buf_cstr(&b));
	buf_wipe(&b);
	ret->json = (struct slice){ d->text->p, d->text->n };
	ret->token = slice_of(token);
}

/* Those that go with this one, itself first. */
static unsigned
mates_of(struct courier *c, const struct delivery *d,
    const struct delivery *ret[COURIER_DIGEST_MAX])
{
	const struct delivery *m;
	unsigned n = 0;

	for (m = c->first; m != NULL && n < COURIER_DIGEST_MAX; m = m->next)
		if (m == d || m->lead == d->id)
			ret[n++] = m;
	return n;
}

static int
mail_make(struct courier *c, struct delivery *d, struct buf *out)
{
	const struct mail_options *o = &c->opt.mail;
	const struct delivery *all[COURIER_DIGEST_MAX];
	struct mail_item item[COURIER_DIGEST_MAX];
	char token[COURIER_DIGEST_MAX][32];
	unsigned i, n = d->digest ? mates_of(c, d, all) : 0;
	struct mail_make m;
	int rc;

	memset(&m, 0, sizeof m);
	m.from = slice_of(o->from);
	m.from_name = slice_of(o->from_name);
	m.to = slice_of(d->contact.value);
	m.first = memcmp(d->contact.lang, "en", 2) == 0 ? MAIL_EN : MAIL_JA;
	m.date_ms = c->now_s() * 1000;
	m.answers_url = slice_of(o->answers_url);
	m.whole_up_to = o->whole_up_to;
	rc = thread_make(d, all, n, m.thread);
	if (rc == 0 && n > 0) {
		for (i = 0; i < n; i++)
			item_make(c, all[i], token[i], &item[i]);
		rc = mail_digest(&m, item, n, out);
	} else if (rc == 0) {
		item_make(c, d, token[0], &item[0]);
		rc = mail_bulletin(&m, &item[0], out);
	}
	mem_wipe(token, sizeof token);
	return rc;
}

#define SET(option, value) (curl_easy_setopt(e, option, value) != CURLE_OK)

static int
set_way(CURL *e, const struct mail_options *o)
{
	int bad = SET(CURLOPT_USE_SSL, (long)CURLUSESSL_ALL) ||
		  SET(CURLOPT_CAINFO, o->ca) || SET(CURLOPT_LOW_SPEED_LIMIT, 0L) ||
		  SET(CURLOPT_LOW_SPEED_TIME, 0L);

	if (!bad && o->user[0] != '\0')
		bad =
		    SET(CURLOPT_USERNAME, o->user) || SET(CURLOPT_PASSWORD, o->password);
	return bad ? ERR_NOMEM : 0;
}

static struct transfer *
load(struct courier *c, struct delivery *d, const struct resolved *a)
{
	const struct mail_options *o = &c->opt.mail;
	struct transfer *t;
	struct buf mail;
	int rc;

	/* Another server was named since: this one does not get its password. */
	if (!o->on || strcmp(d->target.host, o->at.host) != 0 ||
	    d->target.port != o->at.port)
		return NULL;
	t = transfer_new(c, d, a, o->implicit ? "smtps" : "smtp");
	if (t == NULL)
		return NULL;
	buf_init_secret(&mail, MAIL_MAX);
	rc = mail_make(c, d, &mail);
	if (rc == 0)
		rc = set_way(t->easy, o);
	if (rc == 0)
		rc = smtp_new(t, o->from, d->contact.value, &mail, o->timeout_ms);
	buf_wipe(&mail);
	if (rc == 0)
		return t;
	transfer_free(t);
	return NULL;
}

enum { TOO_LARGE = 552 };

/* Our own server refuses us: no receiver's fault, and no mail goes out.  Before it is
 * told whom a mail is for, only its size can be this mail's own. */
static int
is_ours(const struct transfer *t)
{
	return t->code == CURLE_LOGIN_DENIED || t->code == CURLE_USE_SSL_FAILED ||
	       t->status == 530 || (t->status >= 534 && t->status <= 538) ||
	       (t->status >= 500 && t->status <= 599 && !t->named &&
		   t->status != TOO_LARGE);
}

static enum endpoint_word
ended(struct courier *c, struct delivery *d, const struct transfer *t)
{
	char room[REASON_MAX + 1];

	if (t->code == CURLE_OK) {
		delivery_settle(c, d, OUTCOME_SENT, "");
		return ENDPOINT_GOOD;
	}
	if (is_ours(t)) {
		delivery_failed(c, d,
		    t->code == CURLE_USE_SSL_FAILED ? "tls is refused"
						    : "the server refuses the hub",
		    -1);
		return ENDPOINT_BAD;
	}
	(void)snprintf(room, sizeof room, "status %ld", t->status);
	if (t->status >= 500 && t->status <= 599) { /* for good */
		delivery_settle(c, d, OUTCOME_FAILED, room);
		return ENDPOINT_GOOD;
	}
	if (t->status >= 400 && t->status <= 499) {
		delivery_failed(c, d, room, -1);
		return t->status == 421 ? ENDPOINT_BAD : ENDPOINT_GOOD;
	}
	delivery_failed(c, d, transfer_reason(t, room, sizeof room), -1);
	return ENDPOINT_BAD;
}

const struct sender mail_sender = { aim, load, ended, 1 };
