/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/state.h"
#include "cli/ceptoar/token_store.h"
#include "lib/mem.h"
#include "proto/json.h"

enum {
	TRIES = 8,
	FIRST_PAUSE_MS = 250,
	LONGEST_PAUSE_MS = 8000,
	KEY_LEN = 16,
	AUTH_ROOM = 1024, /* of a token or a case secret */
	BODY_MAX = 512 * 1024
};

/* Random bytes as text: b64url for keys, hex for names. */
static int
draw(char *out, size_t room, int hex)
{
	unsigned char raw[KEY_LEN];
	struct buf b;
	int rc = RAND_bytes(raw, sizeof raw) == 1 ? 0 : ERR_CRYPTO;

	buf_init(&b, 128);
	if (hex)
		buf_add_hex(&b, raw, 6);
	else
		buf_add_b64url(&b, raw, sizeof raw);
	if (rc == 0 && b.n < room)
		memcpy(out, buf_cstr(&b), b.n + 1);
	else
		rc = ERR_CRYPTO;
	buf_done(&b);
	return rc;
}

/* Waits, a little less or more than told, so that clients do not come back as one. */
static void
pause_ms(long ms)
{
	unsigned char r = 0;

	(void)RAND_bytes(&r, 1);
	(void)poll(NULL, 0, (int)(ms * (192 + r / 2) / 256));
}

/* The same request until the hub says what became of it. */
static int
send_until(struct session *s, const char *path, const struct slice *body,
    const char *const *head, struct http_answer *a)
{
	long wait = FIRST_PAUSE_MS;
	int i, rc = ERR_DOWN;

	for (i = 0; i < TRIES; i++) {
		rc = http_do(s, "POST", path, body, head, a);
		if (rc != 0 && rc != ERR_DOWN && rc != ERR_AGAIN)
			break;
		if (rc == 0 && a->status != 503)
			break;
		if (i + 1 == TRIES)
			break;
		if (a->retry_after > 0 && a->retry_after * 1000 > wait)
			wait = a->retry_after * 1000;
		if (wait > LONGEST_PAUSE_MS)
			wait = LONGEST_PAUSE_MS;
		pause_ms(wait);
		wait *= 2;
	}
	return rc;
}

int
cmd_post(struct session *s, const char *path, const struct slice *body, const char *auth,
    struct http_answer *a)
{
	char key[64], key_line[96], auth_line[128];
	const char *head[3] = { key_line, NULL, NULL };
	int rc = draw(key, sizeof key, 0);

	if (rc != 0)
		return rc;
	(void)snprintf(key_line, sizeof key_line, "Idempotency-Key: %s", key);
	if (auth != NULL) {
		(void)snprintf(auth_line, sizeof auth_line, "Authorization: %s", auth);
		head[1] = auth_line;
	}
	rc = send_until(s, path, body, head, a);
	mem_wipe(auth_line, sizeof auth_line);
	return rc;
}

static void
show_receipt(const struct session *s, const json_t *r)
{
	const json_t *bulletin = json_object_get(r, "bulletin");
	const json_t *by = json_object_get(r, "read_by");
	struct buf out;

	buf_init(&out, 8192);
	buf_adds(&out, "stored    ");
	show_string(json_object_get(r, "id"), &out);
	buf_adds(&out, "\nstate     ");
	show_string(json_object_get(r, "state"), &out);
	if (json_is_object(bulletin)) {
		buf_adds(&out, "\nbulletin  ");
		show_string(json_object_get(bulletin, "number"), &out);
	}
	if (json_is_string(json_object_get(r, "case"))) {
		buf_adds(&out, "\ncase      ");
		show_string(json_object_get(r, "case"), &out);
	}
	if (json_is_object(by)) {
		buf_adds(&out, "\nread by   ");
		show_text(s, by, "who", &out);
		buf_adds(&out, ", ");
		show_string(json_object_get(by, "at"), &out);
	}
	buf_addc(&out, '\n');
	(void)!show_print(&out);
}

/* The case's secret goes from the pending file to one of its own. */
static int
keep_case(struct session *s, const json_t *receipt, const json_t *pending)
{
	const char *id = json_string_value(json_object_get(receipt, "case"));
	const char *secret = json_string_value(json_object_get(pending, "secret"));
	char name[NAME_ROOM];
	json_t *j;
	int rc;

	if (id == NULL || secret == NULL)
		return EXIT_DONE;
	(void)snprintf(name, sizeof name, "case-%s", id);
	j = json_pack("{s:s, s:s, s:O?}", "case", id, "secret", secret, "report",
	    json_object_get(receipt, "id"));
	rc = j != NULL && session_note(s, j) == 0 ? state_save(s, name, j) : EXIT_REFUSED;
	json_decref(j);
	return rc;
}

/* Nothing is to be sent again, by whatever token. */
static int
forget(const struct session *s, const char *name, const char *key, int rc)
{
	int landed = s->blind ? token_landed(s, key) : EXIT_DONE;

	state_drop(s, name);
	return rc != EXIT_DONE ? rc : landed;
}

