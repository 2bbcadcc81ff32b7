# SPDX-License-Identifier: Apache-2.0
"""Hours pass by a file that the test build adds to its clocks."""
import datetime
import os
import secrets
import time

from hub import BUILD, SLOWER, Client, Hub, Stream, case_secret, expect, replace, report, wait_for

HOUR, MINUTE = 3600, 60
clock = os.path.join(os.environ.get("TEST_TMP", "/tmp"), "clock")
at = lambda seconds: replace(clock, str(seconds).encode())
quiet = lambda: time.sleep(2.5 * SLOWER)  # the keeper looks once a second
at(0)
hub = Hub(build=BUILD + "/tc", env={"CEPTOAR_TEST_CLOCK": clock})
with hub:
    reader, high = Stream(hub, "hibari-hp", again=True), Stream(hub, "aozora-hp", "?min_severity=4", again=True)
    other, key = Stream(hub, "himawari-card", again=True), {"Idempotency-Key": secrets.token_urlsafe(24)}
    body = report("未確認の件", 3, case_commitment=case_secret()[1])
    post = lambda: Client(hub, "aozora-hp").attempt("POST", "/v1/reports", body, headers=key)
    first = post()[2]
    b = reader.wait(1)[0][2]
    times = [datetime.datetime.fromisoformat(b[k]) for k in ("issued_at", "valid_until")]
    expect(times[1] - times[0] == datetime.timedelta(hours=72), f"{times}")

    at(6 * HOUR - 10 * MINUTE)
    quiet()
    hub.kill("keeper")
    quiet()
    expect(not reader.of("update"), "the note came too early")
    at(6 * HOUR + MINUTE)
    note = reader.wait(1, "update")[0][2]
    expect(note["id"] == b["id"] and note["revision"] == 2 and not note["verified"] and "still unverified" in str(note), f"{note}")
    expect(note["valid_until"] == b["valid_until"], f"the note moved the end: {note}")
    for step in (0, 7 * HOUR, 5 * HOUR, 12 * HOUR):
        at(step)
        quiet()
    hub.kill("keeper")
    quiet()
    expect(len(reader.of("update")) == 1 and not reader.of("cancel"), "a step of the clock told it again")
    expect(post()[:3:2] == (200, first), f"the key after 12 h: {post()}")
    at(72 * HOUR - 10 * MINUTE)
    quiet()
    expect(not reader.of("cancel"), "it ended too early")

at(72 * HOUR + MINUTE)  # the end falls into a time when no hub runs
hub.start()
with hub:
    end = reader.wait(1, "cancel")[0][2]
    expect(end["id"] == b["id"] and end["revision"] == 3 and "expired" in str(end), f"{end}")
    for step in (80, 71):
        at(step * HOUR)
        quiet()
    expect(len(reader.of("cancel")) == 1 and len(reader.of("update")) == 1, "it ended twice")
    expect(not high.of("update", "cancel") and not other.of("update", "cancel"), "others heard of it")
    expect(post()[:3:2] == (200, first), "the key after three days")
    at(7 * 24 * HOUR + 2 * HOUR)
    quiet()
    wait_for("a new report under the old key", lambda: post()[0] == 201)
print("noted after 6 h, ended after 72 h, once each; a key is known for 7 days")
