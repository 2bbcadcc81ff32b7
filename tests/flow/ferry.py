# SPDX-License-Identifier: Apache-2.0
"""Files from one hub to another and back."""
import json
import os
import re

from council import cli
from hub import Client, Hub, Stream, expect, open_case, replace, report
from traces import database

BASE = os.environ.get("TEST_TMP", "/tmp")
FILE, BACK, OURS, THEIRS, OTHER, INNER = (f"{BASE}/{n}" for n in ("out", "acks", "a.jwks", "b.jwks", "other", "inner.json"))


def ferry(since):
    """Over to the closed network, twice; the cursor for the next file, and what the first reading said."""
    code, text = a.ctl("export", "--ceptoar", "medical-ceptoar", "--since", since, "--out", FILE)
    expect(code == 0, f"export: {text}")
    first, again = (b.ctl("import", FILE, "--trust", OURS) for _ in range(2))
    expect(first[0] == again[0] == 0 and " 0 new, 0 followed" in again[1], f"twice is once: {first} {again}")
    return re.search(r"next: --since (\S+)", text)[1], first[1]


with Hub(BASE + "/a") as a, Hub(BASE + "/b") as b:
    for hub, path in ((a, OURS), (b, THEIRS)):
        replace(path, json.dumps(Client(hub, "aozora-hp").get("/.well-known/jwks.json")[2]).encode())
    op, reader = Client(a, "aozora-hp"), Stream(b, "hibari-hp")
    case, mine = open_case(op, "閉域網へ", 3, "ceptoar")
    op.post("/v1/reports", report("赤", 3, tlp="TLP:AMBER+STRICT"))
    first = Client(a, "hibari-hp").get("/v1/bulletins")[2]["bulletins"][-1]
    since, said = ferry("2020-01-01")
    expect("1 rows" in said and "1 new" in said, f"TLP:AMBER at most: {said}")
    got = reader.wait(1)[0][2]
    expect(got["number"] == first["number"] and got["id"] == first["id"] and got["origin"] == "relay", f"its number stays: {got}")
    expect(got["relay"]["original"] == first and len(got["relay"]["hub"]) == 16, "and its text and signature")
    expect("WARNING" not in cli(b, "hibari-hp", "show", got["number"])[1], "show on the other hub")
    replace(INNER, json.dumps(first, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    expect((cli(b, "hibari-hp", "verify", "--jwks", OURS, INNER)[0], cli(b, "hibari-hp", "verify", INNER)[0]) == (0, 1), "the original by itself is the other hub's")
    expect(op.post(case + "/reports", report("続報", 3, stage="follow_up"), headers=mine)[0] == 201, "follow-up")
    since, said = ferry(since)
    expect("1 followed" in said and "続報" in str(reader.wait(1, "update")[0][2]), f"the update follows: {said}")
    # Their word comes back, as counts; the second time the stage that all of them share has fallen, and the number grown.
    for who, said in (("hibari-hp", {"status": "acted"}), ("wakaba-hp", {"status": "received", "forwarded_to": 250})):
        expect(Client(b, who).post("/v1/acks", {"acks": [{"id": got["id"], "revision": 2, **said}]})[0] == 200, who)
        code, text = b.ctl("export", "--acks", "--hub", got["relay"]["hub"], "--ceptoar", "medical-ceptoar", "--out", BACK)
        expect(code == 0 and "1 rows" in text and "hibari" not in open(BACK, encoding="utf-8").read(), f"acks: {text}")
        expect("1 recorded" in a.ctl("import", BACK, "--trust", THEIRS)[1], "acks")
    wrote = [{r["action"] for r in json.loads(h.ctl("--json", "audit", "list")[1])["rows"] if r["person"] == "0" * 32} for h in (a, b)]
    expect(wrote == [{"export.bulletins", "import.acks"}, {"export.acks", "import.bulletin"}], f"the administrator's rows: {wrote}")
    with database(a.dir + "/keeper.db") as db:
        (row,) = db.execute("SELECT evidence, status, forwarded, note FROM acks").fetchall()
    expect(row[:3] == (4, 3, 252) and "received 1, read 0, acted 1" in row[3], f"the association's word: {row}")
    expect(op.post(case + "/withdraw", None, headers=mine)[0] == 200 and ferry(since), "withdraw")
    reader.wait(1, "cancel")
    data = open(FILE, "rb").read()  # altered, by nobody trusted, or our own: refused as a whole
    for bad in (data.replace(b'"cancel"', b'"update"', 1), data[:-1], data + data.split(b"\n")[1] + b"\n", b"x" + data, b""):
        replace(OTHER, bad)
        expect(b.ctl("import", OTHER, "--trust", OURS)[0] == 1, f"altered: {bad[:80]}")
    expect(b.ctl("import", FILE, "--trust", THEIRS)[0] == a.ctl("import", FILE, "--trust", OURS)[0] == 1, "not trusted, or our own")
print("over and back, once each")
