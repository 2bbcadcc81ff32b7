/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words the scrubber knows.  They are general Japanese and English, never names of
 * members; all are folded (lower case, full-width katakana).
 */
#include "proto/scrub_words.h"

#define LIST(name, ...) static const char32_t *const name[] = { __VA_ARGS__, NULL }

/*
 * Within a list words are sorted by their first character only, so that one look finds
 * the few that may fit.
 */
/* clang-format off */
/* Forms of incorporation, before or after the name. */
LIST(corporate_ja, U"(株)", U"(有)", U"(同)", U"(資)", U"(名)", U"(相)", U"(医)",
    U"(学)", U"(福)", U"(宗)", U"(一社)", U"(公社)", U"(社)", U"(一財)", U"(公財)",
    U"(財)", U"(独)", U"(特非)", U"(協)", U"(社福)", U"(医社)", U"(医財)", U"(特医)",
    U"(社医)", U"(公大)", U"(国大)", U"(国)", U"(地独)", U"(農)", U"(漁)", U"(合)",
    U"(国研)", U"(更)", U"(管)", U"(弁)", U"(税)", U"(カ", U"(カ)", U"(ユ)", U"(イ)",
    U"hd", U"hds", U"npo法人", U"イ)", U"カ)", U"ガク)", U"ザイ)", U"シャ)", U"ド)",
    U"フク)", U"ユ)", U"一般社団法人", U"一般財団法人", U"一部事務組合", U"一社)", U"一財)",
    U"事業協同組合", U"企業組合", U"公益社団法人", U"公益財団法人", U"公立大学法人", U"公財)", U"公社)",
    U"医療法人社団", U"医療法人財団", U"医療法人", U"医)", U"医社)", U"医財)", U"協同組合連合会", U"協同組合",
    U"合同会社", U"合資会社", U"合名会社", U"同)", U"国立研究開発法人", U"国立大学法人",
    U"国立高等専門学校", U"地方独立行政法人", U"学校法人", U"学)", U"宗教法人", U"弁護士法人",
    U"日本法人", U"有限会社", U"有限責任事業組合", U"有限責任監査法人", U"有)", U"株式会社", U"株)",
    U"特定非営利活動法人", U"特殊会社", U"特定医療法人", U"独立行政法人", U"監査法人",
    U"相互会社", U"社会医療法人", U"社会福祉法人", U"社団法人", U"社)", U"社医)", U"社福)", U"福)", U"税理士法人",
    U"認可法人", U"財団法人", U"財)", U"農業協同組合");
LIST(corporate_en, U"ag", U"association", U"co., ltd.", U"co.,ltd.", U"co. ltd.",
    U"co.,ltd", U"co., ltd", U"co ltd", U"company limited", U"company, limited",
    U"corporation", U"corp.", U"corp", U"company", U"co.", U"cooperative",
    U"co.,inc.", U"co., inc.", U"co. inc.", U"co inc", U"foundation", U"g.k.",
    U"gmbh", U"group", U"gk", U"g.k", U"godo kaisha", U"goudou kaisha", U"holdings",
    U"hd", U"hds", U"inc.", U"inc", U"incorporated",
    U"incorporated administrative agency", U"k.k.", U"kk", U"kabushiki kaisha",
    U"k.k", U"limited", U"ltd.", U"ltd", U"llc", U"l.l.c.", U"llp",
    U"medical corporation", U"plc", U"pte. ltd.", U"s.a.", U"yugen kaisha", U"y.k.",
    U"yk");

/* What says the trade and not the name: taken off to find the name itself. */
LIST(absorb_ja, U"hp", U"lng基地", U"tv", U"ふ頭", U"アセット", U"アセットマネジメント", U"インターチェンジ",
    U"エアラインズ", U"エアライン", U"エアポート", U"エナジー", U"エネルギー", U"カード", U"ガス", U"ガス局",
    U"キャンパス", U"クリニック", U"クレジット", U"クリーンセンター", U"グループ", U"ケミカル", U"ケーブルテレビ",
    U"ケーブル", U"コンテナターミナル", U"コミュニケーションズ", U"コンビナート", U"コールセンター", U"サービスエリア",
    U"スタジオ", U"センター", U"ターミナル", U"タワー", U"ダム", U"テレビ", U"テレコム", U"テレホン", U"データセンター",
    U"デポ", U"ニュータウン", U"ネット銀行", U"バス", U"パワー", U"ビル", U"ファイナンス", U"フィナンシャルグループ",
    U"フィナンシャル", U"フェリー", U"フレイト", U"ファーマ", U"ペイメント", U"ペイメンツ", U"ペイ", U"ホールディングス",
    U"ポンプ場", U"リファイナリー", U"リース", U"ロジスティクス", U"ロジスティックス", U"ロジ", U"上下水道局", U"上下水道部",
    U"上下水道", U"上水道", U"下水道局", U"下水道", U"下水処理場", U"中央", U"中学校", U"中央病院", U"中継局",
    U"事業団", U"事務所", U"事業所", U"事業本部", U"交通局", U"交通", U"交換局", U"付属", U"企業団", U"企業局",
    U"会", U"体育館", U"保険", U"保健所", U"信用金庫", U"信金", U"信用組合", U"信組", U"信託銀行", U"信託",
    U"信販", U"信連", U"倉庫", U"備蓄基地", U"公社", U"公団", U"公民館", U"共同火力", U"処理場", U"出張所",
    U"分院", U"別館", U"加圧所", U"化学工業", U"化学", U"区役所", U"区", U"医院", U"医療センター", U"医療",
    U"医科", U"医療圏", U"半島", U"協会", U"協同組合", U"厚生", U"原子力発電所", U"原子力", U"取引所", U"取水場",
    U"合庁", U"合同庁舎", U"商事", U"商会", U"商店", U"営業所", U"団地", U"図書館", U"国際空港", U"地下鉄", U"地区", U"地方",
    U"地下街", U"地熱発電所", U"埠頭", U"基地", U"変電所", U"大学", U"大学病院", U"大橋", U"太陽光発電所", U"学園",
    U"小学校", U"局", U"局舎", U"工業", U"工場", U"市民病院", U"市役所", U"市", U"市場", U"庁舎",
    U"広域水道企業団", U"府庁", U"府", U"役場", U"役所", U"役場庁舎", U"急便", U"技術センター", U"指令所",
    U"揚水発電所", U"損害保険", U"損保", U"携帯", U"操車場", U"支店", U"支社", U"支部", U"支所", U"支線",
    U"放送", U"放送センター", U"斎場", U"新館", U"新線", U"旅客鉄道", U"旅客", U"本店", U"本社", U"本部",
    U"本庁", U"本館", U"本院", U"本線", U"村役場", U"村", U"検車区", U"機構", U"歯科", U"水道局", U"水道部",
    U"水道事業", U"水道", U"水力発電所", U"水再生センター", U"水源地", U"汽船", U"油槽所", U"浄水場", U"浄化センター",
    U"海上", U"海運", U"海岸", U"消防本部", U"消防局", U"消防署", U"清算機関", U"減圧所", U"港湾運送", U"港湾局",
    U"港湾", U"港運", U"港", U"港町", U"漁港", U"漁協", U"演奏所", U"火災海上保険", U"火災", U"火力発電所",
    U"火力", U"物流", U"物流センター", U"物流倉庫", U"瓦斯", U"生命保険", U"生命", U"生協", U"産業", U"町役場",
    U"町", U"病院", U"病棟", U"発電", U"発電所", U"看護学校", U"県庁", U"県", U"石油", U"石油化学", U"石化",
    U"研", U"研究所", U"空港", U"空輸", U"管理事務所", U"管制塔", U"組合", U"総合", U"総合病院", U"線", U"美術館",
    U"老人ホーム", U"航空", U"航空局", U"薬局", U"薬科大学", U"製作所", U"製造所", U"製鉄", U"製鉄所", U"製薬",
    U"製油所", U"製油", U"製造", U"記念", U"診療所", U"証券", U"証券取引所", U"貨物", U"貨物運送", U"貯油所",
    U"赤十字", U"車両所", U"車両基地", U"車両センター", U"農協", U"送配電", U"送電", U"送信所", U"通運", U"通信",
    U"連合会", U"運送", U"運輸", U"運転所", U"道庁", U"郡", U"都市ガス", U"都庁", U"配送センター", U"配水場",
    U"配水池", U"配電", U"重工", U"重工業", U"鉄道", U"銀行", U"附属病院", U"附属", U"陸運", U"集配センター",
    U"電鉄", U"電気鉄道", U"電力", U"電話", U"電工", U"電話局", U"風力発電所", U"駅", U"駐屯地", U"高速鉄道",
    U"高校");
