/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/front.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "proto/msg_vault.h"

/* The link to the vault: hello at every connection, its pushes, its answers. */
enum { QUEUE_MAX = 4 * 1024 * 1024 };

static void
on_hello(struct front *f, uint64_t owner, const struct answer *a)
{
	struct vault_hello h;

	(void)owner;
	if (a->err != 0 || vault_hello_get(a->p, a->n, &h) != 0) {
		if (a->err != ERR_DOWN)
			link_close(f->vault);
		return;
	}
	if (f->desk == NULL)
		memcpy(f->ticket_secret, h.ticket_secret, sizeof f->ticket_secret);
	mem_wipe(&h.ticket_secret, sizeof h.ticket_secret);
	f->vault_ready = 1;
	log_info("the vault is there");
	reload_generation(f, h.generation);
}

static void
on_up(void *arg, struct link *l)
{
	struct front *f = arg;
	struct buf none;

	buf_init(&none, 1);
	if (call_start(f, CALL_VAULT, VM_HELLO, &none, 0, on_hello, NULL) != 0)
		link_close(l);
	buf_done(&none);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct front *f = arg;
	struct wire w;
	uint64_t generation;

	if (fr->call != 0) {
		call_answer(f, fr);
		return;
	}
	wire_init(&w, fr->p, fr->n);
	generation = wire_u64(&w);
	if (fr->type != VM_GENERATION || w.err != 0) {
		link_close(l);
		return;
	}
	reload_generation(f, generation);
}

static void
on_down(void *arg, struct link *l)
{
	struct front *f = arg;

	(void)l;
	if (f->vault_ready) {
		f->vault_away_since = clock_timer_ms();
		log_warn("the vault is away: no new connections are served");
	}
	f->vault_ready = 0;
	calls_fail(f, CALL_VAULT);
}

int
up_vault_start(struct front *f)
{
	static const struct link_ops ops = { on_up, on_frame, on_down };
	struct link_limits lim = { VAULT_FRAME_MAX, QUEUE_MAX };

	f->vault = link_dial(f->loop, f->opt.vault_socket, &ops, f, lim);
	return f->vault != NULL ? 0 : ERR_NOMEM;
}
