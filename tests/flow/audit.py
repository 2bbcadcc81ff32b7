# SPDX-License-Identifier: Apache-2.0
"""What gets into the audit log, who sees it there, and that it is there first: over a crash and a full disk."""
import json
import os
import resource
import sqlite3

from hub import BUILD, Client, Hub, Stream, expect, open_case, report, wait_for
from subprocess import run

WORDS = ("aozora", "青空", "秘密の件", "電話番号")
with Hub(os.environ["TEST_TMP"] + "/hub") as hub:
    op, desk, centre, bank = (Client(hub, m) for m in ("aozora-hp", "medical-desk", "centre", "bank-desk"))
    consent = {"publish": "ceptoar", "identity": "named", "named_to": ["centre"]}
    stream = Stream(hub, "aozora-hp")
    case, mine = open_case(op, "秘密の件", 3, consent=consent, slip={"to": "medical-ceptoar", "box": "sAxe"})
    expect(op.post("/v1/acks", {"acks": [{"id": stream.wait(1)[0][2]["id"], "status": "read"}]})[0] == 200, "ack")
    ident = case.rpartition("/")[2]
    rows = lambda c, query="": c.get("/v1/audit" + query)[2]["rows"]
    did = lambda c: [(r["action"], r["ref"]) for r in reversed(rows(c, "?limit=500")) if r["action"] != "audit.look"]
    # In the order of the calls, and nothing of those that were refused, nor of the reporter.
    for how, path in (("GET", ""), ("GET", "/messages"), ("GET", "/slip")):
        expect(desk.request(how, case + path)[0] == 200 and bank.request(how, case + path)[0] == 404, path)
    expect(desk.post(case + "/messages", {"text": {"ja": "電話番号"}})[0] == 201, "a question")
    expect(op.get(case + "/messages", headers=mine)[0] == op.get(case, headers=mine)[0] == 200, "the reporter")
    report_id = next(i["id"] for i in centre.get("/v1/inbox?limit=1")[2]["items"])
    expect(centre.get(f"/v1/reports/{report_id}/identity")[0] == 200 and centre.get("/v1/trends")[0] == 200, "the centre")
    expect(desk.get("/v1/inbox")[0] == 200 and desk.post(case + "/close", {})[0] == 200, "inbox, close")
    ours = [("case.look", ident), ("messages.look", ident), ("slip.look", ident), ("message.write", ident), ("inbox.look", ""), ("case.close", ident)]
    expect(did(desk) == ours and did(bank) == [], f"the desk: {did(desk)}")
    expect(did(centre) == [("inbox.look", ""), ("identity.look", report_id), ("trends.look", "")], f"the centre: {did(centre)}")
    expect(len({r["person"] for c in (desk, centre) for r in rows(c)}) == 2, "persons")
    out = run([BUILD + "/ceptoar", "--as", hub.dir + "/medical-desk", "audit", "--limit", "1"], capture_output=True, text=True, check=True).stdout
    expect("audit.look" in out and "--cursor" in out, out)
    # Whoever is answered stands in it, also when the keeper is killed at once.
    expect(bank.get("/v1/inbox")[0] == 200, "the bank's inbox")
    hub.kill("keeper")
    wait_for("the keeper", lambda: bank.attempt("GET", "/v1/audit")[0] == 200)
    expect(did(bank) == [("inbox.look", "")], f"after the crash: {did(bank)}")
    # A full disk without a reserve that helps: no row, no look; then there is room again.
    keeper = hub.pids("keeper")[0]
    largest = max(os.path.getsize(f"{hub.dir}/keeper.db{s}") for s in ("", "-wal") if os.path.exists(f"{hub.dir}/keeper.db{s}"))
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (largest + 4096, resource.RLIM_INFINITY))
    wait_for("a full disk", lambda: op.post("/v1/reports", report("満", 1, description="x" * 15000))[0] == 507)
    got = [bank.get(f"/v1/{what}")[0] for _ in range(200) for what in ("inbox", "trends")]  # until not even a row has room
    expect(got[-1] == 507 and set(got) <= {200, 507}, f"desks while the disk is full: {got}")
    expect(op.get(case, headers=mine)[0] == op.get("/v1/bulletins")[0] == 200, "members while the disk is full")
    hub.kill("keeper")  # its limit goes with it, and so would what only its memory holds
    wait_for("the keeper again", lambda: bank.attempt("GET", "/v1/audit")[0] == 200)
    seen = sum(a in ("inbox.look", "trends.look") for a, _ in did(bank)) - 1
    expect(seen == got.count(200), f"{got.count(200)} looks were answered, {seen} are in the log")
    expect(hub.ctl("audit", "verify", "--live")[0] == 0, "the log verifies")
    listed = json.loads(hub.ctl("--json", "audit", "list")[1])["rows"]
    expect([r["number"] for r in listed] == list(range(1, len(listed) + 1)), "numbers")
db = sqlite3.connect(hub.dir + "/keeper.db")
kept = db.execute("SELECT action || ref || detail, hex(person), hex(receiver) FROM audit").fetchall()
text, acked = json.dumps(kept, ensure_ascii=False) + json.dumps(listed, ensure_ascii=False), db.execute("SELECT hex(receiver) FROM acks").fetchone()[0]
expect(len(kept) == len(listed) > 20 and not any(w in text for w in WORDS) and acked not in text, "the log names a sender")
print(len(kept), "looks and acts of desks, and no sender in them")