LIST(strip_ja, U"lng基地", U"tv", U"ふ頭", U"アセット", U"アセットマネジメント", U"インターチェンジ", U"ウォレット",
    U"エアラインズ", U"エアライン", U"エアポート", U"エナジー", U"エネルギー", U"エクスプレス", U"エンジニアリング", U"カード", U"カーゴ", U"ガス", U"ガス局",
    U"キャンパス", U"クリニック", U"クレジット", U"クリーンセンター", U"グループ", U"ケミカル", U"ケーブルテレビ",
    U"ケーブル", U"コンテナターミナル", U"コミュニケーションズ", U"コンビナート", U"コールセンター", U"コネクト", U"ゴム", U"サービス",
    U"サービスエリア", U"サービスステーション", U"システムズ", U"システム", U"ジャパン", U"スタジオ", U"ステーション", U"センター", U"セメント",
    U"ソリューションズ", U"ターミナル", U"タワー", U"ダム", U"テレビ", U"テレコム", U"テレホン", U"テクノロジーズ", U"テクノロジー", U"テクノ", U"データセンター",
    U"デポ", U"トランスポート", U"ニュータウン", U"ネットワークス", U"ネットワーク", U"ネット銀行", U"バス", U"パワー", U"ファイナンス",
    U"フィナンシャルグループ", U"フィナンシャル", U"フェリー", U"フレイト", U"ファーマ", U"プラント", U"ヘルスケア", U"ペイメント",
    U"ペイメンツ", U"ペイ", U"ホールディングス", U"ホーム", U"ポンプ場", U"ポート", U"ポンプ室", U"マリン", U"メディカル", U"リファイナリー", U"リース",
    U"リソース",
    U"ロジスティクス", U"ロジスティックス", U"ロジ", U"上下水道局", U"上下水道部", U"上下水道", U"上水道", U"上屋", U"下水道局",
    U"下水道", U"下水処理場", U"不動産", U"中央", U"中学校", U"中央病院", U"中継局", U"乳業", U"事業団", U"事務所", U"事業所", U"事業",
    U"事業本部", U"事務センター", U"交通局", U"交通", U"交換局", U"付属", U"企業団", U"企業局", U"企業庁", U"会", U"住宅", U"体育館", U"供給センター",
    U"供給所", U"供給", U"保険",
    U"保健所", U"保証", U"保線区", U"保育園", U"保健センター", U"信用金庫", U"信金", U"信用組合", U"信組", U"信託銀行", U"信託", U"信販", U"信用",
    U"信連",
    U"信用農業協同組合", U"信用保証", U"倉庫", U"健診センター", U"備蓄基地", U"充填所", U"先物", U"公社", U"公団", U"公立", U"公民館", U"公園", U"共同火力",
    U"共済", U"冷蔵", U"冷凍", U"冷熱",
    U"処理場", U"出張所", U"分院", U"分署", U"分室", U"別館", U"制御所", U"加圧所", U"労働金庫", U"労金", U"化学工業", U"化学", U"化成", U"北",
    U"区役所", U"区", U"医院",
    U"医療センター", U"医療", U"医科", U"医療圏", U"医師会", U"半島", U"協会", U"協同組合", U"南", U"印刷", U"厚生", U"原子力発電所",
    U"原子力", U"取引所", U"取水場", U"受入基地", U"合成", U"合同庁舎", U"商事", U"商会", U"商店", U"商船", U"営業所", U"営業センター", U"団地",
    U"図書館",
    U"国際", U"国立", U"国際空港", U"土木", U"地下鉄", U"地区", U"地方", U"地域", U"地下街", U"地熱発電所", U"地所", U"地熱発電", U"埠頭", U"埠頭上屋",
    U"基地", U"塗料", U"変電所", U"変電室", U"大学", U"大学病院", U"大橋", U"太陽光発電所", U"太陽光発電", U"学園", U"学校", U"小学校", U"局",
    U"局舎", U"岸壁",
    U"工業", U"工場", U"市民病院", U"市役所", U"市", U"市場", U"市立", U"市民", U"幼稚園", U"庁", U"広域水道企業団", U"広域", U"広域連合",
    U"府庁", U"府", U"府立", U"建設", U"建材", U"役場", U"役所", U"急便", U"情報システム", U"情報", U"情報通信", U"技術センター", U"投信",
    U"投資顧問", U"投資",
    U"指令所", U"揚水発電所", U"損害保険", U"損保", U"携帯", U"操車場", U"支店", U"支社", U"支部", U"支所",
    U"支援", U"支線", U"支庁", U"放送", U"放送センター", U"救命救急センター", U"救命センター", U"整備場", U"整備工場", U"整圧所", U"文化センター", U"斎場",
    U"新館", U"新線", U"旅客鉄道", U"旅客", U"曳船", U"有料道路", U"有線", U"本店",
    U"本社", U"本部", U"本庁", U"本館", U"本院", U"本線", U"村役場", U"村", U"村立", U"東日本", U"桟橋", U"検車区", U"樹脂",
    U"機構", U"機関区", U"機場", U"歯科", U"水道局", U"水道部", U"水道事業", U"水道", U"水力発電所", U"水再生センター", U"水源地", U"水産", U"決済",
    U"汽船", U"油槽所", U"油化", U"洋上風力発電", U"流通", U"浄水場", U"浄化センター", U"海上", U"海運", U"海岸", U"海洋", U"消防本部", U"消防局",
    U"消防署", U"消防組合", U"清算機関", U"清掃", U"減圧所", U"港湾運送", U"港湾局", U"港湾", U"港運", U"港", U"港町", U"漁港",
    U"漁協", U"漁業", U"演奏所", U"火災海上保険", U"火災", U"火力発電所", U"火力", U"熱供給", U"物流", U"物流センター",
    U"物流倉庫", U"物産", U"瓦斯", U"生命保険", U"生命", U"生協", U"産業", U"町役場", U"町", U"町立", U"畜産", U"病院", U"病棟",
    U"発電", U"発電所", U"百貨店", U"監視センター", U"看護学校", U"県庁", U"県", U"県立", U"石油", U"石油化学", U"石化",
    U"研究所", U"研修センター", U"硝子", U"社", U"私立", U"空港", U"空輸", U"第一", U"第二", U"第三", U"管理事務所", U"管制塔", U"管理センター",
    U"精密", U"精製", U"紙業", U"紡績",
    U"組合", U"給電所", U"給電指令所", U"給食センター", U"総合", U"総合病院", U"総合支所", U"総合庁舎", U"線", U"繊維", U"美術館", U"老人ホーム",
    U"臨海", U"航空", U"航空局", U"船舶", U"荷捌場", U"薬局", U"薬科大学", U"薬品",
    U"製作所", U"製造所", U"製鉄", U"製鉄所", U"製薬", U"製油所", U"製紙", U"製油", U"製造", U"製菓", U"製鋼", U"製粉", U"製糖", U"西日本",
    U"観光", U"計装", U"計算センター", U"訓練センター", U"記念", U"診療所", U"証券", U"証券取引所", U"警備", U"貨物", U"貨物運送", U"貨物駅",
    U"貯油所", U"貯蔵所", U"赤十字", U"車両所",
    U"車両基地", U"車両センター", U"車庫", U"輸送", U"農協", U"農業", U"農業協同組合", U"送配電", U"送電", U"送信所", U"透析センター", U"通運",
    U"通信", U"通商", U"造船", U"連合会", U"運送", U"運輸", U"運転所", U"運転区", U"運行管理センター", U"運航管理センター", U"道庁", U"道路公社",
    U"選果場", U"郡", U"都市ガス", U"都庁", U"都立",
    U"配送センター", U"配水場", U"配水池", U"配電", U"配車センター", U"配水塔", U"酒造", U"醸造", U"重工", U"重工業", U"金属", U"鉄道", U"鉱業",
    U"銀行", U"鋼業", U"開発",
    U"附属病院",
    U"附属", U"陸運", U"集配センター", U"集荷場", U"電鉄", U"電気鉄道", U"電力", U"電気", U"電機", U"電話", U"電工",
    U"電話局", U"電線", U"電産", U"電算", U"電算センター", U"電車区", U"青果", U"風力発電所", U"風力発電", U"風力", U"食品", U"飲料", U"駅",
    U"駐屯地", U"高速鉄道",
    U"高校", U"高速道路");

