# SPDX-License-Identifier: Apache-2.0
"""EIO is injected into the keeper's fdatasync and fsync."""
import os
import secrets

from hub import Client, Hub, Stream, expect, replace, report, wait_for
from tracer import Tracer

# The first sync that fails shall be that of the report: no delivery is written beside it.
conf = os.environ.get("TEST_TMP", "/tmp") + "/quiet.conf"
replace(conf, b"[courier]\non = no\n")
with Hub(conf=conf) as hub:
    client, key = Client(hub, "aozora-hp"), {"Idempotency-Key": secrets.token_urlsafe(24)}
    expect(client.post("/v1/reports", report("前", 3))[0] == 201, "a first report")
    keeper = hub.pids("keeper")[0]
    tracer = Tracer(keeper, "fdatasync,fsync", "error=EIO")
    status, _, body = client.post("/v1/reports", report("結果不明", 3), headers=key)
    expect(status == 503 and body["code"] == "outcome_unknown", f"{status} {body}")
    wait_for("the keeper to stop and be started again", lambda: hub.pids("keeper") and hub.pids("keeper")[0] != keeper)
    tracer.stop()
    answer = wait_for("an answer", lambda: (lambda a: a if a[0] in (200, 201) else None)(
        client.post("/v1/reports", report("結果不明", 3), headers=key)))
    stream = Stream(hub, "aozora-hp", "?cursor=earliest")
    stream.wait(1, "sync")
    titles = [e[2]["title"]["ja"] for e in stream.wait(2)]
    expect(sorted(titles) == ["前", "結果不明"], f"{titles}")
print("outcome_unknown, fail-stop, one report after the retry:", answer[0])
