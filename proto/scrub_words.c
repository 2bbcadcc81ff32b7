/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words the scrubber knows.  They are general Japanese and English, never names of
 * members; all are folded (lower case, full-width katakana).
 */
#include "proto/scrub_parts.h"

#define LIST(name, ...) static const char32_t *const name[] = { __VA_ARGS__, NULL }

/* clang-format off */
/* Forms of incorporation, before or after the name. */
LIST(corporate_ja, U"株式会社", U"(株)", U"有限会社", U"(有)", U"合同会社", U"(同)", U"合資会社",
    U"(資)", U"合名会社", U"(名)", U"相互会社", U"(相)", U"医療法人社団", U"医療法人財団",
    U"社会医療法人", U"医療法人", U"(医)", U"学校法人", U"(学)", U"社会福祉法人", U"(福)", U"宗教法人",
    U"(宗)", U"一般社団法人", U"(一社)", U"公益社団法人", U"(公社)", U"社団法人", U"(社)",
    U"一般財団法人", U"(一財)", U"公益財団法人", U"(公財)", U"財団法人", U"(財)",
    U"国立研究開発法人", U"地方独立行政法人", U"独立行政法人", U"(独)", U"国立大学法人",
    U"公立大学法人", U"特定非営利活動法人", U"npo法人", U"(特非)", U"事業協同組合", U"協同組合連合会",
    U"協同組合", U"(協)", U"企業組合", U"農業協同組合", U"特殊会社", U"弁護士法人", U"税理士法人");
LIST(corporate_en, U"co., ltd.", U"co.,ltd.", U"co. ltd.", U"co.,ltd", U"co., ltd", U"co ltd",
    U"company limited", U"company, limited", U"limited", U"ltd.", U"ltd", U"inc.", U"inc",
    U"incorporated", U"corporation", U"corp.", U"corp", U"company", U"co.", U"k.k.", U"kk",
    U"kabushiki kaisha", U"g.k.", U"llc", U"l.l.c.", U"plc", U"llp", U"gmbh", U"ag", U"s.a.",
    U"pte. ltd.", U"holdings", U"group", U"cooperative", U"association", U"foundation",
    U"medical corporation", U"incorporated administrative agency");

/* What says the trade and not the name: taken off to find the name itself. */
#define TRADES_JA \
    U"病院", U"医院", U"診療所", U"クリニック", U"医療センター", U"医療", U"中央", U"総合", U"記念", \
    U"赤十字", U"大学", U"大学病院", U"附属病院", U"附属", U"付属", U"医科", U"歯科", U"薬局", \
    U"市民病院", U"厚生", U"銀行", U"信用金庫", U"信金", U"信用組合", U"信組", U"信託銀行", U"信託", \
    U"証券", U"生命保険", U"生命", U"損害保険", U"損保", U"火災海上保険", U"火災", U"海上", U"保険", \
    U"カード", U"クレジット", U"信販", U"ファイナンス", U"フィナンシャルグループ", U"フィナンシャル", \
    U"ホールディングス", U"グループ", U"鉄道", U"旅客鉄道", U"旅客", U"電鉄", U"電気鉄道", U"高速鉄道", \
    U"地下鉄", U"交通局", U"交通", U"バス", U"航空", U"空港", U"空輸", U"エアラインズ", U"エアライン", \
    U"エアポート", U"港湾運送", U"港湾局", U"港湾", U"港運", U"港", U"埠頭", U"ふ頭", U"運送", U"運輸", \
    U"物流", U"倉庫", U"通運", U"海運", U"汽船", U"フェリー", U"ロジスティクス", U"ロジスティックス", \
    U"ロジ", U"急便", U"陸運", U"貨物", U"コンテナターミナル", U"ターミナル", U"電力", U"発電", U"送配電", \
    U"パワー", U"都市ガス", U"ガス", U"エナジー", U"エネルギー", U"石油", U"石油化学", U"化学工業", \
    U"化学", U"ケミカル", U"工業", U"産業", U"製作所", U"製造所", U"製鉄", U"製鉄所", U"製薬", U"重工", \
    U"ケーブルテレビ", U"ケーブル", U"テレビ", U"放送", U"テレコム", U"コミュニケーションズ", U"連合会", \
    U"組合", U"協会", U"機構", U"公社", U"公団", U"事業団", U"企業団", U"広域水道企業団", U"上下水道局", \
    U"水道局", U"下水道局", U"上下水道部", U"水道部", U"水道事業", U"上下水道", U"下水道", U"上水道", \
    U"水道", U"企業局", U"市役所", U"町役場", U"村役場", U"区役所", U"役場", U"役所", U"県庁", U"府庁", \
    U"道庁", U"都庁", U"市", U"町", U"村", U"区", U"県", U"府", U"郡", U"駅", U"線", U"支店", U"本店", \
    U"支社", U"本社", U"本部", U"支部", U"支所", U"本庁", U"営業所", U"出張所", U"事務所", U"事業所", \
    U"物流センター", U"配送センター", U"データセンター", U"センター", U"工場", U"発電所", U"変電所", \
    U"浄水場", U"配水場", U"配水池", U"ポンプ場", U"処理場", U"下水処理場", U"浄化センター", U"製油所", \
    U"ダム", U"火力発電所", U"原子力発電所", U"水力発電所", U"火力", U"原子力", U"学園", U"高校", \
    U"小学校", U"中学校", U"保健所", U"消防本部", U"消防局", U"消防署", U"商事", U"商会", U"商店", \
    U"会", U"半島", U"地区", U"市場", U"大橋", U"基地", U"港町", U"車両所", U"車両基地", U"指令所", \
    U"中央病院", U"総合病院", U"本館", U"別館", U"新館", U"クリーンセンター", U"地方", U"駐屯地"
