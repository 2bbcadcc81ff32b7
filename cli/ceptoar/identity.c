/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "cli/ceptoar/cmd.h"
#include "lib/file.h"
#include "lib/term.h"

enum { ID_HEX = 32, DER_MAX = 4096 };

/* base64 of the envelope; the length, or 0. */
static size_t
decode(const char *text, unsigned char out[DER_MAX])
{
	size_t n = text != NULL ? strlen(text) : 0;
	int len;

	if (n == 0 || n > DER_MAX || n % 4 != 0)
		return 0;
	len = EVP_DecodeBlock(out, (const unsigned char *)text, (int)n);
	for (; len > 0 && text[n - 1] == '='; n--)
		len--;
	return len > 0 ? (size_t)len : 0;
}

/* Opens it with our own certificate and key: the text into `out`, or 0. */
static int
open_envelope(const struct session *s, const unsigned char *der, size_t n, BIO *out)
{
	BIO *in = BIO_new_mem_buf(der, (int)n), *c = BIO_new_file(s->cert, "r"),
	    *k = BIO_new_file(s->key, "r");
	X509 *cert = c != NULL ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
	EVP_PKEY *key = k != NULL ? PEM_read_bio_PrivateKey(k, NULL, NULL, NULL) : NULL;
	CMS_ContentInfo *cms = in != NULL ? d2i_CMS_bio(in, NULL) : NULL;
	int ok = cert != NULL && key != NULL && cms != NULL &&
		 CMS_decrypt(cms, key, cert, NULL, out, CMS_BINARY) == 1;

	CMS_ContentInfo_free(cms);
	EVP_PKEY_free(key);
	X509_free(cert);
	BIO_free(in);
	BIO_free(c);
	BIO_free(k);
	ERR_clear_error();
	return ok;
}

static int
print_text(BIO *from)
{
	struct slice text;
	struct buf out;
	char *p;
	long n = BIO_get_mem_data(from, &p);

	/* It was filled up to a fixed length. */
	while (n > 0 && (p[n - 1] == '\n' || p[n - 1] == ' '))
		n--;
	text = (struct slice){ p, (size_t)n };
	buf_init(&out, (size_t)16 * DER_MAX);
	term_add(&out, text, TERM_TEXT);
	buf_addc(&out, '\n');
	return show_print(&out);
}

static int
show(struct session *s, const json_t *j, const char *path)
{
	unsigned char der[DER_MAX];
	size_t n = decode(json_string_value(json_object_get(j, "cms")), der);
	BIO *text;
	int rc;

	if (n == 0)
		return session_say(EXIT_REFUSED, "the hub's answer holds no envelope");
	if (path != NULL) {
		rc = file_write(path, 0600, der, n);
		if (rc != 0)
			return session_say(EXIT_REFUSED, "%s: %s", path, err_str(rc));
		(void)printf("%s\n", path);
		return EXIT_DONE;
	}
	text = BIO_new(BIO_s_mem());
	if (text != NULL && open_envelope(s, der, n, text))
		rc = print_text(text);
	else
		rc = session_say(EXIT_REFUSED,
		    "the envelope is not for this session's key: save it with --out FILE "
		    "and open it where its key is; see ceptoar identity --help");
	BIO_free(text);
	return rc;
}

int
cmd_identity(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "out", 1, NULL, 'o' },
		{ NULL, 0, NULL, 0 } };
	char path[64 + ID_HEX];
	const char *file = NULL;
	json_t *j = NULL;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o != 'o')
			return EXIT_USAGE;
		file = optarg;
	}
	if (optind + 1 != argc || strlen(argv[optind]) != ID_HEX ||
	    strspn(argv[optind], "0123456789abcdef") != ID_HEX)
		return session_say(
		    EXIT_USAGE, "identity: expected a report's id, 32 hex digits");
	(void)snprintf(path, sizeof path, "/v1/reports/%s/identity", argv[optind]);
	rc = cmd_get(s, path, &j);
	if (rc == EXIT_DONE)
		rc = s->json ? cmd_print_json(s, j) : show(s, j, file);
	json_decref(j);
	return rc;
}
