# SPDX-License-Identifier: Apache-2.0
"""Idempotency-Key: retries, 100 parallel posts, a crash between, another body."""
import secrets
import threading

from hub import Client, Hub, expect, report, wait_for

with Hub(fronts=2) as hub:
    client, key = Client(hub, "aozora-hp"), {"Idempotency-Key": secrets.token_urlsafe(24)}
    status, _, first = client.post("/v1/reports", report("一度だけ", 1), headers=key)
    expect(status == 201, f"{status} {first}")
    status, _, second = client.post("/v1/reports", report("一度だけ", 1), headers=key)
    expect(status == 200 and second == first, f"a retry: {status} {second} instead of {first}")
    status, _, body = client.post("/v1/reports", report("別の本文", 1), headers=key)
    expect(status == 422 and body["code"] == "idempotency_mismatch", f"{status} {body}")
    hub.kill("keeper")
    status, _, third = wait_for("the keeper", lambda: (lambda a: a if a[0] != 503 else None)(
        client.post("/v1/reports", report("一度だけ", 1), headers=key)))
    expect(status == 200 and third == first, f"after a crash: {status} {third}")
    status, _, body = client.post("/v1/reports", report("短い鍵", 1), headers={"Idempotency-Key": "abc"})
    expect(status == 422, f"a key of three characters: {status}")

    key, answers, gate = {"Idempotency-Key": secrets.token_urlsafe(24)}, [], threading.Barrier(100)

    def one():
        c = Client(hub, "aozora-hp")
        c.get("/v1/me")
        gate.wait()
        answers.append(c.post("/v1/reports", report("同時", 1), headers=key))

    threads = [threading.Thread(target=one) for _ in range(100)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    expect(len(answers) == 100 and all(a[0] in (200, 201) for a in answers), f"{[a[0] for a in answers if a[0] > 201]}")
    expect(len({a[2]["id"] for a in answers}) == 1, "several reports under one key")
    expect(sum(a[0] == 201 for a in answers) == 1, "more than one 201")
    titles = [i["report"]["title"]["ja"] for i in Client(hub, "medical-desk").get("/v1/inbox")[2]["items"]]
    expect(sorted(titles) == ["一度だけ", "同時"], f"the inbox has {titles}")
print("one report for 100 posts at once over two fronts, and for a retry across a crash")
