/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/ctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <ini.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lib/conf.h"
#include "lib/file.h"
#include "proto/recipient.h"

void
ctl_init(struct ctl *c)
{
	memset(c, 0, sizeof *c);
	(void)snprintf(c->run, sizeof c->run, "/run/ceptoar");
	(void)snprintf(c->escrow[0], sizeof c->escrow[0], "%s", CTL_ESCROW_A);
	(void)snprintf(c->escrow[1], sizeof c->escrow[1], "%s", CTL_ESCROW_B);
	buf_init(&c->answer, ANSWER_MAX);
}

void
ctl_done(struct ctl *c)
{
	call_close(c->vault);
	taxonomy_free(c->lists);
	buf_done(&c->answer);
}

/* As the vault's table has it. */
static int
take_epoch(struct ctl *c, const char *value)
{
	static const struct conf_option table[] = { { "tokens", "epoch", CONF_MS, 60000,
	    366LL * 24 * 3600 * 1000, "7d", 0, offsetof(struct ctl, epoch_ms), "" } };
	struct buf why;
	int rc;

	buf_init(&why, 1024);
	rc = conf_set(table, 1, "tokens", "epoch", value, c, &why);
	buf_done(&why);
	return rc;
}

/* Only a few values matter here; the programs check the rest of their file themselves. */
static int
on_setting(void *arg, const char *section, const char *name, const char *value)
{
	struct ctl *c = arg;
	char *slash;

	if (strcmp(section, "front") == 0 && strcmp(name, "vault_socket") == 0) {
		(void)snprintf(c->run, sizeof c->run, "%s", value);
		slash = strrchr(c->run, '/');
		if (slash != NULL && slash != c->run)
			*slash = '\0';
	} else if (strcmp(section, "vault") == 0 && strcmp(name, "escrow_a") == 0) {
		(void)snprintf(c->escrow[0], sizeof c->escrow[0], "%s", value);
	} else if (strcmp(section, "vault") == 0 && strcmp(name, "escrow_b") == 0) {
		(void)snprintf(c->escrow[1], sizeof c->escrow[1], "%s", value);
	} else if (strcmp(section, "data") == 0 && strcmp(name, "ceptoars") == 0) {
		(void)snprintf(c->ceptoars, sizeof c->ceptoars, "%s", value);
	} else if (strcmp(section, "data") == 0 && strcmp(name, "taxonomy") == 0) {
		(void)snprintf(c->taxonomy, sizeof c->taxonomy, "%s", value);
	} else if (strcmp(section, "tokens") == 0 && strcmp(name, "epoch") == 0) {
		return take_epoch(c, value) == 0;
	}
	return 1;
}

int
ctl_conf(struct ctl *c, const char *path)
{
	int rc = take_epoch(c, "7d");

	if (rc == 0)
		rc = ini_parse(path, on_setting, c);
	if (rc == 0)
		return EXIT_DONE;
	if (rc > 0)
		return ctl_say(EXIT_USAGE, "%s:%d: cannot be understood", path, rc);
	return ctl_say(EXIT_USAGE, "%s: cannot be read", path);
}

int
ctl_say(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)fputs("ceptoarctl: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	(void)fputc('\n', stderr);
	va_end(ap);
	return status;
}

int
ctl_down(const char *program, int err)
{
	if (err == ERR_DOWN)
		return ctl_say(EXIT_DOWN,
		    "%s: not reached (does it run, and may this user?)", program);
	if (err == ERR_AGAIN)
		return ctl_say(EXIT_DOWN, "%s: gave no answer", program);
	return ctl_say(EXIT_REFUSED, "%s: %s", program, err_str(err));
}

int
ctl_verdict(unsigned vault_status, const char *what)
{
	static const char *const text[] = { [VS_OK] = "done",
		[VS_UNKNOWN] = "no such member, certificate or report",
		[VS_DISABLED] = "the member is suspended",
		[VS_EXPIRED] = "the certificate has expired",
		[VS_REVOKED] = "the certificate was revoked",
		[VS_EXISTS] = "the certificate belongs to another member",
		[VS_INVALID] = "the vault refused a value",
		[VS_FULL] = "the vault's storage is full",
		[VS_OUTCOME] = "a sync failed; whether it was stored is unknown",
		[VS_INTERNAL] = "the vault failed",
		[VS_QUOTA] = "the tokens of this epoch are drawn",
		[VS_NO_KEY] = "no issuer key of this group and epoch signs now" };

	if (vault_status == VS_OK)
		return EXIT_DONE;
	return ctl_say(EXIT_REFUSED, "%s: %s", what,
	    vault_status <= VS_LAST ? text[vault_status] : "unknown answer");
}

