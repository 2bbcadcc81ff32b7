#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a stream that falls silent is given up after 35 s and resumed; what comes twice is shown once.
# slow
# timeout: 150
. "$(dirname "$0")/lib.sh"
start_hub # for its certificates only
python3 "$ROOT/tests/flow/silent.py" "$HUB" "$DIR/seen" >"$DIR/port" 2>"$DIR/silent.log" &
pids+=($!)
wait_for "the silent hub" 10 test -s "$DIR/port"
began=$SECONDS
# 1: it has no key to verify with.
expect 1 "$BUILD/ceptoar" --as "$HUB/aozora-hp" --url "https://127.0.0.1:$(cat "$DIR/port")" --json \
	watch --count 2 --state "$DIR/cursor"
took=$((SECONDS - began))
[ $took -ge 34 ] && [ $took -le $((45 * SLOWER)) ] || fail "given up after $took s"
[ "$(count '^Last-Event-ID: C1' "$DIR/seen")" = 1 ] || fail "did not resume: $(cat "$DIR/seen")"
[ "$(count '"event":"bulletin"' "$DIR/out")" = 2 ] || fail "$(cat "$DIR/out")"
[ "$(cat "$DIR/cursor")" = C2 ] || fail "cursor: $(cat "$DIR/cursor")"
echo "given up after $took s, resumed"
