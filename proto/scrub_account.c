/* SPDX-License-Identifier: Apache-2.0 */
/* Names of accounts where a text says that one follows. */
#include "proto/scrub_user.h"

enum {
	ACCOUNT_MIN = 3,
	ACCOUNT_MAX = 32,
	VALUE_MAX = 64,
	KEY_MAX = 40,
	GAP_MAX = 4,
	LIST_MAX = 8
};

/* What is said of accounts and users, programs they use, and accounts that every machine
 * has. */
static const char32_t *const general[] = { U"access", U"acrobat", U"active",
	U"administrators", U"admins", U"affected", U"agent", U"all", U"and", U"android",
	U"anonymous", U"any", U"apache", U"api", U"app", U"bash", U"blocked", U"builtin",
	U"chrome", U"client", U"cmd", U"created", U"daemon", U"data", U"deleted",
	U"denied", U"disabled", U"docker", U"domain", U"edge", U"email", U"enabled",
	U"error", U"everyone", U"excel", U"expired", U"explorer", U"external", U"fail",
	U"failed", U"failure", U"false", U"firefox", U"folder", U"from", U"gmail",
	U"google", U"group", U"home", U"host", U"internal", U"invalid", U"iphone",
	U"java", U"level", U"linux", U"list", U"localservice", U"localsystem", U"lock",
	U"locked", U"lockout", U"logon", U"macos", U"manager", U"mode", U"multiple",
	U"mysql", U"name", U"network", U"networkservice", U"nobody", U"none", U"not",
	U"null", U"oauth", U"office", U"onedrive", U"oracle", U"outlook", U"page",
	U"passwd", U"password", U"php", U"portal", U"powershell", U"privilege",
	U"profile", U"python", U"removed", U"rename", U"reset", U"role", U"safari",
	U"salesforce", U"saml", U"saved", U"screen", U"self", U"session", U"sftp",
	U"sharepoint", U"signin", U"signup", U"single", U"site", U"skype", U"slack",
	U"ssh", U"sshd", U"status", U"success", U"successful", U"sudo", U"suspended",
	U"table", U"takeover", U"teams", U"telnet", U"the", U"tier", U"true", U"type",
	U"ubuntu", U"unknown", U"unlock", U"useradd", U"userdel", U"valid", U"various",
	U"vpn", U"was", U"web", U"whoami", U"windows", U"with", U"word", U"wordpress",
	U"yes", U"zabbix", U"zoom", NULL };

static int
is_general(const struct scrub_view *w, size_t a, size_t b)
{
	return scrub_text_is_any(w, a, b, general) ||
	       scrub_word_is_view(WORDS_PUBLIC_USER, w->v, a, b) ||
	       scrub_word_is_view(WORDS_ROLE_MAIL, w->v, a, b) ||
	       scrub_word_is_view(WORDS_USER_KEY, w->v, a, b);
}

size_t
scrub_account_end(const struct scrub_view *w, size_t i)
{
	size_t k = i;

	while (k < w->n && k < i + ACCOUNT_MAX + 1 &&
	       (scrub_is_ascii_alnum(w->v[k].c) || scrub_is_in(U"._-", w->v[k].c)))
		k++;
	while (k > i && !scrub_is_alnum(&w->v[k - 1]))
		k--;
	return k;
}

/* "svc-mon3", "m-mori", "mori-adm", and not "sign-in". */
static int
has_short_part(const struct scrub_view *w, size_t a, size_t sign, size_t b)
{
	static const char32_t *const parts[] = { U"svc", U"srv", U"adm", U"sys", U"usr",
		U"ext", U"tmp", U"bot", U"da", NULL };

	if (scrub_text_is_any(w, a, sign, parts) ||
	    scrub_text_is_any(w, sign + 1, b, parts))
		return !scrub_word_is_view(WORDS_ROLE_MAIL, w->v, sign + 1, b);
	return (sign == a + 1 && b - sign > 3 && !scrub_is_in(U"aeiux", w->v[a].c)) ||
	       (b == sign + 2 && sign - a > 2);
}

