# SPDX-License-Identifier: Apache-2.0
"""The log of exports, checked row by row by other means than the hub's."""
import datetime
import hashlib
import json
import os

from hub import Client, Hub, expect, report, wait_for

base = os.environ["TEST_TMP"]

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
print("eight exports, each written down first and counted in public")
