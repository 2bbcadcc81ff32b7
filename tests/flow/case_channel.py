# SPDX-License-Identifier: Apache-2.0
"""Rights, counts, bells, repeats, caps and the end of the case channel, by the interface."""
import secrets

from hub import Client, Hub, Stream, expect, open_case, refused, report

say = lambda text: {"text": {"ja": text}}
none, ended = (404, "not_found"), (409, "conflict")

with Hub() as hub:
    op, med, centre, power = (Client(hub, m) for m in ("aozora-hp", "medical-desk", "centre", "power-desk"))
    bells, member = Stream(hub, "medical-desk"), Stream(hub, "hibari-hp")
    (low, auth), (case, mine) = open_case(op, "件", 1), open_case(op, "件", 3)
    # Who may: the secret, the secretariat of the slot, the centre when it lies on its desk.
    for path, who in ((case, med), (case, centre), (low, med)):
        expect(who.get(path)[0] == 200 and who.get(path + "/messages")[2] == {"messages": []}, f"{who.member} {path}")
    for path, who in ((low, centre), (case, power)):
        for got in (who.get(path), who.get(path + "/messages"), who.post(path + "/messages", say("x")), who.post(path + "/close", {})):
            refused(none, got)
    refused((401, "unauthorized"), op.get(case + "/messages"))
    refused(none, op.post(low + "/messages", say("x"), headers=mine))  # the receipt of one case on another
    refused(none, op.post(case + "/close", {}))  # there is no such call on the members' listener
    refused((401, "unauthorized"), med.post(case + "/withdraw", {}))

    # Both desks ask, once each however often it is sent; no bell rings for it.
    rung, once = len(bells.wait(2, "inbox")), {"Idempotency-Key": secrets.token_urlsafe(24)}
    ask = lambda text: med.post(case + "/messages", say(text), headers=once)
    first = ask("問一 http://a.example/x")
    expect(first[0] == 201 and ask("問一 http://a.example/x")[::2] == (200, first[2]), f"{first}")
    refused((422, "idempotency_mismatch"), ask("他"))
    expect(centre.post(case + "/messages", say("問二"))[2]["n"] == 2, "the centre asks")
    state = op.get(case, headers=mine)[2]
    expect((state["messages"], state["unread"]) == (2, 2), f"{state}")
    # The answer is scrubbed, counted and rung for.
    answer = lambda text, to=case: op.post(to + "/messages", say(text), headers=mine if to == case else auth)
    expect(answer("青空中央病院 ACH-DC01 taro@aozora-hp.example.or.jp")[0] == 201, "answer")
    expect(len(bells.wait(rung + 1, "inbox")) == rung + 1, "a question rang")
    text = str(med.get(case + "/messages")[2])
    expect("hxxp://a[.]example" in text and not any(w in text for w in ("青空", "ACH", "taro@")), text)
    unread = {i["case"]: i["unread"] for i in med.get("/v1/inbox")[2]["items"]}
    expect(unread == {case[10:]: 1, low[10:]: 0}, f"{unread}")
    expect(op.get(case, headers=mine)[2]["unread"] == 0 and med.get(case)[2]["unread"] == 1, "counts after the answer")
    expect(not member.of("inbox") and len(member.of("bulletin")) == 1, "others heard of the talk")
    # Caps, and the end.
    refused((413, "too_large"), answer("あ" * 1366))
    refused((422, "missing_field"), op.post(case + "/messages", {}, headers=mine))
    while (got := med.post(low + "/messages", say("x")))[0] == 201:
        last = got[2]["n"]
    refused(ended, got)
    expect(last == len(med.get(low + "/messages")[2]["messages"]) == 200, f"{last}")
    back = op.post(low + "/withdraw", {}, headers=auth), med.post(low + "/close", {})
    expect({g[2]["state"] for g in back} == {"withdrawn"}, f"{back}")
    expect(med.post(case + "/close", {})[2]["state"] == med.post(case + "/close", {})[2]["state"] == "closed", "closed")
    for got in (answer("x"), answer("x", low), op.post(case + "/reports", report("x"), headers=mine)):
        refused(ended, got)
print("asked, answered, counted, withdrawn and closed; nobody else heard")
