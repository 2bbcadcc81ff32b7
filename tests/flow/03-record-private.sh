#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: of a record only `shared` leaves the machine; a retry has the same key; nothing else is told.
. "$(dirname "$0")/lib.sh"
start_hub # for its certificates only

cat >"$DIR/record" <<'END'
{"private":{"organisation":"KANARIA-ORG","contacts":["kanaria@private.example"],"ransom_note":"KANARIA-NOTE"},
 "shared":{"kind":"incident","title":"題名","severity_claimed":3,"consent":{"publish":"ceptoar"}}}
END
python3 "$ROOT/tests/flow/recorder.py" "$HUB" "$DIR/seen" >"$DIR/port" 2>"$DIR/recorder.log" &
pids+=($!)
wait_for "the recorder" 10 test -s "$DIR/port"
url=https://127.0.0.1:$(cat "$DIR/port")

# A key log and a proxy in the environment are not obeyed.
expect 0 env SSLKEYLOGFILE="$DIR/keys" https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
	"$BUILD/ceptoar" --as "$HUB/aozora-hp" --url "$url" report "$DIR/record"
[ ! -s "$DIR/keys" ] || fail "session keys were written"
[ "$(count '^POST /v1/reports HTTP/1.1' "$DIR/seen")" = 2 ] || fail "not sent twice: $(cat "$DIR/seen")"
has KANARIA "$DIR/seen" && fail "the private part left: $(cat "$DIR/seen")"
has kanaria "$DIR/seen" && fail "the private part left: $(cat "$DIR/seen")"
has private "$DIR/seen" && fail "even its name"
has 題名 "$DIR/seen" || fail "the shared part did not come"
[ "$(grep -a '^Idempotency-Key: ' "$DIR/seen" | sort -u | wc -l)" = 1 ] || fail "two keys for one report"
[ "$(grep -a '^{' "$DIR/seen" | sort -u | wc -l)" = 1 ] || fail "two bodies for one report"
grep -aE '^Idempotency-Key: [A-Za-z0-9_-]{22,}.?$' "$DIR/seen" >/dev/null || fail "a short key"

# The secret stayed here, readable for its owner only; the hub got its hash.
state=$DIR/.ceptoar/case-11111111111111111111111111111111.json
[ "$(stat -c %a "$state")" = 600 ] || fail "mode of the case's secret"
[ "$(stat -c %a "$DIR/.ceptoar")" = 700 ] || fail "mode of the state folder"
secret=$(sed -n 's/.*"secret":"\([A-Za-z0-9_-]*\)".*/\1/p' "$state")
[ ${#secret} = 43 ] || fail "secret: $secret"
has "$secret" "$DIR/seen" && fail "the secret left the machine"
hash=$(printf '%s=' "$secret" | tr '_-' '/+' | base64 -d | sha256sum | cut -c-64 | tr a-f A-F | basenc --base16 -d |
	basenc --base64url | tr -d =)
has "\"case_commitment\":\"$hash\"" "$DIR/seen" || fail "the commitment is not the secret's hash"
[ -z "$(find "$DIR/.ceptoar" -name 'pending*')" ] || fail "something is left to be sent"

# The preview takes the same care, and an authority that we do not know gets nothing.
expect 0 as aozora-hp preview "$DIR/record"
has KANARIA "$DIR/out" && fail "preview: $(cat "$DIR/out")"
expect 3 as aozora-hp --ca /etc/ssl/certs/ca-certificates.crt report "$DIR/record"
has "again pending-" "$DIR/err" || fail "$(cat "$DIR/err")"
expect 0 as aozora-hp report --again "$(basename "$DIR"/.ceptoar/pending-*.json .json)"
grep -rqi kanaria "$HUB" && fail "the private part is on the hub"
echo "only what is shared was sent"
