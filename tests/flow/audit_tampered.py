# SPDX-License-Identifier: Apache-2.0
"""Somebody with the disk edits the audit log: every way is found, and the row is named."""
import contextlib
import os
import shutil
import sqlite3
import subprocess

from hub import BUILD, Client, Hub, expect, replace

CHECKPOINT, COPY, BACKUP = (os.environ["TEST_TMP"] + f for f in ("/checkpoint", "/copy.db", "/hub/backup"))
with Hub() as hub:
    for who in ("centre", "medical-desk", "bank-desk") * 3:
        expect(Client(hub, who).get("/v1/inbox")[0] == 200, "a row")
    replace(CHECKPOINT, hub.ctl("audit", "checkpoint")[1].encode())
    expect(hub.ctl("audit", "verify", "--live", "--checkpoint", CHECKPOINT)[0] == 0, "it verifies")
    used = hub.ctl("audit", "verify", hub.dir + "/keeper.db")
    expect(used[0] == 1 and "in use" in used[1], f"a file in use: {used}")
    expect(hub.ctl("backup", BACKUP)[0] == 0, "backup")
    expect(Client(hub, "centre").get("/v1/inbox")[0] == 200, "one more row, which is signed at the end")


def verify(*more):
    r = subprocess.run([BUILD + "/ceptoarctl", "audit", "verify", COPY, *more], capture_output=True, text=True, check=False)
    return r.returncode, r.stdout + r.stderr


def edited(*sql):
    """A copy in which the triggers are gone, and these are done."""
    shutil.copy(hub.dir + "/keeper.db", COPY)
    with contextlib.closing(sqlite3.connect(COPY, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for s in ("PRAGMA ignore_check_constraints = 1", *sql):
            db.execute(s)


again = "INTO audit SELECT {}, minute, person, receiver, 'x', ref, detail, prev, sum FROM audit WHERE number = 3"
with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db", isolation_level=None)) as db:
    for sql in ("UPDATE audit SET action = 'x' WHERE number = 3", "DELETE FROM audit WHERE number = 3", "DELETE FROM audit WHERE number = 10", "DELETE FROM audit_points",
                "INSERT OR REPLACE " + again.format(3), "INSERT " + again.format(12), "UPDATE audit_points SET minute = 1"):
        with contextlib.suppress(sqlite3.IntegrityError):
            expect(db.execute(sql) is None, f"it was done: {sql}")
edited()
expect(verify()[0] == 0 and verify("--checkpoint", CHECKPOINT)[0] == 0, f"as it is: {verify()}")
with contextlib.closing(sqlite3.connect(shutil.copy(BACKUP + "/keeper.db", COPY))) as db:
    expect(db.execute("SELECT count(*) FROM audit_private").fetchone() == (0,) and verify()[0] == 0, "a backup can sign, or does not verify")
cut, points = (f"DELETE FROM {t} WHERE number > 8" for t in ("audit", "audit_points"))
for want, *sql in (("row 3 was changed", "UPDATE audit SET action = 'x' WHERE number = 3"), ("row 5 was changed", "UPDATE audit SET person = zeroblob(16) WHERE number = 5"),
                   ("row 4 is missing", "DELETE FROM audit WHERE number = 4"), ("row 1 is missing", "DELETE FROM audit WHERE number = 1"), ("row 9 is missing", cut),
                   ("row 4 was changed", "UPDATE audit SET number = -1 * number WHERE number IN (4, 5)", "UPDATE audit SET number = 9 + number WHERE number < 0"),
                   ("not the hub's", "UPDATE audit_points SET minute = minute + 1"), ("not the hub's", "DELETE FROM audit_private", "DELETE FROM audit_keys")):
    edited(*sql)
    expect(verify()[0] == 1 and want in verify()[1], f"{sql}: {verify()}, not {want}")
# Who cuts off the end with its signatures is found by one that was kept elsewhere.
edited(cut, points)
code, said = verify("--checkpoint", CHECKPOINT)
expect(verify()[0] == 0 and code == 1 and "row 9 is missing" in said, f"the end was cut off: {verify()} {said}")
print("every edit of the audit log was found")
