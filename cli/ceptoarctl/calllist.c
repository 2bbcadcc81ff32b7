/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/mem.h"
#include "proto/json.h"
#include "proto/msg_courier.h"

/* Who is to be telephoned about a bulletin: the keeper knows which receivers, the vault
 * who they are. */

const char help_calllist[] =
    "NAME\n"
    "    ceptoarctl calllist - whom people call about a bulletin, and on which number\n"
    "\n"
    "SYNOPSIS\n"
    "    ceptoarctl calllist BULLETIN\n"
    "\n"
    "DESCRIPTION\n"
    "    Prints, for everybody whom the bulletin (its number or id) is for, who has not\n"
    "    acknowledged it by any way, and who has a telephone among the contacts: "
    "member,\n"
    "    number, language, and above them the bulletin's number and level.  It is for "
    "the\n"
    "    day on which nothing else works.\n";

static int
member_of(struct ctl *c, const char *hex, struct ctl_who *ret)
{
	unsigned char receiver[RECEIVER_LEN];
	struct buf ask;
	int rc;

	if (hex_decode(slice_of(hex), receiver, sizeof receiver) != RECEIVER_LEN)
		return ctl_down("keeper", ERR_PROTO);
	buf_init(&ask, 64);
	buf_add(&ask, receiver, sizeof receiver);
	rc = ctl_vault(c, VM_A_RECEIVER, &ask, "a receiver");
	buf_done(&ask);
	if (rc != EXIT_DONE)
		return rc;
	memset(ret, 0, sizeof *ret);
	if (c->answer.n != VAULT_ID_MAX)
		return ctl_down("vault", ERR_PROTO);
	memcpy(ret->id, c->answer.p, VAULT_ID_MAX - 1);
	return EXIT_DONE;
}

static int
add_member(struct ctl *c, const char *hex, json_t *calls)
{
	struct vault_route v[CONTACTS_MAX];
	struct ctl_who who;
	unsigned n = 0, i;
	int rc = member_of(c, hex, &who);

	if (rc == EXIT_DONE)
		rc = contact_read(c, &who, v, &n);
	for (i = 0; rc == EXIT_DONE && i < n; i++)
		if (v[i].kind == CONTACT_TELEPHONE &&
		    json_array_append_new(
			calls, json_pack("{s:s, s:s, s:s}", "member", who.id, "telephone",
				   v[i].value, "lang", v[i].lang)) != 0)
			rc = ctl_say(EXIT_REFUSED, "out of memory");
	mem_wipe(v, sizeof v);
	return rc;
}

static void
print(struct ctl *c, const json_t *head, const json_t *calls)
{
	const json_t *one;
	struct buf out;
	size_t i;

	buf_init(&out, ANSWER_MAX);
	if (c->json) {
		json_t *all = json_pack("{s:O, s:O, s:O, s:O}", "number",
		    json_object_get(head, "number"), "severity",
		    json_object_get(head, "severity"), "exercise",
		    json_object_get(head, "exercise"), "calls", calls);

		if (all == NULL || json_canonical(all, &out) != 0)
			buf_reset(&out);
		buf_addc(&out, '\n');
		json_decref(all);
		ctl_print(&out);
		return;
	}
	buf_addf(&out, "%s%s, severity %lld\n",
	    json_is_true(json_object_get(head, "exercise")) ? "EXERCISE " : "",
	    json_string_value(json_object_get(head, "number")),
	    (long long)json_integer_value(json_object_get(head, "severity")));
	for (i = 0; (one = json_array_get(calls, i)) != NULL; i++)
		buf_addf(&out, "  %-24s %s  %s\n",
		    json_string_value(json_object_get(one, "member")),
		    json_string_value(json_object_get(one, "lang")),
		    json_string_value(json_object_get(one, "telephone")));
	if (i == 0)
		buf_adds(&out, "  nobody whom it is for has a telephone\n");
	ctl_print(&out);
}

/* The keeper's part: the bulletin and its receivers, a new reference. */
static int
ask_keeper(struct ctl *c, const char *ref, json_t **ret)
{
	struct call *keeper = NULL;
	struct slice body = { "", 0 };
	uint16_t status;
	struct buf ask;
	int rc = ctl_keeper_open(c, &keeper);

	if (rc != EXIT_DONE)
		return rc;
	buf_init(&ask, 256);
	wire_put_str(&ask, slice_of(ref));
	rc = call_do(keeper, KM_A_CALL_LIST, buf_slice(&ask), &c->answer, &status);
	rc = ctl_keeper_verdict(c, rc, &body);
	call_close(keeper);
	buf_done(&ask);
	if (rc != EXIT_DONE)
		return rc;
	*ret = json_loadb(body.p, body.n, 0, NULL);
	return *ret != NULL ? EXIT_DONE : ctl_down("keeper", ERR_PROTO);
}

int
cmd_calllist(struct ctl *c, int argc, char **argv)
{
	json_t *head = NULL, *calls = json_array();
	const json_t *list, *one;
	size_t i;
	int rc;

	if (argc >= 1 && strcmp(argv[0], "--help") == 0) {
		json_decref(calls);
		(void)fputs(help_calllist, stdout);
		return EXIT_DONE;
	}
	if (argc != 1 || strlen(argv[0]) > 64) {
		json_decref(calls);
		return ctl_say(
		    EXIT_USAGE, "calllist: expected the number or id of a bulletin");
	}
	rc = ask_keeper(c, argv[0], &head);
	list = json_object_get(head, "receivers");
	for (i = 0; rc == EXIT_DONE && (one = json_array_get(list, i)) != NULL; i++)
		rc = add_member(c,
		    json_string_value(one) != NULL ? json_string_value(one) : "", calls);
	if (rc == EXIT_DONE)
		print(c, head, calls);
	json_decref(head);
	json_decref(calls);
	return rc;
}
