# SPDX-License-Identifier: Apache-2.0
"""What a desk might try in order to look unseen: a case secret beside its certificate, and the names behind ids."""
import os
import resource

from hub import Client, Hub, case_secret, expect, open_case, reader, report, wait_for

with Hub() as hub:
    ito, op, bank, centre = (Client(hub, m) for m in ("medical-desk/ito", "aozora-hp", "bank-desk", "centre/duty-1"))
    person = reader(hub, "medical-desk", "ito")
    made = op.post("/v1/reports", report("知", 3))[2]["bulletin"]["id"]
    open_case(op, "束", 1, "none")
    group = ito.get("/v1/triage")[2]["items"][0]["group"]
    draft = ito.post("/v1/drafts", {"severity": 2, "title": "隠", "audience": {"ceptoars": ["medical-ceptoar"]}})[2]["id"]
    last = lambda: next(r for r in ito.get("/v1/audit?limit=5")[2]["rows"] if r["action"] != "audit.look")
    beside = {"Authorization": "Case " + case_secret()[0]}
    for how, path, action in (
            ("GET", f"drafts/{draft}", "draft.get"), ("GET", f"drafts/{draft}/audience", "draft.audience"), ("GET", "drafts", "draft.list"),
            ("GET", "triage/" + group, "triage.show"), ("POST", f"triage/{group}/lock", "triage.lock"), ("GET", "mode", "mode.look"),
            ("GET", f"bulletins/{made}/deliveries", "deliveries"), ("GET", f"bulletins/{made}/deliveries.csv", "deliveries.csv"),
            ("PUT", f"drafts/{draft}/attachments/a.csv", "attachment.put"), ("POST", f"drafts/{draft}/release", "draft.release")):
        got = ito.request(how, "/v1/" + path, {"GET": None, "PUT": b"a,b\n", "POST": {}}[how], headers=beside)
        expect(got[0] in (200, 201), f"{how} {path} with a secret: {got}")
        row = last()
        expect((row["action"], row["person"]) == (action, person), f"{how} {path} with a secret left {row}")
    expect(bank.get(f"/v1/drafts/{draft}", headers=beside)[0] == op.get(f"/v1/drafts/{draft}", headers=beside)[0] == 404, "a secret opens nothing")
    # Ids of readers, and never a member's name: the keeper's table may not have that.
    member, duty = reader(hub, "aozora-hp"), reader(hub, "centre", "duty-1")
    asked = []
    for query, want, ref in (("receiver=" + member, 200, member), ("person=" + duty, 200, duty), ("member=aozora-hp", 200, member), ("receiver=1", 400, None),
                             ("receiver=" + reader(hub, "himawari-card"), 404, reader(hub, "himawari-card")), ("member=himawari-card", 404, ""), ("member=nobody", 404, "")):
        expect(ito.get("/v1/names?" + query)[0] == want, query)
        asked += [(person, ref)] if ref is not None else []
        rows = ito.get("/v1/audit?limit=500")[2]["rows"]
        expect([(r["person"], r["ref"]) for r in reversed(rows) if r["action"] == "names.look"] == asked, f"{query} left {rows[0]}")
    # A list is one row, with how many and of which bulletin; one that is not there gets no row, and no name.
    others = ",".join((member, reader(hub, "himawari-card"), reader(hub, "medical-desk")))
    for query, want, left in ((others, 200, ("", "3 asked, 2 told")), (f"{others}&bulletin={made}", 200, (made, "3 asked, 2 told")), (others + "&bulletin=2026-ZZZZZ", 404, None),
                              (",".join([member] * 100), 200, ("", "100 asked, 100 told")), (",".join([member] * 101), 400, None)):
        before = [r for r in ito.get("/v1/audit?limit=500")[2]["rows"] if r["action"] == "names.look"]
        got = ito.get("/v1/names?receivers=" + query)
        expect(got[0] == want and (want != 200 or {n["id"] for n in got[2]["names"]} <= {"aozora-hp", "medical-desk"}), f"{query}: {got}")
        rows = [r for r in ito.get("/v1/audit?limit=500")[2]["rows"] if r["action"] == "names.look"][:-len(before)]
        expect([(r["person"], r["ref"], r["detail"]) for r in rows] == ([(person, *left)] if left else []), f"{query} left {rows}")
    # No row, no name: with a full disk nobody is told.
    keeper = hub.pids("keeper")[0]
    largest = max(os.path.getsize(f"{hub.dir}/keeper.db{s}") for s in ("", "-wal") if os.path.exists(f"{hub.dir}/keeper.db{s}"))
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (largest + 4096, resource.RLIM_INFINITY))
    wait_for("a full disk", lambda: op.post("/v1/reports", report("満", 1, description="x" * 15000))[0] == 507)
    got = [centre.get("/v1/names?" + ("person=" + duty, "receivers=" + reader(hub, "centre"))[i % 2]) for i in range(300)]
    told = sum(g[0] == 200 for g in got)
    expect({g[0] for g in got[-2:]} == {507} and {g[0] for g in got} <= {200, 507}, f"names while the disk is full: {got[-2:]}")
    hub.kill("keeper")
    wait_for("the keeper again", lambda: centre.attempt("GET", "/v1/audit")[0] == 200)
    rows = centre.get("/v1/audit?limit=500")[2]["rows"]
    expect(sum(r["action"] == "names.look" for r in rows) == told, f"{told} names were told, {len(rows)} rows")
print("seen whatever is sent, and asked about by id")