/* Refused now, and not for what it is: the same report and token will do later, when
 * there is room on its disk again (507) or its own fault is mended (500). */
static int
is_for_later(const struct http_answer *a)
{
	json_t *j = a->is_json ? json_loadb(a->body.p, a->body.n, 0, NULL) : NULL;
	const char *code = json_string_value(json_object_get(j, "code"));
	int later = a->status == 429 || (a->status >= 500 && a->status != 503) ||
		    (code != NULL && strcmp(code, "k_too_small") == 0);

	json_decref(j);
	return later;
}

static int
take_receipt(struct session *s, const struct http_answer *a, const json_t *pending,
    const char *name)
{
	json_t *r = json_loadb(a->body.p, a->body.n, 0, NULL);
	int rc;

	if (r == NULL)
		return session_say(
		    EXIT_REFUSED, "stored, but the hub's answer is no JSON");
	rc = keep_case(s, r, pending);
	if (rc == EXIT_DONE)
		rc = forget(
		    s, name, json_string_value(json_object_get(pending, "key")), rc);
	if (s->json)
		(void)!cmd_print_json(s, r);
	else
		show_receipt(s, r);
	json_decref(r);
	return rc;
}

/* Sends what a pending file holds. */
static int
send_pending(struct session *s, const json_t *p, const char *name)
{
	const char *path = json_string_value(json_object_get(p, "path"));
	const char *key = json_string_value(json_object_get(p, "key"));
	const char *auth = json_string_value(json_object_get(p, "authorization"));
	const json_t *text = json_object_get(p, "body");
	struct slice body = { json_string_value(text), json_string_length(text) };
	char key_line[128], auth_line[AUTH_ROOM];
	const char *head[3] = { key_line, NULL, NULL };
	struct http_answer a;
	int rc;

	if (path == NULL || key == NULL || body.p == NULL)
		return session_say(EXIT_REFUSED, "%s: is damaged", name);
	(void)snprintf(key_line, sizeof key_line, "Idempotency-Key: %s", key);
	if (auth != NULL) {
		(void)snprintf(auth_line, sizeof auth_line, "Authorization: %s", auth);
		head[1] = auth_line;
	}
	http_answer_init(&a);
	rc = send_until(s, path, &body, head, &a);
	if (rc == 0 && (a.status == 201 || a.status == 200)) {
		rc = take_receipt(s, &a, p, name);
	} else if (rc == 0) {
		rc = http_refused(&a);
		if (is_for_later(&a))
			(void)session_say(0, "later: ceptoar report --again %s", name);
		else if (rc == EXIT_REFUSED)
			rc = forget(s, name, key, rc); /* it is not stored */
	} else {
		rc = http_unreached(s, rc);
	}
	if (rc == EXIT_DOWN)
		(void)session_say(0,
		    "whether it was stored is unknown; repeat it safely with\n"
		    "    ceptoar report --again %s",
		    name);
	http_answer_done(&a);
	mem_wipe(auth_line, sizeof auth_line);
	return rc;
}

int
cmd_key(char ret[KEY_TEXT + 1])
{
	return draw(ret, KEY_TEXT + 1, 0) == 0
		   ? EXIT_DONE
		   : session_say(EXIT_REFUSED, "no random numbers");
}

int
cmd_send(struct session *s, const char *path, const json_t *report, const char *auth,
    const char *secret)
{
	char key[KEY_TEXT + 1];
	int rc = cmd_key(key);

	return rc == EXIT_DONE ? cmd_send_under(s, key, path, report, auth, secret) : rc;
}

int
cmd_send_under(struct session *s, const char *key, const char *path, const json_t *report,
    const char *auth, const char *secret)
{
	char tail[32], name[NAME_ROOM];
	struct buf body;
	json_t *p = NULL;
	int rc;

	buf_init(&body, BODY_MAX);
	rc = json_canonical(report, &body);
	if (rc == 0)
		rc = draw(tail, sizeof tail, 1);
	if (rc == 0) {
		(void)snprintf(name, sizeof name, "pending-%s", tail);
		p = json_pack("{s:s, s:s, s:s%, s:s?, s:s?}", "path", path, "key", key,
		    "body", body.p, body.n, "authorization", auth, "secret",
		    secret != NULL && secret[0] != '\0' ? secret : NULL);
	}
	if (p != NULL && rc == 0)
		rc = session_note(s, p);
	if (p == NULL || rc != 0)
		rc = session_say(EXIT_REFUSED, "the report cannot be sent: %s",
		    rc == ERR_INVALID ? "it holds a number with a fraction"
				      : err_str(rc));
	else
		rc = state_save(
		    s, name, p); /* before it leaves: the secret must survive */
	if (rc == EXIT_DONE)
		rc = send_pending(s, p, name);
	json_decref(p);
	buf_wipe(&body);
	return rc;
}

int
cmd_send_again(struct session *s, const char *name)
{
	json_t *p = state_load(s, name);
	struct session use;
	int rc = p != NULL ? session_for(s, p, &use) : EXIT_REFUSED;

	if (rc == EXIT_DONE)
		rc = send_pending(&use, p, name);
	json_decref(p);
	return rc;
}
