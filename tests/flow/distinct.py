# SPDX-License-Identifier: Apache-2.0
"""Hospitals and a bank see the same malware; days pass by a file that the test build adds to its clocks."""
import hashlib
import os
import sqlite3
import subprocess
import time

from hub import BUILD, SLOWER, Client, Hub, Stream, case_secret, expect, replace, report, wait_for

HASH, clock = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", os.path.join(os.environ["TEST_TMP"], "clock")
HOSPITALS = ("aozora-hp", "wakaba-hp", "hibari-hp", "tsukimi-hp", "minamo-hp", "komugi-clinic")
replace(clock, b"0")
with Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": clock}) as hub:
    secret, commitment = case_secret()
    trends = lambda who: Client(hub, who).get("/v1/trends")[2]["trends"]
    def tell(who, publish="none", value=HASH, level=0, **more):
        body = report("不審なファイル", level, publish, indicators=[{"type": "sha256", "value": value}], **more)
        return wait_for("201", lambda: [a[2] for a in [Client(hub, who).attempt("POST", "/v1/reports", body)] if a[0] == 201])[0]
    wants = {"min_severity": 0, "cross_sector": 3, "sectors": [], "products": [], "exercise": True}
    expect(Client(hub, "himawari-card").request("PUT", "/v1/subscription", wants)[0] == 200, "a cross-sector subscriber")
    own, other = Stream(hub, "hibari-hp"), Stream(hub, "himawari-card")
    desks = {d: Stream(hub, d) for d in ("medical-desk", "bank-desk", "centre", "power-desk")}
    rings = lambda d: [e for e in desks[d].of("inbox") if e[2].get("trend")]
    case = tell("aozora-hp", "cross_sector", level=3, case_commitment=commitment)["case"]
    tell("aozora-hp", "cross_sector", level=3)
    tell("wakaba-hp", "cross_sector", level=3, exercise=True)
    mine = {e[2]["id"] for e in own.wait(3) if e[2]["status"] == "actual"}
    time.sleep(0.3 * SLOWER)
    expect(not other.of("bulletin", "update"), "one member reached another sector")
    tell("wakaba-hp", value=HASH.upper(), level=1)
    told = [e[2] for e in other.wait(2, "update")]
    expect({b["id"] for b in told} == mine and not any(b["verified"] or "reports" in b for b in told), f"{told}")
    expect("more than one member" in told[0]["note"]["en"] and not rings("centre") and not trends("centre"), "two are not many")
    tell("minatomirai-bank")
    for d in ("medical-desk", "bank-desk", "centre"):
        wait_for("a bell at " + d, lambda: len(rings(d)) == 1)
        got = [(t["members"], t["sectors"], t["reports"], t["topic"]["value"], t["whole"]) for t in trends(d)]
        expect(got == [(3, 2, None, HASH, False)], f"{d}, on a hub that has not run for a day: {got}")
    expect(not rings("power-desk") and trends("power-desk") == [], "a desk that is not concerned")
    _ = [tell(h) for h in HOSPITALS]
    state = Client(hub, "aozora-hp").get("/v1/cases/" + case, headers={"Authorization": "Case " + secret})[2]
    like = Client(hub, "bank-desk").get("/v1/inbox")[2]["items"][0]["like"]
    expect((state["others"], like["members"], like["sectors"], like["reports"]) == (6, 7, 2, 10), f"{state} {like}")
    expect(len(other.of("bulletin", "update")) == 2, "confirmed more than once")
    replace(clock, str(25 * 3600).encode())
    _ = [tell(who) for who in ("aozora-hp", "wakaba-hp", "minatomirai-bank")]
    expect([(t["members"], t["whole"]) for t in trends("centre")] == [(3, True)], f"a day later: {trends('centre')}")
    hub.kill("vault")
    tell("hibari-hp")
    expect([(t["members"], t["whole"], t["since"] >= t["last"]) for t in trends("bank-desk")] == [(1, False, True)], "the vault's end is not told")
    out = subprocess.run([BUILD + "/ceptoar", "--as", hub.dir + "/centre", "trends"], capture_output=True, text=True, check=True).stdout
    expect("1 members of 1 sectors" in out and "counted since" in out and HASH in out, out)
db = sqlite3.connect(hub.dir + "/keeper.db")
topics = {r[0] for r in db.execute("SELECT topic FROM topics UNION SELECT topic FROM trends")}
vault, keeper = (open(f"{hub.dir}/{n}.db", "rb").read() for n in ("vault", "keeper"))
expect(len(topics) == 2 and not any(t in vault for t in topics), "the vault has stored a topic")
for who in [m.encode() for m in (*HOSPITALS, "minatomirai-bank")]:
    hashes = [hashlib.sha256(a + b).digest()[:16] for t in topics for a, b in ((t, who), (who, t))]
    expect(who not in keeper and not any(h in keeper + vault for h in hashes), f"{who} stands beside a topic")
