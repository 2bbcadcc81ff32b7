/* SPDX-License-Identifier: Apache-2.0 */
/* Own terms in Latin letters: edges of words, capitals, and the codes they stand in. */
#include "proto/scrub_own.h"

/* How far a host, file or account name is followed from a term inside it. */
enum { CODE_REACH = 160 };

static int
is_plain_alnum(const struct scrub_view *w, size_t i)
{
	return i < w->n && scrub_is_ascii_alnum(w->v[i].c);
}

/* A dot inside a name, and not one that ends a sentence whose blank was forgotten. */
static int
is_inner_dot(const struct scrub_view *w, size_t i)
{
	const struct scrub_cp *v = w->v;
	size_t k;

	if (v[i].c != '.' || i == 0 || !is_plain_alnum(w, i - 1) ||
	    !is_plain_alnum(w, i + 1))
		return 0;
	if ((v[i + 1].flags & CP_UPPER) == 0 || (v[i - 1].flags & CP_UPPER) != 0 ||
	    !is_plain_alnum(w, i + 2) || (v[i + 2].flags & CP_UPPER) != 0)
		return 1;
	for (k = i + 1; is_plain_alnum(w, k); k++)
		;
	return scrub_word_is_view(WORDS_FILE_EXT, v, i + 1, k);
}

void
scrub_code_around(
    const struct scrub_view *w, size_t a, size_t b, size_t *ret_a, size_t *ret_b)
{
	const struct scrub_cp *v = w->v;
	size_t low = a > CODE_REACH ? a - CODE_REACH : 0;
	size_t high = w->n - b > CODE_REACH ? b + CODE_REACH : w->n;

	while (a > low && (is_plain_alnum(w, a - 1) || scrub_is_code_sign(v[a - 1].c) ||
			      is_inner_dot(w, a - 1)))
		a--;
	while (b < high &&
	       (is_plain_alnum(w, b) || scrub_is_code_sign(v[b].c) || is_inner_dot(w, b)))
		b++;
	while (a < b && scrub_is_code_sign(v[a].c))
		a++;
	while (b > a && scrub_is_code_sign(v[b - 1].c))
		b--;
	*ret_a = a;
	*ret_b = b;
}

/* Does what stands around the term make it a code: digits, underlines, a file's ending?
 */
static int
is_code(const struct scrub_view *w, size_t a, size_t b)
{
	size_t i;

	for (i = a; i < b; i++)
		if (w->v[i].cls == CLASS_DIGIT || w->v[i].c == '_' || w->v[i].c == '.')
			return 1;
	return (a > 0 && (w->v[a - 1].c == '\\' || w->v[a - 1].c == '/')) ||
	       (b < w->n && w->v[b].c == '@');
}

/* "ACH-related", "Himawari-branded": an adjective, not a code. */
static int
is_adjective(const struct scrub_view *w, size_t a, size_t b, size_t from, size_t to)
{
	size_t i;

	if (from != a || (w->v[a].flags & CP_UPPER) == 0 || to >= b ||
	    w->v[to].c != '-' || is_code(w, a, b))
		return 0;
	for (i = to + 1; i < b; i++)
		if ((w->v[i].flags & CP_UPPER) != 0)
			return 0;
	return 1;
}

static int
is_path_part(const struct scrub_search *q, size_t a, size_t b)
{
	return a > 0 && (q->w->v[a - 1].c == '/' || q->w->v[a - 1].c == '\\') &&
	       (b == q->w->n || q->w->v[b].c == '/' || q->w->v[b].c == '\\') &&
	       !scrub_word_is_view(WORDS_COMMON_EN, q->w->v, a, b);
}

/* "ACH01", "hacfids02": an abbreviation, more letters, and a number at the end. */
static int
is_machine(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t k = b, digits, hex = 0, i;

	while (k < q->w->n && k < b + 16 && v[k].cls == CLASS_LATIN)
		k++;
	digits = k;
	while (k < q->w->n && v[k].cls == CLASS_DIGIT)
		k++;
	if (k == digits || k - a > 15 || (k < q->w->n && scrub_is_alnum(&v[k])))
		return 0;
	if (digits == b)
		return 1;
	for (i = a; i < k; i++)
		if (v[i].cls == CLASS_DIGIT || v[i].c <= 'f')
			hex++;
	return b - a >= 3 && k - digits >= 2 && k - digits <= 4 && hex < k - a;
}

static int
is_english(const struct scrub_search *q, size_t a, size_t b)
{
	return scrub_word_is_view(WORDS_COMMON_EN, q->w->v, a, b) ||
	       scrub_word_is_view(WORDS_GENERIC_EN, q->w->v, a, b) ||
	       scrub_word_is_view(WORDS_ROLE_MAIL, q->w->v, a, b);
}

/* "SZNFS01", "hzrfs01", "SZNFS-P1": a prefix, the kind of machine, and its number; behind
 * letters that begin no word it may be of any kind, and without a number. */
