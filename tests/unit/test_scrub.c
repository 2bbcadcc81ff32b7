/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns, indicators, whole reports: what is found in whosever text it stands. */
#include "tests/unit/scrub_cases.h"

#include <time.h>

#include "proto/scrub_find.h"
#include "proto/scrub_surnames.h"

struct row {
	const char *in, *want; /* NULL: nothing changes */
};

/* clang-format off */
static const struct row patterns[] = {
	{ "電話 03-0000-4821",
	    "電話 ［電話番号］" },
	{ "SOC(06-0000-1212)とＳＯＣ（06-0000-1212 内線88）",
	    "SOC(［電話番号］)とＳＯＣ（［電話番号］ ［電話番号］）" },
	{ "電話０３－００００－７７１０",
	    "電話［電話番号］" },
	{ "電話 03ー0000ー4821 と 03―0000―4821 と 03−0000−4821",
	    "電話 ［電話番号］ と ［電話番号］ と ［電話番号］" },
	{ "(03)0000-4821 と（０３）００００－４８２１",
	    "［電話番号］ と［電話番号］" },
	{ "代表 03(0000)4821、03 0000 4821",
	    "代表 ［電話番号］、［電話番号］" },
	{ "0120-000-000 / 0570-000-123 / 0800-000-1234",
	    "[telephone] / [telephone] / [telephone]" },
	{ "携帯 090-0000-3318、080 0000 9911、070ー0000ー0001",
	    "携帯 ［電話番号］、［電話番号］、［電話番号］" },
	{ "+81-3-0000-4821 +81 (0)3 0000 4821 +81300004821",
	    "[telephone] [telephone] [telephone]" },
	{ "TEL0312345678 電話：0312345678 口座 0312345678",
	    "TEL［電話番号］ 電話：［電話番号］ 口座 0312345678" },
	{ "000-0000-0911 000-000-0045 0000-22-1100",
	    "[telephone] [telephone] [telephone]" },
	{ "内線2210 内線：331 (内)331 ext. 2210",
	    "［電話番号］ ［電話番号］ ［電話番号］ ［電話番号］" },
	{ "電話 22-1100（市内）と番号 22-1100",
	    "電話 ［電話番号］（市内）と番号 22-1100" },
	{ "コールセンター（03 0000 5566）まで",
	    "コールセンター（［電話番号］）まで" },
	{ "℡06-0000-7788",
	    "℡[telephone]" },
	{ "TS=0000012345678901234; 12345-17",
	    NULL },
	{ "2026-11-08 05:35 2026/11/08 08-11-2026 11月8日5時35分",
	    NULL },
	{ "電話した2026-11-08 05:35に10.5%",
	    NULL },
	{ "CVE-2026-0123 CVE-2026-012345 JVNDB-2026-000123 RFC 1918",
	    NULL },
	{ "550e8400-e29b-41d4-a716-446655440000 {0A1B2C3D-0000-1100-0000-0911000000AA}",
	    NULL },
	{ "10.0.19045.1234 v10.2.3.4 Version 10.2.3.4 バージョン 10.2.3.4",
	    NULL },
	{ "10.20.4.15 10.20.4.0/24 172.16.8.4 192.168.50.10 100.64.1.1 169.254.1.1 127.0.0.1",
	    "[internal address] [internal address] [internal address] [internal address] [internal address] [internal address] [internal address]" },
	{ "172.32.0.1 100.128.0.1 192.169.0.1 11.0.0.1 8.8.8.8 110.0.0.1",
	    NULL },
	{ "10[.]20[.]4[.]15 １０．２０．４．１５ 10.20.x.x 192.168.1.*",
	    "[internal address] [internal address] [internal address] [internal address]" },
	{ "10.20.4.15:8080 10.20.4.15-20 10.20.4.15, 10.20.4.15。",
	    "[internal address]:8080 [internal address] [internal address], [internal address]。" },
	{ "fd12:3456:789a:1::9 fe80::1%eth0 ::1 [fd00::1]:443 fc00::/7 ::ffff:10.1.2.3",
	    "[internal address] [internal address] [internal address] [[internal address]]:443 [internal address] [internal address]" },
	{ "2001:db8::1 05:35:20 12:34:56:78 std::string ::",
	    NULL },
	{ "csirt@aozora.example csirt＠aozora．example csirt[at]aozora[.]example csirt (at) aozora (dot) example",
	    "[e-mail] [e-mail] [e-mail] [e-mail]" },
	{ "yamada @ foo-corp . jp、yamada ＠ foo-corp ． co ． jp、a.b@foo。co。jp、山田@foo.jp",
	    "［メール］、［メール］、［メール］、［メール］" },
	{ "yamada@フーコーポ.jp yamada _at_ foo-corp _dot_ jp yamada #at# foo.jp y . mori @ foo . jp",
	    "［メール］ ［メール］ ［メール］ ［メール］" },
	{ "See you @ noon . Then at a@host. In short look_at_me.txt check_at_start dot_matrix",
	    NULL },
	{ "○三-一二三四-五六七八 ◯三－一二三四－五六七八 〇3-0000-1234 ○○-○○○○-○○○○ ○二箇所",
	    "［電話番号］ ［電話番号］ ［電話番号］ ○○-○○○○-○○○○ ○二箇所" },
	{ "TEL 03_1234_5678 TEL 03/1234/5678 TEL 03/11/2026",
	    "TEL [telephone] TEL [telephone] TEL 03/11/2026" },
	{ "TEL 03|1234|5678 TEL 03:1234:5678 TEL 03=1234=5678 電話は090 の 1234 の 5678",
	    "TEL ［電話番号］ TEL ［電話番号］ TEL ［電話番号］ 電話は［電話番号］" },
	{ "03/1234/5678 001_0203_4567 2026_1103_5678 0001/0002/0003",
	    NULL },
	{ "携帯0 9 0 1 2 3 4 5 6 7 8、TEL 0 3 1 2 3 4 5 6 7 8",
	    "携帯［電話番号］、TEL ［電話番号］" },
	{ "0 1 0 1 1 0 0 1 0 1 0 3 1 2 3 4 5 6 7 8",
	    NULL },
	{ "10。0。0。5、192.168.1。10、10 . 0 . 0 . 5、192 .168 .1 .10、10。20件。3つ、10 . 5",
	    "［内部アドレス］、［内部アドレス］、［内部アドレス］、［内部アドレス］、10。20件。3つ、10 . 5" },
	{ "C:\\Users\\山田 太郎\\x、yamada at-mark foo.jp",
	    "C:\\Users\\［利用者名］\\x、［メール］" },
	{ "C:\\ユーザー\\山田太郎\\x ~hanako/.bashrc ~/.bashrc ~root/x 9時～web/db",
	    "C:\\ユーザー\\［利用者名］\\x ~［利用者名］/.bashrc ~/.bashrc ~root/x 9時～web/db" },
	{ "連絡はcsirt@aozora.exampleまで",
	    "連絡は［メール］まで" },
	{ "@handle a@b user@HOST-01",
	    "@handle a@b [e-mail]" },
	{ "C:\\Users\\kana.lee\\Documents\\x.xlsx c:/Users/kana.lee/a.exe C:¥Users¥kana.lee¥Desktop",
	    "C:\\Users\\[user name]\\Documents\\[file name] c:/Users/[user name]/a.exe C:¥Users¥[user name]¥Desktop" },
	{ "C:\\Users\\Public\\x.dll C:\\Users\\Administrator\\a.exe %USERPROFILE%\\a",
	    NULL },
	{ "C:\\Users\\Kana Lee\\Desktop\\memo.docx を開いた",
	    "C:\\Users\\［利用者名］\\Desktop\\［ファイル名］ を開いた" },
	{ "C:\\Users\\佐伯真理子\\Desktop\\記録.xlsxが残る",
	    "C:\\Users\\［利用者名］\\Desktop\\［ファイル名］が残る" },
	{ "/home/klee/.ssh/id_rsa /Users/klee /home/user/x",
	    "/home/[user name]/.ssh/id_rsa /Users/[user name] /home/user/x" },
	{ "https://x.example/p?u=kana.lee&v=1 ?user=k%20lee&id=77",
	    "https://x.example/p?u=[user name]&v=1 ?user=[user name]&id=77" },
	{ "https://klee:secret@files.example/a",
	    "https://[e-mail]/a" },
	{ "CORP\\kana.lee NT AUTHORITY\\SYSTEM HKLM\\Software\\Run BUILTIN\\Administrators",
	    "[host name]\\[user name] NT AUTHORITY\\SYSTEM HKLM\\Software\\Run BUILTIN\\Administrators" },
	{ "\\\\FS01\\share\\docs \\\\10.1.2.3\\c$",
	    "\\\\[host name]\\share\\docs \\\\[internal address]\\c$" },
	{ "AS64500 AS 64500 ASN64500 ASN: 64500 AS番号：64500 ＡＳ６４５００ as64500",
	    "［AS番号］ ［AS番号］ ［AS番号］ ［AS番号］ ［AS番号］ ［AS番号］ ［AS番号］" },
	{ "AS400 AS/400 as 12 users BIAS64500 AES-256",
	    NULL },
	{ "00:00:5E:00:53:af 00-00-5e-00-53-af 0000.5e00.53af 00-11-22-33-44",
	    "[MAC address] [MAC address] [MAC address] 00-11-22-33-44" },
	{ "SRV-FILE03 ABC-EMR01 web01 FILESV01 DC-01 DESKTOP-AB12CD3 WIN-0123ABCDEFG relay02",
	    "[host name] [host name] [host name] [host name] [host name] [host name] [host name] [host name]" },
	{ "MS17-010 KB5034441 SHA-256 UTF-8 TLP-AMBER APT-29 UNC-1234 T1566.001 IPv6-only FG-60F x86-64 Office-365 COVID-19 Windows-11 CWE-79",
	    NULL },
	{ "www.bank.example.co.jp files.corp.local GITHUB.COM login.example",
	    "[host name] [host name] [host name] [host name]" },
	{ "rmupd.dll RECOVER-FILES.txt svchost.exe invoice.xlsx archive.tar.gz ASP.NET Node.js COMMAND.COM readme.md main.py",
	    NULL },
	{ "restored.It was  end.In total  e.g. i.e. U.S. 8.4.1",
	    NULL },
	{ "連絡先：情報システム室 佐伯 真理子、電話",
	    "連絡先：情報システム室 ［人名］、電話" },
	{ "担当：システムリスク管理部 黒田 健（03-0000-7710）",
	    "担当：システムリスク管理部 ［人名］（［電話番号］）" },
	{ "担当：佐藤花子、 担当者が確認 担当部署で対応 窓口業務は継続 連絡先は別紙",
	    "担当：［人名］、 担当者が確認 担当部署で対応 窓口業務は継続 連絡先は別紙" },
	{ "問合せは手塚 典子（090-0000-3318）まで",
	    "問合せは［人名］（［電話番号］）まで" },
	{ "鈴木部長に報告、高橋様、田中さんの端末、森林組合",
	    "［人名］部長に報告、［人名］様、［人名］さんの端末、森林組合" },
	{ "業者の霧川主任と榧野CISO補佐、巌谷エンジニア、県警の乾巡査部長、監査室鶴我室長、先方国分寺様",
	    "業者の［人名］主任と［人名］CISO補佐、［人名］エンジニア、県警の［人名］巡査部長、監査室［人名］室長、先方［人名］様" },
	{ "総務課長、情報システム室長、看護師長、施設係長、土木課長、放射線技師長、下水道部長、対策本部長、若手リーダー、常駐エンジニア、関係部長",
	    NULL },
	{ "大阪支店長、南支店長、第二小隊長、電気主任技術者、課長会議、お客様、前回同様、凝集沈殿、仕様、各位殿",
	    NULL },
	{ "係長の鷲尾、課長の桐谷です、院長（雨宮）、課長の轟と名乗る",
	    "係長の［人名］、課長の［人名］です、院長（［人名］）、課長の［人名］と名乗る" },
	{ "霧川（主任）、朧井(係長・当時)、佐藤 部長、総務（課長）、大阪（支店長）、土木 主任",
	    "［人名］（主任）、［人名］(係長・当時)、［人名］ 部長、総務（課長）、大阪（支店長）、土木 主任" },
	{ "課長の指示、部長の承認、院長の判断、主任の端末、係長の名前、室長（不在）、所長（出張中）",
	    NULL },
	{ "担当：栂野\n照会先: 榧野、及部\n相手：鴉田（NOC）",
	    "担当：［人名］\n照会先: ［人名］、［人名］\n相手：［人名］（NOC）" },
	{ "担当：総務\n受: 日勤\n相手：警察\n立会：なし\n担当：土木\n記入：本人\n担当：金庫",
	    NULL },
	{ "時刻|担当|内容\n10:05|栂野|再起動\n10:06|夜勤|確認\n以上、栂野",
	    "時刻|担当|内容\n10:05|［人名］|再起動\n10:06|夜勤|確認\n以上、栂野" },
	{ "Inspector Inukai, section chief Asaji. The manager, Otobe, said; Tsuruga (Chief Auditor) and Kanbara (shift leader)",
	    "Inspector [person], section chief [person]. The manager, [person], said; [person] (Chief Auditor) and [person] (shift leader)" },
	{ "経理課長の霧川が対応、主任の榧野より。課長の承認が要る、部長の携帯は圏外、院長の判断で、所長の机が",
	    "経理課長の［人名］が対応、主任の［人名］より。課長の承認が要る、部長の携帯は圏外、院長の判断で、所長の机が" },
	{ "Hi, Kirikawa, the depot manager, told us. Kayano, shift leader at the gate: Osaka, the main operator; Akira, the ransom operator",
	    "Hi, [person], the depot manager, told us. [person], shift leader at the gate: Osaka, the main operator; Akira, the ransom operator" },
	{ "〒000-0041 ほし県月影市凪町3-2-1、同じほし県月影市",
	    "［場所］、同じほし県月影市" },
	{ "Director Console, Manager Tokyo, Task Manager Data, operator Akira, Home (Manager). The engineer, who left",
	    NULL },
	{ "Contact: Mariko Saeki, contact Ken Kuroda, Contact Information Security Team. Contact your bank.",
	    "Contact: [person], contact [person], Contact Information Security Team. Contact your bank." },
	{ "Ren Yabuki (yabuki-r@x.example.jp), Keigo Mori, phone: 03-0000-1111",
	    "[person] ([e-mail]), [person], phone: [telephone]" },
	{ "Mr. Tanaka said. Ms. Noriko Tezuka, Dr. Lee. MS Office, Dr Web",
	    "Mr. [person] said. Ms. [person], Dr. [person]. MS Office, Dr Web" },
	{ "緑ヶ丘浄水場 当該浄水場 他の浄水場 各変電所 基幹変電所 第二浄水場 霧が峰配水池 攻撃者が浄水場に",
	    "［場所］ 当該浄水場 他の浄水場 各変電所 基幹変電所 第二浄水場 ［場所］ 攻撃者が浄水場に" },
	{ "あけぼの発電所 すべての発電所 同社のあけぼの発電所 停止した発電所",
	    "［場所］ すべての発電所 同社の［場所］ 停止した発電所" },
	{ "神奈川県みどり市緑町 県警 東京都内 架空県青空市",
	    "［場所］ 県警 東京都内 ［場所］" },
	{ "〒100-0001 〒１００－０００１",
	    "[place] [place]" },
	{ "the Midorigaoka purification plant; the Remote station; at Kirigamine substation",
	    "the [place] purification plant; the Remote station; at [place] substation" },
	{ "SHA256: a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4",
	    NULL },
	{ "［組織名］と[organisation]は残す",
	    NULL },
	{ "gw-host-c1で遅延 web-server-1、opc-srv-c、sw-floor-2w、bkup-nas-4、ai-gpu-03",
	    "［ホスト名］で遅延 ［ホスト名］、［ホスト名］、［ホスト名］、［ホスト名］、［ホスト名］" },
	{ "端末er2-nurse-03ログイン不可 inside:dns-out-1/53",
	    "端末［ホスト名］ログイン不可 inside:［ホスト名］/53" },
	{ "| nas-shiryo | 10.1.2.3 | hosts: [nas-soumu, fs-keiri] 名称：sw-honsha",
	    "| ［ホスト名］ | ［内部アドレス］ | hosts: [［ホスト名］, ［ホスト名］] 名称：［ホスト名］" },
	{ "python-requests/2.19 jquery-3 log4j-core-2 vue-router-4 mysql-server-8 ap-northeast-1 us-east-1 S7-1500 FX-1000M RTX1210 DS920+ x-forwarded-for T1021.001",
	    NULL },
	{ "test-case-3 web-shell-2 print-job-3 ad-hoc-2 order-id-5 /usr/lib/libfoo-core-2.so db-server 10.1 nas-shiryo",
	    NULL },
	{ "dns-server 10.0.0.53 default-gateway: 10.1.1.1 vpn-site (10.1.1.1)",
	    "dns-server [internal address] default-gateway: [internal address] vpn-site ([internal address])" },
	{ "\"unc\":\"\\\\\\\\FS01\\\\share\" \"path\":\"D:\\\\x\\\\Desktop\\\\a.scr\"",
	    "\"unc\":\"\\\\\\\\[host name]\\\\share\" \"path\":\"D:\\\\x\\\\Desktop\\\\a.scr\"" },
	{ "{\"user\":\"m-mori\",\"src_user\": \"kana7\",\"user.name\":\"kuroda\",\"account\":\"CORP\\\\t.ono\"}",
	    "{\"user\":\"[user name]\",\"src_user\": \"[user name]\",\"user.name\":\"[user name]\",\"account\":\"[user name]\"}" },
	{ "{\"user\":\"SYSTEM\",\"account\":\"root\",\"user_agent\":\"curl/8.0\",\"user\": \"NT AUTHORITY\\\\SYSTEM\",\"login\":\"2026-01-02T03:04\"}",
	    NULL },
	{ "\"CORP\\\\y.mori\" : user = h.mori : user \"madoguchi3\", user ns015x / users k.mori and m.abe",
	    "\"[host name]\\\\[user name]\" : user = [user name] : user \"[user name]\", user [user name] / users [user name] and [user name]" },
	{ "ユーザーID ns00123、ユーザー kitakawa で、ユーザ有効化：h.kudou、利用者ns015x、アカウント「kanban-admin4」",
	    "ユーザーID ［利用者名］、ユーザー ［利用者名］ で、ユーザ有効化：［利用者名］、利用者［利用者名］、アカウント「［利用者名］」" },
	{ "Account Name:\t\tkmori\nuid=1001(kmori) <Data Name=\"TargetUserName\">k.mori</Data>",
	    "Account Name:\t\t[user name]\nuid=1001([user name]) <Data Name=\"TargetUserName\">[user name]</Data>" },
	{ "ユーザー root で、アカウント administrator を、ユーザー Windows で、アカウント office365 を、アカウント T1078、ユーザー数：12",
	    NULL },
	{ "user account, user name is unknown. User folder, user agent, user sign-in, account lock-out, user settings.json, `user' parameter, into account chdir_fd, users (bf2c5a7)",
	    NULL },
	{ "user = role based; account: disabled; login: failed; アカウント: deploy 用 ユーザーはRTX1210を交換",
	    NULL },
	{ "| time | host | account |\n|---|---|---|\n| 01:10 | nas-soumu | svc-mon3 |\n| 01:12 | RTX1210 | root |",
	    "| time | host | account |\n|---|---|---|\n| 01:10 | [host name] | [user name] |\n| 01:12 | RTX1210 | root |" },
	{ "ip,mac,ユーザー,hash\n8.8.8.8,00005E0053C1,sakura,00005E0053C1\n8.8.8.8,-,SYSTEM,-\n、user, svc, and me",
	    "ip,mac,ユーザー,hash\n8.8.8.8,［MACアドレス］,［利用者名］,00005E0053C1\n8.8.8.8,-,SYSTEM,-\n、user, svc, and me" },
	{ "12 Midori-cho, Kitahara-shi, Hoshino 000-0061; 3-4-5 Aoidai, Kurose City, Hoshino Prefecture 〒000-0071; 9-1 Hama-cho, Hoshino-ken",
	    "[place]; [place]; [place]" },
	{ "1-2-3 Asahizaka, Nishihama, Minami Pref., 〒000-0055 / 77 Sakurazaka, Mizuo City, Oku Prefecture / postcode 000-0077",
	    "[place] / [place] / postcode [place]" },
	{ "8F Wakaba Bldg., 5-2-11 Mori-machi, Mori-shi, Hoshino Prefecture).",
	    "[place])." },
	{ "from 10-12 Dec, Kita City office; Level 1-3 Alerts, Kita City; zip file 100-0001; How-to guide 1-2-3",
	    NULL },
	{ "架南県黒瀬市港町九丁目壱番地、星野県黒瀬市大字南字北弐番地の参と同県市の参考",
	    "［場所］、［場所］と同県市の参考" },
	{ "A. 内4102にかけた、(内2201)まで Sakuma, x3308; home",
	    "A. ［電話番号］にかけた、［電話番号］)まで Sakuma, ［電話番号］; home" },
	{ "国内2026年 その内1200は TLS, x509 cert; Linux, x8664 build; (x1200 times); IBM x3650",
	    NULL },
	{ "AS64500側から見た経路:65210 65211(x) as-path 65202 65203, remote-as 65010",
	    "［AS番号］側から見た経路:［AS番号］ ［AS番号］(x) as-path ［AS番号］ ［AS番号］, remote-as ［AS番号］" },
	{ "*> 198.51.100.128/25 203.0.113.1 0 100 0 65210 65211 i",
	    "*> 198.51.100.128/25 203.0.113.1 0 100 0 [AS number] [AS number] i" },
	{ "経路:65210",
	    NULL },
	{ "BGPの経路:12000件 BGP peer 1790:2 upstream 3000 users",
	    NULL },
	{ "最大 68Gbps、9.1Mpps、約41万rps、TCP/443、10:37、8,214人、36.5度、No.12",
	    NULL },

};
/* clang-format on */

