/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/envelope.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "daemon/vault/layer.h"
#include "lib/mem.h"

struct envelope_maker {
	struct layer *a, *b;
	unsigned char pair[PAIR_LEN];
};

/* One holder; its certificate's DER is counted in. */
static int
holder_init(struct layer **ret, const char *path, size_t content, EVP_MD_CTX *sum,
    struct buf *why)
{
	BIO *f = BIO_new_file(path, "r");
	X509 *cert = f != NULL ? PEM_read_bio_X509(f, NULL, NULL, NULL) : NULL;
	unsigned char *der = NULL;
	const char *wrong = NULL;
	int n, rc;

	BIO_free(f);
	ERR_clear_error();
	if (cert == NULL) {
		buf_addf(why, "%s: no readable certificate in PEM form", path);
		return ERR_IO;
	}
	rc = layer_new(ret, cert, content, &wrong);
	if (rc != 0)
		buf_addf(why, "%s: %s", path, wrong != NULL ? wrong : err_str(rc));
	n = i2d_X509(cert, &der);
	if (rc == 0 && (n <= 0 || EVP_DigestUpdate(sum, der, (size_t)n) != 1))
		rc = ERR_CRYPTO;
	OPENSSL_free(der);
	X509_free(cert);
	return rc;
}

static int
holders_init(
    struct envelope_maker *m, const char *cert_a, const char *cert_b, struct buf *why)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	int rc = 0;

	if (sum == NULL || EVP_DigestInit_ex2(sum, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = holder_init(&m->a, cert_a, ENVELOPE_TEXT, sum, why);
	if (rc == 0)
		rc = holder_init(&m->b, cert_b, layer_len(m->a), sum, why);
	if (rc == 0 && layer_same_key(m->a, m->b)) {
		buf_addf(why, "%s and %s are of one key; two holders are needed", cert_a,
		    cert_b);
		rc = ERR_INVALID;
	}
	if (rc == 0 && EVP_DigestFinal_ex(sum, md, NULL) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		memcpy(m->pair, md, PAIR_LEN);
	EVP_MD_CTX_free(sum);
	return rc;
}

int
envelope_new(
    struct envelope_maker **ret, const char *cert_a, const char *cert_b, struct buf *why)
{
	struct envelope_maker *m = mem_zalloc(sizeof *m);
	int rc;

	if (m == NULL)
		return ERR_NOMEM;
	rc = holders_init(m, cert_a, cert_b, why);
	if (rc != 0) {
		envelope_free(m);
		return rc;
	}
	*ret = m;
	return 0;
}

void
envelope_free(struct envelope_maker *m)
{
	if (m == NULL)
		return;
	layer_free(m->a);
	layer_free(m->b);
	mem_free(m);
}

size_t
envelope_len(const struct envelope_maker *m)
{
	return layer_len(m->b);
}

const unsigned char *
envelope_pair(const struct envelope_maker *m)
{
	return m->pair;
}

int64_t
envelope_not_after(const struct envelope_maker *m)
{
	int64_t a = layer_recipient(m->a)->ends, b = layer_recipient(m->b)->ends;

	return a < b ? a : b;
}

void
envelope_text(const char *member, const unsigned char report[ID_LEN], uint32_t epoch,
    char out[ENVELOPE_TEXT])
{
	char t[ENVELOPE_TEXT + 1], hex[2 * ID_LEN + 1];
	int n;

	hex_encode(report, ID_LEN, hex);
	n = snprintf(t, sizeof t,
	    "CEPTOAR identity envelope 1\nmember: %.63s\nreport: %s\nepoch: %u\n", member,
	    hex, epoch);
	memset(out, ' ', ENVELOPE_TEXT - 1);
	memcpy(out, t, (size_t)n);
	out[ENVELOPE_TEXT - 1] = '\n';
	mem_wipe(t, sizeof t);
}

int
envelope_seal(struct envelope_maker *m, const char *member,
    const unsigned char report[ID_LEN], uint32_t epoch, unsigned char *out)
{
	unsigned char inner[ENVELOPE_MAX];
	char text[ENVELOPE_TEXT];
	int rc;

	envelope_text(member, report, epoch, text);
	rc = layer_seal(m->a, (const unsigned char *)text, inner);
	mem_wipe(text, sizeof text);
	if (rc == 0)
		rc = layer_seal(m->b, inner, out);
	mem_wipe(inner, sizeof inner);
	return rc;
}
