/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/cert.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/msg_escrow.h"
#include "proto/recipient.h"

/* What an escrow holder does on a machine of its own, and what is looked at before a pair
 * is used.  Nothing here talks to the hub. */
enum { DAYS = 1095, DAYS_MAX = 3650, PASS_MAX = 256, PASS_MIN = 12, ROUNDS = 600000 };

struct prepare {
	char holder; /* 'a' or 'b' */
	const char *out, *curve;
	int days, passphrase;
};

/* Never over a file that is there: it may be the only key to envelopes. */
static int
write_new(const char *path, mode_t mode, BIO *b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	char *p;
	long n = BIO_get_mem_data(b, &p);
	int ok;

	if (fd < 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, strerror(errno));
	ok = n > 0 && write(fd, p, (size_t)n) == n && fchmod(fd, mode) == 0 &&
	     fsync(fd) == 0;
	if (close(fd) != 0 || !ok) {
		(void)unlink(path);
		return ctl_say(EXIT_REFUSED, "%s: cannot be written", path);
	}
	return EXIT_DONE;
}

/* PKCS#8, under a passphrase when one is wanted. */
static int
put_key(EVP_PKEY *key, const char *pass, BIO *to)
{
	PKCS8_PRIV_KEY_INFO *plain = NULL;
	X509_SIG *sealed = NULL;
	X509_ALGOR *how;
	int ok;

	if (pass == NULL)
		return PEM_write_bio_PrivateKey(to, key, NULL, NULL, 0, NULL, NULL) == 1;
	how = PKCS5_pbe2_set_iv(
	    EVP_aes_256_cbc(), ROUNDS, NULL, 0, NULL, NID_hmacWithSHA256);
	plain = EVP_PKEY2PKCS8(key);
	if (how != NULL && plain != NULL)
		sealed = PKCS8_set0_pbe(pass, (int)strlen(pass), plain, how);
	if (sealed == NULL)
		X509_ALGOR_free(how);
	ok = sealed != NULL && PEM_write_bio_PKCS8(to, sealed) == 1;
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(plain);
	return ok;
}

static X509 *
make_cert(EVP_PKEY *key, const struct prepare *p)
{
	static const struct cert_extension extensions[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,keyAgreement" },
		{ NID_subject_key_identifier, "hash" },
		{ 0, NULL },
	};
	const struct cert_spec spec = { "CEPTOAR escrow",
		p->holder == 'a' ? "Escrow holder A" : "Escrow holder B", p->days,
		extensions };

	return cert_make(key, &spec, NULL, NULL);
}

static int
read_passphrase(char pass[PASS_MAX])
{
	if (EVP_read_pw_string_min(
		pass, PASS_MIN, PASS_MAX - 1, "Passphrase of the key: ", 1) != 0)
		return ctl_say(EXIT_REFUSED,
		    "no passphrase: at least %d characters, twice the same", PASS_MIN);
	return EXIT_DONE;
}

static int
write_both(const struct prepare *p, EVP_PKEY *key, X509 *cert, const char *pass)
{
	char key_path[PATH_MAX], cert_path[PATH_MAX];
	BIO *k = BIO_new(BIO_s_secmem()), *c = BIO_new(BIO_s_mem());
	int rc;

	if (snprintf(key_path, sizeof key_path, "%s/escrow-%c-key.pem", p->out,
		p->holder) >= (int)sizeof key_path ||
	    snprintf(cert_path, sizeof cert_path, "%s/escrow-%c.pem", p->out,
		p->holder) >= (int)sizeof cert_path)
		rc = ctl_say(EXIT_USAGE, "%s: too long", p->out);
	else if (k == NULL || c == NULL || !put_key(key, pass, k) ||
		 PEM_write_bio_X509(c, cert) != 1)
		rc = ctl_say(EXIT_REFUSED, "OpenSSL cannot write the key");
	else if (file_exists(cert_path))
		rc = ctl_say(EXIT_REFUSED, "%s: is there already", cert_path);
	else
		rc = write_new(key_path, 0600, k);
	if (rc == EXIT_DONE)
		rc = write_new(cert_path, 0644, c);
	if (rc == EXIT_DONE)
		(void)printf("key          %s  (stays here; a copy belongs into a safe)\n"
			     "certificate  %s  (goes to the hub)\n",
		    key_path, cert_path);
	BIO_free(k);
	BIO_free(c);
	return rc;
}

