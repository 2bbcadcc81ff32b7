# SPDX-License-Identifier: Apache-2.0
"""The hub is stopped under load; what was acknowledged is there when it runs again."""
import threading
import time

from hub import Client, Hub, Stream, expect, report, wait_for

acked, stop = set(), threading.Event()


def writer(hub, n):
    client, i = Client(hub, "aozora-hp"), 0
    while not stop.is_set():
        i += 1
        try:
            if client.post("/v1/reports", report(f"D{n}x{i}"))[0] == 201:
                acked.add(f"D{n}x{i}")
        except OSError:
            return


hub = Hub()
streams = [Stream(hub, "aozora-hp") for _ in range(150)] + [Stream(hub, "medical-desk", url="CEPTOAR_DESK_URL") for _ in range(50)]
threads = [threading.Thread(target=writer, args=(hub, n)) for n in range(4)]
for t in threads:
    t.start()
wait_for("some reports", lambda: len(acked) > 50)
began = time.monotonic()
hub.stop()
took = time.monotonic() - began
stop.set()
for t in threads:
    t.join()
expect(took < 5 * (4 if "SANITIZED" in __import__("os").environ else 1), f"the stop took {took:.1f} s")
wait_for("the streams to end", lambda: all(s.closed for s in streams))
bye = [s.of("bye") for s in streams]
expect(all(b and b[0][2]["reason"] == "drain" for b in bye), f"{sum(not b for b in bye)} streams got no bye")
with Hub() as hub:
    s = Stream(hub, "aozora-hp", "?cursor=earliest")
    got = wait_for("all after the restart", lambda: {e[2]["title"]["ja"] for e in s.of("bulletin")} >= acked)
print(f"stopped in {took:.1f} s with 200 streams at two fronts; {len(acked)} acknowledged reports are there")
