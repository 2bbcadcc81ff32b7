/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

#include <stdint.h>

#include "daemon/vault/options.h"
#include "lib/buf.h"
#include "lib/link.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct loop;
struct ballast;
struct vstore;
struct vbooks;
struct registry;
struct distinct;
struct envelope_maker;
struct named;
struct seal;
struct settle;
struct retain;
struct changes;
struct backup;
struct issue;
struct issuer;

/* All that the vault is, made by vault_new and handed down; there are no other globals.
 */
struct vault {
	struct vault_options opt;
	const char *conf; /* read again on SIGHUP; NULL: none */
	struct loop *loop;
	struct vstore *store;
	struct vbooks *books;
	struct ballast *ballast;
	struct registry *reg;
	struct envelope_maker *maker;
	struct named *named;	   /* whom a reporter may name; as old as reg */
	struct seal *seal;	   /* queue of envelopes to write */
	struct distinct *distinct; /* who said the same, counted in memory */
	struct settle *settle;	   /* what was taken for reports not stored yet */
	struct retain *retain;	 /* what is destroyed, and when the log is written back */
	struct changes *changes; /* changes of the registry that wait for COMMIT */
	struct backup *backup;
	struct issuer *issuer; /* keys of blind tokens */
	struct issue *issue;   /* queue of elements to sign */
	struct link_server *fronts, *keepers, *admins, *couriers;
	struct buf page; /* every answer is put together here */
	uint32_t envelopes;
	int pair_noted;	  /* the database knows the maker's pair of holders */
	uint64_t exports; /* envelopes ever handed out, and the head of their log */
	unsigned char exports_head[32];
	char reload_error[128]; /* "" when the last SIGHUP went well */
	int writes_off;		/* the database is damaged: nothing is written any more */
	int disk_full;		/* so it was when last written */
	int failed;		/* a sync failed: end with status 1 */
};

/* Opens everything but the sockets.  `why` says what is wrong. */
int vault_new(struct vault **ret, struct loop *loop, const struct vault_options *o,
    struct buf *why) MUST_CHECK;
/* Serves listening descriptors; -1: not this one. */
int vault_serve(struct vault *v, int front_fd, int keeper_fd, int admin_fd,
    int courier_fd) MUST_CHECK;
void vault_free(struct vault *v); /* NULL is fine */

/* SIGHUP: configuration and escrow certificates anew; an error keeps the old ones. */
void vault_reload(struct vault *v);
/* SIGTERM: writes what is queued, answers it, ends the loop. */
void vault_stop(struct vault *v);
/* A write failed with this error of lib/db.h.  ERR_OUTCOME and other I/O errors end the
 * program once the answers are sent; ERR_CORRUPT ends all writing.  The status for the
 * caller's answer. */
enum vault_status vault_write_failed(struct vault *v, int err);
/* The registry was changed in the store: read it, tell fronts and keepers. */
void vault_registry_changed(struct vault *v);
/* Text into reload_error, cut to its room. */
void vault_reload_error(struct vault *v, const char *text);

/* What the links of each socket do. */
extern const struct link_ops in_front_ops, in_keeper_ops, in_admin_ops, in_courier_ops;
void in_front_push_generation(struct vault *v);
void in_keeper_push_directory(struct vault *v);
void in_keeper_push_issuers(struct vault *v);

/* Sends v->page as the answer; a caller that takes no answers is cut off. */
void vault_answer(struct vault *v, struct link *l, uint16_t type,
    enum vault_status status, uint64_t call);
/* Ends a link whose frame broke the protocol; nothing more of it is read. */
void vault_refuse(struct link *l, const char *socket);

#endif