static void
test_patterns(void **state)
{
	struct scrubber *s = scrub_make(NULL, 0);
	size_t i;
	int bad = 0;

	(void)state;
	for (i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
		bad += scrub_case(s, patterns[i].in,
		    patterns[i].want == NULL ? patterns[i].in : patterns[i].want, NULL);
	scrubber_free(s);
	assert_int_equal(bad, 0);
}

static void
test_reveals(void **state)
{
	static const struct {
		const char *text;
		int reveals;
	} rows[] = {
		{ "", 0 }, { "何もない", 0 }, { "03-0000-4821", 1 },
		{ "csirt@aozora.example", 1 }, { "csirt＠aozora．example", 1 },
		{ "10.1.2.3", 1 }, { "fd00::1", 1 }, { "C:\\Users\\kana\\x", 1 },
		{ "/home/kana/x", 1 }, { "?user=kana", 1 },
		/* What the receiving side cannot tell from others' words. */
		{ "SRV-FILE03 AS64500 00:00:5E:00:53:af www.example.co.jp", 0 },
		{ "203.0.113.5 2001:db8::5 2026-11-08 CVE-2026-0001", 0 },
		{ "［電話番号］ [e-mail] ［内部アドレス］", 0 },
		{ "recover@mail.example", 0 }, /* listed below */
		{ "\xFF", 1 },		       /* cannot be looked at */
	};
	static const char *const kept[] = { "email", "recover@mail.example", NULL };
	json_t *list = scrub_indicators(kept);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (scrub_text_reveals(slice_of(rows[i].text), list) != rows[i].reveals)
			print_error("%s\n", rows[i].text);
		assert_int_equal(
		    scrub_text_reveals(slice_of(rows[i].text), list), rows[i].reveals);
	}
	json_decref(list);
}