LIST(absorb_ja, TRADES_JA, U"協同組合", U"役場庁舎", U"庁舎", U"ビル", U"局");
LIST(strip_ja, TRADES_JA, U"情報システム", U"システムズ", U"システム", U"情報", U"通信", U"電気",
    U"サービス", U"ソリューションズ", U"ネットワークス", U"ネットワーク", U"建設", U"商船", U"観光",
    U"東日本", U"西日本", U"ジャパン", U"国際", U"国立", U"公立", U"県立", U"市立", U"町立", U"村立",
    U"都立", U"府立", U"私立", U"社", U"局", U"庁", U"第一", U"第二", U"第三", U"電機", U"精密", U"食品",
    U"製紙", U"信用", U"地域", U"南", U"北", U"広域", U"事業", U"流通", U"百貨店", U"協同組合", U"支援");

/* Too common to stand for a sender alone. */
LIST(common_ja, U"未来", U"全国", U"東西", U"南北", U"共同", U"平和", U"希望", U"協和", U"安全", U"安心",
    U"信頼", U"電子", U"都市", U"自治", U"技術", U"新日本", U"日本", U"東洋", U"太平洋", U"国内", U"海外",
    U"世界", U"東部", U"西部", U"南部", U"北部", U"中部", U"健康", U"福祉", U"生活", U"環境", U"緑",
    U"青", U"東", U"西", U"南", U"北", U"中", U"大", U"新", U"本", U"みらい", U"ひかり", U"のぞみ",
    U"はるか", U"すべて", U"あさひ", U"みんな", U"こども", U"いのち", U"くらし", U"まち", U"ネット",
    U"ライフ", U"スマート", U"グリーン", U"ブルー", U"クラウド", U"デジタル", U"オンライン", U"サイバー",
    U"メール", U"パス", U"アクセス", U"リンク", U"ライン", U"ポータル", U"セキュリティ", U"サーバ");
LIST(region_ja, U"北海道", U"東北", U"関東", U"北関東", U"南関東", U"首都圏", U"甲信越", U"信越", U"北陸",
    U"東海", U"中部", U"近畿", U"関西", U"山陰", U"山陽", U"中国", U"四国", U"九州", U"北九州", U"南九州",
    U"沖縄", U"琉球", U"瀬戸内", U"日本海", U"東日本", U"西日本", U"中日本", U"日本", U"全日本", U"新日本",
    U"東京", U"大阪", U"京都", U"名古屋", U"横浜", U"神戸", U"福岡", U"札幌", U"仙台", U"広島", U"千葉",
    U"埼玉", U"神奈川", U"静岡", U"愛知", U"兵庫", U"奈良", U"滋賀", U"三重", U"岐阜", U"長野", U"新潟",
    U"富山", U"石川", U"福井", U"山梨", U"茨城", U"栃木", U"群馬", U"青森", U"岩手", U"宮城", U"秋田",
    U"山形", U"福島", U"鳥取", U"島根", U"岡山", U"山口", U"徳島", U"香川", U"愛媛", U"高知", U"佐賀",
    U"長崎", U"熊本", U"大分", U"宮崎", U"鹿児島", U"和歌山");
LIST(prefecture_ja, U"北海道", U"青森県", U"岩手県", U"宮城県", U"秋田県", U"山形県", U"福島県", U"茨城県",
    U"栃木県", U"群馬県", U"埼玉県", U"千葉県", U"東京都", U"神奈川県", U"新潟県", U"富山県", U"石川県",
    U"福井県", U"山梨県", U"長野県", U"岐阜県", U"静岡県", U"愛知県", U"三重県", U"滋賀県", U"京都府",
    U"大阪府", U"兵庫県", U"奈良県", U"和歌山県", U"鳥取県", U"島根県", U"岡山県", U"広島県", U"山口県",
    U"徳島県", U"香川県", U"愛媛県", U"高知県", U"福岡県", U"佐賀県", U"長崎県", U"熊本県", U"大分県",
    U"宮崎県", U"鹿児島県", U"沖縄県", U"架空県");

LIST(honorific_ja, U"氏", U"様", U"さま", U"さん", U"殿", U"君", U"部長", U"次長", U"課長", U"課長補佐",
    U"係長", U"主任", U"主査", U"主幹", U"主事", U"室長", U"所長", U"局長", U"院長", U"副院長", U"社長",
    U"専務", U"常務", U"取締役", U"理事", U"参事", U"医師", U"先生", U"教授", U"技師", U"師長", U"看護師",
    U"班長", U"隊長", U"マネージャー", U"マネージャ", U"リーダー", U"職員", U"社員", U"主席", U"補佐",
    U"支店長", U"支配人", U"担当", U"cio", U"ciso");
LIST(contact_ja, U"連絡先", U"連絡窓口", U"担当者名", U"担当者", U"担当", U"問合せ先", U"問い合わせ先",
    U"問合先", U"問合せ", U"問い合わせ", U"問合わせ", U"お問合せ", U"お問い合わせ", U"照会先", U"窓口",
    U"責任者", U"報告者", U"記入者", U"作成者", U"発信者", U"対応者", U"氏名", U"主担当", U"副担当",
    U"起票者", U"届出者", U"送信者名", U"管理者名", U"代表者", U"緊急連絡先", U"文責", U"執筆");
