/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/slip.h"

#include <stdio.h>
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "cli/ceptoar/case.h"
#include "cli/ceptoar/state.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/duty_cert.h"
#include "proto/text.h"

enum { PEM_MAX = 64 * 1024, BOX_MAX = 2048 };
#define KEPT "duty-keys"

/* ---- whose key it is */

/* The hub's authority signed it, and it is in force. */
static int
is_signed(const struct session *s, X509 *x)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int ok =
	    store != NULL && ctx != NULL && X509_STORE_load_file(store, s->ca) == 1 &&
	    X509_STORE_CTX_init(ctx, store, x, NULL) == 1 && X509_verify_cert(ctx) == 1;

	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return ok;
}

static int
check_cert(struct session *s, const char *desk, struct slice pem, X509 **ret)
{
	char name[DUTY_NAME_MAX];
	const char *why = NULL;
	X509 *x = NULL;

	if (duty_cert_read(pem, &x, &why) == 0) {
		if (!is_signed(s, x))
			why = "the hub's authority has not signed it, or it is not in "
			      "force";
		else if (!duty_cert_is_for(x, desk))
			why = "it is another desk's";
		else if (duty_cert_name(x, name) != 0)
			why = "it has no name";
	}
	if (why != NULL) {
		X509_free(x);
		return session_say(EXIT_REFUSED,
		    "the duty key of %s cannot be trusted: %s; nothing was sent", desk,
		    why);
	}
	(void)session_say(0, "the slip can be read by %s (%s) alone", name, desk);
	*ret = x;
	return EXIT_DONE;
}

int
slip_keys_keep(struct session *s)
{
	json_t *j = NULL;
	int rc = cmd_get(s, "/v1/duty-keys", &j);

	if (rc == EXIT_DONE)
		rc = state_save(s, KEPT, j);
	json_decref(j);
	return rc;
}

/* A blind session asks nobody: what `ceptoar tokens` has kept is looked at. */
static int
find_pem(struct session *s, const char *desk, struct buf *pem)
{
	const json_t *keys, *k;
	json_t *j = NULL;
	size_t i;
	int rc = EXIT_DONE, found = 0;

	if (!s->blind)
		rc = cmd_get(s, "/v1/duty-keys", &j);
	else if (!state_has(s, KEPT))
		return session_say(EXIT_USAGE,
		    "a blind report's slip needs the duty keys that \"ceptoar tokens\" "
		    "keeps, or --duty-cert FILE: asking for one now would tell who is "
		    "about to report");
	else if ((j = state_load(s, KEPT)) == NULL)
		rc = EXIT_REFUSED;
	keys = json_object_get(j, "keys");
	json_array_foreach(keys, i, k)
	{
		const char *of = json_string_value(json_object_get(k, "desk"));
		const char *cert = json_string_value(json_object_get(k, "cert"));

		if (of == NULL || cert == NULL || strcmp(of, desk) != 0)
			continue;
		buf_reset(pem);
		buf_adds(pem, cert);
		found = 1;
	}
	json_decref(j);
	if (rc == EXIT_DONE && !found)
		rc = session_say(
		    EXIT_REFUSED, "%s has no duty key: no slip can be left for it", desk);
	return rc;
}

int
slip_cert(struct session *s, const char *desk, const char *file, X509 **ret)
{
	struct buf pem;
	int rc;

	buf_init(&pem, PEM_MAX);
	if (file == NULL) {
		rc = find_pem(s, desk, &pem);
	} else {
		rc = file_read(file, &pem);
		rc = rc == 0 ? EXIT_DONE
			     : session_say(EXIT_USAGE, "%s: %s", file, err_str(rc));
	}
	if (rc == EXIT_DONE)
		rc = check_cert(s, desk, buf_slice(&pem), ret);
	buf_done(&pem);
	return rc;
}

/* ---- the box */

