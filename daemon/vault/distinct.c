/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/distinct.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "lib/mem.h"

enum {
	MINUTE_MS = 60 * 1000,
	STEP_MS = 10 * MINUTE_MS,
	WINDOW_MS = 24 * 3600 * 1000,
	WINDOW = WINDOW_MS / STEP_MS, /* steps */
	/* A step more than a day: by then all that the key before made is gone. */
	EPOCH_MS = WINDOW_MS + STEP_MS,
	MAC_LEN = 16,
	KEY_LEN = 32,
};

/* One member said one thing.  Links are indexes, 0 ends a list. */
struct entry {
	uint8_t mac[MAC_LEN];
	uint64_t sectors;
	uint32_t step; /* when, the last time */
	uint32_t subject;
	uint32_t in_bucket;  /* next with the same place in the table */
	uint32_t next, prev; /* of the same subject */
	uint32_t older, newer;
	uint16_t open; /* counts that are not settled yet */
	uint8_t said;  /* one was, and it was said */
};

/* One thing that was said. */
struct subject {
	uint8_t topic[TOPIC_LEN];
	uint64_t sectors; /* of all its entries */
	uint32_t in_bucket;
	uint32_t first, members;
	/* An entry has gone: sectors are put together anew, once in a step, or a thing
	 * that thousands say would be walked through for each of them. */
	uint32_t stale, summed;
};

struct distinct {
	size_t most, count;
	struct entry *entries;		   /* [1..most] */
	struct subject *subjects;	   /* [1..most] */
	uint32_t free_entry, free_subject; /* lists of what was used before */
	uint32_t used_entries, used_subjects;
	uint32_t oldest, newest;
	/* Hash tables.  The place is secret, or somebody could fill one bucket. */
	uint32_t *by_mac, *by_topic;
	size_t mask;
	uint64_t mix[4];
	/* HMAC under the key of this epoch and of the one before (NULL: none). */
	EVP_MAC_CTX *now, *before;
	int64_t key_at, since, clock;
};

static EVP_MAC_CTX *
key_new(void)
{
	char digest[] = "SHA256";
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", digest, 0),
		OSSL_PARAM_construct_end() };
	unsigned char key[KEY_LEN];
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;

	EVP_MAC_free(hmac);
	if (c != NULL && (RAND_priv_bytes(key, sizeof key) != 1 ||
			     EVP_MAC_init(c, key, sizeof key, params) != 1)) {
		EVP_MAC_CTX_free(c);
		c = NULL;
	}
	mem_wipe(key, sizeof key);
	return c;
}

int
distinct_new(struct distinct **ret, size_t most, int64_t now_ms)
{
	struct distinct *d = mem_zalloc(sizeof *d);
	size_t buckets = 64;

	if (d == NULL)
		return ERR_NOMEM;
	while (buckets < most)
		buckets *= 2;
	d->most = most;
	d->mask = buckets - 1;
	d->entries = mem_calloc(most + 1, sizeof *d->entries);
	d->subjects = mem_calloc(most + 1, sizeof *d->subjects);
	d->by_mac = mem_calloc(buckets, sizeof *d->by_mac);
	d->by_topic = mem_calloc(buckets, sizeof *d->by_topic);
	d->key_at = d->since = d->clock = now_ms;
	if (d->entries == NULL || d->subjects == NULL || d->by_mac == NULL ||
	    d->by_topic == NULL) {
		distinct_free(d);
		return ERR_NOMEM;
	}
	d->now = key_new();
	if (d->now == NULL ||
	    RAND_priv_bytes((unsigned char *)d->mix, sizeof d->mix) != 1) {
		distinct_free(d);
		return ERR_CRYPTO;
	}
	*ret = d;
	return 0;
}

void
distinct_free(struct distinct *d)
{
	if (d == NULL)
		return;
	/* Only what was ever used: the rest was never touched. */
	mem_wipe_free(d->entries, ((size_t)d->used_entries + 1) * sizeof *d->entries);
	mem_wipe_free(d->subjects, ((size_t)d->used_subjects + 1) * sizeof *d->subjects);
	mem_free(d->by_mac);
	mem_free(d->by_topic);
	EVP_MAC_CTX_free(d->now); /* OpenSSL wipes the keys */
	EVP_MAC_CTX_free(d->before);
	mem_wipe_free(d, sizeof *d);
}

size_t
distinct_entries(const struct distinct *d)
{
	return d->count;
}

static uint32_t
step_of(int64_t ms)
{
	return (uint32_t)(ms / STEP_MS);
}

static uint32_t *
bucket(const struct distinct *d, uint32_t *table, const uint8_t id[16])
{
	uint64_t a, b;

	memcpy(&a, id, sizeof a);
	memcpy(&b, id + sizeof a, sizeof b);
	a = (a ^ d->mix[0]) * (d->mix[1] | 1) + (b ^ d->mix[2]) * (d->mix[3] | 1);
	return &table[(a >> 32) & d->mask];
}