/* Where a run of kanji after such a word is a unit or body and no person. */
LIST(unit_ja, U"課", U"部", U"室", U"係", U"局", U"所", U"班", U"隊", U"署", U"省", U"庁", U"会", U"社",
    U"院", U"センター", U"グループ", U"チーム", U"本部", U"事務局", U"窓口", U"担当", U"業者", U"者", U"先",
    U"警", U"府", U"県", U"市", U"町", U"村", U"区", U"機関", U"機構", U"委員会", U"法人", U"組合", U"協会",
    U"企業", U"部門", U"部署", U"ベンダー", U"ベンダ", U"デスク", U"メール", U"電話", U"番号", U"銀行",
    U"病院", U"サイト", U"システム", U"課長", U"部長", U"室長", U"係長", U"主任", U"総務", U"営業",
    U"保守", U"運用", U"監視", U"管理", U"広報", U"情報", U"夜間", U"平日", U"休日", U"代表", U"直通");
LIST(facility_ja, U"浄水場", U"配水場", U"配水池", U"下水処理場", U"水再生センター", U"浄化センター",
    U"変電所", U"発電所", U"製油所", U"ふ頭", U"埠頭", U"水源地", U"取水場", U"ポンプ場", U"ポンプ所",
    U"車両基地", U"総合車両所");
LIST(modifier_ja, U"当該", U"各", U"他", U"同", U"本", U"全", U"両", U"複数", U"主要", U"近隣", U"市内",
    U"県内", U"町内", U"管内", U"上流", U"下流", U"基幹", U"火力", U"水力", U"原子力", U"太陽光", U"風力",
    U"地熱", U"揚水", U"無人", U"有人", U"小規模", U"大規模", U"中規模", U"対象", U"一部", U"同型", U"既設",
    U"新設", U"自社", U"当社", U"弊社", U"他社", U"所管", U"中央", U"委託", U"委託先", U"隣接", U"別", U"第",
    U"一", U"二", U"三", U"四", U"五", U"数", U"東", U"西", U"南", U"北", U"予備", U"主力", U"国内", U"海外",
    U"遠方", U"遠隔", U"某", U"旧", U"新", U"地下", U"屋外", U"一次", U"二次", U"配電", U"送電", U"系統",
    U"業務", U"自治体", U"他県", U"都市", U"地域", U"該当", U"特定", U"当", U"弊", U"及", U"等", U"日本",
    U"水道局", U"都市部", U"山間部", U"市街地", U"港湾", U"公共", U"民間", U"共同", U"管理", U"監視", U"被害",
    U"発生", U"停止", U"稼働中", U"運転中", U"現地", U"最寄", U"側", U"内", U"外", U"県営", U"市営",
    U"産業用", U"自家用", U"事業用", U"広域", U"流域", U"残", U"約", U"計", U"所有", U"保有", U"運営", U"大",
    U"小", U"一箇所", U"箇所", U"簡易", U"急速", U"緩速", U"緊急", U"全国", U"原発", U"石炭", U"石油",
    U"天然", U"電力", U"鉄道", U"新旧", U"我々", U"我", U"々", U"用", U"型", U"式", U"系", U"可搬", U"移動",
    U"施設", U"関連", U"関係", U"連系", U"接続", U"開閉", U"配水", U"取水", U"浄水", U"送水", U"加圧");

/* Frequent family names, longest first is not needed: the longest that fits is taken. */
LIST(surname_ja, U"佐藤", U"鈴木", U"高橋", U"田中", U"伊藤", U"渡辺", U"渡邊", U"渡邉", U"山本", U"中村",
    U"小林", U"加藤", U"吉田", U"山田", U"佐々木", U"山口", U"松本", U"井上", U"木村", U"林", U"斎藤", U"斉藤",
    U"齋藤", U"齊藤", U"清水", U"山崎", U"森", U"池田", U"橋本", U"阿部", U"石川", U"山下", U"中島", U"石井",
    U"小川", U"前田", U"岡田", U"長谷川", U"藤田", U"後藤", U"近藤", U"村上", U"遠藤", U"青木", U"坂本",
    U"福田", U"太田", U"西村", U"藤井", U"金子", U"岡本", U"藤原", U"中野", U"三浦", U"原田", U"中川", U"松田",
    U"竹内", U"小野", U"田村", U"中山", U"和田", U"石田", U"森田", U"上田", U"原", U"内田", U"柴田", U"酒井",
    U"宮崎", U"横山", U"高木", U"安藤", U"宮本", U"大野", U"小島", U"谷口", U"工藤", U"今井", U"高田", U"増田",
    U"丸山", U"杉山", U"村田", U"大塚", U"新井", U"小山", U"平野", U"藤本", U"河野", U"上野", U"野口", U"武田",
    U"松井", U"千葉", U"岩崎", U"菅原", U"木下", U"久保", U"佐野", U"野村", U"松尾", U"市川", U"菊地", U"杉本",
    U"古川", U"大西", U"島田", U"水野", U"桜井", U"高野", U"渡部", U"吉川", U"山内", U"西田", U"飯田", U"菊池",
    U"西川", U"小松", U"北村", U"安田", U"五十嵐", U"川口", U"平田", U"関", U"中田", U"久保田", U"東", U"服部",
    U"川崎", U"土屋", U"岩田", U"福島", U"本田", U"辻", U"樋口", U"永井", U"秋山", U"山中", U"中西", U"吉村",
    U"川上", U"石原", U"大橋", U"松岡", U"馬場", U"浜田", U"森本", U"星野", U"矢野", U"浅野", U"大島", U"松下",
    U"吉岡", U"小池", U"野田", U"荒木", U"熊谷", U"松浦", U"大谷", U"内藤", U"黒田", U"尾崎", U"川村", U"永田",
    U"望月", U"荒井", U"須藤", U"田口", U"堀", U"小沢", U"松村", U"平井", U"西山", U"早川", U"大久保", U"片山",
    U"本間", U"飯塚", U"栗原", U"川端", U"手塚", U"佐伯", U"浜口", U"中尾", U"西本", U"宮田", U"三宅", U"大川",
    U"石橋", U"篠原", U"成田", U"榎本", U"関口", U"水谷", U"吉野", U"坂口", U"岩本", U"奥村", U"藤川", U"牧野",
    U"片岡", U"柳", U"河合", U"堀内", U"児玉", U"大森", U"萩原", U"沢田", U"神田", U"奥田", U"白石", U"根本",
    U"桑原", U"三好", U"塚本", U"八木", U"日高", U"今村", U"岸", U"相馬", U"天野", U"小田", U"津田", U"広瀬",
    U"大石", U"黒川", U"青山", U"川島", U"平山", U"浅井", U"伊東", U"田辺", U"堤", U"若林", U"上原", U"村井",
    U"金田", U"戸田", U"笠原", U"富田", U"土井", U"古賀", U"中井", U"岡崎", U"岩井", U"白井", U"小倉", U"三上",
    U"香川", U"徳田", U"滝沢", U"金城", U"比嘉", U"大城", U"宮城", U"島袋", U"李", U"金", U"朴", U"王", U"張");

