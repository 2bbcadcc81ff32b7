# SPDX-License-Identifier: Apache-2.0
"""A receiver that ends the courier, and the keeper, around its answer; then it replays what it got to every endpoint."""
import contextlib
import os
import re
import sqlite3
from signal import SIGKILL, SIGSTOP

import yaml

from hooks import Hook, answer, deliveries, hub_with
from hub import ROOT, SLOWER, Client, expect, report, wait_for

hook = Hook()
one = lambda name, sig: os.kill(hub.pids(name)[0], sig)
before = lambda _: one("courier", SIGKILL)  # it has the bulletin and has not answered


def unread(s):
    """It has answered, which the courier never learns."""
    one("courier", SIGSTOP)
    answer(204)(s)
    one("courier", SIGKILL)


def unstored(s):
    """The courier knows it, and has told the keeper, which never wakes up to read it."""
    one("keeper", SIGSTOP)
    answer(204)(s)
    with contextlib.suppress(OSError):
        s.recv(1)  # the courier hangs up when it has read the answer
    one("courier", SIGKILL)
    one("keeper", SIGKILL)


with hub_with({"hibari-hp": hook}, lease="60s") as hub:
    client = Client(hub, "aozora-hp")
    for n, end in enumerate((before, unread, unstored), 1):
        hook.says = lambda s, end=end: (setattr(hook, "says", answer(204)), end(s))
        expect(client.post("/v1/reports", report(f"件 {n}", 3))[0] == 201, "refused")
        wait_for(f"it to come again after {n}", lambda n=n: len(hook.got) == 2 * n)
        (_, head, body, at), (_, again, same, later) = hook.got[-2:]
        expect(head["webhook-id"] == again["webhook-id"] and body == same and later - at < 10 * SLOWER, f"{n}: {head} {again}")
        expect(hook.signed(head, body) and hook.signed(again, same), "signed")
        wait_for("the keeper", lambda: client.attempt("GET", "/v1/bulletins")[0] == 200 and hub.status()["courier"]["in_hand"] == 0)
    expect(len({h["webhook-id"] for _, h, _, _ in hook.got}) == 3, "three bulletins have three ids")
    with open(ROOT + "/proto/openapi.yaml", encoding="utf-8") as f:
        paths = [p for p, verbs in yaml.safe_load(f)["paths"].items() if "post" in verbs] + ["/a/" + "A" * 22]
    back = {h: v for h, v in head.items() if h.startswith("webhook-")}
    for who, door in (("hibari-hp", "CEPTOAR_URL"), ("hibari-hp", "CEPTOAR_DESK_URL"), (None, "CEPTOAR_URL"), (None, "CEPTOAR_BLIND_URL"), (None, "CEPTOAR_ANSWERS_URL")):
        receiver = Client(hub, who, door)
        for path in paths:
            status = receiver.attempt("POST", re.sub(r"{\w+}", hook.bulletins()[-1][0]["id"], path), body, headers=back)[0]
            expect(status == 0 or status >= 400, f"{who} at {door}: {path} answers {status}")
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db")) as db:
    left = [db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("reports", "bulletins", "acks", "questions", "drafts")]
expect(left == [3, 3, 0, 0, 0], f"a replay has left something: {left}")
rows = [r for all_of in deliveries(hub).values() for r in all_of if r[0] == 2]
expect(len(rows) == 3 and all(r[1:] == (3, 2, "") for r in rows), f"each one delivery, sent at its second try: {rows}")
print(f"{len(hook.got)} requests of 3 bulletins; {5 * len(paths)} replays")
