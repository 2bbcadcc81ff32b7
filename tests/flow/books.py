# SPDX-License-Identifier: Apache-2.0
"""Writers that repeat with their key until they have an answer, and the books compared at the end."""
import secrets
import sqlite3
import threading
import time

from hub import Client, Stream, expect, report, wait_for

titles = lambda s: {e[2]["title"].get("ja") or e[2]["title"].get("en") for e in s.of("bulletin")}


class Books:
    def __init__(self, hub, writers=8):
        self.hub, self.acked, self.stop, self.lock, self.count = hub, {}, threading.Event(), threading.Lock(), writers
        self.wrong = None
        self.live = Stream(hub, "aozora-hp", again=True)
        self.threads = [threading.Thread(target=self.write, args=(i,), daemon=True) for i in range(writers)]
        for t in self.threads:
            t.start()

    def write(self, number):
        """Posts, and repeats with the same key until the hub says that it is stored."""
        client, n = Client(self.hub, "aozora-hp"), 0
        while not self.stop.is_set():
            n += 1
            key, title = {"Idempotency-Key": secrets.token_urlsafe(24)}, f"R{number}x{n}"
            while True:
                status, _, body = client.attempt("POST", "/v1/reports", report(title), headers=key)
                if status in (200, 201):
                    with self.lock:
                        self.acked.setdefault(title, set()).add(body["id"])
                    break
                if status not in (0, 503):
                    self.wrong = f"unexpected answer {status}: {body}"
                    return
                time.sleep(0.02)

    def progress(self, more=8):
        before = len(self.acked)
        wait_for("progress", lambda: len(self.acked) >= before + more, 30)

    def finish(self):
        """Stops the writers; both streams must have everything, in the stored order."""
        self.stop.set()
        for t in self.threads:
            t.join()
        expect(self.wrong is None, self.wrong)
        again = Stream(self.hub, "aozora-hp", "?cursor=earliest", again=True)
        for name, s in (("live stream", self.live), ("replay", again)):
            wait_for(f"the {name} to have everything", lambda s=s: titles(s) >= set(self.acked), 60)
        order, seen = [e[2]["id"] for e in again.of("bulletin")], []
        expect(len(order) == len(set(order)), "a bulletin stands twice in the replay")
        for e in self.live.of("bulletin"):
            if e[2]["id"] not in seen[-200:]:
                seen.append(e[2]["id"])
        expect(seen == order[: len(seen)], "the live order differs from the stored order")

    def compare(self):
        """After the hub has stopped: acknowledged is stored, once, without a gap."""
        for title, ids in self.acked.items():
            expect(len(ids) == 1, f"{title} was acknowledged as {len(ids)} reports")
        db = sqlite3.connect(self.hub.dir + "/keeper.db")
        stored = {r[0].hex() for r in db.execute("SELECT id FROM reports")}
        missing = [t for t, ids in self.acked.items() if not ids <= stored]
        expect(not missing, f"acknowledged and not stored: {missing[:3]}")
        expect(len(stored) <= len(self.acked) + self.count, f"{len(stored)} stored for {len(self.acked)} acknowledged")
        seqs = [r[0] for r in db.execute("SELECT seq FROM log ORDER BY seq")]
        expect(seqs == list(range(seqs[0], seqs[0] + len(seqs))), "the sequence has a gap")
        expect(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the database is damaged")
        return f"{len(self.acked)} acknowledged, {len(stored)} stored, no gap"
