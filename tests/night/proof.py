# SPDX-License-Identifier: Apache-2.0
"""What must hold after such a night."""
import collections
import contextlib
import sqlite3

from cast import ASLEEP, NEVER
from crowd import STEPS
from hub import expect, reader


class Proof:
    def __init__(self, stage, crowd, attack, made):
        self.stage, self.crowd, self.attack, self.made, self.cast = stage, crowd, attack, made, stage.cast
        self.ids = {r.id: reader(stage.hub, r.id, key=stage.key) for r in stage.cast.all}

    def live(self, figures):
        """While the hub runs, by what its desks and receivers see."""
        self.pages()
        self.everybody(figures.rows[1])
        self.corrected()
        for slug in ASLEEP:
            self.affiliates(slug, figures.relayed(slug, self.made["number"]))

    def pages(self):
        """One at each threshold and each round, however many calls there are."""
        thresholds = lambda n: 1 + (n >= 5) + (n >= 20)
        by = {p["group"]: p for p in self.attack.pages.values()}
        expect(len(by) == len(self.attack.pages) == 3, f"a page for each group of sectors: {self.attack.pages}")
        for p in by.values():
            rounds = [r["who"] for r in p["paged"]]
            expect(len(rounds) == thresholds(p["calls"]) + len(set(rounds)) - 1 and p["state"] == "taken", f"{p}")
        expect({r["who"] for r in by["public-services"]["paged"]} == {"1"}, f"taken in time, and the second was roused: {by['public-services']}")
        expect({r["who"] for r in by["energy"]["paged"]} == {"1", "2", "3"}, f"round by round: {by['energy']}")
        sent = sum(4 if r["who"] == "everybody" else int(r["who"]) for p in by.values() for r in p["paged"])
        # Fewer: what is still queued when somebody takes it rouses nobody.
        got = [m["to"] for m in self.stage.pages()[0]]
        expect(len(got) <= sent and {"080-9999-0001", "080-9999-0002", "080-9999-0003"} == set(got), f"{sent} paged, messages to {got}")
        expect(len(self.attack.waited) == self.attack.calls, f"{len(self.attack.waited)} of {self.attack.calls} calls had a first contact")

    def everybody(self, rows):
        """Reached, or named to the desk as silent, with a reason."""
        why = collections.Counter()
        for r in self.cast.all:
            row = rows.get(self.ids[r.id])
            if r.role == "affiliate":
                continue  # theirs is the relay
            expect(row, f"{r.id} is on no list")
            if row["state"] in STEPS:
                continue
            expect(r.way in ("mail", "webhook") or r.at == NEVER or r.at > 240, f"{r.id} ({r.way}) has answered at {r.at} and counts as silent: {row}")
            expect(not [e for e in row["evidence"] if not e["flagged"]], f"{row}")
            why[self.reason(row)] += 1
        print("\nSilent to the end, as the desks are told: " + ", ".join(f"{n} {w}" for w, n in sorted(why.items())))

    @staticmethod
    def reason(row):
        tried = [r for r in row["routes"]]
        if row["state"] in ("failed", "queued"):
            said = sorted({r["reason"] for r in tried if r["reason"]})
            expect(said, f"failed, and no reason: {row}")
            return f"not reached ({'; '.join(said)})"
        if row["state"] == "nothing":
            expect(not tried and not row["streamed"], f"{row}")
            return "without a way that is known to work"
        expect(row["state"] == "sent" and (row["streamed"] or any(r["state"] == "sent" for r in tried)), f"{row}")
        return "got it and said nothing"

    def corrected(self):
        """Whom the alarm reached, the correction reached, by the same way."""
        number, hooked = self.made["number"], self.stage.hooked()
        missed = []
        for r in self.cast.all:
            if r.way in ("poll", "pager", "webhook", "affiliate"):
                told = r.seen | hooked.get(r.id, set())
                if r.way == "webhook" and (number, 1) in hooked.get(r.id, set()):
                    told = hooked[r.id]
                if (number, 1) in told and (number, 2) not in told:
                    missed.append(r.id)
            if r.way == "mail":
                mails = self.stage.mailed(r.contacts[0]["mail"], number)
                if mails and not any("訂正" in str(m["m"]["Subject"]) for m in mails):
                    missed.append(r.id)
        expect(not missed, f"the alarm, and not its correction: {len(missed)}, as {missed[:5]}")
        # Nobody is roused for what it has acknowledged already.
        awake = {next(iter(c.values())) for r in self.cast.of("pager") for c in r.contacts if any(v == 2 for _, v in r.acked)}
        pages = [m for m in self.stage.pages()[1] if m["number"] == number]
        alarm, later = ({m["to"] for m in pages if ("更新" in m["text"]["ja"]) == second} for second in (False, True))
        expect(alarm and alarm <= later | awake, f"paged, and not of the correction: {len(alarm - later - awake)}")

    def affiliates(self, slug, number):
        for r in self.cast.all:
            if r.role == "affiliate" and r.ceptoar == slug and r.came:
                expect((number, 1) in r.seen and (number, 2) in r.seen, f"{r.id} has {r.seen}, not {number}")

    def books(self):
        """After the hub has stopped: each 201 and each acknowledgement is stored."""
        with contextlib.closing(sqlite3.connect(self.stage.hub.dir + "/keeper.db")) as db:
            stored = {r[0].hex() for r in db.execute("SELECT id FROM reports")}
            missing = set(self.attack.stored) - stored
            expect(not missing, f"acknowledged and not stored: {len(missing)}")
            wanted = self.attack.reports + self.attack.calls
            expect(len(self.attack.stored) == wanted == len(stored), f"{len(stored)} stored, {wanted} reports and calls")
            numbers = dict(db.execute("SELECT number, lower(hex(id)) FROM bulletins"))
            acks = {(b, v, who): s for b, v, who, s in db.execute("SELECT lower(hex(bulletin)), revision, lower(hex(receiver)), max(status) FROM acks GROUP BY 1, 2, 3")}
            said = 0
            for r in self.cast.all:
                for (bulletin, revision), status in r.acked.items():
                    said += 1
                    at = (numbers.get(bulletin, bulletin), revision, self.ids[r.id])
                    expect(acks.get(at, 0) >= STEPS[status], f"{r.id}: {status} of {at} was acknowledged, {acks.get(at)} is stored")
            expect(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the database is damaged")
        print(f"{len(self.attack.stored)} reports and {said} acknowledgements were acknowledged, all are stored")
