# SPDX-License-Identifier: Apache-2.0
# Turns schema.sql into C: lines "-- database: NAME" and "-- version: N" start a section;
# each section becomes one text of an array SCHEMA_<NAME>[].  Written as numbers, for C
# promises no string of more than 4,095 characters.
function add(text,  i) {
	for (i = 1; i <= length(text); i++)
		printf "%d,%s", code[substr(text, i, 1)], ++column % 20 ? " " : "\n"
}
function finish() { if (open) printf "0\n};\n"; open = 0 }
function finish_db(  i) {
	finish()
	if (db == "") return
	printf "static const char *const SCHEMA_%s[] = {", db
	for (i = 1; i <= versions; i++) printf " SCHEMA_%s_%d,", db, i
	print " };"
}
BEGIN {
	for (i = 1; i < 128; i++) code[sprintf("%c", i)] = i
	print "/* Made from schema.sql by lib/schema.awk. */"
}
/^-- database: / { finish_db(); db = toupper($3); versions = 0; next }
/^-- version: / { finish(); open = 1; printf "static const char SCHEMA_%s_%d[] = {\n", db, ++versions; next }
open {
	line = $0; sub(/--.*/, "", line); sub(/[ \t]+$/, "", line)
	if (line != "") add(line "\n")
}
END { finish_db() }
