# SPDX-License-Identifier: Apache-2.0
"""What the flows about who wants what share: readers of every kind on real streams, of whom each row of a test is asked."""
import json
import time

from hub import SLOWER, Client, Hub, Stream, crowd, expect, replace, report, wait_for

DEFAULT = {"min_severity": 0, "cross_sector": None, "sectors": [], "products": [], "exercise": True}
MORE = {"medical-ministry": [{"role": "ministry", "ceptoar": "medical-ceptoar"}], "bank-ministry": [{"role": "ministry", "ceptoar": "bank-ceptoar"}],
        "ginnan-univ": [{"role": "subscriber", "community": "universities"}], "kiri-kumiai": [{"role": "subscriber", "community": "building-automation"}]}
READERS = ("aozora-hp", "hibari-hp", "wakaba-hp", "hikari-power", "himawari-card", "medical-desk", "centre", "sensor-agency", *MORE)


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
