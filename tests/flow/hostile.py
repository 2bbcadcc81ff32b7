# SPDX-License-Identifier: Apache-2.0
"""Streams that do not read beside streams that do; minutes pass by the test build's clock."""
import os
import socket
import threading
import time

from hub import BUILD, SLOWER, Client, Hub, Stream, expect, replace, report, wait_for

DEAD, ROWS = 600, 60
clock = os.path.join(os.environ.get("TEST_TMP", "/tmp"), "clock")
at = lambda seconds: replace(clock, str(seconds).encode())

def idle(hub, ctx):
    """A stream whose socket takes little and that nobody reads."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(hub.address())
    s = ctx.wrap_socket(raw, server_hostname="localhost")
    s.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return s


rss = lambda pid: next(int(l.split()[1]) for l in open(f"/proc/{pid}/status", encoding="ascii") if l.startswith("VmRSS"))
# A sanitizer keeps freed memory back for a while, which is no growth of ours.
at(0)
asan = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=4"
with Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": clock, "ASAN_OPTIONS": asan}) as hub:
    ctx, front, client = hub.context("hibari-hp"), hub.pids("front")[0], Client(hub, "aozora-hp")
    live = [Stream(hub, "hibari-hp") for _ in range(20)]
    slow = idle(hub, ctx)
    dead = [idle(hub, ctx) for _ in range(DEAD)]
    wait_for("the streams", lambda: hub.status()["front-admin-1"]["streams"] == DEAD + 21)
    stop, before = threading.Event(), rss(front)

    def trickle():
        while not stop.is_set():
            slow.recv(1)
            time.sleep(0.01)

    reader = threading.Thread(target=trickle, daemon=True)
    reader.start()
    text, worst = "本文" * 2500, 0.0
    for i in range(ROWS):
        began = time.monotonic()
        expect(client.post("/v1/reports", report(f"T{i}", 3, description=text))[0] == 201, f"T{i}")
        wait_for(f"T{i} on every live stream", lambda: all(len(s.of("bulletin")) == i + 1 for s in live))
        worst = max(worst, time.monotonic() - began)
    grown = rss(front) - before
    expect(worst < 2 * SLOWER, f"a row took {worst:.2f} s")
    expect(grown < 40 * DEAD, f"memory grew by {grown} KiB for {DEAD} streams that do not read")
    expect(reader.is_alive() and hub.status()["front-admin-1"]["streams"] == DEAD + 21, "the slow one was cut off")
    stop.set()
    for second in range(10, 80, 10):  # a minute and more; live streams get heartbeats meanwhile
        at(second)
        time.sleep(0.5 * SLOWER)
    wait_for("the end of all that take nothing", lambda: hub.status()["front-admin-1"]["streams"] == 20, 40)
    expect(Client(hub, "aozora-hp").post("/v1/reports", report("了"))[0] == 201, "a report afterwards")
    wait_for("it on every live stream", lambda: all(s.of("bulletin")[-1][2]["title"]["ja"] == "了" for s in live))
print(f"{DEAD} dead streams and a slow one: worst row {worst * 1000:.0f} ms, {grown // DEAD} KiB each, gone in time")
