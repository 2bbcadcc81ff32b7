# SPDX-License-Identifier: Apache-2.0
"""RLIMIT_NOFILE of a running front; a log pipe that nobody empties."""
import os
import resource
import signal
import socket
import subprocess
import time

from hub import Client, Hub, Stream, expect, report, wait_for


def cpu(pid):
    fields = open(f"/proc/{pid}/stat", encoding="ascii").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


with Hub() as hub:
    front, client, live = hub.pids("front")[0], Client(hub, "aozora-hp"), Stream(hub, "hibari-hp")
    expect(client.post("/v1/reports", report("前"))[0] == 201, "a first report")
    used, old = len(os.listdir(f"/proc/{front}/fd")), resource.prlimit(front, resource.RLIMIT_NOFILE)
    resource.prlimit(front, resource.RLIMIT_NOFILE, (used + 10, old[1]))
    crowd = []
    for _ in range(60):
        crowd.append(socket.socket())
        crowd[-1].setblocking(False)
        crowd[-1].connect_ex(hub.address())
    time.sleep(1)
    before, lines = cpu(front), os.path.getsize(hub.dir + "/log/front-1.log")
    time.sleep(2)
    expect(cpu(front) - before < 0.4, f"it spins: {cpu(front) - before} s of CPU in two seconds")
    expect(os.path.getsize(hub.dir + "/log/front-1.log") - lines < 2000, "the log fills")
    expect(client.post("/v1/reports", report("中"))[0] == 201, "who is connected is not served")
    live.wait(2)
    for s in crowd:
        s.close()
    wait_for("a new connection after the crowd", lambda: Client(hub, "wakaba-hp").attempt("GET", "/v1/me")[0] == 200)
    resource.prlimit(front, resource.RLIMIT_NOFILE, old)
    expect(hub.pids("front")[0] == front and "out of descriptors" in open(hub.dir + "/log/front-1.log").read(), "not the same front, or not out")

# Standard error is a full pipe: lines are dropped, and counted.
hub.args.append("--verbose")
read, write = os.pipe()
real, subprocess.Popen = subprocess.Popen, lambda *a, **kw: real(*a, **{**kw, "stderr": write})
hub.start()
subprocess.Popen = real
with hub:
    os.set_blocking(write, False)
    try:
        while True:
            os.write(write, b"x" * 4096)
    except BlockingIOError:
        pass
    client, live = Client(hub, "aozora-hp"), Stream(hub, "hibari-hp")
    for i in range(5):
        hub.proc.send_signal(signal.SIGHUP)
        expect(client.post("/v1/reports", report(f"P{i}"))[0] == 201, "a blocked log stops the hub")
    live.wait(5)
    wait_for("dropped lines to be counted", lambda: hub.status()["front-admin-1"]["log_lines_dropped"] > 0)
print("descriptors and a blocked standard error")