LIST(generic_en, U"hospital", U"clinic", U"medical", U"center", U"centre", U"general", U"central", U"chuo",
    U"memorial", U"university", U"bank", U"banking", U"trust", U"securities", U"life", U"insurance", U"credit",
    U"card", U"cards", U"finance", U"financial", U"railway", U"railways", U"railroad", U"rail", U"transit",
    U"metro", U"subway", U"bus", U"airlines", U"airline", U"airways", U"airport", U"air", U"aviation", U"port",
    U"harbor", U"harbour", U"terminal", U"terminals", U"transport", U"transportation", U"shipping", U"logistics",
    U"logi", U"freight", U"cargo", U"express", U"warehouse", U"power", U"electric", U"electricity", U"energy",
    U"gas", U"oil", U"petroleum", U"refinery", U"chemical", U"chemicals", U"industries", U"industry",
    U"manufacturing", U"steel", U"works", U"water", U"waterworks", U"sewerage", U"bureau", U"department",
    U"city", U"town", U"village", U"ward", U"county", U"prefecture", U"prefectural", U"municipal", U"office",
    U"hall", U"government", U"cable", U"television", U"tv", U"broadcasting", U"telecom", U"communications",
    U"network", U"networks", U"systems", U"system", U"services", U"service", U"solutions", U"holdings",
    U"group", U"cooperative", U"coop", U"union", U"association", U"authority", U"agency", U"corporation",
    U"company", U"japan", U"national", U"international", U"the", U"of", U"and", U"for", U"plant", U"station",
    U"substation", U"branch", U"purification", U"treatment", U"distribution", U"hp", U"corp", U"inc", U"ltd",
    U"co", U"kk", U"hd", U"shi", U"machi", U"cho", U"mura", U"ku", U"ken", U"fu", U"minato-ku", U"railroads",
    U"organization", U"organisation", U"federation", U"institute", U"foundation", U"mutual", U"public",
    U"utility", U"utilities", U"supply", U"heat", U"marine", U"fire", U"regional", U"first", U"north", U"south",
    U"east", U"west", U"new", U"hokuriku", U"kanto", U"kansai", U"tohoku", U"kyushu", U"shikoku", U"chubu",
    U"tokai", U"hokkaido", U"okinawa", U"kinki", U"chugoku", U"tokyo", U"osaka", U"kyoto", U"nippon", U"nihon",
    U"denryoku", U"ginko", U"byoin", U"suido", U"tetsudo", U"kisen", U"unyu", U"butsuryu", U"kowan", U"shiyakusho",
    U"gasu", U"hoso", U"koku", U"pref", U"vill");
