/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/breaker.h"

enum breaker_word
breaker_ask(struct breaker *b, int64_t now)
{
	if (b->until == 0)
		return BREAKER_GO;
	if (b->probing || now < b->until)
		return BREAKER_WAIT;
	b->probing = 1;
	return BREAKER_GO;
}

void
breaker_good(struct breaker *b)
{
	b->failures = 0;
	b->until = b->pause = 0;
	b->probing = 0;
}

void
breaker_bad(struct breaker *b, int64_t now)
{
	b->failures++;
	/* Tries that were under way when it opened add nothing. */
	if (b->until != 0 && !b->probing)
		return;
	b->probing = 0;
	if (b->failures < BREAKER_FAILURES)
		return;
	b->pause = b->pause == 0 ? BREAKER_FIRST_MS : b->pause * 2;
	if (b->pause > BREAKER_LAST_MS)
		b->pause = BREAKER_LAST_MS;
	b->until = now + b->pause;
}

void
breaker_void(struct breaker *b)
{
	b->probing = 0;
}

int64_t
breaker_wait(const struct breaker *b, int64_t now)
{
	if (b->until == 0)
		return 0;
	if (b->probing)
		return b->pause;
	return b->until > now ? b->until - now : 0;
}

int
breaker_suspect(const struct breaker *b)
{
	return b->failures > 0;
}
