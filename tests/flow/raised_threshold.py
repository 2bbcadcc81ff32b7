# SPDX-License-Identifier: Apache-2.0
"""A level 3 alarm; the reader then wants level 4 only; update and withdrawal still reach it."""
from hub import Client, Hub, Stream, case_secret, expect, report, wait_for

titles = lambda s, *names: [e[2]["title"]["ja"] for e in s.of(*names)]

with Hub(fronts=2) as hub:
    reporter, reader = Client(hub, "aozora-hp"), Client(hub, "hibari-hp")
    stream, fresh = Stream(hub, "hibari-hp"), Stream(hub, "wakaba-hp")
    want = lambda c, level: expect(c.request("PUT", "/v1/subscription", {"min_severity": level})[0] == 200, "PUT")
    want(Client(hub, "wakaba-hp"), 4)
    cases = []
    for title in ("前", "後"):
        secret, commitment = case_secret()
        status, _, receipt = reporter.post("/v1/reports", report(title, 3, case_commitment=commitment))
        expect(status == 201, f"{status} {receipt}")
        cases.append(("/v1/cases/" + receipt["case"], {"Authorization": "Case " + secret}))
        if title == "前":
            stream.wait(1)
            want(reader, 4)
            want(reader, 4)  # a second change does not forget the first
    for case, auth in cases:
        expect(reporter.post(case + "/reports", report("続報", 3, stage="follow_up"), headers=auth)[0] == 201, "follow-up")
        expect(reporter.post(case + "/withdraw", {}, headers=auth)[0] == 200, "withdrawal")
    stream.wait(1, "cancel")
    again = Stream(hub, "hibari-hp", "?cursor=earliest")
    again.wait(1, "sync")
    for s in (stream, again):
        expect(len(s.of("update")) == 1 and len(s.of("cancel")) == 1, f"{[e[0] for e in s.events]}")
    expect(titles(stream, "bulletin") == ["前"], "an alarm below the threshold came through")
    expect(not fresh.of("bulletin", "update", "cancel"), "a reader whom nothing had reached was told of a correction")
print("the correction reached whom the alarm had reached, across a raised threshold, and nobody else")