static int
prepare(const struct prepare *p)
{
	char pass[PASS_MAX] = "";
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	int rc = p->passphrase ? read_passphrase(pass) : EXIT_DONE;

	if (rc == EXIT_DONE && file_mkdir(p->out, 0700) != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", p->out, strerror(errno));
	if (rc == EXIT_DONE) {
		key = EVP_EC_gen(p->curve);
		cert = key != NULL ? make_cert(key, p) : NULL;
		rc = cert != NULL ? write_both(p, key, cert, p->passphrase ? pass : NULL)
				  : ctl_say(EXIT_REFUSED, "OpenSSL makes no key");
	}
	mem_wipe(pass, sizeof pass);
	EVP_PKEY_free(key);
	X509_free(cert);
	return rc;
}

int
escrow_prepare(int argc, char **argv)
{
	static const struct option names[] = { { "holder", 1, NULL, 'h' },
		{ "out", 1, NULL, 'o' }, { "curve", 1, NULL, 'c' },
		{ "days", 1, NULL, 'd' }, { "passphrase", 0, NULL, 'p' },
		{ NULL, 0, NULL, 0 } };
	struct prepare p = { 0, NULL, "P-256", DAYS, 0 };
	char *end = NULL;
	int o;

	optind = 0;
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o == 'h')
			p.holder = strlen(optarg) == 1 ? optarg[0] : '?';
		else if (o == 'o')
			p.out = optarg;
		else if (o == 'c')
			p.curve = optarg;
		else if (o == 'd')
			p.days = (int)strtol(optarg, &end, 10);
		else if (o == 'p')
			p.passphrase = 1;
		else
			return EXIT_USAGE;
	}
	if (optind != argc || p.out == NULL || (p.holder != 'a' && p.holder != 'b'))
		return ctl_say(
		    EXIT_USAGE, "escrow prepare: expected --holder a|b --out DIR");
	if (strcmp(p.curve, "P-256") != 0 && strcmp(p.curve, "P-384") != 0)
		return ctl_say(EXIT_USAGE, "--curve: P-256 or P-384");
	if (p.days < 1 || p.days > DAYS_MAX || (end != NULL && *end != '\0'))
		return ctl_say(EXIT_USAGE, "--days: expected 1 to %d", DAYS_MAX);
	return prepare(&p);
}

static int
check_one(const char *path, X509 *cert)
{
	int64_t now = clock_wall_ms() / 1000;
	unsigned char print[EVP_MAX_MD_SIZE];
	struct recipient r;
	const char *wrong;
	char day[CTL_DAY];
	struct buf out;
	unsigned n = 0;

	if (cert == NULL)
		return ctl_say(EXIT_REFUSED, "%s: holds no certificate", path);
	wrong = recipient_check(cert, &r);
	if (wrong != NULL)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, wrong);
	ctl_day(r.ends, day);
	if (now < r.begins || now >= r.ends)
		return ctl_say(EXIT_REFUSED, "%s: %s", path,
		    now < r.begins ? "is not valid yet" : "has ended");
	if (X509_digest(cert, EVP_sha256(), print, &n) != 1)
		return ctl_say(EXIT_REFUSED, "%s: cannot be read", path);
	buf_init(&out, PATH_MAX + 256);
	buf_addf(
	    &out, "%s  %s  until %s  SHA-256 ", path, r.p384 ? "P-384" : "P-256", day);
	buf_add_hex(&out, print, n);
	buf_addc(&out, '\n');
	ctl_print(&out);
	return EXIT_DONE;
}

/* The first bytes of SHA-256 over both; as the vault makes it. */
static int
pair_of(X509 *a, X509 *b, unsigned char ret[EVP_MAX_MD_SIZE])
{
	unsigned char *der = NULL;
	X509 *const both[] = { a, b };
	struct buf all;
	int i, n, ok;

	buf_init(&all, 65536);
	for (i = 0; i < 2; i++, der = NULL) {
		n = i2d_X509(both[i], &der);
		if (n > 0)
			buf_add(&all, der, (size_t)n);
		OPENSSL_free(der);
	}
	ok = buf_err(&all) == 0 &&
	     EVP_Digest(all.p, all.n, ret, NULL, EVP_sha256(), NULL) == 1;
	buf_done(&all);
	return ok;
}

int
escrow_check(const char *a, const char *b)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	X509 *x = ctl_x509(a), *y = ctl_x509(b);
	struct buf out;
	int rc = check_one(a, x);

	if (rc == EXIT_DONE)
		rc = check_one(b, y);
	if (rc == EXIT_DONE && EVP_PKEY_eq(X509_get0_pubkey(x), X509_get0_pubkey(y)) == 1)
		rc = ctl_say(EXIT_REFUSED,
		    "%s and %s are of one key; two holders are needed", a, b);
	if (rc == EXIT_DONE && !pair_of(x, y, md))
		rc = ctl_say(EXIT_REFUSED, "OpenSSL refused");
	if (rc == EXIT_DONE) {
		buf_init(&out, 64);
		buf_adds(&out, "pair ");
		buf_add_hex(&out, md, PAIR_LEN);
		buf_addc(&out, '\n');
		ctl_print(&out);
	}
	X509_free(x);
	X509_free(y);
	return rc;
}