static int
encrypt(CMS_ContentInfo *cms, X509 *cert, BIO *in, unsigned flags)
{
	CMS_RecipientInfo *ri = CMS_add1_recipient(cms, cert, NULL, NULL, flags);
	EVP_PKEY_CTX *ctx = ri != NULL ? CMS_RecipientInfo_get0_pkey_ctx(ri) : NULL;

	/* The default is SHA-1. */
	return ctx != NULL && EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) > 0 &&
	       CMS_final(cms, in, NULL, flags) == 1;
}

int
slip_seal(X509 *cert, struct slice text, struct buf *out)
{
	/* The recipient by key identifier: no name whose length could tell. */
	const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_USE_KEYID;
	unsigned char plain[SLIP_PLAIN] = { 0 }, *der = NULL;
	CMS_ContentInfo *cms;
	BIO *in;
	int n = 0;

	if (text.n > SLIP_TEXT_MAX)
		return ERR_LIMIT;
	plain[0] = (unsigned char)text.n;
	memcpy(plain + 1, text.p, text.n);
	in = BIO_new_mem_buf(plain, sizeof plain);
	cms = CMS_encrypt(NULL, NULL, EVP_aes_256_gcm(), flags);
	if (in != NULL && cms != NULL && encrypt(cms, cert, in, flags))
		n = i2d_CMS_ContentInfo(cms, &der);
	if (n > 0)
		buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(in);
	mem_wipe(plain, sizeof plain);
	ERR_clear_error();
	return n > 0 ? buf_err(out) : ERR_CRYPTO;
}

static EVP_PKEY *
load_key(const char *file)
{
	struct buf pem;
	EVP_PKEY *key = NULL;
	BIO *b;

	buf_init(&pem, PEM_MAX);
	if (file_read(file, &pem) == 0) {
		b = BIO_new_mem_buf(pem.p, (int)pem.n);
		/* A passphrase is asked for on the terminal. */
		key = b != NULL ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
		BIO_free(b);
	}
	buf_wipe(&pem);
	ERR_clear_error();
	return key;
}

static int
take_plain(BIO *out, struct buf *text)
{
	char *p = NULL;
	long n = BIO_get_mem_data(out, &p);
	size_t len = n == SLIP_PLAIN ? (unsigned char)p[0] : 0;

	if (n != SLIP_PLAIN)
		return ERR_INVALID;
	buf_add(text, p + 1, len);
	mem_wipe(p, (size_t)n);
	return buf_err(text);
}

int
slip_open(struct slice box, const char *key_file, struct buf *text)
{
	const unsigned char *p = (const unsigned char *)box.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)box.n);
	EVP_PKEY *key = load_key(key_file);
	BIO *out = BIO_new(BIO_s_secmem());
	int rc = ERR_INVALID;

	if (key == NULL)
		rc = ERR_NOTFOUND;
	else if (cms != NULL && out != NULL)
		rc = CMS_decrypt(cms, key, NULL, NULL, out, CMS_BINARY) == 1
			 ? take_plain(out, text)
			 : ERR_DENIED;
	CMS_ContentInfo_free(cms);
	EVP_PKEY_free(key);
	BIO_free(out);
	ERR_clear_error();
	return rc;
}

/* ---- for a report */

static int
read_text(const char *file, struct buf *text)
{
	struct text_facts facts;
	enum text_flaw flaw;
	int rc = file_read(file, text);

	if (rc != 0 && rc != ERR_LIMIT)
		return session_say(EXIT_USAGE, "--slip: %s: %s", file, err_str(rc));
	while (text->n > 0 && text->p[text->n - 1] == '\n')
		text->n--;
	if (rc == ERR_LIMIT || text->n > SLIP_TEXT_MAX)
		return session_say(EXIT_USAGE, "--slip: at most %d bytes", SLIP_TEXT_MAX);
	flaw = text_check(buf_slice(text), TEXT_BLOCK, &facts);
	if (flaw != TEXT_FINE)
		return session_say(EXIT_USAGE, "--slip: %s", text_flaw_detail(flaw));
	if (facts.blank)
		return session_say(EXIT_USAGE, "--slip: %s: nothing stands there", file);
	return EXIT_DONE;
}

