#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a desk names members by their ids and TLP:RED goes to them alone; it is told the
# receiver of nobody whose name it may not know; who is alone is told what goes without.
. "$(dirname "$0")/lib.sh"
start_hub
for who in aozora-hp hibari-hp centre; do
	watch "$who" "$DIR/$who"
done
field() { grep -o "\"$1\":\"[^\"]*\"" "$DIR/out" | head -n 1 | cut -d '"' -f 4; }

expect 0 as medical-desk/sato --lang en names aozora-hp centre
has 'Aozora Chuo Hospital' "$DIR/out" || fail "who it is: $(cat "$DIR/out")"
receiver=$(head -n 1 "$DIR/out" | cut -d ' ' -f 1)
expect 0 as medical-desk/sato names "$receiver"
has "^$receiver  aozora-hp  " "$DIR/out" || fail "back again: $(cat "$DIR/out")"
expect 1 as medical-desk/sato names minatomirai-bank
cp "$DIR/err" "$DIR/not-its-own"
expect 1 as medical-desk/sato names minatomirai-bonk
diff <(sed 's/-bank/-bonk/' "$DIR/not-its-own") "$DIR/err" || fail "who is there and who is not look different"
expect 1 as centre names aozora-hp

cat >"$DIR/red.json" <<'JSON'
{"severity": 3, "title": {"ja": "名指し"}, "tlp": "RED", "audience": {"members": ["aozora-hp", "minatomirai-bank"]}}
JSON
expect 1 as medical-desk/sato draft new "$DIR/red.json"
has minatomirai-bank "$DIR/err" || fail "which one: $(cat "$DIR/err")"
sed 's/, "minatomirai-bank"//' "$DIR/red.json" >"$DIR/one.json"
expect 0 as medical-desk/sato --json draft new "$DIR/one.json"
draft=$(field id)
expect 0 as medical-desk/sato --lang en draft audience "$draft"
has '1 named receiver only' "$DIR/out" || fail "the preview: $(cat "$DIR/out")"
as medical-desk/sato --json draft show "$draft" | sed 's/"receivers":\[[^]]*\]/"members":["hibari-hp","aozora-hp"]/' >"$DIR/two.json"
expect 0 as medical-desk/ito draft edit "$draft" "$DIR/two.json"
expect 0 as medical-desk/sato --json draft release "$draft"
number=$(field number)
for who in aozora-hp hibari-hp; do
	wait_for "it at $who" 20 has '"event":"bulletin".*名指し' "$DIR/$who"
done
expect 0 as medical-desk/sato bulletin update "$number" "$DIR/one.json"
wait_for "the update" 20 has '"event":"update".*名指し' "$DIR/aozora-hp"
wait_for "its end for the other" 20 has '"event":"update"' "$DIR/hibari-hp"
has '"event":"update".*名指し' "$DIR/hibari-hp" && fail "who is named no more reads on"
# For whom it is not there is another row behind it.
echo '{"severity": 2, "title": {"ja": "次の件"}}' >"$DIR/next.json"
expect 0 as medical-desk/sato --json draft new "$DIR/next.json"
draft=$(field id)
expect 0 as medical-desk/sato --lang en draft audience "$draft"
has 'Alone it can go to the own CEPTOAR' "$DIR/out" || fail "what to do: $(cat "$DIR/out")"
expect 1 as medical-desk/sato draft release "$draft"
has 'own CEPTOAR alone needs none' "$DIR/err" || fail "what to do: $(cat "$DIR/err")"
expect 0 as medical-desk/ito second agree "$(as medical-desk/ito --json second | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)"
wait_for "the next" 20 has 次の件 "$DIR/centre"
has 名指し "$DIR/centre" && fail "the centre was not named"
stop_hub
echo "two were named by their ids, one no more, nobody else heard of it"