static int
is_machine_of(const struct scrub_search *q, size_t a, size_t b, int upper)
{
	const struct scrub_cp *v = q->w->v;
	size_t k, digits, kind;
	int vowels = 0, is_kind;

	for (k = a; k < b; k++)
		vowels |= scrub_is_in(U"aiueo", v[k].c);
	for (; k < q->w->n && k < b + 8 && v[k].cls == CLASS_LATIN; k++)
		if ((v[k].flags & CP_UPPER) == 0)
			upper = 0;
	kind = k;
	is_kind = scrub_is_host_part(q->w, b, kind);
	if (!vowels && is_kind && (k == q->w->n || !scrub_is_alnum(&v[k])))
		return 1;
	if (k > b && k + 1 < q->w->n && scrub_is_code_sign(v[k].c))
		k++;
	/* The stage that a machine is of, as in -P1 and -DR2. */
	if (k > kind && (!vowels || is_kind))
		while (k < q->w->n && k < kind + 3 && v[k].cls == CLASS_LATIN)
			k++;
	for (digits = k; k < q->w->n && v[k].cls == CLASS_DIGIT; k++)
		;
	return k > digits && k - digits <= 4 &&
	       (k == q->w->n || !scrub_is_alnum(&v[k])) &&
	       (!vowels || is_kind || (upper && !is_english(q, a, kind)));
}

/* "hyfs02" and "HYX04" of "hy-": two letters are few, so that what follows must be the
 * kind of a machine, or its number begin with 0 as only those of machines do. */
static int
is_machine_of_two(const struct scrub_search *q, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t k = b, digits;

	while (k < q->w->n && k < b + 8 && v[k].cls == CLASS_LATIN)
		k++;
	digits = k;
	while (k < q->w->n && v[k].cls == CLASS_DIGIT)
		k++;
	if (k == digits || k - digits > 3 || (k < q->w->n && scrub_is_alnum(&v[k])))
		return 0;
	return digits == b || scrub_is_host_part(q->w, b, digits) ||
	       (v[digits].c == '0' && k - digits > 1 && digits - b > 1);
}

/* "NB-IoT" is a standard and "ko-KR" a language, also for those whose machines are called
 * nb- and ko-: behind two letters a word must be the kind of a machine, or long. */
static int
is_standard(const struct scrub_search *q, size_t b, size_t to)
{
	const struct scrub_cp *v = q->w->v;
	size_t k;

	for (k = b + 1; k < to; k++)
		if (v[k].cls != CLASS_LATIN)
			return 0;
	return v[b].c == '-' && !scrub_is_host_part(q->w, b + 1, to) &&
	       (to - b < 4 || scrub_word_is_view(WORDS_TECH_EN, v, b + 1, to));
}

/* Does what goes on behind a prefix, up to `to`, make it the name of a machine? */
static int
begins_host(const struct scrub_search *q, size_t a, size_t b, size_t to, int upper)
{
	const struct scrub_cp *v = q->w->v;

	/* A short prefix keeps its hyphen. */
	if (scrub_is_code_sign(v[b - 1].c))
		return !is_standard(q, b - 1, to);
	if (b - a == 2)
		return scrub_is_code_sign(v[b].c) ? !is_standard(q, b, to)
						  : is_machine_of_two(q, b);
	return scrub_is_code_sign(v[b].c) || v[b].cls == CLASS_DIGIT ||
	       is_machine_of(q, a, b, upper);
}

/* "AozoraPortal": a capital letter after a small one begins a word. */
static int
is_hump(const struct scrub_search *q, const struct scrub_term *t, size_t i)
{
	return t->n >= 5 && (q->w->v[i].flags & CP_UPPER) != 0 &&
	       q->w->v[i - 1].cls == CLASS_LATIN &&
	       (q->w->v[i - 1].flags & CP_UPPER) == 0;
}

/* "A C H": single letters, all capital, and none before or after them. */
static int
is_row_of_letters(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	size_t i;

	for (i = a; i < b; i++)
		if (v[i].cls == CLASS_LATIN && (v[i].flags & CP_UPPER) == 0)
			return 0;
	if (a > 1 && v[a - 1].c == ' ' && v[a - 2].cls == CLASS_LATIN &&
	    (a == 2 || !scrub_is_alnum(&v[a - 3])) && (v[a - 2].flags & CP_UPPER) != 0)
		return 0;
	return b + 1 >= q->w->n || v[b].c != ' ' || v[b + 1].cls != CLASS_LATIN ||
	       (b + 2 < q->w->n && scrub_is_alnum(&v[b + 2])) ||
	       (v[b + 1].flags & CP_UPPER) == 0;
}

