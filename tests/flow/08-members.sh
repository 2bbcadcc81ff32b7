#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a members file of ids and roles is enough; a start without one goes on with that of last time.
. "$(dirname "$0")/lib.sh"

members() { expect 0 ctl member list && wc -l <"$DIR/out"; }

cat >"$DIR/few.json" <<END
{"members":[$(for m in alpha bravo charlie delta echo; do # as many as a bulletin needs to hide one
	printf '{"id":"%s","roles":[{"ceptoar":"medical-ceptoar","role":"operator"}]},\n' $m; done)
{"id":"desk","roles":[{"ceptoar":"medical-ceptoar","role":"secretariat"}]},{"id":"middle","roles":[{"role":"centre"}]}]}
END
start_hub --members "$DIR/few.json"
before=$(members)
expect 0 as alpha report "$REPORTS/SR-01.json"
expect 0 as desk inbox
[ -s "$DIR/out" ] || fail "the inbox is empty"
expect 0 as desk events
has 2026- "$DIR/out" || fail "events without a cursor show what is kept: $(cat "$DIR/out")"
stop_hub
rm "$DIR/few.json"
start_hub
[ "$(members)" = "$before" ] || fail "other members: $(cat "$DIR/out")"
expect 2 as aozora-hp me
expect 0 as desk bulletins
has 2026- "$DIR/out" || fail "the bulletin is gone"
stop_hub

# A mistake is told with its place; a hub without members is a hub.
echo '{"members":[{"id":"alpha","roles":[{"ceptoar":"nonsense","role":"operator"}]}]}' >"$DIR/bad.json"
expect 1 "$BUILD/ceptoard" --scratch "$HUB" --members "$DIR/bad.json"
has '/members/0/roles/0/ceptoar' "$DIR/err" || fail "$(cat "$DIR/err")"
HUB=$DIR/empty
echo '{"members":[]}' >"$DIR/none.json"
start_hub --members "$DIR/none.json"
stop_hub
echo "few members, the same again, none"