static void
test_indicators_stay(void **state)
{
	static const char *const kept[] = { "ipv4", "10.66.0.9", "domain", "evil.example",
		"url", "hxxps://drop[.]example[.]net/x?u=bot", "email",
		"desk@mail.example", "cidr", "192.168.66.0/24", "asn", "64999",
		"filename", "C:\\Users\\victim\\rec.txt", "account-name", "maint",
		"email-subject", "【至急】03-0000-1111 へ", "other", "ABC-DEF01",
		"sha256",
		"a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4",
		"user-agent", "Bot/1.0 (bot@evil.example)", NULL };
	static const struct row rows[] = {
		{ "10.66.0.9 から", NULL },
		{ "10[.]66[.]0[.]9 １０．６６．０．９", NULL },
		{ "110.66.0.9 10.66.0.91 10.66.0.9.1",
		    "110.66.0.9 [internal address] 10.66.0.9.1" },
		{ "evil.example EVIL.EXAMPLE evil[.]example c2.evil.example", NULL },
		{ "notevil.example evil.example.co.jp", "[host name] [host name]" },
		{ "hxxps://drop[.]example[.]net/x?u=bot", NULL },
		{ "drop.example.net https://drop.example.net/x?u=bot", NULL },
		{ "https://drop.example.net/y?u=kana",
		    "https://drop.example.net/y?u=[user name]" },
		{ "desk@mail.example mail.example", NULL },
		{ "other@mail.example", "[e-mail]mail.example" },
		{ "192.168.66.0/24 192.168.66.0 192.168.66.5",
		    "192.168.66.0/24 192.168.66.0 [internal address]" },
		{ "AS64999 AS64998", "AS64999 [AS number]" },
		{ "C:\\Users\\victim\\rec.txt rec.txt", NULL },
		{ "maint maint@10.66.0.9 ", "maint [e-mail]10.66.0.9 " },
		{ "件名は【至急】03-0000-1111 へ", NULL },
		{ "ABC-DEF01 ABC-DEF02", "ABC-DEF01 [host name]" },
		{ "Bot/1.0 (bot@evil.example)", NULL },
		{ "A1B2C3D4A1B2C3D4A1B2C3D4A1B2C3D4A1B2C3D4A1B2C3D4A1B2C3D4A1B2C3D4",
		    NULL },
	};
	struct scrubber *s = scrub_make(NULL, 0);
	json_t *list = scrub_indicators(kept);
	size_t i;
	int bad = 0;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		bad += scrub_case(s, rows[i].in,
		    rows[i].want == NULL ? rows[i].in : rows[i].want, list);
	json_decref(list);
	scrubber_free(s);
	assert_int_equal(bad, 0);
}

