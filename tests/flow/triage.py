# SPDX-License-Identifier: Apache-2.0
"""300 copies of one mail on the desk of two: one item, held by one, set aside, back by a higher level."""
from hub import Client, Hub, case_secret, cli, expect, open_case, refused, report, wait_for

COPIES = 300
ASIDE = {"code": "duplicate", "reason": {"ja": "既報のフィッシング"}}
SENDERS = ("aozora-hp", "hibari-hp", "wakaba-hp", "tsukimi-hp", "minamo-hp", "komugi-clinic")


with Hub() as hub:
    hub.reload("limits", reports_per_minute=100000)
    sato, ito = Client(hub, "medical-desk/sato"), Client(hub, "medical-desk/ito")
    senders = [Client(hub, m) for m in SENDERS]
    for i in range(COPIES):
        secret, commitment = case_secret()
        mail = report(f"不審メール　{i} 通目", 1, description=f"件名「請求書{i}」の メールが届いた。", case_commitment=commitment)
        expect(senders[i % len(senders)].post("/v1/reports", mail)[0] == 201, "a copy")
    open_case(senders[0], "停電", 3)
    items = sato.get("/v1/triage")[2]["items"]
    expect([(i["level"], i["count"]) for i in items] == [(3, 1), (1, COPIES)], f"{items}")
    phish = items[1]
    expect(len(phish["cases"]) == 20 and phish["channels"] == COPIES, f"{phish}")
    group, seen, page = "/v1/triage/" + phish["group"], set(), 0
    while page is not None:
        got = sato.get(f"{group}?limit=100&page={page}")[2]
        seen |= {r["case"] for r in got["reports"]}
        page = got["next"]
    expect(len(seen) == COPIES, f"{len(seen)} reports in full")
    refused((404, "not_found"), Client(hub, "bank-desk").get(group))
    expect(Client(hub, "centre").get("/v1/triage")[2]["items"][0]["level"] == 3, "the centre has what is of level 3")
    # One holds it, through a crash of the keeper; the other one may look.
    expect(sato.post(group + "/lock", {})[2]["lock"]["mine"] is True, "held")
    refused((409, "conflict"), ito.post(group + "/aside", ASIDE))
    hub.kill("keeper")
    got = wait_for("the keeper to be back", lambda: (lambda g: g if g[0] != 503 else None)(ito.post(group + "/lock", {})))
    refused((409, "conflict"), got)
    holder = sato.get(group)[2]["item"]["lock"]["person"]
    expect("since 20" in got[2]["detail"] and holder in got[2]["detail"], f"the same desk is told who: {got[2]}")
    expect(ito.get(group)[2]["item"]["lock"]["mine"] is False, "may look")
    expect(ito.post(group + "/lock", {"take": True, "reason": "交代"})[0] == 200, "taken over")
    refused((409, "conflict"), sato.request("DELETE", group + "/lock"))
    # Set aside: a copy joins quietly, a higher one brings it back.
    expect(ito.post(group + "/aside", ASIDE)[2]["state"] == "aside", "aside")
    copy = lambda level: senders[1].post("/v1/reports", report("不審メール 999 通目", level, description="件名「請求書1」の メールが届いた。"))
    counts = lambda: [(i["count"], i["level"]) for i in sato.get("/v1/triage")[2]["items"]]
    expect(copy(1)[0] == 201 and counts() == [(1, 3)], f"quietly: {counts()}")
    expect(copy(2)[0] == 201 and counts() == [(1, 3), (COPIES + 2, 2)], f"back: {counts()}")
    code, said = cli(hub, "medical-desk/sato", "triage", "aside", phish["group"], "test", "訓練用")
    expect(code == 0 and "aside" in said, said)
    code, said = cli(hub, "medical-desk/ito", "triage", "back", phish["group"])
    expect(code == 0 and "waits" in said and "不審メール" in said, said)
    # All of them become one draft and one bulletin; the group is done.
    got = ito.post(group + "/merge", {})
    expect(got[0] == 201 and (got[2]["cases"], got[2]["left_out"]) == (COPIES + 2, 0), f"{got}")
    got = ito.post(f"/v1/drafts/{got[2]['draft']}/release", {})
    expect(got[0] == 201 and counts() == [(1, 3)], f"released: {got}")
