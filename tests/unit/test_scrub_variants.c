/* SPDX-License-Identifier: Apache-2.0 */
/* The sender's own names in all the ways they are written, and words that only look it.
 */
#include "tests/unit/scrub_cases.h"

struct row {
	const char *in, *want; /* NULL: nothing changes */
};

/* clang-format off */
static const struct scrub_entry hospital[] = {
	{ TERM_NAME, "医療法人社団青空会 青空中央病院" },
	{ TERM_NAME, "Aozora Chuo Hospital" },
	{ TERM_ALIAS, "青空会" },
	{ TERM_ALIAS, "ACH" },
	{ TERM_DOMAIN, "aozora-hp.example.or.jp" },
	{ TERM_PERSON, "佐伯 真理子" },
	{ TERM_PERSON, "Mariko Saeki" },
	{ TERM_HOST_PREFIX, "KARTE" },
};

static const struct row hospital_rows[] = {
	{ "青空中央病院の端末、青空会、青空市、青空 中央 病院、青空中央病院様、医療法人社団　青空会",
	    "［組織名］の端末、［組織名］、［組織名］、［組織名］、［組織名］様、［組織名］" },
	{ "青空駐車場、青空会議室、大青空",
	    "青空駐車場、［組織名］議室、大青空" },
	{ "アオゾラチュウオウ病院、あおぞらちゅうおう病院、ｱｵｿﾞﾗﾁｭｳｵｳ病院、アオゾラチュウオウ、アオゾラ・チュウオウ",
	    "［組織名］、［組織名］、［組織名］、［組織名］、［組織名］" },
	{ "青空チュウオウ病院、青空ちゅうおう病院、青空ビョウイン、青空きこう、青空カガクシャ",
	    "［組織名］、［組織名］、［組織名］、［組織名］きこう、［組織名］カガクシャ" },
	{ "ｱｵｿﾞﾗ ﾁｭｳｵｳ ﾋﾞｮｳｲﾝ、青空CHUO病院、Aozoraちゅうおう病院、アオゾラCHUO、あおぞらChuo病院、青空data",
	    "［組織名］、［組織名］、［組織名］、［組織名］、［組織名］、［組織名］data" },
	{ "エーシーエイチ、エーシーエッチの端末、ｴｰｼｰｴｲﾁ、A/C/H、エーシーアダプタ",
	    "［組織名］、［組織名］の端末、［組織名］、［組織名］、エーシーアダプタ" },
	{ "AOZORACHUO, aozorachuo, aozora chuo, A o z o r a, A C H, A・C・H, A-C-H, A. C. H., A C H I, a c h（略称）",
	    "［組織名］, ［組織名］, ［組織名］, ［組織名］, ［組織名］, ［組織名］, ［組織名］, ［組織名］., A C H I, a c h（略称）" },
	{ "アオゾラ中央病院 あおぞら中央病院 ｱｵｿﾞﾗ アオゾラ",
	    "［組織名］ ［組織名］ ［組織名］ ［組織名］" },
	{ "Aozora Chuo Hospital, AOZORA CHUO HOSPITAL, Ａｏｚｏｒａ　Ｃｈｕｏ Hospital, aozora_chuo, AozoraChuo, Aozora Hospital",
	    "[organisation], [organisation], [organisation], [organisation], [organisation], [organisation]" },
	{ "ACH, ＡＣＨ, ACH-EMR01, ach-emr02, ACH01, ACH社, ACHの, ACH's",
	    "［組織名］, ［組織名］, ［ホスト名］, ［ホスト名］, ［ホスト名］, ［組織名］社, ［組織名］の, ［組織名］'s" },
	{ "ACH-related reach, teach, ach, Bach, achieve, ACHIEVE, attach, coach, BACHELOR, ach-like",
	    "[organisation]-related reach, teach, ach, Bach, achieve, ACHIEVE, attach, coach, BACHELOR, [identifier]" },
	{ "aozora.csv, backup-aozora.zip, aozora_list_2026.xlsx, aozora01, db-aozora-02",
	    "[file name], [file name], [file name], [identifier], [host name]" },
	{ "aozora-hp.example.or.jp, www.aozora-hp.example.or.jp, x.y.AOZORA-HP.example.or.jp",
	    "[domain name], [domain name], [domain name]" },
	{ "aozora-hp[.]example[.]or[.]jp hxxps://portal.aozora-hp[.]example.or.jp/login aozora-hp.example.or.jp.evil.example",
	    "[domain name] hxxps://[domain name]/login [domain name]" },
	{ "佐伯真理子、佐伯　真理子、佐 伯 真 理 子、佐伯氏、佐伯さん、担当佐伯、佐伯まで、（佐伯）、佐伯区",
	    "［人名］、［人名］、［人名］、［人名］氏、［人名］さん、担当［人名］、［人名］まで、（［人名］）、佐伯区" },
	{ "真理子さん、真理子、佐伯真理子（さえき まりこ）、サエキ　マリコ、さえきまりこ",
	    "［人名］さん、真理子、［人名］（［人名］）、［人名］、［人名］" },
	{ "Mariko Saeki, Saeki Mariko, SAEKI Mariko, saeki.mariko, m.saeki, saeki-m, msaeki, M. Saeki, Mariko-san",
	    "[person], [person], [person], [person], [person], [person], [person], [person]-san" },
	{ "KARTE01 KARTE-DB karte_x KARTES karte",
	    "[host name] [host name] [identifier] KARTES karte" },
};

