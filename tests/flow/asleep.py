# SPDX-License-Identifier: Apache-2.0
"""A night and a morning of a desk, by a file that the test build adds to its clocks."""
import datetime
import json
import os

from council import cli
from hub import BUILD, ROOT, Client, Hub, Stream, expect, replace, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
CLOCK, JAPAN = BASE + "/clock", datetime.timezone(datetime.timedelta(hours=9))
now = datetime.datetime.now(JAPAN)
with open(ROOT + "/conf/holidays.json", encoding="utf-8") as f:
    holidays = f.read()
day = next(d for d in (now.date() + datetime.timedelta(days=i) for i in range(1, 30)) if d.weekday() < 5 and d.isoformat() not in holidays)


def at(hour, minute):
    there = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAPAN)
    replace(CLOCK, str(int((there - now).total_seconds())).encode())


def centre_says(title, level):
    """One person of the centre at an hour in which nobody else is there; it has gone out when members have it."""
    centre = Client(hub, "centre")
    made = centre.post("/v1/drafts", {"severity": level, "title": title, "audience": {"ceptoars": ["bank-ceptoar"]}})
    centre.request("PUT", f"/v1/drafts/{made[2]['id']}/attachments/list.txt", b"host-9\n")
    got = centre.post(f"/v1/drafts/{made[2]['id']}/release", {"alone": True, "reason": "夜間のため"})
    expect(got[0] == 201, f"{title}: {got}")
    wait_for(title, lambda: title in str([e[2] for e in bank.of("bulletin")]))
    return got[2]["bulletin"]["number"]


def passed(what=lambda b: b["relay"]["original"]["number"]):
    return [what(b) for b in Client(hub, "asagao-shinkin").get("/v1/bulletins")[2]["bulletins"] if "relay" in b]


with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    members = json.load(f)
members["members"].append({"id": "asagao-shinkin", "names": {"en": "Asagao Shinkin Bank"}, "roles": [{"role": "affiliate", "ceptoar": "bank-ceptoar"}]})
replace(BASE + "/members.json", json.dumps(members, ensure_ascii=False).encode())
at(3, 0)
with Hub(members=BASE + "/members.json", build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": CLOCK}) as hub:
    desk = lambda *args: cli(hub, "bank-desk", "--json", *args)
    bank, affiliate = Stream(hub, "minatomirai-bank", again=True), Stream(hub, "asagao-shinkin", again=True)
    code, said = desk("orders", "set", "--ceptoar", "bank-ceptoar", "--min-severity", "3", "--from", "centre", "--when", "asleep")
    expect(code == 0, f"orders set: {said}")
    centre_says("夜の小事", 2)
    number = centre_says("夜の警報", 3)
    expect(passed() == [number], f"while it sleeps, from level 3 on: {passed()}")
    wait_for("the wrapper on its stream", lambda: number in str([e[2] for e in affiliate.of("bulletin")]))
    file = Client(hub, "asagao-shinkin").get(f"/v1/bulletins/{passed(lambda b: b['id'])[0]}/attachments/list.txt")
    expect(file[0] == 200 and file[2] == b"host-9\n", f"the original's file, by its wrapper: {file}")
    at(9, 10)  # the desk is there, the centre's second person not yet
    centre_says("朝の警報", 3)
    expect(passed() == [number], f"while the desk is there it decides: {passed()}")
    expect(desk("relay", number, "--note", "朝の追記")[0] == 0, "the note follows")
    wait_for("the note", lambda: "朝の追記" in str([e[2] for e in affiliate.of("update")]))
    expect(desk("relay", number, "--note", "もう一度")[0] == 1, "once")
print("passed on at night, the note in the morning")
