# SPDX-License-Identifier: Apache-2.0
"""Reports that are refused, held or known before use up nothing; whoever has used up his releases stays unknown."""
import os
import secrets
import sqlite3
import threading
import time

from hub import SLOWER, Client, Hub, Stream, case_secret, expect, replace, report, wait_for

base = os.environ.get("TEST_TMP", "/tmp")
replace(base + "/over.conf", b"[vault]\nauto_releases = 3\n")
HASH = [{"type": "sha256", "value": "1" * 64}]

with Hub(conf=base + "/over.conf") as hub:
    (secret, commitment), auth = (s := case_secret()), {"Authorization": "Case " + s[0]}
    unknown = lambda who, **more: Client(hub, who).post(f"/v1/cases/{secrets.token_hex(16)}/reports", report("F", 3, **more), headers=auth)
    def goes_out(who, what, level=3, publish="ceptoar"):
        seen = Client(hub, who).post("/v1/reports/preview", report(what, level, publish))[2]
        got = Client(hub, who).post("/v1/reports", report(what, level, publish))
        expect(seen["automatic"] and got[0] == 201 and "bulletin" in got[2], f"{what}: {seen['reasons']} {got}")
    expect([unknown("tsukimi-hp")[0] for _ in range(3)] == [404] * 3, "follow-ups of no case")
    goes_out("tsukimi-hp", "after refused ones")
    first = Client(hub, "aozora-hp").post("/v1/reports", report("first", 3, case_commitment=commitment))[2]
    more = [Client(hub, "aozora-hp").post(f"/v1/cases/{first['case']}/reports", report(f"U{i}", 3), headers=auth)[0] for i in range(3)]
    expect("bulletin" in first and more == [201] * 3, f"{first} {more}")
    goes_out("aozora-hp", "another incident", 4, "cross_sector")
    held = [Client(hub, "wakaba-hp").post("/v1/reports", report(f"K{i}", consent={"publish": "ceptoar", "k": 500}))[2] for i in range(3)]
    expect(not any("bulletin" in h for h in held), f"{held}")
    goes_out("wakaba-hp", "after held ones")
    key, got, gate = {"Idempotency-Key": secrets.token_urlsafe(24)}, [], threading.Barrier(6)
    def one():
        c = Client(hub, "hibari-hp")
        c.get("/v1/me")
        gate.wait()
        got.append(c.post("/v1/reports", report("P"), headers=key))
    threads = [threading.Thread(target=one) for _ in range(6)]
    _ = [t.start() for t in threads], [t.join() for t in threads]
    expect(sorted(g[0] for g in got) == [200] * 5 + [201] and all("bulletin" in g[2] for g in got), f"{got}")
    _ = [goes_out("hibari-hp", f"H{i}") for i in range(2)]
    # Now they are used up: he himself is told before, the desk and the keeper are not.
    seen = Client(hub, "hibari-hp").post("/v1/reports/preview", report("over"))[2]
    expect(not seen["automatic"] and [r.split(":")[0] for r in seen["reasons"]] == ["limit"], f"{seen['reasons']}")
    over = Client(hub, "hibari-hp").post("/v1/reports", report("over"))[2]
    item = next(i for i in Client(hub, "medical-desk").get("/v1/inbox")[2]["items"] if i["id"] == over["id"])
    expect("bulletin" not in over and [h.split(":")[0] for h in item["held"]] == ["desk"], f"{item['held']}")
    # Of one member what is stored, of the other what was refused: nobody has confirmed anything.
    wants = {"min_severity": 0, "cross_sector": 3, "sectors": [], "products": [], "exercise": True}
    expect(Client(hub, "himawari-card").request("PUT", "/v1/subscription", wants)[0] == 200, "a cross-sector subscriber")
    other, say = Stream(hub, "himawari-card"), lambda who, **m: Client(hub, who).post("/v1/reports", report("S", **m))[0]
    expect(say("minamo-hp", publish="cross_sector", indicators=HASH) == 201, "the first")
    expect(unknown("wakaba-hp", indicators=HASH)[0] == 404, "refused")
    expect(say("minamo-hp", level=1, publish="none", indicators=HASH) == 201, "the same member again")
    expect(time.sleep(0.5 * SLOWER) or not other.of("bulletin", "update"), "a refused report has confirmed it")
    expect(say("wakaba-hp", level=1, publish="none", indicators=HASH) == 201, "the second member")
    wait_for("the confirmation", lambda: other.of("update"))
    like = [i["like"] for i in Client(hub, "medical-desk").get("/v1/inbox")[2]["items"] if "like" in i]
    expect(like and all((s["members"], s["reports"]) == (2, None) for s in like), f"how many each of them sent: {like}")
db = sqlite3.connect(hub.dir + "/keeper.db")
expect(db.execute("SELECT count(*) FROM gates WHERE held & 16").fetchone()[0] == 0, "the keeper stores whose limit was reached")
