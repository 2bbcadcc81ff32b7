#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: contacts come with the members file and are shown when asked for; a webhook's secret is made
# by the hub, rotated with an overlap, and left as it is by a later import.  A roster has dates.
. "$(dirname "$0")/lib.sh"

cat >"$DIR/members.json" <<'END'
{"members":[{"id":"alpha","roles":[{"ceptoar":"medical-ceptoar","role":"operator"}],
 "contacts":[{"mail":"csirt@alpha.example"},{"webhook":"https://alpha.example/in"},"03-0000-0001",{"sms":"090-0000-0001","lang":"en"}],
 "persons":[{"id":"ward","duties":["reporter"],"contacts":["ward@alpha.example"]}]}]}
END
start_hub --members "$DIR/members.json"
expect 0 ctl member show alpha
has 'contacts      1 mail, 1 webhook, 1 sms, 1 telephone$' "$DIR/out" || fail "$(cat "$DIR/out")"
! has '@\|https' "$DIR/out" || fail "addresses without being asked: $(cat "$DIR/out")"
expect 0 ctl member show alpha --contacts
has ' 1 mail       ja  csirt@alpha.example$' "$DIR/out" && has ' 4 sms        en  090-0000-0001$' "$DIR/out" || fail "$(cat "$DIR/out")"
expect 0 ctl contact list alpha/ward
has ' 1 mail       ja  ward@alpha.example$' "$DIR/out" || fail "$(cat "$DIR/out")"

secret() { # of the webhook, or the old one
	expect 0 ctl contact list alpha --secrets
	sed -n "s/^ *$1  *\([0-9a-f]\{64\}\).*/\1/p" "$DIR/out"
}
first=$(secret secret)
[ ${#first} = 64 ] && [ -z "$(secret 'old secret')" ] || fail "no secret, or an old one: $(cat "$DIR/out")"
expect 1 ctl contact rotate alpha 1
expect 2 ctl contact rotate alpha 2 --overlap 91d
expect 0 ctl contact rotate alpha 2
second=$(secret secret)
[ "$second" != "$first" ] && [ "$(secret 'old secret')" = "$first" ] || fail "the first one does not go on: $(cat "$DIR/out")"
has "old secret $first until $(date -u -d '+7 days' +%F)" "$DIR/out" || fail "the end of its overlap: $(cat "$DIR/out")"

# The same file again, with a contact more before it; then after a new start.
sed -i 's/{"webhook"/{"mail":"two@alpha.example"},&/' "$DIR/members.json"
kill -HUP "$ceptoard"
registered() { ctl member show alpha | grep -q '2 mail'; }
wait_for "the import" 20 registered
[ "$(secret secret) $(secret 'old secret')" = "$second $first" ] || fail "an import changed a secret: $(cat "$DIR/out")"
expect 0 ctl contact rotate alpha 3 --overlap 0
stop_hub
echo '{"shifts":[{"member":"alpha","person":"ward","from":"2026-12-01","to":"2026-12-01","order":2}]}' >"$HUB/roster.json"
start_hub
expect 0 ctl roster show alpha
has '^2026-12-01T00:00  2026-12-02T00:00  2  ward$' "$DIR/out" || fail "the folder's own roster: $(cat "$DIR/out")"
# A roster; one that names nobody we know, or a wrong day, changes nothing.
roster() { echo '{"shifts":[{"member":"alpha","person":"'"$1"'","from":"'"$2"'","to":"2026-12-31"}]}' >"$DIR/roster.json"; }
roster ward 2026-12-30T17:30
expect 0 ctl roster import "$DIR/roster.json"
expect 0 ctl roster show alpha
has '^2026-12-30T17:30  2027-01-01T00:00  1  ward$' "$DIR/out" || fail "$(cat "$DIR/out")"
roster nobody 2026-12-30
expect 1 ctl roster import "$DIR/roster.json"
roster ward 2026-11-31
expect 1 ctl roster import "$DIR/roster.json"
has '/shifts/0/from: a day' "$DIR/err" || fail "the field is not named: $(cat "$DIR/err")"
third=$(secret secret)
[ "$third" != "$second" ] && [ -z "$(secret 'old secret')" ] || fail "no overlap was asked for: $(cat "$DIR/out")"
echo "three secrets, two overlaps"
