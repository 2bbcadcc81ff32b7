# SPDX-License-Identifier: Apache-2.0
"""Hellos that come a byte a second, hundreds of them."""
import socket
import ssl
import time

from hub import SLOWER, Client, Hub, Stream, expect, report

SLOW = 200


def hello():  # a client's first flight, as OpenSSL writes it
    out = ssl.MemoryBIO()
    obj = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="localhost")
    try:
        obj.do_handshake()
    except ssl.SSLWantReadError:
        return out.read()


with Hub() as hub:
    live, client, bytes_ = Stream(hub, "hibari-hp"), Client(hub, "aozora-hp"), hello()
    began = time.monotonic()
    crowd = {socket.create_connection(hub.address(), 10): None for _ in range(SLOW)}
    worst, i = 0.0, 0
    while not all(crowd.values()) and time.monotonic() - began < 10 * SLOWER:
        for s in [s for s, end in crowd.items() if end is None]:
            s.setblocking(False)
            try:
                s.send(bytes_[i : i + 1])
                gone = s.recv(1) == b""
            except OSError as e:
                gone = not isinstance(e, BlockingIOError)
            crowd[s] = time.monotonic() - began if gone else None
        i, start = i + 1, time.monotonic()
        expect(Client(hub, "wakaba-hp").get("/v1/me")[0] == 200, "a new connection meanwhile")
        expect(client.post("/v1/reports", report(f"S{i}"))[0] == 201, "a report meanwhile")
        live.wait(i)
        worst = max(worst, time.monotonic() - start)
        time.sleep(max(0, 1 - (time.monotonic() - start)))
    expect(all(crowd.values()) and 4 < min(crowd.values()), f"ended after {min(e or 99 for e in crowd.values())}, or not at all")
    expect(max(crowd.values()) < 7 * SLOWER and worst < 0.5 * SLOWER, f"{max(crowd.values()):.1f} s, others waited {worst:.2f} s")
print(f"{SLOW} trickled handshakes: others waited {worst * 1000:.0f} ms at most")