/* "h.mori", "mori.hanako": and no file, no host, no "e.g". */
static int
is_dotted(const struct scrub_view *w, size_t a, size_t sign, size_t b)
{
	size_t first = sign - a, last = b - sign - 1;

	return (first >= 3 || last >= 3) && w->v[sign + 1].cls == CLASS_LATIN &&
	       !scrub_word_is_view(WORDS_TLD, w->v, sign + 1, b) &&
	       !scrub_word_is_view(WORDS_FILE_EXT, w->v, sign + 1, b);
}

/* "ns00123", and neither "win10" nor "t1078". */
static int
is_figured(const struct scrub_view *w, size_t a, size_t digit, size_t b)
{
	size_t k, digits = 0, hex = 0;

	for (k = a; k < b; k++) {
		digits += w->v[k].cls == CLASS_DIGIT;
		hex += w->v[k].cls == CLASS_DIGIT || w->v[k].c <= 'f';
	}
	/* A part of a hash. */
	if (hex == b - a && b - a >= 7 && digits < b - a - 1)
		return 0;
	if (digit == a + 1)
		return digits >= 5;
	return b - a >= 4 && !scrub_word_is_view(WORDS_NOT_HOST, w->v, a, digit) &&
	       !scrub_text_is_any(w, a, digit, general) &&
	       !(scrub_word_is_view(WORDS_TECH_EN, w->v, a, digit) && digits < 3);
}

enum scrub_account
scrub_account_of(const struct scrub_view *w, size_t a, size_t b)
{
	const struct scrub_cp *v = w->v;
	size_t i, signs = 0, sign = b, digit = b, first;
	int upper = 0;

	if (b < a + ACCOUNT_MIN || b > a + ACCOUNT_MAX || v[a].cls != CLASS_LATIN ||
	    is_general(w, a, b))
		return ACCOUNT_NONE;
	for (i = a; i < b; i++) {
		if (v[i].cls == CLASS_DIGIT && digit == b)
			digit = i;
		upper |= (v[i].flags & CP_UPPER) != 0;
		if (scrub_is_alnum(&v[i]))
			continue;
		if (signs++ == 0)
			sign = i;
		if (!scrub_is_alnum(&v[i + 1]))
			return ACCOUNT_NONE;
	}
	first = sign < b ? sign : b;
	if (scrub_text_is_any(w, a, first, general) && sign < b && v[sign].c != '.')
		return ACCOUNT_NONE;
	if (sign < b && v[sign].c == '.')
		return signs == 1 && is_dotted(w, a, sign, b) ? ACCOUNT_SHAPED
							      : ACCOUNT_NONE;
	if (sign < b && v[sign].c == '_')
		return scrub_word_is_view(WORDS_ROLE_MAIL, v, sign + 1, b)
			   ? ACCOUNT_NONE
			   : ACCOUNT_SHAPED;
	if (sign < b && signs == 1 && digit == b && has_short_part(w, a, sign, b))
		return ACCOUNT_SHAPED;
	if (digit < b)
		return (first < digit &&
			   scrub_word_is_view(WORDS_NOT_HOST, v, a, first)) ||
			       !is_figured(w, a, digit, b)
			   ? ACCOUNT_NONE
			   : ACCOUNT_SHAPED;
	return sign < b || upper ? ACCOUNT_LETTERS : ACCOUNT_PLAIN;
}

/* A particle behind the name, or nothing at all. */
static int
ends_plainly(const struct scrub_view *w, size_t i)
{
	if (i + 1 < w->n && w->v[i].c == ' ')
		i++;
	return i >= w->n || w->v[i].cls == CLASS_BARRIER ||
	       scrub_is_in(U"\n、。,;)」』\"'でがのをはにもと", w->v[i].c);
}

