#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a report by the command line reaches the own sector; watch resumes by itself and from a state file.
# timeout: 120
. "$(dirname "$0")/lib.sh"
start_hub

watch hibari-hp "$DIR/own"
watch himawari-card "$DIR/other"
watch tsukimi-hp "$DIR/state" --state "$DIR/cursor"
away=$watcher
expect 0 as aozora-hp report "$REPORTS/SR-01.json"
number=$(sed -n 's/^bulletin  //p' "$DIR/out")
case=$(sed -n 's/^case      //p' "$DIR/out")
wait_for "the bulletin" 10 has "\"number\":\"$number\"" "$DIR/own"
wait_for "the bulletin" 10 has "\"number\":\"$number\"" "$DIR/state"
has 青空 "$DIR/own" && fail "the sender's name came out"
has cdn-sync.example "$DIR/own" || fail "an indicator was lost"
has '"event":"bulletin"' "$DIR/other" && fail "another sector got it"

# Away: what comes meanwhile is there afterwards, and nothing twice.
kill "$away" && wait "$away" || fail "watch ended with status $?"
expect 0 as aozora-hp case follow-up "${case:0:8}" "$REPORTS/SR-01.json"
expect 0 as aozora-hp report "$REPORTS/SR-01.json"
"$BUILD/ceptoar" --as "$HUB/tsukimi-hp" --json watch --state "$DIR/cursor" --count 2 >"$DIR/back" 2>&1 || fail "watch --count"
has '"resume":"exact"' "$DIR/back" || fail "did not resume: $(cat "$DIR/back")"
[ "$(count '"event":"update"' "$DIR/back")" = 1 ] && [ "$(count '"event":"bulletin"' "$DIR/back")" = 1 ] ||
	fail "not exactly what was missed: $(cat "$DIR/back")"

# A front that dies: the stream comes back by itself and loses nothing.
before=$(count '"event":"bulletin"' "$DIR/own")
kill -9 "$(pid_of front)"
expect 0 as aozora-hp report "$REPORTS/SR-01.json"
more() { [ "$(count '"event":"bulletin"' "$DIR/own")" = $((before + 1)) ]; }
wait_for "the stream to resume" 30 more

expect 0 as hibari-hp ack --status read "$number"
has recorded "$DIR/out" || fail "$(cat "$DIR/out")"
expect 0 as aozora-hp case withdraw "$case"
wait_for "the cancellation" 10 has '"event":"cancel"' "$DIR/own"
expect 1 as himawari-card show "$number"
has not_found "$DIR/err" || fail "$(cat "$DIR/err")"
expect 1 as hibari-hp inbox
expect 0 as medical-desk inbox
[ "$(count '^level ' "$DIR/out")" = 4 ] || # with the follow-up: no version overwrites another
	 fail "inbox: $(cat "$DIR/out")"
expect 2 as hibari-hp watch --count 0
expect 2 as hibari-hp nonsense
expect 1 as hibari-hp watch --cursor nonsense
expect 3 as hibari-hp --url https://127.0.0.1:1 me
"$BUILD/ceptoar" --url "https://127.0.0.1:1,$(. "$HUB/hub.env" && echo "$CEPTOAR_URL")" --ca "$HUB/ca.pem" \
	--as "$HUB/hibari-hp" me >/dev/null || fail "the second URL was not tried"
echo "reported, received, resumed, acknowledged, withdrawn"