static const struct scrub_entry water[] = {
	{ TERM_NAME, "架空県みずほ台市上下水道局" },
	{ TERM_NAME, "Mizuhodai City Waterworks Bureau" },
	{ TERM_ALIAS, "みずほ台市" },
	{ TERM_ALIAS, "Mizuhodai" },
	{ TERM_DOMAIN, "city.mizuhodai.example.lg.jp" },
	{ TERM_SITE, "緑ヶ丘浄水場" },
	{ TERM_SITE, "Midorigaoka purification plant" },
	{ TERM_SITE, "南3号井" },
};

static const struct row water_rows[] = {
	{ "みずほ台市、みずほ台市立図書館、ミズホ台、みずほ台、水穂台、みずほ銀行",
	    "［組織名］、［組織名］立図書館、［組織名］、［組織名］、水穂台、みずほ銀行" },
	{ "緑ヶ丘浄水場、緑ケ丘浄水場、緑が丘浄水場、緑ヶ丘、緑ヶ丘第二ポンプ場、南３号井",
	    "［場所］、［場所］、［場所］、［場所］、［場所］、［場所］" },
	{ "Mizuhodai, MIZUHODAI, mizuhodai-plc01, City of Mizuhodai, Midorigaoka Plant",
	    "[organisation], [organisation], [host name], City of [organisation], [place]" },
	{ "架空県、架空県警、架空県みずほ台市",
	    "［場所］、［場所］警、［組織名］" },
};

static const struct scrub_entry railway[] = {
	{ TERM_NAME, "北陸さくら旅客鉄道株式会社" },
	{ TERM_NAME, "Hokuriku Sakura Railway" },
	{ TERM_ALIAS, "北陸さくら鉄道" },
	{ TERM_ALIAS, "HSR" },
	{ TERM_DOMAIN, "hokuriku-sakura.example.jp" },
};

static const struct row railway_rows[] = {
	{ "北陸さくら旅客鉄道、北陸さくら鉄道㈱、(株)北陸さくら旅客鉄道、北陸さくら、さくら鉄道、北陸さくら線",
	    "［組織名］、［組織名］、［組織名］、［組織名］、［組織名］、［組織名］" },
	{ "ほくりくさくら、ホクリクサクラ、ﾎｸﾘｸｻｸﾗ",
	    "［組織名］、［組織名］、［組織名］" },
	{ "北陸地方、さくらんぼ、さくらインターネット、桜、北陸電力、sakura",
	    NULL },
	{ "Hokuriku Sakura, hokuriku-sakura, hokurikusakura, HokurikuSakura, hokuriku_sakura_list.csv, Sakura",
	    "[organisation], [organisation], [organisation], [organisation], [file name], [organisation]" },
	{ "HSR HSRP hsr hsr-db01 HSR2 HSRの HSR-TKT_A",
	    "［組織名］ HSRP ［組織名］ ［ホスト名］ ［ホスト名］ ［組織名］の ［ホスト名］" },
};

static const struct scrub_entry port[] = {
	{ TERM_NAME, "しおかぜ港湾運送協同組合" },
	{ TERM_NAME, "Shiokaze Port Transport Cooperative" },
	{ TERM_ALIAS, "しおかぜ港運" },
	{ TERM_ALIAS, "SPTC" },
	{ TERM_DOMAIN, "shiokaze-port.example.jp" },
	{ TERM_PERSON, "浜口 洋平" },
	{ TERM_PERSON, "Yohei Hamaguchi" },
};

