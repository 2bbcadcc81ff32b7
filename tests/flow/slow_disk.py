# SPDX-License-Identifier: Apache-2.0
"""Each fdatasync of the keeper is held up for three seconds; the front's clock is moved to a heartbeat meanwhile."""
import os
import threading
import time

from hub import BUILD, SLOWER, Client, Hub, Stream, expect, replace, report, wait_for
from tracer import Tracer

HELD = 3.0
clock = os.path.join(os.environ.get("TEST_TMP", "/tmp"), "clock")
at = lambda seconds: replace(clock, str(seconds).encode())
at(0)


class Quiet:
    """A stream that hears nothing but heartbeats."""

    def __init__(self, hub):
        self.sock = hub.connect("hibari-hp")
        self.sock.sendall(b"GET /v1/stream?min_severity=4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.got, self.when = b"", None
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while (more := self.sock.recv(65536)):
            self.got += more
            if b"\n:\n" in self.got and self.when is None:
                self.when = time.monotonic()


with Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": clock}) as hub:
    client, live, answer = Client(hub, "aozora-hp"), Stream(hub, "hibari-hp"), []
    expect(client.post("/v1/reports", report("前"))[0] == 201, "a first report")
    live.wait(1)
    quiet = Quiet(hub)
    wait_for("hello", lambda: b"event: hello" in quiet.got)
    at(14)
    # The write-ahead log has its head: the only sync that the next report waits for is its own commit's.
    expect(client.post("/v1/reports", report("静", 1, "none"))[0] == 201, "a report for nobody")
    tracer = Tracer(hub.pids("keeper")[0], "fdatasync", f"delay_enter={int(HELD * 1e6)}")
    began = time.monotonic()
    post = threading.Thread(target=lambda: answer.append((client.post("/v1/reports", report("遅"))[0], time.monotonic())))
    post.start()
    time.sleep(0.5)  # the report is in the sync now, or on its way to it
    replay = Stream(hub, "hibari-hp", "?cursor=earliest")
    replay.wait(1, seconds=2)
    at(16)
    wait_for("a heartbeat", lambda: quiet.when, 2)
    expect(time.monotonic() - began < HELD and not answer, "acknowledged before the sync, or what went on had to wait for it")
    expect(len(live.of("bulletin")) == 1, "a row was out before its commit")
    post.join()
    expect(answer[0][0] == 201 and answer[0][1] - began >= HELD, f"the acknowledgement did not wait for the disk: {answer}")
    came = live.wait(2)[1][3]
    tracer.stop()
    expect(abs(came - answer[0][1]) < 1.0 * SLOWER, f"the row came {came - answer[0][1]:.2f} s after its acknowledgement")
print(f"acknowledged after {answer[0][1] - began:.1f} s, delivered {1000 * (came - answer[0][1]):.0f} ms later; heartbeat and replay meanwhile")
