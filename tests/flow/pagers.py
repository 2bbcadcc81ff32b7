# SPDX-License-Identifier: Apache-2.0
"""A gateway as a webhook of its own; what is printed for people; a secret that changes."""
import json

from hooks import TMP, Hook, hub_with
from hub import Client, expect, open_case, reader, replace, report, wait_for

gate, hook = Hook(), Hook()
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
people = {"pager-a": [{"sms": "090-0000-1001", "lang": "en"}], "pager-b": [{"voice": "090-0000-1002"}, {"sms": "090-0000-1003"}],
          "pager-c": {"persons": [{"id": i, "duties": [d], "contacts": [{"sms": n}]} for i, d, n in (("night", "duty_officer", "090-0000-1004"),
                      ("ward", "reporter", "090-0000-1005"), ("day", "desk", "090-0000-1006"))]},  # without contacts of its own
          "hibari-hp": hook, "bank-desk": [{"telephone": "03-0000-9999"}]}
with hub_with(people, gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    client = Client(hub, "aozora-hp")
    seen = lambda: sorted((m["to"], m["kind"]) for m, _ in gate.bulletins())
    for level, more in ((3, {}), (4, {"exercise": True})):
        expect(client.post("/v1/reports", report("件", level, **more))[0] == 201, "refused")
    wait_for("both on the webhook", lambda: len(hook.got) == 2)
    path, key = open_case(client, "秘密の件名", 4)
    want = [("090-0000-1001", "sms"), ("090-0000-1002", "voice"), ("090-0000-1003", "sms"), ("090-0000-1004", "sms")]
    wait_for("the pagers", lambda: len(gate.got) == 4)
    expect(seen() == want, f"{seen()}")
    bulletin = hook.bulletins()[-1][0]
    for m, head in gate.bulletins():
        expect(m["number"] == bulletin["number"] and m["number"] in m["text"]["ja"] and m["number"] in m["text"]["en"], f"{m}")
        expect("秘密" not in str(m) and "重要度4" in m["text"]["ja"] and "severity 4" in m["text"]["en"], f"{m}")
        expect(set(m) == {"kind", "lang", "number", "text", "to"}, f"{m}")
    expect(all(gate.signed(h, b) for _, h, b, _ in gate.got), "the gateway's signature")

    # Whose pager it was, where it is a person's.
    rows = lambda: {r["receiver"]: r["routes"] for r in Client(hub, "medical-desk", "CEPTOAR_DESK_URL").get(f"/v1/bulletins/{bulletin['id']}/deliveries?limit=500")[2]["deliveries"]}
    by = wait_for("what was sent", lambda: (r := rows()) and r[reader(hub, "pager-c")][0]["state"] == "sent" and r)
    expect([r.get("person") for r in by[reader(hub, "pager-c")]] == [reader(hub, "pager-c", "night")], f"{by}")
    expect(all("person" not in r for r in by[reader(hub, "pager-b")]), f"{by}")

    # The alarm's end goes where the alarm went.
    expect(client.request("POST", path + "/withdraw", b"", headers=key)[0] in (200, 204), "withdraw")
    wait_for("the end on the pagers", lambda: len(gate.got) == 8)
    expect(seen() == sorted(want * 2) and sum("取消" in m["text"]["ja"] for m, _ in gate.bulletins()) == 4, f"{gate.bulletins()}")

    code, text = hub.ctl("calllist", bulletin["number"])
    expect(code == 0 and "aozora-hp" in text and "03-0000-4821" in text and "severity 4" in text, text)
    expect("9999" not in text and "pager" not in text, "who is not in the audience, or has no telephone: " + text)
    calls = json.loads(hub.ctl("--json", "calllist", bulletin["id"])[1])
    expect(calls["severity"] == 4 and {"member": "aozora-hp", "telephone": "03-0000-4821", "lang": "ja"} in calls["calls"], f"{calls}")
    expect(hub.ctl("calllist", "2026-00000")[0] == 1 and hub.ctl("calllist")[0] == 2, "no such bulletin")

    # Both signatures while the old secret still counts.
    code, text = hub.ctl("contact", "rotate", "hibari-hp", "1", "--overlap", "1h")
    expect(code == 0, text)
    new = bytes.fromhex(next(l.split()[1] for l in text.splitlines() if l.split()[0] == "secret"))
    count = len(hook.got)
    client.post("/v1/reports", report("後の件", 3))
    wait_for("the next one", lambda: len(hook.got) > count)
    _, head, body, _ = hook.got[-1]
    expect(new != hook.secret and hook.signed(head, body) and hook.signed(head, body, new), f"{head}")
    expect(len(head["webhook-signature"].split(" ")) == 2, f"{head}")
print(f"{len(gate.got)} pages, {len(calls['calls'])} calls")
