# SPDX-License-Identifier: Apache-2.0
"""The keeper's files are limited in size (as a quota does), then the limit is lifted."""
import json
import os
import resource
import secrets

from hub import Client, Hub, Stream, cli, expect, replace, report, wait_for

with Hub() as hub:
    client, stream = Client(hub, "aozora-hp"), Stream(hub, "aozora-hp")
    expect(client.post("/v1/reports", report("前", 3))[0] == 201, "a first report")
    stream.wait(1)
    keeper = hub.pids("keeper")[0]
    largest = max(os.path.getsize(f"{hub.dir}/keeper.db{s}") for s in ("", "-wal") if os.path.exists(f"{hub.dir}/keeper.db{s}"))
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (largest + 4096, resource.RLIM_INFINITY))
    text, full = "x" * 15000, None
    for i in range(50):
        status, _, body = client.post("/v1/reports", report(f"F{i}", 3, description=text))
        if status != 201:
            full = (status, body["code"])
            break
    expect(full == (507, "storage_full"), f"a full disk was answered with {full}")
    # The command line keeps what it could not send.
    replace(hub.dir + "/mine.json", json.dumps(report("手元に残る", 3, description=text)).encode())
    for _ in range(20):  # what was written into the file proper leaves room for another
        code, said = cli(hub, "aozora-hp", "report", hub.dir + "/mine.json")
        if code != 0:
            break
    expect(code == 1 and "later: ceptoar report --again pending-" in said, f"{code} {said}")
    pending = said.split("--again ")[1].split()[0]
    replay = Stream(hub, "aozora-hp", "?cursor=earliest")
    replay.wait(i + 1)
    expect(client.get("/v1/bulletins")[0] == 200, "reads while the disk is full")
    expect(hub.pids("keeper")[0] == keeper, "the keeper went away")
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    key = {"Idempotency-Key": secrets.token_urlsafe(24)}
    wait_for("recovery", lambda: client.post("/v1/reports", report("後", 3), headers=key)[0] in (200, 201))
    code, said = cli(hub, "aozora-hp", "report", "--again", pending)
    expect(code == 0 and "stored" in said, f"{code} {said}")
    wait_for("the live stream", lambda: any(e[2]["title"]["ja"] == "後" for e in stream.of("bulletin")))
print(f"507 after {i} more reports, reads went on, recovered")
