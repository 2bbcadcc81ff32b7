#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # what demo.sh has set
# The demo's third act, sourced by demo.sh: a night, on a hub of its own whose clock the story moves.
HUB2=$DIR/night
by() {
	local who=$1
	shift
	"$BUILD/ceptoar" --as "$HUB2/$who" --lang en "$@"
}
clock() { echo $(($1 * 60)) >"$DIR/clock.new" && mv "$DIR/clock.new" "$DIR/clock"; }
pages() { [ "$(wc -l <"$DIR/pages" 2>/dev/null || echo 0)" -ge "$1" ]; }
# told N: the lines of the gateway from the Nth on.
told() { tail -n "+$1" "$DIR/pages" | quiet; }
night_up() { kill -0 "$night" 2>/dev/null || die "the second hub did not start"; has ready "$DIR/night.out"; }

chapter "9. A night: somebody calls the hotline"
/usr/bin/python3 tests/demo/pager.py "$DIR/night.json" "$DIR/pages" >"$DIR/pager.out" 2>"$DIR/pager.err" &
pids+=($!)
wait_for "the gateway" 20 has ready "$DIR/pager.out"
read -r _ port cert secret <"$DIR/pager.out"
printf '[courier]\nca = %s\ngateway = https://localhost:%s/say\ngateway_secret = %s\n' "$cert" "$port" "$secret" >"$DIR/night.conf"
: >"$DIR/pages"
clock 0
CEPTOAR_TEST_CLOCK=$DIR/clock "$BUILD/tc/ceptoard" --scratch "$HUB2" --conf "$DIR/night.conf" --members "$DIR/night.json" \
	--allow-loopback-webhooks >"$DIR/night.out" 2>"$DIR/night.err" &
night=$!
pids+=("$night")
wait_for "the second hub" 60 night_up
cat >"$DIR/call.json" <<'END'
{"kind": "incident", "title": {"en": "Our dispensary cannot read prescriptions"}, "description": {"en": "Who has seen this?"},
 "severity_claimed": 2, "hotline": "page", "consent": {"publish": "none"}}
END
by aozora-hp report "$DIR/call.json" >"$DIR/call" 2>"$DIR/report.err" || die "the call was refused"
wait_for "a page" 20 pages 1
say "A hospital asks for the centre, and for nobody else. A gateway for short messages and calls" \
	"rouses who is on duty; its text counts calls by sector and names nobody:"
echo
told 1
clock 6
wait_for "the next page" 20 pages 2
echo
say "Six minutes later (the clock of this hub is moved by the story) nobody has answered:"
echo
told 2
case=$(sed -n 's/^case      //p' "$DIR/call")
by centre/duty-2 hotline ack "$case" >/dev/null || die "the call was not taken"
by centre/duty-2 hotline >"$DIR/calls" || die "hotline"
echo
say "The second officer takes it, and nobody is roused again:"
echo
quiet <"$DIR/calls"

chapter "10. Silence escalates by itself"
cat >"$DIR/wave.json" <<'END'
{"kind": "incident", "title": {"en": "Ransomware from a maintenance line, beds at risk"}, "description": {"en": "It spreads by the update service of the records system."},
 "severity_claimed": 4, "consent": {"publish": "ceptoar"}}
END
by aozora-hp report "$DIR/wave.json" >"$DIR/receipt" 2>"$DIR/report.err" || die "the report was refused"
number=$(sed -n 's/^bulletin  //p' "$DIR/receipt")
wait_for "the alarm on the pagers" 20 eval "grep -aq 'Hibari.*$number' $DIR/pages && grep -aq 'Wakaba.*call.*$number' $DIR/pages"
by hibari-hp ack --status acted "$number" >/dev/null || die "ack"
say "Level 4. Hibari Hospital says that it has acted. Wakaba Hospital says nothing; after ten of" \
	"its thirty minutes it is called again, the loudest way, and Hibari is left in peace:"
echo
after=$(($(wc -l <"$DIR/pages") + 1))
clock 17
wait_for "the second call" 20 pages "$after"
told "$after"
if tail -n "+$after" "$DIR/pages" | grep -q Hibari; then die "who has answered was called again"; fi
clock 38
silences() { by centre/duty-1 --json inbox >"$DIR/centre.inbox" 2>/dev/null && has '"silences":[{' "$DIR/centre.inbox"; }
wait_for "the figure for the centre" 20 silences
by medical-desk/sato deliveries "$number" >"$DIR/reach" || die "deliveries"
echo
say "When the time is over, the secretariat has one list, and the centre one figure, not an alarm each:"
echo
grep -aE "sms|voice" "$DIR/reach" | head -n 4 | quiet

chapter "11. It was a false alarm"
by medical-desk/sato bulletin false-alarm "$number" >"$DIR/false" 2>&1 || die "false alarm: $(cat "$DIR/false")"
by hibari-hp show "$number" >"$DIR/shown" || die "show"
say "One command takes it back, with texts in two languages that are ready; it reaches everybody" \
	"whom the alarm reached:"
echo
head -n 8 "$DIR/shown" | quiet

chapter "12. A drill"
by medical-desk/sato --json drill start --kind down --title "Reach at night" --deadline "$(date -u -d "+3 hours" +%Y-%m-%dT%H:%M:00Z)" >"$DIR/drill" || die "drill start"
drill=$(first id <"$DIR/drill")
number=$(first number <"$DIR/drill")
drilled() { by "$1" show "$number" >"$DIR/shown" 2>/dev/null; }
for m in hibari-hp minamo-hp tsukimi-hp; do
	wait_for "the drill" 20 drilled "$m"
	by "$m" ack --status received "$number" >/dev/null || die "ack of $m"
done
by medical-desk/sato drill end "$drill" >/dev/null || die "drill end"
by medical-desk/sato drill show "$drill" >"$DIR/shown" || die "drill show"
has EXERCISE "$DIR/shown" || die "the drill is not marked"
say "In the morning the secretariat asks: who can be reached? Its bulletin says EXERCISE (【訓練】)" \
	"everywhere, has a number of its own, $number, and counts in no statistic:"
echo
wrap <"$DIR/shown" | head -n 24 | quiet
kill "$night"
wait "$night" || die "the second hub did not stop in order"
