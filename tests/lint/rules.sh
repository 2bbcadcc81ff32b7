# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Rules that need the sources only.  Sourced by tests/lint/run, which stands in the root.

# Our C files: what is in the folders, not what git knows, so that a new file is seen.
c_files() { find lib proto daemon cli tests -name '*.[ch]' -type f 2>/dev/null | sort; }
text_files() {
	find . \( -name .git -o -name 'build' -o -name 'build-*' -o -path ./tests/fuzz/corpus \
		-o -path ./tests/data \) -prune -o -type f -print | sed 's,^\./,,' | sort
}

# Which headers a folder may include.
check_includes() {
	c_files | while read -r f; do
		case $f in
		lib/*) may='lib/' ;;
		proto/*) may='lib/\(err\|mem\|buf\|arena\|wire\)\.h$\|proto/' ;;
		daemon/*) may="lib/\|proto/\|$(dirname "$f")/" ;;
		cli/*) may="lib/\|proto/\|$(dirname "$f")/" ;;
		*) may='lib/\|proto/\|daemon/\|cli/\|tests/\|[a-z_]*\.h$' ;;
		esac
		# schema.h is made from schema.sql by the build.
		sed -n 's/^#include "\([^"]*\)".*/\1/p' "$f" | grep -v "^\($may\)\|^schema\.h$" |
			sed "s,^,$f: may not include ,"
		# The own header comes first: it proves that it stands alone.
		case $f in
		lib/*.c | proto/*.c | daemon/*.c | cli/*.c)
			own=${f%.c}.h
			[ -f "$own" ] && [ "$(sed -n 's/^#include [<"]\([^>"]*\)[>"].*/\1/p' "$f" | head -n 1)" != "$own" ] &&
				echo "$f: does not include its own header first"
			;;
		esac
	done
	# What reads bytes and knows meaning does no I/O and reads no clock.
	grep -nE '^#include <(sys/|time\.h|unistd\.h|fcntl\.h|netinet|event2|openssl/ssl|sqlite3)' \
		proto/*.[ch] 2>/dev/null | grep -v '<sys/types.h>' | sed 's/$/: not in proto/'
	# Only the front and the members' command line speak TLS, only store drivers speak SQL.
	grep -nE '^#include <(openssl/ssl|sqlite3)' daemon/vault/*.[ch] daemon/keeper/*.[ch] cli/*/*.[ch] \
		2>/dev/null | grep -v '<sqlite3.h>\|^cli/ceptoar/http.c:' | sed 's/$/: not in this program/'
	grep -ln '^#include <sqlite3.h>' daemon/keeper/*.[ch] 2>/dev/null | grep -v '/store_' |
		sed 's/$/: SQL only in the drivers of the store/'
}

# "path measure value" of everything over a hard limit.
oversize() {
	c_files | xargs awk '
		function over(what, n, most) { if (n > most) printf "%s %s %d\n", file, what, n }
		FNR == 1 { if (file != "") end(); file = FILENAME; includes = 0 }
		function end() { over("lines", lines, file ~ /\.h$/ && file !~ /^tests/ ? 150 : 800); over("includes", includes, file ~ /^tests/ ? 40 : 24) }
		{ lines = FNR }
		/^#include/ { includes++ }
		/^\{/ { at = FNR }
		/^\}/ && at { over("function:" name, FNR - at + 1, 100); at = 0 }
		/^[a-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
		END { end() }'
}

# Hard limits; what is over must stand in exceptions.txt with a value no smaller, and the
# list may only shrink: it is compared with every commit that touched it.
check_sizes() {
	local list=tests/lint/exceptions.txt commit was now
	oversize | while read -r path what n; do
		allowed=$(awk -v p="$path" -v w="$what" '$1 == p && $2 == w { print $3 }' $list)
		[ -n "$allowed" ] && [ "$n" -le "$allowed" ] && continue
		echo "$path: $what $n, more than is allowed"
	done
	now=$(grep -vc '^#\|^$' $list)
	awk '!/^#|^$/ { print $1 }' $list | while read -r path; do
		[ -f "$path" ] || echo "$list: $path is gone, take it out"
	done
	git log --format=%H -- $list 2>/dev/null | while read -r commit; do
		was=$(git show "$commit:$list" 2>/dev/null | grep -vc '^#\|^$')
		[ "$now" -le "$was" ] || echo "$list: has $now lines and had $was; it may only shrink"
	done | sort -u
}

# Soft limits are told, and fail nothing.
notes_sizes() {
	local n
	n=$(c_files | grep -v ^tests | xargs awk '
		FNR == 1 { file = FILENAME }
		{ lines[file] = FNR }
		/^\{/ { at = FNR } /^\}/ && at { if (FNR - at + 1 > 60) long++; at = 0 }
		END { for (f in lines) if (lines[f] > 500) big++
			if (big + long) printf "%d files over 500 lines, %d functions over 60", big, long }')
	[ -z "$n" ] || echo "lint: note: $n"
}

# Besides what banned.h makes a build error.
check_banned() {
	# Allocation has one door.
	find proto daemon cli -name '*.[ch]' 2>/dev/null | sort | xargs -r grep -nE \
		'(^|[^_[:alnum:]])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf)\(' |
		grep -v '^[^:]*:[0-9]*:[[:space:]]*\(/\?\*\|//\)' | sed 's/$/  (use lib\/mem.h)/'
	# A daemon writes to the log, not to standard output (main.c and options.c have --help and --check).
	find lib proto daemon -name '*.c' ! -name main.c ! -name options.c \
		! -path 'daemon/ceptoard/*' 2>/dev/null |
		sort | xargs -r grep -nE '(^|[^_[:alnum:]])(printf|puts|putchar|vprintf|perror)\(|stdout' |
		sed 's/$/  (a daemon logs)/'
	find lib proto daemon cli -name '*.[ch]' 2>/dev/null | sort | xargs -r grep -nE \
		'(^|[^_[:alnum:]])(system|popen|mktemp|tmpnam|rand|srand|random|strncpy|scanf|gethostbyname|inet_ntoa|setjmp|longjmp)\(' |
		grep -v 'mkstemp\|mkdtemp' | sed 's/$/  (banned)/'
	grep -q 'poison.*strcpy' tests/lint/banned.h || echo "tests/lint/banned.h: poisons nothing"
}

check_format() {
	local cf=clang-format-14
	command -v $cf >/dev/null || cf=clang-format
	c_files | grep -v ^tests/lint/banned.h | xargs $cf --dry-run -Werror --style=file 2>&1 | grep 'error:' | sed 's/: error:.*/: not as clang-format writes it/' |
		awk -F: '!seen[$1]++'
}

