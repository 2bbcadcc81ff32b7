# SPDX-License-Identifier: Apache-2.0
"""Eight exports, and everything that can be done to their log while the hub is stopped."""
import contextlib
import os
import sqlite3

from hub import Client, Hub, edit_vault, expect, report, wait_for

base = os.environ["TEST_TMP"]
copy = base + "/copy.db"
DROP = ["DROP TRIGGER exports_" + t for t in ("insert", "update", "delete")]
MOVE = ["UPDATE exports SET number = number + 10",
        "UPDATE exports SET number = CASE number WHEN 15 THEN 6 WHEN 16 THEN 5 ELSE number - 10 END"]

with Hub() as hub:
    log = lambda *more: hub.ctl("envelope", "log", *more)
    client = Client(hub, "aozora-hp")
    for n in range(8):
        i = client.post("/v1/reports", report(f"N{n}"))[2]["id"]
        expect(hub.ctl("envelope", "export", "--report", i, "--reason", f"order {n} of the court", "--out", f"{base}/e{n}")[0] == 0, "export")
    told = wait_for("all eight to be published", lambda: (t := client.get("/v1/transparency")[2]["envelope_exports"])["count"] == 8 and t)
    head = f"8:{told['head']}"
    expect(log("--published", head)[0] == 0, "the log as it is")

    edit_vault(hub, keep=copy)
    for sql in ("UPDATE exports SET minute = 1", "DELETE FROM exports WHERE number = 8", "INSERT OR REPLACE INTO exports SELECT * FROM exports"):
        with contextlib.closing(sqlite3.connect(copy)) as db:
            try:
                db.execute(sql)
                expect(False, "the triggers let it pass: " + sql)
            except sqlite3.DatabaseError as e:
                expect("append-only" in str(e), f"{sql}: {e}")
    for sql, found in ((["UPDATE exports SET reason = 'a better reason' WHERE number = 3"], "number 3: it was changed"),
                       (["UPDATE exports SET report_id = zeroblob(16) WHERE number = 8"], "number 8: it was changed"),
                       (["DELETE FROM exports WHERE number = 1"], "number 2: a row before it is gone"),
                       (MOVE, "number 5: it does not follow"),
                       (["DELETE FROM exports WHERE number = 8"], "published")):
        edit_vault(hub, *DROP, *sql, keep=copy)
        status, out = log("--published", head)
        expect(status == 1 and found in out, f"{sql}: {status} {out}")
        expect(log("--verify")[0] == (found != "published"), f"{sql}: --verify")
        with open(hub.dir + "/log/vault.log", encoding="utf-8") as f:
            said = f.read()
        expect(found == "published" or f"does not verify at number {found[7]}" in said, "the vault says nothing: " + said)
        hub.stop()
        os.replace(copy, hub.dir + "/vault.db")
        hub.start()
    expect(log("--published", head)[0] == 0, "the log as it was")
print("every change was found")
