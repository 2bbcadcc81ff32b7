# SPDX-License-Identifier: Apache-2.0
"""EIO is injected into the keeper's N-th pwrite after a report was sent, N = 1, 2, ..., and into all of them."""
import contextlib
import secrets
import sqlite3
import sys

from hub import Client, Hub, Stream, expect, report, wait_for
from tracer import Tracer

points = int(sys.argv[1])
with Hub() as hub:
    client, live = Client(hub, "aozora-hp"), Stream(hub, "hibari-hp")
    expect(client.post("/v1/reports", report("前"))[0] == 201, "a first report")
    live.wait(1)
    keeper, refused, titles = hub.pids("keeper")[0], 0, lambda: [e[2]["title"]["ja"] for e in live.of("bulletin")]
    for when in [*map(str, range(1, points + 1)), "1+"]:
        title, key = "書込" + when, {"Idempotency-Key": secrets.token_urlsafe(24)}
        with Tracer(keeper, "pwrite64", "error=EIO:when=" + when):
            status, _, body = client.post("/v1/reports", report(title), headers=key)
            expect(status == 201 or (status, body["code"]) == (503, "unavailable"), f"call {when}: {status} {body}")
            expect(status == 503 or when != "1+", "acknowledged while nothing could be written")
            expect(status == 201 or title not in titles(), "what was rolled back was delivered")
        again = wait_for("the retry", lambda: (lambda a: a if a[0] in (200, 201) else None)(
            client.attempt("POST", "/v1/reports", report(title), headers=key)))
        # A refused one was not stored: its retry makes it, and no earlier answer is repeated.
        expect(again[0] == (201 if status == 503 else 200), f"call {when}: {status}, then {again[0]}")
        refused += status == 503
    wait_for("all of them", lambda: len(titles()) == points + 2)
    expect(len(set(titles())) == points + 2, f"{titles()}")
    expect(hub.pids("keeper") == [keeper], "the keeper did not go on")
    expect(refused >= 3, f"only {refused} of {points + 1} were hit: the first, a later one and all of them should be")
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db")) as db:
    one = lambda sql: db.execute(sql).fetchone()[0]
    expect(one("SELECT count(*) FROM reports") == points + 2 and one("PRAGMA integrity_check") == "ok", "what is stored")
    expect(one("SELECT max(seq) - min(seq) + 1 - count(*) FROM log") == 0, "the sequence has a gap")
print(f"{refused} writes failed, each rolled back and refused; {len(titles())} reports")
