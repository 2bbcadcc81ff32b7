#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The hub's figures beside the floor's, from real runs on this machine, one after another.
# usage: bench.sh BUILD [small|full]      small: 1,000 subscribers only
set -u
build=$(realpath "${1:-build}")
size=${2:-full}
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/ceptoar-bench.XXXXXX")
wl=$build/tests/bench/wireload
floor_port=$((20000 + RANDOM % 10000))
hub_pid='' floor_pid=''
many=10000
[ "$size" = small ] && many=1000

cleanup() {
	[ -n "$hub_pid" ] && kill "$hub_pid" 2>/dev/null && wait "$hub_pid" 2>/dev/null
	[ -n "$floor_pid" ] && kill "$floor_pid" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

ulimit -n "$(ulimit -Hn)"
say() { printf '\n== %s\n' "$*" >&2; }
row() { printf '| %-62s | %14s | %14s | %-18s |\n' "$@" | tee -a "$dir/table"; }
pick() { sed -nE "s/.*$2.*/\\1/p" "$dir/$1" | tail -n 1; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2fx", a / b; else print "-" }'; }
wait_file() {
	local i
	for i in $(seq 1 "$2"); do
		[ -e "$1" ] && return 0
		sleep 0.1
	done
	echo "bench: $1 did not appear" >&2
	return 1
}

start_floor() { # [coalesce]
	[ -d "$dir/pki" ] || sh "$here/mkpki.sh" "$dir/pki" 1
	"$build/tests/bench/floor" "$floor_port" "$dir/pki/server.pem" "$dir/pki/server.key" \
		"$dir/pki/ca.pem" "$@" &
	floor_pid=$!
	sleep 0.5
}
stop_floor() {
	kill "$floor_pid"
	wait "$floor_pid" 2>/dev/null
	floor_pid=''
	floor_port=$((floor_port + 1))
}
floor_args() {
	echo "-p $floor_port -A $dir/pki/ca.pem -C $dir/pki/client0.pem -K $dir/pki/client0.key"
}
floor_hello='GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

member=aozora-hp
hub_hello='GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n'
json_head='Content-Type: application/json\r\n'
start_hub() { # [again] [OPTIONS]: a fresh directory unless told otherwise
	if [ "${1:-}" = again ]; then shift; else rm -rf "$dir/hub"; fi
	"$build/ceptoard" --scratch "$dir/hub" "$@" >"$dir/ready" 2>"$dir/hub.log" &
	hub_pid=$!
	local i
	for i in $(seq 1 300); do
		grep -q ready "$dir/ready" && break
		sleep 0.1
	done
	grep -q ready "$dir/ready" || { tail -n 20 "$dir/hub.log" >&2; exit 1; }
	# shellcheck disable=SC1091
	. "$dir/hub/hub.env"
	port=${CEPTOAR_URL##*:}
	port=${port%%/*}
	fronts=$(tr ' ' '\n' <<<"$CEPTOAR_PIDS" | sed -n 's/^front=//p' | tr ',' ' ')
	vault=$(tr ' ' '\n' <<<"$CEPTOAR_PIDS" | sed -n 's/^vault=//p')
	keeper=$(tr ' ' '\n' <<<"$CEPTOAR_PIDS" | sed -n 's/^keeper=//p')
	settle
}
# A hub that has just been born makes its issuer keys, once in its life and for half a minute;
# the floor makes none.  Waits for that process to rest.
settle() {
	local i smith was=-1 now
	smith=$(pgrep -P "$vault")
	for i in $(seq 1 60); do
		now=$(cpu_of "$smith")
		[ "$now" = "$was" ] && return 0
		was=$now
		sleep 2
	done
	echo "bench: the issuer keys are still being made" >&2
}
stop_hub() {
	kill "$hub_pid"
	wait "$hub_pid" 2>/dev/null
	hub_pid=''
}
hub_args() {
	echo "-p $port -A $CEPTOAR_CA -C $dir/hub/$member/cert.pem -K $dir/hub/$member/key.pem"
}
pids() { local p; for p in "$@"; do printf -- '-S %s ' "$p"; done; }
body() { # level file
	sed "s/@LEVEL@/$1/g" "$here/body.json.in" | tr -d '\n' >"$2"
}
cpu_of() { # pids: seconds of processor time
	local p sum=0
	for p in "$@"; do
		sum=$(awk -v s="$sum" -v hz="$(getconf CLK_TCK)" \
			'{ sub(/.*\) /, ""); print s + ($12 + $13) / hz }' "/proc/$p/stat")
	done
	echo "$sum"
}
body 3 "$dir/body3"
body 1 "$dir/body1"

# One run of subscribers and publishers: NAME WHO N MESSAGES PUBLISHERS SIZE [rate]
run() {
	local name=$1 who=$2 n=$3 m=$4 pubs=$5 bytes=$6 rate=${7:-} args hello sargs
	rm -f "$dir/rdy"
	if [ "$who" = hub ]; then
		args=$(hub_args) hello=$hub_hello sargs=$(pids $fronts)
		[ "$name" = mem ] && sargs=$(pids $fronts $vault $keeper)
	else
		args=$(floor_args) hello=$floor_hello sargs=$(pids "$floor_pid")
	fi
	# shellcheck disable=SC2086
	"$wl" sub $args -n "$n" -m "$m" -H "$hello" $sargs -F "$dir/rdy" -T 120 -q >"$dir/$name.$who.sub" 2>&1 &
	local sub=$!
	wait_file "$dir/rdy" 1200 || return 1
	sleep 1
	# shellcheck disable=SC2086
	if [ "$who" = hub ]; then
		"$wl" pub $args -n "$pubs" -m "$m" -s "$bytes" -u /v1/reports -g "$json_head" -b "$dir/body3" \
			${rate:+-r $rate} -T 100 >"$dir/$name.$who.pub" 2>&1
	else
		"$wl" pub $args -n "$pubs" -m "$m" -s "$bytes" ${rate:+-r $rate} -T 100 >"$dir/$name.$who.pub" 2>&1
	fi
	wait "$sub"
	cat "$dir/$name.$who.sub" "$dir/$name.$who.pub" >&2
}

frame_size() { # bytes of one bulletin frame of a 2 KiB report, as a subscriber sees it
	# shellcheck disable=SC2086
	"$wl" pub $(hub_args) -n 1 -m 1 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body3" >/dev/null
	curl -sN --max-time 3 --cacert "$CEPTOAR_CA" --cert "$dir/hub/$member/cert.pem" \
		--key "$dir/hub/$member/key.pem" "$CEPTOAR_URL/v1/stream?cursor=earliest" >"$dir/frames"
	awk '/^id: /{n=0;on=1} on{n+=length($0)+1} /^$/{if(on&&n>best)best=n;on=0} END{print best+0}' "$dir/frames"
}

processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
echo "machine: $(nproc) cores, $processor; OpenSSL $(openssl version | cut -d' ' -f2); subscribers: 1000 and $many"
row figure floor hub goal
row --- --- --- ---

say "delivery: 1,000 subscribers, 300 messages as fast as they are taken"
start_hub
fsize=$(frame_size)
say "a frame of a 2 KiB report has $fsize bytes: the floor sends as many"
# In turn, as below.
: >"$dir/d.floor"; : >"$dir/d.hub"
start_floor coalesce
for _ in 1 2 3; do
	run fan hub 1000 300 4 2048
	run fan floor 1000 300 4 $((fsize - 8))
	pick fan.floor.sub '\(([0-9.]+) us a delivery' >>"$dir/d.floor"
	pick fan.hub.sub '\(([0-9.]+) us a delivery' >>"$dir/d.hub"
done
stop_floor
f=$(sort -n "$dir/d.floor" | sed -n 2p) h=$(sort -n "$dir/d.hub" | sed -n 2p)
row "server CPU for one delivery, 1,000 subscribers (us)" "$f" "$h" "<= 1.4x: $(ratio "$h" "$f")"
before=$(cpu_of $fronts) kv=$(cpu_of $vault $keeper)
# shellcheck disable=SC2086
"$wl" pub $(hub_args) -n 4 -m 300 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body3" >"$dir/own.pub"
row "a report's own CPU: front, and vault with keeper (ms)" "" \
	"$(awk -v a="$before" -v b="$(cpu_of $fronts)" -v c="$kv" -v d="$(cpu_of $vault $keeper)" \
		'BEGIN { printf "%.2f + %.2f", (b - a) / 0.3, (d - c) / 0.3 }')" "printed"
stop_hub

say "one message to $many subscribers; memory; connections"
start_hub
# Three in turn, for one message lasts a tenth of a second, in which anything may happen.
: >"$dir/p.floor"; : >"$dir/p.hub"
start_floor coalesce
for _ in 1 2 3; do
	run mem hub "$many" 1 1 2048
	run mem floor "$many" 1 1 $((fsize - 8))
	pick mem.floor.sub 'p99 ([0-9.]+)' >>"$dir/p.floor"
	pick mem.hub.sub 'p99 ([0-9.]+)' >>"$dir/p.hub"
	# Memory is that of the first time: later the programs have it already.
	cp -n "$dir/mem.floor.sub" "$dir/first.floor.sub"
	cp -n "$dir/mem.hub.sub" "$dir/first.hub.sub"
done
stop_floor
f=$(sort -n "$dir/p.floor" | sed -n 2p) h=$(sort -n "$dir/p.hub" | sed -n 2p)
row "one message to $many subscribers, p99 (ms)" "$f" "$h" "<= 1.25x: $(ratio "$h" "$f")"
f=$(pick first.floor.sub '\(([0-9.]+) KiB a connection')
h=$(pick first.hub.sub '\(([0-9.]+) KiB a connection')
row "memory of one idle subscriber at $many, all programs (KiB)" "$f" "$h" "<= 22"
stop_hub

start_hub
start_floor
# In turn, so that a machine whose speed drifts treats both alike.
: >"$dir/c.floor"; : >"$dir/c.hub"; : >"$dir/z.hub"
for _ in 1 2 3; do
	# shellcheck disable=SC2086
	"$wl" conn $(floor_args) -n 1000 -c 8 -H 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n' \
		$(pids "$floor_pid") >>"$dir/c.floor" 2>&1
	# shellcheck disable=SC2086
	"$wl" conn $(hub_args) -n 1000 -c 8 -H 'GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n' \
		$(pids $fronts) >>"$dir/c.hub" 2>&1
	# shellcheck disable=SC2086
	"$wl" conn $(hub_args) -n 1000 -c 8 -z -H 'GET /v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n' \
		$(pids $fronts) >>"$dir/z.hub" 2>&1
done
cat "$dir/c.floor" "$dir/c.hub" "$dir/z.hub" >&2
median() { sed -nE 's/.*server cpu ([0-9.]+) s.*/\1/p' "$dir/$1" | sort -n | sed -n 2p; }
f=$(median c.floor) h=$(median c.hub) z=$(median z.hub)
row "server CPU for one new connection (ms)" "$f" "$h" "<= 1.2x: $(ratio "$h" "$f")"
row "the same, resumed (ms)" "$f" "$z" "<= 0.65x: $(ratio "$z" "$f")"
stop_floor
stop_hub

say "durable sealed reports"
start_hub
# shellcheck disable=SC2086
"$wl" pub $(hub_args) -n 64 -m 20000 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body1" \
	$(pids $fronts $vault $keeper) >"$dir/closed" 2>&1
# shellcheck disable=SC2086
"$wl" pub $(hub_args) -n 64 -m 5000 -r 500 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body1" >"$dir/open" 2>&1
cat "$dir/closed" "$dir/open" >&2
row "durable sealed reports, 64 connections, closed loop (1/s)" "" "$(pick closed ': ([0-9]+)\/s')" ">= 1500"
row "  its latency p50 / p99 (ms)" "" "$(pick closed 'p50 ([0-9.]+)') / $(pick closed 'p99 ([0-9.]+)')" "printed"
row "  at 500/s, p99 (ms)" "" "$(pick open 'p99 ([0-9.]+)')" "<= 40"
stop_hub

say "blind reports: 80 members draw 100 tokens each, then all are redeemed"
python3 - "$dir/blind.json" <<'END'
import json, sys
members = [{"id": f"member-{i}", "roles": [{"role": "operator", "ceptoar": "medical-ceptoar"}]} for i in range(80)]
json.dump({"members": members}, open(sys.argv[1], "w", encoding="utf-8"))
END
printf '[tokens]\nbatch = 100\n' >"$dir/blind.conf"
start_hub --members "$dir/blind.json" --conf "$dir/blind.conf"
mkdir "$dir/state"
draw() { "$build/ceptoar" --as "$dir/hub/member-$1" --state-dir "$dir/state/$1" tokens >/dev/null 2>&1; }
for _ in $(seq 1 120); do # its keys are made behind "ready"
	draw 0 && break
	sleep 1
done
before=$(cpu_of $vault) began=$(date +%s.%N)
for i in $(seq 1 79); do draw "$i" || echo "bench: member $i drew nothing" >&2; done
spent=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
row "tokens issued, one member after another (1/s)" "" "$(awk -v s="$spent" 'BEGIN { printf "%d", 7900 / s }')" "printed"
row "  by the vault alone, of its own CPU (1/s)" "" \
	"$(awk -v a="$before" -v b="$(cpu_of $vault)" 'BEGIN { printf "%d", 7900 / (b - a) }')" "printed"
python3 - "$dir/state" "$dir/lines" <<'END'
import json, pathlib, sys
held = [t for f in pathlib.Path(sys.argv[1]).rglob("tokens-*.json") for b in json.load(open(f))["drawn"] for t in b["tokens"]]
open(sys.argv[2], "w").writelines(f'Authorization: PrivateToken token="{t}"\n' for t in held)
END
sleep 2 # the keeper hears once a second how many drew
sed 's/"kind"/"ceptoar":"medical-ceptoar","kind"/' "$dir/body1" >"$dir/body-blind"
blind="-p ${CEPTOAR_BLIND_URL##*:} -A $CEPTOAR_CA"
head -n 5000 "$dir/lines" >"$dir/lines1" && tail -n +5001 "$dir/lines" | head -n 2500 >"$dir/lines2"
# shellcheck disable=SC2086
"$wl" pub $blind -n 64 -m 5000 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body-blind" -L "$dir/lines1" \
	$(pids $fronts $vault $keeper) >"$dir/bclosed" 2>&1
# shellcheck disable=SC2086
"$wl" pub $blind -n 64 -m 2500 -r 500 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body-blind" -L "$dir/lines2" >"$dir/bopen" 2>&1
cat "$dir/bclosed" "$dir/bopen" >&2
sealed=$(pick closed ': ([0-9]+)\/s') b=$(pick bclosed ': ([0-9]+)\/s')
row "durable blind reports, 64 connections, closed loop (1/s)" "" "$b" ">= 1000: $(ratio "$b" "$sealed") of sealed"
row "  at 500/s, p99 (ms)" "" "$(pick bopen 'p99 ([0-9.]+)')" "<= 40: $(ratio "$(pick bopen 'p99 ([0-9.]+)')" "$(pick open 'p99 ([0-9.]+)')")"
stop_hub

say "report accepted to bulletin received, idle hub"
start_hub
run live hub 1 200 1 2048 20
row "report sent to 201, idle hub: p50 / p99 (ms)" "" \
	"$(pick live.hub.pub 'p50 ([0-9.]+)') / $(pick live.hub.pub 'p99 ([0-9.]+)')" "printed"
row "  201 to bulletin received by a subscriber: p50 (ms)" "" \
	"$(awk -v a="$(pick live.hub.sub 'p50 ([0-9.]+)')" -v b="$(pick live.hub.pub 'p50 ([0-9.]+)')" \
		'BEGIN { printf "%.2f", a - b }')" "<= 3"
row "  report sent to bulletin received: p99 (ms)" "" "$(pick live.hub.sub 'p99 ([0-9.]+)')" "<= 10 from the 201"
stop_hub

say "who got it: pages of deliveries, 6,400 receivers and 10 bulletins"
"$build/tests/bench/reach" >"$dir/reach" 2>"$dir/reach.log" || cat "$dir/reach.log" >&2
cat "$dir/reach" >&2
for page in "first page, with figures" "next page" "silent ones" "500 lines of a table" "the centre's figures"; do
	row "deliveries, 6,400 receivers: $page: median / worst (ms)" "" \
		"$(sed -nE "s|^$page: ([0-9.]+) ([0-9.]+) .*|\1 / \2|p" "$dir/reach")" "< 100"
done

if [ "$size" = full ]; then
	say "10,000 subscribers come back after a restart"
	start_hub
	# shellcheck disable=SC2086
	"$wl" pub $(hub_args) -n 4 -m 100 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body3" >/dev/null
	stop_hub
	start_hub again
	# shellcheck disable=SC2086
	"$wl" sub $(hub_args) -n "$many" -c 256 -m 100 -H 'GET /v1/stream?cursor=earliest HTTP/1.1\r\nHost: localhost\r\n\r\n' \
		$(pids $fronts) -T 120 -q >"$dir/back" 2>&1 &
	sub=$!
	sleep 3
	# shellcheck disable=SC2086
	"$wl" pub $(hub_args) -n 1 -m 20 -r 5 -s 2048 -u /v1/reports -g "$json_head" -b "$dir/body1" >"$dir/during" 2>&1
	wait "$sub"
	cat "$dir/back" "$dir/during" >&2
	row "$many subscribers back and caught up with 100 bulletins (s)" "" \
		"$(awk '/^connected/{for(i=1;i<=NF;i++)if($i=="in")a=$(i+1)} /span/{match($0,/span [0-9.]+/);b=substr($0,RSTART+5,RLENGTH-5)} END{printf "%.1f",a+(b>0?b:0)}' "$dir/back")" "<= 40"
	row "  missing" "" "$(pick back 'missing ([0-9]+)')" "0"
	row "  reports accepted meanwhile" "" "$(pick during 'acked ([0-9]+)')" "20"
	stop_hub

	say "1,000 readers that never read beside 1,000 live ones"
	start_hub
	run alone hub 1000 200 2 2048 20
	python3 "$here/never_read.py" 127.0.0.1 "$port" "$CEPTOAR_CA" "$dir/hub/$member/cert.pem" \
		"$dir/hub/$member/key.pem" 1000 "$dir/stuck" &
	stuck=$!
	wait_file "$dir/stuck" 600
	rss0=$(awk '/VmRSS/{print $2}' /proc/${fronts%% *}/status)
	# As long as the kernel takes what they are sent they are readers like others, and there are
	# twice as many; what is asked is how the live ones fare once they are stuck.
	run filling hub 1000 200 2 2048 20
	run beside hub 1000 200 2 2048 20
	rss1=$(awk '/VmRSS/{print $2}' /proc/${fronts%% *}/status)
	kill "$stuck"
	row "live p99 alone, and beside 1,000 that never read (ms)" "$(pick alone.hub.sub 'p99 ([0-9.]+)')" \
		"$(pick beside.hub.sub 'p99 ([0-9.]+)')" "within 20 %"
	row "  the same while the kernel still takes theirs (ms)" "" \
		"$(pick filling.hub.sub 'p99 ([0-9.]+)')" printed
	row "  the front's memory before and after (MiB)" "$((rss0 / 1024))" "$((rss1 / 1024))" "flat"
	stop_hub

	say "catch-up of 100,000 stored bulletins by one subscriber"
	start_hub
	# shellcheck disable=SC2086
	"$wl" pub $(hub_args) -n 64 -m 100000 -s 600 -u /v1/reports -g "$json_head" -b "$dir/body3" -T 300 >"$dir/fill" 2>&1
	cat "$dir/fill" >&2
	# shellcheck disable=SC2086
	"$wl" sub $(hub_args) -n 1 -m 100000 -H 'GET /v1/stream?cursor=earliest HTTP/1.1\r\nHost: localhost\r\n\r\n' \
		$(pids $fronts $keeper) -T 120 >"$dir/catch" 2>&1
	cat "$dir/catch" >&2
	row "catch-up of 100,000 bulletins by one subscriber (1/s)" "" \
		"$(awk '/span/{match($0,/span [0-9.]+/);b=substr($0,RSTART+5,RLENGTH-5);match($0,/received [0-9]+/);n=substr($0,RSTART+9,RLENGTH-9);if(b>0)printf "%d",n/b}' "$dir/catch")" ">= 50000"
	stop_hub
fi
echo
cat "$dir/table"
