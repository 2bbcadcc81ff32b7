# SPDX-License-Identifier: Apache-2.0
"""Too many connections, from one address and in all, and too many a second."""
import socket
import time

from hub import Client, Hub, Stream, expect, report, wait_for


def knock(hub, source="127.0.0.1", seconds=0.3):
    s = socket.create_connection(hub.address(), 10, (source, 0))
    s.settimeout(seconds)
    try:
        return s if s.recv(1) else None
    except OSError as e:
        return s if isinstance(e, TimeoutError) else None


with Hub() as hub:
    live, client = Stream(hub, "hibari-hp"), Client(hub, "aozora-hp")
    expect(client.get("/v1/me")[0] == 200, "before")
    there = lambda: hub.status()["front-admin-1"]["connections"]
    hub.reload("limits", connections_per_address=there() + 4)
    kept = [knock(hub) for _ in range(8)]
    expect([k is not None for k in kept] == [True] * 4 + [False] * 4, f"connections of an address: {kept}")
    expect(knock(hub, "127.0.0.2") is not None, "another address is held up by the first")
    for k in kept[:4]:
        k.close()
    wait_for("room for new ones", lambda: knock(hub) is not None)

    most = there() + 3
    hub.reload("limits", connections_per_address=0, connections=most)
    kept = [knock(hub) for _ in range(8)]
    expect(all(kept) and there() <= most, "more than the cap, or hung up on: the rest waits in the kernel's queue")
    expect(client.attempt("POST", "/v1/reports", report("後"))[0] == 201, "who is there is held up")
    live.wait(1)
    for k in kept:
        k.close()
    hub.reload("limits", connections=0, handshakes_per_second=5, handshakes_per_address=0)
    start = time.monotonic()
    expect([Client(hub, "wakaba-hp").get("/v1/me")[0] for _ in range(15)] == [200] * 15, "above the rate one waits")
    expect(time.monotonic() - start > 1.5, f"15 handshakes in {time.monotonic() - start:.1f} s at 5 a second")
    expect(not live.closed and not live.of("bye"), "the stream ended")
print("three limits of connections")
