# SPDX-License-Identifier: Apache-2.0
"""Vault and keeper on one small disk that somebody else has filled."""
import os

from disks import fill
from drawn import MEMBERS, ask, draw, send, text
from hooks import TMP, Hook, hub_with
from hub import BUILD, Blind, Client, expect, open_case, replace, report, wait_for

clock, junk, gate, stored = TMP + "/clock", TMP + "/disk/junk", Hook(), set()
at = lambda minutes: replace(clock, str(minutes * 60).encode())
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
persons = [{"id": f"duty-{n}", "names": {"en": f"Duty {n}"}, "duties": ["desk", "duty_officer"], "contacts": [{"sms": f"090-0000-100{n}"}]} for n in (1, 2)]


def post(who, level=1, **more):
    status, _, got = Client(hub, who).post("/v1/reports", report("件", level, "none", **more), seconds=5)
    stored.update([got["id"]] if status == 201 else [])
    return status


at(0)
with hub_with({"centre": {"contacts": [{"voice": "03-0000-1009"}], "persons": persons}}, gateway=f"https://localhost:{gate.port}/gw",
              gateway_secret=TMP + "/gateway.key", more="[keeper]\nballast_mib = 8\n[vault]\nballast_mib = 8\n",
              hub={"directory": TMP + "/disk/hub", "build": BUILD + "/tc", "env": {"CEPTOAR_TEST_CLOCK": clock}}) as hub:
    said = lambda: {m["to"][-4:] for m, _ in gate.bulletins()}
    paged = lambda: {p["group"]: [r["who"] for r in p["paged"]] for p in Client(hub, "centre").get("/v1/hotline")[2]["pages"]}
    kept = lambda: [os.path.exists(f"{hub.dir}/{db}.db.ballast") for db in ("vault", "keeper")]
    tokens = [t for m in MEMBERS for t in draw(hub, m)]
    wait_for("a blind report", lambda: send(Blind(hub), tokens.pop(), text())[0] == 201)
    expect(post("aozora-hp") == 201 and kept() == [True, True], f"while there is room: {kept()}")
    fill(junk)
    wait_for("the full disk", lambda: post("aozora-hp", description="x" * 15000) == 507)
    path, mine = open_case(Client(hub, "aozora-hp"), "件", 1, "none", hotline="page")  # at once, or it fails
    wait_for("the first on duty", lambda: said() == {"1001"})
    fill(junk)  # what the vault has given is gone too: the roster itself needs the keeper's
    at(6)
    wait_for("the second on duty", lambda: "1002" in said())
    expect(send(Blind(hub), tokens.pop(), text(hotline="page"))[0] == 201, "a call without a certificate")
    for minute, who in ((12, ["1", "2", "3"]), (18, ["1", "2", "3", "everybody"])):
        at(minute)
        wait_for(f"both rosters, after {minute} minutes", lambda who=who: paged() == {"public-services": who, "finance": who[:-1]})
    wait_for("the third on duty", lambda: "1009" in said())
    expect(kept() == [False, False] and {post("hibari-hp") for _ in range(20)} == {507}, f"ordinary reports, when both have given: {kept()}")
    expect([post("hibari-hp", 1, hotline="consult"), post("hibari-hp", 3), post("hibari-hp", 1, hotline="page")] == [201] * 3, "what there is room for")
    case = path.rpartition("/")[2]
    for call, body in ((f"cases/{case}/messages", {"text": "状況は?"}), ("hotline", {}), (f"hotline/{case}/ack", {}), ("mode", {"mode": "large-scale", "reason": {"ja": "広域の感染"}})):
        expect((got := Client(hub, "centre").post("/v1/" + call, body))[0] in (200, 201), f"{call}: {got}")
    expect(Client(hub, "aozora-hp").post(path + "/messages", {"text": "停止中"}, headers=mine)[0] == 201, "the caller answers")
    os.unlink(junk)
    wait_for("room again", lambda: kept() == [True, True] and post("aozora-hp") == 201)
every = lambda db, sql: set(ask(f"{hub.dir}/{db}.db", f"SELECT group_concat(hex({sql}").lower().split(","))
reports, envelopes = every("keeper", "id)) FROM reports"), every("vault", "report_id)) FROM envelopes")
expect(stored <= reports & envelopes, f"lost: {len(stored - reports)} reports, {len(stored - envelopes)} envelopes")
expect(len(envelopes - reports) <= 3, f"{len(envelopes - reports)} envelopes without a report took the room of others")
print(f"{len(gate.got)} pages while the disk was full, {len(stored)} reports stored")