/* English words that are names of bodies too; alone they are taken only when capital. */
LIST(common_en, U"ace", U"act", U"age", U"aid", U"aim", U"air", U"all", U"and", U"any", U"arc", U"are", U"arm",
    U"art", U"ask", U"bad", U"bar", U"bat", U"bay", U"bee", U"best", U"big", U"bit", U"blue", U"box", U"bus",
    U"can", U"cap", U"car", U"care", U"cat", U"city", U"core", U"cut", U"data", U"day", U"dawn", U"door", U"dot",
    U"dry", U"east", U"easy", U"end", U"eye", U"far", U"fast", U"fix", U"fly", U"for", U"fox", U"free", U"full",
    U"fun", U"gap", U"get", U"go", U"gold", U"good", U"green", U"grid", U"has", U"heart", U"high", U"hill",
    U"hit", U"home", U"hope", U"hot", U"hub", U"ice", U"ion", U"iron", U"its", U"jet", U"joy", U"key", U"lake",
    U"land", U"lead", U"leaf", U"life", U"light", U"line", U"link", U"lot", U"low", U"main", U"map", U"max",
    U"may", U"mega", U"men", U"mid", U"mind", U"mint", U"mix", U"moon", U"net", U"new", U"next", U"north", U"not",
    U"now", U"oak", U"off", U"old", U"one", U"open", U"our", U"out", U"own", U"park", U"pass", U"pay", U"peak",
    U"pen", U"pet", U"pine", U"plus", U"port", U"post", U"prime", U"pro", U"put", U"rain", U"ray", U"real",
    U"red", U"rise", U"river", U"rock", U"rose", U"run", U"safe", U"sail", U"sand", U"sea", U"sea", U"see",
    U"set", U"sky", U"smart", U"snow", U"south", U"spot", U"star", U"stop", U"storm", U"sun", U"sunrise",
    U"swift", U"ten", U"the", U"tie", U"tip", U"top", U"total", U"tree", U"true", U"union", U"unit", U"unity",
    U"use", U"van", U"vision", U"wave", U"way", U"web", U"west", U"wind", U"wing", U"work", U"world", U"yes",
    U"horizon", U"summit", U"pacific", U"ocean", U"bridge", U"forest", U"garden", U"harmony", U"pioneer",
    U"sunshine", U"crystal", U"diamond", U"eagle", U"falcon", U"phoenix", U"universal", U"global", U"metro",
    U"apple", U"orange", U"cherry", U"lotus", U"maple", U"orchid", U"vital", U"alpha", U"beta", U"delta",
    U"omega", U"sigma", U"nova", U"apex", U"zenith", U"mirai", U"hikari", U"nozomi", U"kibou", U"anzen");
/* Abbreviations that every report is full of. */
LIST(tech_en, U"it", U"ot", U"iot", U"ict", U"ai", U"ip", U"id", U"pc", U"os", U"db", U"ad", U"dc", U"ap", U"gw",
    U"fw", U"vm", U"vpn", U"lan", U"wan", U"dns", U"nas", U"san", U"ntp", U"soc", U"noc", U"csirt", U"cert", U"api",
    U"apt", U"atm", U"waf", U"emr", U"ehr", U"tos", U"sso", U"mfa", U"otp", U"plc", U"hmi", U"dcs", U"ups", U"usb",
    U"rdp", U"vnc", U"ssh", U"ftp", U"smb", U"tls", U"ssl", U"tcp", U"udp", U"http", U"url", U"edr", U"xdr", U"av",
    U"ids", U"ips", U"utm", U"cdn", U"isp", U"asn", U"bgp", U"ddos", U"dos", U"cve", U"ioc", U"ttp", U"c2", U"cti",
    U"siem", U"saas", U"iaas", U"paas", U"aws", U"gcp", U"css", U"sql", U"xss", U"lte", U"sim", U"gps", U"pos",
    U"edi", U"erp", U"crm", U"web", U"mail", U"www", U"app", U"ppc", U"nisc", U"nco", U"jpcert", U"jst", U"utc",
    U"tlp", U"pdf", U"csv", U"xml", U"log", U"bot", U"rat", U"mac", U"cpu", U"ram", U"hdd", U"ssd", U"kb", U"mb",
    U"gb", U"tb", U"bcp", U"dmz", U"dhcp", U"vdi", U"ceo", U"cio", U"ciso", U"faq", U"sms", U"ok", U"ng", U"scada",
    U"eol", U"poc", U"rce", U"dll", U"exe", U"iis", U"php", U"wsus", U"gpo", U"lgwan", U"ceptoar");
LIST(contact_en, U"contact", U"contacts", U"contact person", U"contact point", U"point of contact", U"poc",
    U"pic", U"person in charge", U"in charge", U"reported by", U"reporter", U"responsible", U"attn", U"attention",
    U"prepared by", U"written by", U"author", U"call", U"ask", U"ask for", U"reach", U"liaison", U"handled by",
    U"inquiries", U"enquiries", U"please contact");
LIST(title_en, U"mr.", U"mr", U"ms.", U"ms", U"mrs.", U"mrs", U"dr.", U"dr", U"prof.", U"prof", U"miss");
/* Capital words after "Contact" that are a desk and no person. */
LIST(desk_en, U"information", U"security", U"system", U"systems", U"department", U"dept", U"division", U"team",
    U"office", U"center", U"centre", U"desk", U"support", U"incident", U"response", U"operations", U"operation",
    U"network", U"it", U"ot", U"ict", U"help", U"service", U"services", U"administration", U"general", U"affairs",
    U"csirt", U"soc", U"noc", U"risk", U"management", U"section", U"group", U"the", U"our", U"us", U"facilities",
    U"facility", U"hospital", U"bank", U"city", U"town", U"bureau", U"microsoft", U"cisco", U"fortinet", U"jpcert",
    U"police", U"ministry", U"vendor", U"isp", U"attacker", U"attackers", U"tel", U"telephone", U"phone", U"email",
    U"mail", U"mobile", U"fax", U"for", U"if", U"in", U"with", U"was", U"is", U"at", U"by", U"and", U"data",
    U"protection", U"officer", U"manager", U"director", U"head", U"chief", U"public", U"relations", U"customer",
    U"control", U"room", U"duty", U"plant", U"engineering", U"maintenance", U"technical", U"technology", U"cloud",
    U"cyber", U"national", U"company", U"corporation", U"agency", U"form", U"page", U"details", U"list", U"person",
    U"point", U"number", U"numbers", U"address", U"planning", U"safety", U"water", U"power", U"gas", U"line",
    U"business", U"continuity", U"crisis", U"emergency", U"january", U"february", U"march", U"april", U"may",
    U"june", U"july", U"august", U"september", U"october", U"november", U"december", U"monday", U"tuesday",
    U"wednesday", U"thursday", U"friday", U"saturday", U"sunday", U"japan", U"via", U"this", U"all", U"no", U"vpn",
    U"active", U"directory", U"windows", U"linux", U"entry", U"logs", U"log", U"ransom", U"ransomware", U"note");
