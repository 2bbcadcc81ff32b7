# SPDX-License-Identifier: Apache-2.0
"""A gateway for short messages and calls, for the demo: what it is asked to say it appends to a file, a line each.

pager.py MEMBERS FILE    writes the members with their pagers to MEMBERS, prints "ready", its
                         port, and the files of its certificate and its secret; runs until it is ended
"""
import json
import os
import signal
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE + "/../flow")
os.environ["TEST_TMP"] = os.path.dirname(os.path.abspath(sys.argv[2]))
from hooks import Hook, certificate  # noqa: E402 (found by the line above)

PAGERS = {"hibari-hp": [{"sms": "090-0000-2001", "lang": "en"}],
          "wakaba-hp": [{"sms": "090-0000-3001", "lang": "en"}, {"voice": "090-0000-3002", "lang": "en"}]}
KINDS = {"sms": "a short message", "voice": "a call"}
WHO = {"090-0000-1001": "the officer on duty", "090-0000-1002": "the next on the roster", "090-0000-2001": "Hibari Hospital",
       "090-0000-3001": "Wakaba Hospital", "090-0000-3002": "Wakaba Hospital"}


class Gateway(Hook):
    def read(self, s):
        got = super().read(s)
        said = json.loads(got[2])
        with open(sys.argv[2], "a", encoding="utf-8") as f:
            f.write(f"{WHO.get(said['to'], said['to'])}, {KINDS[said['kind']]}: {said['text']['en']}\n")
        return got


with open(HERE + "/../../conf/demo-members.json", encoding="utf-8") as f:
    members = json.load(f)
for m in members["members"]:
    if m["id"] in PAGERS:
        m.update(contacts=PAGERS[m["id"]], around_the_clock=True)
    if m["id"] == "centre":
        for n, person in enumerate(m["persons"]):
            person.update(duties=["desk", "duty_officer"], contacts=[{"sms": f"090-0000-100{n + 1}", "lang": "en"}])
with open(sys.argv[1], "w", encoding="utf-8") as f:
    json.dump(members, f, ensure_ascii=False)
gate = Gateway()
with open(sys.argv[2] + ".secret", "w", encoding="ascii") as f:
    f.write(gate.secret.hex() + "\n")
print("ready", gate.port, certificate(), sys.argv[2] + ".secret", flush=True)
signal.sigwait({signal.SIGTERM, signal.SIGINT})
