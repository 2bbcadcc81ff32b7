# SPDX-License-Identifier: Apache-2.0
"""Who wants what, over real streams: sector levels, kinds, OT, the government, ministries by CEPTOAR, communities."""
import json
import os
import time

from hub import SLOWER, Client, Hub, Stream, crowd, expect, replace, report, wait_for

DEFAULT = {"min_severity": 0, "cross_sector": None, "sectors": [], "products": [], "exercise": True}
MORE = {"medical-ministry": [{"role": "ministry", "ceptoar": "medical-ceptoar"}], "bank-ministry": [{"role": "ministry", "ceptoar": "bank-ceptoar"}],
        "ginnan-univ": [{"role": "subscriber", "community": "universities"}], "kiri-kumiai": [{"role": "subscriber", "community": "building-automation"}]}
READERS = ("aozora-hp", "hibari-hp", "wakaba-hp", "hikari-power", "himawari-card", "medical-desk", "centre", *MORE)


def members():
    """The sample members, more hospitals so that what a warning shows names nobody, ministries of one CEPTOAR, communities."""
    path = crowd("medical-ceptoar", 14)
    with open(path, encoding="utf-8") as f:
        data = json.load(f)
    data["members"] += [{"id": m, "names": {"en": m}, "domains": [f"{m}.example.jp"], "roles": roles} for m, roles in MORE.items()]
    replace(path, json.dumps(data, ensure_ascii=False).encode())
    return path


class Readers:
    def __init__(self, hub):
        self.clients = {m: Client(hub, m) for m in READERS}
        self.streams = {m: Stream(hub, m, again=True) for m in READERS}

    def wants(self, member, **more):
        got = self.clients[member].request("PUT", "/v1/subscription", {**DEFAULT, **more})
        expect(got[0] == 200 and {k: got[2][k] for k in more} == more, f"PUT {more} as {member}: {got}")

    def heard(self, title, mark):
        """Everybody who got it, once the reader that must get it has."""
        has = lambda m: any(title in e[2].get("title", {}).get("ja", "") for e in self.streams[m].of("bulletin"))
        wait_for(f"{title} at {mark}", lambda: has(mark))
        time.sleep(0.4 * SLOWER)
        return {m for m in READERS if has(m)}

    def reports(self, title, level=3, publish="ceptoar", **more):
        got = self.clients["aozora-hp"].post("/v1/reports", report(title, level, publish, **more))
        expect(got[0] == 201 and "bulletin" in got[2], f"{title}: {got}")
        return self.heard(title, "aozora-hp")

    def releases(self, title, **more):
        """A draft of the secretariat's; where a second person has to agree, the centre does."""
        desk, centre = self.clients["medical-desk"], self.clients["centre"]
        draft = desk.post("/v1/drafts", {"severity": 3, "title": title, **more})[2]["id"]
        figures = desk.get(f"/v1/drafts/{draft}/audience")[2]["figures"]
        status, _, got = desk.post(f"/v1/drafts/{draft}/release", {})
        if status == 409:
            waits = next(x["id"] for x in centre.get("/v1/second")[2]["second"] if x["draft"]["id"] == draft)
            status, _, got = centre.post("/v1/second/" + waits, {"agree": True})
        expect(status in (200, 201) and "bulletin" in got, f"{title}: {status} {got}")
        return figures


def choices(r):
    """What an operator wants."""
    r.wants("hikari-power", sector_levels={"medical": 4, "water": 0})
    r.wants("himawari-card", sector_levels={"water": 4})
    expect("hikari-power" not in r.reports("甲", 3), "below its level for that sector")
    got = r.reports("乙", 4, "cross_sector")
    expect("hikari-power" in got and "himawari-card" not in got, f"sector and level: {got}")
    r.wants("hibari-hp", kinds=["attack_method"])
    r.releases("丙", kind="attack_method")
    expect({"hibari-hp", "wakaba-hp"} <= r.heard("丙", "aozora-hp"), "the kind that is wanted")
    got = r.reports("丁", 3)
    expect("hibari-hp" not in got and "wakaba-hp" in got, f"an early warning is another kind: {got}")
    expect("hibari-hp" in r.reports("戊", 4), "a crisis of the own CEPTOAR comes through")
    r.wants("hibari-hp", ot_only=True)
    got = r.reports("己", 3, systems=["it"])
    expect("hibari-hp" not in got and "wakaba-hp" in got, f"information technology alone: {got}")
    expect("hibari-hp" in r.reports("庚", 3, systems=["it", "ot"]), "operational technology is touched")
    for bad, field in (({"sector_levels": {"x": 1}}, "/sector_levels"), ({"sector_levels": {"water": 5}}, "/sector_levels"),
                       ({"kinds": ["x"]}, "/kinds"), ({"ot_only": 1}, "/ot_only")):
        status, _, got = r.clients["hibari-hp"].request("PUT", "/v1/subscription", {**DEFAULT, **bad})
        expect((status, got.get("pointer")) == (422, field), f"{bad}: {status} {got}")


def government(r, hub):
    """Whom of the government a report reaches."""
    inbox = lambda: len(r.clients["centre"].get("/v1/inbox?limit=500")[2]["items"])
    before = inbox()
    r.wants("bank-ministry", cross_sector=0)
    expect("bank-ministry" in r.reports("寅", 4, "cross_sector"), "a ministry that asked for other sectors")
    got = r.reports("辛", 4, "cross_sector", consent={"publish": "cross_sector", "government": False})
    expect("wakaba-hp" in got and not got & {"centre", "medical-ministry", "bank-ministry"}, f"kept from the government: {got}")
    expect(inbox() == before + 1, "it lies on the centre's desk")
    expect("medical-ministry" not in r.reports("壬", 4), "a ministry, where the policy does not speak of it")
    hub.reload("policy", ministry_level=3)
    wait_for("the policy", lambda: "medical-ministry" in r.reports("癸", 3))
    expect("bank-ministry" not in r.heard("癸", "medical-ministry"), "a ministry that answers for another CEPTOAR")


def communities(r):
    """Bodies beside the CEPTOARs."""
    figures = r.releases("子", audience={"communities": ["universities"]})
    expect((figures["others"], figures["members"]) == (1, 0), f"it would reach: {figures}")
    got = r.heard("子", "ginnan-univ")
    expect(got <= {"ginnan-univ", "medical-desk", "centre"}, f"for a community alone: {got}")
    rows = [e[2] for m in ("ginnan-univ", "kiri-kumiai") for e in r.streams[m].of("bulletin")]
    expect([x["title"]["ja"] for x in rows] == ["子"], f"what communities got in all: {rows}")
    me = r.clients["ginnan-univ"].get("/v1/me")[2]
    expect(me["roles"] == [{"role": "subscriber", "community": "universities"}] and not me["may_report"], f"{me}")


CONF = os.environ["TEST_TMP"] + "/conf"
replace(CONF, b"[policy]\nministry_level = 5\n")
with Hub(members=members(), conf=CONF) as hub:
    readers = Readers(hub)
    choices(readers)
    government(readers, hub)
    communities(readers)
print("chosen by sector and level, kind and OT; the government kept out; ministries and communities get theirs alone")