/* Too common to stand for a sender alone. */
LIST(common_ja, U"あさひ", U"いのち", U"くらし", U"こども", U"すべて", U"のぞみ",
    U"はるか", U"ひかり", U"まち", U"みらい", U"みんな", U"アクセス", U"オンライン",
    U"クラウド", U"グリーン", U"サイバー", U"サーバ", U"スマート", U"セキュリティ",
    U"デジタル", U"ネット", U"パス", U"ブルー", U"ポータル", U"メール", U"ライフ",
    U"ライン", U"リンク", U"世界", U"中部", U"中", U"信頼", U"健康", U"全国", U"共同",
    U"北部", U"北", U"協和", U"南北", U"南部", U"南", U"国内", U"大", U"太平洋",
    U"安全", U"安心", U"希望", U"平和", U"技術", U"新日本", U"新", U"日本", U"未来",
    U"本", U"東西", U"東洋", U"東部", U"東", U"海外", U"環境", U"生活", U"福祉",
    U"緑", U"自治", U"西部", U"西", U"都市", U"電子", U"青");
LIST(region_ja, U"三重", U"中部", U"中国", U"中日本", U"九州", U"京都", U"仙台",
    U"佐賀", U"信越", U"全日本", U"兵庫", U"北海道", U"北関東", U"北陸", U"北九州",
    U"千葉", U"南関東", U"南九州", U"名古屋", U"和歌山", U"四国", U"埼玉", U"大阪",
    U"大分", U"奈良", U"宮城", U"宮崎", U"富山", U"山陰", U"山陽", U"山梨", U"山形",
    U"山口", U"岐阜", U"岡山", U"岩手", U"島根", U"広島", U"徳島", U"愛知", U"愛媛",
    U"新日本", U"新潟", U"日本海", U"日本", U"札幌", U"東北", U"東海", U"東日本",
    U"東京", U"栃木", U"横浜", U"沖縄", U"滋賀", U"瀬戸内", U"熊本", U"琉球",
    U"甲信越", U"石川", U"神戸", U"神奈川", U"福岡", U"福井", U"福島", U"秋田",
    U"群馬", U"茨城", U"西日本", U"近畿", U"長野", U"長崎", U"関東", U"関西", U"青森",
    U"静岡", U"首都圏", U"香川", U"高知", U"鳥取", U"鹿児島");
LIST(prefecture_ja, U"三重県", U"京都府", U"佐賀県", U"兵庫県", U"北海道", U"千葉県",
    U"和歌山県", U"埼玉県", U"大阪府", U"大分県", U"奈良県", U"宮城県", U"宮崎県",
    U"富山県", U"山形県", U"山梨県", U"山口県", U"岐阜県", U"岡山県", U"岩手県",
    U"島根県", U"広島県", U"徳島県", U"愛知県", U"愛媛県", U"新潟県", U"東京都",
    U"架空県", U"栃木県", U"沖縄県", U"滋賀県", U"熊本県", U"石川県", U"神奈川県",
    U"福島県", U"福井県", U"福岡県", U"秋田県", U"群馬県", U"茨城県", U"長野県",
    U"長崎県", U"青森県", U"静岡県", U"香川県", U"高知県", U"鳥取県", U"鹿児島県");

LIST(honorific_ja, U"cio", U"ciso", U"くん", U"さま", U"さん", U"ちゃん", U"グループ長",
    U"シェフ", U"センター長", U"チームリーダー", U"チームリーダ", U"チーフ",
    U"ディレクター", U"マネージャー", U"マネージャ", U"リーダー", U"両名", U"両氏",
    U"主任", U"主査", U"主幹", U"主事", U"主席", U"事務長", U"事務局長", U"会長",
    U"係長", U"保安官", U"先生", U"准教授", U"副院長", U"副社長", U"助役", U"助教",
    U"医師", U"医長", U"参事", U"取締役", U"君", U"執行役員", U"室長", U"専務", U"局長",
    U"巡査", U"工場長", U"師長", U"常務", U"弁護士", U"所長", U"技師", U"技監", U"技官",
    U"担当", U"指令", U"支店長", U"支配人", U"教授", U"曹長", U"本部長", U"様", U"機長",
    U"次長", U"次長補佐", U"殿", U"氏", U"班長", U"理事", U"理事長", U"監査役",
    U"相談役", U"看護師", U"社長", U"社員", U"管理官", U"組合長", U"統括", U"職員",
    U"船長", U"薬剤師", U"補佐", U"課長", U"課長補佐", U"課長代理", U"講師", U"警部",
    U"車掌", U"運転士", U"部長", U"部長代理", U"院長", U"隊長", U"隊員", U"顧問",
    U"駅長");
LIST(contact_ja, U"お問合せ", U"お問い合わせ", U"主担当", U"代表者", U"作成者",
    U"副担当", U"問合せ先", U"問い合わせ先", U"問合先", U"問合せ", U"問い合わせ",
    U"問合わせ", U"執筆", U"報告者", U"宿直", U"対応者", U"届出者", U"当直者", U"当直", U"担当者名", U"担当者",
    U"担当", U"文責", U"氏名", U"照会先", U"発信者", U"窓口", U"管理者名",
    U"緊急連絡先", U"記入者", U"責任者", U"起票者", U"送信者名", U"連絡先",
    U"連絡窓口");
/* Where a run of kanji after such a word is a unit or body and no person. */
LIST(unit_ja, U"グループ", U"サイト", U"システム", U"センター", U"チーム", U"デスク",
    U"ベンダー", U"ベンダ", U"メール", U"主任", U"事務局", U"代表", U"企業", U"休日",
    U"会", U"係", U"係長", U"保守", U"先", U"区", U"協会", U"営業", U"場", U"夜間",
    U"委員会", U"室", U"室長", U"局", U"局長", U"工場", U"市", U"平日", U"庁",
    U"広報", U"店", U"府", U"情報", U"所", U"担当", U"支店", U"本部", U"村", U"業者",
    U"機関", U"機構", U"機", U"法人", U"班", U"町", U"番号", U"病院", U"監視",
    U"直通", U"省", U"県", U"社", U"窓口", U"管理", U"組合", U"総務", U"署", U"群",
    U"者", U"課", U"課長", U"警", U"運用", U"部", U"部門", U"部署", U"部長", U"銀行",
    U"院", U"隊", U"電話", U"駅");
LIST(facility_ja, U"lng基地", U"ふ頭", U"ガバナステーション", U"ヘッドエンド",
    U"ポンプ場", U"ポンプ所", U"下水処理場", U"中継局", U"信号場", U"制御所",
    U"原子力発電所", U"取水場", U"埠頭", U"変電所", U"太陽光発電所", U"局舎",
    U"揚水発電所", U"操車場", U"水再生センター", U"水源地", U"水力発電所", U"油槽所",
    U"浄水場", U"浄化センター", U"火力発電所", U"物流センター", U"発電所", U"給電所",
    U"給電指令所", U"総合車両所", U"製油所", U"製鉄所", U"車両基地", U"車両センター",
    U"送信所", U"配水場", U"配水池", U"配送センター", U"開閉所", U"風力発電所",
    U"駐屯地");
