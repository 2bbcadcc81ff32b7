#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the administrator's commands on a running hub: members and their certificates.
# timeout: 180
. "$(dirname "$0")/lib.sh"
start_hub

expect 0 ctl member list
[ "$(wc -l <"$DIR/out")" = "$(grep -c '^[[:space:]]*"id":' conf/demo-members.json)" ] || fail "$(wc -l <"$DIR/out") members"
expect 0 ctl member show aozora-hp
has medical-ceptoar "$DIR/out" || fail "$(cat "$DIR/out")"
has 青空 "$DIR/out" && fail "the terms are shown"
expect 1 ctl member show nobody

# A file with one mistake changes nothing.
printf '{"members":[{"id":"new-hp","roles":[{"ceptoar":"medical-ceptoar","role":"operator"}]},{"id":"B"}]}' >"$DIR/bad"
expect 1 ctl member import "$DIR/bad"
has '/members/1' "$DIR/err" || fail "$(cat "$DIR/err")"
expect 1 ctl member show new-hp

# Suspended: refused, and the open stream is closed; active again; a suspension survives an import.
watch hibari-hp "$DIR/stream"
expect 0 ctl member disable hibari-hp
expect 1 as hibari-hp me
has disabled_member "$DIR/err" || fail "$(cat "$DIR/err")"
ended() { ! kill -0 "$watcher" 2>/dev/null; }
wait_for "the end of its stream" 60 ended
expect 0 ctl member import conf/demo-members.json
expect 1 as hibari-hp me
expect 0 ctl member enable hibari-hp
expect 0 as hibari-hp me

# Certificates: another one for a member, one of another member, revocation.
expect 1 ctl cert add hibari-hp "$HUB/wakaba-hp/cert.pem"
expect 0 ctl cert revoke "$HUB/wakaba-hp/cert.pem"
expect 1 as wakaba-hp me
expect 0 ctl member add new-hp --role medical-ceptoar:operator --name-ja 新しい病院 --domain new-hp.example.jp \
	--cert "$HUB/server.pem"
expect 0 ctl member show new-hp
expect 2 ctl member add new-hp
expect 1 ctl member add x --role medical-ceptoar:king

# The page of a command, wherever it is asked for.
for words in "member add" "member show" "cert revoke" "policy check" "signing-key rotate"; do
	expect 0 ctl $words --help
	[ "$(head -1 "$DIR/out")" = NAME ] || fail "$words --help: $(cat "$DIR/out" "$DIR/err")"
done

echo "members and certificates"
