# SPDX-License-Identifier: Apache-2.0
"""Members change what they want while their streams stay open on two fronts."""
import time
from hub import SLOWER, Client, Hub, Stream, case_secret, crowd, expect, report, wait_for

DEFAULT = {"min_severity": 0, "cross_sector": None, "sectors": [], "products": [], "exercise": True}
titles = lambda s: [e[2]["title"]["ja"].removeprefix("【訓練】") for e in s.of("bulletin", "update") if "title" in e[2]]

class Reader:  # with enough streams that both fronts hold some
    def __init__(self, hub, member):
        self.client, self.member = Client(hub, member), member
        self.streams = [Stream(hub, member, again=True) for _ in range(6)]

    def wants(self, **more):
        expect(self.client.request("PUT", "/v1/subscription", {**DEFAULT, **more})[0] == 200, f"PUT {more}")

    def heard(self, title):
        got = [title in titles(s) for s in self.streams]
        expect(all(got) or not any(got), f"{title}: the streams of {self.member} differ: {got}")
        return all(got)

# Sector and products are shown, and filtered by, where enough members could have sent it.
with Hub(fronts=2, members=crowd("medical-ceptoar", 14)) as hub:
    own, cross, sender = Reader(hub, "hibari-hp"), Reader(hub, "hikari-power"), Client(hub, "aozora-hp")
    mark = Stream(hub, "aozora-hp", again=True)

    def told(title, level=3, publish="ceptoar", path="/v1/reports", headers=None, **more):
        expect(sender.post(path, report(title, level, publish, **more), headers=headers or {})[0] == 201, title)
        wait_for(title, lambda: title in titles(mark))
        time.sleep(0.3 * SLOWER)
        return own.heard(title), cross.heard(title)

    expect(told("A") == (True, False) and told("B", 4, "cross_sector") == (True, True), "as registered")
    own.wants(min_severity=4)
    cross.wants(cross_sector=None)
    expect(told("C") == (False, False) and told("D", 4, "cross_sector") == (True, False), "a threshold")
    cross.wants(cross_sector=4, sectors=["finance"])
    expect(told("E", 4, "cross_sector") == (True, False), "other sectors")
    cross.wants(cross_sector=4, sectors=["finance", "medical"])
    expect(told("F", 4, "cross_sector") == (True, True), "this sector")
    own.wants(min_severity=4, products=["電子カルテX"])
    secret, hashed = case_secret()
    expect(told("G", products=["電子カルテX"], case_commitment=hashed) == (True, False), "a product below the threshold")
    expect(told("H", products=["別の製品"]) == (False, False), "another product")
    case = next(i["case"] for i in Client(hub, "medical-desk").get("/v1/inbox")[2]["items"] if i["report"]["title"]["ja"] == "G")
    told("G2", path=f"/v1/cases/{case}/reports", headers={"Authorization": "Case " + secret}, stage="follow_up")
    expect(own.heard("G2"), "an update that no longer names the product missed whom the first had reached")
    expect(told("I", 4, exercise=True)[0], "an exercise")
    own.wants(exercise=False)
    expect(told("J", 4, exercise=True) == (False, False) and told("K") == (True, False), "no exercises")
    for bad in ({"min_severity": 5}, {"sectors": ["x"]}, {"products": ["p"] * 9}, {"exercise": 1}, {"member": "x"}, {"min_severity": None}):
        expect(own.client.request("PUT", "/v1/subscription", {**DEFAULT, **bad})[0] == 422, f"{bad}")
    hub.stop()
    hub.start()
    sender, own.client = Client(hub, "aozora-hp"), Client(hub, "hibari-hp")
    expect(all(s.wait(2, "hello") for s in [mark, *own.streams, *cross.streams]), "streams come back")
    expect(told("L", 4, exercise=True) == (False, False) and told("M", 4, "cross_sector") == (True, True), "after a restart")
    kept = own.client.get("/v1/subscription")[2]
    expect(DEFAULT.keys() < kept.keys() and {**kept, **DEFAULT, "exercise": False} == kept, f"GET after a restart: {kept}")
print("threshold, sector, product and exercise hold on two fronts, and after a restart")
