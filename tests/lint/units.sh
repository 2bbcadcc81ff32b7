#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/lint/units.sh BUILDDIR: installs into a folder of the build and lets systemd judge
# the units from there: verify must say nothing, security must stay under its limit.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$(cd "$1" && pwd) stage=$build/stage
rm -rf "$stage"
if ! make --no-print-directory -s -o all BUILD="$1" PREFIX="$stage" SYSCONFDIR="$stage/etc" install >"$build/stage.log" 2>&1; then
	echo "make install failed:"
	tail -n 5 "$build/stage.log"
	exit 1
fi
units=$stage/lib/systemd/system
export SYSTEMD_UNIT_PATH="$units:"
sample() { echo "${1/@./@1.}"; }
names=()
for u in "$units"/*; do
	names+=("$(sample "$(basename "$u")")")
done
# An instance is checked under a name; the folder is only for this.
for u in "$units"/*@.*; do
	ln -sf "$u" "$units/$(sample "$(basename "$u")")"
done
(cd "$units" && systemd-analyze verify --man=no "${names[@]}" 2>&1) | grep -v 'Failed to open .*/dev/tty'
limit() {
	local out
	out=$(systemd-analyze security --offline=true --threshold="$2" --no-pager "$units/$1" 2>&1) ||
		echo "$1: exposure is over the limit ($2 tenths): $(echo "$out" | tail -n 1)"
}
limit ceptoar-front@1.service 12
limit ceptoar-desk@1.service 12
limit ceptoar-vault.service 3
limit ceptoar-keeper.service 3
limit ceptoar-courier.service 15
limit ceptoar-tokens.service 12
for want in Type=oneshot LimitCORE=0 MemorySwapMax=0 MemoryMax= UMask=0077 UnsetEnvironment= StateDirectoryMode=0700; do
	grep -q "^$want" "$units/ceptoar-tokens.service" || echo "ceptoar-tokens.service: lacks $want"
done
for want in OnCalendar= Persistent=yes RandomizedDelaySec= FixedRandomDelay=yes; do
	grep -q "^$want" "$units/ceptoar-tokens.timer" || echo "ceptoar-tokens.timer: lacks $want"
done
for u in "$units"/ceptoar-{front@,desk@,vault,keeper,courier}.service; do
	for want in Type=notify WatchdogSec= ExecReload= LimitCORE=0 MemorySwapMax=0 MemoryMax= Restart=on-failure \
		'ExecStartPre=.*--check' StartLimitBurst= UMask=0077 UnsetEnvironment=; do
		grep -q "^$want" "$u" || echo "$(basename "$u"): lacks $want"
	done
done
grep -q '^ReusePort=yes' "$units/ceptoar-front@.socket" || echo "ceptoar-front@.socket: lacks ReusePort=yes"
for want in 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 100.64.0.0/10 fc00::/7 fe80::/10 127.0.0.0/8 ::1; do
	grep -q "^IPAddressDeny=.*$want" "$units/ceptoar-courier.service" || echo "ceptoar-courier.service: does not deny $want"
done
exit 0
