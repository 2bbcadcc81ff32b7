#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Goal: files reach whoever may read their bulletin, byte for byte as its hash says, and nobody
# else; formulas, false types and files that are too large are refused.
. "$(dirname "$0")/lib.sh"
start_hub
field() { grep -o "\"$1\":\"[^\"]*\"" "$DIR/out" | head -n 1 | cut -d '"' -f 4; }

cd "$DIR" || exit 1
printf '%%PDF-1.7\n' >report.pdf
head -c 2000000 /dev/urandom >>report.pdf
printf 'type,value\r\nipv4,203.0.113.9\r\n' >iocs.csv
printf 'a,=HYPERLINK("x")\n' >formula.csv
head -c 2097153 /dev/zero >large.txt
cp report.pdf false.txt
cat >one.json <<'JSON'
{"severity": 3, "title": {"ja": "添付あり", "en": "With files"}}
JSON
expect 0 as medical-desk --json draft new one.json
draft=$(field id)
for bad in formula.csv false.txt; do
	expect 1 as medical-desk attach "$draft" "$bad"
done
expect 2 as medical-desk attach "$draft" large.txt
# The hub looks itself, whatever the client has looked at.
put() {
	curl -s -o put.out -w '%{http_code}' --cacert "$HUB/ca.pem" --cert "$HUB/medical-desk/cert.pem" \
		--key "$HUB/medical-desk/key.pem" -T "$1" "$(sed -n "s/^\(export \)*CEPTOAR_DESK_URL='*\([^']*\)'*/\2/p" "$HUB/hub.env")/v1/drafts/$draft/attachments/$2"
}
[ "$(put "$DIR/formula.csv" formula.csv)" = 422 ] || fail "a formula: $(cat put.out)"
[ "$(put "$DIR/large.txt" large.txt)" = 413 ] || fail "too large: $(cat put.out)"
expect 0 as medical-desk attach "$draft" report.pdf iocs.csv
expect 0 as medical-desk --json draft release "$draft"
n=$(field number)
expect 0 as aozora-hp --json show "$n"
for f in report.pdf iocs.csv; do
	has "$(sha256sum $f | cut -d ' ' -f 1)" "$DIR/out" || fail "the bulletin does not have the hash of $f"
done
mkdir got && cd got || exit 1
expect 0 as aozora-hp attach --get report.pdf "$n"
expect 0 as aozora-hp attach --get iocs.csv --out list.csv "$n"
cmp report.pdf ../report.pdf && cmp list.csv ../iocs.csv || fail "another file"
expect 1 as minatomirai-bank attach --get iocs.csv --out no.csv "$n"
has not_found "$DIR/err" || fail "another sector: $(cat "$DIR/err")"
[ ! -e no.csv ] || fail "another sector has a file"
cd "$ROOT" || exit 1
stop_hub
echo "two files of a bulletin, for its readers"
