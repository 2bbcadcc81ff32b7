# SPDX-License-Identifier: Apache-2.0
"""Time passes by the file's first number; by the second the clock on the wall is wrong."""
import os
import time

from hooks import TMP, Hook, answer, hub_with
from hub import BUILD, SLOWER, Client, Stream, expect, open_case, replace, wait_for

DAY, YEAR = 24 * 3600, 365 * 24 * 3600
clock = os.path.join(TMP, "clock")
at = lambda minutes, wrong=0: replace(clock, f"{minutes * 60} {wrong}".encode())
quiet = lambda: time.sleep(2.5 * SLOWER)  # the keeper looks once a second
gate = Hook()
replace(TMP + "/gateway.key", gate.secret.hex().encode() + b"\n")
at(0)
with hub_with({"night-a": [{"sms": "090-0000-1001"}, {"voice": "090-0000-1002"}]}, always=("night-a",),
              hub={"build": BUILD + "/tc", "env": {"CEPTOAR_TEST_CLOCK": clock}},
              gateway=f"https://localhost:{gate.port}/gw", gateway_secret=TMP + "/gateway.key") as hub:
    centre = Stream(hub, "centre", again=True)
    centre.wait(1, "hello")
    open_case(Client(hub, "aozora-hp"), "時計", 4)
    wait_for("the alarm on both pagers", lambda: len(gate.got) == 2)

    # A year ahead, and the keeper dies: what is due in five minutes is due in five minutes.
    at(5, YEAR)
    quiet()
    hub.kill("keeper")
    time.sleep(5 * SLOWER)
    expect(len(gate.got) == 2, f"a step of the clock paged: {len(gate.got)}")

    # It comes, fails, and is tried again when the clock is right: neither a year later nor given up.
    gate.says = answer(503)
    at(11, YEAR)
    wait_for("the second time under the wrong clock", lambda: len(gate.got) > 2)
    gate.says = answer()
    tried = len(gate.got)
    at(12)
    wait_for("another try", lambda: len(gate.got) > tried)
    quiet()
    tried = len(gate.got)
# A day back, and the hub is stopped in between: no page is late.
at(15, -DAY)
hub.start()
with hub:
    time.sleep(5 * SLOWER)
    expect(len(gate.got) == tried, f"paged too early: {len(gate.got)}")
    at(21, -DAY)
    wait_for("the second contact", lambda: len(gate.got) > tried)
    at(31, -DAY)
    wait_for("the centre's figure", lambda: [e for e in centre.of("inbox") if "silent" in e[2]])
    pages = len(gate.got)
    # The clock stays so: it is believed after an hour, and what is done is done.
    for minutes in (50, 74, 78, 120):
        at(minutes, -DAY)
        quiet()
    expect(len(gate.got) == pages, "believed, it paged anew")
    expect(len([e for e in centre.of("inbox") if "silent" in e[2]]) == 1, "one figure")
    lines = Client(hub, "medical-desk").get(f"/v1/bulletins/{gate.bulletins()[0][0]['number']}/deliveries")[2]["deliveries"]
    expect({r["state"] for d in lines for r in d["routes"] if r["route"] in ("sms", "voice")} == {"sent"}, f"{lines}")
print(f"{pages} pages over a year ahead, a day back and two starts")
