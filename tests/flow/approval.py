# SPDX-License-Identifier: Apache-2.0
"""A group of sealed copies and a blind report, merged; both reporters are asked; one refuses, then approves."""
import hashlib
import json
import os

from drawn import draw
from hub import Blind, Client, Hub, case_secret, cli, expect, open_case, refused, replace, report, wait_for

MEMBERS = ["minatomirai-bank", "yamabiko-bank", "suzukaze-bank", "hotaru-bank", "kobushi-shinkin"]
with Hub() as hub:
    tokens = [t for m in MEMBERS for t in draw(hub, m, "finance")]
    desk, blind, secret = Client(hub, "bank-desk"), Blind(hub), case_secret()
    # Two sealed copies in one minute (the desk sees two, not who), and a blind report of something like it.
    copies = [open_case(Client(hub, m), "偽の振込依頼", 1, products=["ExampleBank App 3"]) for m in MEMBERS[:2]]
    replace(hub.dir + "/report.json", json.dumps(report("偽の振込依頼", 1, products=["examplebank app 3"])).encode())
    code, said = cli(hub, MEMBERS[2], "report", hub.dir + "/report.json")
    expect(code == 0, said)
    mine = {"Authorization": "Case " + secret[0]}
    body = report("別の文面の偽依頼", 2, ceptoar="bank-ceptoar", case_commitment=secret[1], indicators=[{"type": "domain", "value": "evil[.]example"}])
    got = wait_for("the keeper to know how many have drawn", lambda: (lambda g: g if g[0] != 409 else None)(
        blind.post("/v1/reports", body, headers={"Authorization": tokens[0]})))
    case = "/v1/cases/" + got[2]["case"]
    items = desk.get("/v1/triage")[2]["items"]
    expect([i["count"] for i in items] == [1, 3] and "minatomirai" not in str(items), f"{items}")
    got = desk.post(f"/v1/triage/{items[1]['group']}/merge", {"groups": [items[0]["group"]]})
    expect(got[0] == 201 and got[2]["cases"] == 4, f"{got}")
    draft = "/v1/drafts/" + got[2]["draft"]
    merged = desk.get(draft)[2]["draft"]
    expect(merged["severity"] == 2 and len(merged["products"]) == len(merged["indicators"]) == 1, f"{merged}")
    # What each reporter reads is the text alone, and its sum is of these very bytes.
    expect(desk.post(draft + "/approval", None)[2]["approval"]["asked"] == 4, "asked")
    shown = blind.get(case, headers=mine)[2]["approval"]
    text = json.dumps(shown["draft"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    expect(hashlib.sha256(text.encode()).hexdigest() == shown["sha256"] and got[2]["draft"] not in text, f"{shown}")
    word = lambda yes, **more: {"sha256": shown["sha256"], "approve": yes, **more}
    refused((400, "names_sender"), blind.post(case + "/approval", word(True, member="x"), headers=mine))
    expect(blind.post(case + "/approval", word(False, note="件名が違う。電話 03-1234-5678"), headers=mine)[0] == 200, "refused")
    expect("03-1234" not in str(desk.get(case + "/messages")[2]), "a note is masked")
    refused((409, "conflict"), desk.post(draft + "/release", {}))
    # Another text is asked about anew; the command line approves what it has shown.
    change = {"revision": 1, "draft": dict(merged, title={"ja": "振込依頼を装う通信"})}
    expect(desk.request("PUT", draft, change)[0] == 200, "changed")
    refused((409, "conflict"), blind.post(case + "/approval", word(True), headers=mine))
    expect(desk.post(draft + "/approval", None)[2]["approval"] == {"asked": 4, "approved": 0, "refused": 0, "void": 0}, "anew")
    shown = blind.get(case, headers=mine)[2]["approval"]
    expect(blind.post(case + "/approval", word(True), headers=mine)[0] == 200, "approved")
    copy, holder = copies[0]
    expect(Client(hub, MEMBERS[0]).post(copy + "/approval", word(True), headers=holder)[0] == 200, "by a sealed reporter")
    kept = next(n for n in os.listdir(f"{hub.dir}/state") if n.startswith("case-")).removeprefix("case-").removesuffix(".json")
    code, said = cli(hub, MEMBERS[2], "case", "approve", "--yes", kept, "結構です")
    expect(code == 0 and "振込依頼を装う" in said, said)
    expect(desk.get(draft)[2]["approval"]["approved"] == 3, "three of four")
    got = desk.post(draft + "/release", {})
    expect(got[0] == 201, f"{got}")
    number = got[2]["bulletin"]["number"]
    told = [blind.get(case, headers=mine), *(Client(hub, m).get(c, headers=h) for m, (c, h) in zip(MEMBERS, copies))]
    expect(all(t[2]["bulletin"]["number"] == number and t[2]["state"] == "released" for t in told), f"{told}")
    done = desk.get("/v1/triage?state=done")[2]["items"]
    expect([i["bulletin"]["number"] for i in done] == [number] * 2 and not desk.get("/v1/triage")[2]["items"], f"{done}")