# FLOW.md names every file of the programs, and no other.
check_flow() {
	local doc=daemon/FLOW.md
	[ -f $doc ] || { echo "$doc: missing"; return; }
	find daemon -name '*.[ch]' | sort >"$out.have"
	grep -oE 'daemon/[a-z]+/[a-z0-9_]+\.[ch]\b|\b(front|vault|keeper|courier|ceptoard)/[a-z0-9_]+\.[ch]\b' $doc |
		sed 's,^daemon/,,; s,^,daemon/,' | sort -u >"$out.named"
	comm -23 "$out.have" "$out.named" | sed "s,^,$doc: does not name ,"
	comm -13 "$out.have" "$out.named" | sed "s,^,$doc: names what is not there: ,"
	rm -f "$out.have" "$out.named"
}

# docs/FAULTS.md: every fault once, each with a test or with the reason why there is none, and
# every test that it names is there.
check_faults() {
	local doc=docs/FAULTS.md name file f
	[ -f $doc ] || { echo "$doc: missing"; return; }
	grep '^| [0-9]' $doc >"$out.rows"
	seq 1 116 | diff - <(cut -d ' ' -f 2 "$out.rows") |
		sed -n "s,^< ,$doc: lacks fault ,p; s,^> ,$doc: out of its place: fault ,p"
	grep -vE '(flow|nightly|unit|role|fuzz)/|no test: [^|]' "$out.rows" |
		sed "s,^| \([0-9]*\) .*,$doc: fault \1 has no test and no reason,"
	grep -oE '\b(flow|nightly|unit|role|fuzz|data|lint)/[A-Za-z0-9_.-]+(\([a-z0-9_, ]+\))?' "$out.rows" |
		sort -u | while IFS= read -r name; do
		file=tests/${name%%(*}
		case $name in
		flow/* | nightly/*) file=$file.sh ;;
		unit/* | role/* | fuzz/*) file=$file.c ;;
		esac
		[ -f "$file" ] || { echo "$doc: names what is not there: $file"; continue; }
		for f in $(sed -n 's/.*(\(.*\))/\1/p' <<<"$name" | tr -d ,); do
			grep -q "^$f(" "$file" || echo "$doc: $file has no $f"
		done
	done
	rm -f "$out.rows"
}

# A header stands alone, and its guard is its path.
check_headers() {
	find lib proto daemon cli -name '*.h' | sort | while read -r f; do
		# Its path, the folders' names from the program on.
		guard=$(echo "$f" | sed 's,^daemon/,,; s,^cli/,,' | tr 'a-z/.-' 'A-Z___')
		grep -qE "^#ifndef (DAEMON_|CLI_)?($guard|${guard#*_})\$" "$f" || echo "$f: guard is not $guard"
	done
	find lib proto daemon cli -name '*.h' | sort | sed 's/.*/#include "&"/' | while read -r line; do
		echo "$line" | gcc -std=gnu11 -D_GNU_SOURCE -Wall -Werror -fsyntax-only -I. -I"$build" -x c - 2>/dev/null ||
			echo "$line: does not compile by itself"
	done
}

check_spdx() {
	text_files | grep -E '\.(c|h|sh|py|sql|awk|service|socket|target|timer|yaml)$|^Makefile|^tests/run$|^tests/lint/run$|^\.ci/run$' |
		while read -r f; do
			head -n 4 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$f: no SPDX line"
		done
	cmp -s LICENSE /usr/share/common-licenses/Apache-2.0 || [ ! -f /usr/share/common-licenses/Apache-2.0 ] ||
		echo "LICENSE: is not the text of Apache-2.0"
}

check_space() {
	text_files | grep -vE '\.(pem|der|bin|gz|png)$' | while read -r f; do
		[ -s "$f" ] || { echo "$f: empty"; continue; }
		grep -nP '[ \t]+$' "$f" | grep -v '^[0-9]*:[ >]*$' | head -n 2 | cut -d: -f1 | sed "s,^,$f:,; s,\$,: blank at the end,"
		grep -nP '\r' "$f" | head -n 1 | cut -d: -f1 | sed "s,^,$f:,; s,\$,: carriage return,"
		grep -nP '^\t* +\t' "$f" | head -n 2 | cut -d: -f1 | sed "s,^,$f:,; s,\$,: blanks before a tab,"
		[ -z "$(tail -c 1 "$f")" ] || echo "$f: no newline at the end"
		[ "$(tail -c 2 "$f" | od -An -c | tr -d ' ')" != '\n\n' ] || echo "$f: blank line at the end"
	done
}

# The project speaks of itself alone; what is left to do is done or an issue.
check_words() {
	local marks='TO''DO|FIX''ME|XX''X[^X]|HA''CK:'
	text_files | grep -v '^tests/lint/' | xargs -r -d '\n' grep -nIE "(^|[^[:alnum:]])($marks)([^[:alnum:]X]|\$)" | sed 's/$/  (unfinished)/'
	text_files | grep -v '^tests/lint/' | xargs -r -d '\n' grep -nIE '(^|[^[:alnum:]_.$})-])/(work|root)/' |
		sed 's/$/  (a path of one machine)/'
	text_files | grep -v '^tests/lint/\|^LICENSE' | xargs -r -d '\n' grep -nIiE '\b(chatgpt|copilot|as an ai|language model)\b'
}

# Scripts can be run, and stop on an unset name or a failed command.
check_scripts() {
	text_files | grep -E '\.sh$|^tests/run$|^tests/lint/run$|^\.ci/run$' | grep -v 'tests/lint/rules\|/lib\.sh$\|/common\.sh$' |
		while read -r f; do
			head -n 1 "$f" | grep -qE '^#!/bin/(ba)?sh$' || echo "$f: first line names no shell"
			case $f in tests/flow/* | tests/nightly/*) ;; *) [ -x "$f" ] || echo "$f: cannot be run" ;; esac
		done
}

# Flows: numbered by area, at most 60 lines, the goal in the first comment.  What several
# flows share, and what reads a table of cases, is a harness and may be longer.
check_flows() {
	find tests/flow tests/nightly -name '*.py' | grep -vE '/(hub|books|certs|disks|drawn|far|hooks|framing|matrix|openapi|traces|twins)\.py$' | sort | while read -r f; do
		[ "$(wc -l <"$f")" -le 60 ] || echo "$f: more than 60 lines"
	done
	find tests/flow tests/nightly -name '*.sh' | sort | while read -r f; do
		case $(basename "$f") in
		[0-9][0-9]-*.sh)
			[ "$(wc -l <"$f")" -le 60 ] || echo "$f: more than 60 lines"
			sed -n '2,4p' "$f" | grep -q '^# .\{20,\}' || echo "$f: the first comment does not tell the goal"
			;;
		lib.sh | common.sh | lib-*.sh) ;;
		*) echo "$f: is not named NN-what.sh" ;;
		esac
	done
}