/* The words in Japanese, and what may stand behind them before the name. */
static size_t
japanese_at(const struct scrub_view *w, size_t i, int *ret_sure)
{
	static const char32_t *const words[] = { U"ユーザー", U"ユーザ", U"アカウント",
		U"利用者", U"ログイン", U"実行者", U"操作者", U"使用者", U"職員番号",
		U"社員番号", U"職員id", U"社員id" };
	static const char32_t *const ends[] = { U"id", U" id", U"名", U"アカウント",
		U"ユーザー", U"ユーザ" };
	size_t k, n = 0, m, from;

	for (k = 0; k < sizeof words / sizeof words[0] && n == 0; k++)
		n = scrub_text_at(w, i, words[k]);
	if (n == 0)
		return 0;
	*ret_sure = scrub_is_in(U"職社", w->v[i].c);
	i += n;
	for (k = 0; k < 2 * (sizeof ends / sizeof ends[0]); k++) {
		m = scrub_text_at(w, i, ends[k % (sizeof ends / sizeof ends[0])]);
		*ret_sure |= m > 0;
		i += m;
	}
	/* "ユーザ有効化: " */
	for (from = i; i < w->n && i < from + 4 && w->v[i].cls == CLASS_KANJI; i++)
		;
	return i > from && i < w->n && w->v[i].c == ':' ? i : from;
}

static size_t
english_at(const struct scrub_view *w, size_t i, int *ret_sure)
{
	static const struct {
		const char32_t *word;
		int sure;
	} words[] = { { U"user name", 1 }, { U"user id", 1 }, { U"userid", 1 },
		{ U"username", 1 }, { U"user account", 0 }, { U"users", 0 },
		{ U"user", 0 }, { U"account name", 1 }, { U"accounts", 0 },
		{ U"account", 0 }, { U"login id", 1 }, { U"login name", 1 },
		{ U"login", 0 }, { U"logon name", 1 }, { U"logon", 0 } };
	size_t k, n = 0;

	if (i > 0 && (scrub_is_alnum(&w->v[i - 1]) || scrub_is_in(U"-_.", w->v[i - 1].c)))
		return 0;
	/* "to take into account" */
	if (i > 5 && scrub_text_at(w, i - 5, U"into ") > 0)
		return 0;
	for (k = 0; k < sizeof words / sizeof words[0] && n == 0; k++) {
		n = scrub_text_at(w, i, words[k].word);
		*ret_sure = words[k].sure;
	}
	return n == 0 || (i + n < w->n && w->v[i + n].cls == CLASS_LATIN) ? 0 : i + n;
}

/* What goes on behind a name is a host, a path, a mail address or a domain. */
static int
goes_on(const struct scrub_view *w, size_t i)
{
	return i < w->n &&
	       (scrub_is_alnum(&w->v[i]) || scrub_is_in(U"\\@$%+", w->v[i].c) ||
		   (w->v[i].c == '/' && i + 1 < w->n && w->v[i + 1].c != ' '));
}

/* A word that is no other one may be an account too, where nothing else can follow. */
static int
may_be_plain(const struct scrub_view *w, size_t a, size_t b)
{
	return b - a >= 4 && !scrub_word_is_view(WORDS_TECH_EN, w->v, a, b) &&
	       !scrub_word_is_view(WORDS_GENERIC_EN, w->v, a, b) &&
	       !scrub_word_is_view(WORDS_COMMON_EN, w->v, a, b);
}

/* "k-ito、m-abe", "k.ito and m.abe": those behind the first, which ends before i. */
static void
add_others(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	size_t n, a, b;

	for (n = 0; n < LIST_MAX; n++, i = b) {
		a = i + scrub_text_at(w, i, U" and");
		for (b = a; a < w->n && a < b + 2 * GAP_MAX &&
			    scrub_is_in(U" 、,/・と「」\"'&", w->v[a].c);
		     a++)
			;
		b = scrub_account_end(w, a);
		if (a == i || b == a || goes_on(w, b) || (w->v[a].flags & CP_UPPER) ||
		    scrub_account_of(w, a, b) != ACCOUNT_SHAPED)
			return;
		scrub_user_add(w, a, b, h, f);
	}
}

