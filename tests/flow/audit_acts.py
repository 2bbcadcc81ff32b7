# SPDX-License-Identifier: Apache-2.0
"""Two persons of a secretariat and one of the centre at work, and what the audit log says of each."""
from hub import Client, Hub, case_secret, expect, open_case, reader

with Hub() as hub:
    names = ("medical-desk/sato", "medical-desk/ito", "centre/duty-1", "centre/duty-2", "aozora-hp")
    sato, ito, duty, other, op = (Client(hub, m) for m in names)

    def done(who, method, path, body=None):
        status, _, got = who.request(method, path, body)
        expect(status in (200, 201), f"{method} {path}: {status} {got}")
        return got

    open_case(op, "束", 1, "none")
    group = done(sato, "GET", "/v1/triage")["items"][0]["group"]
    at = "/v1/triage/" + group
    for path, body in (("/lock", {}), ("/ask", {"text": {"ja": "問"}}), ("/aside", {"code": "other", "reason": "x"}), ("/back", {})):
        done(sato, "POST", at + path, body)
    expect(ito.request("POST", "/v1/triage/" + "0" * 32 + "/lock", {})[0] == 404, "what is not there")
    draft = done(ito, "POST", "/v1/drafts", {"severity": 3, "title": "案", "audience": {"all": True}})["id"]
    expect(sato.post(f"/v1/drafts/{draft}/release", {})[0] == 409, "a second person")
    asked = done(ito, "GET", "/v1/second")["second"][0]["id"]
    made = done(duty, "POST", "/v1/second/" + asked, {"agree": True})["bulletin"]
    path = "/v1/bulletins/" + made["id"]
    theirs = op.get(path + "/deliveries")[2]["deliveries"][0]["receiver"]
    done(ito, "POST", "/v1/acks/for", {"id": made["id"], "receiver": theirs, "status": "read", "via": "phone"})
    line = next(r for r in done(ito, "GET", path + "/deliveries?limit=500")["deliveries"] if r["receiver"] == theirs)
    expect([(e["grade"], e["person"]) for e in line["evidence"]] == [("telephone", reader(hub, "medical-desk", "ito"))], f"who took the call: {line}")
    question = op.post(path + "/questions", {"text": "問", "commitment": case_secret()[1]})[2]["id"]
    done(sato, "POST", f"/v1/questions/{question}/answer", {"text": "答", "to": "one"})
    # What is passed on is this desk's: a question about it comes here, whoever wrote the original.
    wave = done(duty, "POST", "/v1/drafts", {"severity": 4, "title": "波", "audience": {"all": True}})["id"]
    expect(duty.post(f"/v1/drafts/{wave}/release", {})[0] == 409, "a second person of the centre")
    asked_too = next(x["id"] for x in done(other, "GET", "/v1/second")["second"] if x["draft"]["id"] == wave)
    wave = done(other, "POST", "/v1/second/" + asked_too, {"agree": True})["bulletin"]["id"]
    passed = "/v1/bulletins/" + done(sato, "POST", f"/v1/bulletins/{wave}/relay", {"note": {"ja": "注"}, "to": "everybody"})["id"]
    about = op.post(passed + "/questions", {"text": "どれ?", "commitment": case_secret()[1]})[2]["id"]
    done(ito, "POST", f"/v1/questions/{about}/answer", {"text": "全部", "to": "all"})
    done(sato, "PUT", "/v1/orders", {"ceptoar": "medical-ceptoar", "from": "centre", "min_severity": 3, "when": "asleep"})

    rows = done(sato, "GET", "/v1/audit?limit=500")["rows"] + done(duty, "GET", "/v1/audit?limit=500")["rows"]
    have = {(r["person"], r["action"], r["ref"]) for r in rows}
    people = {w: reader(hub, *w.split("/")) for w in names[:4]}
    for who, action, ref in (
            *(("medical-desk/sato", "triage." + a, group) for a in ("lock", "aside", "back", "ask")),
            ("medical-desk/ito", "draft.new", draft), ("centre/duty-1", "second.give", asked), ("medical-desk/ito", "second.list", ""),
            ("medical-desk/ito", "ack.for", made["id"]), ("medical-desk/sato", "question.answer", question), ("medical-desk/sato", "order.put", None),
            ("medical-desk/sato", "relay", wave), ("medical-desk/ito", "question.answer", about), ("centre/duty-2", "second.give", asked_too)):
        expect(any((p, a) == (people[who], action) and ref in (None, r) for p, a, r in have), f"{who} {action} {ref} is not there: {sorted(have)}")
    expect(not any(op_id in str(rows) for op_id in (reader(hub, "aozora-hp"), theirs)), "a member stands in it")
    expect(hub.ctl("audit", "verify", "--live")[0] == 0, "the log verifies")
print(len(rows), "rows, each with the person")
