/* SPDX-License-Identifier: Apache-2.0 */
/* Call-back slips: what they are sealed to, and with what they open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/ceptoar/case.h"
#include "cli/ceptoar/slip.h"
#include "lib/file.h"
#include "proto/duty_cert.h"
#include "tests/pki.h"

static struct tpki pki, stranger;
static struct session s;
static char path[128];

/* What is unusual about a duty certificate; NULL and 0: nothing. */
struct how {
	const char *usage, *ext_usage, *names, *cn;
	int rsa;
	long until_s;
	struct tpki *by;
};

static struct tcert
issue(const struct how *h)
{
	struct tpki *by = h->by != NULL ? h->by : &pki;
	struct tcert c;

	c.key = h->rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
	c.x = tpki_draft(c.key, h->cn != NULL ? h->cn : "medical-desk", ++by->serial, -60,
	    h->until_s != 0 ? h->until_s : 3600);
	X509_set_issuer_name(c.x, X509_get_subject_name(by->ca));
	tpki_ext(c.x, by->ca, NID_basic_constraints, "critical,CA:FALSE");
	tpki_ext(c.x, by->ca, NID_key_usage,
	    h->usage != NULL ? h->usage : "critical,keyAgreement");
	if (h->ext_usage != NULL)
		tpki_ext(c.x, by->ca, NID_ext_key_usage, h->ext_usage);
	tpki_ext(c.x, by->ca, NID_subject_key_identifier, "hash");
	tpki_ext(c.x, by->ca, NID_authority_key_identifier, "keyid:always");
	tpki_ext(c.x, by->ca, NID_subject_alt_name,
	    h->names != NULL ? h->names
			     : "URI:" DUTY_URN "medical-ceptoar,URI:" DUTY_URN
			       "water-ceptoar");
	assert(X509_sign(c.x, by->key, EVP_sha256()) > 0);
	tpki_save(&pki, "duty.pem", c.x, NULL, NULL);
	tpki_save(&pki, "duty.key", NULL, c.key, NULL);
	return c;
}

static const char *
at(const char *name)
{
	tpki_path(&pki, name, path);
	return path;
}

static int
setup(void **state)
{
	(void)state;
	tpki_init(&pki);
	tpki_init(&stranger);
	session_init(&s);
	(void)snprintf(s.ca, sizeof s.ca, "%s/ca.pem", pki.dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(at("duty.pem"));
	(void)unlink(at("duty.key"));
	(void)unlink(at("text"));
	tpki_done(&pki);
	tpki_done(&stranger);
	return 0;
}

static void
test_whose_key(void **state)
{
	static const struct how table[] = {
		{ 0 },
		{ .usage = "critical,digitalSignature,keyAgreement" },
		/* From here on none that is taken for a duty key. */
		{ .usage = "critical,digitalSignature" },
		{ .ext_usage = "clientAuth" },
		{ .names = "DNS:medical-ceptoar" },
		{ .names = "URI:" DUTY_URN "water-ceptoar" },
		{ .names = "URI:" DUTY_URN "medical-ceptoar-2" },
		{ .names = "URI:" DUTY_URN },
		{ .rsa = 1 },
		{ .until_s = -30 },
		{ .by = &stranger },
		{ .cn = "a-name-that-is-as-long-as-a-common-name-may-be-and-longer-"
			"than-ids" },
	};
	struct tcert c;
	X509 *x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = issue(&table[i]);
		x = NULL;
		if ((slip_cert(&s, "medical-ceptoar", at("duty.pem"), &x) == EXIT_DONE) !=
		    (i < 2))
			fail_msg("certificate %zu", i);
		assert_int_equal(x != NULL, i < 2);
		X509_free(x);
		tcert_free(&c);
	}
	assert_int_equal(slip_cert(&s, "medical-ceptoar", at("none"), &x), EXIT_USAGE);
	/* A blind session asks nobody. */
	s.blind = 1;
	assert_int_equal(slip_cert(&s, "medical-ceptoar", NULL, &x), EXIT_USAGE);
	s.blind = 0;
}

static void
test_desks(void **state)
{
	static const struct how plain = { 0 };
	struct tcert c = issue(&plain);
	char name[DUTY_NAME_MAX];

	(void)state;
	assert_int_equal(duty_cert_desk(c.x, 0, name), 1);
	assert_string_equal(name, "medical-ceptoar");
	assert_int_equal(duty_cert_desk(c.x, 1, name), 1);
	assert_string_equal(name, "water-ceptoar");
	assert_int_equal(duty_cert_desk(c.x, 2, name), 0);
	assert_int_equal(duty_cert_is_for(c.x, "water-ceptoar"), 1);
	assert_int_equal(duty_cert_is_for(c.x, "water"), 0);
	assert_int_equal(duty_cert_name(c.x, name), 0);
	assert_string_equal(name, "medical-desk");
	tcert_free(&c);
}

