#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/cov.sh BUILDDIR: lines reached per source file, from gcov, lowest first.
set -eu
cd "$(dirname "$0")/.."
build=$1
find "$build/obj" -name '*.gcda' | while read -r data; do
	gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk '
	/^File / { gsub(/\047/, ""); file = $2; next }
	/^Lines executed:/ && file ~ /^(lib|proto|daemon|cli)\/.*\.c$/ {
		split($0, part, /[:% ]+/); n = $NF; covered = part[3]
		if (!(file in seen) || covered > seen[file]) { seen[file] = covered; lines[file] = n }
		file = ""
	}
	END {
		for (f in seen) {
			printf "%6.1f %% of %4d lines  %s\n", seen[f], lines[f], f
			sum += seen[f] * lines[f]; all += lines[f]
		}
		if (all) printf "%6.1f %% of %4d lines  (all)\n", sum / all, all
	}' | sort -n
