# SPDX-License-Identifier: Apache-2.0
"""The wish stands in the members file; the keeper hears of it from the vault, later than from the front."""
import os
import signal
import time

from hub import Client, Hub, Stream, expect, report, wait_for

with Hub() as hub:
    open_one = Stream(hub, "hikari-power", again=True)
    vault, keeper = hub.pids("vault")[0], hub.pids("keeper")[0]
    os.kill(vault, signal.SIGSTOP)
    try:
        os.kill(keeper, signal.SIGKILL)
        wait_for("another keeper", lambda: hub.pids("keeper") not in ([], [keeper]))
        time.sleep(1)  # the front asks the new keeper for the wishes of open streams
    finally:
        os.kill(vault, signal.SIGCONT)
    sender, other = Client(hub, "aozora-hp"), Client(hub, "himawari-card")
    made = wait_for("a report to be taken", lambda: (lambda a: a[2] if a[0] == 201 else None)(
        sender.attempt("POST", "/v1/reports", report("T", 4, "cross_sector"))))
    got = open_one.wait(1)
    path = "/v1/bulletins/" + made["bulletin"]["id"]
    expect(got[0][2]["id"] == made["bulletin"]["id"], "another bulletin")
    # Who has not asked for other sectors' is not in the audience, whichever way it looks.
    expect(Client(hub, "hikari-power").get(path)[0] == 200, "the subscriber reads it")
    expect(other.get(path)[0] == 404 and other.get("/v1/bulletins")[2]["bulletins"] == [], "no subscriber")
    ack = {"acks": [{"id": made["bulletin"]["id"], "status": "read"}]}
    expect(other.post("/v1/acks", ack)[0] == 404, "acknowledged by who never had it")
    expect(other.request("PUT", "/v1/subscription", {"cross_sector": 4})[0] == 200, "subscribe")
    expect(other.get(path)[0] == 200 and other.post("/v1/acks", ack)[0] == 200, "a subscriber from now on")
print("the subscription of the members file holds from the first row on")