LIST(facility_en, U"purification plant", U"water treatment plant", U"treatment plant", U"water plant",
    U"substation", U"power station", U"power plant", U"thermal power", U"nuclear power", U"pumping station",
    U"pump station", U"reservoir", U"hospital", U"station", U"dam", U"refinery", U"container terminal", U"terminal",
    U"waterworks", U"filtration plant", U"sewage plant", U"factory", U"wharf", U"airport", U"depot", U"rail yard");

LIST(tld, U"com", U"net", U"org", U"edu", U"gov", U"mil", U"int", U"info", U"biz", U"jp", U"us", U"uk", U"de",
    U"fr", U"cn", U"kr", U"kp", U"ru", U"su", U"tw", U"hk", U"mo", U"in", U"au", U"nz", U"ca", U"nl", U"eu", U"ch",
    U"it", U"es", U"se", U"no", U"fi", U"dk", U"pl", U"br", U"mx", U"io", U"co", U"me", U"tv", U"cc", U"ws", U"to",
    U"be", U"at", U"cz", U"sk", U"hu", U"ro", U"bg", U"gr", U"tr", U"il", U"ir", U"ua", U"by", U"kz", U"id", U"my",
    U"sg", U"th", U"vn", U"ph", U"pk", U"bd", U"za", U"ng", U"ke", U"eg", U"pt", U"ie", U"lt", U"lv", U"ee", U"ai",
    U"gg", U"ly", U"im", U"pw", U"tk", U"ml", U"ga", U"cf", U"gq", U"top", U"xyz", U"site", U"online", U"shop",
    U"club", U"app", U"dev", U"cloud", U"tech", U"store", U"live", U"life", U"world", U"work", U"link", U"click",
    U"icu", U"vip", U"pro", U"mobi", U"name", U"asia", U"tokyo", U"osaka", U"nagoya", U"yokohama", U"kyoto",
    U"okinawa", U"ryukyu", U"onion", U"local", U"lan", U"internal", U"corp", U"home", U"intranet", U"localdomain",
    U"localhost", U"example", U"test", U"invalid", U"arpa", U"cyou", U"sbs", U"buzz", U"fun", U"space", U"website",
    U"email", U"support", U"page", U"blog", U"news", U"host", U"network", U"systems", U"services", U"solutions",
    U"digital", U"group", U"company", U"today", U"press", U"media", U"run", U"rest", U"bar", U"monster", U"quest",
    U"lol", U"win", U"bid", U"loan", U"men", U"date", U"stream", U"download", U"zone", U"center", U"agency",
    U"finance", U"bank", U"security", U"is", U"nu", U"la", U"li", U"lu", U"si", U"rs", U"hr", U"fm", U"am", U"ac",
    U"sh", U"moe", U"goog", U"aero", U"coop", U"museum", U"jobs", U"travel", U"post", U"priv", U"domain", U"intra",
    U"ad", U"lgwan", U"private", U"alt", U"i2p", U"bit");
/* Labels that say nothing about whose a domain is. */
LIST(suffix_label, U"com", U"net", U"org", U"info", U"biz", U"jp", U"co", U"or", U"go", U"lg", U"ac", U"ad", U"ne",
    U"ed", U"gr", U"example", U"test", U"local", U"lan", U"internal", U"corp", U"www", U"mail", U"city", U"town",
    U"vill", U"village", U"pref", U"metro", U"ward", U"hospital", U"bank", U"edu", U"gov", U"asia", U"tokyo",
    U"cloud", U"intra", U"invalid", U"web", U"mx", U"smtp", U"ns", U"ftp", U"us", U"uk", U"eu", U"domain", U"osaka");
LIST(file_ext, U"exe", U"dll", U"sys", U"scr", U"com", U"bat", U"cmd", U"ps1", U"psm1", U"vbs", U"vbe", U"js",
    U"jse", U"wsf", U"hta", U"lnk", U"msi", U"jar", U"py", U"pl", U"sh", U"rb", U"php", U"asp", U"aspx", U"jsp",
    U"jspx", U"war", U"cfg", U"conf", U"ini", U"xml", U"json", U"yml", U"yaml", U"html", U"htm", U"css", U"txt",
    U"log", U"evtx", U"evt", U"etl", U"dmp", U"md", U"rtf", U"doc", U"docx", U"docm", U"xls", U"xlsx", U"xlsm",
    U"xlsb", U"ppt", U"pptx", U"pptm", U"pdf", U"csv", U"tsv", U"zip", U"7z", U"rar", U"gz", U"tgz", U"tar", U"bz2",
    U"xz", U"cab", U"iso", U"img", U"vhd", U"vhdx", U"vmdk", U"ova", U"bak", U"tmp", U"dat", U"bin", U"db", U"mdb",
    U"accdb", U"sql", U"sqlite", U"pst", U"ost", U"eml", U"msg", U"one", U"key", U"pem", U"cer", U"crt", U"pfx",
    U"p12", U"kdbx", U"rdp", U"png", U"jpg", U"jpeg", U"gif", U"bmp", U"tif", U"tiff", U"dcm", U"dwg", U"dxf",
    U"mp4", U"mov", U"mp3", U"wav", U"so", U"ko", U"elf", U"apk", U"ipa", U"dmg", U"pkg", U"deb", U"rpm", U"drv",
    U"ocx", U"cpl", U"inf", U"reg", U"url", U"website", U"ico", U"svg", U"class", U"net", U"cs", U"cpp", U"go",
    U"rs", U"swift", U"lock", U"locked", U"enc", U"encrypted", U"crypt", U"readme", U"pcap", U"pcapng", U"ics",
    U"vcf", U"jtd", U"xdw", U"xbd", U"stl", U"st", U"acd", U"gx3", U"wav", U"s7p", U"ap16", U"tlog", U"md5");
