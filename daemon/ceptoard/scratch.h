/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_SCRATCH_H
#define CEPTOARD_SCRATCH_H

#include <limits.h>
#include <stdint.h>

#include "daemon/ceptoard/options.h"
#include "lib/buf.h"

#define SCRATCH_MEMBERS	   "members.json" /* in the folder: the file that was used last */
#define SCRATCH_PORT	   "port"	  /* the listeners' ports of last time */
#define SCRATCH_BLIND_PORT "port-blind"
#define SCRATCH_DESK_PORT  "port.desk" /* no member can be called that */

enum { MEMBER_ID_ROOM = 64 };

/* The folder of a scratch hub and what lies in it.  `dir` is absolute. */
struct scratch {
	char dir[PATH_MAX];
	char members[PATH_MAX], ceptoars[PATH_MAX], taxonomy[PATH_MAX];
	char first_member[MEMBER_ID_ROOM];    /* whose certificate tests the hub */
	char first_desk[MEMBER_ID_ROOM];      /* and its desks' front; "": none */
	unsigned groups;		      /* sector groups of the list */
	uint16_t port, blind_port, desk_port; /* 0 until the listener has one */
	int lock;
	char members_digest[65]; /* of the file as it was read last */
	int members_changed;	 /* the members file differs from the registered one */
};

/* Makes or takes up the folder: the lock, run/, log/, the authority and the listener's
 * and escrow holders' certificates, the list of revoked certificates, the port of last
 * time. On an error `why` gets a sentence; scratch_done is needed either way. */
int scratch_open(struct scratch *s, const struct options *o, struct buf *why) MUST_CHECK;
void scratch_done(struct scratch *s);
/* Reads the members file and makes the certificates that are missing. */
int scratch_members(struct scratch *s, struct buf *why) MUST_CHECK;
/* The members of the file are registered now. */
void scratch_members_done(struct scratch *s);
/* dir/ceptoar.conf: the settings of a scratch hub, and those of `over` on top. */
int scratch_conf(const struct scratch *s, const char *over, struct buf *why) MUST_CHECK;
/* Keeps a listener's port, as `port`, `port-blind` or `port.desk`, for the next start. */
int scratch_port_save(
    struct scratch *s, const char *file, uint16_t *into, uint16_t port) MUST_CHECK;
/* dir/hub.env, in one step; pids as in "front=1,2 vault=3 keeper=4 desk=5". */
int scratch_env_write(
    const struct scratch *s, const char *pids, const char *local) MUST_CHECK;
void scratch_env_remove(const struct scratch *s);
/* dir/rest into out; a path too long for a socket gives ERR_LIMIT. */
int scratch_socket(
    const struct scratch *s, const char *name, char *out, size_t room) MUST_CHECK;
int scratch_path(
    const struct scratch *s, const char *rest, char *out, size_t room) MUST_CHECK;
/* Revokes a certificate in a folder that may be in use, and wakes its ceptoard. */
int scratch_revoke(const struct options *o, struct buf *why) MUST_CHECK;

#endif
