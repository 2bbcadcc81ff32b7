# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Helpers of the flow tests: a hub in a temporary folder, waiting with a limit, cleaning up by pid.
set -u
BUILD=${BUILD:-build}
DIR=${TEST_TMP:-$(mktemp -d)}
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
REPORTS=$ROOT/tests/data/reports
HUB=$DIR/hub
SLOWER=${SLOWER:-1}
export HOME=$DIR LC_ALL=C.UTF-8
pids=()
cd "$ROOT" || exit 1

fail() {
	echo "FAIL: $*" >&2
	tail -n 20 "$DIR"/*.log "$HUB"/log/*.log 2>/dev/null >&2
	exit 1
}

# Ends what this test started, and nothing else.
cleanup() {
	local p
	for p in "${pids[@]}"; do
		kill "$p" 2>/dev/null
	done
	for p in "${pids[@]}"; do
		wait "$p" 2>/dev/null
	done
	[ -n "${TEST_TMP:-}" ] || rm -rf "$DIR"
}
trap cleanup EXIT

# wait_for WHAT SECONDS COMMAND...: tries until it succeeds.
wait_for() {
	local what=$1 end=$((SECONDS + $2 * SLOWER))
	shift 2
	until "$@"; do
		[ $SECONDS -lt $end ] || fail "waited in vain for $what"
		sleep 0.05
	done
}

has() { grep -aqe "$1" "$2" 2>/dev/null; }

# start_hub [OPTIONS]: sets ceptoard, its pid.
start_hub() {
	rm -f "$DIR/hub.out"
	"$BUILD/ceptoard" --scratch "$HUB" "$@" >"$DIR/hub.out" 2>>"$DIR/ceptoard.log" &
	ceptoard=$!
	pids+=("$ceptoard")
	wait_for "the hub" 60 hub_says
}
hub_says() {
	kill -0 "$ceptoard" 2>/dev/null || fail "ceptoard ended"
	has '^ready$' "$DIR/hub.out"
}
stop_hub() {
	python3 tests/canary.py --live "$HUB" || fail "what the running hub shows"
	kill -TERM "$ceptoard"
	wait "$ceptoard" || fail "ceptoard ended with status $?"
}
# pid_of front|vault|keeper: the first one, now.
pid_of() { sed -n "s/^CEPTOAR_PIDS=.*\b$1=\([0-9]*\).*/\1/p" "$HUB/hub.env"; }
# as MEMBER COMMAND...
as() {
	local who=$1
	shift
	"$BUILD/ceptoar" --as "$HUB/$who" "$@"
}
ctl() { "$BUILD/ceptoarctl" --conf "$HUB/ceptoar.conf" "$@"; }
# watch MEMBER FILE [OPTIONS]: in the background, connected when it returns; sets watcher.
watch() {
	local who=$1 file=$2
	shift 2
	: >"$file"
	"$BUILD/ceptoar" --as "$HUB/$who" --json watch "$@" >"$file" 2>"$file.err" &
	watcher=$!
	pids+=("$watcher")
	wait_for "the stream of $who" 20 has '"event":"hello"' "$file"
}
# count PATTERN FILE
count() { grep -ace "$1" "$2"; }
# expect STATUS COMMAND...: its output goes to $DIR/out and $DIR/err.
expect() {
	local want=$1 got=0
	shift
	"$@" >"$DIR/out" 2>"$DIR/err" || got=$?
	[ $got -eq "$want" ] || fail "$*: status $got, not $want: $(cat "$DIR/out" "$DIR/err")"
}
