# SPDX-License-Identifier: Apache-2.0
"""Acknowledgements one by one, 500 at once, and while the keeper is killed."""
import sqlite3
import threading

from hub import Client, Hub, Stream, case_secret, expect, report, wait_for

ORDER = ["received", "read", "acted"]
with Hub(fronts=2) as hub:
    sender, reader, stream = Client(hub, "aozora-hp"), Client(hub, "hibari-hp"), Stream(hub, "hibari-hp")
    secret, hashed = case_secret()
    case = sender.post("/v1/reports", report("A", case_commitment=hashed))[2]["case"]
    one = stream.wait(1)[0][2]["id"]
    def ack(client, *acks):
        status, _, body = client.attempt("POST", "/v1/acks", {"acks": list(acks)})
        return status, [r.get("status", r["result"]) for r in body["results"]] if status == 200 else (body or {})

    says = [("received", "received"), ("received", "received"), ("acted", "acted"), ("read", "acted"), ("received", "acted")]
    for said, stands in says:
        got = ack(reader, {"id": one, "revision": 1, "status": said})
        expect(got == (200, [stands]), f"{said}: {got}, not {stands}")
    # Unknown, hidden from this reader, a revision that is not there yet: all the same.
    unknown = ack(reader, {"id": "0" * 32, "status": "read"})
    hidden = ack(Client(hub, "himawari-card"), {"id": one, "status": "read"})
    later = ack(reader, {"id": one, "revision": 2, "status": "read"})
    expect(unknown[0] == 404 and unknown == hidden == later, f"{unknown} {hidden} {later}")
    expect(ack(reader, {"id": "0" * 32, "status": "read"}, {"id": one, "status": "read"}) == (200, ["not_found", "acted"]), "mixed")
    for bad in ({"id": one}, {"id": one, "status": "affected"}, {"id": one, "status": "read", "member": "x"}, {"id": "x", "status": "read"},
                {"id": one, "status": "read", "revision": 0}, {"id": one, "status": "read", "note": "\u202e"}):
        expect(ack(reader, bad)[0] == 422, f"{bad}: {ack(reader, bad)}")
    many = [{"id": one, "status": "read"}] * 500
    expect(ack(reader, *many) == (200, ["acted"] * 500) and ack(reader, *many, many[0])[0] == 422, "500 and 501 at once")
    # A new revision is acknowledged anew.
    auth = {"Authorization": "Case " + secret}
    sender.post(f"/v1/cases/{case}/reports", report("A2", stage="follow_up"), headers=auth)
    stream.wait(1, "update")
    expect(ack(reader, {"id": one, "revision": 2, "status": "received"}) == (200, ["received"]), "the second revision")
    # While the keeper dies again and again, what was recorded stands.
    best, stop = {}, threading.Event()

    def work(member):
        client, i = Client(hub, member), 0
        while not stop.is_set():
            i += 1
            status, got = ack(client, {"id": one, "revision": 1, "status": ORDER[i // 40 % 3], "note": f"了解 {i}"})
            if status == 200:
                best[member] = max(best.get(member, 0), ORDER.index(got[0]) + 1)

    threads = [threading.Thread(target=work, args=(m,)) for m in ("wakaba-hp", "komugi-clinic", "tsukimi-hp", "minamo-hp")]
    for t in threads:
        t.start()
    for _ in range(8):
        wait_for("progress", lambda n=sum(best.values()): sum(best.values()) > n or sum(best.values()) == 12)
        hub.kill("keeper")
    stop.set()
    for t in threads:
        t.join()
rows = sorted(r[0] for r in sqlite3.connect(hub.dir + "/keeper.db").execute("SELECT status FROM acks WHERE revision = 1"))
expect(rows == sorted([3, *best.values()]), f"stored {rows}, acknowledged {best}")
print("acknowledgements stand")
