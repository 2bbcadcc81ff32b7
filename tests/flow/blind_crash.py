# SPDX-License-Identifier: Apache-2.0
"""A token and its report across kill -9 of the keeper; the case of a blind report; the vault away."""
import os
import secrets
import signal
import threading
import time

from drawn import MEMBERS, draw, send, text
from hub import Blind, Client, Hub, case_secret, expect, wait_for


def titles(hub):
    return [i["report"]["title"]["ja"] for i in Client(hub, "bank-desk").get("/v1/inbox?limit=500")[2]["items"]]


def check_crashes(hub, take):
    """The token and its report are both there after kill -9, or neither."""
    for i in range(6):
        token, title = take(), f"途中で {i}"
        t = threading.Thread(target=lambda: send(Blind(hub), token, text(title)))
        t.start()
        time.sleep(secrets.randbelow(12) / 1000)
        hub.kill("keeper")
        t.join()
        last = wait_for("the keeper", lambda: (lambda a: a if a[0] in (201, 409) else None)(send(Blind(hub), token, text(title))))
        expect(last[0] == 201 or last[1] == "token_spent", f"{last}")
        expect(titles(hub).count(title) == 1, f"{last[0]}, and in the inbox {titles(hub).count(title)} times")


def check_case(hub, take):
    secret, commitment = case_secret()
    auth, key, token = {"Authorization": "Case " + secret}, {"Idempotency-Key": secrets.token_urlsafe(24)}, take()
    status, receipt = send(Blind(hub), token, text("続く", case_commitment=commitment), **key)
    expect(status == 201, f"{status} {receipt}")
    expect(send(Blind(hub), token, text("続く", case_commitment=commitment), **key) == (200, receipt), "a retry is no second use")
    case, blind = "/v1/cases/" + receipt["case"], Blind(hub)
    expect(blind.get(case, headers=auth)[2]["state"] == "received", "the state")
    expect(blind.post(case + "/reports", text("続報"), headers=auth)[0] == 201, "a follow-up needs no token")
    expect(blind.get(case, headers={"Authorization": "Case " + case_secret()[0]})[0] == 404, "another secret")
    expect(blind.post(case + "/withdraw", {}, headers=auth)[2]["state"] == "withdrawn", "withdrawn")


with Hub() as hub:
    tokens = [t for m in MEMBERS for t in draw(hub, m)]
    wait_for("five to be known", lambda: send(Blind(hub), tokens[0], text())[0] == 201)
    check_case(hub, tokens.pop)
    check_crashes(hub, tokens.pop)
    # With the vault away, whoever holds a token can use it.
    vault = hub.pids("vault")[0]
    os.kill(vault, signal.SIGSTOP)
    expect(send(Blind(hub), tokens.pop(), text())[0] == 201, "the vault does not answer")
    os.kill(vault, signal.SIGCONT)
print("both or neither across 6 crashes, the same answer to a retry, and the case goes on")
