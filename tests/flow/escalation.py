# SPDX-License-Identifier: Apache-2.0
"""Half an hour of silence at night: whom a gateway rings when, and what is left on the desks."""
import os
import time

from hooks import TMP, Hook, hub_with
from hub import BUILD, SLOWER, Client, Stream, cli, expect, open_case, replace, wait_for

clock = os.path.join(TMP, "clock")
at = lambda minutes: replace(clock, str(minutes * 60).encode())
quiet = lambda: time.sleep(2.5 * SLOWER)  # the keeper looks once a second
gate = Hook()
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
NIGHT = [{"sms": "090-0000-1001"}, {"sms": "090-0000-1002"}, {"voice": "090-0000-1003"}]
people = {"night-a": NIGHT, "night-b": [{"sms": "090-0000-2001", "lang": "en"}]}
at(0)
with hub_with(people, always=("night-a", "night-b"), hub={"build": BUILD + "/tc", "env": {"CEPTOAR_TEST_CLOCK": clock}},
              gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    centre = Stream(hub, "centre")
    centre.wait(1, "hello")
    said = lambda: sorted(m["to"][-4:] for m, _ in gate.bulletins())
    open_case(Client(hub, "aozora-hp"), "止まらない件", 4)
    wait_for("the alarm on every pager", lambda: said() == ["1001", "1002", "1003", "2001"])
    number = gate.bulletins()[0][0]["number"]
    expect(not any("未確認" in m["text"]["ja"] for m, _ in gate.bulletins()), "not asked yet")
    at(11)
    wait_for("a second time, the loudest way", lambda: said() == ["1001", "1002", "1003", "1003", "2001", "2001"])
    expect(all("【未確認】" in m["text"]["ja"] and "not acknowledged" in m["text"]["en"] for m, _ in gate.bulletins()[4:]), "says why")
    expect(len({h["webhook-id"] for _, h in gate.bulletins()}) == 6, "no gateway takes it for a repetition")

    # One of them has read it; the keeper dies and goes on where it was.
    expect(cli(hub, "night-a", "ack", number)[0] == 0, "the acknowledgement")
    hub.kill("keeper")
    at(21)
    wait_for("a second contact of the other", lambda: said().count("2001") == 3)
    quiet()
    expect(len(gate.got) == 7, f"who has answered: {said()}")

    # The time is over: one figure for the centre, nothing for each of the silent.
    at(31)
    bell = next(e[2] for e in centre.wait(2, "inbox") if "silent" in e[2])
    expect(bell["number"] == number and bell["ceptoar"] is None and 0 <= bell["percent"] < 100, f"{bell}")
    inbox = Client(hub, "centre").get("/v1/inbox")[2]
    expect(any(v["number"] == number and v["silent"] == bell["silent"] for v in inbox["silences"]), f"{inbox['silences']}")
    desk = Client(hub, "medical-desk")
    lines = desk.get(f"/v1/bulletins/{number}/deliveries")[2]["deliveries"]
    brought = sorted(r["brought_by"] for d in lines for r in d["routes"] if r["route"] in ("sms", "voice") and r["state"] == "sent")
    expect(brought == ["release"] * 4 + ["second_contact"] + ["second_route"] * 2, f"{brought}")
    text = cli(hub, "medical-desk", "deliveries", number)[1]
    expect("sms:sent (second contact)" in text and "voice:sent (second route)" in text, text)
    expect(len(centre.of("inbox")) == 2, "more than one figure")
print(f"{len(gate.got)} pages, {bell['percent']} % after half an hour")