/* Documents: under a user's folder their names are the user's. */
LIST(document_ext, U"doc", U"docx", U"docm", U"xls", U"xlsx", U"xlsm", U"xlsb", U"ppt", U"pptx", U"pptm", U"pdf",
    U"csv", U"tsv", U"zip", U"7z", U"rar", U"gz", U"tgz", U"tar", U"pst", U"ost", U"eml", U"msg", U"one", U"mdb",
    U"accdb", U"kdbx", U"rdp", U"txt", U"rtf", U"jtd", U"xdw", U"xbd", U"dwg", U"dxf", U"dcm", U"bak", U"sql", U"pfx",
    U"p12", U"pem", U"key", U"png", U"jpg", U"jpeg", U"vcf", U"ics", U"gx3", U"acd", U"md", U"xml", U"json");

/* Parts of host names, and of nothing else that ends in a number. */
LIST(host_part, U"srv", U"sv", U"svr", U"server", U"file", U"fs", U"db", U"sql", U"ora", U"web", U"www", U"ap",
    U"app", U"apl", U"dc", U"ad", U"mail", U"mx", U"smtp", U"dns", U"ns", U"pc", U"ws", U"nb", U"cl", U"client",
    U"host", U"node", U"vm", U"esx", U"esxi", U"hv", U"nas", U"san", U"storage", U"bk", U"bkup", U"backup", U"vpn",
    U"fw", U"gw", U"proxy", U"prx", U"relay", U"lb", U"rt", U"rtr", U"router", U"sw", U"swt", U"prn", U"print",
    U"printer", U"hmi", U"plc", U"rtu", U"scada", U"dcs", U"ews", U"ops", U"opc", U"hist", U"historian", U"emr",
    U"ehr", U"his", U"pacs", U"ris", U"lis", U"term", U"kiosk", U"atm", U"pos", U"prd", U"prod", U"stg", U"rdp",
    U"rds", U"jump", U"bastion", U"log", U"siem", U"mon", U"ntp", U"dhcp", U"radius", U"ldap", U"wsus", U"mgmt",
    U"mgr", U"adm", U"admin", U"batch", U"job", U"intra", U"portal", U"sso", U"auth", U"cam", U"wifi", U"term",
    U"tos", U"cad", U"erp", U"crm", U"hr", U"fin", U"wms", U"tms", U"desktop", U"laptop", U"note", U"dmz", U"core",
    U"edge", U"dist", U"ctl", U"ctrl", U"mst", U"slave", U"primary", U"cache", U"cdn", U"git", U"svn", U"test",
    U"dev", U"ems", U"oms", U"mes", U"scd", U"tele", U"remote", U"gate", U"gateway", U"mainte", U"maint", U"wks");
/* Codes with a hyphen and a number that are public. */
LIST(not_host, U"cve", U"cwe", U"capec", U"kb", U"ms", U"jvn", U"jvndb", U"jvntr", U"ghsa", U"vu", U"icsa", U"icsma",
    U"zdi", U"usn", U"dsa", U"rhsa", U"fg", U"fg-ir", U"rfc", U"iso", U"iec", U"nist", U"sp", U"sha", U"aes", U"des",
    U"utf", U"ucs", U"tlp", U"tls", U"ssl", U"md", U"rsa", U"ec", U"p", U"x", U"covid", U"apt", U"unc", U"fin", U"ta",
    U"dev", U"storm", U"http", U"https", U"tcp", U"udp", U"usb", U"rs", U"rj", U"ipv", U"wpa", U"crc", U"ieee", U"en",
    U"jis", U"ansi", U"log4j", U"win", U"windows", U"office", U"type", U"level", U"lv", U"phase", U"no", U"vol",
    U"ver", U"rev", U"cp", U"gpt", U"smb", U"snmp", U"cobalt", U"uac", U"att", U"t", U"g", U"s", U"cat", U"id",
    U"vlan", U"raid", U"port", U"step", U"case", U"day", U"f", U"m", U"a", U"b", U"c", U"d", U"e", U"nis", U"unit",
    U"version", U"v", U"part", U"model", U"room", U"line", U"ioc", U"ttp", U"sr", U"inc", U"dow", U"base",
    U"ciadv", U"alas", U"cpe", U"apsb", U"apsa", U"vmsa", U"cisco", U"asa", U"ctx", U"sonicwall", U"swg", U"k");