static uint32_t
find_entry(const struct distinct *d, const uint8_t mac[MAC_LEN])
{
	uint32_t i;

	for (i = *bucket(d, d->by_mac, mac); i != 0; i = d->entries[i].in_bucket)
		if (memcmp(d->entries[i].mac, mac, MAC_LEN) == 0)
			return i;
	return 0;
}

static uint32_t
find_subject(const struct distinct *d, const uint8_t topic[TOPIC_LEN])
{
	uint32_t i;

	for (i = *bucket(d, d->by_topic, topic); i != 0; i = d->subjects[i].in_bucket)
		if (memcmp(d->subjects[i].topic, topic, TOPIC_LEN) == 0)
			return i;
	return 0;
}

static void
forget_subject(struct distinct *d, uint32_t i)
{
	struct subject *s = &d->subjects[i];
	uint32_t *at = bucket(d, d->by_topic, s->topic);

	while (*at != i)
		at = &d->subjects[*at].in_bucket;
	*at = s->in_bucket;
	mem_wipe(s, sizeof *s);
	s->in_bucket = d->free_subject;
	d->free_subject = i;
}

static uint32_t
subject_of(struct distinct *d, const uint8_t topic[TOPIC_LEN])
{
	uint32_t i = find_subject(d, topic), *at;
	struct subject *s;

	if (i != 0)
		return i;
	i = d->free_subject;
	if (i != 0)
		d->free_subject = d->subjects[i].in_bucket;
	else
		i = ++d->used_subjects;
	s = &d->subjects[i];
	memset(s, 0, sizeof *s);
	memcpy(s->topic, topic, TOPIC_LEN);
	at = bucket(d, d->by_topic, topic);
	s->in_bucket = *at;
	*at = i;
	return i;
}

static void
link_mac(struct distinct *d, uint32_t i, const uint8_t mac[MAC_LEN])
{
	uint32_t *at = bucket(d, d->by_mac, mac);

	memcpy(d->entries[i].mac, mac, MAC_LEN);
	d->entries[i].in_bucket = *at;
	*at = i;
}

static void
unlink_mac(struct distinct *d, uint32_t i)
{
	uint32_t *at = bucket(d, d->by_mac, d->entries[i].mac);

	while (*at != i)
		at = &d->entries[*at].in_bucket;
	*at = d->entries[i].in_bucket;
}

static void
link_age(struct distinct *d, uint32_t i)
{
	struct entry *e = &d->entries[i];

	e->step = step_of(d->clock);
	e->newer = 0;
	e->older = d->newest;
	*(d->newest != 0 ? &d->entries[d->newest].newer : &d->oldest) = i;
	d->newest = i;
}

static void
unlink_age(struct distinct *d, uint32_t i)
{
	struct entry *e = &d->entries[i];

	*(e->older != 0 ? &d->entries[e->older].newer : &d->oldest) = e->newer;
	*(e->newer != 0 ? &d->entries[e->newer].older : &d->newest) = e->older;
}

static void
link_subject(struct distinct *d, uint32_t i, uint32_t subject)
{
	struct entry *e = &d->entries[i];
	struct subject *s = &d->subjects[subject];

	e->subject = subject;
	e->prev = 0;
	e->next = s->first;
	if (s->first != 0)
		d->entries[s->first].prev = i;
	s->first = i;
	s->members++;
	s->sectors |= e->sectors;
}

static void
unlink_subject(struct distinct *d, uint32_t i)
{
	struct entry *e = &d->entries[i];
	struct subject *s = &d->subjects[e->subject];

	*(e->prev != 0 ? &d->entries[e->prev].next : &s->first) = e->next;
	if (e->next != 0)
		d->entries[e->next].prev = e->prev;
	s->stale = 1;
	if (--s->members == 0)
		forget_subject(d, e->subject);
}

static void
forget(struct distinct *d, uint32_t i)
{
	unlink_mac(d, i);
	unlink_age(d, i);
	unlink_subject(d, i);
	mem_wipe(&d->entries[i], sizeof d->entries[i]);
	d->entries[i].in_bucket = d->free_entry;
	d->free_entry = i;
	d->count--;
}

static uint32_t
entry_new(struct distinct *d)
{
	uint32_t i;

	if (d->count == d->most) {
		d->since = ((int64_t)d->entries[d->oldest].step + 1) * STEP_MS;
		forget(d, d->oldest);
	}
	i = d->free_entry;
	if (i != 0)
		d->free_entry = d->entries[i].in_bucket;
	else
		i = ++d->used_entries;
	d->count++;
	return i;
}

void
distinct_tick(struct distinct *d, int64_t now_ms)
{
	EVP_MAC_CTX *fresh;

	if (now_ms > d->clock)
		d->clock = now_ms;
	while (d->oldest != 0 && step_of(d->clock) - d->entries[d->oldest].step > WINDOW)
		forget(d, d->oldest);
	if (d->clock - d->key_at < EPOCH_MS)
		return;
	fresh = key_new();
	if (fresh == NULL)
		return; /* tried again the next time */
	EVP_MAC_CTX_free(d->before);
	d->before = d->now;
	d->now = fresh;
	d->key_at = d->clock;
}

