/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "cli/ceptoarctl/council_plan.h"
#include "cli/ceptoarctl/ctl.h"
#include "lib/clock.h"
#include "lib/file.h"
#include "lib/mem.h"
#include "proto/msg_issuer.h"
#include "proto/msg_keeper.h"
#include "proto/report_time.h"

/*
 * The council's part in blind tokens: a key that is used on a machine without a network,
 * and its statements of the hub's issuer keys (docs/CEREMONIES.md).
 */

struct options {
	const char *out, *council;
	int replace, encrypt;
	int n; /* words left */
	char **words;
};

static int
read_options(int argc, char **argv, struct options *ret)
{
	static const struct option names[] = { { "out", 1, NULL, 'o' },
		{ "council", 1, NULL, 'c' }, { "replace", 0, NULL, 'r' },
		{ "encrypt", 0, NULL, 'e' }, { NULL, 0, NULL, 0 } };
	int o;

	memset(ret, 0, sizeof *ret);
	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (o) {
		case 'o':
			ret->out = optarg;
			break;
		case 'c':
			ret->council = optarg;
			break;
		case 'r':
			ret->replace = 1;
			break;
		case 'e':
			ret->encrypt = 1;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	ret->n = argc - optind;
	ret->words = argv + optind;
	return EXIT_DONE;
}

static int
path_in(const char *dir, const char *name, char ret[PATH_MAX])
{
	if (snprintf(ret, PATH_MAX, "%s/%s", dir, name) < PATH_MAX)
		return EXIT_DONE;
	return ctl_say(EXIT_USAGE, "%s: too long", dir);
}

/* To --out, or standard output. */
static int
give(const struct options *o, const struct buf *b)
{
	int rc = buf_err(b);

	if (rc == 0 && o->out != NULL)
		rc = file_write(o->out, 0644, b->p, b->n);
	else if (rc == 0 && fwrite(b->p, 1, b->n, stdout) != b->n)
		rc = ERR_IO;
	if (rc != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", o->out != NULL ? o->out : "output",
		    err_str(rc));
	return EXIT_DONE;
}

/* SHA-256 of the public key, to be read out and compared. */
static int
fingerprint(EVP_PKEY *key, struct buf *out)
{
	unsigned char hash[EVP_MAX_MD_SIZE], *der = NULL;
	int n = i2d_PUBKEY(key, &der), rc = ERR_CRYPTO;

	if (n > 0 && EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL) == 1) {
		buf_add_hex(out, hash, 32);
		rc = 0;
	}
	OPENSSL_free(der);
	return rc;
}

