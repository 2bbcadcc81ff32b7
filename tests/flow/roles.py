# SPDX-License-Identifier: Apache-2.0
"""The readers and reporters that are neither operator of one CEPTOAR nor its desk."""
import time

from hub import SLOWER, Client, Hub, Stream, expect, report, wait_for

with Hub() as hub:
    members = ("aozora-hp", "kaku-pref", "kenkyu-observer", "sensor-agency", "nagisa-clinic", "hikari-power", "centre",
               "mizuhodai-water", "komorebi-town", "kosei-ministry")
    client = {m: Client(hub, m) for m in members}
    streams = {m: Stream(hub, m) for m in members}
    for m in ("kosei-ministry", "sensor-agency"):
        wants = {"min_severity": 0, "cross_sector": 3, "sectors": [], "products": [], "exercise": True}
        expect(client[m].request("PUT", "/v1/subscription", wants)[0] == 200, f"{m} subscribes")
    number = 0

    def told(sender, *more, **fields):
        """(status, who received it, answer)"""
        global number
        number += 1
        status, _, body = client[sender].post("/v1/reports", report(f"N{number}", *more, **fields))
        if status == 201 and "bulletin" in body:
            wait_for(f"N{number} at the centre", lambda: any(e[2]["title"]["ja"] == f"N{number}" for e in streams["centre"].of("bulletin")))
        time.sleep(0.2 * SLOWER)
        got = [m for m, s in streams.items() for e in s.of("bulletin") if e[2]["title"]["ja"] == f"N{number}"]
        return status, sorted(got), body

    def reached(sender, want, *more, **fields):
        status, got, body = told(sender, *more, **fields)
        expect((status, got) == (201, sorted(want)), f"{sender} {more} {fields}: {status} {got} {body}, not {want}")

    cross = ["hikari-power", "sensor-agency", "kosei-ministry", "centre"]
    # Clearance: an observer up to GREEN, nobody RED.
    reached("aozora-hp", ["aozora-hp", "kenkyu-observer", *cross], 4, "cross_sector", tlp="TLP:GREEN")
    reached("aozora-hp", ["aozora-hp", "kenkyu-observer", *cross], 4, "cross_sector", tlp="WHITE")
    reached("aozora-hp", ["aozora-hp", *cross], 4, "cross_sector", tlp="TLP:AMBER")
    reached("aozora-hp", ["aozora-hp", *cross], 4, "cross_sector", tlp="TLP:AMBER+STRICT")
    reached("aozora-hp", [], 4, "cross_sector", tlp="TLP:RED")
    # An affiliate reports into its CEPTOAR and is in nobody's audience.
    reached("nagisa-clinic", ["aozora-hp", "centre"], 3)
    reached("nagisa-clinic", ["aozora-hp", *cross], 4, "cross_sector")
    # An agency belongs to no CEPTOAR: to the centre's desk, or across the sectors.
    reached("sensor-agency", [], 3, "cross_sector")
    reached("sensor-agency", [], 4, "ceptoar")
    reached("sensor-agency", cross, 4, "cross_sector")
    # Two CEPTOARs: it must say which one, and gets a warning once.
    status, got, body = told("kaku-pref", 3)
    expect((status, body["pointer"]) == (422, "/ceptoar") and not got, f"{status} {body}")
    status, got, body = told("kaku-pref", 3, ceptoar="medical-ceptoar")
    expect((status, body["pointer"]) == (422, "/ceptoar") and not got, f"another's CEPTOAR: {status} {body}")
    expect(told("aozora-hp", 3, ceptoar="water-ceptoar")[0] == 422, "another's CEPTOAR")
    reached("kaku-pref", ["kaku-pref", "mizuhodai-water", "centre"], 3, ceptoar="water-ceptoar")
    reached("kaku-pref", ["kaku-pref", "komorebi-town", "centre"], 3, ceptoar="local-government-ceptoar")
    reached("kaku-pref", ["kaku-pref", "mizuhodai-water", *cross], 4, "cross_sector", ceptoar="water-ceptoar")
    for m in ("kenkyu-observer", "kosei-ministry", "centre"):
        expect(told(m, 3)[0] == 403, f"a report of {m}")
    inbox = Client(hub, "centre").get("/v1/inbox")[2]["items"]
    expect({"N8", "N9"} <= {i["report"]["title"]["ja"] for i in inbox}, "an agency's reports are not on the centre's desk")
print(number, "reports reached exactly whom they should")
