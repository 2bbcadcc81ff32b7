#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: make install puts everything where it belongs under PREFIX and DESTDIR, and nothing
# elsewhere; the installed programs run, and systemd finds no fault with the installed units.
set -eu
cd "$(dirname "$0")/../.."
dest=$TEST_TMP/dest
case $BUILD in "$PWD"/*) build=${BUILD#"$PWD"/} ;; *) build=$BUILD ;; esac
fail() { echo "FAIL: $*"; exit 1; }

# The build is done: install compiles nothing, also for another user's tree.
make -s -o all --no-print-directory BUILD="$build" DESTDIR="$dest" PREFIX=/opt/hub SYSCONFDIR=/opt/hub/etc install >/dev/null
for p in ceptoar-front ceptoar-vault ceptoar-keeper ceptoard ceptoar ceptoarctl; do
	[ "$(stat -c %a "$dest/opt/hub/bin/$p")" = 755 ] || fail "$p has the wrong mode"
	"$dest/opt/hub/bin/$p" --help >"$TEST_TMP/help" || fail "$p --help"
	grep -q . "$TEST_TMP/help" || fail "$p --help says nothing"
done
for f in lib/systemd/system/ceptoar.target lib/systemd/system/ceptoar-{front,desk}@.service lib/sysusers.d/ceptoar.conf \
	lib/tmpfiles.d/ceptoar.conf share/ceptoar/ceptoars.json share/ceptoar/taxonomy.json etc/ceptoar/ceptoar.conf.sample; do
	[ -s "$dest/opt/hub/$f" ] || fail "$f is not installed"
done
! grep -rn '@[A-Z]*@' "$dest/opt/hub/lib" "$dest/opt/hub/etc" || fail "a placeholder is left"
grep -q '^ExecStart=/opt/hub/bin/ceptoar-vault --conf /opt/hub/etc/ceptoar/ceptoar.conf' \
	"$dest/opt/hub/lib/systemd/system/ceptoar-vault.service" || fail "the unit starts something else"
[ "$(ls "$dest")" = opt ] || fail "something lies outside PREFIX: $(ls "$dest")"
! [ -e "$dest/opt/hub/etc/ceptoar/ceptoar.conf" ] || fail "an administrator's file would be overwritten"

# The sample is a configuration that each program accepts as it stands, but for its files.
conf=$TEST_TMP/ceptoar.conf
sed "s,^#* *\(ceptoars\|taxonomy\) *=.*/,\1 = $PWD/conf/," "$dest/opt/hub/etc/ceptoar/ceptoar.conf.sample" >"$conf"
for p in front vault keeper; do
	"$BUILD/ceptoar-$p" --conf "$conf" --check >"$TEST_TMP/check" 2>&1 || true
	! grep -qi 'unknown\|no such option\|expected' "$TEST_TMP/check" || fail "$p refuses the sample: $(cat "$TEST_TMP/check")"
done
echo "programs, units, users and data are in place"