static void
test_seal_and_open(void **state)
{
	static const struct how plain = { 0 };
	struct tcert other = issue(&plain), c = issue(&plain); /* duty.key is c's */
	char text[SLIP_TEXT_MAX + 1], key[128];
	struct buf box, back;
	size_t n, len = 0;

	(void)state;
	memset(text, 'x', sizeof text);
	(void)snprintf(key, sizeof key, "%s", at("duty.key"));
	buf_init(&box, 4096);
	buf_init(&back, 4096);
	for (n = 0; n <= SLIP_TEXT_MAX; n += 51) {
		buf_reset(&box);
		buf_reset(&back);
		assert_int_equal(slip_seal(c.x, (struct slice){ text, n }, &box), 0);
		assert_int_equal(slip_open(buf_slice(&box), key, &back), 0);
		assert_int_equal(back.n, n);
		assert_memory_equal(back.n > 0 ? back.p : "", text, n);
		/* Of one length, and nothing of the text in it. */
		assert_true(len == 0 || len == box.n);
		assert_null(memmem(box.p, box.n, "xxxx", 4));
		len = box.n;
	}
	assert_in_range(len, SLIP_PLAIN, 2048);
	assert_int_equal(
	    slip_seal(c.x, (struct slice){ text, SLIP_TEXT_MAX + 1 }, &back), ERR_LIMIT);
	/* Any bit of what is encrypted, and of its tag; another desk's key. */
	buf_reset(&back);
	for (n = box.n - SLIP_PLAIN - 2 - 16; n < box.n; n += 7) {
		box.p[n] ^= 1;
		assert_int_not_equal(slip_open(buf_slice(&box), key, &back), 0);
		box.p[n] ^= 1;
	}
	assert_int_equal(slip_open(buf_slice(&box), at("none"), &back), ERR_NOTFOUND);
	buf_reset(&box);
	assert_int_equal(slip_seal(other.x, (struct slice){ text, 4 }, &box), 0);
	assert_int_equal(slip_open(buf_slice(&box), key, &back), ERR_DENIED);
	assert_int_equal(slip_open(slice_of("no CMS"), key, &back), ERR_INVALID);
	assert_int_equal(back.n, 0);
	buf_done(&box);
	buf_done(&back);
	tcert_free(&c);
	tcert_free(&other);
}

static int
add(json_t *report, const char *text)
{
	struct slip_order o = { NULL, "water-ceptoar", NULL };
	char file[128], cert[128];

	(void)snprintf(file, sizeof file, "%s", at("text"));
	(void)snprintf(cert, sizeof cert, "%s", at("duty.pem"));
	assert_int_equal(file_write(file, 0600, text, strlen(text)), 0);
	o.text_file = file;
	o.cert_file = cert;
	return slip_add(&s, report, &o);
}

static void
test_in_a_report(void **state)
{
	static const struct how plain = { 0 };
	struct tcert c = issue(&plain);
	unsigned char box[2048];
	char large[SLIP_TEXT_MAX + 2];
	json_t *report = json_object();
	const char *coded;
	struct buf back;
	long n;

	(void)state;
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	assert_int_equal(add(report, large), EXIT_USAGE);
	assert_int_equal(add(report, " \n"), EXIT_USAGE);
	assert_int_equal(add(report, "\x1b[2J"), EXIT_USAGE);
	assert_int_equal(add(report, "\xff"), EXIT_USAGE);
	assert_int_equal(json_object_size(report), 0);
	assert_int_equal(add(report, "当直 03-0000-1234\n\n"), EXIT_DONE);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(report, "slip"), "to")),
	    "water-ceptoar");
	coded =
	    json_string_value(json_object_get(json_object_get(report, "slip"), "box"));
	n = b64url_decode(slice_of(coded), box, sizeof box);
	assert_true(n > 0);
	buf_init(&back, 4096);
	assert_int_equal(
	    slip_open((struct slice){ (char *)box, (size_t)n }, at("duty.key"), &back),
	    0);
	assert_string_equal(buf_cstr(&back), "当直 03-0000-1234");
	buf_done(&back);
	json_decref(report);
	tcert_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whose_key),
		cmocka_unit_test(test_desks),
		cmocka_unit_test(test_seal_and_open),
		cmocka_unit_test(test_in_a_report),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
