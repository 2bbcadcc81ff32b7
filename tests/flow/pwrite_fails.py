# SPDX-License-Identifier: Apache-2.0
"""EIO is injected into the keeper's N-th pwrite after a report was sent, N = 1, 7, 13, ..., and into all of them."""
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
    keeper, stored, titles = hub.pids("keeper")[0], 1, lambda: [e[2]["title"]["ja"] for e in live.of("bulletin")]

    def hit(when, title):
        """Whether the report was refused; the keeper's own writes (leases, who was sent to) may take the error."""
        body, key = report(title), {"Idempotency-Key": secrets.token_urlsafe(24)}
        with Tracer(keeper, "pwrite64", "error=EIO:when=" + when):
            status, _, answer = client.post("/v1/reports", body, headers=key)
            expect(status == 201 or (status, answer["code"]) == (503, "unavailable"), f"{when}: {status} {answer}")
            expect(status == 201 or title not in titles(), "what was rolled back was delivered")
        again = wait_for("the retry", lambda: (lambda a: a if a[0] in (200, 201) else None)(
            client.attempt("POST", "/v1/reports", body, headers=key)))
        # A refused one was not stored: its retry makes it, and no earlier answer is repeated.
        expect(again[0] == (201 if status == 503 else 200), f"{when}: {status}, then {again[0]}")
        return status == 503

    for when in [*map(str, range(1, 6 * points + 1, 6)), "1+"]:
        for attempt in range(1 if when == "1+" else 60):
            stored += 1
            if hit(when, f"書込{when}の{attempt}"):
                break
        else:
            expect(False, f"write {when} failed and nothing was refused")
    wait_for("all of them", lambda: len(titles()) == stored)
    expect(len(set(titles())) == stored, f"{titles()}")
    expect(hub.pids("keeper") == [keeper], "the keeper did not go on")
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db")) as db:
    one = lambda sql: db.execute(sql).fetchone()[0]
    expect(one("SELECT count(*) FROM reports") == stored and one("PRAGMA integrity_check") == "ok", "what is stored")
    expect(one("SELECT max(seq) - min(seq) + 1 - count(*) FROM log") == 0, "the sequence has a gap")
print(f"{points + 1} writes failed, each rolled back and refused; {stored} reports")
