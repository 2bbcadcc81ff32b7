#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a reporter and two desks talk over a case, on the command line and by the interface,
# over a restart of the keeper; receipts open it elsewhere; withdrawn and closed is the end.
. "$(dirname "$0")/lib.sh"
start_hub
expect 0 as aozora-hp --json report "$REPORTS/SR-01.json"
case=$(sed -n 's/.*"case":"\([0-9a-f]*\)".*/\1/p' "$DIR/out")
[ ${#case} = 32 ] || fail "no case: $(cat "$DIR/out")"

expect 0 as medical-desk case ask "$case" "いつ気付きましたか。 https://desk.example/q?u=7"
expect 0 as aozora-hp case list
has "${case}  released .* 1 messages, 1 not answered" "$DIR/out" || fail "list: $(cat "$DIR/out")"
expect 0 as aozora-hp case messages "${case:0:6}"
has 'いつ気付きましたか' "$DIR/out" && has 'hxxps://desk\[.\]example' "$DIR/out" || fail "question: $(cat "$DIR/out")"
kill -9 "$(pid_of keeper)"
echo "青空中央病院の担当 佐伯 真理子 が今朝気付いた。" >"$DIR/answer"
wait_for "the keeper" 20 as aozora-hp case show "${case:0:6}"
expect 0 as aozora-hp case answer "${case:0:6}" - <"$DIR/answer"
expect 0 as medical-desk inbox
grep -A1 '^level' "$DIR/out" | grep -q "case $case  2 messages  1 not answered" || fail "inbox: $(cat "$DIR/out")"
expect 0 as centre case messages "$case" --desk
has '今朝気付いた' "$DIR/out" || fail "answer: $(cat "$DIR/out")"
has '青空\|佐伯' "$DIR/out" && fail "an answer names its sender: $(cat "$DIR/out")"
expect 1 as bank-desk case messages "$case" --desk
has not_found "$DIR/err" || fail "another desk: $(cat "$DIR/err")"
expect 2 as medical-desk case ask "${case:0:6}" x

# The receipt, typed in on another machine; a word that is wrong, and its line.
expect 0 as aozora-hp case receipt "$case"
cp "$DIR/out" "$DIR/words"
expect 0 as aozora-hp --state-dir "$DIR/other" case import "$DIR/words"
expect 0 as hibari-hp --state-dir "$DIR/other" case show "$case"
has 'led to bulletin' "$DIR/out" || fail "show: $(cat "$DIR/out")"
awk 'NR == 3 { $2 = $3 } 1' "$DIR/words" >"$DIR/wrong"
expect 1 as aozora-hp --state-dir "$DIR/third" case import "$DIR/wrong"
has 'line 3' "$DIR/err" || fail "which line: $(cat "$DIR/err")"

expect 0 as aozora-hp case follow-up "$case" "$REPORTS/SR-01.json"
expect 0 as medical-desk case close "$case"
has 'state: closed' "$DIR/out" || fail "close: $(cat "$DIR/out")"
expect 1 as aozora-hp case answer "$case" "too late"
has conflict "$DIR/err" || fail "after the end: $(cat "$DIR/err")"
expect 0 as aozora-hp case withdraw "$case"
stop_hub
rm -rf "$HUB"
python3 "$(dirname "$0")/case_channel.py"
