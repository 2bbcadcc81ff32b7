/* SPDX-License-Identifier: Apache-2.0 */
/* Host names that are words and hyphens with hardly a number: "nas-shiryo", "gw-host-c1",
 * "opc-srv-c". */
#include "proto/scrub_host.h"

enum { PIECES_MAX = 4, PIECE_MAX = 16, BESIDE_MAX = 6, LIST_MAX = 96 };

struct piece {
	size_t a, b;
	size_t letters; /* it begins with, and digits behind them */
	size_t digits;
};

/* Words that many a text has with a hyphen and a number. */
static const char32_t *const weak[] = { U"admin", U"ap", U"app", U"auth", U"backup",
	U"batch", U"cache", U"client", U"core", U"desktop", U"dev", U"dist", U"edge",
	U"eng", U"file", U"fin", U"gate", U"gateway", U"git", U"his", U"host", U"job",
	U"jump", U"kiosk", U"laptop", U"log", U"mail", U"master", U"mon", U"node",
	U"note", U"ops", U"order", U"portal", U"pos", U"primary", U"print", U"printer",
	U"prod", U"proxy", U"rec", U"relay", U"remote", U"router", U"san", U"server",
	U"slave", U"sql", U"storage", U"sup", U"term", U"test", U"ups", U"web", U"wifi",
	U"worker", NULL };

/* Those of them that are a machine, whatever stands before. */
static const char32_t *const machines[] = { U"client", U"desktop", U"gateway", U"host",
	U"kiosk", U"laptop", U"master", U"node", U"portal", U"printer", U"proxy",
	U"relay", U"router", U"server", U"slave", U"storage", U"worker", NULL };

/* Products, packages and regions that go on with such a word and a number. */
static const char32_t *const products[] = { U"af", U"angular", U"apache", U"aspnet",
	U"azure", U"ca", U"centos", U"debian", U"docker", U"dotnet", U"elastic", U"eu",
	U"exchange", U"go", U"il", U"java", U"jquery", U"kernel", U"lib", U"linux",
	U"log4j", U"me", U"mx", U"mysql", U"next", U"nginx", U"npm", U"openssh",
	U"openssl", U"oracle", U"php", U"postgres", U"postgresql", U"python", U"react",
	U"redhat", U"redis", U"rhel", U"ruby", U"sa", U"spring", U"sql", U"tomcat",
	U"ubuntu", U"us", U"vue", U"x", U"zabbix", NULL };

/* With a part of a host name before it, this is a word of another kind. */
static const char32_t *const joined[] = { U"east", U"hoc", U"north", U"south", U"west",
	U"central", NULL };

/* Hyphens and letters of one case, each part short; the number of parts, or 0. */
static size_t
pieces_of(const struct scrub_view *w, size_t a, size_t b, struct piece *p)
{
	const struct scrub_cp *v = w->v;
	size_t i, n = 0, upper = 0, latin = 0;

	memset(p, 0, PIECES_MAX * sizeof *p);
	for (i = a; i <= b; i++) {
		if (i == a || v[i - 1].c == '-') {
			if (n == PIECES_MAX)
				return 0;
			p[n++].a = i;
		}
		if (i == b || v[i].c == '-') {
			p[n - 1].b = i;
			if (i == p[n - 1].a || i - p[n - 1].a > PIECE_MAX)
				return 0;
			continue;
		}
		if (!scrub_is_ascii_alnum(v[i].c))
			return 0;
		if (v[i].cls == CLASS_DIGIT) {
			p[n - 1].digits++;
			continue;
		}
		latin++;
		upper += (v[i].flags & CP_UPPER) != 0;
		p[n - 1].letters += p[n - 1].digits == 0;
	}
	if (v[a].cls != CLASS_LATIN || (upper > 0 && upper < latin))
		return 0;
	return n < 2 ? 0 : n;
}

/* A path, a package with its version or a part of something longer is around it. */
static int
is_within(const struct scrub_view *w, size_t a, size_t b)
{
	return (a > 0 && scrub_is_in(U"/\\@.+~$#%&_", w->v[a - 1].c)) ||
	       (b < w->n && scrub_is_in(U"@+=_", w->v[b].c)) ||
	       (b + 1 < w->n && scrub_is_in(U"/\\", w->v[b].c) &&
		   w->v[b + 1].cls != CLASS_DIGIT);
}

