/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/trust.h"
#include "lib/file.h"
#include "proto/bulletin_sign.h"
#include "proto/frame.h"
#include "proto/relay.h"

/* Is a bulletin what the hub has signed?  From a file to the byte, or by its number. */

enum { TARGET_MAX = 256 };

static int
read_keys(const char *path, struct jwks **ret)
{
	struct fault why = { 0 };
	struct buf text;
	int rc;

	buf_init(&text, JWKS_MAX);
	rc = file_read(path, &text);
	if (rc != 0)
		rc = session_say(EXIT_USAGE, "%s: %s", path, err_str(rc));
	else if (jwks_read(buf_slice(&text), ret, &why) != 0)
		rc = cmd_say_fault(path, &why);
	buf_done(&text);
	return rc;
}

static const char *
word(const struct jwks *keys, int rc, const char *kid)
{
	if (rc == ERR_CONFLICT && jwks_find(jwks_foreign(keys), kid) != NULL)
		return "signed by another hub, whose key is good inside a relay only";
	switch (rc) {
	case ERR_NOTFOUND:
		return "not signed";
	case ERR_CONFLICT:
		return "signed by a key that is not in the set";
	case ERR_DENIED:
		return "the text is not what was signed";
	default:
		return "no canonical bulletin with a signature";
	}
}

/* With a set of keys from a file: nobody is asked. */
static int
check_with(const struct jwks *keys, const char *what, struct slice text, int original)
{
	char kid[JWK_KID + 1];
	int rc = original ? bulletin_verify_original(keys, text, kid)
			  : bulletin_verify(keys, text, kid);

	if (rc == 0)
		(void)printf("%s: verified, key %s\n", what, kid);
	else
		(void)session_say(
		    EXIT_REFUSED, "%s: NOT VERIFIED: %s", what, word(keys, rc, kid));
	return rc == 0 ? EXIT_DONE : EXIT_REFUSED;
}

static int check(struct session *s, const struct jwks *keys, const char *what,
    struct slice text, int original);

/* What was passed on has a signature of its own inside. */
static int
check_original(struct session *s, const struct jwks *keys, struct slice text)
{
	static const struct json_caps caps = { FRAME_BODY_MAX, 18, 20000, 64 * 1024 };
	struct fault why;
	struct buf inner;
	json_t *j = NULL;
	int rc = EXIT_DONE;

	buf_init(&inner, FRAME_BODY_MAX);
	if (json_read(text, &caps, &j, &why) == 0 && relay_original(j, &inner) == 0)
		rc = check(s, keys, "the original in it", buf_slice(&inner), 1);
	json_decref(j);
	buf_done(&inner);
	return rc;
}

static int
check(struct session *s, const struct jwks *keys, const char *what, struct slice text,
    int original)
{
	struct trust *t;
	int ok, rc;

	/* Commands end their output with a line feed, which is nobody's text. */
	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	if (keys != NULL) {
		rc = check_with(keys, what, text, original);
		return rc != EXIT_DONE ? rc : check_original(s, keys, text);
	}
	t = trust_open(s);
	ok = t != NULL && (original ? trust_check_original(t, what, text)
				    : trust_check(t, what, text));
	if (ok)
		(void)printf("%s: verified\n", what);
	trust_close(t);
	return ok ? check_original(s, keys, text) : EXIT_REFUSED;
}

static int
fetch_one(struct session *s, const char *ref, struct buf *text)
{
	struct buf target;
	json_t *j = NULL;
	int rc;

	if (ref[strspn(ref, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789-")] != '\0')
		return session_say(
		    EXIT_USAGE, "%s: no such file, and no bulletin's number", ref);
	buf_init(&target, TARGET_MAX);
	buf_addf(&target, "/v1/bulletins/%s", ref);
	rc = cmd_get(s, buf_cstr(&target), &j);
	if (rc == EXIT_DONE && json_canonical(j, text) != 0)
		rc = session_say(EXIT_REFUSED, "%s: no canonical JSON", ref);
	json_decref(j);
	buf_done(&target);
	return rc;
}

static int
is_file(const char *name)
{
	return strcmp(name, "-") == 0 || strchr(name, '/') != NULL || file_exists(name);
}

int
cmd_verify(struct session *s, int argc, char **argv)
{
	static const struct option names[] = { { "jwks", 1, NULL, 'k' },
		{ NULL, 0, NULL, 0 } };
	struct jwks *keys = NULL;
	const char *path = NULL, *what;
	struct buf text;
	int o, rc = EXIT_DONE;

	while ((o = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (o != 'k')
			return EXIT_USAGE;
		path = optarg;
	}
	if (optind + 1 != argc)
		return session_say(
		    EXIT_USAGE, "verify: expected one FILE, - or NUMBER of a bulletin");
	what = argv[optind];
	if (path == NULL || !is_file(what))
		rc = session_check(s);
	if (rc == EXIT_DONE && path != NULL)
		rc = read_keys(path, &keys);
	buf_init(&text, FRAME_BODY_MAX + 2);
	if (rc == EXIT_DONE && is_file(what)) {
		rc = file_read(what, &text);
		if (rc != 0)
			rc = session_say(EXIT_USAGE, "%s: %s", what, err_str(rc));
	} else if (rc == EXIT_DONE) {
		rc = fetch_one(s, what, &text);
	}
	if (rc == EXIT_DONE)
		rc = check(s, keys, what, buf_slice(&text), 0);
	buf_done(&text);
	jwks_free(keys);
	return rc;
}
