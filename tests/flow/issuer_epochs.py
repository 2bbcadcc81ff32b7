# SPDX-License-Identifier: Apache-2.0
"""Epochs of an hour pass by the clock of the test build."""
import base64
import contextlib
import os
import secrets
import shutil
import sqlite3
import time

from hub import BUILD, SLOWER, Client, Hub, expect, replace, wait_for

HOUR = 3600
tmp = os.environ.get("TEST_TMP", "/tmp")
clock = os.path.join(tmp, "clock")
at = lambda seconds: replace(clock, str(seconds).encode())
element = lambda: base64.urlsafe_b64encode(b"\1" + secrets.token_bytes(383)).decode()
replace(tmp + "/over.conf", b"[tokens]\nepoch = 1h\nbatch = 3\n")
at(HOUR - int(time.time()) % HOUR + 60)  # early in an hour
start = int(open(clock, encoding="utf-8").read())


def tokens():
    return Client(hub, "medical-desk").get("/v1/tokens")[2]


def keys(state):
    return {k["group"]: k for k in tokens()["keys"] if k["state"] == state}


def ids(some):
    return {k["key_id"] for k in some.values()}


def draw(epoch, elements):
    body = {"group": "public-services", "epoch": epoch, "blinded": elements}
    return Client(hub, "aozora-hp").post("/v1/tokens", body)


def whole(state, last=None):
    """All groups have a key of this state, and the council has signed another statement."""
    def check():
        now = tokens()
        return len(keys(state)) == 5 and now["statement"] not in (None, last) and now
    return wait_for("keys and statement", check, 300)


def ask(path, sql):
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(sql).fetchall()[0][0]


hub = Hub(build=BUILD + "/tc", conf=tmp + "/over.conf", env={"CEPTOAR_TEST_CLOCK": clock})
with hub:
    first = whole("coming")
    epoch, coming, mine = first["epoch"], keys("coming"), [element() for _ in range(3)]
    expect(draw(epoch, mine)[0] == 200, "a batch")
    at(start + HOUR)
    wait_for("the next epoch", lambda: tokens()["epoch"] == epoch + 1)
    current, grace = keys("current"), keys("grace")
    expect(ids(current) == ids(coming), "the keys made ahead")
    expect(grace["public-services"]["drawn"] == 1, f"who drew is still counted: {grace}")
    status, _, answer = draw(epoch, mine)
    expect(status == 422 and answer["pointer"] == "/epoch", f"{status} {answer}")
    got = draw(epoch + 1, mine)
    expect(got[0] == 200, f"{got}")
    at(0)
    time.sleep(2.5 * SLOWER)
    expect(tokens()["epoch"] == epoch + 1, "an epoch went backwards")
    hub.kill("vault")
    wait_for("the vault", lambda: draw(epoch + 1, mine)[0] == 200)
    expect(draw(epoch + 1, mine)[2] == got[2], "the same signatures after a restart")
    at(start + HOUR)
    before = tokens()["statement"]
    os.mkdir(hub.dir + "/copies")
    expect(hub.ctl("backup", hub.dir + "/copies")[0] == 0, "a copy of both")
    expect(ask(hub.dir + "/copies/vault.db", "SELECT count(*) FROM issuer_private") == 0, "private halves in a copy")
    hub.stop()
    late = f"SELECT count(*) FROM issuer_private JOIN issuer_keys USING (id) WHERE epoch <= {epoch}"
    expect(ask(hub.dir + "/vault.db", late) == 0, "a private half outlived its epoch")
    shutil.copy(hub.dir + "/copies/keeper.db", hub.dir + "/keeper.db")
    hub.start()
    whole("current", before)
    expect(not ids(keys("current")) & ids(current), "keys outlived the keeper")
    expect(draw(epoch + 1, [element() for _ in range(3)])[0] == 200, "a new batch from the new key")