static const struct row port_rows[] = {
	{ "しおかぜ港、しおかぜ港運、シオカゼ、しおかぜ、(協)しおかぜ港湾運送、潮風、しおかぜさん",
	    "［組織名］、［組織名］、［組織名］、［組織名］、［組織名］、潮風、［組織名］さん" },
	{ "Shiokaze, Siokaze, SHIOKAZE PORT, shiokaze_tos.xlsx, shiokaze, Shiokaze Port Transport Cooperative, Inc.",
	    "[organisation], [organisation], [organisation], [file name], [organisation], [organisation]" },
	{ "浜口、濱口洋平、浜口　洋平、ハマグチ様、はまぐちようへい、浜口港",
	    "［人名］、［人名］、［人名］、［人名］様、［人名］、浜口港" },
	{ "Hamaguchi Yohei / Yōhei Hamaguchi / Youhei Hamaguchi / HAMAGUCHI, Yohei / Y. Hamaguchi / hamaguchi.y / yhamaguchi",
	    "[person] / [person] / [person] / [person] / [person] / [person] / [person]" },
	{ "sptc, SPTC-TOS-DB1, sptc-maint3, Sptc, SPTCTOS01",
	    "[organisation], [host name], [host name], [organisation], [host name]" },
};

static const struct scrub_entry romaji[] = {
	{ TERM_NAME, "しちふくじん商事株式会社" },
	{ TERM_NAME, "Ōshima Fujitsubo Co., Ltd." },
	{ TERM_PERSON, "たけうち じゅんいち" },
};

static const struct row romaji_rows[] = {
	{ "しちふくじん商事 シチフクジン商事 シチフクジン Shichifukujin Sitihukuzin SHITIFUKUJINN",
	    "［組織名］ ［組織名］ ［組織名］ ［組織名］ ［組織名］ SHITIFUKUJINN" },
	{ "Oshima Fujitsubo, Ooshima Huzitubo, Ohshima Fuzitsubo, ÔSHIMA FUJITSUBO, Oushima",
	    "[organisation], [organisation], [organisation], [organisation], [organisation]" },
	{ "たけうち じゅんいち、タケウチ　ジュンイチ、Junichi Takeuchi / Jun'ichi Takeuchi / TAKEUTI Zyuniti / Takeuchi Jyunichi",
	    "［人名］、［人名］、［人名］ / ［人名］ / ［人名］ / ［人名］" },
};

static const struct scrub_entry called[] = {
	{ TERM_NAME, "Kamome International Airport Inc." },
	{ TERM_ALIAS, "Aotetsu" },
	{ TERM_ALIAS, "KNIA" },
	{ TERM_ALIAS, "トワ・ネクサ" },
	{ TERM_SITE, "Kamagado Supply Center" },
	{ TERM_PERSON, "Toshiro Okochi" },
	{ TERM_PERSON, "五百木 翔" },
	{ TERM_PERSON, "御手洗 楓" },
	{ TERM_PERSON, "森 一郎太" },
	{ TERM_PERSON, "関 将吾" },
	{ TERM_PERSON, "泉 綾子" },
};

static const struct row called_rows[] = {
	{ "折返しはおおこうち課長へ。おおこうちです。おおこうち招集",
	    "折返しは［人名］課長へ。［人名］です。［人名］招集" },
	{ "五百木到着、五百木川、御手洗い横、御手洗さん",
	    "［人名］到着、五百木川、御手洗い横、［人名］さん" },
	{ "森です。\n・関より、報告。\n泉：「了解」\n森林、関連、温泉、泉源、関係部長",
	    "［人名］です。\n・［人名］より、報告。\n［人名］：「了解」\n森林、関連、温泉、泉源、関係部長" },
	{ "アオテツポイント会員、アオテツカ、Knia desk, トワ\n・ネクサ",
	    "［組織名］ポイント会員、アオテツカ、［組織名］ desk, ［組織名］" },
	{ "Kamome Int'l Airport, Kamome Intl Airport, Kamagado supply centre",
	    "[organisation], [organisation], [place]" },
};

static const struct scrub_entry network[] = {
	{ TERM_NAME, "かりそめ通信株式会社" },
	{ TERM_NETWORK, "198.51.100.16/28" },
	{ TERM_NETWORK, "2001:db8:77::/48" },
	{ TERM_NETWORK, "203.0.113.7" },
	{ TERM_ASN, "AS64511" },
	{ TERM_ASN, "AS64512" },
};

