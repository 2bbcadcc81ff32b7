#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tests/lint/selftest.sh BUILDDIR: each rule is seen failing.  A copy of the tree gets one
# defect at a time; the check that is meant must name it, and pass again without it.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=$(cd "${1:?selftest.sh BUILDDIR}" && pwd)
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/tree" "$tmp/bin"
tar -c --exclude=./build --exclude='./build-*' --exclude=./.git . | tar -x -C "$tmp/tree"
for p in ceptoar-front ceptoar-vault ceptoar-keeper ceptoar-courier ceptoard ceptoar ceptoarctl libproto.a schema.h; do
	ln -s "$BUILD/$p" "$tmp/bin/$p"
done
cd "$tmp/tree" || exit 2
rm -f .gitignore
git init -q . && git config user.name lint && git config user.email lint@example.org || exit 2
git add -A . && git commit -q -m start && git tag start || exit 2
passed=0 failed=0
declare -A before

lint() { tests/lint/run "$tmp/bin" "$1" 2>&1; }

# defect CHECK TEXT COMMAND...: the check must say TEXT after the command, and not before.
defect() {
	local check=$1 text=$2 out
	shift 2
	[ -n "${before[$check]+set}" ] || before[$check]=$(lint "$check")
	if grep -qF -- "$text" <<<"${before[$check]}"; then
		echo "FAIL  lint/$check says \"$text\" without the defect"
		failed=$((failed + 1))
		return
	fi
	"$@"
	if ! out=$(lint "$check") && grep -qF -- "$text" <<<"$out"; then
		passed=$((passed + 1))
	else
		echo "FAIL  lint/$check does not see: $text"
		echo "$out" | sed 's/^/      | /' | head -n 10
		failed=$((failed + 1))
	fi
	git reset -q --hard start && git clean -q -f -d -x || exit 2
}

add() { printf '%s\n' "$2" >>"$1"; }
c_head='/* SPDX-License-Identifier: Apache-2.0 */'
lines() { seq -f '/* %g */' "$1"; }
# A program that links what it may not: another one under its name.
swap() { ln -sf "$BUILD/$1" "$tmp/bin/$2"; }
unswap() { ln -sf "$BUILD/$1" "$tmp/bin/$1"; }

defect includes 'lib/buf.c: may not include proto/json.h' add lib/buf.c '#include "proto/json.h"'
defect includes 'proto/sse.c: may not include lib/loop.h' add proto/sse.c '#include "lib/loop.h"'
defect includes 'daemon/vault/main.c: may not include daemon/front' add daemon/vault/main.c '#include "daemon/front/options.h"'
defect includes ': not in proto' add proto/sse.c '#include <sys/socket.h>'
defect includes 'not in this program' add daemon/vault/main.c '#include <openssl/ssl.h>'
defect includes 'SQL only in the drivers' add daemon/keeper/main.c '#include <sqlite3.h>'
defect includes 'does not include its own header first' sed -i 's,#include "lib/buf.h",#include <stdio.h>,' lib/buf.c
long_file() { lines 900 >>lib/buf.c; }
defect sizes 'lib/buf.c: lines' long_file
long_header() { lines 200 >>lib/buf.h; }
defect sizes 'lib/buf.h: lines' long_header
long_function() { { echo 'void'; echo 'giant(void)'; echo '{'; lines 120; echo '}'; } >>lib/mem.c; }
defect sizes 'lib/mem.c: function:giant' long_function
grow() { add tests/lint/exceptions.txt 'lib/buf.c lines 900'; }
defect sizes 'it may only shrink' grow
defect sizes 'is gone, take it out' add tests/lint/exceptions.txt 'lib/gone.c lines 900'
defect banned 'use lib/mem.h' add daemon/keeper/main.c 'static void f(void) { free(malloc(1)); }'
defect banned 'a daemon logs' add lib/buf.c 'static void f(void) { printf("x"); }'
defect banned '(banned)' add lib/buf.c 'static void f(void) { system("x"); }'
defect format 'lib/buf.c' add lib/buf.c 'int   x ;'
defect flow 'daemon/FLOW.md: does not name daemon/front/new.c' add daemon/front/new.c "$c_head"
defect flow 'names what is not there: daemon/front/gone.c' add daemon/FLOW.md 'daemon/front/gone.c'
defect faults 'lacks fault 60' sed -i '/^| 60 /d' docs/FAULTS.md
defect faults 'out of its place: fault 7' sed -i 's/^| 8 /| 7 /' docs/FAULTS.md
defect faults 'fault 83 has no test and no reason' sed -i '/^| 83 /s,flow/[^ ]*,it is slow,' docs/FAULTS.md
defect faults 'names what is not there: tests/flow/99-gone.sh' sed -i '0,/flow\/10-tls/s//flow\/99-gone/' docs/FAULTS.md
defect faults 'names what is not there: tests/nightly/43-partition.sh' rm tests/nightly/43-partition.sh
defect faults 'tests/unit/test_tls.c has no test_gone' sed -i 's/(test_blocked_by_key_update)/(test_gone)/' docs/FAULTS.md
defect options 'is no option' sed -i '0,/^\[/s/^\(\[.*\)/\1\nnonsense = 1/' conf/ceptoar.conf
lose_option() { sed -i '/^[#; ]*[a-z_]* *=/d' conf/ceptoar.conf; }
defect options 'conf/ceptoar.conf: lacks' lose_option
defect headers 'lib/new.h: guard is not LIB_NEW_H' add lib/new.h "$c_head"
bad_header() { printf '%s\n#ifndef LIB_NEW_H\n#define LIB_NEW_H\nsize_t f(void);\n#endif\n' "$c_head" >lib/new.h; }
defect headers 'does not compile by itself' bad_header
defect spdx 'lib/new.c: no SPDX line' add lib/new.c 'int x;'
defect spdx 'LICENSE: is not the text' add LICENSE 'and more'
defect space 'lib/buf.c' add lib/buf.c 'int x; '
no_newline() { printf 'x' >>README.md; }
defect space 'README.md: no newline at the end' no_newline
defect space 'README.md: blank line at the end' add README.md ''
defect words '(unfinished)' add lib/buf.c "/* TO""DO: later */"
defect words '(a path of one machine)' add README.md 'see /wo''rk/main'
defect scripts 'cannot be run' chmod -x tests/run
defect scripts 'first line names no shell' sed -i 1d tests/packages.sh
flow_long() { { printf '#!/bin/bash\n# Goal: a flow that is far too long for anybody\n'; lines 70; } >tests/flow/99-long.sh; }
long_flow() { lines 61 | sed 's,.*,#,' >>tests/flow/stream.py; }
defect flows 'tests/flow/stream.py: more than 60 lines' long_flow
defect flows 'more than 60 lines' flow_long
defect flows 'is not named' cp tests/flow/40-stream.sh tests/flow/stream.sh
defect members 'conf/demo-members.json' sed -i 's/"id"/"nid"/' conf/demo-members.json
defect members 'conf/taxonomy.json' add conf/taxonomy.json '}'
bad_code() { printf '%s\nint f(void);\nint\nf(void)\n{\n\tint a[2];\n\n\treturn a[3];\n}\n' "$c_head" >lib/new.c; }
defect cppcheck 'lib/new.c' bad_code
bad_script() { printf '#!/bin/sh\n# SPDX\nif [ $x = ]\n' >tests/new.sh; }
command -v shellcheck >/dev/null && defect shellcheck 'tests/new.sh' bad_script
defect libs 'ceptoar-vault: is linked with libssl' swap ceptoar-front ceptoar-vault
unswap ceptoar-vault
pure_lib() { rm "$tmp/bin/libproto.a" && cp "$BUILD/liblib.a" "$tmp/bin/libproto.a"; }
defect pure 'clock_gettime' pure_lib
rm -f "$tmp/bin/libproto.a" && ln -s "$BUILD/libproto.a" "$tmp/bin/libproto.a"

