# SPDX-License-Identifier: Apache-2.0
"""Backup under load, restore into another folder."""
import os
import shutil
import sqlite3

from books import Books, titles
from hub import Client, Hub, Stream, expect, wait_for

base = os.environ.get("TEST_TMP", "/tmp")


with Hub() as hub:
    books = Books(hub)
    books.progress(300)
    at_least = set(books.acked)
    status, text = hub.ctl("backup", hub.dir + "/backup")
    expect(status == 0 and "100 %" in text, f"{status} {text}")
    books.progress(50)
    books.finish()
    last = books.live.last_id
    for name in ("vault", "keeper"):
        db = sqlite3.connect(f"{hub.dir}/backup/{name}.db")
        expect(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", name)
        db.close()

# The certificates come along, the databases are the backup's, as on a second machine.
shutil.copytree(hub.dir, base + "/second", ignore=shutil.ignore_patterns("*.db*", "run", "log", "port", "ceptoard.pid"))
for name in ("vault", "keeper"):
    shutil.copy(f"{hub.dir}/backup/{name}.db", f"{base}/second/{name}.db")
with Hub(base + "/second") as second:
    old = Stream(second, "aozora-hp", "?cursor=" + last)
    wait_for("reset", lambda: old.of("reset"))
    wait_for("all of the backup", lambda: titles(old) >= at_least)
    expect(Client(second, "aozora-hp").get("/v1/events?wait=0&cursor=" + last)[0] == 410, "an old cursor in a long poll")
    expect(Client(second, "hibari-hp").get("/v1/me")[0] == 200, "members of the backup")
print("backup under load, restored elsewhere:", books.compare())
