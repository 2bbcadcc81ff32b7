# SPDX-License-Identifier: Apache-2.0
"""The hub is stopped with thousands of streams at both fronts, held by two load generators, and reports under way."""
import contextlib
import itertools
import os
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "flow"))
from hub import BUILD, SLOWER, Client, Hub, Stream, expect, report, wait_for  # pylint: disable=wrong-import-position

many, IN_TIME, acked, stop = int(sys.argv[1]), 5, set(), threading.Event()
TMP, LOAD = os.environ["TEST_TMP"], BUILD + "/tests/bench/wireload"


def writer(client, n):
    for i in itertools.count():
        if stop.is_set():
            return
        status, _, got = client.attempt("POST", "/v1/reports", report(f"D{n}x{i}", 1))
        if status == 201:
            acked.add(got["id"])


hub = Hub()
held = []
for member, url, front in (("aozora-hp", "CEPTOAR_URL", "front-admin-1"), ("medical-desk", "CEPTOAR_DESK_URL", "desk-admin-1")):
    own, ready = f"{hub.dir}/{member}/", f"{TMP}/{member}.ready"
    out = open(f"{TMP}/{member}.out", "w", encoding="ascii")
    held.append(subprocess.Popen([LOAD, "sub", "-p", str(hub.address(url)[1]), "-A", hub.env()["CEPTOAR_CA"], "-C", own + "cert.pem", "-K", own + "key.pem",
                                  "-n", str(many // 2), "-m", "1", "-H", r"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                  "-F", ready, "-T", "300"], stdout=out, stderr=out))
    wait_for(f"{many // 2} streams of {member}", lambda: os.path.exists(ready) and hub.status()[front]["streams"] == many // 2, 120)
witnesses = [Stream(hub, "hibari-hp"), Stream(hub, "bank-desk", url="CEPTOAR_DESK_URL")]
threads = [threading.Thread(target=writer, args=(Client(hub, "aozora-hp"), n)) for n in range(4)]
for t in threads:
    t.start()
wait_for("some reports", lambda: len(acked) > 50)
began = time.monotonic()
hub.stop()
took = time.monotonic() - began
stop.set()
for t in threads:
    t.join()
for s in witnesses:
    wait_for("the end of a stream", lambda s=s: s.closed)
    expect([e[2]["reason"] for e in s.of("bye")] == ["drain"], f"{s.member} got no farewell: {s.events}")
for proc in held:
    proc.terminate()
    proc.wait(10)
expect(took < IN_TIME * SLOWER, f"the stop took {took:.1f} s")
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db")) as db:
    missing = acked - {r[0].hex() for r in db.execute("SELECT id FROM reports")}
    expect(not missing, f"{len(missing)} acknowledged reports are gone")
print(f"stopped in {took:.1f} s with {many} streams at two fronts; {len(acked)} acknowledged reports are there")