static const struct scrub_entry sender[] = {
	{ TERM_NAME, "株式会社はなみずき銀行" },
	{ TERM_NAME, "Hanamizuki Bank, Ltd." },
	{ TERM_ALIAS, "HNB" },
	{ TERM_DOMAIN, "hanamizuki.example.co.jp" },
	{ TERM_NETWORK, "198.51.100.16/28" },
	{ TERM_ASN, "AS64496" },
	{ TERM_PERSON, "白鳥 まどか" },
	{ TERM_PERSON, "Madoka Shiratori" },
};
enum { SENDER = sizeof sender / sizeof sender[0] };

static json_t *
report_of(const char *text)
{
	json_error_t e;
	json_t *j = json_loads(text, 0, &e);

	if (j == NULL)
		print_error("%s at %d\n", e.text, e.position);
	assert_non_null(j);
	return j;
}

static void
test_report_walk(void **state)
{
	json_t *in =
	    report_of("{\"kind\":\"incident\",\"lang\":\"ja\","
		      "\"title\":{\"ja\":\"はなみずき銀行の件\",\"en\":\"HNB\"},"
		      "\"description\":{\"ja\":\"担当 k.mori@hanamizuki.example.co.jp 、"
		      "C:\\\\Users\\\\t.ono\\\\x\"},"
		      "\"actions\":{\"en\":\"Told t.ono and Mori of Hanamizuki\"},"
		      "\"service_impact\":{\"status\":\"stopped\",\"text\":{\"ja\":"
		      "\"電話 03-0000-1234 停止\"}},"
		      "\"event_types\":[\"malware_infection\"],"
		      "\"ceptoar\":\"bank-ceptoar\","
		      "\"consent\":{\"publish\":\"none\",\"identity\":\"sealed\"},"
		      "\"products\":[\"Router X1\"],"
		      "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.5\"}]}");
	json_t *want =
	    report_of("{\"kind\":\"incident\",\"lang\":\"ja\","
		      "\"title\":{\"ja\":\"［組織名］の件\",\"en\":\"[organisation]\"},"
		      "\"description\":{\"ja\":\"担当 ［メール］ 、"
		      "C:\\\\Users\\\\［利用者名］\\\\x\"},"
		      "\"actions\":{\"en\":\"Told [user name] and [person] of "
		      "[organisation]\"},"
		      "\"service_impact\":{\"status\":\"stopped\",\"text\":{\"ja\":"
		      "\"電話 ［電話番号］ 停止\"}},"
		      "\"event_types\":[\"malware_infection\"],"
		      "\"ceptoar\":\"bank-ceptoar\","
		      "\"consent\":{\"publish\":\"none\",\"identity\":\"sealed\"},"
		      "\"products\":[\"Router X1\"],"
		      "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.5\"}]}");
	struct scrubber *s = scrub_make(sender, SENDER);
	struct fault why = { 0 };
	json_t *before = json_deep_copy(in), *out = NULL;
	char *text;

	(void)state;
	assert_int_equal(scrub_report(s, in, &out, NULL, &why), 0);
	text = json_dumps(out, JSON_SORT_KEYS);
	if (!json_equal(out, want))
		print_error("%s\n", text);
	assert_true(json_equal(out, want));
	assert_true(json_equal(in, before));
	free(text);
	json_decref(before);
	json_decref(in);
	json_decref(out);
	json_decref(want);
	scrubber_free(s);
}

