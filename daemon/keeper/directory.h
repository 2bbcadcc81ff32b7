/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DIRECTORY_H
#define KEEPER_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_registry.h"

/* Opaque types. */
struct directory;
struct issuers;
struct loop;

/*
 * Who may read, without names: the vault's rows by receiver id, in memory only.  A new
 * set takes the old one's place when it is complete; while the vault is away the last
 * one stands.
 */
struct directory *directory_new(void) MUST_CHECK;
void directory_free(struct directory *d);
/* Dials the vault and keeps dialling. */
int directory_dial(struct directory *d, struct loop *loop, const char *path) MUST_CHECK;
/* The same over a connected descriptor (tests). */
int directory_adopt(struct directory *d, struct loop *loop, int fd) MUST_CHECK;

/* The epoch of our store, which the vault is told when it is asked: issuer keys are for
 * one keeper.  Before directory_dial. */
void directory_epoch_set(struct directory *d, uint32_t epoch);
/* The issuer keys that come over the same link. */
const struct issuers *directory_issuers(const struct directory *d);

/* Called when a new set stands: to put in what receivers have set since. */
void directory_on_change(struct directory *d, void (*fn)(void *arg), void *arg);
/* What this receiver wants from now on; nothing when it is unknown. */
void directory_wants_set(
    struct directory *d, const uint8_t *receiver, const struct subscription *wants);
/* The row of a receiver, or NULL. */
const struct vault_dir_row *directory_find(
    const struct directory *d, const uint8_t *receiver);
/* Rows in the order of their receivers, those behind `receiver`; *ret_n: how many. */
const struct vault_dir_row *directory_after(
    const struct directory *d, const uint8_t *receiver, size_t *ret_n);
/* The rows behind this receiver id (NULL: all) in the order of ids; they stand until the
 * next set does. */
const struct vault_dir_row *directory_behind(
    const struct directory *d, const uint8_t *receiver, size_t *ret_n);
/* The desk of a CEPTOAR: of its secretariats one that is of the fewest others.
 * ERR_NOTFOUND. */
int directory_desk(const struct directory *d, unsigned slot, uint8_t *ret) MUST_CHECK;
void directory_each(const struct directory *d,
    void (*fn)(void *, const struct vault_dir_row *), void *arg);
/* Inside on_change: the rows of before that want something else now. */
void directory_each_changed(
    struct directory *d, void (*fn)(void *, const struct vault_dir_row *), void *arg);
/* How many are at whose desk from when to when, as members' rosters have it. */
void directory_each_duty(const struct directory *d,
    void (*fn)(void *, const struct vault_dir_duty *), void *arg);
size_t directory_count(const struct directory *d);
uint64_t directory_generation(const struct directory *d);
int directory_is_up(const struct directory *d);

#endif
