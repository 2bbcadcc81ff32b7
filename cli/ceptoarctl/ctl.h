/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARCTL_CTL_H
#define CEPTOARCTL_CTL_H

#include <limits.h>

#include "cli/ceptoarctl/call.h"
#include "lib/buf.h"
#include "proto/msg_people.h"
#include "proto/msg_registry.h"
#include "proto/taxonomy.h"

/* Exit statuses, the same as those of ceptoar. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_DOWN = 3 };

enum { FILE_MAX = 64 * 1024 * 1024, ANSWER_MAX = 2 * 1024 * 1024, CTL_DAY = 16 };

/* Where the vault's configuration names the escrow holders' certificates by default. */
#define CTL_ESCROW_A "/etc/ceptoar/escrow-a.pem"
#define CTL_ESCROW_B "/etc/ceptoar/escrow-b.pem"

/* What every command works with. */
struct ctl {
	char run[PATH_MAX]; /* folder of the admin sockets */
	char ceptoars[PATH_MAX], taxonomy[PATH_MAX], escrow[2][PATH_MAX];
	long long epoch_ms; /* of blind tokens; 0: no configuration was read */
	int json;
	struct taxonomy *lists; /* read when needed */
	struct call *vault;	/* dialled when needed */
	struct buf answer;
};

void ctl_init(struct ctl *c);
void ctl_done(struct ctl *c);
/* Takes the folder of the sockets and the data files from a configuration file. */
int ctl_conf(struct ctl *c, const char *path) MUST_CHECK;

/* One line to standard error, "ceptoarctl: ..."; returns the status that is given. */
int ctl_say(int status, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Says what an error of a call means, and its exit status. */
int ctl_down(const char *program, int err);
/* What the vault's answer means; EXIT_DONE for VS_OK. */
int ctl_verdict(unsigned vault_status, const char *what);

/* Sectors and CEPTOARs; prints what is wrong.  An exit status. */
int ctl_lists(struct ctl *c) MUST_CHECK;
/* One question to the vault, the answer in c->answer; an exit status, `what` for its
 * text. */
int ctl_vault(struct ctl *c, enum vault_msg type, const struct buf *ask,
    const char *what) MUST_CHECK;
/* As ctl_vault, without words: 0 and the vault's status, or an error. */
int ctl_vault_ask(struct ctl *c, enum vault_msg type, const struct buf *ask,
    unsigned *ret_status) MUST_CHECK;
/* Connects to the keeper's admin socket; an exit status. */
int ctl_keeper_open(struct ctl *c, struct call **ret) MUST_CHECK;
/* What a call to the keeper brought (rc of the call, the answer in c->answer): the body
 * of a good answer, or words on standard error; an exit status. */
int ctl_keeper_verdict(struct ctl *c, int rc, struct slice *ret_body) MUST_CHECK;
/* A member id as the vault reads it: 64 bytes, zeros at the end.  0 or ERR_INVALID. */
int ctl_put_id(struct buf *b, const char *id) MUST_CHECK;
/* "MEMBER" or "MEMBER/PERSON", each in its room as the vault reads it. */
struct ctl_who {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
};
int ctl_who(const char *text, struct ctl_who *ret) MUST_CHECK; /* 0 or ERR_INVALID */
/* Writes the buffer to standard output and frees it. */
void ctl_print(struct buf *b);

/* SHA-256 of the public key and the end of validity of a PEM certificate. */
int ctl_cert(
    const char *path, unsigned char ret_spki[32], int64_t *ret_not_after) MUST_CHECK;

/* The certificate in a PEM file, or NULL. */
struct x509_st *ctl_x509(const char *path) MUST_CHECK;
/* "2026-11-08". */
void ctl_day(int64_t seconds, char ret[CTL_DAY]);

/* Commands: argv[0] is the word after the command, argc counts from there. */
int cmd_member(struct ctl *c, int argc, char **argv);
int cmd_cert(struct ctl *c, int argc, char **argv);
int cmd_contact(struct ctl *c, int argc, char **argv);
int cmd_recipient(struct ctl *c, int argc, char **argv);
int cmd_escrow(struct ctl *c, int argc, char **argv);
int cmd_envelope(struct ctl *c, int argc, char **argv);
int cmd_policy(struct ctl *c, int argc, char **argv);
int cmd_duty_key(struct ctl *c, int argc, char **argv);
int cmd_status(struct ctl *c, int argc, char **argv);
int cmd_backup(struct ctl *c, int argc, char **argv);
int cmd_council(struct ctl *c, int argc, char **argv);

/* Prints JSON of a program: as it is with --json, else as an indented list. */
void ctl_show_json(struct ctl *c, struct slice text);

/* The members file, from `member import` or put together by `member add`: registers all,
 * with the certificate dir/<id>/cert.pem of each when certs is not NULL. */
int import_members(struct ctl *c, struct slice text, const char *name, const char *certs);
/* Registers one certificate without ending the batch. */
int import_cert(struct ctl *c, const char *id, const char *path);

/* Contacts as the vault has them, CONTACTS_MAX at most; an exit status. */
int contact_read(struct ctl *c, const struct ctl_who *who, struct vault_route *ret,
    unsigned *ret_count) MUST_CHECK;
/* As a list, with `secrets` also what webhooks are signed with. */
void contact_show(const struct vault_route *v, unsigned n, int secrets, struct buf *out);

/* What the vault knows of a member's certificate for named reports. */
struct ctl_recipient {
	int has;
	int own; /* the key is one that the member also connects with */
	unsigned char spki[32];
	int64_t ends;
};
int recipient_show(struct ctl *c, const char *id, struct ctl_recipient *ret) MUST_CHECK;
/* As part of an import: the certificate of a centre or ministry also makes it a recipient
 * of named reports, unless it has one of its own for that. */
int recipient_import(struct ctl *c, const char *id, const char *path) MUST_CHECK;

/* escrow_key.c: a holder's key and certificate; a pair of certificates. */
int escrow_prepare(int argc, char **argv);
int escrow_check(const char *a, const char *b) MUST_CHECK;

extern const char help_main[], help_recipient[], help_escrow[], help_envelope[],
    help_member[], help_cert[], help_policy[], help_duty_key[], help_status[],
    help_backup[], help_council[], help_contact[];

#endif
