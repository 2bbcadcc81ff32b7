# SPDX-License-Identifier: Apache-2.0
"""A relay with a wrong note: taken back, and passed on anew; whom each reaches."""
import json
import os

from council import cli
from hub import ROOT, Client, Hub, Stream, expect, open_case, replace, report, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    members = json.load(f)
members["members"].append({"id": "asagao-shinkin", "names": {"en": "Asagao Shinkin Bank"}, "roles": [{"role": "affiliate", "ceptoar": "bank-ceptoar"}]})
replace(BASE + "/members.json", json.dumps(members, ensure_ascii=False).encode())


def desk(*args):
    return cli(hub, "bank-desk", "--json", *args)


def relayed(note):
    code, text = desk("relay", number, "--note", note)
    expect(code == 0, f"relay: {code} {text}")
    return json.loads(text)["number"]


def got(stream, event):
    return [e[2] for e in stream.of(event) if e[2]["number"] in mine]


with Hub(members=BASE + "/members.json") as hub:
    wants = {"min_severity": 0, "cross_sector": 0, "sectors": [], "products": [], "exercise": True}
    expect(Client(hub, "bank-desk").request("PUT", "/v1/subscription", wants)[0] == 200, "the desk listens to other sectors")
    bank, affiliate, own, hospital = (Stream(hub, m) for m in ("minatomirai-bank", "asagao-shinkin", "bank-desk", "hibari-hp"))
    op = Client(hub, "aozora-hp")
    case, secret = open_case(op, "警報", 4, "cross_sector")
    number = own.wait(1)[0][2]["number"]
    mine = [relayed("来週までに対応を")]
    for s in (bank, affiliate):
        wait_for("the relay at " + s.member, lambda s=s: len(got(s, "bulletin")) == 1)
    code, text = desk("relay", number, "--note", "本日中に対応を")
    expect(code == 1 and "cancel that relay by its own number and relay anew" in text, f"what to do is said: {text}")
    code, text = desk("bulletin", "cancel", "--reason", "期限の誤り", mine[0])
    expect(code == 0, f"cancel: {code} {text}")
    for s in (bank, affiliate, own):
        wait_for("the end at " + s.member, lambda s=s: [b["reason"]["code"] for b in got(s, "cancel")] == ["relay_withdrawn"])
        end = got(s, "cancel")[0]
        expect(end["summary"]["ja"] == "期限の誤り" and end["origin"] == "relay" and "取消しではありません" in end["reason"]["ja"], f"{end}")
    expect("not cancelled" in cli(hub, "minatomirai-bank", "show", mine[0])[1], "as members read it")
    expect(desk("bulletin", "cancel", "--reason", "再度", mine[0])[0] == 1, "it ends once")
    expect("bulletin.cancel" in desk("audit")[1], "the audit log has it")
    # The original goes on; what was taken back says nothing more, and the new relay does.
    mine.append(relayed("本日中に対応を"))
    expect(op.post(case + "/reports", report("続報", 4, "cross_sector", stage="follow_up"), headers=secret)[0] == 201, "a follow-up")
    for s in (bank, affiliate):
        wait_for("the update at " + s.member, lambda s=s: [b["number"] for b in got(s, "update")] == mine[1:])
    expect(desk("relay", number)[0] == 1, "one living relay")
    expect(not [e for e in hospital.of("bulletin") + hospital.of("cancel") if e[2]["number"] in mine], "not to other CEPTOARs")
print("taken back, and passed on anew")