/* Offsets count code points of the original, also before and between replacements. */
static void
test_replacements(void **state)
{
	json_t *in = report_of(
	    "{\"title\":{\"ja\":"
	    "\"𠮷野家ではなく株式会社はなみずき銀行と０３－００００－１２３４\"},"
	    "\"actions\":{\"en\":\"x\"}}");
	json_t *want = report_of(
	    "[{\"pointer\":\"/title/ja\",\"original\":\"株式会社はなみずき銀行\","
	    "\"replacement\":\"［組織名］\",\"rule\":\"name\",\"offset\":7,\"length\":11}"
	    ","
	    "{\"pointer\":\"/title/ja\",\"original\":\"０３－００００－１２３４\","
	    "\"replacement\":\"［電話番号］\",\"rule\":\"phone\",\"offset\":19,"
	    "\"length\":12}]");
	struct scrubber *s = scrub_make(sender, SENDER);
	struct fault why = { 0 };
	json_t *out = NULL, *list = NULL;
	char *text;

	(void)state;
	assert_int_equal(scrub_report(s, in, &out, &list, &why), 0);
	text = json_dumps(list, 0);
	if (!json_equal(list, want))
		print_error("%s\n", text);
	assert_true(json_equal(list, want));
	free(text);
	json_decref(in);
	json_decref(out);
	json_decref(list);
	json_decref(want);
	scrubber_free(s);
}

