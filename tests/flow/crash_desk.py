# SPDX-License-Identifier: Apache-2.0
"""A desk releases, updates and cancels while the keeper is killed before, in and after the commit."""
import collections
import contextlib
import os
import secrets
import sqlite3
import sys

from hub import Client, Hub, Stream, expect, wait_for
from tracer import Tracer

points = int(sys.argv[1])
# Calls of a release: before the commit, in it, and before fan-out and the answer.
SWEEPS = {"pwrite64": points, "fdatasync": 2, "sendmsg,sendto,write,writev": points}
draft = lambda title: {"kind": "attack_method", "severity": 1, "title": {"ja": title}, "summary": "見出し"}
seen = collections.Counter()

with Hub() as hub:
    desk, live = Client(hub, "medical-desk"), [Stream(hub, "aozora-hp", again=True), Stream(hub, "centre", again=True, url="CEPTOAR_DESK_URL")]

    def alive():
        return desk.attempt("GET", "/v1/drafts")[0] == 200 and next((p for p in hub.pids("keeper") if os.path.exists(f"/proc/{p}/exe")), 0)

    def killed(calls, when, path, body):
        """The call, repeated with its key until it is answered; the keeper is killed at that system call, if it comes so far."""
        keeper, key = wait_for("a keeper", alive), {"Idempotency-Key": secrets.token_urlsafe(24)}
        tracer = Tracer(keeper, calls, f"signal=SIGKILL:when={when}")
        for tries in range(1, 9):
            got = desk.attempt("POST", path, body, key)
            if got[0] in (200, 201):
                break
            expect(got[0] in (0, 503), f"{path}: {got}")
            wait_for("the next keeper", lambda: alive() not in (False, 0, keeper))
        seen["stored before the kill" if got[0] == 200 and tries > 1 else "made after it" if tries > 1 else "answered"] += 1
        expect(got[0] in (200, 201), f"{path}: {got}")
        tracer.stop()
        return got[2]["bulletin"]["id"]

    for calls, most in SWEEPS.items():
        for when in range(1, most + 1):
            title = f"{calls[:4]}{when}"
            made = wait_for("a draft", lambda: (lambda a: a[0] == 201 and a[2]["id"])(desk.attempt("POST", "/v1/drafts", draft(title))))
            ident = killed(calls, when, f"/v1/drafts/{made}/release", {})
            for s in live:
                wait_for(f"{title} released", lambda s=s: [e for e in s.of("bulletin") if e[2]["id"] == ident])
            if when % 2:
                killed(calls, when, f"/v1/bulletins/{ident}/update", {"content": draft(title + "改")})
            killed(calls, when, f"/v1/bulletins/{ident}/cancel", {"reason": "誤り"})
            for s in live:
                wait_for(f"{title} cancelled", lambda s=s: [e for e in s.of("cancel") if e[2]["id"] == ident])
    expect(seen["stored before the kill"] and seen["made after it"], f"not killed on both sides of the commit: {seen}")
    for s in live:
        events = list(dict.fromkeys((e[2]["id"], e[2]["revision"]) for e in s.of("bulletin", "update", "cancel")))
        expect(len(events) == sum(n * 2 + (n + 1) // 2 for n in SWEEPS.values()), f"{len(events)} revisions")
        expect(all(events.index((i, r)) > events.index((i, r - 1)) for i, r in events if r > 1), "out of order")
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db")) as db:
    seqs = [r[0] for r in db.execute("SELECT seq FROM log ORDER BY seq")]
    expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), "the sequence has a gap")
print(f"{sum(seen.values())} calls of a desk: {dict(seen)}")