static int
mac_of(EVP_MAC_CTX *key, const uint8_t *topic, const char *member, uint8_t out[MAC_LEN])
{
	unsigned char md[EVP_MAX_MD_SIZE];
	size_t n = 0;
	int ok;

	ok = EVP_MAC_init(key, NULL, 0, NULL) == 1 &&
	     EVP_MAC_update(key, topic, TOPIC_LEN) == 1 &&
	     EVP_MAC_update(key, (const unsigned char *)member, strlen(member)) == 1 &&
	     EVP_MAC_final(key, md, &n, sizeof md) == 1 && n >= MAC_LEN;
	if (ok)
		memcpy(out, md, MAC_LEN);
	mem_wipe(md, sizeof md);
	return ok ? 0 : ERR_CRYPTO;
}

/* The entry of this member and topic, under whichever key; 0: none.  `mac` is what it is
 * called from now on. */
static int
look_up(struct distinct *d, const uint8_t *topic, const char *member,
    uint8_t mac[MAC_LEN], uint32_t *ret)
{
	uint8_t old[MAC_LEN];
	int rc = mac_of(d->now, topic, member, mac);

	if (rc != 0)
		return rc;
	*ret = find_entry(d, mac);
	if (*ret != 0 || d->before == NULL)
		return 0;
	rc = mac_of(d->before, topic, member, old);
	if (rc == 0)
		*ret = find_entry(d, old);
	mem_wipe(old, sizeof old);
	return rc;
}

static unsigned
sectors_of(struct distinct *d, struct subject *s)
{
	uint32_t i;

	if (s->stale && s->summed != step_of(d->clock)) {
		s->summed = step_of(d->clock);
		s->sectors = 0;
		for (i = s->first; i != 0; i = d->entries[i].next)
			s->sectors |= d->entries[i].sectors;
		s->stale = 0;
	}
	return (unsigned)__builtin_popcountll(s->sectors);
}

static uint32_t
enter(struct distinct *d, const uint8_t mac[MAC_LEN], uint64_t sectors,
    const uint8_t *topic)
{
	uint32_t i = entry_new(d);

	d->entries[i].sectors = sectors;
	link_subject(d, i, subject_of(d, topic));
	link_mac(d, i, mac);
	link_age(d, i);
	return i;
}

static int
count_one(struct distinct *d, const char *member, uint64_t sectors, const uint8_t *topic,
    struct topic_count *ret)
{
	uint8_t mac[MAC_LEN];
	struct subject *s;
	struct entry *e;
	uint32_t i;
	int rc = look_up(d, topic, member, mac, &i);

	if (rc != 0)
		return rc;
	if (i == 0)
		i = enter(d, mac, sectors, topic);
	mem_wipe(mac, sizeof mac);
	e = &d->entries[i];
	s = &d->subjects[e->subject];
	s->stale |= e->sectors != sectors; /* the registry has changed */
	s->sectors |= sectors;
	e->sectors = sectors;
	e->open += e->open < UINT16_MAX;
	ret->members = s->members < UINT16_MAX ? (uint16_t)s->members : UINT16_MAX;
	ret->sectors = (uint8_t)sectors_of(d, s);
	return 0;
}

/* What has not been said makes nothing younger: neither its time nor its key. */
static int
settle_one(struct distinct *d, const char *member, uint64_t sectors, const uint8_t *topic,
    int said)
{
	uint8_t mac[MAC_LEN];
	struct entry *e;
	uint32_t i;
	int rc = look_up(d, topic, member, mac, &i);

	if (rc != 0)
		return rc;
	if (i == 0 && said) /* it has gone meanwhile */
		i = enter(d, mac, sectors, topic);
	if (i == 0)
		return 0;
	e = &d->entries[i];
	e->open -= e->open > 0;
	if (said) {
		e->said = 1;
		unlink_mac(d, i);
		unlink_age(d, i);
		link_mac(d, i, mac);
		link_age(d, i);
	} else if (!e->said && e->open == 0) {
		forget(d, i);
	}
	mem_wipe(mac, sizeof mac);
	return 0;
}

unsigned
distinct_count(struct distinct *d, const char *member, uint64_t sectors,
    uint8_t (*topics)[TOPIC_LEN], unsigned n, int64_t now_ms, struct topic_count *ret)
{
	int64_t whole;
	unsigned i;

	memset(ret, 0, n * sizeof *ret);
	distinct_tick(d, now_ms);
	for (i = 0; i < n; i++) {
		if (count_one(d, member, sectors, topics[i], &ret[i]) != 0) {
			distinct_settle(d, member, sectors, topics, i, now_ms, 0);
			memset(ret, 0, n * sizeof *ret);
			return 0;
		}
	}
	whole = d->clock - d->since < WINDOW_MS ? d->clock - d->since : WINDOW_MS;
	return whole > 0 ? (unsigned)(whole / MINUTE_MS) : 0;
}

void
distinct_settle(struct distinct *d, const char *member, uint64_t sectors,
    uint8_t (*topics)[TOPIC_LEN], unsigned n, int64_t now_ms, int said)
{
	unsigned i;

	distinct_tick(d, now_ms);
	for (i = 0; i < n; i++)
		(void)settle_one(d, member, sectors, topics[i], said);
}
