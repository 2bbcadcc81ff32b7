# SPDX-License-Identifier: Apache-2.0
"""Streams, reports and automatic releases, each over its limit, and lifted again."""
import os

from hub import Client, Hub, Stream, expect, replace, report, wait_for

base = os.environ.get("TEST_TMP", "/tmp")
replace(base + "/over.conf", b"[limits]\nstreams_per_member = 3\nreports_per_minute = 5\n[vault]\nauto_releases = 3\n")

with Hub(conf=base + "/over.conf") as hub:
    streams = [Stream(hub, "hibari-hp") for _ in range(5)]
    other, sender, mate = Stream(hub, "wakaba-hp"), Client(hub, "aozora-hp"), Client(hub, "tsukimi-hp")
    wait_for("the two oldest to end", lambda: [s.closed for s in streams] == [True, True, False, False, False])
    expect([e[2] for s in streams for e in s.of("bye")] == [{"reason": "limit"}] * 2 and not other.closed, "bye")

    got = [sender.post("/v1/reports", report(f"R{i}")) for i in range(5)]
    expect([g[0] for g in got] == [201] * 5, f"{[g[0] for g in got]}")
    expect(["bulletin" in g[2] for g in got] == [True] * 3 + [False] * 2, "automatic releases")
    items = Client(hub, "medical-desk").get("/v1/inbox")[2]["items"]
    expect(len(items) == 5 and len(other.wait(3)) == 3, "what is held back lies in the inbox")
    alone = sender.post("/v1/reports", report("R6"))
    expect(alone[0] == 429 and 0 < int(alone[1]["Retry-After"]) <= 60, f"{alone[0]} {alone[1]}")
    expect(sender.post("/v1/reports/preview", report("R7"))[0] == 429, "a preview")
    first = [mate.post("/v1/reports", report(f"M{i}")) for i in range(5)]
    expect([g[0] for g in first] == [201] * 5 and "bulletin" in first[0][2], "another member is held up")
    busy = sender.post("/v1/reports", report("R8"))
    expect(busy[0] == 429 and busy[2] == alone[2] and sorted(busy[1].keys()) == sorted(alone[1].keys()), "429 tells of others")
    expect(sender.get("/v1/bulletins")[0] == 200, "reading is not limited with it")
    hub.reload("limits", reports_per_minute=0)
    expect([sender.post("/v1/reports", report(f"F{i}"))[0] for i in range(9)] == [201] * 9, "a limit that was lifted")
    hub.kill("vault")  # counts releases in memory only: a restart may release three more, never forbids
    wait_for("a release after the restart", lambda: "bulletin" in (sender.attempt("POST", "/v1/reports", report("V"))[2] or {}))
print("streams, reports a minute and automatic releases")