void
scrub_find_told_user(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	int sure = 0, quoted = 0, sign = 0, of = 0, latin = v[i].cls == CLASS_LATIN;
	size_t at = latin ? english_at(w, i, &sure) : japanese_at(w, i, &sure);
	size_t a = at, b;
	enum scrub_account how;

	if (at == 0)
		return;
	for (; a < w->n && a < at + GAP_MAX && scrub_is_in(U" \t:=はの「『\"'(", v[a].c);
	     a++) {
		quoted |= scrub_is_in(U"「『\"'", v[a].c);
		sign |= scrub_is_in(U":=", v[a].c);
		of |= v[a].c == U'の';
	}
	if (a == w->n || (latin && (a == at || of)))
		return;
	b = scrub_account_end(w, a);
	/* "KITA01$": a machine has an account too. */
	if (sign && sure && b > a + 2 && b < w->n && v[b].c == '$' &&
	    !scrub_is_alnum(&v[b + 1 < w->n ? b + 1 : b]))
		scrub_hits_add(h, a, b, RULE_HOST);
	/* What stands alone is the end of the word in quotation marks. */
	if (goes_on(w, b) || (quoted && (b == w->n || !scrub_is_in(U"」』\"'", v[b].c))))
		return;
	how = scrub_account_of(w, a, b);
	if (how == ACCOUNT_SHAPED &&
	    ((v[a].flags & CP_UPPER) == 0 || quoted || sign || sure)) {
		scrub_user_add(w, a, b, h, f);
		add_others(w, b, h, f);
	} else if (how == ACCOUNT_PLAIN && a > at && !of && may_be_plain(w, a, b) &&
		   (quoted || (ends_plainly(w, b) && (!latin || (sure && sign))))) {
		scrub_user_add(w, a, b, h, NULL);
	} else if (how == ACCOUNT_LETTERS && quoted && (v[a].flags & CP_UPPER) == 0) {
		scrub_user_add(w, a, b, h, NULL);
	}
}

/* Is the key one of an account: "user", "src_user", "user.name"? */
static int
is_account_key(const struct scrub_view *w, size_t a, size_t b)
{
	size_t k, last = a;

	if (scrub_word_is_view(WORDS_LOG_KEY, w->v, a, b))
		return 1;
	for (k = a; k < b; k++)
		if (w->v[k].c == '_' || w->v[k].c == '.')
			last = k + 1;
	if (last == a)
		return 0;
	if (b - last == 4 && scrub_text_at(w, last, U"name") > 0)
		return last >= a + 5 && scrub_text_at(w, last - 5, U"user") > 0;
	return scrub_text_at(w, last, U"login") == 0 &&
	       scrub_word_is_view(WORDS_LOG_KEY, w->v, last, b);
}

/* Behind the quotation mark of a key, the colon and the next one at i: where the key
 * ends, and where the value begins. */
static int
is_between(const struct scrub_view *w, size_t i, size_t *ret_end, size_t *ret_value)
{
	const struct scrub_cp *v = w->v;
	size_t end = i, a = i + 1;

	/* The view has taken the three for a sign in disguise. */
	if (v[i].flags & CP_REFANGED) {
		*ret_end = i;
		*ret_value = a;
		return 1;
	}
	if (v[end - 1].c == ' ')
		end--;
	if (v[end - 1].c != '"')
		return 0;
	while (a < w->n && a < i + GAP_MAX && v[a].c == ' ')
		a++;
	*ret_end = end - 1;
	*ret_value = a + 1;
	return a < w->n && v[a].c == '"';
}

