# SPDX-License-Identifier: Apache-2.0
"""The log of exports: checked row by row by other means than the hub's, then tampered with."""
import contextlib
import datetime
import hashlib
import json
import os
import sqlite3

from hub import Client, Hub, edit_vault, expect, report, wait_for

base = os.environ["TEST_TMP"]
DROP = ["DROP TRIGGER exports_" + t for t in ("insert", "update", "delete")]

with Hub() as hub:
    def ctl(*args, status=0, text=""):
        got, out = hub.ctl(*args)
        expect(got == status and text in out, f"{args}: {got} {out}")
        return out

    client = Client(hub, "aozora-hp")
    published = lambda: client.get("/v1/transparency")[2]["envelope_exports"]
    export = lambda i, name, reason, **kw: ctl("envelope", "export", "--report", i, "--reason", reason, "--out", base + name, **kw)
    ids = [client.post("/v1/reports", report(f"N{n}"))[2]["id"] for n in range(8)]
    # Nothing leaves without a reason, and nothing is noted when nothing leaves.
    for i, name, reason, status in ((ids[0], "/x", "too short", 2), (ids[0], "/x", "a reason\x1b[2J that hides", 2),
                                    (ids[0], "/x", "理" * 171, 2), ("0" * 32, "/x", "no such report", 1), (ids[0], "/hub.log", "no room for it", 1)):
        export(i, name, reason, status=status)
    expect(published() == {"count": 0, "head": "0" * 64} and not os.path.exists(base + "/x"), f"{published()}")
    for n, i in enumerate(ids):  # more than one page of the log
        export(i, f"/e{n}", f"裁判所の命令 第{n}号")
    expect(open(base + "/e0", "rb").read(2) == b"\x30\x82" and os.stat(base + "/e0").st_mode & 0o777 == 0o600, "the envelope's file")

    prev = bytes(32)
    rows = json.loads(hub.ctl("--json", "envelope", "log")[1])["exports"]
    for n, (row, i) in enumerate(zip(rows, ids), 1):
        minute = int(datetime.datetime.fromisoformat(row["at"].replace("Z", "+00:00")).timestamp()) // 60
        prev = hashlib.sha256(prev + n.to_bytes(8, "little") + minute.to_bytes(4, "little") + bytes.fromhex(i) + row["reason"].encode()).digest()
        expect((row["number"], row["report"], row["sum"]) == (n, i, prev.hex()), f"{row}")
    wait_for("the count to be published", lambda: published() == {"count": 8, "head": prev.hex()})
    told = client.get("/v1/transparency")[2]
    expect(told["envelope_days"] == 180 and Client(hub, "kenkyu-observer").get("/v1/transparency")[2] == told, f"{told}")
    head = f"8:{prev.hex()}"
    ctl("envelope", "log", "--verify", text="the log verifies")
    for text, status in ((head, 0), ("0:" + "0" * 64, 0), (f"3:{rows[2]['sum']}", 0), (f"3:{rows[3]['sum']}", 1), ("9:" + "0" * 64, 1), ("8", 2)):
        ctl("envelope", "log", "--published", text, status=status)

    # The database itself refuses the plain way.
    copy = base + "/copy.db"
    for sql in ("UPDATE exports SET minute = 1", "DELETE FROM exports WHERE number = 8", "INSERT OR REPLACE INTO exports SELECT * FROM exports"):
        edit_vault(hub, keep=copy)
        with contextlib.closing(sqlite3.connect(copy)) as db:
            try:
                db.execute(sql)
                expect(False, "the triggers let it pass: " + sql)
            except sqlite3.DatabaseError as e:
                expect("append-only" in str(e), f"{sql}: {e}")
    # Whoever goes round it is found, and the vault says so when it starts.
    for sql, found in (("UPDATE exports SET reason = 'a better reason' WHERE number = 3", "number 3: it was changed"),
                       ("UPDATE exports SET report_id = zeroblob(16) WHERE number = 8", "number 8: it was changed"),
                       ("DELETE FROM exports WHERE number = 1", "number 2: a row before it is gone"),
                       ("UPDATE exports SET number = CASE number WHEN 15 THEN 6 WHEN 16 THEN 5 ELSE number - 10 END", "number 5: it does not follow"),
                       ("DELETE FROM exports WHERE number = 8", "published")):
        edit_vault(hub, *DROP, *(["UPDATE exports SET number = number + 10"] if "CASE" in sql else []), sql, keep=copy)
        ctl("envelope", "log", "--published", head, status=1, text=found)
        log = open(hub.dir + "/log/vault.log", encoding="utf-8").read()
        expect(found == "published" or f"does not verify at number {found[7]}" in log, "the vault says nothing: " + log)
        hub.stop()
        os.replace(copy, hub.dir + "/vault.db")
        hub.start()
    ctl("envelope", "log", "--published", head)
print("eight exports verified, every change found")
