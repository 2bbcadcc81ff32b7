# SPDX-License-Identifier: Apache-2.0
"""A situation from the first report to the second 状況報告, by real programs and the command line."""
import json

from hub import Client, Hub, Stream, cli, crowd, expect, open_case, refused, report, wait_for

with Hub(members=crowd("medical-ceptoar", 12)) as hub:
    centre, second, desk, bank = (Client(hub, m) for m in ("centre/duty-1", "centre", "medical-desk", "bank-desk"))
    stream = Stream(hub, "hikari-power")

    def ask(who, *args):
        code, said = cli(hub, who, "--json", *args)
        expect(code == 0, f"{args}: {said}")
        return json.loads(said)

    big = ask("centre/duty-1", "situation", "new", "広域の通信障害")["id"]
    # Level 1: the centre does not read them; level 3: it does.
    quiet = [open_case(Client(hub, m), "予兆", 1, "none") for m in ("aozora-hp", "hibari-hp")]
    cases = {c: [i["case"] for i in c.get("/v1/inbox")[2]["items"]] for c in (desk, bank)}
    open_case(Client(hub, "minatomirai-bank"), "予兆", 1, "none")
    loud = wait_for("the warning", lambda: Client(hub, "aozora-hp").post("/v1/reports", report("通信断", 3, "cross_sector"))[2].get("bulletin"))
    waiting = {d["desk"]: d for d in ask("centre/duty-1", "backlog")["desks"]}
    expect(waiting["medical-ceptoar"]["waiting"] == 3 and waiting["medical-ceptoar"]["by_level"] == [0, 2, 0, 1, 0], f"{waiting['medical-ceptoar']}")
    shown = cli(hub, "centre/duty-1", "backlog")[1].splitlines()
    expect(len(shown) == 5 and shown[1].split()[:5] == ["0", "1", "0", "2", "0"] and "bank-ceptoar" in shown[3], f"who is behind, first: {shown}")
    for case in cases[desk]:
        ask("medical-desk", "situation", "join", big, "--case", case)
    refused((422, "invalid_field"), bank.post(f"/v1/situations/{big}/members", {"cases": cases[desk][:1]}))
    seen = centre.get("/v1/situations/" + big)[2]
    expect(seen["counts"]["reports"] == 2 and seen["cases"] == [] and seen["counts"]["ceptoars"] == [{"ceptoar": "medical-ceptoar", "reports": None}], f"{seen}")
    seen = desk.get("/v1/situations/" + big)[2]
    expect(sorted(seen["cases"]) == sorted(cases[desk]) and "counts" not in seen and "timeline" not in seen, f"{seen}")
    expect(bank.get("/v1/situations/" + big)[2]["cases"] == [], "another secretariat sees that it is there")
    # One button: the other sector hears of it, and the timeline says so.
    ask("centre/duty-1", "situation", "join", big, "--bulletin", loud["id"])
    expect(not stream.of("bulletin", "update"), "it went across before")
    ask("centre/duty-1", "confirm", loud["number"])
    row = stream.wait(1, "update", "bulletin")[0][2]
    expect(row["title"]["ja"] == "通信断" and not row["verified"], f"{row}")
    # A withdrawn case leaves; the keeper dies, and everything else is still there.
    expect(Client(hub, "aozora-hp").post(quiet[0][0] + "/withdraw", None, headers=quiet[0][1])[0] == 200, "withdrawn")
    ask("centre/duty-1", "situation", "note", "--public", big, "復旧作業中")
    ask("centre/duty-1", "situation", "note", big, "内部の連絡")
    hub.kill("keeper")
    wait_for("the keeper", lambda: centre.attempt("GET", "/v1/situations")[0] == 200)
    seen = centre.get("/v1/situations/" + big)[2]
    expect(seen["counts"]["reports"] == 1, f"{seen['counts']}")
    expect([e["kind"] for e in seen["timeline"]] == ["opened", "reports", "reports", "bulletin", "update", "note", "note"], f"{seen['timeline']}")
    for n in (1, 2):
        made = ask("centre/duty-1", "situation", "report", big, "--next", "2099-01-01T09:00:00+09:00")
        draft = centre.get("/v1/drafts/" + made["draft"])[2]["draft"]
        expect(made["number"] == n and draft["title"]["ja"] == f"【状況報告】広域の通信障害（第{n}報）", f"{made} {draft}")
        expect("復旧作業中" in draft["body"]["ja"] and "内部" not in str(draft) and "2099-01-01 09:00" in draft["body"]["en"], f"{draft['body']}")
        refused((409, "second_person_required"), centre.post(f"/v1/drafts/{made['draft']}/release", {}))
        asked = next(s for s in second.get("/v1/second")[2]["second"] if s["draft"]["id"] == made["draft"])
        expect(second.post("/v1/second/" + asked["id"], {"agree": True})[0] == 200, "agreed")
        wait_for("the report", lambda n=n: [e for e in stream.of("bulletin") if f"第{n}報" in e[2]["title"]["ja"]])
    acts = [r["action"] for r in centre.get("/v1/audit?limit=100")[2]["rows"]]
    expect({"situation.new", "situation.look", "situation.report", "bulletin.confirm", "backlog.look"} <= set(acts), f"{acts}")
print("one situation: figures, one button, two reports")