/* May it be a word?  "kmuh" and "ipcl" begin or end as none does. */
static int
is_spoken(const struct scrub_cp *v, size_t a, size_t b)
{
	static const char begins[] = "bl br ch cl cr dr fl fr gl gr kn ph pl pr sc sh sk "
				     "sl sm sn sp st sw th tr tw wh wr ";
	static const char ends[] =
	    "ck ct ft ld lf lk ll lm lp lt mp nd ng nk nt pt rd rk "
	    "rm rn rp rt sh sk sp ss st th ch ts ps ks ns rs ls ds "
	    "gs bs ms ws gh ph tt ff zz nn rr dd gg rl wn wl rb lb "
	    "rc rf rg ";
	char pair[3] = { 0, 0, 0 };

	if (b - a < 4)
		return 1;
	pair[0] = (char)v[a].c;
	pair[1] = (char)v[a + 1].c;
	if (strpbrk(pair, "aiueoy") == NULL && strstr(begins, pair) == NULL)
		return 0;
	pair[0] = (char)v[b - 2].c;
	pair[1] = (char)v[b - 1].c;
	return strpbrk(pair, "aiueoyw") != NULL || strstr(ends, pair) != NULL;
}

/* "Hzra" of HZRA: a capital and small letters that are no word and no Japanese. */
static int
is_capital_name(const struct scrub_search *q, size_t a, size_t b)
{
	const struct scrub_cp *v = q->w->v;
	uint32_t latin[8], kana[16];
	size_t i;

	if (b - a < 4 || b - a > 8 || (v[a].flags & CP_UPPER) == 0 ||
	    is_english(q, a, b) || scrub_word_is_view(WORDS_TECH_EN, v, a, b) ||
	    scrub_word_is_view(WORDS_DESK_EN, v, a, b))
		return 0;
	for (i = a; i < b; i++) {
		if (v[i].cls != CLASS_LATIN || (i > a && (v[i].flags & CP_UPPER) != 0))
			return 0;
		latin[i - a] = v[i].c;
	}
	return scrub_kana_of(latin, b - a, kana, 16) == 0;
}

/* "kuze: ..." at the beginning of a line: who speaks in a chat. */
static int
speaks(const struct scrub_view *w, size_t a, size_t b)
{
	return (a == 0 || w->v[a - 1].c == '\n') && b + 1 < w->n && w->v[b].c == ':' &&
	       w->v[b + 1].cls == CLASS_SPACE;
}

int
scrub_accepts_latin(
    const struct scrub_search *q, const struct scrub_term *t, size_t *pa, size_t *pb)
{
	const struct scrub_cp *v = q->w->v;
	size_t a = *pa, b = *pb, from, to, k;
	int left = a == 0 || !scrub_is_alnum(&v[a - 1]) || is_hump(q, t, a);
	int right = b == q->w->n || !scrub_is_alnum(&v[b]) || is_hump(q, t, b);
	int upper = 1, vowels = 0, code;

	if ((t->flags & TERM_LETTERS) != 0)
		return left && right && is_row_of_letters(q, a, b);
	scrub_code_around(q->w, a, b, &from, &to);
	code = is_code(q->w, from, to);
	if ((t->flags & TERM_HOST) != 0) {
		*pa = from;
		*pb = to;
		return left && right;
	}
	for (k = a; k < b; k++) {
		if (v[k].cls == CLASS_LATIN && (v[k].flags & CP_UPPER) == 0)
			upper = 0;
		if (v[k].c != 0 && v[k].c < 128 && strchr("aiueoy", (int)v[k].c) != NULL)
			vowels = 1;
	}
	if ((t->flags & TERM_PREFIX) != 0 && is_adjective(q->w, from, to, a, b))
		return 1;
	if ((t->flags & TERM_PREFIX) != 0) {
		*pa = from;
		*pb = to;
		return left && (to == b ? right && (upper || code) && b - a > 2 &&
					      !scrub_is_code_sign(v[b - 1].c)
					: begins_host(q, a, b, to, upper));
	}
	if ((t->flags & TERM_ACRONYM) != 0) {
		if (!left || (!right && !is_machine(q, a, b)))
			return 0;
		if (!upper &&
		    (from == a && to == b
			    ? (vowels && !is_path_part(q, a, b) && is_spoken(v, a, b) &&
				  !is_capital_name(q, a, b)) ||
				  b - a < 3
			    : vowels && scrub_word_is_view(WORDS_COMMON_EN, v, a, b)))
			return 0;
		if (q->strict && (from == a && to == b))
			return 0;
	} else if (!left || !right) {
		k = right || v[b].cls == CLASS_DIGIT ? 5 : 6;
		if ((t->flags & TERM_CODE) == 0 || !code || b - a < k + (left ? 0 : 1))
			return 0;
		/* In indicators a longer word is another word. */
		if (q->strict && (!left || v[b].cls != CLASS_DIGIT))
			return 0;
	} else if ((t->flags & TERM_CAPITAL) != 0 && (v[a].flags & CP_UPPER) == 0 &&
		   !(code && (t->flags & TERM_CODE) != 0) &&
		   !((t->flags & TERM_FAMILY) != 0 && speaks(q->w, a, b))) {
		return 0;
	}
	if ((t->flags & TERM_SUFFIX) != 0 && scrub_absorb_latin(q->w, a, b) == b)
		return 0;
	if ((t->flags & TERM_CODE) != 0 && (from < a || to > b) &&
	    !is_adjective(q->w, from, to, a, b)) {
		*pa = from;
		*pb = to;
	}
	return 1;
}
