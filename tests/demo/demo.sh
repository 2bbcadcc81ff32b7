#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The main job as a story: real programs, real TLS, the sample reports; ends by itself.
# Called by "make demo"; BUILD says where the programs are.
set -u
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
REPORTS=tests/data/reports
DIR=$(mktemp -d "${TMPDIR:-/tmp}/ceptoar-demo.XXXXXX") || exit 1
HUB=$DIR/hub
export HOME=$DIR LC_ALL=C.UTF-8
pids=()
bold='' dim='' green='' red='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'
fi

cleanup() {
	local p
	for p in "${pids[@]}"; do kill "$p" 2>/dev/null; done
	for p in "${pids[@]}"; do wait "$p" 2>/dev/null; done
	rm -rf "$DIR"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
die() {
	echo "demo: $*" >&2
	tail -n 5 "$DIR"/*.err "$HUB"/log/*.log >&2 2>/dev/null
	exit 1
}
# wait_for WHAT SECONDS COMMAND...
wait_for() {
	local what=$1 end=$((SECONDS + $2))
	shift 2
	until "$@"; do
		[ $SECONDS -lt $end ] || die "waited in vain for $what"
		sleep 0.02
	done
}
has() { grep -aqF -- "$1" "$2" 2>/dev/null; }
chapter() { printf '\n%s%s%s\n\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*" | fold -s -w 88; }
# Lines of another script than ours are left to the terminal, which knows their width.
wrap() {
	local line
	while IFS= read -r line; do
		case $line in
		*[![:ascii:]]*) printf '%s\n' "$line" ;;
		*) fold -s -w 84 <<<"$line" ;;
		esac
	done
}
quiet() { sed "s/^/    ${dim}/; s/\$/${plain}/"; }
as() {
	local who=$1
	shift
	"$BUILD/ceptoar" --as "$HUB/$who" --lang en "$@"
}
now_ms() { echo $((${EPOCHREALTIME/./} / 1000)); }

# follow MEMBER [OPTIONS]: its stream, written to a file; sets follower.
follow() {
	local who=$1
	shift
	"$BUILD/ceptoar" --as "$HUB/$who" --json watch "$@" >>"$DIR/$who.rows" 2>>"$DIR/$who.err" &
	follower=$!
	pids+=("$follower")
}
connected() { has '"event":"hello"' "$DIR/$1.rows"; }
# got MEMBER EVENT TEXT: the line of the first such row.
got() { grep -aF "\"event\":\"$2\"" "$DIR/$1.rows" 2>/dev/null | grep -aF -m 1 -- "$3"; }
arrived() { [ -n "$(got "$@")" ]; }
at_ms() { sed -n 's/.*"at_ms":\([0-9]*\).*/\1/p' <<<"$1"; }

# row MEMBER WHO NUMBER START YES|NO: one line of who received what, checked.
row() {
	local line bell ms text
	line=$(got "$1" bulletin "\"number\":\"$3\"")
	bell=$(tail -n "+$((${bells[$1]:-0} + 1))" "$DIR/$1.rows" | grep -acF '"event":"inbox"')
	if [ -n "$line" ]; then
		ms=$(($(at_ms "$line") - $4))
		text="${green}early warning after ${ms} ms${plain}"
	else
		text="${red}nothing${plain}"
	fi
	[ "$bell" -eq 0 ] || text="$text, and its inbox rang"
	printf '    %-46s %s\n' "$2" "$text"
	{ [ -n "$line" ] && [ "$5" = YES ]; } || { [ -z "$line" ] && [ "$5" = NO ]; } ||
		die "$1 should have got $5"
}
declare -A bells
mark() { for m in "${members[@]}"; do bells[$m]=$(wc -l <"$DIR/$m.rows"); done; }

# send MEMBER FILE: sets number, case, start and stored (ms).
send() {
	mark
	start=$(now_ms)
	as "$1" report "$2" >"$DIR/receipt" 2>"$DIR/report.err" || die "the report was refused: $(cat "$DIR/report.err")"
	stored=$(($(now_ms) - start))
	number=$(sed -n 's/^bulletin  //p' "$DIR/receipt")
	case=$(sed -n 's/^case      //p' "$DIR/receipt")
	quiet <"$DIR/receipt"
}

# first NAME: the first string member of that name in JSON from standard input.
first() { grep -ao "\"$1\": *\"[^\"]*\"" | head -n 1 | cut -d'"' -f4; }
# mail_to ADDRESS TEXT: the mail in the box that has both; mailed: is it there?
mail_to() { grep -aF "\"to\": \"$1\"" "$DIR/mails" 2>/dev/null | grep -aF -m 1 -- "$2"; }
mailed() { [ -n "$(mail_to "$@")" ]; }
# browse LINK [FORM]: what a browser gets that opens the link of a mail, or answers there.
browse() { curl -sS --noproxy '*' --cacert "$HUB/ca.pem" ${2:+--data "$2"} "$1"; }
answered() {
	local seal
	sleep 0.3 # an answer at once would be a mail scanner's, and not be counted
	seal=$(browse "$1" | grep -ao 'name="seal" value="[^"]*"' | cut -d'"' -f4)
	browse "$1" "seal=$seal&status=acted&forwarded=0" >"$DIR/answer.html"
	as medical-desk/sato deliveries "$2" >"$DIR/reach" 2>&1 && has "by link: received 1" "$DIR/reach"
}

chapter "1. A hub starts, and members connect"
mail_port=$(/usr/bin/python3 tests/demo/mailbox.py --free-port) || die "no free port"
echo "open sesame" >"$DIR/password"
cat >"$DIR/conf" <<END
[courier]
link_quiet = 1s
[mail]
server = smtp://localhost:$mail_port
user = hub
password_file = $DIR/password
ca = $HUB/ca.pem
from = hub@hub.example
from_name = セプターハブ
answers_url = https://localhost
END
"$BUILD/ceptoard" --scratch "$HUB" --conf "$DIR/conf" >"$DIR/hub.out" 2>"$DIR/ceptoard.err" &
hub=$!
pids+=("$hub")
up() { kill -0 "$hub" 2>/dev/null || die "the hub did not start"; has ready "$DIR/hub.out"; }
wait_for "the hub" 60 up
/usr/bin/python3 tests/demo/mailbox.py "$HUB/server.pem" "$HUB/server.key" "$mail_port" "$DIR/mails" \
	>"$DIR/mailbox.out" 2>"$DIR/mailbox.err" &
pids+=($!)
wait_for "the mail server" 20 has ready "$DIR/mailbox.out"
# Where the links of mails lead is known only now.
. "$HUB/hub.env"
sed -i "s|^answers_url = .*|answers_url = $CEPTOAR_ANSWERS_URL|" "$HUB/ceptoar.conf"
kill -HUP "$(sed -n 's/.*courier=\([0-9]*\).*/\1/p' <<<"$CEPTOAR_PIDS")"
wait_for "the courier" 10 has reloaded "$HUB/log/courier.log"
count=$(sed -n "s/ members registered//p" "$HUB/log/ceptoarctl.log")
say "ceptoard has started a front (speaks TLS with members) and one for the desks, a vault" \
	"(knows the members, reads no text), a keeper (stores texts, knows no member) and a" \
	"courier (sends mail, knows no sender)." \
	"$count invented organisations are registered." \
	"Nine of them are connected, each with its own certificate over TLS 1.3:"
echo
members=(aozora-hp hibari-hp himawari-card hikari-power medical-desk centre mizuhodai-water seseragi-water water-desk)
for m in "${members[@]}"; do
	: >"$DIR/$m.rows"
	[ "$m" = hikari-power ] || follow "$m"
done
follow hikari-power --state "$DIR/hikari.cursor"
hikari=$follower
for m in "${members[@]}"; do wait_for "$m" 20 connected "$m"; done
cat <<'END'
    Aozora Chuo Hospital, Hibari Hospital          operators in medicine
    Himawari Card                                  operator in credit cards
    Hikari Power                                   operator in electricity that also wants
                                                   other sectors' grave warnings
    Mizuhodai Waterworks, Seseragi Water           operators in water
    the secretariats of medicine and of water      each sector's own desk
    the national centre                            sees what is grave, of all sectors
END

chapter "2. Aozora Chuo Hospital has ransomware in its health records"
say "This is what its staff wrote. Names, telephone, mail and internal addresses are all in it:"
echo
as aozora-hp --json preview "$REPORTS/SR-01.json" >"$DIR/preview.json" || die "preview"
sed -n '/"title"/,/"service_impact"/p' "$REPORTS/SR-01.json" | sed -n 's/^[[:space:]]*"\(ja\|en\)": "\(.*\)",\{0,1\}$/\2/p' |
	sed 's/\\"/"/g' | wrap | quiet
echo
say "Damage is 3 of 4 by the national scale. The hospital lets its own sector be told" \
	"(consent: ceptoar). Before sending it looks at the preview, which stores nothing:"
echo
as aozora-hp preview "$REPORTS/SR-01.json" >"$DIR/preview" || die "preview"
sed -n '/ replacements$/,/^$/p' "$DIR/preview" | sed '$d' | sed "s/^  /    /; s/ -> / ${bold}->${plain} /"
echo
say "The attacker's address 203.0.113.54 and his domain cdn-sync.example stay: the hospital" \
	"listed them as indicators. $(sed -n 's/^By the register/By the register,/p' "$DIR/preview")"

chapter "3. It sends the report"
send aozora-hp "$REPORTS/SR-01.json"
echo
say "The answer came after ${stored} ms, when the report was on the disk (with the start of the" \
	"program and the TLS handshake). Who received what, counted from the same moment:"
echo
[ -n "$number" ] || die "no bulletin"
for m in hibari-hp aozora-hp medical-desk centre; do wait_for "$m" 10 arrived "$m" bulletin "\"number\":\"$number\""; done
sleep 0.3 # for the others to get what they must not
row hibari-hp "Hibari Hospital (own sector)" "$number" "$start" YES
row aozora-hp "Aozora itself (nobody may notice it skipped)" "$number" "$start" YES
row medical-desk "secretariat of medicine" "$number" "$start" YES
row centre "national centre's desk" "$number" "$start" YES
row himawari-card "Himawari Card (another sector)" "$number" "$start" NO
row hikari-power "Hikari Power (consent was for the own sector)" "$number" "$start" NO
row seseragi-water "Seseragi Water (another sector)" "$number" "$start" NO
echo
say "What Hibari Hospital reads, as unverified:"
echo
as hibari-hp show "$number" >"$DIR/shown" || die "show"
sed -n '1,/^indicators/p' "$DIR/shown" | sed '$d' | wrap | quiet
for name in 青空 Aozora aozora 佐伯 Saeki ACH-EMR 0000-4821 10.20.4; do
	for m in "${members[@]}"; do has "$name" "$DIR/$m.rows" && die "$m was sent \"$name\""; done
done

chapter "4. Mizuhodai Waterworks finds a stranger in its control system"
sed -e 's/"severity_claimed": 1,/"severity_claimed": 1, "potential": 4, "certainty": "confirmed", "systems": ["ot"],/' \
	-e 's/"publish": "ceptoar"/"publish": "cross_sector"/' -e 's/TLP:AMBER+STRICT/TLP:AMBER/' \
	"$REPORTS/SR-07.json" >"$DIR/water.json"
say "Nothing is broken yet (damage 1 of 4), but somebody sat at the dosing page of a plant for" \
	"19 minutes: potential 4, confirmed, operational technology. That makes routing level 4, and" \
	"the waterworks lets all sectors be told (consent: cross_sector)."
echo
send mizuhodai-water "$DIR/water.json"
echo
[ -n "$number" ] || die "no bulletin"
for m in seseragi-water hikari-power water-desk centre; do wait_for "$m" 10 arrived "$m" bulletin "\"number\":\"$number\""; done
sleep 0.3
row seseragi-water "Seseragi Water (own sector)" "$number" "$start" YES
row hikari-power "Hikari Power (asked for other sectors)" "$number" "$start" YES
row water-desk "secretariat of water" "$number" "$start" YES
row centre "national centre's desk" "$number" "$start" YES
row medical-desk "secretariat of medicine" "$number" "$start" NO
row himawari-card "Himawari Card (has not asked)" "$number" "$start" NO
row hibari-hp "Hibari Hospital (has not asked)" "$number" "$start" NO
water_number=$number water_case=$case

chapter "5. Hikari Power acknowledges, then its line goes down"
as hikari-power ack --status acted --note "changed the router's password" "$water_number" >"$DIR/ack" || die "ack"
quiet <"$DIR/ack"
has 'recorded  acted' "$DIR/ack" || die "the acknowledgement was not recorded"
echo
say "The hub answers once that is on the disk; an acknowledgement never goes backwards."
kill "$hikari"
wait "$hikari" || die "watch ended badly"
say "Its stream is closed now. Meanwhile the waterworks sends more:"
echo
as mizuhodai-water case follow-up "${water_case:0:8}" "$DIR/water.json" >"$DIR/receipt" 2>&1 || die "follow-up: $(cat "$DIR/receipt")"
sed -n 's/^bulletin/update of/p' "$DIR/receipt" | quiet
echo
wait_for "the update" 10 arrived seseragi-water update "\"number\":\"$water_number\""
arrived hikari-power update "$water_number" && die "a closed stream received"
say "Seseragi Water has it. Hikari Power comes back, with the place where it stopped:"
echo
start=$(now_ms)
as hikari-power --json watch --state "$DIR/hikari.cursor" --count 1 >>"$DIR/hikari-power.rows" 2>>"$DIR/hikari-power.err" ||
	die "watch again"
arrived hikari-power update "\"number\":\"$water_number\"" || die "the update was lost"
has '"resume":"exact"' "$DIR/hikari-power.rows" || die "did not resume"
printf '    %s\n' "${green}caught up after $(($(at_ms "$(got hikari-power update "$water_number")") - start)) ms:${plain} what it missed, once, in order"

chapter "6. Two persons of the secretariat of medicine, one report"
say "What waits on the desk of medicine. Copies would be one line; no program can tell the sender:"
echo
sato=medical-desk/sato
as $sato triage >"$DIR/triage" || die "triage"
quiet <"$DIR/triage"
group=$(as $sato --json triage | first group)
as $sato triage lock "$group" >/dev/null || die "lock"
code=0
as medical-desk/ito triage aside "$group" other "looks old" >/dev/null 2>"$DIR/held" || code=$?
[ $code = 1 ] || die "two persons had the same report in hand"
echo
say "Sato takes it; Ito, who is a second late, is told so and overwrites nothing:"
echo
quiet <"$DIR/held"
cat >"$DIR/draft.json" <<'END'
{"actions": {"ja": "VPN装置の管理画面を外部から閉じてください。",
 "en": "Close the management pages of VPN devices to the outside."}}
END
draft=$(as $sato --json triage merge "$group" --draft "$DIR/draft.json" | first draft)
[ -n "$draft" ] || die "merge"
echo
say "Sato makes a bulletin of it and adds what to do. Whom would it reach?"
echo
as $sato draft audience "$draft" >"$DIR/audience" || die "audience"
quiet <"$DIR/audience"
as $sato draft release "$draft" >"$DIR/released" || die "release"
wait_for "the update" 10 arrived hibari-hp update "Close the management pages"
echo
say "Released: Hibari Hospital has it as an update of the warning that it already had, verified now."

chapter "7. A wave over the whole country"
cat >"$DIR/wave.json" <<'END'
{"severity": 4, "title": {"ja": "全国的なランサムウェア", "en": "A wave of ransomware in all sectors"},
 "summary": {"ja": "電子カルテの保守回線から入ります。", "en": "It enters by maintenance lines."},
 "tlp": "TLP:GREEN", "audience": {"all": true}}
END
draft=$(as centre/duty-1 --json draft new "$DIR/wave.json" | first id)
[ -n "$draft" ] || die "the centre's draft"
code=0
as centre/duty-1 draft release "$draft" >/dev/null 2>"$DIR/alone" || code=$?
{ [ $code = 1 ] && has second_person_required "$DIR/alone"; } || die "one person alone alarmed the country"
say "The national centre warns everybody. Its duty officer alone cannot:"
echo
quiet <"$DIR/alone"
second=$(as centre/duty-2 --json second | first id)
number=$(as centre/duty-2 --json second agree "$second" | first number)
[ -n "$number" ] || die "the second person"
for m in hibari-hp himawari-card seseragi-water; do wait_for "$m" 10 arrived "$m" bulletin "\"number\":\"$number\""; done
echo
say "A colleague reads it and agrees: $number goes to all. The secretariat of medicine passes it" \
	"on with a note of its own, to its affiliates too, and asks for an answer:"
echo
as $sato --json relay "$number" --note "保守回線を一度切ってください。" --note-en "Cut your maintenance lines now." \
	--everybody --ack-by "$(date -u -d '+1 day' +%Y-%m-%dT%H:00:00Z)" >"$DIR/relay" || die "relay"
wave=$number
number=$(first number <"$DIR/relay")
as nagisa-clinic show "$number" >"$DIR/shown" || die "the affiliate cannot read it"
sed -n '/^passed on by/,/^----/p; /^Ransomware\|^A wave/p' "$DIR/shown" | quiet
as nagisa-clinic show --json "$number" >"$DIR/relayed.json"
as nagisa-clinic verify "$DIR/relayed.json" >"$DIR/verified" || die "verify"
has "the original in it: verified" "$DIR/verified" || die "the original's signature"
echo
say "Nagisa Clinic checks with the hub's public key: the note and the centre's $wave in it are both" \
	"as they were signed."

chapter "8. Who has it?"
box=csirt@wakaba-hp.example.or.jp
wait_for "a mail" 20 mailed $box "$number"
mail=$(mail_to $box "$number")
link=$(grep -aoE 'https://[^ "\\]+' <<<"$mail" | head -n 1)
say "Wakaba Hospital is not connected. It got a mail over TLS, with a link of its own:"
echo
printf '    %s\n' "$(first subject <<<"$mail")"
wait_for "the answer by the link" 20 answered "$link" "$number"
[ "$(curl -sS --noproxy '*' --cacert "$HUB/ca.pem" -o /dev/null -w '%{http_code}' "$link")" = 404 ] || die "the link lives on"
as hibari-hp ack --status read "$number" >/dev/null || die "ack"
as $sato deliveries "$number" >"$DIR/reach" || die "deliveries"
{ has client:read "$DIR/reach" && has link:acted "$DIR/reach"; } || die "the reach is not proven"
echo
say "Somebody there presses \"acted\"; the link is used up. Hibari Hospital's own program says" \
	"\"read\". What the secretariat sees, and by what it is proven:"
echo
wrap <"$DIR/reach" | quiet

. tests/demo/act3.sh

chapter "13. What the disk holds"
code=0
as himawari-card inbox >/dev/null 2>"$DIR/refused" || code=$?
[ $code = 1 ] || die "an operator read the inbox"
say "An operator that asks for an inbox is told: $(sed 's/^ceptoar: //' "$DIR/refused")."
echo
kill "$hub"
wait "$hub" || die "the hub did not stop in order"
for name in aozora-hp mizuhodai-water 青空中央 Aozora; do
	grep -aqF -- "$name" "$HUB"/keeper.db* "$HUB"/log/*.log && die "\"$name\" stands on the disk beside the reports"
done
say "The hub was stopped. In the keeper's database and in all logs the senders' names were" \
	"looked for: not there. The vault's database holds $count members and three sealed" \
	"envelopes that open only with the keys of two escrow holders, kept offline and apart."
printf '\n%sEverything was as it must be.%s\n' "$bold" "$plain"