static void
test_identity_refused(void **state)
{
	static const struct {
		const char *report, *pointer; /* NULL: accepted */
	} rows[] = {
		{ "{\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.5\"},"
		  "{\"type\":\"domain\",\"value\":\"www.hanamizuki.example.co.jp\"}]}",
		    "/indicators/1/value" },
		{ "{\"indicators\":[{\"type\":\"domain\",\"value\":\"hanamizuki-login."
		  "example\"}]}",
		    "/indicators/0/value" },
		{ "{\"indicators\":[{\"type\":\"email-subject\",\"value\":"
		  "\"ハナミズキ銀行より\"}]}",
		    "/indicators/0/value" },
		{ "{\"indicators\":[{\"type\":\"ipv4\",\"value\":\"198.51.100.20\"}]}",
		    "/indicators/0/value" },
		{ "{\"indicators\":[{\"type\":\"asn\",\"value\":\"64496\"}]}",
		    "/indicators/0/value" },
		{ "{\"indicators\":[{\"type\":\"email\",\"value\":\"madoka.shiratori@x."
		  "example\"}]}",
		    "/indicators/0/value" },
		{ "{\"references\":[\"CVE-2026-0001\",\"https://hanamizuki.example.co.jp/"
		  "news\"]}",
		    "/references/1" },
		{ "{\"products\":[\"Hanamizuki Bank App\"]}", "/products/0" },
		/* A short alias is not met in what many indicators hold. */
		{ "{\"indicators\":[{\"type\":\"other\",\"value\":\"HNB\"},{\"type\":"
		  "\"mutex\","
		  "\"value\":\"Global\\\\hnb_lock\"},{\"type\":\"user-agent\",\"value\":"
		  "\"HNB/1.0\"},"
		  "{\"type\":\"sha256\",\"value\":\"hnb\"},{\"type\":\"cidr\",\"value\":"
		  "\"198.0.0.0/8\"},"
		  "{\"type\":\"domain\",\"value\":\"hanamizukiya.example\"},{\"type\":"
		  "\"asn\",\"value\":\"AS64497\"}],\"products\":[\"Router "
		  "X1\"]}",
		    NULL },
		{ "{\"facility\":{\"region\":\"kanto\",\"class\":\"hanamizuki-bank\"}}",
		    "/facility/class" },
		{ "{\"facility\":{\"region\":\"kanto\",\"class\":\"bank\"}}", NULL },
	};
	struct scrubber *s = scrub_make(sender, SENDER);
	struct fault why;
	json_t *in, *out;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		in = report_of(rows[i].report);
		memset(&why, 0, sizeof why);
		out = NULL;
		r = scrub_report(s, in, &out, NULL, &why);
		if ((r == 0) != (rows[i].pointer == NULL))
			print_error("%s: %d %s\n", rows[i].report, r, why.pointer);
		if (rows[i].pointer == NULL) {
			assert_int_equal(r, 0);
			assert_true(json_equal(in, out));
		} else {
			assert_int_equal(r, ERR_INVALID);
			assert_int_equal(why.problem, P_IDENTITY_IN_TEXT);
			assert_string_equal(why.pointer, rows[i].pointer);
		}
		json_decref(in);
		json_decref(out);
	}
	scrubber_free(s);
}

