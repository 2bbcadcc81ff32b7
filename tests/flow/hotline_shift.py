# SPDX-License-Identifier: Apache-2.0
"""A page of the hotline while the shift changes hands."""
import copy
import datetime
import json
import os

from hooks import TMP, Hook, hub_with
from hub import BUILD, ROOT, Client, expect, open_case, replace, wait_for

clock = os.path.join(TMP, "clock")
at = lambda minutes: replace(clock, str(minutes * 60).encode())
gate = Hook()
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    persons = next(m for m in json.load(f)["members"] if m["id"] == "centre")["persons"]
persons.append(dict(copy.deepcopy(persons[0]), id="a-mute"))  # the first by name
for n, person in enumerate(persons):
    person.update(duties=["desk", "duty_officer"], contacts=[{"sms": f"090-0000-100{n + 1}"}])
persons[-1]["contacts"] = []
old, new = persons[0]["id"], persons[1]["id"]
now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).replace(second=0, microsecond=0)
shift = lambda person, start, end: {"member": "centre", "person": person, **{
    key: (now + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M") for key, m in (("from", start), ("to", end))}}
at(0)
with hub_with({"centre": {"persons": persons}}, hub={"build": BUILD + "/tc", "env": {"CEPTOAR_TEST_CLOCK": clock}},
              gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    replace(TMP + "/roster.json", json.dumps({"shifts": [
        shift("a-mute", -60, 600), shift(old, -60, 5), dict(shift(new, 5, 600))]}).encode())
    expect(hub.ctl("roster", "import", TMP + "/roster.json")[0] == 0, "the roster")
    said = lambda: sorted(m["to"][-4:] for m, _ in gate.bulletins())
    at(2)
    open_case(Client(hub, "aozora-hp"), "件", 1, "none", hotline="page")
    wait_for("who is on duty, though somebody without a contact is before", lambda: said() == ["1001"])
    at(8)
    wait_for("who is on duty by now", lambda: "1002" in said())
    expect(said() == ["1001", "1001", "1002"], f"{said()}")
print(f"{len(said())} pages, {old} went off duty, {new} is rung")
