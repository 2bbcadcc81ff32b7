# SPDX-License-Identifier: Apache-2.0
"""Writers post without pause while the keeper is killed; the books are compared afterwards."""
import os
import random
import secrets
import sqlite3
import sys
import threading
import time

from hub import Client, Hub, Stream, expect, report, wait_for

rounds = int(sys.argv[1])
seed = int(os.environ.get("SEED", "7"))
print("seed", seed, "rounds", rounds)
dice = random.Random(seed)
acked, stop, lock = {}, threading.Event(), threading.Lock()


def writer(hub, number):
    """Posts, and repeats with the same key until the hub says that it is stored."""
    client, n = Client(hub, "aozora-hp"), 0
    while not stop.is_set():
        n += 1
        key, title = secrets.token_urlsafe(24), f"R{number}x{n}"
        while True:
            try:
                status, _, body = client.post("/v1/reports", report(title), headers={"Idempotency-Key": key})
            except OSError:
                status, body = 0, None
            if status in (200, 201):
                with lock:
                    acked.setdefault(title, set()).add(body["id"])
                break
            expect(status in (0, 503), f"unexpected answer {status}: {body}")
            time.sleep(0.02)


with Hub() as hub:
    live = Stream(hub, "aozora-hp", again=True)
    threads = [threading.Thread(target=writer, args=(hub, i)) for i in range(8)]
    for t in threads:
        t.start()
    for i in range(rounds):
        before = len(acked)
        wait_for("progress", lambda: len(acked) >= before + 8, 30)
        time.sleep(dice.random() * 0.05)
        hub.kill("keeper")
    stop.set()
    for t in threads:
        t.join()
    titles = lambda s: {e[2]["title"].get("ja") or e[2]["title"].get("en") for e in s.of("bulletin")}
    wait_for("the live stream to have everything", lambda: titles(live) >= set(acked), 60)
    again = Stream(hub, "aozora-hp", "?cursor=earliest")
    wait_for("the replay to have everything", lambda: titles(again) >= set(acked), 60)
    order = [e[2]["id"] for e in again.of("bulletin")]
    expect(len(order) == len(set(order)), "a bulletin stands twice in the replay")
    seen = []
    for e in live.of("bulletin"):
        if e[2]["id"] not in seen[-200:]:
            seen.append(e[2]["id"])
    expect(seen == order[: len(seen)], "the live order differs from the stored order")

for title, ids in acked.items():
    expect(len(ids) == 1, f"{title} was acknowledged as {len(ids)} reports")
db = sqlite3.connect(hub.dir + "/keeper.db")
stored = {r[0].hex() for r in db.execute("SELECT id FROM reports")}
missing = [t for t, ids in acked.items() if not ids <= stored]
expect(not missing, f"acknowledged and not stored: {missing[:3]}")
seqs = [r[0] for r in db.execute("SELECT seq FROM log ORDER BY seq")]
expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), "the sequence has a gap")
reports = db.execute("SELECT count(*) FROM reports").fetchone()[0]
expect(reports <= len(acked) + 8, f"{reports} reports stored for {len(acked)} acknowledged and 8 under way")
print(f"{rounds} kills, {len(acked)} acknowledged, {reports} stored, {len(order)} bulletins, no gap")
