# SPDX-License-Identifier: Apache-2.0
"""Half the streams are behind a cable that is out for so many seconds (faults 98 and 101, in real time)."""
import sys
import time

from far import Far, FarStream
from hub import SLOWER, Client, Hub, Stream, expect, report, wait_for

away, DETECTED = int(sys.argv[1]), 35
titles = lambda s: [e[2]["title"]["ja"] for e in s.of("bulletin")]

with Hub() as hub:
    client, far, sent, worst, gone = Client(hub, "aozora-hp"), Far(), [], 0.0, None
    near = [Stream(hub, m) for m in ("hibari-hp", "wakaba-hp") for _ in range(10)]
    there = [FarStream(far, hub, m, again=True) for m in ("tsukimi-hp", "komugi-clinic") for _ in range(5)]
    idle = [FarStream(far, hub, "minamo-hp", "?min_severity=4") for _ in range(10)]  # hear heartbeats alone
    streams = lambda: hub.status()["front-admin-1"]["streams"]

    def post():
        began = time.monotonic()
        sent.append(f"P{len(sent)}")
        status, _, got = client.post("/v1/reports", report(sent[-1]))
        expect(status == 201, f"{sent[-1]}: {status} {got}")
        wait_for(f"{sent[-1]} on every near stream", lambda: all(titles(s)[-1:] == sent[-1:] for s in near))
        return f"/v1/bulletins/{got['bulletin']['number']}/deliveries", time.monotonic() - began

    def state(member, path):
        """What the hub can prove: what the member's own line says that it was sent."""
        own = Client(hub, member).get(path)[2]["deliveries"][0]["receiver"]
        return {r["receiver"]: r for r in Client(hub, "medical-desk").get(path + "?limit=500")[2]["deliveries"]}[own]["streamed"]

    before = post()[0]
    wait_for("the first one there", lambda: all(titles(s) == sent for s in there))
    wait_for("its proof", lambda: state("tsukimi-hp", before) and state("hibari-hp", before))
    expect(streams() == 40, f"{streams()} streams")
    far.cut()
    cut, meanwhile = time.monotonic(), post()[0]
    while time.monotonic() - cut < away:
        worst = max(worst, post()[1])
        if gone is None and streams() == 20:
            gone = time.monotonic() - cut
        expect(gone is not None or time.monotonic() - cut < DETECTED, f"{streams() - 20} streams of nobody after {DETECTED} s")
        time.sleep(0.5)
    expect(worst < 2 * SLOWER, f"the near ones waited {worst:.2f} s for a row")
    wait_for("the proof of the near ones", lambda: state("hibari-hp", meanwhile))
    expect(not state("tsukimi-hp", meanwhile), "counted as sent while the cable was out")
    expect(all(titles(s) == sent[:1] for s in there), "something came through the cut")
    far.mend()
    mended = time.monotonic()
    wait_for("all of it at those who were away", lambda: all(len(titles(s)) >= len(sent) for s in there), 60)
    back = time.monotonic() - mended
    expect(all(titles(s) == sent for s in there), "twice, or out of order")
    expect(all(s.of("hello")[-1][2]["resume"] == "exact" for s in there), "not resumed by cursor")
    wait_for("the proof of those who were away", lambda: state("tsukimi-hp", meanwhile))
    for s in there + idle:
        s.stop()
print(f"{away} s away: detected in {gone:.1f} s, back after {back:.1f} s, {len(sent)} rows each, none missing, near ones {worst * 1000:.0f} ms at most")
