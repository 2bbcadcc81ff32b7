#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/packages.sh install [build|demo|test]   installs what is missing (Debian 12, apt)
# tests/packages.sh check                  refuses libraries older than we can stand behind
# Root, or a user with sudo.  Quiet and quick when everything is there.
set -u

build="gcc make pkg-config libc6-dev libevent-dev libssl-dev openssl libsqlite3-dev
 libjansson-dev libinih-dev libutf8proc-dev libcurl4-openssl-dev"
demo="$build curl python3 python3-aiosmtpd"
test="$build libcmocka-dev clang clang-format-14 libclang-rt-14-dev cppcheck valgrind strace
 shellcheck curl python3 python3-yaml python3-jsonschema python3-aiosmtpd sqlite3 systemd procps binutils git socat
 iproute2 util-linux"
# package, oldest version that will do, why
floors="libevent-dev 2.1.12-stable-8+deb12u1
libevent-core-2.1-7 2.1.12-stable-8+deb12u1
libssl-dev 3.0.22-1~deb12u2
libssl3 3.0.22-1~deb12u2"

version_of() {
	dpkg-query -W -f '${db:Status-Abbrev}${Version}\n' "$1" 2>/dev/null | sed -n 's/^ii *//p' | head -n 1
}

# Prints "package have want" for each one that is too old or absent.
old_ones() {
	echo "$floors" | while read -r package want; do
		have=$(version_of "$package")
		if [ -z "$have" ] || ! dpkg --compare-versions "$have" ge "$want"; then
			echo "$package ${have:-none} $want"
		fi
	done
}

missing() {
	# One call for all: a call each would take a second.
	# shellcheck disable=SC2086
	have=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' $1 2>/dev/null | sed -n 's/^ii *//p')
	for p in $1; do
		echo "$have" | grep -qxF "$p" || echo "$p"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		echo "packages: not root and no sudo; as root run: $*" >&2
		return 1
	fi
}

install_set() {
	if ! command -v apt-get >/dev/null 2>&1; then
		echo "packages: no apt-get here; install by hand: $1" >&2
		return 0
	fi
	want="$(missing "$1") $(old_ones | cut -d' ' -f1)"
	want=$(echo $want)
	[ -n "$want" ] || return 0
	echo "packages: installing $want"
	log=$(mktemp) || return 1
	# shellcheck disable=SC2086
	if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=180 update >"$log" 2>&1 &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=180 \
			--no-install-recommends install $want >>"$log" 2>&1; then
		rm -f "$log"
	else
		tail -n 30 "$log" >&2
		rm -f "$log"
		echo "packages: apt-get failed; the lines above say why" >&2
		return 1
	fi
}

# Where dpkg does not manage the libraries, the headers say what they are.
check_headers() {
	prog='#include <openssl/opensslv.h>
#include <event2/event-config.h>
#if OPENSSL_VERSION_NUMBER < 0x30000160L
#error "OpenSSL is older than 3.0.22"
#endif
#if EVENT__NUMERIC_VERSION < 0x02010d00
#error "libevent is older than 2.1.13 (2.1.12 is known good only as Debian builds it)"
#endif
'
	if ! why=$(printf '%s' "$prog" | ${CC:-cc} -E -x c - 2>&1 >/dev/null); then
		echo "$why" | grep -a error >&2
		echo "versions: install OpenSSL >= 3.0.22 and libevent >= 2.1.13" >&2
		return 1
	fi
}

case ${1:-} in
install)
	case ${2:-test} in
	build) install_set "$build" ;;
	demo) install_set "$demo" ;;
	test) install_set "$test" ;;
	*) echo "packages: build, demo or test?" >&2 && exit 2 ;;
	esac
	;;
check)
	if ! command -v dpkg-query >/dev/null 2>&1; then
		check_headers
		exit
	fi
	old=$(old_ones)
	[ -z "$old" ] && exit 0
	echo "$old" | while read -r package have want; do
		echo "versions: $package is $have, and at least $want is needed" >&2
	done
	echo "versions: run 'make install-deps', or: apt-get update && apt-get install libevent-dev libssl-dev" >&2
	exit 1
	;;
*)
	sed -n '3,5s/^# //p' "$0" >&2
	exit 2
	;;
esac
