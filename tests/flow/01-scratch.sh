#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: ceptoard --scratch makes a hub, restarts what dies, stops in order, goes on with the same data.
# timeout: 180
. "$(dirname "$0")/lib.sh"

mode() { stat -c %a "$1"; }
restarted() { [ -n "$(pid_of "$1")" ] && [ "$(pid_of "$1")" != "$2" ]; }
serves() { as aozora-hp me >/dev/null 2>&1; }

start_hub --fronts 2
[ "$(mode "$HUB")" = 700 ] || fail "the folder has mode $(mode "$HUB")"
for f in aozora-hp/key.pem escrow-a/key.pem ca.key server.key vault.db keeper.db; do
	[ "$(mode "$HUB/$f")" = 600 ] || fail "$f has mode $(mode "$HUB/$f")"
done
. "$HUB/hub.env"
echo "$CEPTOAR_PIDS" | grep -qE '^front=[0-9]+,[0-9]+ vault=[0-9]+ keeper=[0-9]+ courier=[0-9]+ desk=[0-9]+$' || fail "pids: $CEPTOAR_PIDS"
[ "$CEPTOAR_CA" = "$HUB/ca.pem" ] || fail "CA: $CEPTOAR_CA"
openssl verify -x509_strict -crl_check -CAfile "$HUB/ca.pem" -CRLfile "$HUB/ca.crl" -purpose sslclient \
	"$HUB/aozora-hp/cert.pem" >/dev/null || fail "the member's certificate"
openssl verify -x509_strict -CAfile "$HUB/ca.pem" -purpose sslserver "$HUB/server.pem" >/dev/null || fail "the server's"

# One folder, one hub.
expect 1 "$BUILD/ceptoard" --scratch "$HUB"
has "another ceptoard" "$DIR/err" || fail "$(cat "$DIR/err")"

# Each program is killed and comes back; the listener keeps its port.
for p in front vault keeper; do
	old=$(pid_of $p)
	kill -9 "$old"
	wait_for "another $p" 20 restarted $p "$old"
	wait_for "service after the death of $p" 20 serves
done
as aozora-hp report "$REPORTS/SR-01.json" >/dev/null || fail "report"
url=$CEPTOAR_URL cert=$(sha256sum <"$HUB/aozora-hp/cert.pem") local_url=${CEPTOAR_LOCAL%% *}
curl -fsS "$local_url/healthz" >/dev/null || fail "healthz"
old=$(pid_of keeper)

stop_hub
kill -0 "$old" 2>/dev/null && fail "the keeper outlived ceptoard"
[ ! -e "$HUB/hub.env" ] || fail "hub.env of a hub that has stopped"
expect 3 as aozora-hp me

# The same folder again: port, certificates, members and reports.
start_hub && . "$HUB/hub.env"
[ "$CEPTOAR_URL" = "$url" ] || fail "$CEPTOAR_URL, was $url"
[ "$(sha256sum <"$HUB/aozora-hp/cert.pem")" = "$cert" ] || fail "another certificate"
expect 0 ctl status # of the fronts that there are now
as hibari-hp bulletins | grep -q "TLP:AMBER" || fail "the bulletin is gone"
[ "$(count registered "$HUB/log/ceptoarctl.log")" = 1 ] || fail "members were registered twice"

# Killed without warning, ceptoard takes its programs along.
old=$(pid_of vault)
kill -9 "$ceptoard"
# Where nobody collects orphans (process 1 of a container may not) it stays as a zombie.
gone() { ! grep -q "^State:[[:space:]]*[^ZX[:space:]]" "/proc/$old/status" 2>/dev/null; }
wait_for "the end of the orphans" 10 gone
start_hub --members "$ROOT/conf/demo-members.json"
expect 0 as aozora-hp me
echo "started, killed, stopped and started again"
