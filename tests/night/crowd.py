# SPDX-License-Identifier: Apache-2.0
"""The receivers: who streams, who looks in now and then, who answers a mail's link, whom a secretary telephones."""
import concurrent.futures
import re
import threading

from cast import ASLEEP, HIT, NEVER, desk_of
from hub import Client, Stream, expect, reader, wait_for
from mails import Browser
from stage import patient

STEPS = {"received": 1, "read": 2, "acted": 3}
WATCHED = (("an operator of a sector that is hit", None), ("an operator of another sector", None), ("an affiliate of a desk asleep", None),
           ("a secretariat awake, hit", desk_of("medical-ceptoar") + "/night"), ("a secretariat asleep, hit", desk_of("power-ceptoar") + "/night"),
           ("a secretariat awake, not hit", desk_of("airport-ceptoar") + "/night"), ("the centre", "centre/duty-3"), ("a ministry", "ministry-health"),
           ("an agency", "sensor-agency"), ("an observer", "watch-observer"))


class Crowd:
    def __init__(self, stage):
        self.stage, self.hub, self.cast = stage, stage.hub, stage.cast
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
        self.lock, self.calls, self.links, self.called = threading.Lock(), {}, set(), {}
        self.streams = {r.id: Stream(self.hub, r.id, again=True) for r in self.cast.of("stream")}
        first = lambda *where: next(r.id for r in self.cast.all if r.ceptoar in where and r.way in ("poll", "affiliate"))
        affiliate = next(r.id for r in self.cast.all if r.way == "affiliate")
        who = [first(*HIT), first("airport-ceptoar"), affiliate]
        self.watched = {name: Stream(self.hub, m or who.pop(0), again=True, url=self.hub.url_of(m or who[0]) if m else "CEPTOAR_URL") for name, m in WATCHED}

    def each(self, what, those):
        """Waits for all of them, and for what they say."""
        return [f.result() for f in [self.pool.submit(what, r) for r in those]]

    def acknowledge(self, r, client, rows):
        """rows: (id, revision); what was said with 200 is kept, for the books."""
        rows = sorted({row for row in rows if row not in r.acked})
        if not rows:
            return
        acks = [{"id": i, "revision": v, "status": r.status} for i, v in rows]
        results = patient(client, "POST", "/v1/acks", {"acks": acks})[2]["results"]
        for row, said in zip(rows, results):
            expect(said["result"] == "ok" if "result" in said and "status" not in said else said.get("status"), f"{r.id}: {said}")
            r.acked[row] = r.status

    def visit(self, r):
        """A client that looks in by polling and acknowledges what it finds."""
        client, found = Client(self.hub, r.id, "CEPTOAR_URL"), []
        while True:
            got = patient(client, "GET", f"/v1/events?wait=0&cursor={r.cursor}")[2]
            r.cursor = got["cursor"]
            found += [(e["data"]["id"], e["data"]["revision"], e["data"]["number"]) for e in got["events"] if e["event"] in ("bulletin", "update", "cancel")]
            if not got["events"]:
                break
        r.seen |= {(number, v) for _, v, number in found}
        r.came += 1
        self.acknowledge(r, client, [row[:2] for row in found])
        client.close()

    def streamed(self, r):
        """Somebody reads what the stream has brought, and says so."""
        rows = [(e[2]["id"], e[2]["revision"]) for e in self.streams[r.id].of("bulletin", "update")]
        client = Client(self.hub, r.id, "CEPTOAR_URL")
        self.acknowledge(r, client, rows)
        client.close()

    def browse(self, r, number):
        """The link of the newest mail about it that is not used up."""
        for m in reversed(self.stage.mailed(r.contacts[0]["mail"], number)):
            link = re.findall(r"https?://\S+", m["text"])[0]
            if link in self.links:
                return
            self.links.add(link)
            browser = Browser(self.hub, link)
            status = "read" if r.status == "received" else r.status
            if browser.get(browser.path)[0] == 200:
                # A mail that has just come is not answered by a person: [courier] link_quiet.
                wait_for("the answer of " + r.id, lambda: browser.answer(status) == 200)
                revision = 2 if "更新" in m["text"] or "revision 2" in m["text"] else 1
                r.acked[(number, revision)] = status
            browser.close()
            return

    def telephone(self, r, number, revision):
        """Its secretariat calls; who sleeps calls nobody."""
        desk = Client(self.hub, desk_of(r.ceptoar) + "/night")
        word = {"id": number, "revision": revision, "receiver": reader(self.hub, r.id, key=self.stage.key), "status": r.status if r.status != "received" else "read", "via": "phone"}
        patient(desk, "POST", "/v1/acks/for", word)
        r.acked[(number, revision)] = word["status"]
        desk.close()

    def until(self, since, minute, alarm, revision):
        """All who answer in the minutes (since, minute] after the alarm; revision: the newest by then."""
        now = [r for r in self.cast.all if since < r.at <= minute]
        visits = [r for r in now if r.way in ("poll", "pager", "webhook", "affiliate")]
        self.each(self.visit, visits)
        self.each(self.streamed, [r for r in now if r.way == "stream"])
        self.each(lambda r: self.browse(r, alarm["number"]), [r for r in now if r.way == "mail"])
        for v in range(1, revision + 1):
            self.each(lambda r, v=v: self.telephone(r, alarm["number"], v), [r for r in now if r.way == "phone" and r.ceptoar not in ASLEEP])
        return len(now)

    def again(self, alarm, minute):
        """Who had answered before the correction hears of that too."""
        had = [r for r in self.cast.all if r.at <= minute < NEVER]
        self.each(self.visit, [r for r in had if r.way in ("poll", "pager", "webhook", "affiliate")])
        self.each(self.streamed, [r for r in had if r.way == "stream"])
        self.each(lambda r: self.browse(r, alarm["number"]), [r for r in had if r.way == "mail"])
        self.each(lambda r: self.telephone(r, alarm["number"], 2), [r for r in had if r.way == "phone"])

    def lags(self, number, revision, since):
        """Milliseconds from the release to each stream."""
        at = []
        for s in self.streams.values():
            at += [(e[3] - since) * 1000 for e in s.of("bulletin", "update") if e[2].get("number") == number and e[2]["revision"] == revision][:1]
        return sorted(at)
