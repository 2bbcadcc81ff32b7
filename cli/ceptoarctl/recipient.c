/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/x509.h>

#include "cli/ceptoarctl/ctl.h"
#include "proto/msg_escrow.h"
#include "proto/recipient.h"

/* Whom a reporter may let know who sent a report: the centre and the ministries. */

static int
parse_show(const struct buf *answer, struct ctl_recipient *ret)
{
	struct vault_member zero = { .id = "" };
	unsigned char own[64][32];
	unsigned i, n;
	struct buf size;
	struct wire w;

	buf_init(&size, 4096);
	vault_member_put(&size, &zero); /* a member's record has a fixed size: this one */
	wire_init(&w, answer->p, answer->n);
	w.at = size.n <= answer->n ? size.n : answer->n;
	buf_done(&size);
	(void)wire_u16(&w);
	n = wire_u8(&w);
	for (i = 0; i < n && i < 64; i++) {
		wire_bytes(&w, own[i], sizeof own[i]);
		(void)wire_i64(&w);
		(void)wire_u8(&w);
	}
	memset(ret, 0, sizeof *ret);
	ret->has = wire_bool(&w);
	wire_bytes(&w, ret->spki, sizeof ret->spki);
	ret->ends = wire_i64(&w);
	while (i-- > 0)
		ret->own |= memcmp(own[i], ret->spki, sizeof ret->spki) == 0;
	return wire_end(&w);
}

int
recipient_show(struct ctl *c, const char *id, struct ctl_recipient *ret)
{
	unsigned status = VS_INTERNAL;
	struct buf ask;
	int rc;

	memset(ret, 0, sizeof *ret);
	buf_init(&ask, 256);
	rc = ctl_put_id(&ask, id);
	if (rc == 0)
		rc = ctl_vault_ask(c, VM_A_SHOW, &ask, &status);
	buf_done(&ask);
	if (rc == 0 && status == VS_OK)
		rc = parse_show(&c->answer, ret);
	if (rc != 0)
		return ctl_down("vault", rc);
	return status == VS_OK || status == VS_UNKNOWN ? EXIT_DONE
						       : ctl_verdict(status, id);
}

/* NULL: no more a recipient. */
static int
send(struct ctl *c, const char *id, X509 *cert)
{
	unsigned char *der = NULL;
	int n = cert != NULL ? i2d_X509(cert, &der) : 0, rc;
	struct buf ask;

	buf_init(&ask, 4096);
	if (n < 0 || n > RECIPIENT_DER_MAX) {
		rc = ctl_say(EXIT_REFUSED, "%s: the certificate is larger than %d bytes",
		    id, RECIPIENT_DER_MAX);
	} else if (ctl_put_id(&ask, id) != 0) {
		rc = ctl_say(EXIT_USAGE, "%s: not a member id", id);
	} else {
		wire_put_u16(&ask, (uint16_t)n);
		wire_put_bytes(&ask, der, (size_t)n);
		n = RECIPIENT_DER_MAX - n;
		if (buf_err(&ask) == 0 && buf_extend(&ask, (size_t)n) != NULL)
			memset(ask.p + ask.n - n, 0, (size_t)n);
		rc = ctl_vault(c, VM_A_RECIPIENT, &ask, id);
	}
	OPENSSL_free(der);
	buf_done(&ask);
	return rc;
}

int
recipient_import(struct ctl *c, const char *id, const char *path)
{
	struct ctl_recipient now;
	struct recipient to;
	const char *wrong;
	X509 *cert;
	int rc = recipient_show(c, id, &now);

	if (rc != EXIT_DONE || (now.has && !now.own))
		return rc;
	cert = ctl_x509(path);
	wrong = cert != NULL ? recipient_check(cert, &to) : "no certificate";
	if (wrong != NULL) /* good for TLS all the same */
		(void)ctl_say(EXIT_DONE, "%s: cannot be named by reporters: %s (%s)", id,
		    path, wrong);
	else
		rc = send(c, id, cert);
	X509_free(cert);
	return rc;
}

static int
do_set(struct ctl *c, const char *id, const char *path)
{
	X509 *cert = ctl_x509(path);
	struct recipient to;
	const char *wrong = cert != NULL ? recipient_check(cert, &to) : NULL;
	int rc;

	if (cert == NULL)
		return ctl_say(EXIT_REFUSED, "%s: holds no certificate", path);
	if (wrong != NULL)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", path, wrong);
	else
		rc = send(c, id, cert);
	X509_free(cert);
	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, id);
	if (rc == EXIT_DONE)
		(void)printf("%s may be named; its envelopes are for this key\n", id);
	return rc;
}

static int
do_drop(struct ctl *c, const char *id)
{
	int rc = send(c, id, NULL);

	if (rc == EXIT_DONE)
		rc = ctl_vault(c, VM_A_COMMIT, NULL, id);
	if (rc == EXIT_DONE)
		(void)printf("%s may no longer be named\n", id);
	return rc;
}

static int
list_one(struct ctl *c, const char *id, struct buf *out)
{
	struct ctl_recipient r;
	char day[CTL_DAY];
	int rc = recipient_show(c, id, &r);

	if (rc != EXIT_DONE || !r.has)
		return rc;
	ctl_day(r.ends, day);
	buf_addf(out, "%-32s until %s  %s  ", id, day,
	    r.own ? "its own certificate" : "a key for this alone");
	buf_add_hex(out, r.spki, sizeof r.spki);
	buf_addc(out, '\n');
	return EXIT_DONE;
}

static int
do_list(struct ctl *c)
{
	char after[VAULT_ID_MAX] = { 0 }, ids[16][VAULT_ID_MAX];
	unsigned i, n, wanted, roles;
	struct buf ask, out;
	struct wire w;
	int rc;

	buf_init(&ask, 256);
	buf_init(&out, ANSWER_MAX);
	do {
		buf_reset(&ask);
		buf_add(&ask, after, sizeof after);
		rc = ctl_vault(c, VM_A_LIST, &ask, "list");
		wire_init(&w, c->answer.p, rc == EXIT_DONE ? c->answer.n : 0);
		n = wire_u8(&w);
		for (i = wanted = 0; i < n && w.err == 0 && wanted < 16; i++) {
			wire_bytes(&w, after, sizeof after);
			after[sizeof after - 1] = '\0';
			roles = wire_u16(&w);
			(void)wire_u8(&w);
			if ((roles & (ROLE_CENTRE | ROLE_MINISTRY)) != 0)
				memcpy(ids[wanted++], after, sizeof after);
		}
		if (rc == EXIT_DONE && w.err != 0)
			rc = ctl_down("vault", ERR_PROTO);
		for (i = 0; rc == EXIT_DONE && i < wanted; i++)
			rc = list_one(c, ids[i], &out);
	} while (rc == EXIT_DONE && n > 0);
	buf_done(&ask);
	ctl_print(&out);
	return rc;
}

int
cmd_recipient(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_recipient, stdout);
		return EXIT_DONE;
	}
	if (argc == 4 && strcmp(argv[0], "set") == 0 && strcmp(argv[2], "--cert") == 0)
		return do_set(c, argv[1], argv[3]);
	if (argc == 2 && strcmp(argv[0], "drop") == 0)
		return do_drop(c, argv[1]);
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return do_list(c);
	return ctl_say(EXIT_USAGE,
	    "recipient: set ID --cert CERT.pem, list, or drop ID; see ceptoarctl "
	    "recipient --help");
}
