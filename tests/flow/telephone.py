# SPDX-License-Identifier: Apache-2.0
"""Acknowledgements by telephone and the table of deliveries, and what is refused."""
import csv
import io

from hub import Client, Hub, expect, report

with Hub() as hub:
    desk, bank = Client(hub, "medical-desk"), Client(hub, "bank-desk")
    op = Client(hub, "aozora-hp")
    made = op.post("/v1/reports", report("A"))[2]["bulletin"]
    path = f"/v1/bulletins/{made['id']}/deliveries"
    mine = Client(hub, "minamo-hp").get(path)[2]["deliveries"][0]["receiver"]
    call = {"id": made["number"], "receiver": mine, "status": "read", "via": "phone"}
    for more, want, at in (({"id": "2026-ZZZZZ"}, 404, None), ({"receiver": "0" * 32}, 403, None), ({"via": "mail"}, 422, "/via"),
                           ({"status": "affected"}, 422, "/status"), ({"receiver": "x"}, 422, "/receiver"), ({"who": "x"}, 422, None),
                           ({"note": "\u202e"}, 422, "/note"), ({"forwarded_to": -1}, 422, "/forwarded_to"), ({"revision": 2}, 404, None),
                           ({"revision": "1"}, 422, "/revision"), ({"id": None}, 422, "/id")):
        status, _, why = desk.post("/v1/acks/for", {**call, **more})
        expect(status == want and (at is None or why["pointer"] == at), f"{more}: {status} {why}")
    for field in ("id", "receiver", "status", "via"):
        status, _, why = desk.post("/v1/acks/for", {k: v for k, v in call.items() if k != field})
        expect(status == 422 and why["code"] == "missing_field" and why["pointer"] == "/" + field, f"without {field}: {why}")
    # Another's desk knows nothing of it; this one speaks for nobody else's member.
    office = [r["receiver"] for r in Client(hub, "centre").get(path)[2]["deliveries"] if not r["ceptoars"]][0]
    expect(bank.post("/v1/acks/for", call)[0] == 404 and desk.post("/v1/acks/for", {**call, "receiver": office})[0] == 403, "another's")
    expect(Client(hub, "centre").post("/v1/acks/for", call)[0] == 403 and op.post("/v1/acks/for", call)[0] == 404, "no desk of it")
    for who in ("bank-desk", "himawari-card", "nagisa-clinic", "kenkyu-observer"):
        expect(Client(hub, who).get(path)[0] == 404, f"{who} learns of it")
    expect(desk.get("/v1/bulletins/2026-ZZZZZ/deliveries")[0] == desk.get(path + "?revision=2")[0] == 404, "what is not there")
    for bad in ("state=x", "ceptoar=x", "who=x", "limit=0", "limit=501", "silent=2", "revision=0", "state=read&state=read"):
        expect(desk.get(f"{path}?{bad}")[0] == 400, f"{bad} is taken")
    expect(desk.get(path + "?cursor=x")[2]["code"] == "cursor_invalid", "a cursor that is none")
    expect(desk.post("/v1/acks/for", {**call, "note": "=cmd", "forwarded_to": 3})[0] == 200, "the call")
    expect(Client(hub, "centre").get(path + ".csv")[0] == 200 and op.get(path + ".csv")[0] == 404, "the table is for desks")
    text = desk.get(path + ".csv")[2]
    expect(text.startswith(b"\xef\xbb\xbf") and text.endswith(b"\r\n"), f"its bytes: {text[:20]}")
    table = {r["receiver"]: r for r in csv.DictReader(io.StringIO(text.decode("utf-8-sig")))}
    rows = {r["receiver"]: r for r in desk.get(path + "?limit=500")[2]["deliveries"]}
    expect(table.keys() == rows.keys() and all(table[k]["state"] == rows[k]["state"] for k in rows), "the same lines")
    line = table[mine]
    expect((line["evidence"], line["forwarded_to"], line["ceptoars"]) == ("telephone:read", "3", "medical-ceptoar"), f"{line}")
    expect(line["read_at"] and not line["acted_at"] and not line["received_at"], f"when: {line}")
    expect(not [c for r in table.values() for c in r.values() if c[:1] in tuple("=+-@\t")], "formulas")
    silent = list(csv.DictReader(io.StringIO(desk.get(path + ".csv?silent=1")[2].decode("utf-8-sig"))))
    expect({r["receiver"] for r in silent} == set(rows) - {mine}, "the silent ones")
print("by telephone for its own members, and a table")
