# SPDX-License-Identifier: Apache-2.0
# Turns schema.sql into C: lines "-- database: NAME" and "-- version: N" start a section;
# each section becomes one string of an array SCHEMA_<NAME>[].
function finish() { if (open) printf "\"\",\n"; open = 0 }
function finish_db() { finish(); if (db != "") printf "};\n" }
BEGIN { print "/* Made from schema.sql by lib/schema.awk. */" }
/^-- database: / { finish_db(); db = $3; printf "static const char *const SCHEMA_%s[] = {\n", toupper(db); next }
/^-- version: / { finish(); open = 1; next }
open { line = $0; sub(/--.*/, "", line); sub(/[ \t]+$/, "", line); if (line == "") next
	gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); printf "\"%s\\n\"\n", line }
END { finish_db() }