LIST(modifier_ja, U"々", U"一部", U"一", U"一次", U"一箇所", U"一方", U"三", U"上流",
    U"下流", U"両", U"中規模", U"中央", U"中継", U"主要", U"主力", U"主", U"予備",
    U"事業用", U"二", U"二次", U"五", U"今回", U"今朝", U"他", U"他社", U"他県",
    U"以降", U"低温", U"保有", U"停止", U"側", U"全", U"全国", U"公共", U"共同", U"内",
    U"内燃力", U"冷凍", U"冷蔵", U"別", U"前回", U"副", U"加圧", U"北", U"医薬品",
    U"南", U"原子力", U"原発", U"及", U"取水", U"受信", U"可搬", U"各", U"合同", U"同",
    U"同型", U"四", U"国内", U"地熱", U"地下", U"地域", U"型", U"基幹", U"基地", U"外",
    U"大規模", U"大", U"大型", U"天然", U"太陽光", U"委託", U"委託先", U"対象",
    U"小規模", U"小", U"小型", U"屋外", U"山間部", U"市内", U"市街地", U"市営", U"広域",
    U"弊社", U"弊", U"式", U"当該", U"当社", U"当", U"急速", U"我々", U"我", U"所管",
    U"所有", U"接続", U"揚水", U"放送", U"数", U"新設", U"新", U"新旧", U"施設",
    U"既設", U"日本", U"旧", U"昨日", U"昨夜", U"時点", U"最寄", U"有人", U"本", U"東",
    U"某", U"業務", U"次回", U"残", U"民間", U"民放", U"水力", U"水道局", U"河川",
    U"波力", U"流域", U"浄水", U"海外", U"港湾", U"潮力", U"火力", U"無人", U"無線",
    U"特定", U"現地", U"現在", U"産業用", U"用", U"町内", U"発生", U"監視", U"直後",
    U"県内", U"県営", U"石炭", U"石油", U"移動", U"稼働中", U"第", U"等", U"箇所",
    U"管内", U"管理", U"簡易", U"系統", U"系", U"約", U"緊急", U"総合", U"緩速",
    U"翌日", U"翌朝", U"自社", U"自治体", U"自家用", U"衛星", U"被害", U"複数", U"西",
    U"親局", U"計", U"該当", U"近隣", U"送電", U"送水", U"通信", U"連系", U"運転中",
    U"運営", U"遠方", U"遠隔", U"都市", U"都市部", U"配電", U"配水", U"鉄道", U"閉塞",
    U"開閉", U"関連", U"関係", U"隣接", U"集中", U"電力", U"電話", U"風力", U"食品");

/* What hiragana before a plant ends with when it is no name. */
LIST(kana_ja, U"あの", U"ある", U"あった", U"いずれの", U"いくつかの", U"いた", U"いる", U"うち", U"および", U"おおむね", U"からの", U"から", U"かかる", U"くらいの", U"この", U"こうした", U"こと", U"ごとの", U"された", U"される", U"さらに", U"した", U"している", U"すべての", U"すべて", U"する", U"すでに", U"すぐに", U"せた", U"それぞれの", U"そのほかの", U"その", U"そうした", U"ための", U"たびの", U"たちの", U"ただし", U"だけの", U"ている", U"での", U"できる", U"できた", U"という", U"との", U"とき", U"ところ", U"とくに", U"ともに", U"どの", U"ならびに", U"など", U"なった", U"なる", U"ない", U"なお", U"における", U"にある", U"による", U"ので", U"のうち", U"への", U"ほかの", U"ほどの", U"ほぼ", U"または", U"までの", U"まで", U"まま", U"まだ", U"また", U"もしくは", U"もの", U"より", U"られた", U"れた", U"わが");

/* The trade in hiragana. */
LIST(kana_trade, U"いりょうせんたー", U"いりょう", U"いんさつ", U"いんりょう", U"いんしゅあらんす", U"うんゆ", U"うんそう", U"うぉーたー", U"えなじー",
    U"えあらいん", U"えあぽーと",
    U"えねるぎー", U"えいぎょうしょ", U"えくすぷれす", U"えんじにありんぐ", U"えあ", U"えあかーご", U"えれくとりっく", U"おいる", U"かーど", U"かいうん",
    U"かい", U"かがく", U"かぶしきがいしゃ", U"かもつ", U"かいじょうほけん",
    U"かいよう", U"かせい", U"かーご", U"かせいひん", U"かいきょう",
    U"がす", U"がくえん", U"きせん", U"きょうかい", U"きこう", U"きねん", U"きぎょうだん", U"きょうどうくみあい", U"きんぞく", U"きょうさい", U"きょうきゅう",
    U"ぎんこう", U"ぎょきょう", U"くりにっく", U"くうこう", U"くみあい", U"くやくしょ", U"くれじっと", U"ぐるーぷ",
    U"けみかる", U"けん", U"けんちょう", U"けんきゅうじょ", U"けんきゅうしょ", U"けっさい", U"けんりつ", U"けーぶる", U"こううん", U"こうつう", U"こうくう", U"こうぎょう", U"こうしゃ",
    U"こうわん", U"こうつうきょく", U"こうだん", U"こうじょう", U"こういき", U"こういきれんごう", U"こうそくどうろ", U"こねくと", U"こくさい", U"こうげん",
    U"ごうどうがいしゃ",
    U"ごうせい",
    U"さんぎょう", U"さーびす", U"しんきん",
    U"しんようきんこ", U"しんようくみあい", U"しんくみ", U"しょうけん", U"しょうじ", U"しょうかい", U"しやくしょ",
    U"しょうぼうきょく", U"しょうぼうほんぶ", U"しみんびょういん", U"しんたく", U"しんたくぎんこう", U"しょくひん",
    U"しょりじょう", U"ししゃ", U"してん", U"しょうぼうしょ", U"しんりょうじょ", U"しすてむ", U"しすてむず", U"しんよう", U"しみん", U"しりつ", U"しっぴんぐ",
    U"じぎょうだん",
    U"じゃぱん",
    U"じょうすいじょう", U"じむしょ", U"じゅし", U"すいどう", U"すいどうきょく", U"すいさん", U"すちーる", U"せいめい", U"せきゆ", U"せいきょう", U"せいぶ",
    U"せいてつ", U"せいゆ", U"せいやく", U"せきゆかがく", U"せいめいほけん", U"せんたー", U"せいせい", U"せんい", U"せいか", U"せいこう", U"せいふん",
    U"そうごうびょういん", U"そんぽ",
    U"そうごう", U"そうこ", U"そうでん", U"そうはいでん", U"そんがいほけん", U"そりゅーしょんず", U"ぞうせん", U"たーみなる", U"たいようこう", U"だいがく",
    U"だいいち",
    U"だいに", U"だいさん", U"ちゅうおうびょういん", U"ちゅうおう", U"ちゅうぶ", U"ちょうりつ", U"ちほう", U"つううん", U"つうしん", U"てつどう",
    U"てれび", U"てれこむ", U"てくの", U"てくのろじー", U"でんりょく", U"でんき", U"でんてつ", U"とうぶ", U"とりょう", U"とうし", U"とらんすぽーと",
    U"どうろ", U"なんぶ",
    U"にほん", U"にゅうぎょう", U"ねっとわーく", U"ねっと", U"のうきょう",
    U"のうぎょうきょうどうくみあい", U"はいでん", U"はつでん", U"はつでんしょ", U"はんとう", U"ばす", U"ばんく", U"ぱわー", U"ぱいぷらいん", U"びょういん",
    U"ふぇりー", U"ふとう", U"ふどうさん", U"ふうりょく", U"ふーず", U"ぶつりゅう", U"ぶっさん", U"へんでんしょ", U"ぺい", U"ぺいめんと", U"ぺとろりあむ",
    U"ほけん", U"ほうそう",
    U"ほーるでぃんぐす", U"ほるでぃんぐす", U"ほくぶ", U"ほうそうきょく", U"ほんしゃ", U"ほんてん", U"ほしょう", U"ほすぴたる", U"ぼうせき", U"まりん", U"めでぃかる",
    U"やくば", U"やっきょく", U"やくひん",
    U"ゆうげんがいしゃ", U"ゆそう", U"らじお", U"りょかく", U"りんかい", U"りそーす", U"りふぁいなりー", U"れんごうかい", U"れいぞう", U"れいとう",
    U"れーるうぇい", U"ろじすてぃくす", U"ろじ",
    U"ろうきん", U"わんがん");