/* A title that grows over its cap loses its end, never the replacement before it. */
static void
test_caps(void **state)
{
	struct scrubber *s = scrub_make(sender, SENDER);
	struct fault why = { 0 };
	struct buf text;
	json_t *in, *out = NULL;
	const char *p;
	size_t i, points = 0;

	(void)state;
	buf_init(&text, 1 << 20);
	for (i = 0; i < 50; i++)
		buf_adds(&text, "HNB ");
	in = json_pack("{s:{s:s},s:{s:s}}", "title", "ja", buf_cstr(&text), "description",
	    "ja", buf_cstr(&text));
	assert_int_equal(scrub_report(s, in, &out, NULL, &why), 0);
	p = json_string_value(json_object_get(json_object_get(out, "title"), "ja"));
	assert_true(strlen(p) <= 800);
	assert_null(strstr(p, "HNB"));
	assert_int_equal(strncmp(p, "［組織名］ ", 16), 0);
	for (i = 0; p[i] != '\0'; i++)
		points += ((unsigned char)p[i] & 0xC0) != 0x80;
	assert_true(points <= 200);
	p = json_string_value(json_object_get(json_object_get(out, "description"), "ja"));
	assert_int_equal(strlen(p), 50 * 16);
	buf_done(&text);
	json_decref(in);
	json_decref(out);
	scrubber_free(s);
}

