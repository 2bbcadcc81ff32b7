# SPDX-License-Identifier: Apache-2.0
"""The days pass by a file that the test build adds to its clocks."""
import base64
import os

from hub import BUILD, Client, Hub, expect, replace, report, wait_for

DAY = 86400
base = os.environ["TEST_TMP"]
at = lambda seconds: replace(base + "/clock", str(seconds).encode())
at(0)


def left(data):
    """Files of the hub that hold the end of an envelope: its ciphertext and tag."""
    return [f for d, _, names in os.walk(hub.dir) for f in (os.path.join(d, n) for n in names)
            if os.path.isfile(f) and data[-150:] in open(f, "rb").read()]


with Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": base + "/clock"}) as hub:
    consent = {"publish": "none", "identity": "named", "named_to": ["centre"]}
    post = lambda: Client(hub, "aozora-hp").attempt("POST", "/v1/reports", report("x", 1, consent=consent))
    ask = lambda i: Client(hub, "centre").attempt("GET", f"/v1/reports/{i}/identity")
    first = wait_for("a report", lambda: post()[2].get("id"))
    named = base64.b64decode(ask(first)[2]["cms"])
    expect(hub.ctl("envelope", "export", "--report", first, "--reason", "kept for this test", "--out", base + "/e")[0] == 0, "export")
    sealed = open(base + "/e", "rb").read()
    expect(left(named) and left(sealed), "the envelopes are in no file")
    # A hub that sleeps through half a year does not believe its clock at once; one that is used does.
    for day in (90, 180):
        at(day * DAY)
        hub.stop()
        hub.start()
        second = wait_for("a report", lambda: post()[2].get("id"))
        expect(ask(first)[0] == 200, f"gone on day {day}")
    at(181 * DAY)
    hub.stop()
    hub.start()
    wait_for("the end of the envelope", lambda: ask(first)[0] == 404)
    wait_for("the log to be emptied", lambda: not left(named) and not left(sealed))
    expect(ask(second)[0] == 200, "an envelope of yesterday is gone")
    expect(hub.ctl("envelope", "export", "--report", first, "--reason", "too late for that", "--out", base + "/f")[0] == 1, "it is gone")
    expect(hub.ctl("envelope", "log", "--verify")[0] == 0 and "kept for this test" in hub.ctl("envelope", "log")[1], "the log")
print("after 180 days nothing of an envelope is left")
