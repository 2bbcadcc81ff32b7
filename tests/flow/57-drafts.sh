#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a desk's draft reaches subscribers as a bulletin, is updated, cancelled and called a
# false alarm, and each of these reaches whom the one before had reached, and nobody else.
. "$(dirname "$0")/lib.sh"
start_hub
for who in aozora-hp minatomirai-bank centre; do
	watch "$who" "$DIR/$who"
done
# says MEMBER COUNT PATTERN: so many events on that stream, in the end.
seen() { [ "$(count "$2" "$DIR/$1")" -ge "$3" ]; }
says() { wait_for "$2 at $1" 20 seen "$1" "$2" "$3"; }
field() { grep -o "\"$1\":\"[^\"]*\"" "$DIR/out" | head -n 1 | cut -d '"' -f 4; }

cat >"$DIR/one.json" <<'JSON'
{"kind": "attack_method", "severity": 1, "title": {"ja": "題名一", "en": "Title one"}, "summary": "見出し",
 "ack": {"required": true, "deadline": "2099-01-01"}, "valid_until": "2099-01-02"}
JSON
expect 0 as medical-desk --json draft new "$DIR/one.json"
draft=$(field id)
expect 0 as medical-desk --lang en draft audience "$draft"
has 'members* of 1 CEPTOAR, 1 sector, the centre' "$DIR/out" || fail "the preview: $(cat "$DIR/out")"
expect 1 as bank-desk draft show "$draft"
has not_found "$DIR/err" || fail "another desk's draft: $(cat "$DIR/err")"
# What is shown can be changed and sent back; an old base is refused.
as medical-desk --json draft show "$draft" | sed 's/題名一/題名二/' >"$DIR/two.json"
expect 0 as medical-desk draft edit "$draft" "$DIR/two.json"
expect 1 as medical-desk draft edit "$draft" "$DIR/two.json"
has conflict "$DIR/err" || fail "an old base: $(cat "$DIR/err")"
expect 1 as medical-desk draft release --revision 1 "$draft"
expect 0 as medical-desk --json draft release --revision 2 "$draft"
n=$(field number)
says aozora-hp 題名二 1
says centre 題名二 1
expect 0 as aozora-hp --lang ja show "$n"
has 題名二 "$DIR/out" || fail "not on the shelf: $(cat "$DIR/out")"
expect 0 as medical-desk bulletin update "$n" - <"$DIR/one.json"
says aozora-hp '"event":"update".*題名一' 1
expect 1 as bank-desk bulletin false-alarm "$n"
has not_found "$DIR/err" || fail "not the bank's: $(cat "$DIR/err")"
expect 1 as centre bulletin false-alarm "$n"
has missing_field "$DIR/err" || fail "not the centre's without a reason: $(cat "$DIR/err")"
expect 0 as medical-desk bulletin false-alarm "$n"
says aozora-hp 誤報のお知らせ 1
says centre 誤報のお知らせ 1
expect 1 as medical-desk bulletin cancel --reason 理由 "$n"
# With a reason of its own.
expect 0 as medical-desk --json draft new "$DIR/one.json"
draft=$(field id)
expect 0 as medical-desk --json draft release "$draft"
n=$(field number)
expect 0 as medical-desk bulletin cancel --reason 理由の説明 "$n"
says aozora-hp '"event":"cancel".*理由の説明' 1
expect 1 as medical-desk draft delete "$draft"
[ "$(count '"event":"\(bulletin\|update\|cancel\)"' "$DIR/minatomirai-bank")" -eq 0 ] || fail "another sector got it"
stop_hub
echo "released, updated, called off and cancelled: three readers, each what is theirs"
