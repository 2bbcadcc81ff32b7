# SPDX-License-Identifier: Apache-2.0
"""Fan-out to so many streams of which a tenth has lost its network, beside the same without those (fault 102)."""
import os
import re
import subprocess
import sys
import time

from far import Far
from hub import BUILD, ROOT, SLOWER, Hub, expect, replace, wait_for

many, ROWS, DETECTED, MORE_MS = int(sys.argv[1]), 20, 35, 50  # the last: promise P4
TMP, LOAD = os.environ["TEST_TMP"], BUILD + "/tests/bench/wireload"
with open(ROOT + "/tests/bench/body.json.in", encoding="ascii") as template:
    replace(TMP + "/body", template.read().replace("@LEVEL@", "3").replace("\n", "").encode())
said = lambda name: open(f"{TMP}/{name}", encoding="ascii").read()

with Hub() as hub:
    far, own = Far(), f"{hub.dir}/aozora-hp/"
    streams = lambda: hub.status()["front-admin-1"]["streams"]
    peer = ["-p", str(hub.address()[1]), "-A", hub.env()["CEPTOAR_CA"], "-C", own + "cert.pem", "-K", own + "key.pem", "-T", "200"]

    def readers(name, n, rows, start):
        """Streams that are open when this returns."""
        before, ready = streams(), f"{TMP}/{name}.ready"
        with open(f"{TMP}/{name}", "w", encoding="ascii") as out:
            proc = start(LOAD, "sub", *peer, "-n", str(n), "-m", str(rows), "-H", r"GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
                         "-F", ready, stdout=out, stderr=out)
        wait_for(f"{n} streams", lambda: os.path.exists(ready) and streams() == before + n, 120)
        return proc

    living = lambda name: readers(name, many - many // 10, ROWS, lambda *a, **kw: subprocess.Popen(a, **kw))

    def fan_out(name, live):
        """(p99, last) in ms of ROWS bulletins to the living, none missing."""
        subprocess.run([LOAD, "pub", *peer, "-n", "1", "-m", str(ROWS), "-r", "4", "-s", "2048", "-u", "/v1/reports", "-g",
                        r"Content-Type: application/json\r\n", "-b", TMP + "/body"], check=True, stdout=subprocess.DEVNULL)
        code = live.wait(200)
        expect(code == 0 and "missing 0 " in said(name), f"{name}: {said(name)}")
        return [float(re.search(what + r" ([0-9.]+)", said(name)).group(1)) for what in ("p99", "max")]

    alone = fan_out("alone", living("alone"))
    wait_for("their end", lambda: streams() == 0)
    dead, live = readers("dead", many // 10, ROWS, far.run), living("beside")
    far.cut()
    cut, beside = time.monotonic(), fan_out("beside", live)
    wait_for(f"the end of the dead within {DETECTED} s", lambda: streams() == 0, DETECTED)
    gone = time.monotonic() - cut
    dead.terminate()
    dead.wait(10)
    expect(gone <= DETECTED * SLOWER, f"the dead were there for {gone:.1f} s")
    expect(beside[0] <= alone[0] + MORE_MS * SLOWER, f"p99 {beside[0]} ms beside the dead, {alone[0]} ms without them")
print(f"{many} streams, a tenth dead: p99 {beside[0]:.1f} ms, last {beside[1]:.1f} ms; without dead ones {alone[0]:.1f} "
      f"and {alone[1]:.1f} ms; gone after {gone:.1f} s")
