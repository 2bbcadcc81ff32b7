/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "proto/msg_admin.h"
#include "proto/jwk.h"
#include "proto/msg_keeper.h"

/* The keys that the hub signs bulletins with. */

enum { OVERLAP_H = 24, HOUR_MIN = 60 };

/* A line for each key. */
static int
print_keys(struct ctl *c, struct slice body)
{
	const json_t *v;
	json_t *j;
	size_t i;

	if (c->json) {
		ctl_show_json(c, body);
		return EXIT_DONE;
	}
	j = json_loadb(body.p, body.n, 0, NULL);
	json_array_foreach(json_object_get(j, "keys"), i, v)
	{
		const char *kid = json_string_value(json_object_get(v, "kid")),
			   *state = json_string_value(json_object_get(v, "state")),
			   *since = json_string_value(json_object_get(v, "since"));

		(void)printf("%s  %-8s signs from %s\n", kid != NULL ? kid : "?",
		    state != NULL ? state : "?", since != NULL ? since : "?");
	}
	json_decref(j);
	return EXIT_DONE;
}

static int
ask(struct ctl *c, enum signing_verb verb, uint32_t overlap, const char *kid)
{
	struct call *keeper = NULL;
	struct slice body = { NULL, 0 };
	struct buf b;
	uint16_t status;
	int rc;

	rc = ctl_keeper_open(c, &keeper);
	if (rc != EXIT_DONE)
		return rc;
	buf_init(&b, 128);
	wire_put_u8(&b, (uint8_t)verb);
	wire_put_u32(&b, overlap);
	wire_put_str(&b, slice_of(kid));
	rc = buf_err(&b);
	if (rc == 0)
		rc = call_do(keeper, KM_A_SIGNING, buf_slice(&b), &c->answer, &status);
	rc = ctl_keeper_verdict(c, rc, &body);
	if (rc == EXIT_DONE)
		rc = print_keys(c, body);
	buf_done(&b);
	call_close(keeper);
	return rc;
}

static int
rotate(struct ctl *c, int argc, char **argv)
{
	long hours = OVERLAP_H;
	char *end = NULL;

	if (argc == 2 && strcmp(argv[0], "--overlap") == 0)
		hours = strtol(argv[1], &end, 10);
	if ((argc != 0 && argc != 2) || (argc == 2 && (end == NULL || *end != '\0')) ||
	    hours < 0 || hours > 90 * 24)
		return ctl_say(
		    EXIT_USAGE, "signing-key rotate [--overlap HOURS]: 0 to 2160 hours");
	return ask(c, SIGNING_ROTATE, (uint32_t)hours * HOUR_MIN, "");
}

int
cmd_signing_key(struct ctl *c, int argc, char **argv)
{
	if (argc == 1 && strcmp(argv[0], "--help") == 0) {
		(void)fputs(help_signing_key, stdout);
		return EXIT_DONE;
	}
	if (argc == 1 && strcmp(argv[0], "list") == 0)
		return ask(c, SIGNING_LIST, 0, "");
	if (argc >= 1 && strcmp(argv[0], "rotate") == 0)
		return rotate(c, argc - 1, argv + 1);
	if (argc == 2 && strcmp(argv[0], "retire") == 0) {
		if (strlen(argv[1]) != JWK_KID)
			return ctl_say(
			    EXIT_USAGE, "%s: not a kid of `signing-key list`", argv[1]);
		return ask(c, SIGNING_RETIRE, 0, argv[1]);
	}
	(void)fputs(help_signing_key, stderr);
	return EXIT_USAGE;
}