LIST(generic_en, U"airlines", U"airline", U"airways", U"airport", U"air",
    U"aviation", U"association", U"authority", U"agency", U"and", U"academy",
    U"asset", U"airfield", U"assoc", U"assoc.", U"bank", U"banking", U"bus",
    U"bureau", U"broadcasting", U"branch", U"byoin", U"butsuryu", U"bussan",
    U"beverage", U"brewery",
    U"clinic", U"center", U"centre", U"central", U"chuo", U"credit", U"card",
    U"cards", U"cargo", U"chemical", U"chemicals", U"city", U"county", U"cable",
    U"communications", U"cooperative", U"coop", U"corporation", U"company", U"corp",
    U"co", U"cho", U"chubu", U"chugoku", U"college", U"cooperation", U"city-hall",
    U"clearing", U"cloud", U"co-op", U"co-operative", U"cement", U"construction",
    U"courier", U"department",
    U"distribution", U"denryoku", U"daigaku", U"dentetsu", U"datacenter",
    U"digital", U"data", U"dept", U"dept.", U"dairy", U"express", U"electric",
    U"electricity",
    U"energy", U"east", U"exchange", U"engineering", U"expressway", U"finance",
    U"financial", U"freight", U"for",
    U"fu", U"federation", U"foundation", U"fire", U"first", U"foods", U"ferry",
    U"fisheries", U"forwarding",
    U"general", U"gas", U"government", U"group", U"ginko", U"gasu", U"grid",
    U"gakuen", U"gesuido", U"gun", U"hospital", U"harbor", U"harbour", U"hall",
    U"holdings", U"hp", U"hd", U"heat", U"hokuriku", U"hokkaido", U"hoso", U"hydro",
    U"hoken", U"hatsuden", U"haiden", U"hojin", U"hosp", U"hosp.", U"healthcare",
    U"highway", U"insurance",
    U"industries", U"industry", U"international", U"inc", U"institute", U"intl",
    U"intl.", U"japan", U"jogesuido", U"jigyodan", U"kk", U"ku", U"ken", U"kanto",
    U"kansai", U"kyushu", U"kinki", U"kyoto", U"kisen", U"kowan", U"koku", U"kogyo",
    U"kaiun", U"koun", U"kotsu", U"kenritsu", U"kagaku", U"kyokai", U"kiko",
    U"kyoku", U"kotsukyoku", U"kinko", U"kumiai", U"kaiyo", U"kogaku", U"kensetsu",
    U"kaisha", U"kabushiki", U"kigyodan", U"kosha", U"kodomo", U"life",
    U"logistics", U"logi", U"ltd", U"laboratory", U"laboratories", U"leasing",
    U"line", U"lines", U"labs", U"lab", U"ltd.", U"medical", U"memorial", U"metro",
    U"manufacturing", U"municipal", U"machi", U"mura", U"minato-ku", U"mutual",
    U"marine", U"management", U"mobile", U"medical-center", U"mart", U"mfg",
    U"mfg.", U"mining", U"materials", U"network", U"networks", U"national", U"north",
    U"new", U"nippon",
    U"nihon", U"nuclear", U"oil", U"office", U"of", U"organization",
    U"organisation", U"okinawa", U"osaka", U"port", U"power", U"petroleum",
    U"prefecture", U"prefectural", U"plant", U"purification", U"public", U"pref", U"pref.",
    U"payment", U"payments", U"pay", U"pharma", U"pharmaceutical",
    U"pharmaceuticals", U"pipeline", U"petrochemical", U"petrochemicals", U"parcel",
    U"railway", U"railways", U"railroad", U"rail", U"refinery", U"railroads",
    U"regional", U"renewable", U"research", U"renmei", U"rengokai", U"ryokaku",
    U"retail", U"resin", U"refining", U"rubber", U"resources", U"reinsurance",
    U"securities", U"subway", U"shipping", U"steel", U"sewerage",
    U"systems", U"system", U"services", U"service", U"solutions", U"station",
    U"substation", U"shi", U"supply", U"south", U"shikoku", U"suido", U"shiyakusho",
    U"solar", U"school", U"shoji", U"sangyo", U"seisakusho", U"soko", U"shinkin",
    U"staff", U"sogo", U"shiritsu", U"shoken", U"songai", U"seimei", U"sekiyu",
    U"suidokyoku", U"shinyo", U"soden", U"shadan", U"son", U"supermarket",
    U"settlement", U"shinren", U"stevedoring", U"trust", U"transit", U"terminal",
    U"terminals",
    U"transport", U"transportation", U"town", U"television", U"tv", U"telecom",
    U"the", U"treatment", U"tohoku", U"tokai", U"tokyo", U"tetsudo",
    U"transmission", U"thermal", U"tower", U"trading", U"tsushin",
    U"telecommunications", U"telecommunication", U"telephone", U"team", U"taxi",
    U"tech", U"textile", U"technologies", U"technology", U"university", U"union",
    U"utility", U"utilities", U"unyu", U"unso",
    U"univ", U"univ.", U"village", U"vill", U"warehouse", U"works", U"water",
    U"waterworks", U"ward", U"west", U"wind", U"welfare", U"yuso", U"yuugen",
    U"zaidan");
/* English words that are names of bodies too; alone they are taken only when capital. */
LIST(common_en, U"ace", U"act", U"age", U"aid", U"aim", U"air", U"all", U"and",
    U"any", U"arc", U"are", U"arm", U"art", U"ask", U"apple", U"alpha", U"apex",
    U"anzen", U"bad", U"bar", U"bat", U"bay", U"bee", U"best", U"big", U"bit",
    U"blue", U"box", U"bus", U"bridge", U"beta", U"can", U"cap", U"car", U"care",
    U"cat", U"city", U"core", U"cut", U"crystal", U"cherry", U"data", U"day", U"dawn",
    U"door", U"dot", U"dry", U"diamond", U"delta", U"east", U"easy", U"end", U"eye",
    U"eagle", U"far", U"fast", U"fix", U"fly", U"for", U"fox", U"free", U"full",
    U"fun", U"forest", U"falcon", U"gap", U"get", U"go", U"gold", U"good", U"green",
    U"grid", U"garden", U"global", U"has", U"heart", U"high", U"hill", U"hit",
    U"home", U"hope", U"hot", U"hub", U"horizon", U"harmony", U"hikari", U"ice",
    U"ion", U"iron", U"its", U"jet", U"joy", U"key", U"kibou", U"lake", U"land",
    U"lead", U"leaf", U"life", U"light", U"line", U"link", U"lot", U"low", U"lotus",
    U"main", U"map", U"max", U"may", U"mega", U"men", U"mid", U"mind", U"mint",
    U"mix", U"moon", U"metro", U"maple", U"mirai", U"net", U"new", U"next", U"north",
    U"not", U"now", U"nova", U"nozomi", U"oak", U"off", U"old", U"one", U"open",
    U"our", U"out", U"own", U"ocean", U"orange", U"orchid", U"omega", U"park",
    U"pass", U"pay", U"peak", U"pen", U"pet", U"pine", U"plus", U"port", U"post",
    U"prime", U"pro", U"put", U"pacific", U"pioneer", U"phoenix", U"rain", U"ray",
    U"real", U"red", U"rise", U"river", U"rock", U"rose", U"run", U"safe", U"sail",
    U"sand", U"sea", U"see", U"set", U"sky", U"smart", U"snow", U"south", U"spot",
    U"star", U"stop", U"storm", U"sun", U"sunrise", U"swift", U"summit", U"sunshine",
    U"sigma", U"ten", U"the", U"tie", U"tip", U"top", U"total", U"tree", U"true",
    U"union", U"unit", U"unity", U"use", U"universal", U"van", U"vision", U"vital",
    U"wave", U"way", U"web", U"west", U"wind", U"wing", U"work", U"world", U"yes",
    U"zenith");
