# SPDX-License-Identifier: Apache-2.0
"""Named reports: who is chosen can open the envelope, everybody else is told the same nothing."""
import base64
import os
import subprocess

from hub import BUILD, Client, Hub, expect, opened, report


def named(*to):
    return {"publish": "none", "identity": "named", "named_to": list(to)}


with Hub() as hub:
    client = {m: Client(hub, m) for m in ("aozora-hp", "centre", "kosei-ministry", "kotsu-ministry", "medical-desk", "sensor-agency")}
    post = lambda title, consent: client["aozora-hp"].post("/v1/reports", report(title, 1, consent=consent))
    ask = lambda who, i: client[who].get(f"/v1/reports/{i}/identity")
    items = lambda who: {i["report"]["title"]["ja"]: i for i in client[who].get("/v1/inbox")[2]["items"]}
    own = lambda who: (f"{hub.dir}/{who}/cert.pem", f"{hub.dir}/{who}/key.pem")

    # Words for what is missing, unknown, or nobody that may be named.
    for consent in (named(), named("nobody"), named("medical-desk"), named("centre", "aozora-hp"), {"named_to": ["centre"]},
                    named("centre", "kosei-ministry", "kotsu-ministry")):
        status, _, body = post("x", consent)
        expect((status, body["pointer"]) == (422, "/consent/named_to") and len(body["detail"]) > 10, f"{consent}: {status} {body}")
        said = client["aozora-hp"].post("/v1/reports/preview", report("x", 1, consent=consent))
        expect((said[0], said[2]) == (status, body), f"the preview says something else of {consent}: {said}")
    ids = {}
    for title, consent in (("both", named("centre", "kosei-ministry")), ("one", named("kotsu-ministry")), ("sealed", {"publish": "none"})):
        expect(client["aozora-hp"].post("/v1/reports/preview", report(title, 1, consent=consent))[0] == 200, "a preview")
        status, _, body = post(title, consent)
        expect(status == 201, f"{title}: {status} {body}")
        ids[title] = body["id"]

    # Whoever was chosen opens it; the key of another opens nothing.
    for who in ("centre", "kosei-ministry"):
        status, _, body = ask(who, ids["both"])
        cms = base64.b64decode(body["cms"])
        text = opened(cms, own(who))
        expect(status == 200 and "member: aozora-hp\n" in text and f"report: {ids['both']}\n" in text, f"{who}: {status} {text}")
        expect(not opened(cms, own("kotsu-ministry")), "another's key opens it")
    r = subprocess.run([os.path.join(BUILD, "ceptoar"), "--as", f"{hub.dir}/kotsu-ministry", "identity", ids["one"]],
                       capture_output=True, text=True, check=False)
    expect(r.returncode == 0 and "member: aozora-hp\n" in r.stdout, f"ceptoar identity: {r.stdout} {r.stderr}")
    # One answer for a sealed report, another's, and none at all.
    nothing = ask("centre", "0" * 32)
    for who, i in (("centre", ids["sealed"]), ("centre", ids["one"]), ("kotsu-ministry", ids["both"]), ("centre", "x")):
        status, head, body = ask(who, i)
        expect(status == 404 and body == nothing[2] and head.keys() == nothing[1].keys(), f"{who} {i}: {status} {body}")
    for who, status in (("aozora-hp", 404), ("medical-desk", 403), ("sensor-agency", 404)):
        expect(ask(who, ids["both"])[0] == status, f"{who} asks")

    # It lies in the inbox of those who are named, with the mark, and of no other ministry.
    expect(items("centre").keys() == {"both"} and items("centre")["both"]["named"] is True, f"{items('centre')}")
    expect(items("kosei-ministry").keys() == {"both"} and items("kotsu-ministry").keys() == {"one"}, "a ministry's inbox")
    expect(items("medical-desk").keys() == {"both", "one", "sealed"}, "the secretariat's inbox")
    expect(not any("named" in i for i in items("medical-desk").values()), "the mark is shown to a desk that is not named")
print("named reports opened by those who were chosen and by nobody else")
