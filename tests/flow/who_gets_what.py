# SPDX-License-Identifier: Apache-2.0
"""The table of the contract, level by level, over real streams of every kind of reader."""
import time

from hub import Client, Hub, Stream, expect, report, wait_for

OWN, OTHER, CROSS, DESK, CENTRE = "own sector", "other sector", "cross-sector subscriber", "own desk", "centre"
# (level, consent, tlp) -> who receives the bulletin; what others see is nothing.
TABLE = [
    ((0, "cross_sector", "TLP:GREEN"), set()),
    ((2, "cross_sector", "TLP:GREEN"), set()),
    ((3, "cross_sector", "TLP:AMBER"), {OWN, DESK, CENTRE}),
    ((3, "ceptoar", "TLP:AMBER"), {OWN, DESK, CENTRE}),
    ((4, "cross_sector", "TLP:AMBER"), {OWN, DESK, CENTRE, CROSS}),
    ((4, "ceptoar", "TLP:AMBER"), {OWN, DESK, CENTRE}),
    ((4, "none", "TLP:AMBER"), set()),
    ((4, "cross_sector", "TLP:RED"), set()),
]

with Hub() as hub:
    members = {OWN: "aozora-hp", OTHER: "himawari-card", CROSS: "hikari-power", DESK: "medical-desk", CENTRE: "centre"}
    import json, os
    known = [d for d in os.listdir(hub.dir) if os.path.exists(f"{hub.dir}/{d}/cert.pem")]
    expect(set(members.values()) <= set(known), f"demo members are missing, there are {sorted(known)}")
    streams = {who: Stream(hub, m) for who, m in members.items()}
    client = Client(hub, "aozora-hp")
    for number, ((level, publish, tlp), want) in enumerate(TABLE):
        title = f"T{number}"
        status, _, body = client.post("/v1/reports", report(title, level, publish, tlp=tlp))
        expect(status == 201, f"{title}: {status} {body}")
        expect(("bulletin" in body and body["bulletin"] is not None) == bool(want), f"{title}: receipt {body}")
        has = lambda who: any(e[2]["title"].get("ja") == title for e in streams[who].of("bulletin"))
        for who in want:
            wait_for(f"{title} at the {who}", lambda: has(who))
        time.sleep(0.15)
        for who in set(members) - want:
            expect(not has(who), f"{title} (level {level}, {publish}, {tlp}) reached the {who}")
    # Every report rings the own desk; the centre's desk hears level 3 and up.
    expect(len(streams[DESK].wait(len(TABLE), "inbox")) == len(TABLE), "bells at the own desk")
    expect(len(streams[CENTRE].wait(6, "inbox")) == 6, "bells at the centre's desk")
    for who in (OWN, OTHER, CROSS):
        expect(not streams[who].of("inbox"), f"an inbox bell reached the {who}")
    items = Client(hub, "medical-desk").get("/v1/inbox")[2]["items"]
    expect(len(items) == len(TABLE), f"{len(items)} items in the inbox")
    expect(len(Client(hub, "centre").get("/v1/inbox")[2]["items"]) == 6, "items on the centre's desk")
    for url, status in (("CEPTOAR_URL", 404), ("CEPTOAR_DESK_URL", 403)):
        expect(Client(hub, "aozora-hp", url).get("/v1/inbox")[0] == status, "an operator read the inbox")
    text = json.dumps(items)
    expect("aozora" not in text and "青空" not in text, "the inbox names the sender")
print(len(TABLE), "rows of the table hold for five kinds of reader")
