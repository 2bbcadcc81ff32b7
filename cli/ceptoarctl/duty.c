/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/x509.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/duty_cert.h"
#include "proto/msg_case.h"

/* Duty keys of the desks: what call-back slips are encrypted to. */

static int
read_cert(const char *path, struct buf *pem, X509 **ret)
{
	const char *why;
	int rc = file_read(path, pem);

	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, err_str(rc));
	if (duty_cert_read(buf_slice(pem), ret, &why) != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, why);
	return EXIT_DONE;
}

/* The PEM block alone goes out: what may stand around it is for people. */
static int
add_block(const X509 *x, struct buf *out)
{
	static const char line[] = "-----BEGIN CERTIFICATE-----\n";
	unsigned char *der = NULL;
	int i, k, n = i2d_X509(x, &der);
	unsigned char text[65];

	buf_adds(out, line);
	for (i = 0; i < n; i += 48) {
		k = EVP_EncodeBlock(text, der + i, n - i < 48 ? n - i : 48);
		buf_add(out, text, (size_t)k);
		buf_addc(out, '\n');
	}
	buf_adds(out, "-----END CERTIFICATE-----\n");
	OPENSSL_free(der);
	return n > 0 ? buf_err(out) : ERR_CRYPTO;
}

static int
set_one(struct ctl *c, struct call *keeper, const char *desk, const X509 *x)
{
	char name[DUTY_NAME_MAX];
	struct buf block, ask;
	struct slice body;
	uint16_t status;
	int rc;

	if (!duty_cert_is_for(x, desk))
		return ctl_say(EXIT_REFUSED,
		    "%s: the certificate is not for this desk (%s%s)", desk, DUTY_URN,
		    desk);
	buf_init(&block, DUTY_CERT_MAX);
	buf_init(&ask, DUTY_CERT_MAX + 128);
	rc = add_block(x, &block);
	wire_put_str(&ask, slice_of(desk));
	wire_put_str(&ask, buf_slice(&block));
	if (rc == 0)
		rc = buf_err(&ask);
	if (rc == 0)
		rc = call_do(keeper, KM_A_DUTY_KEY, buf_slice(&ask), &c->answer, &status);
	rc = ctl_keeper_verdict(c, rc, &body);
	if (rc == EXIT_DONE && duty_cert_name(x, name) == 0)
		(void)printf("%s: duty key of %s\n", desk, name);
	buf_done(&block);
	buf_done(&ask);
	return rc;
}

static int
do_set(struct ctl *c, const char *desk, const char *path)
{
	struct call *keeper = NULL;
	X509 *x = NULL;
	struct buf pem;
	int rc;

	buf_init(&pem, FILE_MAX);
	rc = read_cert(path, &pem, &x);
	if (rc == EXIT_DONE)
		rc = ctl_keeper_open(c, &keeper);
	if (rc == EXIT_DONE)
		rc = set_one(c, keeper, desk, x);
	call_close(keeper);
	X509_free(x);
	buf_done(&pem);
	return rc;
}

/* Every desk that the certificate is for. */
static int
import_one(struct ctl *c, struct call *keeper, const char *path)
{
	char desk[DUTY_NAME_MAX];
	X509 *x = NULL;
	struct buf pem;
	unsigned i;
	int rc;

	buf_init(&pem, FILE_MAX);
	rc = read_cert(path, &pem, &x);
	for (i = 0; rc == EXIT_DONE && duty_cert_desk(x, i, desk); i++)
		rc = set_one(c, keeper, desk, x);
	X509_free(x);
	buf_done(&pem);
	return rc;
}

static int
do_import(struct ctl *c, const char *dir)
{
	char path[PATH_MAX];
	struct call *keeper = NULL;
	const struct dirent *e;
	DIR *d = opendir(dir);
	int rc;

	if (d == NULL)
		return ctl_say(EXIT_REFUSED, "%s: %s", dir, strerror(errno));
	rc = ctl_keeper_open(c, &keeper);
	while (rc == EXIT_DONE && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' ||
		    snprintf(path, sizeof path, "%s/%s/duty-cert.pem", dir, e->d_name) >=
			(int)sizeof path ||
		    !file_exists(path))
			continue;
		rc = import_one(c, keeper, path);
	}
	call_close(keeper);
	(void)closedir(d);
	return rc;
}

static int
show_key(const json_t *key, struct buf *out)
{
	const char *desk = json_string_value(json_object_get(key, "desk"));
	const json_t *cert = json_object_get(key, "cert");
	struct slice pem = { json_string_value(cert), json_string_length(cert) };
	char name[DUTY_NAME_MAX];
	const char *why;
	X509 *x = NULL;
	BIO *b;
	char *text;
	long n;

	if (desk == NULL || duty_cert_read(pem, &x, &why) != 0 ||
	    duty_cert_name(x, name) != 0) {
		X509_free(x);
		return ERR_CORRUPT;
	}
	b = BIO_new(BIO_s_mem());
	buf_addf(out, "%-28s %-28s until ", desk, name);
	if (b != NULL && ASN1_TIME_print(b, X509_get0_notAfter(x)) == 1) {
		n = BIO_get_mem_data(b, &text);
		buf_add(out, text, (size_t)n);
	}
	buf_addc(out, '\n');
	BIO_free(b);
	X509_free(x);
	return buf_err(out);
}

static int
show_list(struct ctl *c, struct slice body)
{
	json_t *j = json_loadb(body.p, body.n, 0, NULL);
	const json_t *keys = json_object_get(j, "keys");
	struct buf out;
	size_t i;
	int rc = 0;

	if (c->json) {
		ctl_show_json(c, body);
		json_decref(j);
		return EXIT_DONE;
	}
	buf_init(&out, ANSWER_MAX);
	for (i = 0; rc == 0 && i < json_array_size(keys); i++)
		rc = show_key(json_array_get(keys, i), &out);
	json_decref(j);
	ctl_print(&out);
	return rc == 0 ? EXIT_DONE : ctl_say(EXIT_REFUSED, "%s", err_str(rc));
}

static int
do_list(struct ctl *c)
{
	static const struct slice nothing = { "", 0 };
	struct call *keeper = NULL;
	struct slice body;
	uint16_t status;
	int rc = ctl_keeper_open(c, &keeper);

	if (rc == EXIT_DONE) {
		rc = call_do(keeper, KM_DUTY_KEYS, nothing, &c->answer, &status);
		rc = ctl_keeper_verdict(c, rc, &body);
	}
	if (rc == EXIT_DONE)
		rc = show_list(c, body);
	call_close(keeper);
	return rc;
}

int
cmd_duty_key(struct ctl *c, int argc, char **argv)
{
	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_duty_key, stdout);
		return EXIT_DONE;
	}
	if (argc == 4 && strcmp(argv[0], "set") == 0 && strcmp(argv[2], "--cert") == 0)
		return do_set(c, argv[1], argv[3]);
	if (argc == 2 && strcmp(argv[0], "import") == 0)
		return do_import(c, argv[1]);
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return do_list(c);
	return ctl_say(EXIT_USAGE,
	    "duty-key: set DESK --cert FILE, import DIR, or list; see --help");
}
