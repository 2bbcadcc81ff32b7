# SPDX-License-Identifier: Apache-2.0
"""Passing on, by the desk's command line; who gets it, what follows, what is refused."""
import json
import os

from council import cli
from hub import ROOT, Client, Hub, Stream, expect, open_case, replace, wait_for

BASE = os.environ.get("TEST_TMP", "/tmp")
with open(ROOT + "/conf/demo-members.json", encoding="utf-8") as f:
    members = json.load(f)
members["members"].append({"id": "asagao-shinkin", "names": {"en": "Asagao Shinkin Bank"}, "roles": [{"role": "affiliate", "ceptoar": "bank-ceptoar"}]})
replace(BASE + "/members.json", json.dumps(members, ensure_ascii=False).encode())


def desk(*args):
    return cli(hub, "bank-desk", "--json", *args)


def originals(stream, *names):
    return [e[2]["relay"]["original"]["number"] for e in stream.of(*names) if "relay" in e[2]]


with Hub(members=BASE + "/members.json") as hub:
    wants = {"min_severity": 0, "cross_sector": 0, "sectors": [], "products": [], "exercise": True}
    expect(Client(hub, "bank-desk").request("PUT", "/v1/subscription", wants)[0] == 200, "the desk listens to other sectors")
    bank, affiliate, own, hospital = (Stream(hub, m) for m in ("minatomirai-bank", "asagao-shinkin", "bank-desk", "hibari-hp"))
    op = Client(hub, "aozora-hp")
    case, mine = open_case(op, "警報", 4, "cross_sector")
    number = own.wait(1)[0][2]["number"]
    code, text = desk("relay", number, "--note", "至急、確認を。", "--ack-by", "2036-11-20T09:00:00+09:00")
    expect(code == 0, f"relay: {code} {text}")
    made = json.loads(text)
    for s in (bank, affiliate):
        wait_for("the relay at " + s.member, lambda s=s: originals(s, "bulletin") == [number])
        got = [e[2] for e in s.of("bulletin") if "relay" in e[2]][0]
        expect(got["origin"] == "relay" and got["number"] == made["number"] and got["ack"]["required"] and got["relay"]["note"]["ja"] == "至急、確認を。", f"{got}")
    inner = got["relay"]["original"]
    replace(BASE + "/inner.json", json.dumps(inner, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    expect(cli(hub, "asagao-shinkin", "verify", BASE + "/inner.json")[0] == 0, "the original verifies by itself")
    expect("the original in it: verified" in cli(hub, "asagao-shinkin", "verify", made["number"])[1], "and where it is")
    text = cli(hub, "asagao-shinkin", "show", made["number"])[1]
    expect("警報" in text and "至急" in text and "WARNING" not in text, f"show: {text}")
    # Once; never a wrapper; nothing for who is not its desk.
    expect(desk("relay", number)[0] == desk("relay", made["number"])[0] == 1, "a loop or a second one is refused")
    # The reporter takes it back: everybody whom the relay reached hears it.
    expect(op.post(case + "/withdraw", None, headers=mine)[0] == 200, "withdraw")
    for s in (bank, affiliate):
        wait_for("the end at " + s.member, lambda s=s: originals(s, "cancel") == [number])
    expect(not originals(hospital, "bulletin", "cancel"), "not to other CEPTOARs")
    # A standing order does it without anybody, the note follows; affiliates alone when members have it.
    expect(desk("orders", "set", "--ceptoar", "bank-ceptoar", "--min-severity", "3", "--from", "any", "--when", "always")[0] == 0, "orders set")
    Client(hub, "minatomirai-bank").post("/v1/reports", {"kind": "incident", "title": "銀行", "severity_claimed": 3, "consent": {"publish": "ceptoar"}})
    wait_for("the order's relay", lambda: len(originals(affiliate, "bulletin")) == 2)
    number = originals(affiliate, "bulletin")[1]
    expect(desk("relay", number, "--note", "朝の追記")[0] == 0 and desk("relay", number)[0] == 1, "the note follows, once")
    wait_for("the note", lambda: "朝の追記" in str([e[2] for e in affiliate.of("update")]))
    expect(number not in originals(bank, "bulletin", "update") and "relay.order" in desk("audit")[1], "not told twice; the order's own row")
    expect(desk("orders", "drop", "bank-ceptoar.any")[0] == 0 and json.loads(desk("orders")[1])["orders"] == [], "the order ends")
print("passed on to members and affiliates, once, and to its end")
