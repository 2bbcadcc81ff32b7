# SPDX-License-Identifier: Apache-2.0
"""Front, vault and keeper are killed in turn; a report posted before, while and after arrives."""
import os
import secrets
import signal
import time

from hub import Client, Hub, Stream, expect, report, wait_for


def post(client, title, key):
    """One try: (status, body), status 0 when the connection broke."""
    try:
        status, _, body = client.post("/v1/reports", report(title), headers={"Idempotency-Key": key})
        return status, body
    except OSError:
        return 0, None


def stored(client, title):
    key = secrets.token_urlsafe(24)
    answer = wait_for(title, lambda: (lambda a: a if a[0] in (200, 201) else None)(post(client, title, key)), 30)
    return answer[1]["id"]


with Hub() as hub:
    client, stream = Client(hub, "aozora-hp"), Stream(hub, "aozora-hp", again=True)
    want = []
    for program in ("front", "vault", "keeper"):
        want.append(f"before {program}")
        stored(client, want[-1])
        # Stopped, not killed: what is asked meanwhile must be refused, not lost or hung.
        pid = hub.pids(program)[0]
        if program != "front":
            os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            status, _ = post(client, f"while {program} is away", secrets.token_urlsafe(24))
            expect(status == 503, f"{program} away: {status} instead of 503")
            expect(time.monotonic() - began < 15, f"{program} away: the refusal took too long")
            os.kill(pid, signal.SIGCONT)
        hub.kill(program)
        want.append(f"after {program}")
        stored(client, want[-1])
        got = wait_for(f"bulletins after {program}", lambda: {e[2]["title"]["ja"] for e in stream.of("bulletin")} >= set(want))
    ids = [e[2]["id"] for e in stream.of("bulletin") if e[2]["title"]["ja"] in want]
    expect(len(set(ids)) == len(want), "a bulletin was lost or made twice")
print("front, vault and keeper killed in turn:", len(want), "reports, all delivered")
