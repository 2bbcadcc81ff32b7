# SPDX-License-Identifier: Apache-2.0
"""Slow and greedy senders: every one of them is ended, and nobody else notices."""
import time
from concurrent.futures import ThreadPoolExecutor

import framing
import hub
from hub import SLOWER, expect
HOST = "Host: localhost\r\n"
POST = f"POST /v1/acks HTTP/1.1\r\n{HOST}Content-Type: application/json\r\n"
# Name, what comes at once, what comes again every half second, and the seconds allowed.
SLOW = [
    ("line", "GET /", "a", 10),
    ("header", f"GET /v1/me HTTP/1.1\r\n{HOST}X-Slow: ", "a", 10),
    ("headers", f"GET /v1/me HTTP/1.1\r\n{HOST}", "a: b\r\n", 10),
    ("body", POST + "Content-Length: 100000\r\n\r\n[", " ", 30),
    ("chunks", POST + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n", 30)]


def slow(h, name, first, again, seconds):
    with h.connect("aozora-hp") as conn:
        start, answer = time.monotonic(), framing.Answer(conn)
        framing.send(conn, first.encode())
        while not answer.closed and not answer.data and time.monotonic() - start < seconds + 5 * SLOWER:
            framing.send(conn, again.encode())
            answer.more(0.5)
        took, got = time.monotonic() - start, answer.next(2 * SLOWER)
        expect(3 < took < seconds + 3 * SLOWER, f"slow {name}: ended after {took:.1f} s instead of {seconds}")
        expect(got is not None and got[0] == 408, f"slow {name}: {got} instead of 408")
        expect(answer.ends(5 * SLOWER), f"slow {name}: stays open")


def greedy(h):
    """Bytes on an open stream: borne to 1 KiB, then the end."""
    with h.connect("aozora-hp") as conn:
        framing.send(conn, f"GET /v1/stream HTTP/1.1\r\n{HOST}\r\n".encode())
        answer, end = framing.Answer(conn), time.monotonic() + 10 * SLOWER
        while b"event: hello" not in answer.data and time.monotonic() < end:
            answer.more(1)
        expect(b"event: hello" in answer.data, "no hello on the stream")
        framing.send(conn, b"x" * 1000)
        answer.more(1)
        expect(not answer.closed, "closed at 1,000 bytes")
        framing.send(conn, b"x" * 100)
        while not answer.closed and time.monotonic() < end:
            answer.more(1)
        expect(answer.closed, "the stream bears more than 1 KiB from its reader")


with hub.Hub() as h, ThreadPoolExecutor(len(SLOW) + 1) as pool:
    jobs = [pool.submit(slow, h, *one) for one in SLOW] + [pool.submit(greedy, h)]
    me, worst = hub.Client(h, "aozora-hp"), 0.0
    while not all(j.done() for j in jobs):
        start = time.monotonic()
        expect(me.get("/v1/me")[0] == 200, "others are not served meanwhile")
        worst = max(worst, time.monotonic() - start)
        time.sleep(0.2)
    _ = [j.result() for j in jobs]
    expect(worst < 1 * SLOWER, f"another request took {worst:.2f} s meanwhile")
print("slow lines, headers, bodies and chunks end in time")
