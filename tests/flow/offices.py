# SPDX-License-Identifier: Apache-2.0
"""Ministries of a CEPTOAR, reporters that keep the government out, and communities beside the CEPTOARs."""
import os

from hub import Hub, expect, open_case, replace, report, wait_for
from readers import Readers, members

CONF = os.environ["TEST_TMP"] + "/conf"
replace(CONF, b"[policy]\nministry_level = 5\n")
with Hub(members=members(), conf=CONF) as hub:
    r = Readers(hub)
    inbox = lambda: len(r.clients["centre"].get("/v1/inbox?limit=500")[2]["items"])
    before = inbox()
    r.wants("bank-ministry", cross_sector=0)
    expect("bank-ministry" in r.reports("寅", 4, "cross_sector"), "a ministry that asked for other sectors")
    got = r.reports("辛", 4, "cross_sector", consent={"publish": "cross_sector", "government": False})
    expect("wakaba-hp" in got and not got & {"centre", "medical-ministry", "bank-ministry"}, f"kept from the government: {got}")
    expect(inbox() == before + 1, "it lies on the centre's desk")
    expect("medical-ministry" not in r.reports("壬", 4), "a ministry, where the policy does not speak of it")
    hub.reload("policy", ministry_level=3)
    wait_for("the policy", lambda: "medical-ministry" in r.reports("癸", 3, "cross_sector"))
    expect("bank-ministry" not in r.heard("癸", "medical-ministry"), "a ministry that answers for another CEPTOAR")
    expect("medical-ministry" not in r.reports("未", 3), "a ministry, where the reporter keeps it in the CEPTOAR")

    # Taken back by a follow-up: the case has left the centre's desk, messages and all; not when the centre was called.
    listed = lambda case: any(i["case"] == case for i in r.clients["centre"].get("/v1/inbox?limit=500")[2]["items"])
    kept = {"consent": {"publish": "ceptoar", "government": False}}
    for hotline, seen in ({}, False), ({"hotline": "consult"}, True):
        path, holder = open_case(r.clients["hibari-hp"], "酉", 3, **hotline)
        expect(listed(path[10:]) and r.clients["hibari-hp"].post(path + "/reports", report("戌", 3, **kept), headers=holder)[0] == 201, "at first")
        expect(r.clients["hibari-hp"].post(path + "/messages", {"text": "亥"}, headers=holder)[0] == 201, "the message")
        codes = tuple(r.clients["centre"].request(m, path + "/messages", b)[0] for m, b in (("GET", None), ("POST", {"text": "亥"})))
        expect(codes == ((200, 201) if seen else (404, 404)) and listed(path[10:]) == seen, f"{hotline}: the centre: {codes}")
        expect(r.clients["medical-desk"].get(path + "/messages")[0] == 200, "the secretariat has it")

    # What such reports alone name is no trend of the centre's.
    names = lambda m: [t["topic"] for t in r.clients[m].get("/v1/trends")[2]["trends"]]
    for i, member in enumerate(("aozora-hp", "hibari-hp", "wakaba-hp", "aozora-hp")):
        expect(not names("centre") and r.clients[member].post("/v1/reports", report("亥", 1, indicators=[{"type": "domain", "value": "c2.evil.example"}], **({} if i == 3 else kept)))[0] == 201, f"{i}")
        expect(len(names("medical-desk")) == (i >= 2) and len(names("centre")) == (i == 3), f"after {i + 1}: {names('medical-desk')} {names('centre')}")

    # Chosen for each bulletin: groups of sectors, agencies, and nobody of the government.
    r.releases("丑", audience={"groups": ["finance"]})
    got = r.heard("丑", "himawari-card")
    expect(not got & {"hibari-hp", "hikari-power", "sensor-agency", "medical-ministry"}, f"for the group alone: {got}")
    r.releases("卯", audience={"ceptoars": ["medical-ceptoar"], "government": {"agencies": True}})
    expect({"hibari-hp"} <= r.heard("卯", "sensor-agency"), "members and agencies")
    r.releases("辰", audience={"ceptoars": ["medical-ceptoar"], "government": False})
    got = r.heard("辰", "hibari-hp")
    expect("medical-desk" in got and not got & {"centre", "sensor-agency", "medical-ministry"}, f"kept from the government: {got}")

    figures = r.releases("子", audience={"communities": ["universities"]})
    expect((figures["others"], figures["members"]) == (1, 0), f"it would reach: {figures}")
    got = r.heard("子", "ginnan-univ")
    expect(got <= {"ginnan-univ", "medical-desk", "centre"}, f"for a community alone: {got}")
    rows = [e[2] for m in ("ginnan-univ", "kiri-kumiai") for e in r.streams[m].of("bulletin")]
    expect([x["title"]["ja"] for x in rows] == ["子"], f"what communities got in all: {rows}")
    me = r.clients["ginnan-univ"].get("/v1/me")[2]
    expect(me["roles"] == [{"role": "subscriber", "community": "universities"}] and not me["may_report"], f"{me}")
print("the government kept out; ministries and communities get theirs alone")