int
slip_add(struct session *s, json_t *report, const struct slip_order *o)
{
	struct buf text, box, coded;
	X509 *cert = NULL;
	int rc;

	buf_init(&text, 4096);
	buf_init(&box, BOX_MAX);
	buf_init(&coded, 2 * BOX_MAX);
	rc = read_text(o->text_file, &text);
	if (rc == EXIT_DONE)
		rc = slip_cert(s, o->desk, o->cert_file, &cert);
	if (rc == EXIT_DONE) {
		rc = slip_seal(cert, buf_slice(&text), &box);
		buf_add_b64url(&coded, box.p, box.n);
		if (rc != 0 || buf_err(&coded) != 0 ||
		    json_object_set_new(report, "slip",
			json_pack("{s:s,s:s}", "to", o->desk, "box", buf_cstr(&coded))) !=
			0)
			rc = session_say(EXIT_REFUSED, "the slip cannot be encrypted");
	}
	X509_free(cert);
	buf_wipe(&text);
	buf_done(&box);
	buf_done(&coded);
	return rc;
}

/* ---- for a desk */

/* duty-key.pem beside the member's own key, unless another is named. */
static int
find_key(const struct session *s, const char *given, char *ret, size_t room)
{
	const char *slash = strrchr(s->key, '/');
	int dir = slash != NULL ? (int)(slash - s->key) + 1 : 0, n;

	n = given != NULL ? snprintf(ret, room, "%s", given)
			  : snprintf(ret, room, "%.*sduty-key.pem", dir, s->key);
	return n > 0 && (size_t)n < room ? EXIT_DONE
					 : session_say(EXIT_USAGE, "--key: too long");
}

static int
show_slip(struct session *s, const json_t *j, const char *key_file)
{
	const json_t *coded = json_object_get(j, "box");
	struct slice v = { json_string_value(coded), json_string_length(coded) };
	unsigned char box[BOX_MAX];
	struct buf text;
	json_t *shown;
	long n = v.p != NULL ? b64url_decode(v, box, sizeof box) : ERR_INVALID;
	int rc;

	buf_init(&text, SLIP_PLAIN);
	rc = n > 0 ? slip_open((struct slice){ (char *)box, (size_t)n }, key_file, &text)
		   : ERR_INVALID;
	if (rc == ERR_NOTFOUND)
		rc = session_say(EXIT_USAGE, "%s: holds no private key", key_file);
	else if (rc != 0)
		rc =
		    session_say(EXIT_REFUSED, "the slip does not open with %s", key_file);
	if (rc == EXIT_DONE) {
		shown = json_pack("{s:s%}", "slip", text.n > 0 ? text.p : "", text.n);
		if (shown != NULL && s->json) {
			rc = cmd_print_json(s, shown);
		} else {
			struct buf out;

			buf_init(&out, 16 * SLIP_PLAIN);
			show_text(s, shown, "slip", &out);
			buf_addc(&out, '\n');
			rc = show_print(&out);
		}
		json_decref(shown);
	}
	buf_wipe(&text);
	return rc;
}

int
case_slip(struct session *s, int argc, char **argv)
{
	const char *given = argc == 4 && strcmp(argv[2], "--key") == 0 ? argv[3] : NULL;
	char key_file[PATH_MAX];
	struct case_ref c;
	json_t *j = NULL;
	int rc;

	if (argc != 2 && given == NULL)
		return session_say(EXIT_USAGE, "case slip: ID [--key FILE]");
	rc = find_key(s, given, key_file, sizeof key_file);
	if (rc != EXIT_DONE)
		return rc;
	rc = case_find(s, argv[1], CASE_AS_DESK, &c);
	if (rc == EXIT_DONE)
		rc = case_ask(&c, "GET", "/slip", &j);
	if (rc == EXIT_DONE)
		rc = show_slip(s, j, key_file);
	json_decref(j);
	case_done(&c);
	return rc;
}
