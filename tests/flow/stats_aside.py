# SPDX-License-Identifier: Apache-2.0
"""Agencies' reports and the centre's bulletins in the statistics of the real hub; a closed year from its database."""
import contextlib
import csv
import io
import sqlite3

from hub import Client, Hub, cli, expect, report

PAST = {":agencies": (5, 12, 0, 2), ":bulletins": (20, 31, 45, 31)}


def agreed(got, other):
    """What was asked for is released, by another person where it takes two; the bulletin's id."""
    if got[2].get("code") == "second_person_required":
        got = other.post("/v1/second/" + other.get("/v1/second")[2]["second"][-1]["id"], {"agree": True})
    expect(got[0] in (200, 201), f"{got}")
    return got[2]["bulletin"]["id"]


def send(desk, title, other=None, **more):
    made = desk.post("/v1/drafts", {"severity": 2, "title": title, "audience": {"ceptoars": ["medical-ceptoar"]}, **more})
    expect(made[0] == 201, f"{made}")
    return agreed(desk.post(f"/v1/drafts/{made[2]['id']}/release", {}), other)


with Hub() as hub:
    centre, other, desk, agency = (Client(hub, who) for who in ("centre/duty-1", "centre/duty-2", "medical-desk", "sensor-agency"))
    live = lambda: (lambda l: (l["agencies"], l["bulletins"], sum(g["cases"] for g in l["groups"])))(centre.get("/v1/stats")[2]["live"][-1])
    expect(live() == (0, 0, 0), f"{live()}")
    expect(agency.post("/v1/reports", report("観測", 1, "none", event_types=["system_intrusion"]))[0] == 201, "an agency's report")
    expect(live() == (1, 0, 0), f"an agency's report: {live()}")
    expect(cli(hub, "centre/duty-1", "hotline", "open")[0] == 0 and live() == (1, 0, 1), f"a call by telephone: {live()}")
    first = send(centre, "注意喚起", other)
    expect(live() == (1, 1, 1), f"a bulletin of the centre: {live()}")
    agreed(centre.post(f"/v1/bulletins/{first}/update", {"content": {"severity": 2, "title": "注意喚起（更新）"}}), other)
    expect(live() == (1, 1, 1), f"its next revision: {live()}")
    send(centre, "訓練", other, exercise=True)
    send(desk, "自セプターへ")
    expect(live() == (1, 1, 1), f"an exercise, and a secretariat's text: {live()}")
    send(centre, "続報", other)
    expect(live() == (1, 2, 1), f"another bulletin: {live()}")
    hub.stop()
    with contextlib.closing(sqlite3.connect(hub.dir + "/keeper.db", isolation_level=None)) as db:
        expect(sorted(db.execute("SELECT class, sector, n FROM stats WHERE sector LIKE ':%'")) == [("early_warning", ":bulletins", 2), ("system_intrusion", ":agencies", 1)], "rows")
        for sector, quarters in PAST.items():
            db.executemany("INSERT INTO stats VALUES (?, 'x', ?, ?)", [(2024 * 4 + 1 + q, sector, n) for q, n in enumerate(quarters)])
    hub.start()
    got = Client(hub, "medical-desk").get("/v1/stats?year=2024")[2]
    expect(got["bulletins"] == {"quarters": [20, 31, 45, 31], "year": 127} and got["total"]["year"] == 0, f"{got['bulletins']}")
    # 19 in all: the sum would tell 7 of two quarters, and is withheld.
    expect(got["agencies"] == {"quarters": ["<11*", 12, 0, "<11*"], "year": "<11*"}, f"{got['agencies']}")
    rows = {r["class"]: r for r in csv.DictReader(io.StringIO(cli(hub, "centre", "stats", "--year", "2024", "--csv")[1].lstrip("\ufeff")))}
    expect(rows["bulletins_sent"]["class_ja"] == "情報提供" and rows["bulletins_sent"]["year"] == "127", f"{rows}")
    expect(rows["from_agencies"]["jul_sep"] == "12" and rows["from_agencies"]["year"] == "<11*", f"{rows}")
    out = cli(hub, "centre", "stats", "--year", "2024")[1]
    expect(any(line.split() == ["bulletins", "of", "the", "centre", "20", "31", "45", "31", "127"] for line in out.splitlines()), out)
print("agencies' reports and the centre's bulletins, each in a row of its own")
