# SPDX-License-Identifier: Apache-2.0
"""EINTR is injected into the calls of three programs while reports are taken, delivered, acknowledged and read."""
import contextlib

from hub import Client, Hub, Stream, expect, report
from tracer import Tracer

CALLS = "read,write,readv,writev,recvmsg,sendmsg,recvfrom,sendto,pread64,pwrite64,epoll_wait,accept4"
REPORTS = 20

with Hub() as hub, contextlib.ExitStack() as stack:
    client, live = Client(hub, "aozora-hp"), Stream(hub, "hibari-hp")
    traced = [stack.enter_context(Tracer(hub.pids(p)[0], CALLS, "error=EINTR:when=3+3")) for p in ("front", "vault", "keeper")]
    for i in range(REPORTS):
        status, _, got = client.post("/v1/reports", report(f"I{i}"))
        expect(status == 201, f"I{i}: {status} {got}")
    seen = live.wait(REPORTS)
    acks = [{"id": e[2]["id"], "revision": 1, "status": "read"} for e in seen]
    expect(Client(hub, "hibari-hp").post("/v1/acks", {"acks": acks})[0] == 200, "acknowledgements")
    expect(len(Client(hub, "wakaba-hp").get("/v1/bulletins")[2]["bulletins"]) == REPORTS, "the list")
    Stream(hub, "hibari-hp", "?cursor=earliest").wait(REPORTS)
    expect([e[2]["title"]["ja"] for e in seen] == [f"I{i}" for i in range(REPORTS)], "lost, twice, or out of order")
    expect([hub.pids(p)[0] for p in ("front", "vault", "keeper")] == [t.pid for t in traced], "a program went away")
print(f"{REPORTS} reports with every third call interrupted in front, vault and keeper")
