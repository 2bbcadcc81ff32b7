/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/backup.h"

#include "daemon/vault/retain.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_tokens.h"
#include "daemon/vault/vault.h"
#include "lib/db.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum { PAGES_A_TURN = 64 };

struct backup {
	struct vault *v;
	struct loop_task *run;
	struct db_backup *job; /* NULL: none */
	struct link *asker;
	uint64_t call;
	unsigned percent; /* last told */
};

static enum vault_status
status_of(int err)
{
	switch (err) {
	case ERR_EXISTS:
		return VS_EXISTS;
	case ERR_FULL:
		return VS_FULL;
	case ERR_IO: /* no such directory, or not one that we may write to */
		return VS_INVALID;
	default:
		return VS_INTERNAL;
	}
}

static void
end(struct backup *b)
{
	db_backup_free(b->job);
	b->job = NULL;
	b->asker = NULL;
}

static void
run(void *arg)
{
	struct backup *b = arg;
	unsigned done = 0, total = 0, percent;
	int rc;

	if (b->job == NULL)
		return;
	rc = db_backup_step(b->job, PAGES_A_TURN, &done, &total);
	percent = total > 0 ? (unsigned)((uint64_t)done * 100 / total) : 100;
	if (rc >= 0 && (percent != b->percent || rc == 1)) {
		b->percent = percent;
		buf_reset(&b->v->page);
		wire_put_u32(&b->v->page, done);
		wire_put_u32(&b->v->page, total);
		vault_answer(b->v, b->asker, VM_A_PROGRESS, VS_OK, b->call);
	}
	if (rc == 0) {
		loop_task_poke(b->run);
		return;
	}
	buf_reset(&b->v->page);
	vault_answer(
	    b->v, b->asker, VM_A_BACKUP, rc == 1 ? VS_OK : status_of(rc), b->call);
	end(b);
}

int
backup_new(struct backup **ret, struct vault *v)
{
	struct backup *b = mem_zalloc(sizeof *b);

	if (b == NULL)
		return ERR_NOMEM;
	b->v = v;
	b->run = loop_task_new(v->loop, run, b);
	if (b->run == NULL) {
		backup_free(b);
		return ERR_NOMEM;
	}
	*ret = b;
	return 0;
}

void
backup_free(struct backup *b)
{
	if (b == NULL)
		return;
	db_backup_free(b->job);
	loop_task_free(b->run);
	mem_free(b);
}

enum vault_status
backup_start(struct backup *b, struct link *l, uint64_t call, const char *path)
{
	int rc;

	if (b->job != NULL || path[0] != '/')
		return VS_INVALID;
	rc = db_backup_start(&b->job, vstore_db(b->v->store), path);
	if (rc != 0) {
		b->job = NULL;
		return status_of(rc);
	}
	db_backup_scrub(b->job, vstore_tokens_secret);
	b->asker = l;
	b->call = call;
	b->percent = 0;
	loop_task_poke(b->run);
	return VS_OK;
}

void
backup_forget(struct backup *b, const struct link *l)
{
	if (b->job != NULL && b->asker == l)
		end(b);
}
