# SPDX-License-Identifier: Apache-2.0
"""One warning: read on streams and by polling, heard on the telephone, and not at all."""
from datetime import datetime, timezone

from hub import Client, Hub, Stream, expect, report, wait_for

with Hub() as hub:
    desk, centre = Client(hub, "medical-desk"), Client(hub, "centre")
    poller, wide, narrow = Client(hub, "wakaba-hp"), Stream(hub, "hibari-hp"), Stream(hub, "tsukimi-hp", "?min_severity=4")
    cursor = poller.get("/v1/events?wait=0")[2]["cursor"]
    made = Client(hub, "aozora-hp").post("/v1/reports", report("A"))[2]["bulletin"]
    path = f"/v1/bulletins/{made['number']}/deliveries"
    wide.wait(1)
    expect(len(poller.get(f"/v1/events?wait=5&cursor={cursor}")[2]["events"]) == 1, "the poll")

    def own(member):
        got = Client(hub, member).get(path)[2]
        expect(len(got["deliveries"]) == 1 and "summary" not in got and got["next"] is None, f"{member} sees {got}")
        return got["deliveries"][0]

    def at_desk(client=desk, query=""):
        status, _, got = client.get(path + query)
        expect(status == 200, f"{status} {got}")
        return {r["receiver"]: r for r in got["deliveries"]}, {s["ceptoar"]: s for s in got.get("summary", [])}

    ids = {m: own(m)["receiver"] for m in ("hibari-hp", "wakaba-hp", "komugi-clinic", "tsukimi-hp", "minamo-hp")}
    state = lambda m: at_desk()[0][ids[m]]["state"]
    wait_for("what was sent", lambda: state("hibari-hp") == state("wakaba-hp") == "sent")
    when = lambda m: at_desk()[0][ids[m]]["streamed_at"]
    ago = (datetime.now(timezone.utc) - datetime.fromisoformat(when("hibari-hp"))).total_seconds()
    expect(-5 < ago < 180 and when("wakaba-hp") and not when("komugi-clinic"), f"when it was sent: {ago}")
    # Away, or on a stream that asked for more: not sent.
    expect(not any(at_desk()[0][ids[m]]["streamed"] for m in ("komugi-clinic", "tsukimi-hp")), "sent to somebody who was away")
    word = {"id": made["id"], "status": "read", "forwarded_to": 12, "note": "=1+1"}
    expect(Client(hub, "hibari-hp").post("/v1/acks", {"acks": [word]})[0] == 200, "the client's word")
    call = {"id": made["number"], "receiver": ids["minamo-hp"], "status": "acted", "via": "phone"}
    expect([desk.post("/v1/acks/for", call)[0] for _ in range(2)] == [200, 200], "by telephone, twice")
    rows, figures = at_desk()
    med = figures.pop("medical-ceptoar")
    expect(not figures and med["entitled"] == med["at_release"] == len(rows), f"the desk's own alone: {figures} {med}")
    expect(rows[ids["hibari-hp"]]["state"] == "read" and rows[ids["hibari-hp"]]["forwarded_to"] == 12, "read")
    expect((p := rows[ids["minamo-hp"]])["state"] == "acted" and not p["streamed"] and [e["grade"] for e in p["evidence"]] == ["telephone"], f"{p}")
    expect(med["stages"] == {"received": 2, "read": 2, "acted": 1} and med["silent"] == med["entitled"] - 2, f"{med}")
    grades = {g: (v["received"], v["read"], v["acted"]) for g, v in med["evidence"].items()}
    expect(grades == {"client": (1, 1, 0), "telephone": (1, 1, 1), "link": (0, 0, 0), "relay": (0, 0, 0)}, f"grades {grades}")
    expect(med["percent"]["read"] == 200 // med["entitled"] and med["forwarded_to"] == 12, f"{med}")
    expect(set(rows) - set(at_desk(query="?silent=1")[0]) == {ids["hibari-hp"], ids["minamo-hp"]}, "the silent ones")
    expect(set(at_desk(query="?state=acted&ceptoar=medical-ceptoar")[0]) == {ids["minamo-hp"]}, "by state")
    paged, after = {}, "?limit=3"
    while after:
        got = desk.get(path + after)[2]
        paged.update((r["receiver"], r) for r in got["deliveries"])
        after = got["next"] and f"?limit=3&cursor={got['next']}"
    expect(paged == rows, "page by page")
    # The centre: figures of each CEPTOAR, lines of offices alone.  A desk at the members' front: its own line.
    offices, all_of = at_desk(centre)
    expect(all_of["medical-ceptoar"] == med and None in all_of and not set(offices) & set(ids.values()), f"the centre: {offices}")
    mine = Client(hub, "medical-desk", "CEPTOAR_URL").get(path)[2]
    expect(len(mine["deliveries"]) == 1 and "summary" not in mine, f"at the members' front: {mine}")
print(f"{med['entitled']} entitled, {med['sent']} sent, 2 acknowledged, each by its grade")
