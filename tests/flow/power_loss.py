# SPDX-License-Identifier: Apache-2.0
"""Reports come in while the keeper's writes and syncs are recorded; so many power cuts are tried on the record."""
import contextlib
import os
import random
import shutil
import sqlite3
import sys
import threading
import time

from disks import TMP, after_cuts, recorded
from hub import Client, Hub, expect, replace, report, wait_for

states, acked, calls = int(sys.argv[1]), [], []  # acked: (id, time it was known at)


def write(client, n):
    for i in range(12):
        status, _, got = client.post("/v1/reports", report(f"P{n}x{i}", 1 + i % 3, description="本文" * (1 + 40 * i)))
        expect(status == 201, f"{status} {got}")
        acked.append((got["id"], time.time()))


def check(disk, known):
    """What the keeper would find; the number of reports in it."""
    os.mkdir(TMP + "/cut")
    for file, data in disk.items():
        replace(f"{TMP}/cut/{file}", data)
    with contextlib.closing(sqlite3.connect(TMP + "/cut/keeper.db")) as db:
        db.execute("PRAGMA synchronous=OFF")  # this copy need not last
        expect(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the database is damaged")
        stored = {r[0].hex() for r in db.execute("SELECT id FROM reports")}
        expect(known <= stored, f"{len(known - stored)} of {len(known)} acknowledged reports are lost")
        expect(db.execute("SELECT count(*) = coalesce(max(seq) - min(seq) + 1, 0) FROM log").fetchone()[0], "the sequence has a gap")
    shutil.rmtree(TMP + "/cut")
    return len(stored)


with Hub() as hub:
    path = hub.dir + "/keeper.db"
    empty = lambda: os.path.getsize(path + "-wal") == 0
    wait_for("the log to be folded in", empty)
    start = {os.path.basename(p): open(p, "rb").read() for p in (path, path + "-wal")}
    with recorded(hub.pids("keeper")[0], calls):
        threads = [threading.Thread(target=write, args=(Client(hub, "aozora-hp"), n)) for n in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        wait_for("the log to be folded in", empty)
expect(len(acked) == 48, f"only {len(acked)} reports were taken")
calls = [c for c in calls if c[2] in start]
expect({"pwrite64", "fdatasync", "ftruncate"} <= {c[1] for c in calls}, "a call that matters was not seen")
found = [check(disk, {i for i, at in acked if at < when}) for when, disk in after_cuts(start, calls, states, random.Random(13))]
expect(len(set(found)) > 10, f"all cuts were alike: {set(found)}")
print(f"{len(found)} disks of power cuts between {len(calls)} calls: {len(acked)} acknowledged reports, none lost where it was acknowledged")