int
ctl_lists(struct ctl *c)
{
	struct buf a, b, why;
	int rc = 0;

	if (c->lists != NULL)
		return EXIT_DONE;
	if (c->ceptoars[0] == '\0')
		rc = file_find_data("ceptoars.json", c->ceptoars, sizeof c->ceptoars);
	if (rc == 0 && c->taxonomy[0] == '\0')
		rc = file_find_data("taxonomy.json", c->taxonomy, sizeof c->taxonomy);
	if (rc != 0)
		return ctl_say(EXIT_REFUSED,
		    "ceptoars.json and taxonomy.json: not found; "
		    "name them in [data] of --conf");
	buf_init(&a, FILE_MAX);
	buf_init(&b, FILE_MAX);
	buf_init(&why, 4096);
	rc = file_read(c->ceptoars, &a);
	if (rc == 0)
		rc = file_read(c->taxonomy, &b);
	if (rc == 0)
		rc = taxonomy_new(&c->lists, buf_slice(&a), buf_slice(&b), &why);
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s, %s: %s", c->ceptoars, c->taxonomy,
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
	buf_done(&a);
	buf_done(&b);
	buf_done(&why);
	return rc;
}

int
ctl_vault_ask(
    struct ctl *c, enum vault_msg type, const struct buf *ask, unsigned *ret_status)
{
	char path[PATH_MAX + 16];
	struct slice s = ask != NULL ? buf_slice(ask) : slice_of("");
	uint16_t status = VS_INTERNAL;
	int rc = ask != NULL ? buf_err(ask) : 0;

	if (rc == 0 && c->vault == NULL) {
		(void)snprintf(path, sizeof path, "%s/vault-admin", c->run);
		rc = call_open(&c->vault, path, 65536);
	}
	if (rc == 0)
		rc = call_do(c->vault, (uint16_t)type, s, &c->answer, &status);
	if (rc == 0)
		*ret_status = status;
	return rc;
}

int
ctl_vault(struct ctl *c, enum vault_msg type, const struct buf *ask, const char *what)
{
	unsigned status = VS_INTERNAL;
	int rc = ctl_vault_ask(c, type, ask, &status);

	return rc != 0 ? ctl_down("vault", rc) : ctl_verdict(status, what);
}

int
ctl_put_id(struct buf *b, const char *id)
{
	char room[VAULT_ID_MAX] = { 0 };
	size_t n = strlen(id);

	if (n == 0 || n >= sizeof room)
		return ERR_INVALID;
	memcpy(room, id, n);
	buf_add(b, room, sizeof room);
	return 0;
}

int
ctl_who(const char *text, struct ctl_who *ret)
{
	const char *slash = strchr(text, '/');
	size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
	size_t k = slash != NULL ? strlen(slash + 1) : 0;

	memset(ret, 0, sizeof *ret);
	if (n == 0 || n >= sizeof ret->id || k >= sizeof ret->person ||
	    (slash != NULL && k == 0))
		return ERR_INVALID;
	memcpy(ret->id, text, n);
	if (slash != NULL)
		memcpy(ret->person, slash + 1, k);
	return 0;
}

void
ctl_print(struct buf *b)
{
	if (buf_err(b) == 0)
		(void)fwrite(b->p, 1, b->n, stdout);
	buf_done(b);
}

X509 *
ctl_x509(const char *path)
{
	FILE *f = fopen(path, "re");
	X509 *x;

	if (f == NULL)
		return NULL;
	x = PEM_read_X509(f, NULL, NULL, NULL);
	(void)fclose(f);
	ERR_clear_error();
	return x;
}

int
ctl_cert(const char *path, unsigned char ret_spki[32], int64_t *ret_not_after)
{
	X509 *x = ctl_x509(path);
	struct tm tm;
	int rc;

	if (x == NULL)
		return file_exists(path) ? ERR_INVALID : ERR_NOTFOUND;
	rc = recipient_spki(x, ret_spki);
	if (rc == 0 && ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		rc = ERR_INVALID;
	if (rc == 0)
		*ret_not_after = (int64_t)timegm(&tm);
	X509_free(x);
	return rc;
}

void
ctl_day(int64_t seconds, char ret[CTL_DAY])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(ret, CTL_DAY, "%Y-%m-%d", &tm) == 0)
		(void)snprintf(ret, CTL_DAY, "?");
}
