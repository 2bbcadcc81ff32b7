#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: --conf overrides what scratch sets, SIGHUP reads it anew with the members file, mistakes are told.
# timeout: 120
# shellcheck source=tests/flow/lib-ptrace.sh
. "$(dirname "$0")/lib-ptrace.sh"
. "$(dirname "$0")/lib.sh"

# A hub that cannot start says why and ends with 1, and nothing of it stays.
printf '[front]\nnonsense = 1\n' >"$DIR/bad.conf"
expect 1 "$BUILD/ceptoard" --scratch "$HUB" --conf "$DIR/bad.conf"
has "does not start" "$DIR/err" || fail "$(cat "$DIR/err")"
has nonsense "$DIR/err" || fail "the front did not say what is wrong"
[ ! -e "$HUB/hub.env" ] || fail "hub.env of a hub that never was"
printf 'nonsense\n' >"$DIR/bad.conf"
expect 1 "$BUILD/ceptoard" --scratch "$HUB" --conf "$DIR/bad.conf"
has ':1: expected' "$DIR/err" || fail "$(cat "$DIR/err")"
echo '{"members":[{"id":"run","roles":[{"role":"centre"}]}]}' >"$DIR/bad.json"
expect 1 "$BUILD/ceptoard" --scratch "$HUB" --members "$DIR/bad.json"
has 'may not be called "run"' "$DIR/err" || fail "$(cat "$DIR/err")"
expect 1 "$BUILD/ceptoard" --scratch "$DIR/$(printf '%090d' 0)"
has "too long" "$DIR/err" || fail "$(cat "$DIR/err")"
expect 2 "$BUILD/ceptoard" --scratch "$HUB" --fronts 0
expect 2 "$BUILD/ceptoard"
expect 0 "$BUILD/ceptoard" --help

# Overridden: two streams a member, one automatic release in 24 hours, a policy of its own.
printf '[limits]\nstreams_per_member = 2\n[vault]\nauto_releases = 1\n[policy]\nauto_cross_level = 5\n' >"$DIR/over.conf"
cp conf/demo-members.json "$DIR/members.json"
export SSLKEYLOGFILE=$DIR/keys OPENSSL_CONF=$DIR/none https_proxy=http://127.0.0.1:1
start_hub --conf "$DIR/over.conf" --members "$DIR/members.json"
for i in 1 2 3; do watch hibari-hp "$DIR/stream$i"; done
wait_for "the oldest stream to be closed" 20 has '"reason":"limit"' "$DIR/stream1"
expect 0 as aozora-hp report "$REPORTS/SR-01.json"
has '^state     released' "$DIR/out" || fail "the first report: $(cat "$DIR/out")"
expect 0 as aozora-hp report "$REPORTS/SR-01.json"
has '^state     received' "$DIR/out" || fail "the second report was released: $(cat "$DIR/out")"

# Another members file: registered on SIGHUP, with a certificate for the new member.
expect 2 as neu-hp me
sed -i 's/"members": *\[/"members":[{"id":"neu-hp","roles":[{"ceptoar":"medical-ceptoar","role":"operator"}]},/' "$DIR/members.json"
kill -HUP "$ceptoard"
served() { as neu-hp me >/dev/null 2>&1; }
wait_for "the new member to be served" 20 served
echo nonsense >"$DIR/members.json"
kill -HUP "$ceptoard"
wait_for "the mistake to be told" 10 has 'members.json: ' "$DIR/ceptoard.log"
expect 0 as neu-hp me
for p in front vault keeper; do # nothing of our environment reached the programs
	cat "/proc/$(pid_of $p)/environ" >"$DIR/environ" || fail "the environment of the $p cannot be read"
	has 'SSLKEYLOGFILE\|OPENSSL_CONF\|proxy' "$DIR/environ" && fail "the environment of the $p"
done
stop_hub
[ ! -e "$DIR/keys" ] || fail "session keys were written"
echo "overridden, reloaded, refused"
