#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what goes beyond the own CEPTOAR waits for a second person, survives a crash while it
# waits, and reaches nobody before another one has agreed; consent holds for both.
. "$(dirname "$0")/lib.sh"
start_hub
watch minatomirai-bank "$DIR/bank"
watch centre "$DIR/centre"
field() { grep -o "\"$1\":\"[^\"]*\"" "$DIR/out" | head -n 1 | cut -d '"' -f 4; }
waits() { as centre --json second >"$DIR/out" && field id | grep -q .; }

cat >"$DIR/wide.json" <<'JSON'
{"severity": 4, "title": {"ja": "広域注意喚起", "en": "For all"}, "audience": {"all": true}}
JSON
expect 0 as medical-desk --json draft new "$DIR/wide.json"
draft=$(field id)
expect 1 as medical-desk/sato draft release "$draft"
has second_person_required "$DIR/err" || fail "$(cat "$DIR/err")"
wait_for "the bell" 20 has '"second":true' "$DIR/centre"
kill -KILL "$(pid_of keeper)"
wait_for "what waits" 30 waits
request=$(field id)
expect 1 as medical-desk/sato second agree "$request"
has second_person_required "$DIR/err" || fail "it agreed with itself: $(cat "$DIR/err")"
expect 1 as bank-desk second agree "$request"
has not_found "$DIR/err" || fail "no neighbour: $(cat "$DIR/err")"
expect 2 as centre second refuse "$request"
has 広域注意喚起 "$DIR/bank" && fail "it reached somebody before"
expect 0 as medical-desk/ito second agree "$request"
wait_for "the bulletin" 20 has '"event":"bulletin".*広域注意喚起' "$DIR/bank"
expect 1 as centre second agree "$request"
has conflict "$DIR/err" || fail "twice: $(cat "$DIR/err")"
# Consent of a case: no two persons exceed it.
cat >"$DIR/report.json" <<'JSON'
{"kind": "incident", "title": "件名", "severity_claimed": 1, "consent": {"publish": "ceptoar"}}
JSON
expect 0 as aozora-hp report "$DIR/report.json"
expect 0 as medical-desk --json inbox
case=$(field case)
sed "s/\"audience\"/\"cases\": [\"$case\"], \"audience\"/" "$DIR/wide.json" >"$DIR/case.json"
expect 0 as medical-desk --json draft new "$DIR/case.json"
draft=$(field id)
expect 1 as medical-desk draft release "$draft"
has consent_exceeded "$DIR/err" || fail "beyond the consent: $(cat "$DIR/err")"
expect 0 as medical-desk --lang en draft audience "$draft"
has 'keeps it in its own CEPTOAR' "$DIR/out" || fail "no reason: $(cat "$DIR/out")"
# At level 2 a draft that names no audience is for the sectors that lean on its own, by two hands.
echo '{"severity": 2, "title": {"ja": "停電の備え"}}' >"$DIR/power.json"
expect 0 as power-desk --json draft new "$DIR/power.json"
draft=$(field id)
expect 0 as power-desk --lang en draft audience "$draft"
has 'sectors that depend on this one' "$DIR/out" || fail "the preview: $(cat "$DIR/out")"
expect 1 as power-desk draft release "$draft"
expect 0 as centre --json second
expect 0 as centre second agree "$(field id)"
wait_for "the bulletin" 20 has '停電の備え' "$DIR/bank"
stop_hub
echo "two persons for all CEPTOARs, none beyond consent"
