# SPDX-License-Identifier: Apache-2.0
"""The rows of a stream by long poll; cursors that are none; a stream that asks for less."""
import threading
import time

from hub import Client, Hub, Stream, expect, report

with Hub() as hub:
    client, reader = Client(hub, "aozora-hp"), Client(hub, "aozora-hp")
    post = lambda t, level=3: expect(client.post("/v1/reports", report(t, level))[0] == 201, t)
    for i in range(5):
        post(f"N{i}")
    for bad, status, code in (("x", 400, "cursor_invalid"), ("A" * 22, 400, "cursor_invalid"), ("%00", 400, None)):
        got = reader.get("/v1/events?wait=0&cursor=" + bad)
        expect(got[0] == status and (code is None or got[2]["code"] == code), f"{bad}: {got[0]} {got[2]}")
    page = reader.get("/v1/events?cursor=earliest&wait=0")[2]
    expect([e["data"]["title"]["ja"] for e in page["events"] if e["event"] == "bulletin"] == [f"N{i}" for i in range(5)], "long poll")
    answer = []
    waiting = threading.Thread(target=lambda: answer.append(reader.get(f"/v1/events?cursor={page['cursor']}&wait=20", seconds=30)))
    waiting.start()
    time.sleep(0.3)
    began = time.monotonic()
    post("W")
    waiting.join()
    expect([e["data"]["title"]["ja"] for e in answer[0][2]["events"]] == ["W"] and time.monotonic() - began < 2, "a long poll wakes")
    post("E")
    quick = Stream(hub, "aozora-hp", "?min_severity=4&cursor=earliest")
    quick.wait(1, "sync")
    expect(not quick.of("bulletin"), "min_severity narrows a stream")

print("long poll, bad cursors, a narrower stream")