LIST(role_mail, U"info", U"information", U"csirt", U"cert", U"soc", U"noc", U"joho", U"jouhou", U"admin",
    U"administrator", U"support", U"security", U"contact", U"somu", U"soumu", U"it", U"ot", U"help", U"helpdesk",
    U"office", U"webmaster", U"postmaster", U"abuse", U"root", U"system", U"systems", U"kanri", U"kanrisha", U"mail",
    U"user", U"users", U"test", U"guest", U"public", U"default", U"service", U"sales", U"eigyo", U"koho", U"kouhou",
    U"press", U"privacy", U"hostmaster", U"noreply", U"no-reply", U"backup", U"operator", U"staff", U"team",
    U"network", U"server", U"incident", U"report", U"alert", U"alerts", U"maint", U"maintenance", U"hoshu", U"owner",
    U"oracle", U"postgres", U"mysql", U"www-data", U"apache", U"nginx", U"ubuntu", U"debian", U"centos", U"ec2-user",
    U"pi", U"git", U"jenkins", U"ansible", U"vagrant", U"account", U"accounts", U"hello", U"inquiry", U"toiawase",
    U"madoguchi", U"suido", U"shisetsu", U"byoin", U"jinji", U"keiri", U"hoken", U"shiyakusho", U"main", U"data",
    U"login", U"local", U"shared", U"share", U"temp", U"tmp", U"files", U"desktop", U"documents", U"downloads");
LIST(public_user, U"public", U"default", U"default user", U"all users", U"administrator", U"admin", U"user",
    U"users", U"username", U"user name", U"defaultuser0", U"guest", U"root", U"xxx", U"xxxx", U"***", U"*", U"...",
    U"shared");
LIST(user_key, U"u", U"user", U"users", U"usr", U"uid", U"userid", U"user_id", U"username", U"user_name", U"mail",
    U"email", U"e-mail", U"mailaddress", U"id", U"login", U"loginid", U"login_id", U"account", U"acct", U"name",
    U"rcpt", U"recipient", U"to", U"e", U"emp", U"employee", U"staff", U"member", U"upn", U"login_hint", U"sub");
/* clang-format on */

static const char32_t *const *const lists[WORDS_COUNT] = {
	[WORDS_CORPORATE_JA] = corporate_ja,
	[WORDS_STRIP_JA] = strip_ja,
	[WORDS_ABSORB_JA] = absorb_ja,
	[WORDS_COMMON_JA] = common_ja,
	[WORDS_REGION_JA] = region_ja,
	[WORDS_PREFECTURE_JA] = prefecture_ja,
	[WORDS_HONORIFIC_JA] = honorific_ja,
	[WORDS_CONTACT_JA] = contact_ja,
	[WORDS_UNIT_JA] = unit_ja,
	[WORDS_FACILITY_JA] = facility_ja,
	[WORDS_MODIFIER_JA] = modifier_ja,
	[WORDS_SURNAME_JA] = surname_ja,
	[WORDS_CORPORATE_EN] = corporate_en,
	[WORDS_GENERIC_EN] = generic_en,
	[WORDS_COMMON_EN] = common_en,
	[WORDS_TECH_EN] = tech_en,
	[WORDS_CONTACT_EN] = contact_en,
	[WORDS_TITLE_EN] = title_en,
	[WORDS_DESK_EN] = desk_en,
	[WORDS_FACILITY_EN] = facility_en,
	[WORDS_TLD] = tld,
	[WORDS_SUFFIX_LABEL] = suffix_label,
	[WORDS_FILE_EXT] = file_ext,
	[WORDS_DOCUMENT_EXT] = document_ext,
	[WORDS_HOST_PART] = host_part,
	[WORDS_NOT_HOST] = not_host,
	[WORDS_ROLE_MAIL] = role_mail,
	[WORDS_PUBLIC_USER] = public_user,
	[WORDS_USER_KEY] = user_key,
};

size_t
scrub_word_at(enum scrub_list l, const struct scrub_cp *v, size_t n, size_t i)
{
	const char32_t *const *w;
	size_t k, best = 0;

	if (i >= n)
		return 0;
	for (w = lists[l]; *w != NULL; w++) {
		if ((*w)[0] != v[i].c)
			continue;
		for (k = 1; (*w)[k] != 0 && i + k < n && (*w)[k] == v[i + k].c; k++)
			;
		if ((*w)[k] == 0 && k > best)
			best = k;
	}
	return best;
}

static size_t
length(const char32_t *w)
{
	size_t n = 0;

	while (w[n] != 0)
		n++;
	return n;
}

size_t
scrub_word_before(enum scrub_list l, const struct scrub_cp *v, size_t i)
{
	const char32_t *const *w;
	size_t k, n, best = 0;

	for (w = lists[l]; *w != NULL; w++) {
		n = length(*w);
		if (n > i || n <= best || (*w)[n - 1] != v[i - 1].c)
			continue;
		for (k = 0; k < n && (*w)[k] == v[i - n + k].c; k++)
			;
		if (k == n)
			best = n;
	}
	return best;
}

int
scrub_word_is(enum scrub_list l, const uint32_t *c, size_t n)
{
	const char32_t *const *w;
	size_t k;

	if (n == 0)
		return 0;
	for (w = lists[l]; *w != NULL; w++) {
		for (k = 0; k < n && (*w)[k] == c[k]; k++)
			;
		if (k == n && (*w)[n] == 0)
			return 1;
	}
	return 0;
}

int
scrub_word_is_view(enum scrub_list l, const struct scrub_cp *v, size_t a, size_t b)
{
	return b > a && scrub_word_at(l, v, b, a) == b - a;
}