/* Writes both halves; the private one never over another. */
static int
write_key(EVP_PKEY *key, const char *dir, int encrypt)
{
	char priv[PATH_MAX], pub[PATH_MAX];
	const EVP_CIPHER *cipher = encrypt ? EVP_aes_256_cbc() : NULL;
	FILE *f;
	int ok;

	if (path_in(dir, "key.pem", priv) != EXIT_DONE ||
	    path_in(dir, "council.pem", pub) != EXIT_DONE)
		return EXIT_USAGE;
	(void)umask(077);
	f = fopen(priv, "wxe");
	if (f == NULL)
		return ctl_say(EXIT_REFUSED, "%s: %s", priv, strerror(errno));
	ok = PEM_write_PKCS8PrivateKey(f, key, cipher, NULL, 0, NULL, NULL) == 1;
	ok &= fflush(f) == 0 && fsync(fileno(f)) == 0;
	ok &= fclose(f) == 0;
	if (!ok) {
		(void)unlink(priv);
		return ctl_say(EXIT_REFUSED, "%s: the key was not written", priv);
	}
	f = fopen(pub, "we");
	ok = f != NULL && PEM_write_PUBKEY(f, key) == 1;
	if (f != NULL)
		ok &= fclose(f) == 0;
	if (!ok || chmod(pub, 0644) != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", pub, strerror(errno));
	return EXIT_DONE;
}

static int
do_init(const struct options *o)
{
	EVP_PKEY *key;
	struct buf out;
	int rc;

	if (o->n != 1)
		return ctl_say(EXIT_USAGE, "council init: expected a folder");
	if (file_mkdir(o->words[0], 0700) != 0)
		return ctl_say(EXIT_REFUSED, "%s: %s", o->words[0], strerror(errno));
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	buf_init(&out, 4096);
	rc = key != NULL ? write_key(key, o->words[0], o->encrypt)
			 : ctl_say(EXIT_REFUSED, "no key can be made here");
	if (rc == EXIT_DONE) {
		buf_addf(&out, "private  %s/key.pem      stays here\n", o->words[0]);
		buf_addf(&out, "public   %s/council.pem  for every member\nSHA-256  ",
		    o->words[0]);
		if (fingerprint(key, &out) != 0)
			rc = EXIT_REFUSED;
		buf_addc(&out, '\n');
	}
	EVP_PKEY_free(key);
	if (rc == EXIT_DONE)
		ctl_print(&out);
	else
		buf_done(&out);
	return rc;
}

/* One page of the vault's issuer keys; *more is 0 behind the last one. */
static int
take_page(struct ctl *c, struct key_statement *s, int *more)
{
	struct statement_key *k;
	const char *slug;
	struct wire w;
	unsigned i, n, state;

	wire_init(&w, c->answer.p, c->answer.n);
	n = wire_u8(&w);
	*more = n > 0;
	for (i = 0; i < n && w.err == 0; i++) {
		if (s->n_keys == STATEMENT_KEYS)
			return ctl_say(EXIT_REFUSED, "the vault has more than %d keys",
			    STATEMENT_KEYS);
		k = &s->keys[s->n_keys++];
		slug = taxonomy_group_slug(c->lists, wire_u8(&w));
		k->epoch = wire_u32(&w);
		state = wire_u8(&w);
		wire_bytes(&w, k->id, KEY_ID_LEN);
		if (slug == NULL || strlen(slug) >= sizeof k->group ||
		    state < ISSUER_COMING || state > ISSUER_GRACE)
			return ctl_say(EXIT_REFUSED,
			    "the vault has a key of a group that is not in the list");
		(void)snprintf(k->group, sizeof k->group, "%s", slug);
	}
	return w.err == 0 ? EXIT_DONE : ctl_down("vault", ERR_PROTO);
}

static int
do_request(struct ctl *c, const struct options *o)
{
	struct key_statement *s;
	struct buf ask, out;
	int more = 1, rc;

	if (o->n != 0)
		return ctl_say(EXIT_USAGE, "council request: too many words");
	if (c->epoch_ms == 0)
		return ctl_say(EXIT_USAGE,
		    "council request: give --conf FILE; how long an epoch is stands "
		    "there");
	s = mem_zalloc(sizeof *s);
	if (s == NULL)
		return ctl_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	s->serial = 1;
	s->epoch_seconds = (uint32_t)(c->epoch_ms / 1000);
	report_time_write(clock_wall_ms(), s->issued_at);
	buf_init(&ask, 16);
	buf_init(&out, STATEMENT_MAX);
	rc = ctl_lists(c);
	while (rc == EXIT_DONE && more) {
		buf_reset(&ask);
		wire_put_u16(&ask, (uint16_t)s->n_keys);
		rc = ctl_vault(c, VM_A_ISSUER_LIST, &ask, "issuer keys");
		if (rc == EXIT_DONE)
			rc = take_page(c, s, &more);
	}
	if (rc == EXIT_DONE && key_statement_write(s, &out) == 0) {
		buf_addc(&out, '\n');
		rc = give(o, &out);
	}
	buf_done(&ask);
	buf_done(&out);
	key_statement_free(s);
	return rc;
}

/* A key file; `private_half` may ask for its passphrase on the terminal. */
static int
read_key(const char *path, int private_half, EVP_PKEY **ret)
{
	FILE *f = fopen(path, "re");
	EVP_PKEY *key;

	if (f == NULL)
		return ctl_say(EXIT_REFUSED, "%s: %s", path, strerror(errno));
	key = private_half ? PEM_read_PrivateKey(f, NULL, NULL, NULL)
			   : PEM_read_PUBKEY(f, NULL, NULL, NULL);
	(void)fclose(f);
	if (key == NULL)
		return ctl_say(EXIT_REFUSED, "%s: no key, or not this passphrase", path);
	*ret = key;
	return EXIT_DONE;
}

static int
say_fault(const char *path, const struct fault *why)
{
	return ctl_say(EXIT_REFUSED, "%s: %s%s%s%s%s", path, problem_title(why->problem),
	    why->pointer[0] != '\0' ? " at " : "", why->pointer,
	    why->detail != NULL ? "; expected: " : "",
	    why->detail != NULL ? why->detail : "");
}

/* A statement from a file: signed (key given), or a request. */
static int
read_statement(const char *path, EVP_PKEY *key, struct key_statement **ret)
{
	struct fault why = { 0 };
	struct slice text;
	struct buf b;
	int rc;

	buf_init(&b, STATEMENT_MAX + 16);
	rc = file_read(path, &b);
	text = buf_slice(&b);
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", path, err_str(rc));
	else if (key != NULL && key_statement_open(key, text, ret, &why) != 0)
		rc = say_fault(path, &why);
	else if (key == NULL && key_statement_read(text, ret, &why) != 0)
		rc = say_fault(path, &why);
	buf_done(&b);
	return rc;
}

static int
say_plan(int err)
{
	switch (err) {
	case 0:
		return EXIT_DONE;
	case ERR_CONFLICT:
		return ctl_say(EXIT_REFUSED,
		    "keys that were signed before are not the hub's any more. After a "
		    "restore, a loss or a compromise, and only when the hub's people "
		    "say so in person, give --replace");
	case ERR_DENIED:
		return ctl_say(EXIT_REFUSED, "the hub shows a key that was revoked");
	default:
		return ctl_say(EXIT_REFUSED,
		    "the request holds no key, or epochs of another length than the last "
		    "statement");
	}
}

/* Signs, keeps it as the last one, and hands it out: a serial is never used twice. */
static int
sign(const struct options *o, EVP_PKEY *key, const struct key_statement *s,
    const char *last)
{
	struct buf jws;
	int rc;

	buf_init(&jws, STATEMENT_MAX + 1);
	rc = key_statement_sign(s, key, &jws);
	buf_addc(&jws, '\n');
	if (rc == 0)
		rc = file_write(last, 0600, jws.p, jws.n);
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", last, err_str(rc));
	else
		rc = give(o, &jws);
	buf_done(&jws);
	return rc;
}

static int
do_sign(const struct options *o)
{
	struct key_statement *request = NULL, *last = NULL, *next = NULL;
	char key_path[PATH_MAX], last_path[PATH_MAX];
	EVP_PKEY *key = NULL;
	struct buf notes;
	int rc;

	if (o->n != 2)
		return ctl_say(
		    EXIT_USAGE, "council sign: expected a folder and a request");
	buf_init(&notes, 65536);
	rc = path_in(o->words[0], "key.pem", key_path);
	if (rc == EXIT_DONE)
		rc = path_in(o->words[0], "last.jws", last_path);
	if (rc == EXIT_DONE)
		rc = read_statement(o->words[1], NULL, &request);
	if (rc == EXIT_DONE)
		rc = read_key(key_path, 1, &key);
	if (rc == EXIT_DONE && file_exists(last_path))
		rc = read_statement(last_path, key, &last);
	next = mem_zalloc(sizeof *next);
	if (rc == EXIT_DONE && next == NULL)
		rc = ctl_say(EXIT_REFUSED, "%s", err_str(ERR_NOMEM));
	if (rc == EXIT_DONE) {
		rc = say_plan(council_plan(request, last, o->replace, next, &notes));
		report_time_write(clock_wall_ms(), next->issued_at);
		buf_addf(&notes, "serial %llu\n", (unsigned long long)next->serial);
		(void)fwrite(notes.p, 1, notes.n, stderr);
	}
	if (rc == EXIT_DONE)
		rc = sign(o, key, next, last_path);
	EVP_PKEY_free(key);
	key_statement_free(request);
	key_statement_free(last);
	key_statement_free(next);
	buf_done(&notes);
	return rc;
}

static int
do_publish(struct ctl *c, const struct options *o)
{
	struct call *keeper = NULL;
	struct slice body, text;
	struct buf jws, ask;
	uint16_t status;
	int rc;

	if (o->n != 1)
		return ctl_say(EXIT_USAGE, "council publish: expected a statement");
	buf_init(&jws, STATEMENT_MAX + 16);
	buf_init(&ask, STATEMENT_MAX + 32);
	rc = file_read(o->words[0], &jws);
	text = buf_slice(&jws);
	text.n = strcspn(buf_cstr(&jws), "\r\n");
	wire_put_str(&ask, text);
	if (rc != 0)
		rc = ctl_say(EXIT_REFUSED, "%s: %s", o->words[0], err_str(rc));
	else
		rc = ctl_keeper_open(c, &keeper);
	if (rc == EXIT_DONE)
		rc = ctl_keeper_verdict(c,
		    call_do(keeper, KM_A_STATEMENT, buf_slice(&ask), &c->answer, &status),
		    &body);
	if (rc == EXIT_DONE)
		(void)printf("published\n");
	call_close(keeper);
	buf_done(&jws);
	buf_done(&ask);
	return rc;
}

static int
do_show(const struct options *o)
{
	struct key_statement *s = NULL;
	EVP_PKEY *key = NULL;
	struct buf out;
	unsigned i;
	int rc;

	if (o->n != 1 || o->council == NULL)
		return ctl_say(
		    EXIT_USAGE, "council show: expected --council FILE and a statement");
	rc = read_key(o->council, 0, &key);
	if (rc == EXIT_DONE)
		rc = read_statement(o->words[0], key, &s);
	EVP_PKEY_free(key);
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&out, 4 * STATEMENT_MAX);
	buf_addf(&out, "serial %llu, signed %s, epochs of %u s\n",
	    (unsigned long long)s->serial, s->issued_at, s->epoch_seconds);
	for (i = 0; i < s->n_keys; i++) {
		buf_addf(&out, "%-18s %-8u ", s->keys[i].group, s->keys[i].epoch);
		buf_add_b64url(&out, s->keys[i].id, KEY_ID_LEN);
		buf_addc(&out, '\n');
	}
	for (i = 0; i < s->n_revoked; i++) {
		buf_addf(&out, "%-27s ", "revoked");
		buf_add_b64url(&out, s->revoked[i], KEY_ID_LEN);
		buf_addc(&out, '\n');
	}
	key_statement_free(s);
	ctl_print(&out);
	return EXIT_DONE;
}

int
cmd_council(struct ctl *c, int argc, char **argv)
{
	struct options o;
	int rc;

	if (argc < 1 || strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_council, argc < 1 ? stderr : stdout);
		return argc < 1 ? EXIT_USAGE : EXIT_DONE;
	}
	optind = 0; /* the sub-command has options of its own */
	rc = read_options(argc, argv, &o);
	if (rc != EXIT_DONE)
		return rc;
	if (strcmp(argv[0], "init") == 0)
		return do_init(&o);
	if (strcmp(argv[0], "request") == 0)
		return do_request(c, &o);
	if (strcmp(argv[0], "sign") == 0)
		return do_sign(&o);
	if (strcmp(argv[0], "publish") == 0)
		return do_publish(c, &o);
	if (strcmp(argv[0], "show") == 0)
		return do_show(&o);
	return ctl_say(EXIT_USAGE, "council: init, request, sign, publish or show; see "
				   "ceptoarctl council --help");
}
