# SPDX-License-Identifier: Apache-2.0
"""ceptoar triage as persons of a desk use it."""
import json
import os
import subprocess

from hub import BUILD, ROOT, SLOWER, Client, Hub, expect, open_case, replace

with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    DATA = json.load(f)
persons = next(m for m in DATA["members"] if m["id"] == "medical-desk")["persons"]
persons += [{"id": "night", "duties": ["duty_officer"]}, {"id": "robot", "duties": ["machine", "reporter"]}]
PATH = os.environ["TEST_TMP"] + "/members.json"
replace(PATH, json.dumps(DATA, ensure_ascii=False).encode())

with Hub(members=PATH) as hub:
    def run(person, *args, want=0, text=None):
        at = ["--as", f"{hub.dir}/{person}", "--state-dir", f"{hub.dir}/state-{person.replace('/', '-')}", "--lang", "en"]
        r = subprocess.run([os.path.join(BUILD, "ceptoar"), *at, *args], input=text, capture_output=True, timeout=60 * SLOWER, check=False)
        expect(r.returncode == want, f"{person} {args}: {r.returncode} {r.stdout} {r.stderr}")
        return (r.stdout if want == 0 else r.stderr).decode()

    SATO, ITO, NIGHT, ROBOT = ("medical-desk/" + p for p in ("sato", "ito", "night", "robot"))
    client = Client(hub, "aozora-hp")
    cases = [open_case(client, title, 1, "ceptoar") for title in ("停電", "停電", "断水", "異音")]
    listed = lambda who=SATO, *more: json.loads(run(who, "triage", *more, "--json"))["items"]
    by = {i["title"]["ja"]: i for i in listed()}
    expect({t: i["count"] for t, i in by.items()} == {"停電": 2, "断水": 1, "異音": 1}, f"{by}")
    power, water, noise = (by[t]["group"] for t in ("停電", "断水", "異音"))
    expect(power in run(SATO, "triage", "list", "--min-level", "1", "--state", "waits", "--ceptoar", "medical-ceptoar"), "the list")
    expect(run(SATO, "triage", "show", power).count("停電") >= 2, "both reports")

    # One person at a time; whoever is woken at night is one, a machine is none.
    run(SATO, "triage", "lock", power)
    for verb in (("lock",), ("unlock",), ("aside", "other", "x"), ("back",), ("ask", "when?"), ("merge",)):
        expect("another person has held it since" in run(ITO, "triage", verb[0], power, *verb[1:], want=1), verb)
    run(NIGHT, "triage", "lock", power, "--take", "called at three")
    expect("another person has held it since" in run(SATO, "triage", "unlock", power, want=1), "it is taken over")
    expect([i["group"] for i in listed(SATO, "--state", "locked")] == [power], "what is held")
    for args in ((), ("lock", water), ("merge", water)):
        expect("forbidden" in run(ROBOT, "triage", *args, want=1), args)
    expect("not_found" in run("bank-desk/mori", "triage", "lock", water, want=1), "another desk's")

    # A question to all reporters, from the standard input too.
    run(NIGHT, "triage", "ask", power, "When did it begin?")
    run(NIGHT, "triage", "ask", power, "-", text="何時からですか\n".encode())
    said = [client.get(p + "/messages", headers=key)[2]["messages"] for p, key in cases]
    expect([len(m) for m in said] == [2, 2, 0, 0], f"{said}")
    run(SATO, "triage", "aside", noise, "test", "the weekly trial")
    expect([i["group"] for i in listed(SATO, "--state", "aside")] == [noise], "set aside")
    run(SATO, "triage", "back", noise)
    expect(noise in {i["group"] for i in listed()} and not listed(SATO, "--state", "aside"), "back")
    run(SATO, "triage", "aside", noise, "no-such-code", "x", want=1)
    made = json.loads(run(NIGHT, "triage", "merge", power, water, "--json"))
    expect((made["cases"], made["groups"]) == (3, 2), f"{made}")
    number = json.loads(run(NIGHT, "draft", "release", made["draft"], "--json"))["bulletin"]["number"]
    expect({i["group"] for i in listed(SATO, "--state", "done")} == {power, water}, "done with " + number)
print(f"3 groups of {len(cases)} reports, one bulletin, {number}")