/* Abbreviations that every report is full of. */
LIST(tech_en, U"ai", U"ad", U"ap", U"api", U"apt", U"atm", U"av", U"asn", U"aws",
    U"app", U"bgp", U"bot", U"bcp", U"csirt", U"cert", U"cdn", U"cve", U"c2", U"cti",
    U"css", U"crm", U"csv", U"cpu", U"ceo", U"cio", U"ciso", U"ceptoar", U"db", U"dc",
    U"dns", U"dcs", U"ddos", U"dos", U"dmz", U"dhcp", U"dll", U"emr", U"ehr", U"edr",
    U"edi", U"erp", U"eol", U"exe", U"fw", U"ftp", U"faq", U"gw", U"gcp", U"gps",
    U"gb", U"gpo", U"hmi", U"http", U"hdd", U"it", U"iot", U"ict", U"ip", U"id",
    U"ids", U"ips", U"isp", U"ioc", U"iaas", U"iis", U"jpcert", U"jst", U"kb", U"lan",
    U"lte", U"log", U"lgwan", U"mfa", U"mail", U"mac", U"mb", U"nas", U"ntp", U"noc",
    U"nisc", U"nco", U"ng", U"ot", U"os", U"otp", U"ok", U"pc", U"plc", U"paas",
    U"pos", U"ppc", U"pdf", U"poc", U"php", U"rdp", U"rat", U"ram", U"rce", U"san",
    U"soc", U"sso", U"ssh", U"smb", U"ssl", U"siem", U"saas", U"sql", U"sim", U"ssd",
    U"sms", U"scada", U"tos", U"tls", U"tcp", U"ttp", U"tlp", U"tb", U"ups", U"usb",
    U"udp", U"url", U"utm", U"utc", U"vm", U"vpn", U"vnc", U"vdi", U"wan", U"waf",
    U"web", U"www", U"wsus", U"xdr", U"xss", U"xml");
LIST(contact_en, U"attn", U"attention", U"author", U"ask", U"ask for", U"approved by",
    U"authorised by", U"authorized by", U"contact", U"contacts", U"contact person",
    U"contact point", U"call", U"contacted by", U"checked by", U"duty officer",
    U"duty manager", U"enquiries", U"escalated by", U"filed by", U"handled by",
    U"in charge", U"inquiries", U"liaison", U"noticed by", U"operator on duty",
    U"point of contact", U"poc", U"pic", U"person in charge", U"prepared by",
    U"please contact", U"please call", U"reported by", U"reporter", U"responsible",
    U"reach", U"report by", U"reviewed by", U"recorded by", U"signed by",
    U"submitted by", U"written by");
LIST(title_en, U"dr.", U"dr", U"mr.", U"mr", U"ms.", U"ms", U"mrs.", U"mrs", U"miss",
    U"prof.", U"prof");
/* Capital words after "Contact" that are a desk and no person. */
LIST(desk_en, U"administration", U"affairs", U"attacker", U"attackers", U"at", U"and",
    U"agency", U"address", U"april", U"august", U"all", U"active", U"automatic",
    U"bank", U"bureau", U"by", U"business", U"center", U"centre", U"csirt", U"city",
    U"cisco", U"chief", U"customer", U"control", U"cloud", U"cyber", U"company",
    U"corporation", U"continuity", U"crisis", U"department", U"dept", U"division",
    U"desk", U"data", U"director", U"duty", U"details", U"december", U"directory",
    U"domino", U"email", U"engineering", U"emergency", U"entry", U"facilities",
    U"facility", U"fortinet", U"fax", U"for", U"form", U"february", U"friday",
    U"general", U"group", U"gas", U"help", U"hospital", U"head", U"here", U"home",
    U"information", U"incident", U"it", U"ict", U"isp", U"if", U"in", U"is",
    U"jpcert", U"january", U"june", U"july", U"japan", U"list", U"line", U"linux",
    U"logs", U"log", U"management", U"microsoft", U"ministry", U"mail", U"mobile",
    U"manager", U"maintenance", U"march", U"may", U"monday", U"more", U"network",
    U"noc", U"national", U"number", U"numbers", U"november", U"no", U"note",
    U"office", U"operations", U"operation", U"ot", U"our", U"officer", U"october",
    U"one", U"police", U"phone", U"protection", U"public", U"plant", U"page",
    U"person", U"point", U"planning", U"power", U"response", U"risk", U"relations",
    U"room", U"ransom", U"ransomware", U"remote", U"security", U"system", U"systems",
    U"support", U"service", U"services", U"soc", U"section", U"safety", U"september",
    U"saturday", U"sunday", U"same", U"some", U"team", U"the", U"town", U"tel",
    U"telephone", U"technical", U"technology", U"tuesday", U"thursday", U"this",
    U"us", U"vendor", U"via", U"vpn", U"with", U"was", U"water", U"wednesday",
    U"windows");
LIST(facility_en, U"airport", U"branch", U"branch office", U"container terminal",
    U"city", U"clinic", U"dam", U"depot", U"district", U"dispatch center",
    U"dispatch centre", U"data center", U"data centre", U"distribution center",
    U"distribution centre", U"exchange", U"filtration plant", U"factory", U"gas holder",
    U"governor station", U"hospital", U"hangar", U"headend", U"intake", U"intake weir",
    U"lift station", U"lng terminal", U"logistics center", U"logistics centre",
    U"marshalling yard", U"nuclear power", U"operations center", U"operations centre",
    U"purification plant", U"power station", U"power plant", U"pumping station",
    U"pump station", U"prefecture", U"reservoir", U"refinery", U"rail yard",
    U"substation", U"station", U"sewage plant", U"substations", U"silo", U"solar farm",
    U"solar park", U"switching station", U"treatment plant", U"thermal power",
    U"terminal", U"town", U"terminal station", U"treatment works", U"village",
    U"water treatment plant", U"water plant", U"waterworks", U"wharf", U"ward", U"weir",
    U"wind farm");
/* Prefectures and large cities, as addresses end. */
LIST(region_en, U"aichi", U"akita", U"aomori", U"chiba", U"ehime", U"fukui", U"fukuoka",
    U"fukushima", U"gifu", U"gunma", U"hiroshima", U"hokkaido", U"hyogo",
    U"ibaraki", U"ishikawa", U"iwate", U"japan", U"kagawa", U"kagoshima",
    U"kanagawa", U"kawasaki", U"kitakyushu", U"kobe", U"kochi", U"kumamoto",
    U"kyoto", U"mie", U"miyagi", U"miyazaki", U"nagano", U"nagasaki", U"nagoya",
    U"nara", U"niigata", U"oita", U"okayama", U"okinawa", U"osaka", U"saga",
    U"saitama", U"sapporo", U"sendai", U"shiga", U"shimane", U"shizuoka",
    U"tochigi", U"tokushima", U"tokyo", U"tottori", U"toyama", U"wakayama",
    U"yamagata", U"yamaguchi", U"yamanashi", U"yokohama");

LIST(tld, U"au", U"at", U"ai", U"app", U"asia", U"arpa", U"agency", U"am", U"ac",
    U"aero", U"ad", U"alt", U"biz", U"br", U"be", U"bg", U"by", U"bd", U"buzz",
    U"blog", U"bar", U"bid", U"bank", U"bit", U"com", U"cn", U"ca", U"ch", U"co",
    U"cc", U"cz", U"cf", U"club", U"cloud", U"click", U"corp", U"cyou", U"company",
    U"center", U"coop", U"de", U"dk", U"dev", U"digital", U"date", U"download",
    U"domain", U"edu", U"eu", U"es", U"eg", U"ee", U"example", U"email", U"fr", U"fi",
    U"fun", U"finance", U"fm", U"gov", U"gr", U"gg", U"ga", U"gq", U"group", U"goog",
    U"hk", U"hu", U"home", U"host", U"hr", U"int", U"info", U"in", U"it", U"io",
    U"il", U"ir", U"id", U"ie", U"im", U"icu", U"internal", U"intranet", U"invalid",
    U"is", U"intra", U"i2p", U"jp", U"jobs", U"kr", U"kp", U"kz", U"ke", U"kyoto",
    U"lt", U"lv", U"ly", U"live", U"life", U"link", U"local", U"lan", U"localdomain",
    U"localhost", U"lol", U"loan", U"la", U"li", U"lu", U"lgwan", U"mil", U"mo",
    U"mx", U"me", U"my", U"ml", U"mobi", U"media", U"monster", U"men", U"moe",
    U"museum", U"net", U"nz", U"nl", U"no", U"ng", U"name", U"nagoya", U"news",
    U"network", U"nu", U"org", U"online", U"osaka", U"okinawa", U"onion", U"pl",
    U"ph", U"pk", U"pt", U"pw", U"pro", U"page", U"press", U"post", U"priv",
    U"private", U"quest", U"ru", U"ro", U"ryukyu", U"run", U"rest", U"rs", U"su",
    U"se", U"sk", U"sg", U"site", U"shop", U"store", U"sbs", U"space", U"support",
    U"systems", U"services", U"solutions", U"stream", U"security", U"si", U"sh",
    U"tw", U"tv", U"to", U"tr", U"th", U"tk", U"top", U"tech", U"tokyo", U"test",
    U"today", U"travel", U"us", U"uk", U"ua", U"vn", U"vip", U"ws", U"world", U"work",
    U"website", U"win", U"xyz", U"yokohama", U"za", U"zone");