/* "1", "05", "a1", "3e", and "b" by itself: 1, or 2 for the letter. */
static int
tail_of(const struct scrub_view *w, const struct piece *p)
{
	size_t n = p->b - p->a;

	if (n == 1)
		return p->digits == 1 ? 1 : 2;
	if (p->digits == n)
		return n <= 3;
	if (p->letters == 1)
		return p->letters + p->digits == n && n <= 3;
	return p->letters == 0 && p->digits + 1 == n && n <= 3 &&
	       w->v[p->b - 1].cls == CLASS_LATIN;
}

/* How surely the part is one of a host: 2, 1 for a word of other use too, or 0. */
static int
weight_of(const struct scrub_view *w, const struct piece *p)
{
	if (p->letters == 0 || !scrub_is_host_part(w, p->a, p->a + p->letters))
		return 0;
	return scrub_text_is_any(w, p->a, p->a + p->letters, weak) ? 1 : 2;
}

/* "er2-nurse-03": the floor, what it is for, and a number as an inventory counts. */
static int
is_counted(const struct scrub_view *w, const struct piece *p, size_t n)
{
	return n == 3 && p[0].letters >= 2 && p[0].digits > 0 && p[0].digits <= 2 &&
	       p[0].letters + p[0].digits == p[0].b - p[0].a && p[1].digits == 0 &&
	       p[1].letters >= 2 && p[2].letters == 0 && w->v[p[2].a].c == '0' &&
	       (p[2].digits == 2 || p[2].digits == 3) && p[2].digits == p[2].b - p[2].a;
}

int
scrub_is_plain_host(const struct scrub_view *w, size_t a, size_t b)
{
	struct piece p[PIECES_MAX];
	size_t i, n = pieces_of(w, a, b, p);
	int tail, sure = 0, parts = 0, machine = 0, k;

	if (n == 0 || (w->v[a].flags & CP_UPPER) != 0 || is_within(w, a, b) ||
	    scrub_text_is_any(w, a, p[0].b, products) ||
	    scrub_word_is_view(WORDS_NOT_HOST, w->v, a, a + p[0].letters))
		return 0;
	if (is_counted(w, p, n))
		return 1;
	tail = tail_of(w, &p[n - 1]);
	if (tail == 0)
		return 0;
	for (i = 0; i + 1 < n; i++) {
		k = weight_of(w, &p[i]);
		sure += k == 2;
		parts += k > 0;
		machine |= k == 1 &&
			   scrub_text_is_any(w, p[i].a, p[i].a + p[i].letters, machines);
		/* "ap-northeast-1", "ad-hoc-2" */
		if (k == 0 &&
		    (p[i].letters > 8 || scrub_text_is_any(w, p[i].a, p[i].b, joined)))
			return 0;
	}
	return parts >= 2 ? sure > 0 || machine : tail == 1 && sure > 0;
}

/* Syllables of Japanese, and no word of English that is made of them too. */
static int
is_romaji(const struct scrub_view *w, size_t a, size_t b)
{
	static const char32_t *const english[] = { U"base", U"date", U"domain", U"demo",
		U"gene", U"guide", U"home", U"huge", U"image", U"info", U"inside",
		U"machine", U"made", U"mode", U"mono", U"media", U"name", U"none",
		U"outside", U"route", U"radio", U"same", U"side", U"site", U"time",
		U"wide", U"zone", U"one", U"data", U"tape", NULL };
	static const char32_t vowels[] = U"aiueo";
	const struct scrub_cp *v = w->v;
	size_t i = a;

	if (b - a < 3 || scrub_text_is_any(w, a, b, english))
		return 0;
	while (i < b) {
		if (!scrub_is_in(vowels, v[i].c)) {
			if (!scrub_is_in(U"kgsztdnhbpmyrwfjc", v[i].c))
				return 0;
			if (v[i].c == 'n' &&
			    (i + 1 == b || (v[i + 1].c != 'y' &&
					       !scrub_is_in(vowels, v[i + 1].c)))) {
				i++;
				continue;
			}
			if (i + 1 < b && v[i + 1].c == v[i].c)
				i++;
			if (i + 1 < b &&
			    (v[i + 1].c == 'y' ||
				(v[i + 1].c == 'h' && scrub_is_in(U"sc", v[i].c)) ||
				(v[i + 1].c == 's' && v[i].c == 't')))
				i++;
			else if (v[i].c == 'c')
				return 0;
			i++;
		}
		if (i == b || !scrub_is_in(vowels, v[i].c))
			return 0;
		i++;
	}
	return 1;
}

