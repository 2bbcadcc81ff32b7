# SPDX-License-Identifier: Apache-2.0
"""Epochs of an hour pass by the clock of the test build."""
import os
import shutil
import time

from drawn import Issuer, ask, element, ids
from hub import BUILD, SLOWER, Hub, expect, replace, wait_for

HOUR = 3600
tmp = os.environ.get("TEST_TMP", "/tmp")
clock = os.path.join(tmp, "clock")
at = lambda seconds: replace(clock, str(seconds).encode())
replace(tmp + "/over.conf", b"[tokens]\nepoch = 1h\nbatch = 3\n")
at(HOUR - int(time.time()) % HOUR + 60)  # early in an hour
start = int(open(clock, encoding="utf-8").read())


hub = Hub(build=BUILD + "/tc", conf=tmp + "/over.conf", env={"CEPTOAR_TEST_CLOCK": clock})
issuer = Issuer(hub)
with hub:
    first = issuer.whole("coming")
    epoch, coming, mine = first["epoch"], issuer.keys("coming"), [element() for _ in range(3)]
    expect(issuer.draw(epoch, mine)[0] == 200, "a batch")
    at(start + HOUR)
    wait_for("the next epoch", lambda: issuer.tokens()["epoch"] == epoch + 1)
    current, grace = issuer.keys("current"), issuer.keys("grace")
    expect(ids(current) == ids(coming), "the keys made ahead")
    expect(grace["public-services"]["drawn"] == 1, f"who drew is still counted: {grace}")
    status, _, answer = issuer.draw(epoch, mine)
    expect(status == 422 and answer["pointer"] == "/epoch", f"{status} {answer}")
    got = issuer.draw(epoch + 1, mine)
    expect(got[0] == 200, f"{got}")
    at(0)
    time.sleep(2.5 * SLOWER)
    expect(issuer.tokens()["epoch"] == epoch + 1, "an epoch went backwards")
    hub.kill("vault")
    wait_for("the vault", lambda: issuer.draw(epoch + 1, mine)[0] == 200)
    expect(issuer.draw(epoch + 1, mine)[2] == got[2], "the same signatures after a restart")
    at(start + HOUR)
    before = issuer.tokens()["statement"]
    os.mkdir(hub.dir + "/copies")
    expect(hub.ctl("backup", hub.dir + "/copies")[0] == 0, "a copy of both")
    expect(ask(hub.dir + "/copies/vault.db", "SELECT count(*) FROM issuer_private") == 0, "private halves in a copy")
    hub.stop()
    late = f"SELECT count(*) FROM issuer_private JOIN issuer_keys USING (id) WHERE epoch <= {epoch}"
    expect(ask(hub.dir + "/vault.db", late) == 0, "a private half outlived its epoch")
    shutil.copy(hub.dir + "/copies/keeper.db", hub.dir + "/keeper.db")
    hub.start()
    issuer.whole("current", before)
    expect(not ids(issuer.keys("current")) & ids(current), "keys outlived the keeper")
    expect(issuer.draw(epoch + 1, [element() for _ in range(3)])[0] == 200, "a new batch from the new key")
