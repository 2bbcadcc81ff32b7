# SPDX-License-Identifier: Apache-2.0
"""Streams: live, resumed, from the beginning; nothing hidden shows; a front that dies."""
import time

from hub import Client, Hub, Stream, expect, report, wait_for

titles = lambda events: [e[2]["title"]["ja"] for e in events]

with Hub(fronts=2) as hub:
    client = Client(hub, "aozora-hp")
    post = lambda t, level=3: expect(client.post("/v1/reports", report(t, level))[0] == 201, t)
    live = [Stream(hub, "aozora-hp") for _ in range(6)]
    expect(all(s.of("hello")[0][2]["resume"] == "live" for s in live), "hello of a live stream")
    for i in range(5):
        post(f"N{i}")
    for s in live:
        expect(titles(s.wait(5)) == [f"N{i}" for i in range(5)], "order on a live stream")
    ids = [e[1] for e in live[0].of("bulletin")]
    expect(len(set(ids)) == 5 and all(len(i) == 22 for i in ids), f"cursors {ids}")
    expect([e[1] for e in live[3].of("bulletin")] == ids, "cursors differ between streams")

    # Away after the second, back with Last-Event-ID: exactly the rest, then sync.
    back = Stream(hub, "aozora-hp", last_id=ids[1])
    expect(back.of("hello")[0][2]["resume"] == "exact", f"{back.of('hello')}")
    expect(titles(back.wait(3)) == ["N2", "N3", "N4"], "the rest after a cursor")
    back.wait(1, "sync")
    expect(titles(Stream(hub, "aozora-hp", "?cursor=earliest").wait(5)) == [f"N{i}" for i in range(5)], "earliest")
    expect(titles(Stream(hub, "aozora-hp", "?cursor=" + ids[3]).wait(1)) == ["N4"], "cursor in the query")

    # Rows that a reader may not see do not show: reports of level 0 move the log, not the cursor.
    other = Stream(hub, "himawari-card", "?cursor=earliest")
    other.wait(1, "sync")
    before = Client(hub, "himawari-card").get("/v1/events?cursor=earliest&wait=0")[2]
    for i in range(5):
        post(f"H{i}", 0)
    time.sleep(0.3)
    after = Client(hub, "himawari-card").get("/v1/events?cursor=earliest&wait=0")[2]
    expect(before == after, f"hidden rows moved a cursor: {before} {after}")

    # Nothing is lost over a restart of a front; the stream comes back by itself.
    steady = Stream(hub, "aozora-hp", again=True)
    hub.kill("front")

    def posted(title):
        try:
            return client.post("/v1/reports", report(title, 3))[0] == 201
        except OSError:  # the connection was one of the front that is gone
            return False

    for i in range(3):
        wait_for("the front", lambda: posted(f"A{i}"))
    wait_for("all after the restart", lambda: set(titles(steady.of("bulletin"))) >= {"A0", "A1", "A2"})
print("live, resumed, earliest, hidden rows, two fronts")
