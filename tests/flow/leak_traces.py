# SPDX-License-Identifier: Apache-2.0
"""A report leaves no mark in streams, acknowledgements or times; a preview leaves none at all."""
import re

import traces
from hub import Client, Hub, Stream, expect, wait_for
from twins import A, B, BASE, DESK, READER, members, told

FAR = 10 ** 9  # a number from here on is a second or finer; minutes and days since 1970 are less
keeper = lambda: list(traces.rows(traces.Names(), hub.dir + "/keeper.db", traces.KEEPER))
acks = lambda: [r for t, r in keeper() if t == "keeper.db acks"]

with Hub(directory=BASE + "/traces", members=members()) as hub:
    me, desk = Client(hub, A["id"]), Client(hub, DESK)
    streams = {m: Stream(hub, m) for m in (A["id"], B["id"], READER)}
    for c in (me, desk):
        c.get("/v1/me")

    # Drafts: no row, no byte, whatever the preview shows.
    disk = lambda: [open(f"{hub.dir}/{n}.db{w}", "rb").read() for n in ("keeper", "vault") for w in ("", "-wal")]
    wait_for("idle databases", lambda: not any(disk()[1::2]))
    was = disk()
    expect(me.post("/v1/reports/preview", told(A["id"], "下書き", 4, "cross_sector"))[0] == 200, "preview")
    expect(was == disk(), "a preview left something")

    # The sender gets what all get, and acknowledges neither by itself nor by being left out.
    posts = [me.post("/v1/reports", told(A["id"], f"第{level}", level, "cross_sector"))[0] for level in (0, 1, 3, 4)]
    expect(posts == [201] * 4, f"{posts}")
    told_to = {m: [traces.event(e) for e in s.wait(2)] for m, s in streams.items()}
    expect(len(set(map(str, told_to.values()))) == 1, f"the sender's stream differs: {told_to}")
    expect(not acks(), f"acknowledged by itself: {acks()}")
    one = streams[READER].of("bulletin")[0][2]["id"]
    for m in (B["id"], READER, A["id"]):
        expect(Client(hub, m).post("/v1/acks", {"acks": [{"id": one, "status": "read"}]})[0] == 200, "ack")
    shown = [re.sub(r"(receiver|person)=<\d+:32>|(?<=minute=)\d{8}\b|(?<=_at=)\d{8}\b", "", a) for a in acks()]
    expect(len(shown) == 3 and len(set(shown)) == 1, f"the sender's acknowledgement differs: {shown}")
    # Deliveries, the links of their mails, and which ways work are of whoever has a route, whether it has sent or not; nobody stands beside a report.
    keyed = {t for t, r in keeper() if "receiver=" in r}
    expect(keyed <= {"keeper.db acks", "keeper.db deliveries", "keeper.db links", "keeper.db ways", "keeper.db subscriptions"}, f"receivers stand in {keyed}")

    # No two reports of one sender share a piece of an id, and no row tells by its place when it came.
    with traces.database(hub.dir + "/keeper.db") as db:
        ids = [v for r in db.execute("SELECT id, case_id, sum FROM reports") for v in r]
        tables = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"))
    pieces = [v[i:i + 6] for v in set(ids) for i in range(len(v) - 5)]
    expect(len(ids) == 12 and len(pieces) == len(set(pieces)), "ids have a piece in common")
    # In the order of what desks did and of which filters readers have; of nothing that reporters do.
    desks = {"audit", "audit_points", "audit_keys", "audit_private", "streamed_as", "mode"}
    expect({t for t, sql in tables.items() if "WITHOUT ROWID" not in sql} == {"meta", "log", "statement", "steady"} | desks, "rows in the order of arrival")

    # Nothing finer than a minute beside a report, stored or shown.
    for table, row in [*keeper(), *(("shown", str(desk.get(p)[2])) for p in ("/v1/inbox", "/v1/bulletins"))]:
        fine = [n for n in re.findall(r" \w+=(\d+)(?= |$)", " " + row) if int(n) >= FAR] + re.findall(r"T\d\d:\d\d:(?!00)\d\d", row)
        expect(not fine, f"{table}: {fine} in {row[:300]}")
print("no mark of its own")