# The runner itself: what fails, dies, skips, hangs or is not there fails the run.
runner() {
	local want=$1 kind=$2 body=$3 out t=$tmp/runner
	rm -rf "$t" && mkdir -p "$t/tests/$kind" "$t/b/tests/$kind" && cp tests/run tests/canary.py "$t/tests/"
	case $kind in
	flow | nightly) printf '%s\n' "$body" >"$t/tests/$kind/10-x.sh" ;;
	*) touch "$t/tests/$kind/test_x.c" && printf '#!/bin/bash\n%s\n' "$body" >"$t/b/tests/$kind/test_x" ;;
	esac
	chmod +x "$t/b/tests/$kind"/* 2>/dev/null
	out=$("$t/tests/run" "$kind" "$t/b" 2>/dev/null)
	if [ "$(tail -n 1 <<<"$out") $?" = "$want 0" ] && { [[ $want != *', 0 failed' ]] || "$t/tests/run" "$kind" "$t/b" >/dev/null 2>&1; } &&
		{ [[ $want == *', 0 failed' ]] || ! "$t/tests/run" "$kind" "$t/b" >/dev/null 2>&1; }; then
		passed=$((passed + 1))
	else
		echo "FAIL  tests/run $kind: wanted \"$want\", got \"$(tail -n 1 <<<"$out")\""
		failed=$((failed + 1))
	fi
}
ok='echo "[       OK ] test_a"; echo "[       OK ] test_b"'
runner '2 passed, 0 failed' unit "$ok"
runner '2 passed, 1 failed' role "$ok; exit 1"
runner '2 passed, 1 failed' unit "$ok; kill -SEGV \$\$"
runner '2 passed, 2 failed' unit "$ok; echo '[  FAILED  ] test_c'; echo '[  FAILED  ] test_d'; echo '[  FAILED  ] 2 test(s), listed below:'; exit 2"
runner '2 passed, 1 failed' unit "$ok; echo '[  SKIPPED ] test_c'"
runner '0 passed, 1 failed' unit 'true'
runner '1 passed, 0 failed' flow 'true'
runner '0 passed, 1 failed' flow 'false'
runner '1 passed, 0 failed' nightly 'true'
runner '0 passed, 1 failed' nightly 'false'
runner '0 passed, 1 failed' flow $'# timeout: 1\nsleep 20'
runner '0 passed, 1 failed' flow 'cd "$TEST_TMP" && mkdir hub && touch hub/ceptoar.conf && echo of canary-member >hub/some.log
echo "{\"members\":[{\"id\":\"canary-member\",\"roles\":[]}]}" >hub/members.json'
rm -rf "$tmp/runner" && mkdir -p "$tmp/runner/tests" && cp tests/run "$tmp/runner/tests/"
if "$tmp/runner/tests/run" unit "$tmp/runner/b" >/dev/null; then
	echo "FAIL  tests/run passes when there is no test"
	failed=$((failed + 1))
else
	passed=$((passed + 1))
fi
echo "lint selftest: $passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
