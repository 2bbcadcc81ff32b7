# SPDX-License-Identifier: Apache-2.0
"""The wave: ten minutes of reports and calls for help, while a front is killed and the disk is full, and the centre's hand."""
import os
import secrets
import threading
import time

from cast import HIT
from disks import fill
from hub import Client, case_secret, expect, report, wait_for
from stage import DISK, patient

LEVELS, SHARES = (1, 2, 3), (42, 48, 10)
TITLES = ("端末が暗号化された", "Files are encrypted", "業務システムが停止", "身代金の要求文がある", "Backup server unreachable")


class Wave:
    def __init__(self, stage, calls, reports):
        self.stage, self.hub, self.dice = stage, stage.hub, stage.cast.dice
        self.calls, self.reports = calls, reports
        self.stored, self.full, self.lock = {}, 0, threading.Lock()
        self.hit = {c: [r.id for r in stage.cast.all if r.ceptoar == c and r.role == "operator"] for c in HIT}
        self.waited, self.pages, self.called, self.keeper = {}, {}, {}, None

    def send(self, who, body):
        """Repeats with its key until the hub says that it is stored; 201 is kept, for the books."""
        client, key, end = Client(self.hub, who, "CEPTOAR_URL"), {"Idempotency-Key": secrets.token_urlsafe(24)}, time.monotonic() + 90
        while time.monotonic() < end:
            status, _, got = client.attempt("POST", "/v1/reports", body, headers=key)
            if status in (200, 201):
                with self.lock:
                    self.stored[got["id"]] = got["case"]
                client.close()
                return got
            may = (0, 503) if "hotline" in body or body["severity_claimed"] >= 3 else (0, 503, 507)
            expect(status in may, f"a report of level {body['severity_claimed']}, {body.get('hotline')}: {status} {got}")
            with self.lock:
                self.full += status == 507
            time.sleep(0.05)
        raise SystemExit("FAIL: a report was never taken")

    def body(self, level, **more):
        lang = self.dice.choice(TITLES)
        return report(lang, level, "ceptoar", description=lang + "。感染は拡大中", case_commitment=case_secret()[1], **more)

    def minute(self, n, of=10):
        """What comes in this minute of the wave; (who, report) each."""
        so_far = lambda whole, minutes: -(-whole * minutes // of)
        part = lambda whole: so_far(whole, n + 1) - so_far(whole, n)
        made, first = [], so_far(self.reports, n)
        for i in range(part(self.reports)):
            where = list(HIT)[(first + i) % len(HIT)]
            made.append((self.dice.choice(self.hit[where]), self.body(self.dice.choices(LEVELS, SHARES)[0])))
        first = so_far(self.calls, n)
        for i in range(part(self.calls)):
            where = list(HIT)[(first + i) % len(HIT)]
            self.called[where] = self.called.get(where, 0) + 1
            made.append((self.dice.choice(self.hit[where]), self.body(2, hotline="page")))
        return made

    def play(self, crowd, n):
        crowd.each(lambda one: self.send(*one), self.minute(n))

    def play_full(self, crowd, n):
        """The same while the disk of vault and keeper is full; gives the threads that try on."""
        self.keeper = self.hub.pids("keeper")[0]
        time.sleep(1.5)  # their logs are empty: nothing fits in any more
        fill(DISK + "/junk")
        minute = self.minute(n)
        waiting = [crowd.pool.submit(self.send, *one) for one in minute if "hotline" not in one[1]]
        wait_for("the full disk", lambda: self.full >= 3)
        reader = Client(self.hub, self.hit["medical-ceptoar"][0], "CEPTOAR_URL")
        wait_for("reading while the disk is full", lambda: reader.attempt("GET", "/v1/bulletins")[0] == 200)
        for one in minute:
            if "hotline" in one[1]:
                self.send(*one)  # the pool is taken by those that wait
        return waiting

    def disk_again(self, waiting):
        os.unlink(DISK + "/junk")
        for w in waiting:
            w.result()
        expect(self.hub.pids("keeper")[0] == self.keeper, "the keeper has left over a full disk")

    def look(self, who="centre/duty-1"):
        """The hotline as the centre sees it: how long calls have waited is noted."""
        seen = patient(Client(self.hub, who), "GET", "/v1/hotline")[2]
        self.waited.update({c["case"]: c["waited"] for c in seen["calls"] if c["first_contact"]})
        self.pages.update({p["id"]: p for p in seen["pages"]})
        return seen

    def turn(self, group, who):
        """Waits until it was their turn on the roster to be paged for that group of sectors."""
        paged = lambda: [r["who"] for p in self.look()["pages"] if p["group"] == group for r in p["paged"]]
        wait_for(f"{who} on the roster, for {group}", lambda: who in paged())

    def take(self, who, group):
        """One duty officer takes what that group of sectors has open."""
        for page in self.look(who)["pages"]:
            if page["group"] == group:
                patient(Client(self.hub, who), "POST", f"/v1/hotline/{page['id']}/ack", {})
        self.look(who)


class Centre:
    """Two persons: one writes, the other agrees."""

    def __init__(self, stage):
        self.hub = stage.hub
        self.first, self.second = Client(self.hub, "centre/duty-1"), Client(self.hub, "centre/duty-2")

    def agree(self, answer):
        """What the second person's word leads to."""
        expect(answer[2]["code"] == "second_person_required", f"a second person is asked: {answer}")
        asked = [s for s in patient(self.second, "GET", "/v1/second")[2]["second"] if not s["mine"] and not s["after_the_fact"]]
        return patient(self.second, "POST", "/v1/second/" + asked[-1]["id"], {"agree": True})[2]

    def large_scale(self):
        patient(self.first, "POST", "/v1/mode", {"mode": "large-scale", "reason": {"ja": "広域の感染", "en": "Infections in many sectors"}})

    def bulletin(self, content):
        made = patient(self.first, "POST", "/v1/drafts", content)
        return self.agree(patient(self.first, "POST", f"/v1/drafts/{made[2]['id']}/release", {}, until=(409,)))

    def correct(self, number, content):
        """To whom the alarm went, no further."""
        return patient(self.first, "POST", f"/v1/bulletins/{number}/update", {"content": content})