/* Labels that say nothing about whose a domain is. */
LIST(suffix_label, U"ac", U"ad", U"asia", U"biz", U"bank", U"com", U"co", U"corp",
    U"city", U"cloud", U"domain", U"ed", U"example", U"edu", U"eu", U"ftp", U"go",
    U"gr", U"gov", U"hospital", U"info", U"internal", U"intra", U"invalid", U"jp",
    U"lg", U"local", U"lan", U"mail", U"metro", U"mx", U"net", U"ne", U"ns", U"org",
    U"or", U"osaka", U"pref", U"smtp", U"test", U"town", U"tokyo", U"us", U"uk",
    U"vill", U"village", U"www", U"ward", U"web");
LIST(file_ext, U"7z", U"asp", U"aspx", U"accdb", U"apk", U"acd", U"ap16", U"avi",
    U"bat", U"bz2", U"bak", U"bin", U"bmp", U"bkf", U"cmd", U"cfg", U"conf", U"css",
    U"csv", U"cab", U"cer", U"crt", U"cpl", U"class", U"cs", U"cpp", U"crypt", U"dll",
    U"dmp", U"doc", U"docx", U"docm", U"dat", U"db", U"dcm", U"dwg", U"dxf", U"dmg",
    U"deb", U"drv", U"dotx", U"exe", U"evtx", U"evt", U"etl", U"eml", U"elf", U"enc",
    U"encrypted", U"fdb", U"gz", U"gif", U"gx3", U"gho", U"hta", U"html", U"htm",
    U"heic", U"ini", U"iso", U"img", U"ipa", U"inf", U"ico", U"ics", U"js", U"jse",
    U"jar", U"jsp", U"jspx", U"json", U"jpg", U"jpeg", U"jtd", U"key", U"kdbx", U"ko",
    U"lnk", U"log", U"lock", U"locked", U"ldf", U"msi", U"md", U"mdb", U"msg", U"mp4",
    U"mov", U"mp3", U"md5", U"mpp", U"mpg", U"mdf", U"nsf", U"ndf", U"ova", U"ost",
    U"one", U"ocx", U"odt", U"ods", U"odp", U"ps1", U"psm1", U"py", U"pl", U"php",
    U"ppt", U"pptx", U"pptm", U"pdf", U"pst", U"pem", U"pfx", U"p12", U"png", U"pkg",
    U"pcap", U"pcapng", U"ppsx", U"rb", U"rtf", U"rar", U"rdp", U"rpm", U"reg", U"rs",
    U"readme", U"sys", U"scr", U"sh", U"sql", U"sqlite", U"so", U"svg", U"swift",
    U"stl", U"st", U"s7p", U"txt", U"tsv", U"tgz", U"tar", U"tmp", U"tif", U"tiff",
    U"tlog", U"tib", U"url", U"vbs", U"vbe", U"vhd", U"vhdx", U"vmdk", U"vcf", U"vsd",
    U"vsdx", U"vbk", U"wsf", U"war", U"wav", U"website", U"wmv", U"webp", U"xml",
    U"xls", U"xlsx", U"xlsm", U"xlsb", U"xz", U"xdw", U"xbd", U"xltx", U"yml",
    U"yaml", U"zip");
/* Documents: under a user's folder their names are the user's. */
LIST(document_ext, U"7z", U"accdb", U"acd", U"bak", U"csv", U"doc", U"docx", U"docm",
    U"dwg", U"dxf", U"dcm", U"eml", U"gz", U"gx3", U"heic", U"html", U"htm", U"ics",
    U"jtd", U"jpg", U"jpeg", U"json", U"kdbx", U"key", U"log", U"msg", U"mdb", U"md",
    U"mpp", U"mdf", U"nsf", U"ost", U"one", U"odt", U"ods", U"odp", U"ppt", U"pptx",
    U"pptm", U"pdf", U"pst", U"pfx", U"p12", U"pem", U"png", U"rar", U"rdp", U"rtf",
    U"sql", U"tsv", U"tgz", U"tar", U"txt", U"vcf", U"vsd", U"vsdx", U"xls", U"xlsx",
    U"xlsm", U"xlsb", U"xdw", U"xbd", U"xml", U"zip");

/* Parts of host names, and of nothing else that ends in a number. */
LIST(host_part, U"ap", U"app", U"apl", U"ad", U"atm", U"adm", U"admin", U"auth",
    U"adfs", U"bk", U"bkup", U"backup", U"bastion", U"batch", U"bmc", U"cl",
    U"client", U"cam", U"cad", U"crm", U"core", U"ctl", U"ctrl", U"cache", U"cdn",
    U"cctv", U"ctx", U"cifs", U"console", U"db", U"dc", U"dns", U"dcs", U"dhcp", U"desktop",
    U"dmz", U"dist", U"dev", U"dwh", U"esx", U"esxi", U"ews", U"emr", U"ehr", U"erp",
    U"edge", U"ems", U"eng", U"file", U"fs", U"fw", U"fin", U"gw", U"git", U"gate", U"gpu",
    U"gateway", U"host", U"hv", U"hmi", U"hist", U"historian", U"his", U"hr", U"hvr",
    U"intra", U"ids", U"ips", U"ilo", U"jump", U"job", U"kiosk", U"karte", U"kvm",
    U"lb", U"lims", U"lis", U"log", U"ldap", U"laptop", U"mail", U"mx", U"mon", U"mgmt",
    U"mgr", U"mst", U"mes", U"mainte", U"maint", U"master", U"mfp", U"ns", U"nb", U"node",
    U"nas", U"ntp", U"note", U"nvr", U"nfs", U"nms", U"ora", U"ops", U"opc", U"oms", U"order",
    U"pc", U"proxy", U"prx", U"prn", U"print", U"printer", U"plc", U"pacs", U"pos",
    U"prd", U"prod", U"portal", U"primary", U"prt", U"pki", U"pbx", U"pve", U"relay",
    U"rt", U"rtr", U"router", U"rtu", U"ris", U"rdp", U"rds", U"radius", U"remote",
    U"rdgw", U"rece", U"rodc", U"rec", U"srv", U"sv", U"svr", U"server", U"sql",
    U"smtp", U"san", U"storage", U"sw", U"swt", U"scada", U"stg", U"siem", U"sso",
    U"slave", U"svn", U"scd", U"sbc", U"sup", U"syslog", U"term", U"tos", U"tms",
    U"test", U"tele", U"utm", U"ups", U"vm", U"vpn", U"veeam", U"web", U"www", U"ws",
    U"wsus", U"wifi", U"wms", U"wks", U"waf", U"wlc", U"wcs", U"wds", U"worker", U"zbx");
/* Codes with a hyphen and a number that are public. */
LIST(not_host, U"aes", U"apt", U"ansi", U"att", U"a", U"alas", U"apsb", U"apsa",
    U"asa", U"b", U"base", U"cve", U"cwe", U"capec", U"covid", U"crc", U"cp",
    U"cobalt", U"cat", U"case", U"c", U"ciadv", U"cpe", U"cisco", U"ctx", U"dsa",
    U"des", U"dev", U"day", U"d", U"dow", U"ec", U"en", U"e", U"fg", U"fg-ir", U"fin",
    U"f", U"ghsa", U"gpt", U"g", U"http", U"https", U"icsa", U"icsma", U"iso", U"iec",
    U"ipv", U"ieee", U"id", U"ioc", U"inc", U"jvn", U"jvndb", U"jvntr", U"jis", U"kb",
    U"k", U"log4j", U"level", U"lv", U"line", U"ms", U"md", U"m", U"model", U"nist",
    U"no", U"nis", U"office", U"p", U"phase", U"port", U"part", U"rhsa", U"rfc",
    U"rsa", U"rs", U"rj", U"rev", U"raid", U"room", U"sp", U"sha", U"ssl", U"storm",
    U"smb", U"snmp", U"s", U"step", U"sr", U"sonicwall", U"swg", U"tlp", U"tls",
    U"ta", U"tcp", U"type", U"t", U"ttp", U"usn", U"utf", U"ucs", U"unc", U"udp",
    U"usb", U"uac", U"unit", U"vu", U"vol", U"ver", U"vlan", U"version", U"v",
    U"vmsa", U"wpa", U"win", U"windows", U"x", U"zdi");

