# SPDX-License-Identifier: Apache-2.0
"""Two fronts: what each lets in and gives out, what the keeper tells them, and one of them restarted."""
from doors import CENTRE, CLOSE, INBOX, LIST, SLIP, TRENDS, ask, resumed
from hub import Client, Hub, Stream, expect, open_case, refused, report, wait_for

with Hub() as hub:
    op, desk, centre = Client(hub, "aozora-hp"), Client(hub, "medical-desk"), Client(hub, "centre")
    member, bells = Stream(hub, "aozora-hp"), Stream(hub, "medical-desk", url="CEPTOAR_DESK_URL")
    case, mine = open_case(op, "秘匿の件", 3)
    expect(bells.wait(1, "inbox") and bells.wait(1, "bulletin"), "the bell, and warnings as at any front")
    there = Client(hub, "medical-desk", "CEPTOAR_URL")
    for how, path in (("GET", "/v1/inbox"), ("GET", "/v1/trends"), ("GET", "/v1/audit"), ("GET", case + "/slip"), ("POST", case + "/close")):
        refused((404, "not_found"), there.request(how, path))
        expect(desk.request(how, path)[0] == (404 if "slip" in path else 200), f"{path} at the desks' front")
        refused((403, "forbidden"), Client(hub, "aozora-hp", "CEPTOAR_DESK_URL").request(how, path))
    refused((403, "forbidden"), Client(hub, "aozora-hp", "CEPTOAR_DESK_URL").get("/v1/me"))
    # A members' front that claims to be asked by the centre.
    held = bytes.fromhex(case.rpartition("/")[2]) + b"\1" + bytes(32) + CENTRE
    for kind, payload in ((INBOX, LIST), (TRENDS, LIST), (SLIP, held), (CLOSE, held)):
        problem, body = ask(hub, "keeper-front", kind, payload)
        expect(problem != 0 and "秘匿".encode() not in body and len(body) < 200, f"{kind}: {problem} {body}")
    expect("秘匿".encode() in ask(hub, "keeper-desk", INBOX, LIST)[1], "the frame is none that a desks' front could send")
    with open(hub.dir + "/log/keeper.log", encoding="utf-8") as f:
        expect(f.read().count("asks for what is a desk's") == 4, "the keeper is silent about it")
    # A ticket made with what all other fronts know opens nothing at the desks' front.
    desks, members = "CEPTOAR_DESK_URL", "CEPTOAR_URL"
    expect((resumed(hub, members, members), resumed(hub, desks, desks)) == (True, True), "nothing is resumed at all")
    expect((resumed(hub, members, desks), resumed(hub, desks, members)) == (False, False), "a ticket of the other front is taken")
    # It alone goes and comes back, at its address, for whoever was there.
    others = hub.env()["CEPTOAR_PIDS"].partition(" desk=")[0], hub.address(desks)
    hub.kill("desk")
    wait_for("the desks' front", lambda: centre.attempt("GET", "/v1/inbox")[0] == 200)
    expect((hub.env()["CEPTOAR_PIDS"].partition(" desk=")[0], hub.address(desks)) == others, "another program was restarted")
    expect(op.post("/v1/reports", report("次", 3))[0] == 201 and len(member.wait(2)) == 2 and not member.closed, "the member's stream broke")
    expect(op.get(case, headers=mine)[2]["state"] == "closed", "what the desk had done")
print("the inbox was at the desks' front only")