static const struct row network_rows[] = {
	{ "198.51.100.16 198.51.100.31 198.51.100.32 198.51.100.16/28 198.51.100.0/24 198.51.0.0/16 198.51.100.20/32",
	    "[own address] [own address] 198.51.100.32 [own address] [own address] 198.51.0.0/16 [own address]" },
	{ "１９８．５１．１００．１７ 198[.]51[.]100[.]18 203.0.113.7 203.0.113.70",
	    "[own address] [own address] [own address] 203.0.113.70" },
	{ "2001:db8:77::1 2001:DB8:77:ffff::/64 2001:db8:78::1",
	    "[own address] [own address] 2001:db8:78::1" },
	{ "AS64511 AS64512 ASN 64511 ＡＳ６４５１２",
	    "[AS number] [AS number] [AS number] [AS number]" },
};

static const struct scrub_entry common[] = {
	{ TERM_NAME, "株式会社みらい電力" },
	{ TERM_NAME, "Mirai Power Inc." },
	{ TERM_ALIAS, "みらい電力" },
	{ TERM_ALIAS, "SUN" },
	{ TERM_ALIAS, "IT" },
	{ TERM_DOMAIN, "sun.example.com" },
};

static const struct row common_rows[] = {
	{ "みらい電力、みらい電力の未来、みらいを考える、ミライ電力",
	    "［組織名］、［組織名］の未来、みらいを考える、［組織名］" },
	{ "Mirai Power, Mirai botnet, mirai.x86, Mirai",
	    "[organisation], Mirai botnet, mirai.x86, Mirai" },
	{ "SUN, the sun, sun-dried, SUN-DB01, Sunday, IT部門, SUNの, sun.example.com, www.sun.example.com",
	    "［組織名］, the sun, sun-dried, ［ホスト名］, Sunday, IT部門, ［組織名］の, ［ドメイン名］, ［ドメイン名］" },
};

static const struct scrub_entry bank[] = {
	{ TERM_NAME, "株式会社みなと未来銀行" },
	{ TERM_NAME, "Minato Mirai Bank, Ltd." },
	{ TERM_ALIAS, "みなと未来銀行" },
	{ TERM_ALIAS, "MMB" },
	{ TERM_DOMAIN, "minatomirai-bank.example.co.jp" },
};

static const struct row bank_rows[] = {
	{ "株式会社みなと未来銀行、みなと未来銀行(株)、㈱みなと未来銀行、みなと未来、みなと銀行、みなと未来銀行本店",
	    "［組織名］、［組織名］、［組織名］、［組織名］、みなと銀行、［組織名］" },
	{ "Minato Mirai Bank, Ltd. / MINATO MIRAI BANK / Minato-Mirai / minatomirai / MinatoMirai / Minato Mirai's",
	    "[organisation] / [organisation] / [organisation] / [organisation] / [organisation] / [organisation]'s" },
	{ "MMB-CSIRT mmb MMBtu mmb_list.csv ib.minatomirai-bank.example.co.jp minatomirai-bank",
	    "[host name] [organisation] MMBtu [file name] [domain name] [domain name]" },
	{ "港町の未来、みなさん、湊、mb, MM",
	    NULL },
};

/* clang-format on */

static void
run(const struct scrub_entry *v, size_t n, const struct row *rows, size_t m)
{
	struct scrubber *s = scrub_make(v, n);
	size_t i;
	int bad = 0;

	for (i = 0; i < m; i++)
		bad += scrub_case(s, rows[i].in,
		    rows[i].want == NULL ? rows[i].in : rows[i].want, NULL);
	scrubber_free(s);
	assert_int_equal(bad, 0);
}

#define TEST(name) \
	static void test_##name(void **state) \
	{ \
		(void)state; \
		run(name, sizeof name / sizeof name[0], name##_rows, \
		    sizeof name##_rows / sizeof name##_rows[0]); \
	}
TEST(hospital)
TEST(water)
TEST(railway)
TEST(port)
TEST(romaji)
TEST(called)
TEST(network)
TEST(common)
TEST(bank)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hospital),
		cmocka_unit_test(test_water),
		cmocka_unit_test(test_railway),
		cmocka_unit_test(test_port),
		cmocka_unit_test(test_romaji),
		cmocka_unit_test(test_called),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_bank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
