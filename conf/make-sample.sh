#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# conf/make-sample.sh BUILDDIR: the sample configuration, from the programs' own tables.
# An option that several programs read ([data], [log]) stands in it once.
set -eu
build=${1:?make-sample.sh BUILDDIR}
cat <<'END'
# SPDX-License-Identifier: Apache-2.0
# The configuration of a CEPTOAR hub: one file for all programs, each reads its sections.
# What is commented out shows the default.  Made by "make sample" from the programs' tables.
# Check a change with "ceptoar-front --conf FILE --check", and the same for the others.
END
for p in front vault keeper courier; do
	"$build/ceptoar-$p" --sample-conf
	echo
done | awk '
	function flush() { if (block != "") printf "\n%s", block; block = "" }
	/^#?\[/ { flush(); section = $0; shown = 0; next }
	/^[ \t]*$/ { flush(); next }
	match($0, /^#?[a-z_]+ *=/) {
		name = $0; sub(/ *=.*/, "", name); sub(/^#/, "", name)
		if ((section, name) in seen) { block = ""; next }
		seen[section, name] = 1
		if (!shown) { printf "\n%s", section; shown = 1; if (block == "") print "" }
		sub(/[ \t]+$/, "")
		block = block $0 "\n"; flush(); next
	}
	{ block = block $0 "\n" }
	END { flush() }'
