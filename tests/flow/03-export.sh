#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: a record becomes a common form or the statutory items on the client, without any hub; what
# is missing is listed and the form is written all the same.
. "$(dirname "$0")/lib.sh"

records=$ROOT/tests/data/records
export_as() { "$BUILD/ceptoar" export --form "$@" >"$DIR/out" 2>"$DIR/err"; }

/usr/bin/python3 - <<'END' || fail "conf/forms.json is not what its schema says"
import json, jsonschema
load = lambda p: json.load(open(p, encoding="utf-8"))
jsonschema.validate(load("conf/forms.json"), load("conf/forms.schema.json"))
private = load("proto/record.schema.json")["properties"]["private"]
forms = load("conf/forms.json")
paths = [s if isinstance(s, str) else s["path"] for p in forms["parts"].values() for f in p for s in f["from"]]
unknown = {p for p in paths if p.startswith("/private/") and p.split("/")[2] not in private["properties"]}
assert not unknown, unknown
report = load("proto/report.schema.json")["properties"]
unknown = {p for p in paths if p.startswith("/shared/") and p.split("/")[2] not in report}
assert not unknown, unknown
for name in ("ddos", "ransomware", "other"):
    jsonschema.validate(load(f"tests/data/records/{name}.json")["private"], private)
END

# Each sample is whole in its form; the table has a line for each field and no formula.
for form in ddos ransomware other; do
	export_as $form "$records/$form.json" || fail "$form: $(cat "$DIR/err")"
	has '"complete":true' "$DIR/out" || fail "$form says that it is incomplete"
	[ ! -s "$DIR/err" ] || fail "$form: $(cat "$DIR/err")"
	export_as $form --csv "$records/$form.json" || fail "$form as a table"
	[ "$(grep -c "^$form," "$DIR/out")" -ge 25 ] || fail "$form: too few lines"
	grep -aE '(^|,)"?[=+@-]' "$DIR/out" && fail "$form: a cell is a formula"
done
export_as ransomware --csv "$records/ransomware.json"
has "\"'=RECOVER YOUR FILES=" "$DIR/out" || fail "the note: $(cat "$DIR/out")"
export_as art5 "$records/ransomware.json" || fail "the seven items"
[ "$(grep -o '"id":"item_[1-7]"' "$DIR/out" | wc -l)" = 7 ] || fail "not seven: $(cat "$DIR/out")"
has 'name: EMR01, use: 電子カルテ' "$DIR/out" || fail "the computers: $(cat "$DIR/out")"

# Incomplete: status 1, the fields by name, and the form all the same.
export_as ransomware "$records/ddos.json" && fail "an incomplete form gives 0"
has '^missing: ransom_note  脅迫文 / ransom note$' "$DIR/err" || fail "$(cat "$DIR/err")"
has '"complete":false' "$DIR/out" || fail "no form was written"
# A plain report has nothing that is private; "-" is standard input.
export_as art5 - <"$REPORTS/SR-05.json" && fail "a plain report cannot be complete"
has 'missing: item_2' "$DIR/err" || fail "$(cat "$DIR/err")"
for bad in "--form no $records/ddos.json" "--form ddos" "$records/ddos.json" "--form ddos /nonexistent"; do
	# shellcheck disable=SC2086
	"$BUILD/ceptoar" export $bad >"$DIR/out" 2>"$DIR/err"
	[ $? = 2 ] || fail "export $bad: $(cat "$DIR/err")"
done
"$BUILD/ceptoar" export --help | grep -q 'ddos|ransomware|other|art5' || fail "the manual"
echo "four forms from three records"
