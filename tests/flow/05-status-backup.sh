#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: policy check, reload errors in status, revocation by the authority's list, backup while it runs.
# timeout: 120
. "$(dirname "$0")/lib.sh"
start_hub

# Who would get it, and why; nothing is stored by asking.
expect 0 ctl --json policy check "$REPORTS/SR-01.record.json"
has '"level":3' "$DIR/out" && has '"automatic":true' "$DIR/out" || fail "$(cat "$DIR/out")"
expect 0 ctl --json policy check --used-up "$REPORTS/SR-01.json"
has '"automatic":false' "$DIR/out" || fail "$(cat "$DIR/out")"
expect 2 ctl policy check --ceptoar nonsense "$REPORTS/SR-01.json"

# A reload that fails keeps the old certificate and is told; then it is mended.
expect 0 ctl status
cp "$HUB/server.pem" "$DIR/server.pem" && echo nonsense >"$HUB/server.pem" && kill -HUP "$ceptoard"
told() { ctl status >"$DIR/out" 2>&1; [ $? = 1 ] && grep -q 'reload_error: .*server.pem' "$DIR/out"; }
wait_for "the reload's error in status" 10 told
expect 0 as hibari-hp me
cp "$DIR/server.pem" "$HUB/server.pem" && kill -HUP "$ceptoard"
wait_for "a good status" 10 ctl status >/dev/null

# The authority's list: revoked while the hub runs.
expect 0 "$BUILD/ceptoard" --scratch "$HUB" --revoke "$HUB/tsukimi-hp/cert.pem"
refused() { ! as tsukimi-hp me >/dev/null 2>&1; }
wait_for "the revocation" 10 refused

as aozora-hp report "$REPORTS/SR-01.json" >/dev/null || fail "report"
expect 0 ctl backup "$HUB/backup"
has "keeper: 100 %" "$DIR/err" || fail "no progress: $(cat "$DIR/err")"
for db in vault keeper; do
	[ "$(sqlite3 "$HUB/backup/$db.db" 'PRAGMA integrity_check')" = ok ] || fail "backup of the $db"
done
[ "$(sqlite3 "$HUB/backup/keeper.db" 'SELECT count(*) FROM reports')" = 1 ] || fail "the report is not in the backup"
expect 1 ctl backup "$HUB/backup" # never over an older one
has "written over" "$DIR/err" || fail "an older copy: $(cat "$DIR/err")"
expect 1 ctl backup "$DIR/elsewhere" # where the programs may not write
has backup_dir "$DIR/err" || fail "another folder: $(cat "$DIR/err")"
expect 3 "$BUILD/ceptoarctl" --run "$DIR" status
echo "policy, status, revocation and backup"
