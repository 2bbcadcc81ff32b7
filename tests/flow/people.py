# SPDX-License-Identifier: Apache-2.0
"""Persons: what their certificates may do, what their reports leave behind, who learns their names, and their end."""
import contextlib
import json
import os
import shutil
import sqlite3
import tempfile

from hub import ROOT, Client, Hub, expect, reader, refused, replace, report, wait_for

with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    FILE = json.load(f)
MEMBER = {m["id"]: m for m in FILE["members"]}
PATH = os.environ["TEST_TMP"] + "/members.json"
MEMBER["medical-desk"]["persons"].append({"id": "robot", "duties": ["machine"]})
replace(PATH + ".conf", b"[tokens]\nkeys_ahead = 0\n")  # none is made while rows are compared
save = lambda: replace(PATH, json.dumps(FILE, ensure_ascii=False).encode())


def rows(hub, name):
    """(table, kinds and sizes of its columns, bytes) of each row, read from a copy."""
    with tempfile.TemporaryDirectory() as copy:
        for part in filter(lambda p: os.path.exists(f"{hub.dir}/{name}.db{p}"), ("", "-wal")):
            shutil.copy(f"{hub.dir}/{name}.db{part}", f"{copy}/x.db{part}")
        with contextlib.closing(sqlite3.connect(copy + "/x.db")) as db:
            for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for r in db.execute(f"SELECT * FROM {t}"):
                    raw = b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in r)
                    yield t, tuple(len(v) if isinstance(v, (bytes, str)) else "n" for v in r), raw


save()
with Hub(members=PATH, conf=PATH + ".conf") as hub:
    who = {w: Client(hub, w) for w in ("aozora-hp", "aozora-hp/ward", "medical-desk/sato", "medical-desk/robot", "centre/duty-1")}
    duties = {w: c.get("/v1/me")[2]["duties"] for w, c in who.items()}
    expect(list(duties.values()) == [["reporter", "desk", "duty_officer", "machine"], ["reporter"], ["desk"], ["machine"], ["desk", "duty_officer"]], duties)
    expect(who["aozora-hp"].post("/v1/reports", report(level=3))[0] == 201, "the first report")
    later = ("meta", "outbox", "deliveries", "links", "ways")  # what the keeper makes of the bulletin alone, some time after
    kinds, seen = [], lambda: sorted((n, t, k) for n in ("keeper", "vault") for t, k, _ in rows(hub, n) if t not in later)
    for w in ("aozora-hp", "aozora-hp/ward"):  # the same report by the member and by its person: rows of the same kinds and sizes
        before = seen()
        expect(who[w].post("/v1/reports", report(level=3))[0] == 201, w)
        kinds.append([r for r in seen() if r not in before or before.remove(r)])
    expect(kinds[0] == kinds[1] and ("keeper", "reports") in {r[:2] for r in kinds[0]}, f"rows tell who of the member it was: {kinds}")
    ward = bytes.fromhex(reader(hub, "aozora-hp", "ward"))
    hit = [(n, t) for n in ("keeper", "vault") for t, _, raw in rows(hub, n) if ward in raw or ward.hex().encode() in raw or b"ward" in raw.split(b"|")]
    expect({t for _, t in hit} == {"persons", "certs"} and "keeper" not in {n for n, _ in hit}, f"the person stands in {hit}")
    expect([who["medical-desk/" + w].get("/v1/inbox")[0] for w in ("robot", "sato")] == [403, 200], "the desk's inbox")
    named = lambda by, *a: who[by].get(f"/v1/names?{'person' if a[1:] else 'receiver'}={reader(hub, *a)}")
    expect(named("medical-desk/sato", "aozora-hp")[2]["names"]["en"] == "Aozora Chuo Hospital", "a member of its CEPTOAR")
    expect(named("medical-desk/sato", "centre", "duty-2")[2]["id"] == "duty-2" and named("centre/duty-1", "aozora-hp")[0] == 404, "names")
    MEMBER["medical-desk"]["persons"].pop()
    save()
    hub.proc.send_signal(1)
    wait_for("who is gone", lambda: "robot  gone" in hub.ctl("person", "list", "medical-desk")[1])
    wait_for("it to be refused", lambda: who["medical-desk/robot"].attempt("GET", "/v1/me")[0] != 200)
    refused((403, "disabled_member"), Client(hub, "medical-desk/robot").get("/v1/me"))
    expect(who["medical-desk/sato"].get("/v1/me")[0] == 200, "the others stay")
print(f"{len(duties)} certificates, {len(kinds[0])} rows of a report that do not tell who sent it, one person gone")
