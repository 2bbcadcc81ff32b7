/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "cli/ceptoarctl/ctl.h"
#include "lib/mem.h"
#include "proto/json.h"
#include "proto/msg_front.h"
#include "proto/msg_keeper.h"

enum { FRONTS_SHOWN = 256 };

/* Adds program -> object to the whole; the worst exit status counts. */
static int
add(json_t *all, const char *name, json_t *part, int rc)
{
	if (part == NULL)
		part = json_pack("{s:s}", "state", "not reached");
	(void)json_object_set_new(all, name, part);
	return rc;
}

static int
vault_status(struct ctl *c, json_t *all)
{
	struct vault_state s;
	unsigned status = VS_INTERNAL;
	int rc = ctl_vault_ask(c, VM_A_STATUS, NULL, &status);

	if (rc == 0 && status == VS_OK)
		rc = vault_state_get(c->answer.p, c->answer.n, &s);
	else if (rc == 0)
		rc = ERR_PROTO;
	if (rc != 0)
		return add(all, "vault", NULL, EXIT_DOWN);
	return add(all, "vault",
	    json_pack("{s:s, s:I, s:i, s:i, s:i, s:i, s:i, s:i, s:I, s:s}", "state",
		"running", "generation", (json_int_t)s.generation, "members",
		(int)s.members, "suspended", (int)s.disabled, "certificates",
		(int)s.certs, "envelopes", (int)s.envelopes, "fronts", (int)s.fronts,
		"keepers", (int)s.keepers, "wal_bytes", (json_int_t)s.wal_bytes,
		"reload_error", s.reload_error),
	    s.reload_error[0] != '\0' ? EXIT_REFUSED : EXIT_DONE);
}

/* 1 when the program says that its last reload went wrong, or that it no longer writes.
 */
static int
has_trouble(const json_t *j)
{
	const char *e = json_string_value(json_object_get(j, "reload_error"));

	return (e != NULL && e[0] != '\0') ||
	       json_is_true(json_object_get(j, "write_stop"));
}

/* A program that answers with JSON text itself. */
static json_t *
parse(struct slice text)
{
	json_t *j = json_loadb(text.p, text.n, 0, NULL);

	if (j != NULL && json_object_get(j, "state") == NULL)
		(void)json_object_set_new(j, "state", json_string("running"));
	return j;
}

static int
keeper_status(struct ctl *c, json_t *all)
{
	char path[PATH_MAX + 16];
	struct call *keeper = NULL;
	struct keeper_reply r = { 0 };
	json_t *j = NULL;
	uint16_t status;
	int rc;

	(void)snprintf(path, sizeof path, "%s/keeper-admin", c->run);
	rc = call_open(&keeper, path, KEEPER_FRAME_MAX);
	if (rc == 0)
		rc = call_do(keeper, KM_A_STATUS, slice_of(""), &c->answer, &status);
	if (rc == 0)
		rc = keeper_reply_get(c->answer.p, c->answer.n, &r);
	if (rc == 0 && r.problem == P_OK)
		j = parse(r.body);
	call_close(keeper);
	if (j == NULL)
		return add(all, "keeper", NULL, EXIT_DOWN);
	return add(all, "keeper", j, has_trouble(j) ? EXIT_REFUSED : EXIT_DONE);
}

static int
front_status(struct ctl *c, const char *name, json_t *all)
{
	char path[PATH_MAX + 300];
	struct call *front = NULL;
	json_t *j = NULL;
	uint16_t status;
	int rc;

	(void)snprintf(path, sizeof path, "%s/%s", c->run, name);
	rc = call_open(&front, path, FRONT_FRAME_MAX);
	if (rc == 0)
		rc = call_do(front, FM_A_STATUS, slice_of(""), &c->answer, &status);
	if (rc == 0)
		j = parse(buf_slice(&c->answer));
	call_close(front);
	if (j == NULL)
		return add(all, name, NULL, EXIT_DOWN);
	return add(all, name, j, has_trouble(j) ? EXIT_REFUSED : EXIT_DONE);
}

static int
is_front(const struct dirent *d)
{
	return strncmp(d->d_name, "front-admin", 11) == 0 ||
	       strncmp(d->d_name, "desk-admin", 10) == 0;
}

static int
worse(int a, int b)
{
	return a == EXIT_DOWN || b == EXIT_DOWN ? EXIT_DOWN : a > b ? a : b;
}

int
cmd_status(struct ctl *c, int argc, char **argv)
{
	struct dirent **list = NULL;
	json_t *all = json_object();
	struct buf out;
	int i, n, rc;

	if (argc >= 1) {
		(void)fputs(
		    help_status, strcmp(argv[0], "--help") == 0 ? stdout : stderr);
		json_decref(all);
		return strcmp(argv[0], "--help") == 0 ? EXIT_DONE : EXIT_USAGE;
	}
	rc = worse(vault_status(c, all), keeper_status(c, all));
	n = scandir(c->run, &list, is_front, alphasort);
	if (n <= 0)
		rc = add(all, "front-admin", NULL, EXIT_DOWN);
	for (i = 0; i < n; i++) {
		rc = worse(rc, front_status(c, list[i]->d_name, all));
		mem_free(list[i]);
	}
	mem_free(list); /* scandir allocates with malloc */
	buf_init(&out, ANSWER_MAX);
	if (json_canonical(all, &out) == 0)
		ctl_show_json(c, buf_slice(&out));
	buf_done(&out);
	json_decref(all);
	return rc;
}
