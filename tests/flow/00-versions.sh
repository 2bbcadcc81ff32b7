#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: the build refuses a libevent or an OpenSSL that is too old or absent, and says what to do.
set -eu
cd "$(dirname "$0")/../.."
unset MAKEFLAGS MAKELEVEL
real=$(command -v dpkg-query)
fail() { echo "FAIL: $*"; exit 1; }

make -s versions || fail "what is installed is refused"
mkdir "$TEST_TMP/bin"
export PATH="$TEST_TMP/bin:$PATH"
# refused PACKAGE VERSION: as if dpkg had this one installed; no version: none.
refused() {
	cat >"$TEST_TMP/bin/dpkg-query" <<-END
		#!/bin/sh
		case "\$*" in
		*" $1") [ -z "$2" ] || echo "ii $2" ;;
		*) exec $real "\$@" ;;
		esac
	END
	chmod +x "$TEST_TMP/bin/dpkg-query"
	! make -j2 BUILD="$TEST_TMP/build" "${3:-all}" >"$TEST_TMP/out" 2>&1 || fail "$1 ${2:-absent} is taken"
	grep -q "^versions: $1 is ${2:-none}, and at least [0-9]" "$TEST_TMP/out" || fail "$(cat "$TEST_TMP/out")"
	grep -q "make install-deps" "$TEST_TMP/out" || fail "does not say what to do"
	[ ! -e "$TEST_TMP/build/obj" ] || fail "compiled against $1 ${2:-absent}"
}
refused libevent-core-2.1-7 2.1.12-stable-8
refused libevent-dev 2.1.12-stable-8
refused libssl3 3.0.22-1~deb12u1
refused libssl-dev 3.0.17-1~deb12u2
refused libevent-dev ''
refused libssl3 3.0.20-1~deb12u2 "$TEST_TMP/build/ceptoar-front"
refused libssl3 3.0.20-1~deb12u2 tests
echo "refused, each with its name and the way out"
