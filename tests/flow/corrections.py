# SPDX-License-Identifier: Apache-2.0
"""A level 4 warning is corrected by its reporter: lowered, narrowed, withdrawn."""
from hub import Client, Hub, Stream, case_secret, expect, report, wait_for

with Hub() as hub:
    own, cross = Stream(hub, "aozora-hp"), Stream(hub, "hikari-power")
    high = Stream(hub, "aozora-hp", "?min_severity=4")
    client = Client(hub, "aozora-hp")
    secret, commitment = case_secret()
    status, _, receipt = client.post("/v1/reports", report("一報", 4, "cross_sector", case_commitment=commitment))
    expect(status == 201 and receipt["case"], f"{status} {receipt}")
    first = [s.wait(1)[0][2] for s in (own, cross, high)]
    expect(first[0] == first[1] == first[2], "the bulletin differs between readers")
    case, auth = "/v1/cases/" + receipt["case"], {"Authorization": "Case " + secret}

    # A wrong secret and an unknown case are the same answer.
    wrong = Client(hub, "aozora-hp").get(case, headers={"Authorization": "Case " + case_secret()[0]})
    unknown = Client(hub, "aozora-hp").get("/v1/cases/" + "0" * 32, headers=auth)
    expect(wrong[0] == unknown[0] == 404 and wrong[2] == unknown[2], f"{wrong[0]} {wrong[2]} / {unknown[0]} {unknown[2]}")

    # Lowered to level 2: everybody who had the alarm hears it, whatever the threshold.
    lower = report("続報", 2, "cross_sector", stage="follow_up")
    status, _, body = client.post(case + "/reports", lower, headers=auth)
    expect(status == 201, f"follow-up: {status} {body}")
    for who, s in (("own", own), ("cross", cross), ("threshold 4", high)):
        u = s.wait(1, "update")[0][2]
        expect(u["id"] == first[0]["id"] and u["revision"] == 2 and u["severity"] == 2, f"{who}: {u}")
        expect(u["title"]["ja"] == "続報", f"{who} did not get the new text")

    # Narrowed to the own CEPTOAR: the cross-sector reader gets a stub and nothing of the text.
    status, _, body = client.post(case + "/reports", report("非公開の詳細", 3, "ceptoar", stage="follow_up"), headers=auth)
    expect(status == 201, f"second follow-up: {status} {body}")
    expect(own.wait(2, "update")[1][2]["title"]["ja"] == "非公開の詳細", "own sector missed the update")
    stub = cross.wait(2, "update")[1][2]
    expect(stub["revision"] == 3 and "非公開" not in str(stub), f"no stub: {stub}")
    expect(Client(hub, "hikari-power").get("/v1/bulletins/" + first[0]["id"])[0] in (200, 404), "bulletin by id")
    expect("非公開" not in str(Client(hub, "hikari-power").get("/v1/bulletins")[2]), "the list shows a narrowed text")

    state = client.get(case, headers=auth)[2]
    expect(state["state"] == "released" and state["bulletin"]["number"] == first[0]["number"], f"state {state}")
    expect(client.post(case + "/withdraw", {}, headers=auth)[0] == 200, "withdrawal")
    expect(client.post(case + "/withdraw", {}, headers=auth)[0] == 200, "a second withdrawal")
    for who, s in (("own", own), ("cross", cross), ("threshold 4", high)):
        c = s.wait(1, "cancel")[0][2]
        expect(c["id"] == first[0]["id"] and c["revision"] == 4, f"{who}: {c}")
    expect(len(own.of("cancel")) == 1, "withdrawn twice")
    expect(client.get(case, headers=auth)[2]["state"] == "withdrawn", "state after the withdrawal")
    expect(client.post(case + "/reports", lower, headers=auth)[0] == 409, "a follow-up to a withdrawn case")
print("update, stub and cancel reached all whom the alarm had reached")