/* Is an internal address the next thing, before it or behind it? */
static int
is_beside_address(const struct scrub_view *w, size_t a, size_t b)
{
	static const char32_t gaps[] = U" |,\t/:()=>";
	const struct scrub_cp *v = w->v;
	size_t k;

	for (k = a; k > 0 && a - k < BESIDE_MAX && scrub_is_in(gaps, v[k - 1].c); k--)
		;
	if (k > 0 && k < a && v[k - 1].cls == CLASS_BARRIER &&
	    (v[k - 1].rule == RULE_PRIVATE || v[k - 1].rule == RULE_NETWORK))
		return 1;
	for (k = b; k < w->n && k - b < BESIDE_MAX && scrub_is_in(gaps, v[k].c); k++)
		;
	return k > b && k < w->n && v[k].cls == CLASS_BARRIER &&
	       (v[k].rule == RULE_PRIVATE || v[k].rule == RULE_NETWORK);
}

static int
ends_with(const struct scrub_view *w, size_t i, const char32_t *const *words)
{
	size_t n, k;

	for (; *words != NULL; words++) {
		for (n = 0; (*words)[n] != 0; n++)
			;
		for (k = 0; n <= i && k < n && w->v[i - n + k].c == (*words)[k]; k++)
			;
		if (k == n && n <= i &&
		    (i == n || w->v[i - n].cls != CLASS_LATIN ||
			w->v[i - n - 1].cls != CLASS_LATIN))
			return 1;
	}
	return 0;
}

/* "名称: ", "hosts: [x-1, y-2, ": what stands there is told to be a machine's name. */
static int
is_called(const struct scrub_view *w, size_t a)
{
	static const char32_t *const words[] = { U"名称", U"名前", U"機器名", U"装置名",
		U"端末", U"ホスト", U"サーバ", U"サーバー", U"機器", U"host", U"hosts",
		U"server", U"servers", U"machine", U"machines", U"name", U"device",
		U"devices", NULL };
	const struct scrub_cp *v = w->v;
	size_t k = a;
	int sign = 0;

	while (k > 0 && a - k < LIST_MAX &&
	       (scrub_is_ascii_alnum(v[k - 1].c) || v[k - 1].cls == CLASS_BARRIER ||
		   scrub_is_in(U" -_.,、・/[(「\"'", v[k - 1].c)))
		k--;
	for (; k > 0 && a - k < LIST_MAX && scrub_is_in(U" :は=\"'", v[k - 1].c); k--)
		sign |= v[k - 1].c != ' ';
	return sign && ends_with(w, k, words);
}

int
scrub_is_host_by_place(const struct scrub_view *w, size_t a, size_t b)
{
	struct piece p[PIECES_MAX];
	size_t i, n = pieces_of(w, a, b, p), parts = 0;

	if (n < 2 || n > 3 || is_within(w, a, b))
		return 0;
	for (i = 0; i < n; i++) {
		if (p[i].digits > 0)
			return 0;
		if (weight_of(w, &p[i]) > 0)
			parts++;
		else if (!is_romaji(w, p[i].a, p[i].b))
			return 0;
	}
	return parts > 0 && parts < n && (is_beside_address(w, a, b) || is_called(w, a));
}

int
scrub_is_host_in_column(const struct scrub_view *w, size_t a, size_t b)
{
	struct piece p[PIECES_MAX];
	size_t i, n = pieces_of(w, a, b, p), parts = 0, digits = 0;

	if (n == 0 || scrub_text_is_any(w, a, p[0].b, products) ||
	    scrub_word_is_view(WORDS_NOT_HOST, w->v, a, a + p[0].letters))
		return 0;
	for (i = 0; i < n; i++) {
		parts += weight_of(w, &p[i]) > 0;
		digits += p[i].digits;
	}
	/* "db-server" tells what it is for, and not whose. */
	return parts > 0 && (parts < n || digits > 0);
}
