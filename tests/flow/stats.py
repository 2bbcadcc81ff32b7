# SPDX-License-Identifier: Apache-2.0
"""Statistics and assessments on the real hub; closed years are put into its database."""
import contextlib
import csv
import io
import sqlite3

from hub import Client, Hub, cli, expect, open_case, report

CLASSES = {"info_leak": 40, "system_unavailable": 25, "malware_infection": 3}


def a_closed_year(hub):
    hub.stop()
    with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db", isolation_level=None)) as db:
        for quarter in range(4):
            db.executemany("INSERT INTO stats VALUES (?, ?, 'medical', ?)", [(2024 * 4 + 1 + quarter, c, n) for c, n in CLASSES.items()])
    hub.start()


with Hub() as hub:
    centre, desk, op = Client(hub, "centre"), Client(hub, "medical-desk"), Client(hub, "aozora-hp")
    live = lambda: {g["group"]: g["cases"] for g in centre.get("/v1/stats")[2]["live"][-1]["groups"]}
    for title in ("a", "b", "c", "d"):
        expect(op.post("/v1/reports", report(title, 1, event_types=["info_leak"], exercise=title == "d"))[0] == 201, "a report")
    path, mine = open_case(op, "e", 3)
    expect(live()["public-services"] == 4, f"live: {live()}")
    expect(op.post(path + "/reports", report("f", 3), headers=mine)[0] == 201, "a follow-up")
    expect(live()["public-services"] == 4, f"a follow-up counts: {live()}")
    expect(op.post(path + "/withdraw", {}, headers=mine)[0] == 200, "a withdrawal")
    expect(live()["public-services"] == 3, f"what was taken back counts: {live()}")
    now = desk.get("/v1/stats")[2]
    expect("live" not in now and all(r["year"] is None for r in now["classes"]), f"a secretariat sees what is not settled: {now}")
    expect(op.get("/v1/stats")[0] == 404, "an operator sees statistics")

    # The centre says how grave a case was, twice; what was claimed stays.
    path, mine = open_case(op, "g", {"continuity": 3, "safety": 0, "trust": 1})
    case = path.rpartition("/")[2]
    said = [cli(hub, *words) for words in (("centre", "assess", case, "4,1"), ("centre", "assess", case, "2"), ("centre", "assess", case, "5"), ("medical-desk", "assess", case, "1"))]
    expect([status for status, _ in said] == [0, 0, 2, 1], f"{said}")
    item = next(i for i in desk.get("/v1/inbox")[2]["items"] if i["case"] == case)
    expect([a["overall"] for a in item["severity_assessed"]] == [4, 2], f"{item}")
    expect(item["report"]["severity_claimed"] == {"continuity": 3, "safety": 0, "trust": 1}, f"the claim changed: {item}")
    rows = [r for r in centre.get("/v1/audit")[2]["rows"] if r["action"] == "assess"]
    expect([r["detail"] for r in rows] == ["version 2: level 2", "version 1: level 4"] and {r["ref"] for r in rows} == {case}, f"{rows}")

    a_closed_year(hub)
    got = Client(hub, "medical-desk").get("/v1/stats?year=2024")[2]
    years = {r["class"]: r["year"] for r in got["classes"] if r["class"] in CLASSES}
    expect(years == {"info_leak": 160, "system_unavailable": 100, "malware_infection": 12} and got["total"]["year"] == 272, f"{years} {got['total']}")
    quarter = {r["class"]: r["quarters"][0] for r in got["classes"] if r["class"] in CLASSES}
    expect(quarter == {"info_leak": 40, "system_unavailable": "<11*", "malware_infection": "<11*"}, f"{quarter}")
    for ask in ({"path": "/v1/stats.csv?year=2024"}, {"path": "/v1/stats?year=2024", "headers": {"Accept": "text/csv"}}):
        status, head, text = Client(hub, "medical-desk").get(**ask)
        table = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
        expect(status == 200 and head["Content-Type"].startswith("text/csv"), f"{ask}: {status} {head}")
        expect(any(r["class"] == "info_leak" and r["sector"] == "all" and r["year"] == "160" for r in table), f"{table}")
    out = cli(hub, "centre", "stats", "--year", "2024")[1] + cli(hub, "medical-desk", "stats", "--year", "2024", "--csv")[1]
    expect("as it stands, from" in out and "2024,all,,,all,,,68,68,68,68,272" in out, out)
print("counts by class, sector and quarter; two assessments of one case")