static uint32_t
next_random(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

/* Pieces of texts in random order: whatever comes out is final and reveals nothing. */
static void
test_random_joins(void **state)
{
	static const char *const pieces[] = { "はなみずき", "銀行", "HNB", "-", "01", "@",
		".", "jp", "03-", "0000-", "1234", " ", "10.", "20.", "4.", "15",
		"C:\\Users\\", "kana", "/home/", "?u=", "AS", "64500", "［", "］",
		"組織名", "[", "]", "担当：", "佐伯", "真理子", "様", "(", ")", "ー",
		"一", "．", "＠", "０９０", "fd00:", ":1", "/", "24", "hanamizuki",
		"Shiratori", "Madoka", "県", "市", "Contact: ", "\n", "が", "浄水場",
		"evil.example", "tel", "内線", "\u3099", "ヶ", "ｶﾞ", "\u200B", "㈱", "％",
		"=", "&", "_", "https://", "x", "アットマーク", " at ", " dot ", "&#64;",
		"%40", "★", "(at)", "丁目", "番地", "〇三", "町", "-ku", ", ", "100-0001",
		"Chiyoda", "mac ", "hana", "ikada", "kisen", "password for ", "user ",
		"\"user\":\"", "user,ip,mac\n", ",", "|", "\"", "nas-", "soumu",
		"経路:", "bgp ", "65001", "Kita City", "Kita Pref.", "内", "x", "2207",
		"ns0441", "\\" };
	static const char *const kept[] = { "domain", "evil.example", "other", "01",
		NULL };
	struct scrubber *s = scrub_make(sender, SENDER);
	json_t *list = scrub_indicators(kept);
	uint32_t x = 20261122;
	struct buf in, out, again;
	size_t i, k;

	(void)state;
	buf_init(&in, 1 << 16);
	buf_init(&out, 1 << 20);
	buf_init(&again, 1 << 20);
	for (i = 0; i < 20000; i++) {
		buf_reset(&in);
		buf_reset(&out);
		buf_reset(&again);
		for (k = next_random(&x) % 12; k > 0; k--)
			buf_adds(&in,
			    pieces[next_random(&x) % (sizeof pieces / sizeof pieces[0])]);
		assert_int_equal(scrub_text(s, buf_slice(&in), list, &out), 0);
		assert_int_equal(scrub_text(s, buf_slice(&out), list, &again), 0);
		if (strcmp(buf_cstr(&out), buf_cstr(&again)) != 0 ||
		    scrub_text_reveals(buf_slice(&out), list))
			print_error("in %s\nout %s\nagain %s\n", buf_cstr(&in),
			    buf_cstr(&out), buf_cstr(&again));
		assert_string_equal(buf_cstr(&out), buf_cstr(&again));
		assert_false(scrub_text_reveals(buf_slice(&out), list));
	}
	buf_done(&in);
	buf_done(&out);
	buf_done(&again);
	json_decref(list);
	scrubber_free(s);
}

/* Texts made to be slow: each must be done in a fraction of a second. */
static void
test_hostile_length(void **state)
{
	static const char *const units[] = { "HNB-", "はなみずき", "0", "03-", "1.1.",
		"10.0.0.1.", "a@", "@", ":", "\\Users\\", "\\", "/", "?u=", "担当：",
		"担当", "佐伯 ", "[", "]", "[.]", "[組織名", "A-", "A1-", "病院", "Bank ",
		"県", "市", "AS", "AS1 ", "Contact ", "Mr. ", "Aa ", "::", "ff:", "電話",
		"内線", "http://", "（", "ー", "0-", "浄水場", "x.", "hanamizuki",
		"hanamizuki-", "\u3099", "evil.example", "1-", "丁目", "市1-", "市一",
		"郡", "1-2-3 A ", "1-1 A, ", "-ku, ", "A-ku", "〒", "〒1", "郵便番号 ",
		" at ", "a at ", " dot ", "a dot ", "&#64;", "&", "%E3%81%82", "%",
		"(at)", "〇", "〇-", "mac ", "0 ", "hana-ikada ", "ha na mi ",
		"password for ", "アット", "佐藤 太郎", "http://a", "://", "user ",
		"user,", "user,a,b\n", "|user|a\n", "\"user\":\"", "user\":\"",
		"ユーザー", "経路:6500 ", "6500 ", "bgp 65000 ", "nas-ka ", "a-b-1 ",
		"server: nas-ka, ", "postcode ", "1-2 A, B, ", ", A City", "内1000",
		"A, x1000", "市県", "\\\\\\" };
	static const char *const kept[] = { "domain", "evil.example", "other", "0",
		NULL };
	struct scrubber *s = scrub_make(sender, SENDER);
	json_t *list = scrub_indicators(kept);
	struct buf in, out;
	clock_t start, took, worst = 0;
	size_t i;

	(void)state;
	buf_init(&in, 1 << 20);
	buf_init(&out, 1 << 22);
	for (i = 0; i < sizeof units / sizeof units[0]; i++) {
		buf_reset(&in);
		buf_reset(&out);
		while (in.n < 65536)
			buf_adds(&in, units[i]);
		start = clock();
		assert_int_equal(scrub_text(s, buf_slice(&in), list, &out), 0);
		took = clock() - start;
		if (took > CLOCKS_PER_SEC / 4)
			print_message("%s: %ld ms\n", units[i],
			    (long)(took * 1000 / CLOCKS_PER_SEC));
		if (took > worst)
			worst = took;
	}
	/* Far more than any of them needs, for sanitizers and slow machines. */
	assert_true(worst < 10 * CLOCKS_PER_SEC);
	buf_done(&in);
	buf_done(&out);
	json_decref(list);
	scrubber_free(s);
}

/* Memory that ends at any point gives an error, no leak and no half result. */
static void
test_no_memory(void **state)
{
	json_t *in =
	    report_of("{\"title\":{\"ja\":\"はなみずき銀行 10.1.2.3 担当：佐藤花子\"},"
		      "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.5\"}]}");
	struct fault why = { 0 };
	struct scrubber *s;
	unsigned long n;
	json_t *out, *list;
	size_t i;
	int r = ERR_NOMEM, failed = 0;

	(void)state;
	for (n = 1; r != 0 && n < 5000; n++) {
		out = list = NULL;
		(void)mem_fail_at(n);
		s = scrubber_new();
		r = s == NULL ? ERR_NOMEM : 0;
		for (i = 0; r == 0 && i < SENDER; i++)
			r = scrubber_add(s, sender[i].kind, slice_of(sender[i].text));
		if (r == 0)
			r = scrubber_ready(s);
		if (r == 0)
			r = scrub_report(s, in, &out, &list, &why);
		(void)mem_fail_at(0);
		scrubber_free(s);
		if (r != 0) {
			assert_int_equal(r, ERR_NOMEM);
			assert_null(out);
			assert_null(list);
			failed++;
		}
		json_decref(out);
		json_decref(list);
	}
	assert_int_equal(r, 0);
	assert_true(failed > 50);
	json_decref(in);
}

static void
test_words_sorted(void **state)
{
	(void)state;
	assert_true(scrub_words_sorted());
	assert_true(scrub_surnames_sorted());
	assert_true(scrub_kanji_sorted());
	assert_true(scrub_duty_sorted());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_sorted),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_reveals),
		cmocka_unit_test(test_indicators_stay),
		cmocka_unit_test(test_report_walk),
		cmocka_unit_test(test_replacements),
		cmocka_unit_test(test_identity_refused),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_random_joins),
		cmocka_unit_test(test_hostile_length),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
