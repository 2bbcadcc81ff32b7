# SPDX-License-Identifier: Apache-2.0
"""What an operator wants, over real streams: levels by sector, kinds, OT."""
from hub import Hub, expect
from readers import DEFAULT, Readers, members

with Hub(members=members()) as hub:
    r = Readers(hub)
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
    for bad, field in (({"sector_levels": {"x/y": 1}}, "/sector_levels/x~1y"), ({"sector_levels": {"water": 5}}, "/sector_levels/water"),
                       ({"kinds": ["attack_method", "x"]}, "/kinds/1"), ({"kinds": "x"}, "/kinds"), ({"ot_only": 1}, "/ot_only"),
                       ({"sectors": ["water", "gas", 3]}, "/sectors/2"), ({"sectors": ["x"]}, "/sectors/0"), ({"products": ["p", ""]}, "/products/1")):
        status, _, got = r.clients["hibari-hp"].request("PUT", "/v1/subscription", {**DEFAULT, **bad})
        expect((status, got.get("pointer")) == (422, field), f"{bad}: {status} {got}")
print("chosen by sector and level, by kind, by OT")