void
scrub_find_user_field(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t key, end, a, b, name, letters = 0;

	if (!is_between(w, i, &end, &a))
		return;
	for (key = end; key > 0 && end - key < KEY_MAX && v[key - 1].cls != CLASS_SPACE &&
			v[key - 1].c != '"';
	     key--)
		;
	if (key == 0 || v[key - 1].c != '"' || !is_account_key(w, key, end))
		return;
	name = a;
	for (b = a; b < w->n && b < a + VALUE_MAX && !scrub_is_in(U"\"\n{}<>:", v[b].c) &&
		    v[b].cls != CLASS_BARRIER;
	     b++) {
		letters += v[b].cls == CLASS_LATIN || scrub_is_japanese(&v[b]);
		if (v[b].c == '\\')
			name = b + 1;
	}
	if (b >= w->n || v[b].c != '"' || letters < 2 || is_general(w, name, b) ||
	    scrub_text_at(w, a, U"nt authority") > 0 ||
	    scrub_text_at(w, a, U"builtin") > 0)
		return;
	scrub_user_add(w, a, b, h, name == a && scrub_account_of(w, a, b) > 0 ? f : NULL);
}

void
scrub_find_user_value(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t key, end = i - 1, a = i + 2, b;
	enum scrub_account how;

	for (key = end; key > 0 && end - key < KEY_MAX &&
			(scrub_is_ascii_alnum(v[key - 1].c) || v[key - 1].c == '_');
	     key--)
		;
	if (!scrub_word_is_view(WORDS_LOG_KEY, v, key, end) ||
	    (key > 0 && scrub_is_alnum(&v[key - 1])))
		return;
	b = scrub_account_end(w, a);
	if (b < w->n && (scrub_is_alnum(&v[b]) || scrub_is_in(U"\\@/%", v[b].c)))
		return;
	how = scrub_account_of(w, a, b);
	if (how == ACCOUNT_SHAPED || (how != ACCOUNT_NONE && ends_plainly(w, b)))
		scrub_user_add(w, a, b, h, how == ACCOUNT_SHAPED ? f : NULL);
}

/* "<User>k.mori<", "Name=\"TargetUserName\">k.mori<": the bracket before the value is at
 * i. */
void
scrub_find_user_element(
    const struct scrub_view *w, size_t i, struct scrub_hits *h, struct scrub_finds *f)
{
	const struct scrub_cp *v = w->v;
	size_t end = i, key, b;

	if (end > 0 && scrub_is_in(U"\"'", v[end - 1].c))
		end--;
	for (key = end; key > 0 && end - key < KEY_MAX &&
			(scrub_is_ascii_alnum(v[key - 1].c) || v[key - 1].c == '_');
	     key--)
		;
	if (key == 0 || key == end || !scrub_is_in(U"<:\"'", v[key - 1].c) ||
	    !is_account_key(w, key, end))
		return;
	b = scrub_account_end(w, i + 1);
	if (b < w->n && v[b].c == '<' && scrub_account_of(w, i + 1, b) != ACCOUNT_NONE)
		scrub_user_add(w, i + 1, b, h,
		    scrub_account_of(w, i + 1, b) == ACCOUNT_SHAPED ? f : NULL);
}

/* "uid=1001(kmori)": the sign of equality is at i. */
void
scrub_find_user_id(const struct scrub_view *w, size_t i, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	size_t a = i + 1, b;

	if (i < 3 || !scrub_is_in(U"ug", v[i - 3].c) || v[i - 2].c != 'i' ||
	    v[i - 1].c != 'd')
		return;
	while (a < w->n && v[a].cls == CLASS_DIGIT && a < i + 11)
		a++;
	if (a == i + 1 || a + 1 >= w->n || v[a].c != '(')
		return;
	b = scrub_account_end(w, ++a);
	if (b < w->n && v[b].c == ')' && scrub_account_of(w, a, b) != ACCOUNT_NONE)
		scrub_user_add(w, a, b, h, NULL);
}
