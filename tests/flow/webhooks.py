# SPDX-License-Identifier: Apache-2.0
"""Reports are posted while courier and keeper are killed; every receiver has every bulletin in the end."""
import random
import sys
import time

from hooks import Hook, answer, hub_with, nobody_looks_up_names
from hub import Client, Stream, expect, open_case, report, wait_for

rounds = int(sys.argv[1])
dice = random.Random(11)
good, again, two, other = Hook(), Hook(), Hook(), Hook()
turn = []  # of a receiver that has trouble at first
again.says = lambda s: (turn.append(1), answer(503 if len(turn) in (1, 2, 4) else 204)(s))
two_contacts = [two.contact(), dict(other.contact(), webhook=two.contact()["webhook"] + "&second")]
hub = hub_with({"hibari-hp": good, "wakaba-hp": again, "komugi-clinic": two_contacts, "minatomirai-bank": other})
with hub:
    stream = Stream(hub, "hibari-hp", again=True)
    client, sent = Client(hub, "aozora-hp"), 0
    for i in range(rounds):
        for _ in range(3):
            sent += client.attempt("POST", "/v1/reports", report(f"件名 {sent}", 3))[0] == 201
        time.sleep(dice.random() * 0.2)
        hub.kill("courier" if i % 2 else "keeper")
    nobody_looks_up_names(hub)
    case, mine = open_case(client, "最後", 4)
    stream.wait(sent + 1, seconds=30)
    ids = {e[2]["id"] for e in stream.of("bulletin")}
    expect(len(ids) >= sent + 1, f"{len(ids)} bulletins of {sent + 1} reports")
    # Of komugi-clinic's two contacts each gets it; they are on one receiver.
    second = lambda: {b["id"] for b, h in [(x[0], y) for x, y in zip(two.bulletins(), list(two.got)) if "&second" in y[0]]}
    have = lambda hook: {b["id"] for b, h in hook.bulletins()}
    wait_for("all bulletins everywhere", lambda: have(good) >= ids and have(two) >= ids and second() >= ids, 40)
    wait_for("all results to be stored", lambda: hub.status()["courier"]["in_hand"] == 0 and have(again) >= ids
             and len(turn) >= len(ids) + 3, 40)
    for hook in (good, again, two):
        for line, head, body, _ in list(hook.got):
            expect(line.startswith("POST /in?x=1"), line)
            expect(hook.signed(head, body) or (hook is two and hook.signed(head, body, other.secret)), f"not signed: {head}")
            expect(abs(int(head["webhook-timestamp"]) - time.time()) < 300, "the timestamp")
            expect("accept-encoding" not in head and head["content-type"] == "application/json", f"{head}")
    # The same id for each try of one delivery, another one for each other.
    names = {}
    for b, head in again.bulletins():
        names.setdefault((b["id"], b["revision"]), set()).add(head["webhook-id"])
    expect(all(len(v) == 1 for v in names.values()) and len({min(v) for v in names.values()}) == len(names), f"{names}")
    shown = client.get("/v1/bulletins/" + good.bulletins()[-1][0]["id"])[2]
    expect(shown == good.bulletins()[-1][0], "another text than the hub's own")
    expect(not other.got, "the bank is in no audience")
    expect(client.post(case + "/withdraw", None, headers=mine)[0] == 200, "the last one is withdrawn")
    last = stream.wait(1, "cancel")[0][2]["id"]
    for hook in (good, again, two):
        wait_for("the correction", lambda: [b for b, _ in hook.bulletins() if b["id"] == last and b["revision"] == 2 and b["reason"]["code"] == "withdrawn"])
    state = hub.status()["courier"]
    expect(state["loopback_webhooks"] and state["addresses_refused"] == 0 and state["state"] == "running", f"{state}")
print(f"{rounds} kills, {len(ids)} bulletins, {len(good.got)}, {len(again.got)} and {len(two.got)} requests")