LIST(role_mail, U"admin", U"administrator", U"abuse", U"alert", U"alerts", U"apache",
    U"ansible", U"account", U"accounts", U"backup", U"byoin", U"csirt", U"cert",
    U"contact", U"centos", U"default", U"debian", U"data", U"desktop", U"documents",
    U"downloads", U"eigyo", U"ec2-user", U"files", U"guest", U"git", U"help",
    U"helpdesk", U"hostmaster", U"hoshu", U"hello", U"hoken", U"info", U"information",
    U"it", U"incident", U"inquiry", U"joho", U"jouhou", U"jenkins", U"jinji",
    U"kanri", U"kanrisha", U"koho", U"kouhou", U"keiri", U"login", U"local", U"mail",
    U"maint", U"maintenance", U"mysql", U"madoguchi", U"main", U"noc", U"noreply",
    U"no-reply", U"network", U"nginx", U"ot", U"office", U"operator", U"owner",
    U"oracle", U"postmaster", U"public", U"press", U"privacy", U"postgres", U"pi",
    U"root", U"report", U"soc", U"support", U"security", U"somu", U"soumu", U"system",
    U"systems", U"service", U"sales", U"staff", U"server", U"suido", U"shisetsu",
    U"shiyakusho", U"shared", U"share", U"test", U"team", U"toiawase", U"temp",
    U"tmp", U"user", U"users", U"ubuntu", U"vagrant", U"webmaster", U"www-data");
LIST(public_user, U"***", U"*", U"...", U"all users", U"administrator", U"admin",
    U"default", U"default user", U"defaultuser0", U"guest", U"public", U"root",
    U"shared", U"user", U"users", U"username", U"user name", U"xxx", U"xxxx");
LIST(user_key, U"account", U"acct", U"email", U"e-mail", U"e", U"emp", U"employee",
    U"id", U"login", U"loginid", U"login_id", U"login_hint", U"mail", U"mailaddress",
    U"member", U"name", U"rcpt", U"recipient", U"staff", U"sub", U"to", U"u", U"user",
    U"users", U"usr", U"uid", U"userid", U"user_id", U"username", U"user_name",
    U"upn");
LIST(log_key, U"account", U"acct", U"duser", U"login", U"suser", U"subjectusername",
    U"targetusername", U"user", U"username", U"user_name", U"userid", U"user_id", U"usr",
    U"upn");
/* clang-format on */

#define ENTRY(name, most) \
	{ \
		name, sizeof name / sizeof name[0] - 1, most \
	}
static const struct scrub_words lists[WORDS_POST_JA] = {
	[WORDS_CORPORATE_JA] = ENTRY(corporate_ja, 9),
	[WORDS_STRIP_JA] = ENTRY(strip_ja, 11),
	[WORDS_ABSORB_JA] = ENTRY(absorb_ja, 11),
	[WORDS_COMMON_JA] = ENTRY(common_ja, 6),
	[WORDS_REGION_JA] = ENTRY(region_ja, 3),
	[WORDS_PREFECTURE_JA] = ENTRY(prefecture_ja, 4),
	[WORDS_HONORIFIC_JA] = ENTRY(honorific_ja, 7),
	[WORDS_CONTACT_JA] = ENTRY(contact_ja, 6),
	[WORDS_UNIT_JA] = ENTRY(unit_ja, 4),
	[WORDS_FACILITY_JA] = ENTRY(facility_ja, 9),
	[WORDS_MODIFIER_JA] = ENTRY(modifier_ja, 3),
	[WORDS_KANA_JA] = ENTRY(kana_ja, 5),
	[WORDS_KANA_TRADE] = ENTRY(kana_trade, 14),
	[WORDS_CORPORATE_EN] = ENTRY(corporate_en, 34),
	[WORDS_GENERIC_EN] = ENTRY(generic_en, 18),
	[WORDS_COMMON_EN] = ENTRY(common_en, 9),
	[WORDS_TECH_EN] = ENTRY(tech_en, 7),
	[WORDS_CONTACT_EN] = ENTRY(contact_en, 16),
	[WORDS_TITLE_EN] = ENTRY(title_en, 5),
	[WORDS_DESK_EN] = ENTRY(desk_en, 14),
	[WORDS_FACILITY_EN] = ENTRY(facility_en, 21),
	[WORDS_REGION_EN] = ENTRY(region_en, 10),
	[WORDS_TLD] = ENTRY(tld, 11),
	[WORDS_SUFFIX_LABEL] = ENTRY(suffix_label, 8),
	[WORDS_FILE_EXT] = ENTRY(file_ext, 9),
	[WORDS_DOCUMENT_EXT] = ENTRY(document_ext, 5),
	[WORDS_HOST_PART] = ENTRY(host_part, 9),
	[WORDS_NOT_HOST] = ENTRY(not_host, 9),
	[WORDS_ROLE_MAIL] = ENTRY(role_mail, 13),
	[WORDS_PUBLIC_USER] = ENTRY(public_user, 13),
	[WORDS_USER_KEY] = ENTRY(user_key, 11),
	[WORDS_LOG_KEY] = ENTRY(log_key, 15),
};

static const struct scrub_words *
list_of(enum scrub_list l)
{
	return l < WORDS_POST_JA ? &lists[l] : &scrub_post_words[l - WORDS_POST_JA];
}

/* The first word of the list whose first character is not before c. */
static const char32_t *const *
first_with(enum scrub_list l, uint32_t c)
{
	const struct scrub_words *list = list_of(l);
	size_t low = 0, high = list->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (list->words[mid][0] < c)
			low = mid + 1;
		else
			high = mid;
	}
	return list->words + low;
}

static size_t
length(const char32_t *w)
{
	size_t n = 0;

	while (w[n] != 0)
		n++;
	return n;
}

int
scrub_words_sorted(void)
{
	const struct scrub_words *list;
	unsigned l;
	size_t i;

	for (l = 0; l < WORDS_COUNT; l++) {
		list = list_of((enum scrub_list)l);
		for (i = 0; i < list->n; i++)
			if (length(list->words[i]) > list->longest ||
			    (i > 0 && list->words[i - 1][0] > list->words[i][0]))
				return 0;
	}
	return 1;
}

size_t
scrub_word_at(enum scrub_list l, const struct scrub_cp *v, size_t n, size_t i)
{
	const char32_t *const *w;
	size_t k, best = 0;

	if (i >= n)
		return 0;
	for (w = first_with(l, v[i].c); *w != NULL && (*w)[0] == v[i].c; w++) {
		for (k = 1; (*w)[k] != 0 && i + k < n && (*w)[k] == v[i + k].c; k++)
			;
		if ((*w)[k] == 0 && k > best)
			best = k;
	}
	return best;
}

/* Is it exactly a word of the list? */
static int
is_word(enum scrub_list l, const struct scrub_cp *v, size_t n)
{
	const char32_t *const *w;
	size_t k;

	for (w = first_with(l, v->c); *w != NULL && (*w)[0] == v->c; w++) {
		for (k = 1; k < n && (*w)[k] != 0 && (*w)[k] == v[k].c; k++)
			;
		if (k == n && (*w)[n] == 0)
			return 1;
	}
	return 0;
}

size_t
scrub_word_before(enum scrub_list l, const struct scrub_cp *v, size_t i)
{
	const struct scrub_words *list = list_of(l);
	size_t n = i < list->longest ? i : list->longest;

	while (n > 0 && !is_word(l, v + i - n, n))
		n--;
	return n;
}

int
scrub_word_is(enum scrub_list l, const uint32_t *c, size_t n)
{
	const char32_t *const *w;
	size_t k;

	if (n == 0)
		return 0;
	for (w = first_with(l, c[0]); *w != NULL && (*w)[0] == c[0]; w++) {
		for (k = 1; k < n && (*w)[k] == c[k]; k++)
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
